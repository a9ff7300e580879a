"""The vectors are scikit-learn's TF-IDF, one length per channel."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfTransformer, TfidfVectorizer

from matchmaker.engine import Glossary, Weights
from matchmaker.engine.vectors.background import Background
from matchmaker.engine.vectors.features import CHANNELS
from matchmaker.engine.vectors.vectoriser import Counts, Vectoriser, count_terms, saturate
from tests.engine.conftest import BOARD, capability, need

WEIGHTS = Weights(pivot=0.0, scarcity=0.0)


def counted(glossary: Glossary) -> list[Counts]:
    return [
        count_terms(listing, listing.language or "en", WEIGHTS, glossary).said for listing in BOARD
    ]


def fitted_on(counts: list[Counts], glossary: Glossary, weights: Weights = WEIGHTS) -> Vectoriser:
    """A vectoriser whose background are the listings themselves."""
    background = Background.of(counts, ["en"] * len(counts))
    return Vectoriser(weights, glossary, background).fit(counts)


@pytest.mark.parametrize("channel", CHANNELS)
def test_each_channel_weighs_as_scikit_learn_does(glossary: Glossary, channel: str) -> None:
    """TfidfVectorizer over one channel has the same columns, idf and rows."""
    counts = counted(glossary)
    texts = [
        {term: saturate(count) for term, count in listing[channel].items()} for listing in counts
    ]
    peer = TfidfVectorizer(analyzer=list)
    peer.fit([list(text) for text in texts])
    terms = peer.get_feature_names_out()
    ours = fitted_on(counts, glossary)
    columns = [ours.vocabulary_[channel, term] for term in terms]
    values = np.array([[text.get(term, 0.0) for term in terms] for text in texts])
    # A term that is only hinted at is rarer than for scikit-learn.
    named = ((values == 0) | (values >= 1)).all(axis=0)
    np.testing.assert_allclose(ours.idf_[columns][named], peer.idf_[named], atol=1e-9)
    weighted = values * ours.idf_[columns]
    lengths = np.linalg.norm(weighted, axis=1, keepdims=True)
    expected = np.divide(weighted, lengths, out=np.zeros_like(weighted), where=lengths > 0)
    np.testing.assert_allclose(ours.transform(counts).toarray()[:, columns], expected, atol=1e-9)


def test_a_hint_counts_less_than_a_mention(glossary: Glossary) -> None:
    counts: list[Counts] = [
        {name: {} for name in CHANNELS} | {"senses": {"brine": share, "plant": 1.0}}
        for share in (0.25, 0.5, 1.0)
    ]
    fitted = fitted_on(counts, glossary)
    assert fitted.rarity(("senses", "brine")) == pytest.approx(np.log((1 + 3) / (1 + 1.75)) + 1)
    assert fitted.rarity(("senses", "plant")) == pytest.approx(1.0)


def test_few_concepts_among_many_words_weigh_less(glossary: Glossary) -> None:
    def row(words: int) -> float:
        listing: Counts = {name: {} for name in CHANNELS}
        listing |= {
            "concepts": {"lithium": 1.0},
            "words": {f"w{number}": 1.0 for number in range(words)},
        }
        fitted = Vectoriser(Weights(pivot=0.0), glossary).fit([listing])
        return float(fitted.transform([listing])[0, fitted.vocabulary_["concepts", "lithium"]])

    assert 1.0 > row(1) > row(10) > row(100) > 0.0


def test_words_said_once_are_plainly_tfidf(glossary: Glossary) -> None:
    texts = ["lithium brine plant", "brine barley", "barley breeding plant"]
    counts: list[Counts] = [
        {name: {} for name in CHANNELS} | {"words": dict.fromkeys(t.split(), 1.0)} for t in texts
    ]
    expected = TfidfVectorizer().fit_transform(texts).toarray()
    ours = fitted_on(counts, glossary).transform(counts).toarray()
    np.testing.assert_allclose(ours, expected, atol=1e-9)


def test_unknown_terms_lengthen_a_row(glossary: Glossary) -> None:
    fitted = Vectoriser(WEIGHTS, glossary).fit(counted(glossary))
    plain, more = (
        count_terms(need("n", title), "en", WEIGHTS, glossary).said
        for title in ("lithium", "lithium zeppelin")
    )
    assert fitted.transform([more]).sum() < fitted.transform([plain]).sum()


def test_an_empty_background_and_nothing_fitted_give_rows_without_columns(
    glossary: Glossary,
) -> None:
    vectors = fitted_on([], glossary).transform(counted(glossary))
    assert vectors.shape == (len(BOARD), 0)


def test_other_listings_change_no_row(glossary: Glossary) -> None:
    """What a listing's terms weigh does not depend on the catalogue it stands in."""
    one, *others = counted(glossary)
    alone, among = (
        Vectoriser(WEIGHTS, glossary).fit(listings) for listings in ([one], [one, *others])
    )
    row, same = alone.transform([one]), among.transform([one])
    weights = [
        {fitted.terms_[c]: round(float(v), 12) for c, v in zip(r.indices, r.data, strict=True)}
        for fitted, r in ((alone, row), (among, same))
    ]
    assert weights[0] == weights[1]


def test_the_background_comes_back_from_its_file() -> None:
    counts = [{"words": {"en:brine": 2.0}, "concepts": {"lithium": 0.5}}, {"words": {"盐湖": 1.0}}]
    made = Background.of(counts, ["en", "zh"])
    read = Background.read(made.packed())
    assert (read.terms, read.languages.tolist(), read.size) == (made.terms, ["en", "zh"], 2)
    np.testing.assert_allclose(read.counts.toarray(), made.counts.toarray())
    assert read.name


def test_rows_equal_those_of_scikit_learn(glossary: Glossary) -> None:
    """DictVectorizer and TfidfTransformer, then one length per channel, give the same rows."""
    counts = counted(glossary)
    fitted = fitted_on(counts[::2], glossary, Weights(scarcity=0.0))
    saturated = [
        {(c, t): saturate(n) for c, terms in one.items() for t, n in terms.items()}
        for one in counts
    ]
    columns = DictVectorizer().fit(saturated[::2])
    transformer = TfidfTransformer(norm=None).fit(columns.transform(saturated[::2]))
    transformer.idf_ = fitted.idf_  # of terms that are only hinted at, ours is another
    assert fitted.terms_ == columns.feature_names_
    raw = transformer.transform(columns.transform(saturated)).toarray()
    unseen = fitted.rarity(("words", "a word nobody has"))
    expected = np.zeros_like(raw)
    for index, channel in enumerate(CHANNELS):
        columns = fitted.channel_ == index
        unknown = [
            sum(
                n**2
                for (c, t), n in one.items()
                if c == channel and (c, t) not in fitted.vocabulary_
            )
            for one in saturated
        ]
        lengths = np.sqrt(
            (raw[:, columns] ** 2).sum(axis=1)
            + np.array(unknown) * unseen**2
            + (Weights(scarcity=0.0).pivot * unseen) ** 2
        )
        expected[:, columns] = raw[:, columns] / np.maximum(lengths, 1e-12)[:, None]
    np.testing.assert_allclose(fitted.transform(counts).toarray(), expected, atol=1e-9)


@pytest.mark.parametrize(
    ("title", "language", "term", "leads"),
    [
        ("Leather tanned without chrome", "en", "en:chrome", False),
        ("Leather tanned with chrome", "en", "en:chrome", True),
        ("Curtido sin cromo", "es", "es:crom", False),
        ("党参鲜货烘干,不熏硫", "zh", "烘干", True),
    ],
)
def test_what_an_offer_spares_is_not_what_it_is_about(
    glossary: Glossary, title: str, language: str, term: str, leads: bool
) -> None:
    counted = count_terms(capability("c", title), language, Weights(), glossary)
    assert (term in counted.head["words"]) is leads
    assert term in counted.said["words"]


def test_a_rare_meaning_is_not_denied_with_its_word(glossary: Glossary) -> None:
    offer = capability("c", "Ayuda", description="No financiamos instrumental ni hornos.")
    counted = count_terms(offer, "es", Weights(), glossary)
    assert "es:instrumental" in counted.denied["words"]
    assert all(weight >= 0.7 for weight in counted.denied["senses"].values())

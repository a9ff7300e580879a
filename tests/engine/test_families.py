from __future__ import annotations

import pytest

from matchmaker.engine.lexicon.families import family
from matchmaker.engine.text.tokens import stem


@pytest.mark.parametrize(
    "words",
    [
        ("inflation", "inflationary"),
        ("extraction", "extractor", "extract"),
        ("purify", "purification"),
        ("lose", "lost"),
        ("educate", "education", "educational"),
    ],
)
def test_words_of_one_family_meet(words: tuple[str, ...]) -> None:
    assert len({family(stem(word, "en")) for word in words}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("magnesium", "magnesite"),
        ("petrol", "petal"),
        ("potato", "potash"),
        ("lime", "limit"),
        ("media", "medal"),
    ],
)
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert family(stem(one, "en")) != family(stem(other, "en"))


@pytest.mark.parametrize("term", ["#2015", "~KTN", "li2co3", "yak"])
def test_what_is_no_word_stays_as_it_is(term: str) -> None:
    assert family(term) == term

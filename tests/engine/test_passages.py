"""The sentences that carry a pair's fit: what is asked, and what is claimed."""

from __future__ import annotations

import pytest

from matchmaker.engine import Glossary, Listing, Reason, Recommender
from matchmaker.engine.reasons.passages import LONGEST, Text, best_passage
from tests.engine.conftest import capability, need

LONG = "We are a small county; " + "there is much to say, " * 8 + "and brine, our brine, is salty."


def text(field: str, words: str, *terms: str) -> Text:
    return Text(field, words, [(words.lower().index(term), ("words", term)) for term in terms])


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([text("summary", "Hello. The brine is salty. Bye.", "brine")], "The brine is salty."),
        ([text("summary", "县里缺水。老卤提锂难！谢谢。", "老卤")], "老卤提锂难！"),
        (
            [text("summary", "Hola. ¿Qué hacer con la salmuera? Gracias.", "salmuera")],
            "¿Qué hacer con la salmuera?",
        ),
        ([text("title", "Brine", "brine"), text("summary", "Much yak.", "yak")], "Much yak."),
        ([text("title", "Brine", "brine"), text("summary", "Nothing else.")], "Brine"),
        (
            [
                text("description", "- (1) yak\n- 2) brine", "yak"),
                text("must_haves", "brine and yak", "brine", "yak"),
            ],
            "brine and yak",
        ),
        ([text("description", "Yak first. Yak again.", "yak")], "Yak first."),
        ([text("summary", "回收率98.5%的老卤", "老卤")], "回收率98.5%的老卤"),
        ([text("summary", "Nothing at all.")], ""),
        ([], ""),
    ],
)
def test_the_sentence_with_most_of_the_fit(texts: list[Text], expected: str) -> None:
    pulls = {("words", term): 1.0 for term in ("brine", "老卤", "salmuera", "yak")}
    assert best_passage(texts, pulls, "need") == expected


@pytest.mark.parametrize(
    ("words", "term"),
    [
        (LONG, "brine"),
        ("卤水，" + "县里的情况，" * 40 + "老卤提锂难。", "老卤"),
        ("brine " * 60, "brine"),
        ("盐" * 400, "盐"),
    ],
)
def test_a_long_sentence_is_cut_at_a_clause(words: str, term: str) -> None:
    found = best_passage([text("summary", words, term)], {("words", term): 1.0}, "need")
    assert term in found
    assert len(found) <= LONGEST
    assert found in words


@pytest.mark.parametrize(
    ("words", "term", "expected"),
    [
        ("Llevamos 9 años de algodón. Buscamos algodón sano.", "algodón", "Buscamos algodón sano."),
        ("十二台电解槽已投运。希望电解槽降到两成负荷。", "电解槽", "希望电解槽降到两成负荷。"),
        ("Twelve stacks are in operation. The stacks fail.", "stacks", "The stacks fail."),
        ("We run 12 pumps. No more leaks; pumps must last.", "pumps", "pumps must last."),
        ("We have pumps. Pumps are fine.", "pumps", "We have pumps."),
    ],
)
def test_a_need_is_quoted_where_it_asks(words: str, term: str, expected: str) -> None:
    spans = [
        (at, ("words", term)) for at in range(len(words)) if words.lower().startswith(term, at)
    ]
    found = best_passage([Text("summary", words, spans)], {("words", term): 1.0}, "need")
    assert found == expected


@pytest.mark.parametrize(
    ("words", "term", "expected"),
    [
        ("We know brine. It removes salt from brine.", "brine", "It removes salt from brine."),
        ("团队研究老卤。老卤回收率达98%。", "老卤", "老卤回收率达98%。"),
        ("- **种子**：垂穗披碱草", "种子", "种子：垂穗披碱草"),
        ("## 种子 `A` 可用", "种子", "种子 A 可用"),
    ],
)
def test_a_capability_is_quoted_where_it_claims(words: str, term: str, expected: str) -> None:
    spans = [(at, ("words", term)) for at in range(len(words)) if words.startswith(term, at)]
    found = best_passage([Text("summary", words, spans)], {("words", term): 1.0}, "capability")
    assert found == expected


def test_what_is_denied_is_not_quoted() -> None:
    words = "Brine pumps reach 90 % here. Brine is old."
    terms = [(0, ("words", "brine")), (29, ("words", "brine"))]
    one = Text("summary", words, terms, denied=[12])
    assert best_passage([one], {("words", "brine"): 1.0}, "capability") == "Brine is old."


@pytest.mark.parametrize(
    "words",
    [
        "Con un coeficiente de ablandamiento de salmuera de 0,91 " + "y mucho más que decir " * 6,
        "El ahorro (carbono, coste, mercado y derechos), de la salmuera " + "y algo más, " * 9,
    ],
)
def test_no_cut_in_a_number_or_in_brackets(words: str) -> None:
    found = best_passage([text("summary", words, "salmuera")], {("words", "salmuera"): 1.0}, "need")
    assert not found.endswith(" 0")
    assert found.count("(") == found.count(")")


SIDES = {
    "zh": (
        "县里情况很多。老卤怎样提取？我们等待答复。",
        "公司成立多年。老卤经吸附而提取。欢迎联系。",
    ),
    "en": ("We are a county. The brine is hard to use. Please write.",
           "We are old. Adsorption from brine works well. Call us."),
    "es": ("Somos un condado. La salmuera es un problema. Escriban.",
           "Somos viejos. La adsorción en salmuera funciona. Llamen."),
}  # fmt: skip


@pytest.mark.parametrize("asked", SIDES)
@pytest.mark.parametrize("offered", SIDES)
def test_a_pair_quotes_both_sides(glossary: Glossary, asked: str, offered: str) -> None:
    problem, claim = SIDES[asked][0], SIDES[offered][1]
    sides = (
        need("n", "N", description=problem, language=asked),
        capability("c", "C", description=claim, language=offered),
    )
    (reason,) = passages(glossary, *sides)
    assert (reason.part, reason.code, reason.share) == ("text", "", 0.0)
    assert reason.need_terms == (sentences(problem, asked)[1],)
    assert reason.capability_terms == (sentences(claim, offered)[1],)


def sentences(text: str, language: str) -> list[str]:
    if language != "zh":
        return [f"{one.rstrip('.')}." for one in text.split(". ")]
    return text.replace("。", "。|").replace("？", "？|").split("|")


def test_labels_and_denials_are_no_passages(glossary: Glossary) -> None:
    offered = capability(
        "c", "C", description="We do not make brine.", tags=("brine",), language="en"
    )
    assert passages(glossary, need("n", "Brine", language="en"), offered) == []


def passages(glossary: Glossary, asked: Listing, offered: Listing) -> list[Reason]:
    pairs = Recommender(glossary=glossary).fit([offered]).rank([asked])[0]
    return [one for pair in pairs for one in pair.reasons if one.kind == "passage"]


@pytest.mark.parametrize(
    ("asked", "offered", "hidden"),
    [
        ("Bittern and magnesia wanted.", "Magnesia plant. Bittern cannot be treated.", "Bittern"),
        ("Magnesia wanted. Bittern is forbidden here.", "Magnesia from bittern.", "Bittern"),
        ("Magnesia and bittern wanted.", "Magnesia from bittern.", ""),
    ],
)
def test_what_one_side_denies_is_no_common_ground(
    glossary: Glossary, asked: str, offered: str, hidden: str
) -> None:
    sides = (
        need("n", "N", description=asked, language="en"),
        capability("c", "C", description=offered, language="en"),
    )
    pairs = Recommender(glossary=glossary).fit([sides[1]]).rank([sides[0]])[0]
    named = {
        word.casefold()
        for reason in pairs[0].reasons
        if reason.kind in ("term", "concept")
        for word in reason.need_terms
    }
    assert "magnesia" in named
    assert ("bittern" in named) is not bool(hidden)

"""Marking shared words: right places, and never anything but text and <mark>."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from matchmaker.recommendation.highlight import mark, mark_numbered, names
from matchmaker.web import markdown

TEXT = st.text(alphabet=st.sampled_from("ab <>&\"'/锂电池Éé\n-mrk="), max_size=60)
TERMS = st.lists(
    st.text(alphabet=st.sampled_from("ab<>&\"'锂电池Éé mark/"), max_size=8), max_size=5
)


@pytest.mark.parametrize(
    ("text", "terms", "expected"),
    [
        ("Lithium from brine", ["brine"], "Lithium from <mark>brine</mark>"),
        ("lithium and LITHIUM", ["Lithium"], "<mark>lithium</mark> and <mark>LITHIUM</mark>"),
        ("a station of ions", ["ion"], "a station of ions"),
        ("锂电池回收", ["电池"], "锂<mark>电池</mark>回收"),
        ("锂电池回收", ["电池", "锂电池"], "<mark>锂电池</mark>回收"),
        ("用Li2CO3做", ["Li2CO3"], "用<mark>Li2CO3</mark>做"),
        ("C++ (fast)", ["c++"], "<mark>C++</mark> (fast)"),
        (
            "<b>brine</b>",
            ["b", "brine"],
            "&lt;<mark>b</mark>&gt;<mark>brine</mark>&lt;/<mark>b</mark>&gt;",
        ),
        ("anything", ["", "  "], "anything"),
        ("batería", ["batería"], "<mark>batería</mark>"),
    ],
)
def test_terms_are_marked_where_they_stand(text: str, terms: list[str], expected: str) -> None:
    assert mark(text, terms) == expected


@pytest.mark.parametrize(
    ("text", "numbers", "expected"),
    [
        ("Brine and brine", {"brine": 2}, "<mark>Brine<sup>2</sup></mark> and "
         "<mark>brine<sup>2</sup></mark>"),
        ("锂电池", {"电池": 1, "锂电池": 3}, "<mark>锂电池<sup>3</sup></mark>"),
        ("a < b", {" b ": 1}, "a &lt; <mark>b<sup>1</sup></mark>"),
    ],
)  # fmt: skip
def test_a_marked_term_carries_its_number(
    text: str, numbers: dict[str, int], expected: str
) -> None:
    assert mark_numbered(text, numbers) == expected


@given(TEXT, TERMS)
def test_numbers_only_stand_behind_marked_words(text: str, terms: list[str]) -> None:
    html = str(mark_numbered(text, dict.fromkeys(terms, 7)))
    assert re.sub("<sup>7</sup>", "", html) == str(mark(text, terms))


@given(TEXT, TERMS)
def test_nothing_but_marks_is_added(text: str, terms: list[str]) -> None:
    html = str(mark(text, terms))
    bare = html.replace("<mark>", "").replace("</mark>", "")
    assert bare == str(escape(text))
    assert unescape(bare) == text


@given(TEXT, TERMS)
def test_marks_neither_nest_nor_stay_open(text: str, terms: list[str]) -> None:
    tags = re.findall("</?mark>", str(mark(text, terms)))
    assert tags == ["<mark>", "</mark>"] * (len(tags) // 2)


@given(TEXT, TERMS)
def test_markdown_with_marks_says_the_same_as_without(text: str, terms: list[str]) -> None:
    plain = str(markdown.render(text))
    marked = str(markdown.render(text, lambda piece: mark(piece, terms)))
    assert marked.replace("<mark>", "").replace("</mark>", "") == plain


@pytest.mark.parametrize(
    ("text", "term", "expected"),
    [
        ("The zirconium line", "Zirconium", True),
        ("a station", "ion", False),
        ("锆材料", "锆", True),
        ("anything", "", False),
        ("nothing of it", "zirconium", False),
    ],
)
def test_whether_a_text_has_a_term(text: str, term: str, expected: bool) -> None:
    assert names(text, term) is expected


@pytest.mark.parametrize(
    ("text", "term", "expected"),
    [
        ("ions of ion", "ion", True),
        ("ions of station", "ion", False),
        ("ions, IONS and ION", "ion", True),
        ("aion ionb ion", " ion ", True),
        ("éion", "ion", False),
        ("锂ion电", "ion", True),
        ("锂电池", "电", True),
        ("ion", "", False),
        ("a" * 300, "a" * 201, False),
    ],
)
def test_a_text_has_a_term_as_a_word_of_its_own(text: str, term: str, expected: bool) -> None:
    assert names(text, term) is expected


@given(TEXT, st.text(alphabet=st.sampled_from("ab<>&\"'锂电池Éé mark/"), max_size=4))
def test_names_are_found_where_marks_would_be(text: str, term: str) -> None:
    assert names(text, term) is ("<mark>" in mark(text, [term]))

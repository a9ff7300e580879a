"""What has changed in a text, word by word."""

from __future__ import annotations

import pytest

from matchmaker.pages.listings.worddiff import MOST_WORDS, word_changes


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("a b", "a b", [("same", "a b")]),
        ("90 % yield", "95 % yield", [("gone", "90"), ("new", "95"), ("same", " % yield")]),
        ("收率八成", "收率九成", [("same", "收率"), ("gone", "八"), ("new", "九"), ("same", "成")]),
        ("one\ntwo", "one", [("same", "one"), ("gone", "\ntwo")]),
        ("", "new", [("new", "new")]),
    ],
)
def test_pieces_stand_in_order(before: str, after: str, pieces: list[tuple[str, str]]) -> None:
    assert list(word_changes(before, after)) == pieces


def test_very_long_texts_are_shown_whole() -> None:
    long = "字" * MOST_WORDS
    assert list(word_changes(long, "new")) == [("gone", long), ("new", "new")]

"""Cells that say which column they stand in."""

from __future__ import annotations

import re

from markupsafe import Markup

from matchmaker.web.cells import headed

COLUMNS = ["Pair", ("Days", "number"), "Status"]


def heads(rows: str) -> list[str]:
    return re.findall(r'data-head="([^"]*)"', headed(Markup(rows), COLUMNS))


def test_each_row_begins_with_the_first_column() -> None:
    row = '<tr>\n<th scope="row">a</th><td class="number">1</td>\n<td>b</td></tr>'
    assert heads(row + row) == ["Pair", "Days", "Status"] * 2


def test_a_wide_cell_takes_the_columns_it_covers() -> None:
    assert heads('<tr><td colspan="2">none</td><td>b</td></tr>') == ["Pair", "Status"]


def test_other_tags_are_left_alone() -> None:
    inner = '<td><time datetime="2026">1</time> <track></td>'
    assert headed(Markup(f"<tr>{inner}</tr>"), COLUMNS).count("data-head") == 1


def test_a_head_cannot_end_its_attribute() -> None:
    assert 'data-head="&#34;&gt;"' in headed(Markup("<tr><td>a</td></tr>"), ['">'])


def test_of_a_head_with_tags_only_the_text_is_told() -> None:
    head = Markup('<span class="hidden">Actions</span>')
    assert 'data-head="Actions"' in headed(Markup("<tr><td>a</td></tr>"), [head])


def test_what_was_told_of_a_cell_stays() -> None:
    cell = headed(Markup('<tr data-row><th scope="row">a</th></tr>'), COLUMNS)
    assert cell == (
        '<tr role="row" data-row><th role="rowheader" data-head="Pair" scope="row">a</th></tr>'
    )

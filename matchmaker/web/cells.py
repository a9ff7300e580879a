"""Cells of tables that say which column they stand in, for screens on which a row is a card."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

_TAG = re.compile(r"<(tr|t[dh])(?=[\s>])([^>]*)")
_SPAN = re.compile(r'\scolspan="(\d+)"')


def headed(rows: str, columns: Sequence[str | tuple[str, str]]) -> Markup:
    """Return rows of a table whose cells carry the head of their column, and every part its role.

    A browser drops the meaning of a table whose parts it lays out otherwise; roles keep it.
    `rows` is what a template wrote: text of others is escaped in it and holds no tag.
    """
    texts = (column if isinstance(column, str) else column[0] for column in columns)
    heads = [escape(escape(text).striptags()) for text in texts]
    place = 0

    def add(tag: re.Match[str]) -> str:
        nonlocal place
        name, attributes = tag.groups()
        if name == "tr":
            place = 0
            return f'<tr role="row"{attributes}'
        head = heads[place] if place < len(heads) else ""
        span = _SPAN.search(attributes)
        place += int(span[1]) if span else 1
        role = "rowheader" if name == "th" else "cell"
        return f'<{name} role="{role}" data-head="{head}"{attributes}'

    return Markup(_TAG.sub(add, rows))  # noqa: S704 # nosec B704

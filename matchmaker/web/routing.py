"""Numbers in addresses."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**31 - 1


class IdConverter(IntegerConverter):
    """A number that can be a row's id; a larger one is an address that does not exist."""

    def __init__(self, map: Map, max: int | None = LARGEST_ID, **options: Any) -> None:
        super().__init__(map, max=max, **options)

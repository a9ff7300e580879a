"""Fixtures of the compiled search, which one process of a test run compiles for all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from matchmaker.engine.index import compile as kernels
from matchmaker.engine.index import serving


@pytest.fixture(scope="session")
def compiled() -> serving.Search:
    assert kernels.make_ready()
    from matchmaker.engine.index.compiled import search  # noqa: PLC0415  # numba is ready by now

    serving.use(None)
    return search


@pytest.fixture(autouse=True)
def by_compiled(compiled: serving.Search) -> Iterator[None]:
    """Other tests go on with scipy."""
    serving.use(compiled)
    yield
    serving.use(None)

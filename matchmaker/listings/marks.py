"""What listings are marked with beside their text, and what readers call it in a search."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from matchmaker import codelists, regions
from matchmaker.engine.search import Labels
from matchmaker.listings.models import Listing
from matchmaker.listings.resources import TECHNOLOGY

Titles = tuple[tuple[str, tuple[str, ...]], ...]  # key task → its titles


def marks_of(listing: Listing) -> list[str]:
    """The listing's language, modes, sectors, key tasks and organisation's province, as codes.

    Its resource too, but for technologies: nearly all are.
    """
    return [
        f"language.{listing.language}",
        *([f"resource.{listing.resource}"] if listing.resource != TECHNOLOGY else ()),
        *(f"mode.{mode.code}" for mode in listing.modes),
        *(f"sector.{sector.code}" for sector in listing.sectors),
        *(f"task.{task.code}" for task in listing.tasks),
        f"province.{listing.organisation.province}",
    ]


def labels_of(task_titles: Mapping[str, Mapping[str, str]]) -> Labels:
    """What the marks are called, in all languages."""
    return _labels(tuple((code, tuple(titles.values())) for code, titles in task_titles.items()))


@lru_cache(maxsize=1)
def _labels(titles: Titles) -> Labels:
    return Labels(_named(titles))


def _named(titles: Titles) -> Iterator[tuple[str, str]]:
    for name in ("mode", "sector", "resource"):
        for code in codelists.codes(name):
            if code == TECHNOLOGY:
                continue  # nearly all are
            for language in codelists.LANGUAGES:
                yield f"{name}.{code}", codelists.label(name, code, language)
    for code, named in titles:
        for label in (code, code.replace("-", ""), *named):
            yield f"task.{code}", label
    for code, region in regions.all_regions().items():
        for label in region.name.values():
            yield f"province.{code}", label

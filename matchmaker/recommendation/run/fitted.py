"""The fitted recommender between runs, in memory and on disk, and how far behind it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from matchmaker import engine
from matchmaker.engine import Listing as EngineListing
from matchmaker.engine import PlanFacts, index
from matchmaker.recommendation.rules import Known

if TYPE_CHECKING:
    from matchmaker.engine import Encoder, Needs, Recommender

log = structlog.get_logger()

# Share of capabilities that may change before vocabulary and rarity are learned anew.
MOST_DRIFT, MOST_DRIFT_AT_NIGHT = 0.1, 0.01


@dataclass(frozen=True, slots=True)
class Fitted:
    """A recommender with the stamps of its capabilities, and of the needs kept ready for it.

    `copies` are capabilities that were found to copy a need.
    """

    version: str
    recommender: Recommender
    capabilities: Mapping[int, str]
    needs: Needs | None = None
    need_stamps: Mapping[int, str] = field(default_factory=dict)
    copies: frozenset[int] = frozenset()

    def behind(self, listings: Mapping[int, Known]) -> tuple[set[int], set[int]]:
        """The capabilities that are new or changed, and those that are gone."""
        shown = _stamps(listings, "capability")
        return _differing(shown, self.capabilities), self.capabilities.keys() - shown.keys()

    def needs_behind(self, listings: Mapping[int, Known]) -> set[int]:
        """The needs that are not kept ready as they are now."""
        return _differing(_stamps(listings, "need"), self.need_stamps)

    def has_drifted(self, listings: Mapping[int, Known], most: float) -> bool:
        """Return whether more has changed since the fit than it is good for."""
        put, gone = self.behind(listings)
        return self.recommender.drift(len(put) + len(gone)) > most

    def capability_texts(self) -> Mapping[int, EngineListing]:
        return {int(listing.id): listing for listing in self.recommender.capabilities_.listings}

    def need_texts(self) -> Mapping[int, EngineListing]:
        """Those that are kept ready."""
        return {int(listing.id): listing for listing in self.needs.listings} if self.needs else {}

    def updated(self, texts: Mapping[int, EngineListing], listings: Mapping[int, Known]) -> Fitted:
        """With the capabilities as they are now; `texts` has those that are new or changed."""
        put, gone = self.behind(listings)
        if not put and not gone:
            return self
        recommender = self.recommender.updated(
            [texts[id_] for id_ in sorted(put)], {str(id_) for id_ in gone}
        )
        return replace(
            self,
            recommender=recommender,
            capabilities=_stamps(listings, "capability"),
            copies=self.copies - put - gone,
        )

    def with_needs(
        self, texts: Mapping[int, EngineListing], listings: Mapping[int, Known]
    ) -> Fitted:
        """With every need ready as it is now; `texts` has those that are not."""
        fresh = self.needs_behind(listings)
        shown = _stamps(listings, "need")
        gone = self.need_stamps.keys() - shown.keys()
        if self.needs is not None and not fresh and not gone:
            return self
        needs = self.recommender.prepare([texts[id_] for id_ in sorted(fresh)])
        if self.needs is not None:
            needs = self.needs.without({str(id_) for id_ in fresh | gone}).joined(needs)
        return replace(self, needs=needs, need_stamps=shown)


def fit(
    version: str,
    texts: Mapping[int, EngineListing],
    listings: Mapping[int, Known],
    plan: PlanFacts | None,
    encoder: str,
    *,
    n_jobs: int = 1,
) -> Fitted:
    """Learn from the capabilities as they are now, with `n_jobs` processes.

    `encoder`: the name of a sentence encoder, or "".
    """
    stamps = _stamps(listings, "capability")
    recommender = engine.Recommender(plan=plan, encoder=_loaded(encoder), n_jobs=n_jobs).fit(
        [texts[id_] for id_ in sorted(stamps)]
    )
    return Fitted(version, recommender, stamps)


class RecommenderStore:
    """Where a worker keeps its recommender between runs, and finds it after a start.

    Parameters: `folder`, where to keep it on disk, if anywhere; `encoder`, the name of a sentence
    encoder, or "".
    `n_jobs`: how many processes may compute; see `engine.processes`.
    """

    def __init__(self, folder: Path | None = None, encoder: str = "", n_jobs: int = 1) -> None:
        self.folder = folder
        self.encoder = encoder
        self.n_jobs = n_jobs
        self._last: Fitted | None = None
        self._written = 0  # modification time of the file last read or written

    def last(self, version: str) -> Fitted | None:
        """Return what this process or a later one kept last, if it is of this version."""
        if self.folder is not None and _written(self.folder) != self._written:
            self._written = _written(self.folder)
            self._last = _opened(self.folder, version, self.encoder)
        return self._last if self._last is not None and self._last.version == version else None

    def keep(self, fitted: Fitted, *, on_disk: bool) -> None:
        """Keep it in memory, and on disk for the next start: analysing all texts takes long."""
        self._last = fitted
        if on_disk and self.folder is not None:
            try:
                save(fitted, self.folder)
            except index.Busy:  # the other one's is as good
                log.info("recommender.busy", folder=str(self.folder))
            self._written = _written(self.folder)


def save(fitted: Fitted, folder: Path) -> None:
    """Write the recommender for other processes.

    Raises ``Busy`` while one of them is writing there.
    """
    stamps = {str(id_): stamp for id_, stamp in fitted.capabilities.items()}
    note = {"capabilities": stamps, "copies": sorted(fitted.copies)}
    engine.save(fitted.recommender, folder, fitted.version, note)


def _opened(folder: Path, version: str, encoder: str) -> Fitted | None:
    try:
        recommender, note = engine.load(folder, version, encoder=_loaded(encoder))
    except index.NoSnapshot:
        return None
    except index.Damaged as error:
        log.warning("recommender.damaged", error=str(error))
        return None
    stamps = {int(id_): stamp for id_, stamp in note["capabilities"].items()}
    return Fitted(version, recommender, stamps, copies=frozenset(note["copies"]))


def _written(folder: Path) -> int:
    """When the recommender in a folder was written; 0 where there is none."""
    try:
        return (folder / engine.FILE).stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _loaded(encoder: str) -> Encoder | None:
    return engine.load_encoder(encoder) if encoder else None


def _stamps(listings: Mapping[int, Known], kind: str) -> dict[int, str]:
    return {id_: known.stamp for id_, known in listings.items() if known.kind == kind}


def _differing(shown: Mapping[int, str], known: Mapping[int, str]) -> set[int]:
    return {id_ for id_, stamp in shown.items() if known.get(id_) != stamp}

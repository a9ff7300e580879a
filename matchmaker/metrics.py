"""How long pages take, counted over all web processes of the machine."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

from matchmaker.home import METRICS_VARIABLE

SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
MOST = 0.95

_TIMES = Histogram(
    "matchmaker_page_seconds",
    "Seconds until a page was answered",
    ["method", "route"],
    buckets=SECONDS,
)
_ANSWERS = Counter("matchmaker_answers", "Answers by status", ["status"])


@dataclass(frozen=True, slots=True)
class PageTimes:
    """Answers of a page since the server's start, in seconds.

    ``most``: 95 of 100 take at most so long; infinity beyond the last bound that is counted.
    """

    method: str
    route: str
    count: int
    mean: float
    most: float


def count(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answer."""
    _TIMES.labels(method, route).observe(seconds)
    _ANSWERS.labels(str(status)).inc()


def registry() -> CollectorRegistry:
    """Return what has been counted by the processes of this machine, or by this one alone."""
    if METRICS_VARIABLE not in os.environ:
        return REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return together


def slowest(number: int) -> list[PageTimes]:
    """Return the pages that take longest, the slowest first."""
    found = [_page(*page, values) for page, values in _samples().items()]
    return sorted(found, key=lambda page: (-page.most, -page.mean))[:number]


def _samples() -> dict[tuple[str, str], dict[str, float]]:
    """By method and route: seconds in all under ``sum``, and answers by upper bound."""
    found: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for metric in registry().collect():
        if metric.name == "matchmaker_page_seconds":
            for sample in metric.samples:
                labels = sample.labels
                what = labels.get("le") or sample.name.rpartition("_")[2]
                if what in ("count", "created"):
                    continue
                found[labels["method"], labels["route"]][what] = sample.value
    return found


def _page(method: str, route: str, values: dict[str, float]) -> PageTimes:
    bounds = {float(bound): number for bound, number in values.items() if bound != "sum"}
    total = max(bounds.values())
    most = min(bound for bound, number in bounds.items() if number >= MOST * total)
    return PageTimes(method, route, int(total), values["sum"] / total, most)

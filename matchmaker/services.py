"""The application's holdings beside its database: one object, made once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from flask import Flask, current_app

if TYPE_CHECKING:
    from huey import Huey

    from matchmaker.config import Settings
    from matchmaker.deaths import Trail
    from matchmaker.recommendation.run.fitted import RecommenderStore
    from matchmaker.search.live import Searching


@dataclass(slots=True)
class Services:
    """Holdings of an application: `run` queues a job by name, `trail` notes requests if watched."""

    KEY: ClassVar = "matchmaker"

    settings: Settings
    searching: Searching
    recommender: RecommenderStore
    queue: Huey
    run: Callable[[str], object] = field(init=False)
    trail: Trail | None = None


def services(app: Flask | None = None) -> Services:
    """Return what the application holds, by default the current one."""
    held: Services = (app or current_app).extensions[Services.KEY]
    return held

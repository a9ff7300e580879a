"""A file of each purpose: who may download it, and whose look at an annex is recorded."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.conftest import Scene
from tests.world import ALL, CURATORS, OWN, PARTNER, build_world, visit

PURPOSES = {
    "file": OWN | PARTNER,
    "annex_file": OWN,
    "milestone_file": OWN | PARTNER | CURATORS,
    "result_file": OWN | PARTNER | CURATORS,
}


@pytest.fixture
def world(scene: Scene) -> dict[str, Any]:
    return scene(build_world)


@pytest.mark.parametrize("purpose", sorted(PURPOSES))
def test_who_may_download_a_file(app: Flask, world: dict[str, Any], purpose: str) -> None:
    let_through = {
        who
        for who in ALL
        if visit(app, world, who, f"/files/{world[purpose]}").status not in (401, 404)
    }
    assert let_through == PURPOSES[purpose]

"""The real recommender, kept from run to run and from process to process."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matchmaker.engine.index.snapshot import alone
from matchmaker.recommendation.models import Suggestion
from matchmaker.recommendation.run.fitted import RecommenderStore
from matchmaker.recommendation.run.jobs import Summary, refresh_suggestions, verify_suggestions
from tests.factories import capability, need

SUBJECTS = (
    "Lithium extraction from salt-lake brine",
    "Highland barley breeding against drought",
    "Wind turbine blade inspection by drone",
    "Cold chain for mushrooms on the plateau",
)


@pytest.fixture
def listings(session: Session) -> None:
    for subject in SUBJECTS:
        need(language="en", title=f"We look for {subject.lower()}", matching_due=True)
        for number in range(5):
            capability(language="en", title=f"{subject}, variant {number}", matching_due=True)


def one_more(number: int = 0) -> None:
    capability(language="en", title=f"{SUBJECTS[0]}, again {number}", matching_due=True)


def scores(session: Session) -> dict[tuple[int, int], float]:
    session.expire_all()
    return {
        (one.need_id, one.capability_id): one.score for one in session.scalars(select(Suggestion))
    }


@pytest.mark.usefixtures("listings")
def test_the_next_process_goes_on_with_what_was_fitted(session: Session, tmp_path: Path) -> None:
    assert refresh_suggestions(session, RecommenderStore(tmp_path)).fitted
    one_more()
    assert not refresh_suggestions(session, RecommenderStore(tmp_path)).fitted
    one_more(1)
    assert refresh_suggestions(session, RecommenderStore(tmp_path / "elsewhere")).fitted


@pytest.mark.usefixtures("listings")
def test_step_by_step_gives_what_one_run_gives(session: Session, tmp_path: Path) -> None:
    """Compare changes one by one, restarting between them, with one run over everything."""
    store = RecommenderStore(tmp_path)
    refresh_suggestions(session, store)
    one_more()
    refresh_suggestions(session, store)
    need(language="en", title="Brine and barley", matching_due=True)
    refresh_suggestions(session, RecommenderStore(tmp_path))
    by_steps = scores(session)
    last = store.last(
        session.scalars(
            select(Suggestion.engine_version + "/" + Suggestion.weights_version)
        ).first()
        or ""
    )
    assert last is not None
    session.execute(update(Suggestion).values(engine_version="older"))
    session.commit()
    assert not refresh_suggestions(session, store).fitted
    assert scores(session) == pytest.approx(by_steps, abs=1e-9)


@pytest.mark.usefixtures("listings")
def test_what_another_process_wrote_since_is_taken_up(session: Session, tmp_path: Path) -> None:
    ours, other = RecommenderStore(tmp_path), RecommenderStore(tmp_path)
    refresh_suggestions(session, ours)
    one_more()
    assert verify_suggestions(session, other).fitted, "one in twenty, which is much for a night"
    version = (
        session.scalars(
            select(Suggestion.engine_version + "/" + Suggestion.weights_version)
        ).first()
        or ""
    )
    found = ours.last(version)
    assert found is not None
    assert len(found.capabilities) == 21


@pytest.mark.usefixtures("listings")
@pytest.mark.parametrize("harm", ["damaged", "of another version", "gone"])
def test_what_cannot_be_read_is_fitted_anew(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    refresh_suggestions(session, RecommenderStore(tmp_path))
    file = tmp_path / "recommender.arrays"
    if harm == "damaged":
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 0xFF
        file.write_bytes(content)
    elif harm == "gone":
        file.unlink()
    else:
        monkeypatch.setattr("matchmaker.recommendation.run.jobs.ENGINE_VERSION", "next")
    one_more()
    before = file.read_bytes() if file.exists() else b""
    assert refresh_suggestions(session, RecommenderStore(tmp_path)).fitted
    assert file.read_bytes() != before
    assert not refresh_suggestions(session, RecommenderStore(tmp_path)).fitted


class Lengths:
    """An encoder for tests: a text's meaning is how long it is."""

    def encode(self, texts: list[str]) -> np.ndarray:
        return np.array([[len(text), 20.0] for text in texts])


@pytest.mark.usefixtures("listings")
def test_setting_or_leaving_out_an_encoder_finds_partners_again(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = ModuleType("lengths")
    vars(made).update(Lengths=Lengths)
    monkeypatch.setitem(sys.modules, "lengths", made)
    found = []
    for encoder in ("", "lengths", "lengths", ""):
        summary = refresh_suggestions(session, RecommenderStore(tmp_path, encoder))
        versions = set(session.scalars(select(Suggestion.weights_version)))
        found.append((bool(summary.fitted), len(versions), "lengths" in str(versions)))
    assert found == [(True, 1, False), (True, 1, True), (False, 1, True), (True, 1, False)]


@pytest.mark.usefixtures("listings")
def test_while_another_process_writes_the_run_goes_on(session: Session, tmp_path: Path) -> None:
    store = RecommenderStore(tmp_path)
    with alone(tmp_path):
        assert refresh_suggestions(session, store).written
    one_more()
    assert not refresh_suggestions(session, store).fitted, "it is in memory"


def test_nothing_to_do_opens_nothing(session: Session, tmp_path: Path) -> None:
    assert refresh_suggestions(session, RecommenderStore(tmp_path)) == Summary()
    assert list(tmp_path.iterdir()) == []

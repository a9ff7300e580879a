"""A saved and opened recommender gives the same pairs with the same scores and reasons."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from matchmaker.engine import Listing, PlanFacts, Recommender, retrieval
from matchmaker.engine.index import Busy, Damaged, NoSnapshot, alone
from matchmaker.engine.saving import load, save
from tests.engine.conftest import BOARD
from tests.engine.test_updating import NEEDS, NEW, told

PLAN = PlanFacts.from_mapping({"sides": {"63": "beneficiary", "32": "partner"}, "initiatives": []})
OFFERED = [*BOARD, NEW[1], NEW[3]]


class Lengths:
    """An encoder for tests: a text's meaning is how long it is."""

    def encode(self, texts: list[str]) -> np.ndarray:
        return np.array([[len(text), 20.0] for text in texts])


@pytest.fixture(params=["few", "indexed", "encoder"])
def fitted(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Recommender:
    if request.param == "indexed":
        monkeypatch.setattr(retrieval, "INDEXED_FROM", 1)
        monkeypatch.setattr(retrieval, "LEAST_CANDIDATES", 4)
    encoder = Lengths() if request.param == "encoder" else None
    return Recommender(plan=PLAN, encoder=encoder).fit(OFFERED)


def opened(fitted: Recommender, folder: Path) -> Recommender:
    return load(folder, "v", plan=PLAN, encoder=fitted.encoder)[0]


def test_what_is_opened_is_what_was_saved(fitted: Recommender, tmp_path: Path) -> None:
    save(fitted, tmp_path, "v", {"versions": [1, 2]})
    recommender, note = load(tmp_path, "v", plan=PLAN, encoder=fitted.encoder)
    assert note == {"versions": [1, 2]}
    assert recommender.rank(NEEDS, 2) == fitted.rank(NEEDS, 2)
    assert recommender.indexes_.keys() == fitted.indexes_.keys()


def test_what_is_opened_can_be_updated_and_saved_again(fitted: Recommender, tmp_path: Path) -> None:
    save(fitted, tmp_path, "v")
    changed = opened(fitted, tmp_path).updated([NEW[0], NEW[2]], ["barley-en"])
    save(changed, tmp_path, "v")
    again = opened(fitted, tmp_path)
    assert told(again.rank(NEEDS, 2)) == told(
        fitted.updated([NEW[0], NEW[2]], ["barley-en"]).rank(NEEDS, 2)
    )
    assert again.drift() == changed.drift() == 3 / len(OFFERED)


def test_an_empty_collection_can_be_saved(tmp_path: Path) -> None:
    save(Recommender().fit([]), tmp_path, "v")
    assert load(tmp_path, "v")[0].rank(NEEDS) == [[], [], [], []]


def test_there_is_none_of_another_version_nor_in_an_empty_folder(
    fitted: Recommender, tmp_path: Path
) -> None:
    with pytest.raises(NoSnapshot):
        opened(fitted, tmp_path)
    save(fitted, tmp_path, "older")
    with pytest.raises(NoSnapshot):
        opened(fitted, tmp_path)


@pytest.mark.parametrize("at", [3, 200, 5000, -200])
def test_damage_is_found(fitted: Recommender, tmp_path: Path, at: int) -> None:
    save(fitted, tmp_path, "v")
    file = tmp_path / "recommender.arrays"
    content = bytearray(file.read_bytes())
    content[at] ^= 0xFF
    file.write_bytes(content)
    with pytest.raises(Damaged):
        opened(fitted, tmp_path)


@pytest.mark.parametrize("harm", ["gone", "damaged", "of another save"])
def test_an_index_that_is_no_good_is_built_anew(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, harm: str
) -> None:
    monkeypatch.setattr(retrieval, "INDEXED_FROM", 1)
    monkeypatch.setattr(retrieval, "LEAST_CANDIDATES", 4)
    fitted = Recommender().fit(OFFERED)
    save(fitted, tmp_path, "v")
    if harm == "gone":
        shutil.rmtree(tmp_path / "en")
    elif harm == "damaged":
        segment = next((tmp_path / "en").glob("*.segment"))
        segment.write_bytes(segment.read_bytes()[:-1] + b"?")
    else:
        other = Recommender().fit([*BOARD[:3]])
        other.indexes_["en"].save(tmp_path / "en", "other")
    assert load(tmp_path, "v")[0].rank(NEEDS, 2) == fitted.rank(NEEDS, 2)


def test_one_process_writes_at_a_time(fitted: Recommender, tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(Busy):
        save(fitted, tmp_path, "v")


def test_opening_imports_no_scikit_learn(tmp_path: Path) -> None:
    save(Recommender().fit(OFFERED), tmp_path, "v")
    asked = Listing(id="n", kind="need", title="Lithium from brine")
    script = (
        "import json, sys; from pathlib import Path; from matchmaker.engine import Listing, load\n"
        "recommender, _ = load(Path(sys.argv[1]), 'v')\n"
        f"best = recommender.rank([Listing(id='n', kind='need', title={asked.title!r})], 3)[0]\n"
        "print(json.dumps([[pair.capability_id for pair in best], 'sklearn' in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True
    )
    expected = [pair.capability_id for pair in Recommender().fit(OFFERED).rank([asked], 3)[0]]
    assert json.loads(done.stdout) == [expected, False]

"""Snapshots survive what happens to processes and disks."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

from matchmaker.engine.index import Busy, Damaged, Index, NoSnapshot, snapshot
from tests.engine.index.oracle import COLUMNS, matrix

QUERY = np.array([1], np.int32), np.array([1.0], np.float32)


def filled() -> Index:
    index = Index(COLUMNS)
    index.put(
        range(100), matrix([{1: 1.0 + number, number % COLUMNS: 3.0} for number in range(100)])
    )
    index.seal()
    index.put([200], matrix([{1: 500.0}]))
    index.withdraw([99])
    return index


def test_what_is_saved_is_opened(tmp_path: Path) -> None:
    index = filled()
    index.save(tmp_path, "v1")
    opened = Index.open(tmp_path, "v1")
    assert len(opened) == len(index) == 100
    assert (
        opened.top(*QUERY, 5)[0].tolist()
        == index.top(*QUERY, 5)[0].tolist()
        == [200, 98, 97, 96, 95]
    )
    opened.put([300], matrix([{1: 900.0}]))
    opened.withdraw([98])
    assert opened.top(*QUERY, 3)[0].tolist() == [300, 200, 97]
    assert Index.open(tmp_path, "v1").top(*QUERY, 1)[0].tolist() == [200]


def test_an_empty_index_can_be_saved(tmp_path: Path) -> None:
    Index(3).save(tmp_path, "v")
    assert len(Index.open(tmp_path, "v")) == 0


def test_segments_are_written_once_and_swept_when_unused(tmp_path: Path) -> None:
    index = filled()
    index.save(tmp_path, "v1")
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("*.segment")}
    held = Index.open(tmp_path, "v1")
    (tmp_path / "left-by-a-dead-writer.new").write_bytes(b"x")
    index.save(tmp_path, "v1")
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("*.segment")} == before
    index.compact()
    index.save(tmp_path, "v1")
    assert sorted(path.suffix for path in tmp_path.iterdir()) == ["", ".json", ".segment"]
    assert held.top(*QUERY, 1)[0].tolist() == [200]


def test_another_version_is_no_snapshot(tmp_path: Path) -> None:
    with pytest.raises(NoSnapshot):
        Index.open(tmp_path, "v1")
    filled().save(tmp_path, "v1")
    with pytest.raises(NoSnapshot):
        Index.open(tmp_path, "v2")


def test_another_layout_is_no_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "_LAYOUT", 1)
    filled().save(tmp_path, "v1")
    monkeypatch.undo()
    with pytest.raises(NoSnapshot, match="another release"):
        Index.open(tmp_path, "v1")


@pytest.mark.parametrize("pattern", ["*.segment", "*.alive", "manifest.json"])
def test_a_flipped_bit_is_noticed_wherever_it_is(tmp_path: Path, pattern: str) -> None:
    filled().save(tmp_path, "v1")
    path = max(tmp_path.glob(pattern), key=lambda path: path.stat().st_size)
    intact = path.read_bytes()
    rng = np.random.default_rng(5)
    noticed = 0
    for place in rng.integers(0, len(intact), 60):
        damaged = bytearray(intact)
        damaged[place] ^= 1 << int(rng.integers(8))
        path.write_bytes(damaged)
        try:
            opened = Index.open(tmp_path, "v1")
        except (Damaged, NoSnapshot):
            noticed += 1
        else:  # padding between arrays
            assert opened.top(*QUERY, 5)[0].tolist() == [200, 98, 97, 96, 95]
    assert noticed


@pytest.mark.parametrize("pattern", ["*.segment", "*.alive", "manifest.json"])
@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.99])
@pytest.mark.parametrize("verify", [True, False])
def test_a_file_cut_short_is_noticed(
    tmp_path: Path, pattern: str, share: float, verify: bool
) -> None:
    filled().save(tmp_path, "v1")
    path = max(tmp_path.glob(pattern), key=lambda path: path.stat().st_size)
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    with pytest.raises(Damaged):
        Index.open(tmp_path, "v1", verify=verify)


def test_a_missing_file_is_noticed(tmp_path: Path) -> None:
    filled().save(tmp_path, "v1")
    next(tmp_path.glob("*.segment")).unlink()
    with pytest.raises(Damaged, match="missing"):
        Index.open(tmp_path, "v1")


WRITER = textwrap.dedent("""
    import sys
    from pathlib import Path
    from matchmaker.engine.index import Busy, Index
    from tests.engine.index.oracle import COLUMNS, matrix
    number = int(sys.argv[2])
    while True:
        index = Index(COLUMNS)
        index.put(range(2000), matrix([{1: 1.0 + number}] * 2000))
        try:
            index.save(Path(sys.argv[1]), "v")
        except Busy:
            continue
        print(number, flush=True)
        number += 1
""")


def writer(folder: Path, number: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), str(number)], stdout=subprocess.PIPE, text=True
    )


def test_a_writer_killed_at_any_moment_leaves_a_whole_snapshot(tmp_path: Path) -> None:
    rng = np.random.default_rng(11)
    for attempt in range(4):
        process = writer(tmp_path, 1000 * attempt)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(float(rng.uniform(0, 0.05)))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        ids, scores = Index.open(tmp_path, "v").top(*QUERY, 3)
        assert ids.tolist() == [0, 1, 2]
        assert 1000 * attempt <= scores[0] - 1 < 1000 * (attempt + 1)


def test_two_builders_do_not_collide_and_readers_always_find_a_snapshot(tmp_path: Path) -> None:
    Index(COLUMNS).save(tmp_path, "v")
    processes = [writer(tmp_path, 1), writer(tmp_path, 100_000)]
    try:
        for process in processes:
            assert process.stdout is not None
            process.stdout.readline()
        until = time.monotonic() + 2
        while time.monotonic() < until:
            ids, scores = Index.open(tmp_path, "v").top(*QUERY, 3)
            assert ids.tolist() == [0, 1, 2]
            assert len(set(scores.tolist())) == 1
    finally:
        for process in processes:
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()
    Index.open(tmp_path, "v")


def test_a_second_writer_is_told(tmp_path: Path) -> None:
    with snapshot.alone(tmp_path), pytest.raises(Busy):
        filled().save(tmp_path, "v")


def test_a_fork_after_searches_can_search(tmp_path: Path) -> None:
    """A process without other threads searches in batches; then its forks search."""
    script = textwrap.dedent("""
        import os, sys
        import numpy as np
        from tests.engine.index.test_snapshot import QUERY, filled
        from tests.engine.index.oracle import matrix
        index = filled()
        many = matrix([{1: 1.0}] * 500)
        expected = index.top_many(many, 5, threads=2)[0]
        for _ in range(3):
            child = os.fork()
            if not child:
                same = (index.top_many(many, 5, threads=2)[0] == expected).all()
                os._exit(0 if same else 1)
            assert os.waitpid(child, 0)[1] == 0
        print("done")
    """)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "done\n", done.stderr

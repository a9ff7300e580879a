"""Compiling ahead, and doing without a compiler."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import zlib
from pathlib import Path

import numpy as np
import pytest

from matchmaker.engine.index import Index, kernels, loading, serving
from matchmaker.engine.index import compile as compile_module
from tests.engine.index.test_index import drawn


def test_compiling_ahead(capsys: pytest.CaptureFixture[str]) -> None:
    assert compile_module.main() == 0
    assert "ready" in capsys.readouterr().out


def test_after_that_nothing_is_left_to_compile(tmp_path: Path, compiled: serving.Search) -> None:
    """Neither for an index in memory nor for one that is mapped, changed or filtered."""
    loading.warm(compiled)
    known = len(kernels.search.signatures), len(kernels.scan.signatures)
    index = Index(50)
    index.put(range(2000), drawn(np.random.default_rng(0), 2000, 50, 20), [1] * 2000)
    index.withdraw([0])
    index.save(tmp_path, "v")
    for one in (index, Index.open(tmp_path, "v")):
        one.withdraw([1, 2])
        one.put([3, 4], drawn(np.random.default_rng(1), 2, 50, 20))
        for where in ((), (1,), (2,)):
            one.top(np.arange(5), np.ones(5), 3, where)
    assert (len(kernels.search.signatures), len(kernels.scan.signatures)) == known


@pytest.mark.parametrize(("large", "warnings"), [(102, 0), (101, 1)])
def test_without_numba_the_index_works_and_a_large_one_says_so_once(
    large: int, warnings: int
) -> None:
    script = textwrap.dedent(f"""
        import sys
        sys.modules["numba"] = None
        from matchmaker.engine.index import serving
        from tests.engine.index.test_snapshot import QUERY, filled
        serving.COMPILED_FROM = {large}
        index = filled()
        index.seal()
        index.prepare(wait=True)
        index.top(*QUERY, 3)
        print(index.top(*QUERY, 3)[0].tolist())
    """)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "[200, 98, 97]\n"
    assert done.stderr.count("numba is not installed") == warnings


def test_the_index_loads_neither_scikit_learn_nor_a_web_framework() -> None:
    script = (
        "import sys, matchmaker.engine.index, matchmaker.engine.vectors;"
        "names = 'sklearn', 'flask', 'sqlalchemy', 'distributed';"
        "print([name for name in names if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "[]\n", done.stderr


def test_a_change_of_what_the_kernels_call_compiles_them_anew() -> None:
    """numba looks at the compiled file alone, not at the files that it calls."""
    folder = Path(kernels.__file__).parent
    called = b"".join((folder / f"{name}.py").read_bytes() for name in ("forward", "heap", "sweep"))
    assert f"{zlib.crc32(called):08x}" == kernels.CALLED, "write this checksum into kernels.py"

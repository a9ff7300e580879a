"""What docs/trust.md names as shown is a test that there is."""

from __future__ import annotations

import re

from matchmaker.paths import ROOT

TESTS = ROOT / "tests"
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")


def test_the_named_tests_exist() -> None:
    named = NAMED.findall((ROOT / "docs" / "trust.md").read_text(encoding="utf-8"))
    missing = {
        (file, name)
        for file, name in named
        if f"\ndef test_{name}(" not in (TESTS / file).read_text(encoding="utf-8")
    }
    assert named
    assert missing == set()

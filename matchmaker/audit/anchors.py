"""The file of anchors: what the log's end was each day, where the database's writers cannot reach.

A line is JSON. The log has the same lines, so that either can be compared with the audit log.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from matchmaker.audit.rules import Anchor
from matchmaker.config import Settings
from matchmaker.errors import UnusableFile

FILE = "audit-anchors.jsonl"


def path_of(settings: Settings) -> Path:
    """Return where anchors are kept."""
    return Path(settings.audit_anchors) if settings.audit_anchors else settings.home_path / FILE


def append(path: Path, anchor: Anchor) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(as_line(anchor)) + "\n")


def as_line(anchor: Anchor) -> dict[str, object]:
    return asdict(anchor) | {"at": anchor.at.isoformat()}


def read(path: Path) -> list[Anchor]:
    """Return the anchors of a file, or of lines of the log; none when there is no file.

    Raises UnusableFile for a line that is no anchor.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [_anchor(path, number, line) for number, line in enumerate(lines, start=1)]


def _anchor(path: Path, number: int, line: str) -> Anchor:
    try:
        found = json.loads(line)
        at = datetime.fromisoformat(found["at"])
        return Anchor(at, int(found["number"]), str(found["hash"]), str(found["seal"]))
    except (ValueError, TypeError, KeyError) as error:
        raise UnusableFile(f"{path}: line {number} is not an anchor.") from error

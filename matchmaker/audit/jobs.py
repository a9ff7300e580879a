from __future__ import annotations

import structlog
from sqlalchemy.orm import Session

from matchmaker.audit import anchors, queries
from matchmaker.audit.rules import key_from, make_anchor
from matchmaker.db import now, reading
from matchmaker.services import services

log = structlog.get_logger()


def anchor_audit(session: Session) -> int | None:
    """Write down outside the database what the log's end is.

    Returns its number, or None when nothing was recorded since the last time.
    """
    settings = services().settings
    path = anchors.path_of(settings)
    with reading(session):
        head = queries.head(session)
    if head.number == max((anchor.number for anchor in anchors.read(path)), default=0):
        return None
    anchor = make_anchor(key_from(settings.secret_key), now(), head.number, head.hash)
    anchors.append(path, anchor)
    log.info("audit.anchor", **anchors.as_line(anchor))
    return anchor.number

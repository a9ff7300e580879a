"""Asking for the measures, and the judged pairs as files that `matchmaker evaluate` reads."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matchmaker.audit import service as audit
from matchmaker.db import moment
from matchmaker.engine import Listing as EngineListing
from matchmaker.errors import Refusal, Refused
from matchmaker.listingrows import to_row
from matchmaker.permissions import Actor
from matchmaker.quality import queries
from matchmaker.quality.models import MatchQuality
from matchmaker.quality.rules import JudgedPair, count, scope_of

OLDEST = (1980, 1, 1, 0, 0, 0)  # of every entry: the same pairs make the same archive


def request_measures(session: Session, actor: Actor, *, at: datetime | None = None) -> bool:
    """Ask the worker for new measures of the actor's scope; False when they are under way."""
    at = moment(at)
    scope = scope_of(actor.roles, actor.provinces)
    if count(queries.judged_pairs(session, scope)).missing:
        raise Refused(Refusal.TOO_FEW_JUDGED)
    found = queries.quality(session, scope) or _create(session, scope)
    # One statement decides who of those that ask at the same moment has asked.
    asked = session.execute(
        update(MatchQuality)
        .where(MatchQuality.id == found.id, MatchQuality.requested_at.is_(None))
        .values(requested_at=at)
        .execution_options(synchronize_session=False)
    )
    if asked.rowcount != 1:  # type: ignore[attr-defined]
        return False
    audit.record(session, actor, "quality.measure", "match_quality", found.id, scope=scope, at=at)
    return True


def _create(session: Session, scope: str) -> MatchQuality:
    """The scope's row, or the one that somebody else has just created."""
    row = MatchQuality(scope=scope)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        found = queries.quality(session, scope)
        if found is None:
            raise
        return found
    return row


def archive(pairs: Sequence[JudgedPair], texts: Mapping[int, EngineListing]) -> bytes:
    """needs.jsonl, capabilities.jsonl and qrels.tsv, zipped."""
    rows = [f"{pair.need_id}\t{pair.capability_id}\t{pair.grade}" for pair in pairs]
    files = {
        "needs.jsonl": _lines(texts, {pair.need_id for pair in pairs}),
        "capabilities.jsonl": _lines(texts, {pair.capability_id for pair in pairs}),
        "qrels.tsv": "\n".join(["need_id\tcapability_id\tgrade", *rows]) + "\n",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in files.items():
            zipped.writestr(zipfile.ZipInfo(name, OLDEST), content.encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _lines(texts: Mapping[int, EngineListing], ids: Iterable[int]) -> str:
    return "".join(json.dumps(to_row(texts[one]), ensure_ascii=False) + "\n" for one in sorted(ids))

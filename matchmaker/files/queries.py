from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload

from matchmaker.db import chunks
from matchmaker.files.models import StoredFile
from matchmaker.files.states import Purpose


def file(session: Session, file_id: int) -> StoredFile | None:
    """One file that was not deleted."""
    return session.scalar(
        select(StoredFile).where(StoredFile.id == file_id, StoredFile.deleted_at.is_(None))
    )


def names(session: Session, ids: Collection[int]) -> Mapping[int, str]:
    """File → its name, of deleted ones too: for records of what was done with them."""
    found = session.execute(select(StoredFile.id, StoredFile.name).where(StoredFile.id.in_(ids)))
    return dict(found.tuples().all())


def _counted(organisation_id: int) -> tuple[ColumnElement[bool], ...]:
    """What counts for an organisation's quota."""
    return (
        StoredFile.organisation_id == organisation_id,
        StoredFile.deleted_at.is_(None),
        StoredFile.purpose.not_in(Purpose.UNCOUNTED),
    )


def bytes_of(session: Session, organisation_id: int) -> int:
    """Return how many bytes an organisation has stored."""
    query = select(func.sum(StoredFile.size)).where(*_counted(organisation_id))
    return session.scalar(query) or 0


def of_organisation(organisation_id: int) -> Select[tuple[StoredFile]]:
    """Select the files that count for an organisation's quota, the newest first."""
    return (
        select(StoredFile)
        .where(*_counted(organisation_id))
        .options(joinedload(StoredFile.uploaded_by))
        .order_by(StoredFile.created_at.desc(), StoredFile.id.desc())
    )


def to_remove(session: Session) -> Sequence[StoredFile]:
    """Deleted files whose bytes are still there, held until the commit."""
    return session.scalars(
        select(StoredFile)
        .where(StoredFile.deleted_at.is_not(None), StoredFile.removed_at.is_(None))
        .order_by(StoredFile.id)
        .with_for_update(skip_locked=True)
    ).all()


def known_keys(session: Session, keys: Collection[str]) -> set[str]:
    """Return the keys that belong to a file."""
    return {
        key
        for part in chunks(list(keys))
        for key in session.scalars(select(StoredFile.key).where(StoredFile.key.in_(part)))
    }

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, joinedload

from matchmaker.db import chunks
from matchmaker.imports.models import (
    CuratedImport,
    DraftSource,
    Import,
    ImportBatch,
    ImportedListing,
    ImportedOrganisation,
    ImportRow,
    TableForm,
)
from matchmaker.imports.states import ImportStatus, RowStatus
from matchmaker.listings.models import Listing
from matchmaker.listings.queries import whole
from matchmaker.organisations.models import JoinRequest, Organisation


def table(session: Session, import_id: int) -> Import | None:
    """One import with its organisation and who acted on it last."""
    return session.scalar(
        select(Import)
        .where(Import.id == import_id)
        .options(
            joinedload(Import.organisation), joinedload(Import.user), joinedload(Import.origin)
        )
    )


def at_work(session: Session) -> Import | None:
    """One import that waits for the worker, held until the commit; another worker's is not."""
    return session.scalar(
        select(Import)
        .where(Import.status.in_(ImportStatus.AT_WORK))
        .options(joinedload(Import.organisation), joinedload(Import.origin))
        .order_by(Import.updated_at, Import.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Import)
    )


def of_organisation(organisation_id: int | None) -> Select[tuple[Import]]:
    """Select what an organisation has brought, the newest first."""
    return (
        select(Import)
        .where(Import.organisation_id == organisation_id)
        .options(joinedload(Import.user))
        .order_by(Import.id.desc())
    )


def batch(session: Session, batch_id: int) -> ImportBatch | None:
    """One table that a curator brought for several organisations."""
    return session.get(ImportBatch, batch_id)


def batches_of(user_id: int | None) -> Select[tuple[ImportBatch]]:
    """Select what a curator has brought for several organisations, the newest first."""
    return select(ImportBatch).where(ImportBatch.user_id == user_id).order_by(ImportBatch.id.desc())


def parts(session: Session, batch_id: int | None) -> Sequence[Import]:
    """The imports that a curator's table was divided into, with their organisations."""
    if batch_id is None:
        return ()
    return session.scalars(
        select(Import)
        .join(CuratedImport, CuratedImport.import_id == Import.id)
        .where(CuratedImport.batch_id == batch_id)
        .options(
            joinedload(Import.organisation), joinedload(Import.user), joinedload(Import.origin)
        )
        .order_by(Import.id)
    ).all()


def brought_alone(curator_id: int | None) -> Select[tuple[Import]]:
    """Select what a curator has brought for one organisation at a time, the newest first."""
    return (
        select(Import)
        .join(CuratedImport, CuratedImport.import_id == Import.id)
        .where(CuratedImport.curator_id == curator_id, CuratedImport.batch_id.is_(None))
        .options(joinedload(Import.organisation))
        .order_by(Import.id.desc())
    )


def brought_for(organisation_id: int) -> Select[tuple[Import]]:
    """Select what curators have brought for one organisation, the newest first."""
    brought = of_organisation(organisation_id).options(joinedload(Import.organisation))
    return brought.join(CuratedImport, CuratedImport.import_id == Import.id)


def counts(session: Session, import_ids: Collection[int]) -> Mapping[int, Mapping[str, int]]:
    """Return import → status → how many of its rows have it."""
    found: dict[int, dict[str, int]] = {number: {} for number in import_ids}
    query = (
        select(ImportRow.import_id, ImportRow.status, func.count())
        .where(ImportRow.import_id.in_(import_ids))
        .group_by(ImportRow.import_id, ImportRow.status)
    )
    for number, status, many in session.execute(query) if found else ():
        found[number][status] = many
    return found


def rows_from(session: Session, import_id: int, position: int, most: int) -> Sequence[ImportRow]:
    """The rows of an import from a position on."""
    return session.scalars(
        select(ImportRow)
        .where(ImportRow.import_id == import_id, ImportRow.position >= position)
        .order_by(ImportRow.position)
        .limit(most)
    ).all()


def first_of_sheet(session: Session, import_id: int, sheet: int, most: int) -> Sequence[ImportRow]:
    """The first rows of one sheet of an import."""
    return session.scalars(
        select(ImportRow)
        .where(ImportRow.import_id == import_id, ImportRow.sheet == sheet)
        .order_by(ImportRow.position)
        .limit(most)
    ).all()


def rows_with(
    session: Session, import_id: int, statuses: Collection[str], most: int | None = None
) -> Sequence[ImportRow]:
    """The first rows of an import that have one of the statuses."""
    return session.scalars(
        select(ImportRow)
        .where(ImportRow.import_id == import_id, ImportRow.status.in_(statuses))
        .order_by(ImportRow.position)
        .limit(most)
    ).all()


def remarked(session: Session, import_id: int, most: int) -> Sequence[ImportRow]:
    """The first rows that are taken, of which something is not used or read otherwise."""
    return session.scalars(
        select(ImportRow)
        .where(ImportRow.import_id == import_id, ImportRow.is_remarked)
        .where(ImportRow.status != RowStatus.REFUSED)
        .order_by(ImportRow.position)
        .limit(most)
    ).all()


def earlier_keys(
    session: Session, import_id: int, position: int, keys: Collection[str]
) -> Mapping[str, int]:
    """Return key → row number, of the rows before a position that have one of the keys."""
    query = select(ImportRow.key, ImportRow.number).where(
        ImportRow.import_id == import_id,
        ImportRow.position < position,
        ImportRow.status != RowStatus.REFUSED,
        ImportRow.key.in_(keys),
    )
    return dict(session.execute(query).tuples().all())


def made_of(
    session: Session, organisation_id: int, kind: str, keys: Collection[str]
) -> Mapping[str, tuple[ImportedListing, Listing]]:
    """Return key → what was told and the whole listing that was made of it."""
    query = (
        select(ImportedListing, Listing)
        .join(Listing, Listing.id == ImportedListing.listing_id)
        .where(
            ImportedListing.organisation_id == organisation_id,
            ImportedListing.kind == kind,
            ImportedListing.key.in_(keys),
        )
        .options(*whole())
    )
    found = session.execute(query).unique().tuples().all()
    return {imported.key: (imported, listing) for imported, listing in found}


def listings_by_ids(session: Session, ids: Sequence[int]) -> Mapping[int, Listing]:
    """Return number → listing with all that it says, held until the commit."""
    return {
        listing.id: listing
        for part in chunks(ids)
        for listing in session.scalars(
            select(Listing)
            .where(Listing.id.in_(part))
            .options(*whole())
            .with_for_update(of=Listing)
        )
    }


def told_of(session: Session, ids: Sequence[int]) -> Mapping[int, ImportedListing]:
    """Return number of a listing → by what it is known again."""
    return {
        one.listing_id: one
        for one in session.scalars(
            select(ImportedListing).where(ImportedListing.listing_id.in_(ids))
        )
    }


def form(session: Session, organisation_id: int, kind: str, signature: str) -> TableForm | None:
    """What an organisation has said of a form with these headings."""
    return session.scalar(
        select(TableForm).where(
            TableForm.organisation_id == organisation_id,
            TableForm.kind == kind,
            TableForm.signature == signature,
        )
    )


def source_of(session: Session, listing_id: int) -> DraftSource | None:
    """The file that a draft was filled from."""
    return session.get(DraftSource, listing_id)


def older_than(session: Session, at: datetime) -> Sequence[int]:
    """The numbers of imports that nobody has touched since."""
    return session.scalars(
        select(Import.id).where(Import.updated_at < at, Import.status.not_in(ImportStatus.AT_WORK))
    ).all()


def batches_older_than(session: Session, at: datetime) -> Sequence[ImportBatch]:
    """Curators' tables that nobody has touched since."""
    return session.scalars(select(ImportBatch).where(ImportBatch.updated_at < at)).all()


def entered(session: Session, keys: Sequence[str]) -> Mapping[tuple[str, str], Organisation]:
    """Return (province, row's own id) → the organisation that was entered by it."""
    query = (
        select(ImportedOrganisation)
        .where(ImportedOrganisation.key.in_(keys))
        .options(joinedload(ImportedOrganisation.organisation))
    )
    found = session.scalars(query)
    return {(one.organisation.province, one.key): one.organisation for one in found}


def untouched(session: Session, batch_id: int) -> Sequence[ImportedOrganisation]:
    """What was entered from a table and nobody has worked with since, held until the commit."""
    number = ImportedOrganisation.organisation_id
    worked_with = (
        exists().where(table.organisation_id == number)
        for table in (Listing, Import, TableForm, JoinRequest)
    )
    return session.scalars(
        select(ImportedOrganisation)
        .join(Organisation, Organisation.id == number)
        .where(
            ImportedOrganisation.batch_id == batch_id,
            Organisation.awaits_owner,
            Organisation.version == ImportedOrganisation.organisation_version,
            *(~one for one in worked_with),
        )
        .with_for_update(of=Organisation)
    ).all()


def entered_from(session: Session, batch_id: int) -> Sequence[Organisation]:
    """The organisations that were entered from a table."""
    return session.scalars(
        select(Organisation)
        .join(ImportedOrganisation, ImportedOrganisation.organisation_id == Organisation.id)
        .where(ImportedOrganisation.batch_id == batch_id)
        .order_by(Organisation.id)
    ).all()

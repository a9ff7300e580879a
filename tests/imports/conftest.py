"""A table that an organisation brings, on its way to drafts."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.db import db
from matchmaker.imports import jobs, queries, service
from matchmaker.imports.models import Import, ImportRow
from matchmaker.listings.models import Listing
from matchmaker.organisations.models import Organisation
from matchmaker.permissions import Actor
from matchmaker.tables import reading
from tests import factories
from tests.listings.conftest import as_actor, organisation, owner

__all__ = ["organisation", "owner"]

HEADINGS = ("需求编号", "技术需求名称", "需求描述", "技术成熟度", "预算（万元）", "需求单位")
ROWS = (
    ("001", "盐湖提锂", "收率低", "中试", "80-150", "某厂"),
    ("002", "番茄水肥一体化", "裂果多", "6", "面议", "某厂"),
)
Bring = Callable[..., Import]


def as_csv(rows: Sequence[Sequence[str]], headings: Sequence[str] = HEADINGS) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows([headings, *rows])
    return file.getvalue().encode()


@pytest.fixture
def actor(owner: object) -> Actor:
    return as_actor(owner)  # type: ignore[arg-type]


@pytest.fixture
def bring(app: Flask, session: Session, organisation: Organisation, actor: Actor) -> Bring:
    """Bring a table and have its rows checked, and drafts made of them where `run` is meant."""

    def brought(
        rows: Sequence[Sequence[str]] = ROWS,
        headings: Sequence[str] = HEADINGS,
        kind: str = "need",
        run: bool = True,
    ) -> Import:
        found = reading.read("table.csv", as_csv(rows, headings), kind)
        held = service.begin(
            session, actor, organisation, factories.plan(), found, kind=kind, name="table.csv"
        )
        said = [
            {place: name for place, _, name, _ in sheet["columns"] if name} for sheet in held.sheets
        ]
        service.map_columns(session, actor, held, held.version, said)
        held = worked(held)
        if run:
            service.run(session, actor, held, held.version)
            held = worked(held)
        return held

    return brought


def worked(held: Import) -> Import:
    """The import once the worker has done its part."""
    number = held.id
    db.session.commit()
    jobs.work_on_imports(db.session())
    found = queries.table(db.session(), number)
    assert found is not None
    return found


def statuses(held: Import) -> list[str]:
    query = select(ImportRow.status).where(ImportRow.import_id == held.id)
    return list(db.session.scalars(query.order_by(ImportRow.position)))


def faults(held: Import) -> list[list[str]]:
    query = select(ImportRow.faults).where(ImportRow.import_id == held.id)
    found = db.session.scalars(query.order_by(ImportRow.position))
    return [[code for _, _, code, _ in row] for row in found]


def drafts() -> list[Listing]:
    return list(db.session.scalars(select(Listing).order_by(Listing.id)))

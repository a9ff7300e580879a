"""Who looked at contacts and annexes, and who may know it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from matchmaker.audit import service as audit
from matchmaker.audit.models import AuditRecord
from matchmaker.cooperation.states import MatchStatus
from tests import factories
from tests.pages.conftest import browser

pytestmark = pytest.mark.both_databases
LOOKS = "/organisation/looks"


@pytest.fixture
def pair(session: Session) -> dict[str, Any]:
    """An agreed match between two organisations, and a person of each and of the desk."""
    west = factories.OrganisationFactory(province="63", name_other="Salt Works")
    east = factories.OrganisationFactory(eastern=True, name_other="Lake Institute")
    people = {"owner": factories.member_of(west), "partner": factories.member_of(east)}
    need = factories.need(organisation=west, author=people["owner"], annex="secret")
    capability = factories.capability(organisation=east, author=people["partner"])
    match = factories.MatchFactory(need=need, capability=capability, status=MatchStatus.MUTUAL)
    session.commit()
    return {**people, "west": west, "need": need, "match": match}


def looks(session: Session, organisation_id: int) -> list[tuple[str, dict[str, Any]]]:
    session.rollback()
    query = (
        select(AuditRecord).where(AuditRecord.subject_type == "contacts").order_by(AuditRecord.id)
    )
    return [(r.action, r.detail) for r in session.scalars(query) if r.subject_id == organisation_id]


@pytest.mark.parametrize(
    ("who", "path", "noted"),
    [
        ("partner", "/matches/{match}", [("contacts.see", {"match": "{match}"})]),
        ("partner", "/listings/{need}", [("contacts.see", {"listing": "{need}"})]),
        ("partner", "/organisations/{west}", [("contacts.see", {})]),
        ("owner", "/matches/{match}", []),
        ("owner", "/organisations/{west}", []),
        ("curator", "/organisations/{west}", [("contacts.see", {})]),
        ("curator", "/desk/organisations/{west}", [("contacts.see", {})]),
        ("stranger", "/organisations/{west}", []),
        ("visitor", "/listings/{need}", []),
    ],
)
def test_who_is_shown_contacts_is_recorded_once_a_day(
    app: Flask, session: Session, pair: dict[str, Any], who: str, path: str, noted: list[Any]
) -> None:
    ids = {name: pair[name].id for name in ("match", "need", "west")}
    people = {
        **pair,
        "curator": factories.provincial_curator("63"),
        "stranger": factories.member_of(factories.OrganisationFactory(province="64")),
    }
    client = browser(app) if who == "visitor" else browser(app).sign_in(people[who])
    for _ in range(2):
        client.page(path.format(**ids))
    by = pair["partner"] and {"partner": pair["match"].capability.organisation_id}.get(
        who, "curator"
    )
    expected = [
        (action, {"by": by, **{k: int(v.format(**ids)) for k, v in where.items()}})
        for action, where in noted
    ]
    assert looks(session, ids["west"]) == expected
    assert audit.verify(session) is None


def test_the_annex_is_recorded_once_it_is_open(
    app: Flask, session: Session, pair: dict[str, Any]
) -> None:
    partner = browser(app).sign_in(pair["partner"])
    path = f"/matches/{pair['match'].id}"
    partner.submit(f"{path}/promise")
    partner.page(path)
    actions = [action for action, _ in looks(session, pair["west"].id)]
    assert actions == ["contacts.see", "contacts.see_annex"]


def test_the_owner_reads_who_looked(app: Flask, session: Session, pair: dict[str, Any]) -> None:
    owner = browser(app).sign_in(pair["owner"])
    assert "Nobody has seen them yet." in owner.page(LOOKS).text
    browser(app).sign_in(pair["partner"]).page(f"/matches/{pair['match'].id}")
    browser(app).sign_in(factories.provincial_curator("63", name="Wang Min")).page(
        f"/organisations/{pair['west'].id}"
    )
    text = owner.page(LOOKS).text
    assert f"Lake Institute Contacts Match {pair['match'].id}" in text
    assert "A curator Contacts Organisation's page" in text
    assert "Wang Min" not in text
    assert LOOKS in owner.page("/organisation").links


def test_contacts_are_not_shown_when_the_look_cannot_be_recorded(
    app: Flask, session: Session, pair: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Exception("disk is full"))

    monkeypatch.setattr("matchmaker.pages.shared.watching.audit.record", full)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    try:
        answer = browser(app).sign_in(pair["partner"]).get(f"/matches/{pair['match'].id}")
    finally:
        app.config["PROPAGATE_EXCEPTIONS"] = None
    assert answer.status_code in (500, 503)
    assert pair["west"].contact_email not in answer.text

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.audit import queries as audit
from matchmaker.db import now, today
from matchmaker.organisations.jobs import lapse_verifications
from matchmaker.organisations.models import Organisation
from tests.listings.conftest import as_actor
from tests.organisations.conftest import notices


def later(days: int) -> time_machine.travel:
    return time_machine.travel(now() + timedelta(days=days))


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("days", "status"), [(364, "verified"), (365, "verified"), (366, "lapsed")]
)
def test_a_verification_lapses_the_day_after_its_last(
    session: Session, organisation: Organisation, days: int, status: str
) -> None:
    with later(days):
        lapse_verifications(session)
    assert organisation.status == status


def test_a_renewed_one_does_not(session: Session, organisation: Organisation) -> None:
    organisation.verified_until = today() + timedelta(days=700)
    session.commit()
    with later(500):
        assert lapse_verifications(session) == 0


@pytest.mark.both_databases
@pytest.mark.parametrize(("days", "verified"), [(365, True), (366, False)])
def test_rights_end_by_the_date_before_any_job(
    session: Session, organisation: Organisation, owner: User, days: int, verified: bool
) -> None:
    with later(days):
        assert as_actor(owner).organisation_verified is verified
        named = session.scalars(
            select(Organisation.id).where(Organisation.standing == "verified")
        ).all()
        assert bool(named) is verified
    assert organisation.status == "verified"


@pytest.mark.parametrize("status", ["registered", "suspended", "lapsed"])
def test_nothing_else_lapses(session: Session, organisation: Organisation, status: str) -> None:
    organisation.status = status
    session.commit()
    with later(500):
        lapse_verifications(session)
    assert organisation.status == status


def test_the_owners_are_told_once(
    session: Session, organisation: Organisation, owner: User
) -> None:
    with later(500):
        assert (lapse_verifications(session), lapse_verifications(session)) == (1, 0)
    assert notices(session, owner) == ["organisation.lapsed"]


def test_the_log_names_the_job(session: Session, organisation: Organisation) -> None:
    with later(500):
        lapse_verifications(session)
    (record,) = audit.about(session, "organisation", organisation.id)
    assert (record.actor_id, record.actor_name, record.action) == (
        None,
        "matchmaker",
        "organisation.lapse",
    )

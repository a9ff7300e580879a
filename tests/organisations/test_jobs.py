from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.audit import queries as audit
from matchmaker.db import now, today
from matchmaker.notices import service as notice_service
from matchmaker.notices.models import Notice, OutboxMail
from matchmaker.organisations import identity
from matchmaker.organisations.jobs import lapse_verifications, report_undelivered, warn_of_lapses
from matchmaker.organisations.models import Invitation, Organisation
from tests import factories
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


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("nights", "warnings"),
    [
        ([334], []),
        ([335], [30]),
        ([335, 336, 350], [30]),
        ([350], [30]),
        ([335, 358], [30, 7]),
        ([358, 359, 365], [7]),
        ([366], []),
    ],
)
def test_owners_are_warned_at_thirty_and_at_seven_days(
    session: Session,
    organisation: Organisation,
    owner: User,
    nights: list[int],
    warnings: list[int],
) -> None:
    for night in nights:
        with later(night):
            warn_of_lapses(session)
    records = session.scalars(audit.select_records(audit.Wanted()))
    told = [record.detail["days"] for record in records if record.action == "organisation.warn"]
    assert sorted(told, reverse=True) == warnings
    assert notices(session, owner) == ["organisation.lapses"] * len(warnings)


def test_a_renewal_is_warned_of_anew(session: Session, organisation: Organisation) -> None:
    with later(358):
        assert warn_of_lapses(session) == 1
        identity.verify(
            session,
            as_actor(factories.provincial_curator("63")),
            organisation,
            organisation.version,
            evidence="Seen.",
            checks=["licence"],
            verified_on=today(),
            expires_on=today() + timedelta(days=365),
        )
        session.commit()
    with later(358 + 335):
        assert warn_of_lapses(session) == 1


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


def given_up(session: Session, recipient: str, words: str = "550 no such person") -> None:
    notice_service.mail(session, recipient, "en", "account.exists", "/")
    mail = session.query(OutboxMail).order_by(OutboxMail.id.desc()).first()
    assert mail is not None
    mail.given_up_at, mail.last_error = now(), words
    session.commit()


def told_of_mail(session: Session) -> list[tuple[int, str, dict[str, str]]]:
    found = session.query(Notice).filter_by(kind="mail.undelivered").order_by(Notice.id)
    return [(notice.user_id, notice.path, notice.params) for notice in found]


@pytest.mark.both_databases
def test_owners_and_the_person_hear_which_mail_does_not_arrive(
    session: Session, organisation: Organisation, owner: User
) -> None:
    editor = factories.member_of(organisation, "editor")
    factories.member_of(factories.OrganisationFactory())  # of another organisation
    given_up(session, editor.email)
    assert report_undelivered(session) == 1
    params = {"address": editor.email, "words": "550 no such person"}
    assert told_of_mail(session) == [
        (owner.id, "/organisation", params),
        (editor.id, "/account", params),
    ]


def test_the_inviting_organisation_hears_of_its_invitation(
    session: Session, organisation: Organisation, owner: User
) -> None:
    session.add(
        Invitation(
            organisation_id=organisation.id,
            email="gone@example.org",
            role="viewer",
            token_hash="x",
            invited_by_id=owner.id,
            created_at=now(),
            expires_at=now() + timedelta(days=1),
        )
    )
    given_up(session, "gone@example.org")
    report_undelivered(session)
    assert [user for user, _, _ in told_of_mail(session)] == [owner.id]


def test_the_same_is_told_once_until_it_is_read(session: Session, owner: User) -> None:
    for _ in range(3):
        given_up(session, owner.email)
    assert report_undelivered(session) == 3
    assert report_undelivered(session) == 0
    assert len(told_of_mail(session)) == 1


def test_an_address_that_nobody_has_concerns_nobody(session: Session, owner: User) -> None:
    given_up(session, "stranger@example.org")
    assert report_undelivered(session) == 1
    assert told_of_mail(session) == []

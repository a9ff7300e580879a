"""People of several organisations read which one a mail or a notice concerns."""

from __future__ import annotations

import html
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.notices import service
from matchmaker.organisations.jobs import deliver_mail
from matchmaker.organisations.models import Organisation
from tests import factories
from tests.client import PageClient
from tests.notices.conftest import PARAMS, Postbox

IT_CONCERNS = "It concerns {}."


@pytest.fixture
def brine(app: Flask) -> Organisation:
    found: Organisation = factories.OrganisationFactory(name_zh="", name_other="Brine & Works")
    return found


@pytest.fixture
def solar(app: Flask) -> Organisation:
    found: Organisation = factories.OrganisationFactory(name_zh="", name_other="Solar Park")
    return found


@pytest.fixture
def both(brine: Organisation, solar: Organisation) -> User:
    user = factories.member_of(brine)
    factories.MembershipFactory(user=user, organisation=solar)
    return user


def told(
    session: Session,
    postbox: Postbox,
    user: User,
    *organisations: Organisation,
    kind: str = "listing.published",
) -> EmailMessage:
    for one in organisations:
        params = {**PARAMS, "concerning": one.id}
        service.notify(session, [user], kind, "/listings/1#partners", **params)
    session.commit()
    deliver_mail(session)
    return postbox.mails[-1]


def texts(mail: EmailMessage) -> list[str]:
    """The two halves, as a reader sees them."""
    plain, rich = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain
    assert rich
    return [plain.get_content(), html.unescape(rich.get_content())]


def test_of_one_thing_its_organisation_stands_beside_the_grounds(
    session: Session, postbox: Postbox, both: User, brine: Organisation
) -> None:
    mail = told(session, postbox, both, brine)
    assert [IT_CONCERNS.format("Brine & Works") in text for text in texts(mail)] == [True, True]
    assert "Brine" not in mail["Subject"]


def test_of_several_things_each_has_its_organisation(
    session: Session, postbox: Postbox, both: User, brine: Organisation, solar: Organisation
) -> None:
    mail = told(session, postbox, both, brine, solar)
    for text in texts(mail):
        assert text.count(IT_CONCERNS.format("Brine & Works")) == 1
        assert text.count(IT_CONCERNS.format("Solar Park")) == 1


@pytest.mark.parametrize("status", ["", "suspended", "merged"])
def test_who_acts_for_one_alone_reads_no_name(
    session: Session, postbox: Postbox, brine: Organisation, status: str
) -> None:
    user = factories.member_of(brine)
    if status:
        other = factories.OrganisationFactory(status=status)
        factories.MembershipFactory(user=user, organisation=other)
    plain = texts(told(session, postbox, user, brine))[0]
    assert "It concerns" not in plain
    assert "/acting" not in plain


@pytest.mark.parametrize(
    ("kind", "way"),
    [
        ("listing.published", "/acting?organisation={}&next=/listings/1%23partners"),
        ("listing.still_open", "/listings/1#partners"),
    ],
)
def test_the_link_leads_by_way_of_the_choice(
    session: Session, postbox: Postbox, both: User, brine: Organisation, kind: str, way: str
) -> None:
    """Unless it says itself who answers."""
    mail = told(session, postbox, both, brine, kind=kind)
    assert all(way.format(brine.id) in text for text in texts(mail))


# following the link


@pytest.mark.parametrize(
    ("acts_for", "asks"), [("brine", False), ("solar", True), ("none yet", True)]
)
def test_who_acts_for_another_is_asked(
    client: PageClient,
    both: User,
    brine: Organisation,
    solar: Organisation,
    acts_for: str,
    asks: bool,
) -> None:
    client.sign_in(both)
    chosen = {"brine": brine, "solar": solar}.get(acts_for)
    if chosen is not None:
        client.submit("/acting", {"organisation": str(chosen.id)})
    answer = client.get(f"/acting?organisation={brine.id}&next=/organisation")
    assert answer.status_code == (200 if asks else 303)
    assert ("What you opened concerns Brine & Works." in html.unescape(answer.text)) == asks
    if asks:
        data = {"organisation": str(brine.id)}
        answer = client.submit("/acting?next=/organisation", data)
    assert answer.location == "/organisation"


def test_one_that_is_not_the_readers_is_not_named(client: PageClient, both: User) -> None:
    other = factories.OrganisationFactory()
    answer = client.sign_in(both).get(f"/acting?organisation={other.id}&next=/home")
    assert answer.location == "/home"


def test_a_notice_names_its_organisation_and_leads_to_it(
    client: PageClient, session: Session, both: User, brine: Organisation, solar: Organisation
) -> None:
    client.sign_in(both)
    client.submit("/acting", {"organisation": str(solar.id)})
    params = {**PARAMS, "concerning": brine.id}
    service.notify(session, [both], "listing.published", "/listings/1", **params)
    session.commit()
    assert all("Brine & Works" in client.page(path).text for path in ("/notices", "/home"))
    answer = client.submit("/notices/1/open")
    assert answer.location == f"/acting?next=/listings/1&organisation={brine.id}"

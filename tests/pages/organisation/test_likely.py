"""/register/likely: is the organisation that somebody registers one of those that are here?"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.organisations.models import JoinRequest, Organisation, Registration
from tests import factories
from tests.client import PageClient
from tests.organisations.conftest import REGISTRATION, USCC, mails
from tests.pages.organisation.conftest import PERSON

LIKELY = "/register/likely"
NEARLY = REGISTRATION["legal_name"].replace("有限公司", "股份有限公司")


@pytest.fixture
def known(app: Flask) -> Organisation:
    """Verified, and called nearly as what is registered."""
    found: Organisation = factories.OrganisationFactory(name_zh=NEARLY, name_other="Salt Lake Co")
    factories.member_of(found)
    return found


@pytest.fixture
def asked(client: PageClient, known: Organisation) -> PageClient:
    """The browser of somebody with an account, who has sent the form."""
    client.sign_in(factories.UserFactory(name="Li Na"))
    assert client.submit("/register", REGISTRATION).location == LIKELY
    return client


def test_a_visitor_is_asked_after_confirming(
    client: PageClient, known: Organisation, session: Session
) -> None:
    client.submit("/register", {**REGISTRATION, **PERSON})
    response = client.submit(mails(session, "account.confirm")[-1].path)
    assert response.location == LIKELY
    assert "Salt Lake Co" in client.page(LIKELY).text
    assert session.query(Organisation).count() == 1


def test_who_asks_to_join_keeps_what_was_typed(
    asked: PageClient, known: Organisation, session: Session
) -> None:
    assert asked.submit(LIKELY, {"answer": str(known.id)}).location == "/organisation"
    assert session.query(JoinRequest).one().organisation_id == known.id
    assert session.query(Registration).one().data["uscc"] == USCC


def test_none_of_these_goes_on(asked: PageClient, session: Session) -> None:
    assert asked.submit(LIKELY, {"answer": "own"}).location == "/organisation/verification"
    made = session.query(Organisation).filter_by(uscc=USCC).one()
    assert made.name_zh == REGISTRATION["legal_name"]
    assert session.query(Registration).count() == 0


@pytest.mark.parametrize("answer", ["", "0", "999", "x"])
def test_another_answer_asks_again(asked: PageClient, answer: str, session: Session) -> None:
    assert asked.submit(LIKELY, {"answer": answer}).status_code == 422
    assert session.query(Organisation).count() == 1


@pytest.mark.parametrize(
    ("fields", "is_likely"),
    [
        ({"name_zh": NEARLY}, True),
        ({"name_zh": NEARLY, "verified_until": None}, True),  # lapsed: everybody sees it
        ({"name_zh": NEARLY, "unverified": True}, False),
        ({"name_zh": NEARLY, "suspended": True}, False),
        ({"name_zh": "江苏水稻研究所"}, False),
        ({"name_zh": "江苏水稻研究所", "uscc": "1" + USCC[1:]}, True),  # the same body
    ],
)
def test_what_is_likely(client: PageClient, fields: dict[str, object], is_likely: bool) -> None:
    if fields.pop("suspended", False):
        fields["status"] = "suspended"
    factories.OrganisationFactory(**fields)
    client.sign_in(factories.UserFactory())
    response = client.submit("/register", REGISTRATION)
    assert (response.location == LIKELY) == is_likely


def test_without_anything_typed_it_leads_away(client: PageClient) -> None:
    client.sign_in(factories.UserFactory())
    assert client.get(LIKELY).location == "/organisation"

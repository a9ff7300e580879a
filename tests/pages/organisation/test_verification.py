"""The conversation about a verification, from both sides."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.files.models import StoredFile
from matchmaker.organisations import queries
from matchmaker.organisations.models import Organisation
from tests import factories
from tests.client import PageClient
from tests.organisations.conftest import mails, notices

PAGE = "/organisation/verification"


def picture() -> tuple[BytesIO, str]:
    found = BytesIO()
    Image.new("RGB", (40, 30), "white").save(found, "PNG")
    found.seek(0)
    return found, "营业执照.png"


@pytest.fixture
def new(app: Flask) -> Organisation:
    found: Organisation = factories.OrganisationFactory(unverified=True, name_other="New Brine")
    return found


@pytest.fixture
def olga(new: Organisation) -> User:
    return factories.member_of(new, "owner", name="Olga Owner")


@pytest.fixture
def curator(app: Flask) -> User:
    return factories.provincial_curator("63", name="Ma Haiqing")


@pytest.fixture
def desk(another_browser: PageClient, curator: User) -> PageClient:
    return another_browser.sign_in(curator)


@pytest.fixture
def own(client: PageClient, olga: User) -> PageClient:
    return client.sign_in(olga)


def decide(browser: PageClient, organisation: Organisation, move: str, **data: Any) -> Any:
    path = f"/desk/organisations/{organisation.id}/{move}"
    return browser.submit(path, {"version": organisation.version, **data})


def send(browser: PageClient, text: str = "", *files: tuple[BytesIO, str]) -> Any:
    data = {"text": text, "csrf_token": browser.token(), "files": list(files)}
    return browser.post(PAGE, data=data, content_type="multipart/form-data")


def said(session: Session, organisation: Organisation) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in queries.messages(session, organisation.id)]


# papers and questions


def test_a_licence_reaches_the_curators(
    own: PageClient, desk: PageClient, curator: User, new: Organisation, session: Session
) -> None:
    assert send(own, "Our licence.", picture()).location == PAGE
    assert notices(session, curator) == ["organisation.answered"]
    page = desk.page(f"/desk/organisations/{new.id}")
    file = session.query(StoredFile).one()
    assert "营业执照.png" in page.text
    assert desk.get(f"/files/{file.id}").status_code == 200
    assert own.get(f"/files/{file.id}").status_code == 200


@pytest.mark.parametrize("who", ["viewer", "stranger", "elsewhere", "evaluator", "administrator"])
def test_nobody_else_opens_a_licence(
    own: PageClient, another_browser: PageClient, new: Organisation, who: str, session: Session
) -> None:
    send(own, "", picture())
    people = {
        "viewer": lambda: factories.member_of(new, "viewer"),
        "stranger": lambda: factories.member_of(factories.OrganisationFactory()),
        "elsewhere": lambda: factories.provincial_curator("65"),
        "evaluator": lambda: factories.staff("evaluator"),
        "administrator": lambda: factories.staff("administrator"),
    }
    file = session.query(StoredFile).one()
    another_browser.sign_in(people[who]())
    assert another_browser.get(f"/files/{file.id}").status_code == 404


def test_what_a_curator_asks_stands_on_home_and_on_the_page_it_leads_to(
    own: PageClient, desk: PageClient, new: Organisation, olga: User, session: Session
) -> None:
    decide(desk, new, "ask", question="Please send the licence.")
    home = own.page("/home")
    assert "Please send the licence." in home.text
    assert PAGE in home.links
    assert [mail.path for mail in mails(session, "organisation.more_needed")] == [PAGE]
    page = own.page(PAGE)
    assert "Please send the licence." in page.text
    assert "Ma Haiqing" in page.text


def test_a_reply_answers_the_question(
    own: PageClient, desk: PageClient, new: Organisation, session: Session
) -> None:
    decide(desk, new, "ask", question="Which licence?")
    send(own, "This one.", picture())
    assert said(session, new) == [("question", "Which licence?"), ("reply", "This one.")]
    assert "A curator asks" not in own.page(PAGE).text
    assert "asks about your verification" not in own.page("/home").text


@pytest.mark.parametrize(
    ("text", "files", "sentence"),
    [
        ("", [], "Write something, or choose a file."),
        ("x", [(BytesIO(b"MZ no picture"), "licence.png")], "licence.png"),
        ("x", [picture() for _ in range(6)], "5"),
        ("x" * 4001, [], "4000"),
    ],
)
def test_what_is_refused_keeps_the_text(
    own: PageClient, new: Organisation, session: Session, text: str, files: Any, sentence: str
) -> None:
    response = send(own, text, *((BytesIO(one.getvalue()), name) for one, name in files))
    assert response.status_code == 422
    assert sentence in response.text
    assert text in response.text
    assert said(session, new) == []


# refusal and appeal


def refused(desk: PageClient, new: Organisation) -> None:
    assert decide(desk, new, "refuse", reason="The seal is another's.").status_code == 303


def test_a_refusal_says_why_and_how_to_appeal(
    own: PageClient, desk: PageClient, new: Organisation, session: Session
) -> None:
    refused(desk, new)
    assert new.status == "refused"
    assert mails(session, "organisation.refused")[0].params["note"] == "The seal is another's."
    for path in ("/home", PAGE):
        assert "The seal is another" in own.page(path).text


def test_an_appeal_is_decided_by_another_officer(
    own: PageClient,
    desk: PageClient,
    another_browser: PageClient,
    new: Organisation,
    session: Session,
) -> None:
    national = factories.staff("national_curator")
    refused(desk, new)
    send(own, "It is ours.", picture())
    assert new.status == "registered"
    assert notices(session, national)[-1] == "organisation.appealed"
    assert decide(desk, new, "refuse", reason="No.").status_code == 422
    assert new.status == "registered"
    another_browser.sign_in(national)
    assert decide(another_browser, new, "refuse", reason="Still another's.").status_code == 303


def test_a_second_refusal_stands(
    own: PageClient, desk: PageClient, another_browser: PageClient, new: Organisation
) -> None:
    refused(desk, new)
    send(own, "It is ours.")
    another_browser.sign_in(factories.staff("national_curator"))
    decide(another_browser, new, "refuse", reason="No.")
    assert send(own, "It is!").status_code == 422
    assert new.status == "refused"


@pytest.mark.parametrize("status", ["verified", "lapsed", "refused"])
def test_only_a_first_verification_is_refused(desk: PageClient, status: str) -> None:
    found = factories.OrganisationFactory(status=status)
    assert decide(desk, found, "refuse", reason="No.").status_code == 409
    assert found.status == status


def test_a_refused_organisation_is_shown_to_nobody(client: PageClient) -> None:
    found = factories.OrganisationFactory(status="refused")
    client.page(f"/organisations/{found.id}", status=404)


# the badge


def test_the_badge_says_what_was_checked_by_which_office_until_when(client: PageClient) -> None:
    found = factories.OrganisationFactory()
    factories.VerificationFactory(
        organisation=found,
        curator=factories.UserFactory(name="Ma Haiqing"),
        checks=["licence", "call"],
        office="Qinghai Department of Science",
    )
    text = client.page(f"/organisations/{found.id}").text
    for words in ("Qinghai Department of Science", "Licence or certificate seen", "Called back"):
        assert words in text
    assert "Ma Haiqing" not in text
    assert "Business licence seen." not in text


def test_the_office_is_the_curators_at_that_time(
    desk: PageClient, new: Organisation, session: Session
) -> None:
    contact = {"office": "Qinghai Office", "phone": "0971-5550101", "email": ""}
    assert desk.submit("/account/contact", contact).status_code == 303
    day = factories.today()
    data = {"evidence": "Seen.", "checks": ["licence"], "verified_on": day.isoformat()}
    data["expires_on"] = day.replace(year=day.year + 1).isoformat()
    path = f"/desk/organisations/{new.id}"
    assert desk.submit(path, {"version": new.version, **data}).status_code == 303
    desk.submit("/account/contact", {**contact, "office": "Another"})
    verified = queries.with_members(session, new.id)
    assert verified is not None
    assert verified.badge is not None
    assert (verified.badge.office, verified.badge.checks) == ("Qinghai Office", ["licence"])

"""Asking for an organisation's account on the site: the form, those who object, the desk."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.db import now
from matchmaker.files.models import StoredFile
from matchmaker.organisations import belonging
from matchmaker.organisations.claims import queries
from matchmaker.organisations.claims.models import Claim
from matchmaker.organisations.models import JoinRequest, Organisation
from matchmaker.web.resume import LOST_FILES
from tests import factories
from tests.client import PageClient
from tests.organisations.conftest import mails, notices
from tests.pages.organisation.test_verification import picture

WORDS = {"position": "Head of research", "reason": "She left in March."}
WHY = "I am on leave and back in May."


def address(organisation: Organisation) -> str:
    return f"/organisations/{organisation.id}/account"


def send(browser: PageClient, path: str, *files: tuple[BytesIO, str], **words: str) -> Any:
    data = {**words, "csrf_token": browser.token(), "files": list(files)}
    return browser.post(path, data=data, content_type="multipart/form-data")


@pytest.fixture
def anna(app: Flask) -> User:
    found: User = factories.UserFactory(name="Anna Asker")
    return found


@pytest.fixture
def asking(client: PageClient, anna: User) -> PageClient:
    return client.sign_in(anna)


@pytest.fixture
def curator(app: Flask) -> User:
    return factories.provincial_curator("63")


@pytest.fixture
def desk(another_browser: PageClient, curator: User) -> PageClient:
    return another_browser.sign_in(curator)


@pytest.fixture
def claim(organisation: Organisation, owner: User, anna: User) -> Claim:
    found: Claim = factories.ClaimFactory(organisation=organisation, user=anna)
    return found


# asking


def test_asked_from_the_public_page_all_are_told(
    asking: PageClient, organisation: Organisation, owner: User, curator: User, session: Session
) -> None:
    assert address(organisation) in asking.get(f"/organisations/{organisation.id}").text
    sent = send(asking, address(organisation), picture(), **WORDS)
    page = asking.page(sent.location)
    assert "She left in March." in page.text
    assert "营业执照.png" in page.text
    assert notices(session, owner) == ["organisation.claim_asked"]
    assert notices(session, curator) == ["organisation.claim_to_decide"]
    told = {mail.recipient: mail.kind for mail in mails(session)}
    assert told[owner.email] == "organisation.claim_asked"
    assert told[organisation.contact_email] == "organisation.claim_contact"


@pytest.mark.parametrize("left_out", ["position", "reason", "files"])
def test_what_is_missing_is_named_and_the_rest_kept(
    asking: PageClient, organisation: Organisation, session: Session, left_out: str
) -> None:
    words = {name: text for name, text in WORDS.items() if name != left_out}
    files = () if left_out == "files" else (picture(),)
    answer = send(asking, address(organisation), *files, **words)
    assert answer.status_code == 422
    assert all(text in answer.text for text in words.values())
    assert session.query(Claim).count() == session.query(StoredFile).count() == 0


@pytest.mark.parametrize(
    ("status", "days_ago", "sentence"),
    [
        ("open", 1, "You have a request for this account already; it is waiting."),
        ("refused", 29, "Days until you can ask again: 1."),
        ("refused", 31, ""),
        ("withdrawn", 1, ""),
    ],
)
def test_one_asks_once_and_waits_after_a_refusal(
    asking: PageClient,
    organisation: Organisation,
    anna: User,
    status: str,
    days_ago: int,
    sentence: str,
) -> None:
    then = now() - timedelta(days=days_ago)
    factories.ClaimFactory(
        organisation=organisation, user=anna, status=status, at=then, decided_at=then
    )
    answer = send(asking, address(organisation), picture(), **WORDS)
    assert answer.status_code == (422 if sentence else 303)
    assert sentence in answer.text


def test_a_form_that_was_sent_twice_leads_to_the_request_that_waits(
    asking: PageClient, organisation: Organisation
) -> None:
    own = send(asking, address(organisation), picture(), **WORDS).location
    assert f'href="{own}"' in send(asking, address(organisation), picture(), **WORDS).text


def test_the_form_says_that_account_managers_do_not_open_the_files(
    asking: PageClient, organisation: Organisation
) -> None:
    text = asking.page(address(organisation)).text
    assert "the account managers do not" in text
    assert "This site does not scan files for viruses." in text


@pytest.mark.parametrize("chose", [True, False])
def test_only_who_chose_files_is_told_to_choose_them_again(
    asking: PageClient, organisation: Organisation, chose: bool
) -> None:
    files = [picture()] if chose else []
    answer = send(asking, address(organisation), *files, position="", reason="")
    assert ("Files have to be chosen again." in answer.text) is chose


def test_a_reply_whose_files_were_lost_on_the_way_is_not_sent_without_them(
    asking: PageClient, claim: Claim
) -> None:
    words = {"text": "Here it is.", LOST_FILES: "1"}
    answer = send(asking, f"/organisation/claims/{claim.id}/reply", **words)
    assert answer.status_code == 422
    assert "Files: please choose them again." in answer.text
    assert "Here it is." in answer.text


@pytest.mark.parametrize(
    ("status", "has_asked", "code"),
    [("verified", False, 200), ("registered", False, 404), ("registered", True, 200)],
)
def test_who_does_not_know_an_organisation_cannot_ask(
    asking: PageClient, anna: User, session: Session, status: str, has_asked: bool, code: int
) -> None:
    known = factories.OrganisationFactory(status=status, name_other="Hidden Works")
    if has_asked:
        request = JoinRequest(organisation_id=known.id, user_id=anna.id, at=now(), status="open")
        session.add(request)
        session.commit()
    page = asking.page(address(known), status=code)
    assert ("Hidden Works" in page.text) == (status == "verified")


def test_who_asks_for_a_hidden_one_never_reads_its_name(
    asking: PageClient, desk: PageClient, anna: User, session: Session
) -> None:
    known = factories.OrganisationFactory(
        unverified=True, name_zh="隐名公司", name_other="Hidden Works"
    )
    session.add(JoinRequest(organisation_id=known.id, user_id=anna.id, at=now(), status="open"))
    session.commit()
    own = send(asking, address(known), picture(), **WORDS).location
    claim = session.query(Claim).one()
    desk.submit(f"/desk/claims/{claim.id}/ask", {"question": "Which licence?"})
    desk.submit(f"/desk/claims/{claim.id}/refuse", {"reason": "Not enough."})
    texts = [asking.page(path).text for path in (own, "/organisation", "/home", "/notices")]
    texts += [str(mail.params) for mail in mails(session) if mail.recipient == anna.email]
    assert not [text for text in texts if known.name_other in text or known.name_zh in text]


def test_curators_ask_and_who_asks_replies(
    asking: PageClient, desk: PageClient, claim: Claim, curator: User, session: Session
) -> None:
    desk.submit(f"/desk/claims/{claim.id}/ask", {"question": "Where is the seal?"})
    own = f"/organisation/claims/{claim.id}"
    assert "Where is the seal?" in asking.page(own).text
    send(asking, own + "/reply", picture(), text="On page two.")
    assert "organisation.claim_answered" in notices(session, curator)
    page = desk.page(f"/desk/claims/{claim.id}")
    assert "On page two." in page.text
    assert "营业执照.png" in page.text


# objecting


def test_an_account_manager_objects_and_only_curators_read_it(
    client: PageClient, desk: PageClient, claim: Claim, owner: User, anna: User, curator: User
) -> None:
    client.sign_in(owner)
    path = f"/organisation/claims/{claim.id}"
    assert all(path in client.get(page).text for page in ("/home", "/organisation"))
    client.submit(path + "/objection", {"reason": WHY})
    assert WHY in client.page(path).text
    assert WHY in desk.page(f"/desk/claims/{claim.id}").text
    assert WHY not in client.sign_in(anna).page(path).text


def test_the_contact_objects_without_an_account(
    asking: PageClient,
    another_browser: PageClient,
    organisation: Organisation,
    owner: User,
    session: Session,
) -> None:
    send(asking, address(organisation), picture(), **WORDS)
    path = mails(session, "organisation.claim_contact")[0].path
    another_browser.submit(path, {"reason": WHY})
    assert WHY in another_browser.page(path).text
    again = another_browser.submit(path, {"reason": "Once more."})
    assert again.status_code == 422
    found = queries.objection_of(session, session.query(Claim).one().id, None)
    assert found is not None
    assert found.text == WHY


@pytest.mark.parametrize(("days", "code"), [(6, 303), (7, 422)])
def test_after_seven_days_nobody_objects(
    client: PageClient, claim: Claim, owner: User, session: Session, days: int, code: int
) -> None:
    claim.at = now() - timedelta(days=days)
    belonging.memberships_of(session, owner.id)[0].joined_at = claim.at - timedelta(days=9)
    session.commit()
    path = f"/organisation/claims/{claim.id}/objection"
    assert client.sign_in(owner).submit(path, {"reason": WHY}).status_code == code


def test_an_empty_objection_is_asked_for_again(
    client: PageClient, claim: Claim, owner: User
) -> None:
    path = f"/organisation/claims/{claim.id}/objection"
    answer = client.sign_in(owner).submit(path, {"reason": " "})
    assert (answer.status_code, "Why you object: please fill this in." in answer.text) == (
        422,
        True,
    )


# deciding


def test_the_desk_shows_the_request_and_gives_the_account(
    desk: PageClient, asking: PageClient, claim: Claim, owner: User, session: Session
) -> None:
    claim.at = now() - timedelta(days=8)
    belonging.memberships_of(session, owner.id)[0].joined_at = claim.at - timedelta(days=9)
    session.commit()
    assert "Anna Asker" in desk.page("/desk?queue=claims").text
    desk.submit(f"/desk/claims/{claim.id}/approve")
    assert asking.page("/organisation").text.count("Anna Asker")
    assert asking.get("/organisation/edit").status_code == 200


@pytest.mark.parametrize("move", ["approve", "refuse"])
def test_before_the_time_is_over_the_desk_says_so(
    desk: PageClient, claim: Claim, move: str
) -> None:
    assert "Not yet to be decided" in desk.page(f"/desk/claims/{claim.id}").text
    answer = desk.submit(f"/desk/claims/{claim.id}/{move}", {"reason": "No."})
    assert answer.status_code == 422


def test_a_refusal_needs_a_reason(desk: PageClient, claim: Claim) -> None:
    answer = desk.submit(f"/desk/claims/{claim.id}/refuse", {"reason": ""})
    assert (answer.status_code, "Why you refuse it: please fill this in." in answer.text) == (
        422,
        True,
    )


def test_sessions_of_the_former_account_manager_keep_no_rights(
    client: PageClient, desk: PageClient, claim: Claim, owner: User, session: Session
) -> None:
    client.sign_in(owner)
    assert client.get("/organisation/edit").status_code == 200
    claim.at = now() - timedelta(days=18)
    belonging.memberships_of(session, owner.id)[0].joined_at = claim.at
    session.commit()
    desk.submit(f"/desk/claims/{claim.id}/approve")
    assert client.get("/organisation/edit").status_code == 404
    assert client.get(f"/organisation/claims/{claim.id}").status_code == 404


def test_the_evidence_opens_for_who_asks_and_the_curators(
    asking: PageClient,
    desk: PageClient,
    organisation: Organisation,
    owner: User,
    session: Session,
) -> None:
    send(asking, address(organisation), picture(), **WORDS)
    path = f"/files/{session.query(StoredFile).one().id}"
    assert [browser.get(path).status_code for browser in (asking, desk)] == [200, 200]
    assert asking.sign_in(owner).get(path).status_code == 404


def test_who_takes_it_back_may_ask_again(asking: PageClient, claim: Claim) -> None:
    asking.submit(f"/organisation/claims/{claim.id}/withdraw")
    assert "withdrawn" in asking.page(f"/organisation/claims/{claim.id}").text
    assert "Send the request" in asking.page(address(claim.organisation)).text

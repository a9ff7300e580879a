"""The second factor: setting it up, signing in with it, and losing it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts import queries
from matchmaker.accounts.models import User
from matchmaker.accounts.passwords import hash_password
from matchmaker.audit import queries as audit
from matchmaker.db import now
from matchmaker.security.models import SecurityEvent
from tests import factories
from tests.accounts.conftest import PASSWORD, mails
from tests.client import PageClient
from tests.pages.account.conftest import is_signed_in, sign_in


@pytest.fixture(autouse=True)
def still() -> Iterator[None]:
    """The clock stands in the middle of a code's thirty seconds."""
    middle = datetime.fromtimestamp(int(now().timestamp()) // 30 * 30 + 15, UTC)
    with time_machine.travel(middle, tick=False):
        yield


RECOVERY = re.compile(r"\b(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}\b")


def code_of(session: Session, user: User, steps: int = 0) -> str:
    factor = queries.second_factor(session, user.id)
    assert factor is not None
    return pyotp.TOTP(factor.secret).generate_otp(int(now().timestamp()) // 30 + steps)


def set_up(browser: PageClient, session: Session, user: User) -> list[str]:
    """Set up an app; return the recovery codes. The code of this half minute is used up."""
    browser.submit("/account/second-factor/begin")
    answer = browser.submit(
        "/account/second-factor/set-up", {"code": code_of(session, user, steps=-1)}
    )
    assert answer.status_code == 200
    return RECOVERY.findall(answer.text)


def half_way(browser: PageClient, email: str = "ana@example.org", **data: Any) -> Any:
    return sign_in(browser, email, **data)


def finish(browser: PageClient, code: str, **data: Any) -> Any:
    return browser.submit("/sign-in/code", {"code": code, **data})


@pytest.fixture
def own(client: PageClient, ana: User) -> PageClient:
    return client.sign_in(ana)


def test_setting_up_shows_a_picture_and_a_key(own: PageClient, session: Session, ana: User) -> None:
    assert own.submit("/account/second-factor/begin").status_code == 303
    text = own.get("/account/second-factor/set-up").text
    factor = queries.second_factor(session, ana.id)
    assert factor is not None
    assert "<svg" in text
    assert factor.secret in text.replace(" ", "")


def test_it_counts_once_a_code_is_shown(own: PageClient, session: Session, ana: User) -> None:
    own.submit("/account/second-factor/begin")
    assert not queries.has_second_factor(session, ana.id)
    wrong = own.submit("/account/second-factor/set-up", {"code": "000000"})
    assert (wrong.status_code, 'href="#code"' in wrong.text) == (422, True)
    assert not queries.has_second_factor(session, ana.id)
    assert len(set_up(own, session, ana)) == 10
    assert queries.has_second_factor(session, ana.id)


def test_setting_up_ends_other_sessions_and_is_mailed(
    own: PageClient, another_browser: PageClient, session: Session, ana: User
) -> None:
    another_browser.sign_in(ana)
    set_up(own, session, ana)
    assert (is_signed_in(own), is_signed_in(another_browser)) == (True, False)
    assert mails(session)[-1].kind == "account.factor_confirmed"


def test_the_password_alone_opens_nothing(
    own: PageClient, another_browser: PageClient, session: Session, ana: User
) -> None:
    set_up(own, session, ana)
    assert "Code from your app" in half_way(another_browser).text
    assert not is_signed_in(another_browser)


def test_the_code_opens_the_page_one_came_for(
    own: PageClient, another_browser: PageClient, session: Session, ana: User
) -> None:
    set_up(own, session, ana)
    assert 'name="next" value="/notices"' in half_way(another_browser, next="/notices").text
    answer = finish(another_browser, code_of(session, ana), next="/notices")
    assert answer.location == "/notices"
    assert is_signed_in(another_browser)


@pytest.mark.parametrize("code", ["000000", "", "ABCD-EFGH-IJKL-MNOP", "٠٠٠٠٠٠", "x" * 41])
def test_another_code_is_refused(
    own: PageClient, another_browser: PageClient, session: Session, ana: User, code: str
) -> None:
    set_up(own, session, ana)
    half_way(another_browser)
    answer = finish(another_browser, code)
    assert (answer.status_code, 'href="#code"' in answer.text) == (422, True)
    assert not is_signed_in(another_browser)


def test_a_code_counts_once(
    own: PageClient, another_browser: PageClient, session: Session, ana: User
) -> None:
    set_up(own, session, ana)
    code = code_of(session, ana)
    half_way(own)
    assert finish(own, code).status_code == 303
    half_way(another_browser)
    assert finish(another_browser, code).status_code == 422


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_wrong(
    own: PageClient, another_browser: PageClient, session: Session, ana: User, steps: int,
    taken: bool,
) -> None:  # fmt: skip
    set_up(own, session, ana)
    half_way(another_browser)
    assert (finish(another_browser, code_of(session, ana, steps)).status_code == 303) is taken


def test_a_recovery_code_stands_in_once_and_is_mailed(
    own: PageClient, another_browser: PageClient, session: Session, ana: User
) -> None:
    spare = set_up(own, session, ana)[3]
    half_way(another_browser)
    assert finish(another_browser, spare.lower().replace("-", " ")).status_code == 303
    kinds = [mail.kind for mail in mails(session)]
    assert "account.recovery_code_used" in kinds
    half_way(another_browser)
    assert finish(another_browser, spare).status_code == 422


def test_new_recovery_codes_end_the_old_ones(own: PageClient, session: Session, ana: User) -> None:
    old = set_up(own, session, ana)
    new = RECOVERY.findall(own.submit("/account/second-factor/recovery-codes").text)
    assert len(new) == 10
    half_way(own)
    assert finish(own, old[0]).status_code == 422
    assert finish(own, new[0]).status_code == 303


def test_wrong_codes_run_out_from_wherever_they_come(
    own: PageClient, another_browser: PageClient, session: Session, ana: User
) -> None:
    set_up(own, session, ana)
    for number in range(10):
        another_browser.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"
        half_way(another_browser)
        assert finish(another_browser, "000000").status_code == 422
    assert finish(another_browser, code_of(session, ana)).status_code == 429


def test_a_wrong_code_is_noted(
    own: PageClient, another_browser: PageClient, session: Session, ana: User
) -> None:
    set_up(own, session, ana)
    half_way(another_browser)
    finish(another_browser, "000000")
    assert session.scalars(select(SecurityEvent.account)).all() == ["ana@example.org"]


def test_the_step_between_runs_out(
    own: PageClient, another_browser: PageClient, session: Session, ana: User
) -> None:
    set_up(own, session, ana)
    half_way(another_browser)
    with time_machine.travel(now() + timedelta(minutes=11)):
        finish(another_browser, code_of(session, ana))
        assert not is_signed_in(another_browser)


def test_a_new_password_ends_the_step_between(
    own: PageClient, another_browser: PageClient, session: Session, ana: User
) -> None:
    set_up(own, session, ana)
    half_way(another_browser)
    ana.generation += 1
    session.commit()
    finish(another_browser, code_of(session, ana))
    assert not is_signed_in(another_browser)


def test_it_is_removed_by_who_need_not_have_it(
    own: PageClient, session: Session, ana: User
) -> None:
    set_up(own, session, ana)
    own.submit("/account/second-factor/remove")
    assert not queries.has_second_factor(session, ana.id)
    assert mails(session)[-1].kind == "account.factor_removed"
    assert is_signed_in(own)


STAFF = [
    ("provincial_curator", "/desk", True),
    ("national_curator", "/desk", True),
    ("administrator", "/admin/accounts", True),
    ("evaluator", "/desk/quality", False),
]


@pytest.mark.parametrize(("role", "page", "required"), STAFF)
def test_who_decides_about_others_must_have_it(
    client: PageClient, session: Session, role: str, page: str, required: bool
) -> None:
    provinces = {"province": "63"} if role == "provincial_curator" else {}
    user = factories.StaffRoleFactory(
        role=role,
        user=factories.UserFactory(
            email="staff@example.org", password_hash=hash_password(PASSWORD)
        ),
        **provinces,
    ).user
    sign_in(client, "staff@example.org")
    answer = client.get(page)
    assert (answer.location == "/account/second-factor") is required
    if not required:
        return
    assert "Your role requires it" in client.get("/account/second-factor").text
    set_up(client, session, user)
    assert client.get(page).status_code == 200
    assert client.submit("/account/second-factor/remove").status_code == 422
    assert queries.has_second_factor(session, user.id)


def test_who_lacks_it_has_no_powers_on_open_pages_either(
    client: PageClient, session: Session
) -> None:
    """A curator sees an organisation that waits for verification; a visitor does not."""
    waiting = factories.OrganisationFactory(unverified=True, province="63")
    curator = factories.provincial_curator("63", email="staff@example.org")
    curator.password_hash = hash_password(PASSWORD)
    sign_in(client, "staff@example.org")
    assert client.get(f"/organisations/{waiting.id}").status_code == 404


def test_an_administrator_removes_a_lost_one(
    client: PageClient, another_browser: PageClient, session: Session, ana: User
) -> None:
    client.sign_in(ana)
    set_up(client, session, ana)
    root = another_browser.sign_in(factories.staff("administrator"))
    assert "Lost telephone" in root.page(f"/admin/accounts/{ana.id}").text
    root.submit(f"/admin/accounts/{ana.id}/second-factor/remove")
    assert not queries.has_second_factor(session, ana.id)
    assert not is_signed_in(client)
    assert audit.about(session, "account", ana.id)[0].action == "account.remove_factor"
    assert mails(session)[-1].kind == "account.factor_reset"
    assert "Lost telephone" not in root.page(f"/admin/accounts/{ana.id}").text

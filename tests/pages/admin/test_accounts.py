"""/admin/accounts: search, suspension, roles, opening an account."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from matchmaker.accounts.models import StaffRole, User
from matchmaker.accounts.passwords import matches
from matchmaker.audit import queries as audit
from tests import factories
from tests.accounts.conftest import mails
from tests.client import PageClient
from tests.counting import statements
from tests.pages.account.conftest import is_signed_in, sign_in


@pytest.fixture
def admin(client: PageClient, administrator: User) -> PageClient:
    return client.sign_in(administrator)


def account(user: User, *rest: str) -> str:
    return "/".join(("/admin/accounts", str(user.id), *rest))


def roles(session: Session, user: User) -> list[tuple[str, str]]:
    found = session.query(StaffRole).filter_by(user_id=user.id).order_by(StaffRole.id)
    return [(role.role, role.province) for role in found]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("ana@", {"Ana"}),
        ("ANA", {"Ana"}),
        ("example.org", {"Ana", "Root"}),
        ("%", set()),
        ("_na", set()),
    ],
)
def test_accounts_are_found_by_name_or_address(
    admin: PageClient, ana: User, search: str, found: set[str]
) -> None:
    text = admin.page("/admin/accounts", query_string={"search": search}).text
    assert {
        name for name in ("Ana", "Root") if f"{name} {name.lower()}@example.org" in text
    } == found


def test_a_search_without_result_says_so(admin: PageClient) -> None:
    assert "No account has “zzz”" in admin.page("/admin/accounts?search=zzz").text


def test_the_list_is_paged(admin: PageClient) -> None:
    factories.UserFactory.create_batch(25)
    assert "Page 2 of 2" in admin.page("/admin/accounts?page=2").text


def test_the_list_costs_the_same_however_long(admin: PageClient) -> None:
    factories.provincial_curator("63")
    few = statements(lambda: admin.page("/admin/accounts"))
    for _ in range(30):
        factories.provincial_curator("63", "64")
    assert statements(lambda: admin.page("/admin/accounts")) == few


def test_suspending_ends_every_session(
    admin: PageClient, another_browser: PageClient, ana: User
) -> None:
    sign_in(another_browser, "ana@example.org")
    admin.submit(account(ana, "suspend"), {"reason": "Left the park."})
    assert not is_signed_in(another_browser)


def test_suspending_needs_a_reason(admin: PageClient, ana: User) -> None:
    response = admin.submit(account(ana, "suspend"), {"reason": " "})
    assert response.status_code == 422
    assert 'href="#reason"' in response.text
    assert ana.suspended_at is None


def test_the_reason_is_shown_but_not_written_into_the_log(
    admin: PageClient, ana: User, session: Session
) -> None:
    admin.submit(account(ana, "suspend"), {"reason": "Left the park."})
    assert "Left the park." in admin.page(account(ana)).text
    (record,) = audit.about(session, "account", ana.id)
    assert (record.action, record.detail) == ("account.suspend", {})


def test_reinstating_lets_in_again(
    admin: PageClient, another_browser: PageClient, ana: User
) -> None:
    admin.submit(account(ana, "suspend"), {"reason": "Left the park."})
    admin.submit(account(ana, "reinstate"))
    assert sign_in(another_browser, "ana@example.org").status_code == 303


def test_what_was_open_before_a_suspension_stays_closed(
    admin: PageClient, another_browser: PageClient, ana: User
) -> None:
    sign_in(another_browser, "ana@example.org")
    admin.submit(account(ana, "suspend"), {"reason": "Left the park."})
    admin.submit(account(ana, "reinstate"))
    assert not is_signed_in(another_browser)


def test_a_provincial_curator_is_made_with_provinces(
    admin: PageClient, ana: User, session: Session
) -> None:
    admin.submit(account(ana, "roles"), {"role": "provincial_curator", "provinces": ["63", "64"]})
    assert roles(session, ana) == [("provincial_curator", "63"), ("provincial_curator", "64")]


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({"role": ""}, "role"),
        ({"role": "king"}, "role"),
        ({"role": "provincial_curator"}, "provinces"),
    ],
)
def test_a_role_that_is_none_is_named(
    admin: PageClient, ana: User, session: Session, data: dict[str, str], wrong: str
) -> None:
    response = admin.submit(account(ana, "roles"), data)
    assert response.status_code == 422
    assert f'href="#{wrong}"' in response.text
    assert roles(session, ana) == []


def test_a_role_is_taken_away(admin: PageClient, session: Session) -> None:
    curator = factories.provincial_curator("63", "64")
    role = session.query(StaffRole).filter_by(user_id=curator.id, province="63").one()
    admin.submit(account(curator, "roles", str(role.id), "take"))
    assert roles(session, curator) == [("provincial_curator", "64")]


def test_a_role_of_somebody_else_is_not_found(
    admin: PageClient, ana: User, session: Session
) -> None:
    curator = factories.provincial_curator("63")
    role = session.query(StaffRole).filter_by(user_id=curator.id).one()
    assert admin.submit(account(ana, "roles", str(role.id), "take")).status_code == 404


def test_the_last_administrator_keeps_the_role(
    admin: PageClient, administrator: User, session: Session
) -> None:
    role = session.query(StaffRole).filter_by(user_id=administrator.id).one()
    response = admin.submit(account(administrator, "roles", str(role.id), "take"))
    assert response.status_code == 422
    assert "last administrator" in response.text


def test_an_account_opened_for_somebody_chooses_its_password_by_mail(
    admin: PageClient, another_browser: PageClient, session: Session
) -> None:
    admin.submit(
        "/admin/accounts/new", {"email": "Li@example.org", "name": "Li Na", "language": "zh"}
    )
    (mail,) = mails(session)
    assert (mail.recipient, mail.language, mail.kind) == ("li@example.org", "zh", "account.welcome")
    another_browser.submit(mail.path, {"new_password": "three herons on the ice"})
    user = session.query(User).filter_by(email="li@example.org").one()
    assert matches(user.password_hash, "three herons on the ice")
    assert user.email_confirmed_at is not None


@pytest.mark.parametrize("email", ["ana@example.org", "nonsense", ""])
def test_an_account_needs_a_free_address(
    admin: PageClient, ana: User, email: str, session: Session
) -> None:
    response = admin.submit(
        "/admin/accounts/new", {"email": email, "name": "Li Na", "language": "zh"}
    )
    assert response.status_code == 422
    assert 'href="#email"' in response.text
    assert 'value="Li Na"' in response.text


@pytest.mark.parametrize(
    "path", ["/admin/accounts", "/admin/accounts/new", "/admin/accounts/1", "/admin/audit"]
)
def test_nobody_else_sees_these_pages(client: PageClient, path: str) -> None:
    client.sign_in(factories.staff("national_curator")).page(path, status=404)

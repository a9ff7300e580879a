"""/register: one form for an organisation and its first user."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.accounts import passwords
from matchmaker.accounts.models import User
from matchmaker.db import now
from matchmaker.organisations import belonging, service
from tests import factories
from tests.client import PageClient
from tests.organisations.conftest import REGISTRATION, USCC, mails
from tests.pages.organisation.conftest import PERSON, organisations, typed_again

WHOLE = {**REGISTRATION, **PERSON}
XINJIANG = factories.social_credit_code(12, "65")
TODAYS = ("csrf_token",)


def register(browser: PageClient, **changes: Any) -> Any:
    return browser.submit("/register", {**WHOLE, **changes})


def user(session: Session, email: str = PERSON["email"]) -> User | None:
    return session.query(User).filter_by(email=email).one_or_none()


def comparable(html: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]*"', "", html)


def test_a_good_form_leads_to_the_mailbox(client: PageClient, session: Session) -> None:
    assert "Check your mail" in register(client).text
    assert [(mail.recipient, mail.language, mail.kind) for mail in mails(session)] == [
        ("li.na@example.org", "en", "account.confirm")
    ]


def test_below_a_field_stand_its_fault_and_then_its_hint(client: PageClient) -> None:
    html = register(client, uscc="1").get_data(as_text=True)
    assert 'aria-describedby="uscc-error uscc-hint"' in html
    places = [html.index(f' id="{name}"') for name in ("uscc", "uscc-error", "uscc-hint")]
    assert places == sorted(places)


def test_nothing_is_registered_before_the_address_is_confirmed(
    client: PageClient, session: Session
) -> None:
    curator = factories.provincial_curator("63")
    register(client)
    assert organisations(session) == []
    assert not mails(session, "organisation.registered")
    assert curator.email not in [mail.recipient for mail in mails(session)]


def test_the_password_is_kept_as_argon2id(client: PageClient, session: Session) -> None:
    register(client)
    found = user(session)
    assert found is not None
    assert found.password_hash.startswith("$argon2id$")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("legal_name", ""),
        ("legal_name", "  "),
        ("legal_name", "高" * 201),
        ("type", ""),
        ("type", "kingdom"),
        ("province", "99"),
        ("uscc", ""),
        ("uscc", "91110000600037341M"),
        ("uscc", "1234"),
        ("country", "XX"),
        ("phone", "call me"),
        ("name", ""),
        ("email", ""),
        ("email", "li.na@"),
        ("password", ""),
        ("password", "short"),
        ("password", "qwertyuiop"),
        ("password", "li.na@example.org"),
    ],
)
def test_what_is_wrong_is_named(
    client: PageClient, session: Session, field: str, value: Any
) -> None:
    response = register(client, **{field: value})
    assert response.status_code == 422
    assert re.findall(r'<li><a href="#([a-z_]+)">', response.text) == [field]
    assert user(session) is None


@pytest.mark.parametrize("field", [name for name in WHOLE if name not in ("password", "type")])
def test_what_was_typed_is_kept(client: PageClient, field: str) -> None:
    response = register(client, type="")
    value = WHOLE[field]
    shown = f'value="{value}"' in response.text or f'selected value="{value}"' in response.text
    assert shown


def test_a_password_is_never_written_into_a_page(client: PageClient) -> None:
    assert PERSON["password"] not in register(client, type="").text


# how people type


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        ("uscc", "９１６３００００ ＭＡ０００４７１１" + USCC[17:], USCC),
        ("uscc", f"\u202a{USCC[:8]} {USCC[8:].lower()}\u202c", USCC),
        ("phone", "（０９５１）２０１２３４５转８００１", "(0951)2012345转8001"),
        ("phone", "1３8 0013 8000", "138 0013 8000"),
    ],
)
def test_full_width_letters_and_unseen_marks_are_folded(
    client: PageClient, session: Session, field: str, typed: str, stored: str
) -> None:
    assert "Check your mail" in register(client, **{field: typed}).text
    kept = belonging.registration(session, user(session).id).data  # type: ignore[union-attr]
    assert kept[{"phone": "contact_phone"}.get(field, field)] == stored


def test_a_full_width_address_is_a_plain_one(client: PageClient, session: Session) -> None:
    register(client, email="ｌｉ.na＠example.org")
    assert user(session) is not None


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("高原盐湖科技有限公司", ("高原盐湖科技有限公司", "")),
        ("Instituto del Agua, S.A.", ("", "Instituto del Agua, S.A.")),
        ("3M中国有限公司", ("3M中国有限公司", "")),
    ],
)
def test_a_name_in_one_language_is_enough(
    client: PageClient, session: Session, name: str, fields: tuple[str, str]
) -> None:
    assert "Check your mail" in register(client, legal_name=name).text
    kept = belonging.registration(session, user(session).id).data  # type: ignore[union-attr]
    assert (kept["name_zh"], kept["name_other"]) == fields


# without a social credit code


def test_who_is_registered_elsewhere_needs_no_code(client: PageClient, session: Session) -> None:
    elsewhere = {"uscc": "", "province": "81", "register_number": "Companies Registry 1234567"}
    assert "Check your mail" in register(client, **elsewhere).text
    client.submit(mails(session, "account.confirm")[-1].path)
    (registered,) = organisations(session)
    assert (registered.uscc, registered.register_number) == (None, elsewhere["register_number"])


def test_a_body_abroad_names_its_country_and_the_province_it_works_with(
    client: PageClient, session: Session
) -> None:
    abroad = {"uscc": "", "country": "DE", "register_number": "HRB 12345 Leipzig"}
    assert "Check your mail" in register(client, **abroad).text
    kept = belonging.registration(session, user(session).id).data  # type: ignore[union-attr]
    assert (kept["country"], kept["province"]) == ("DE", "63")


def test_several_have_no_code(client: PageClient, session: Session) -> None:
    for number in range(2):
        factories.OrganisationFactory(uscc=None, register_number=f"HRB {number}")
    assert len(organisations(session)) == 2


@pytest.mark.parametrize("code", ["HK", "TW", "CN"])
def test_no_part_of_china_is_offered_as_abroad(client: PageClient, code: str) -> None:
    assert f'value="{code}"' not in client.get("/register").text


# the code and the province


def test_a_code_of_another_province_asks_back(client: PageClient, session: Session) -> None:
    response = register(client, uscc=XINJIANG)
    assert response.status_code == 422
    assert 'name="confirm_region"' in response.text
    assert user(session) is None


def test_the_question_keeps_everything(client: PageClient) -> None:
    text = register(client, uscc=XINJIANG).text
    assert f'value="{XINJIANG}"' in text
    assert f'value="{WHOLE["legal_name"]}"' in text


def test_without_a_province_the_codes_is_taken(client: PageClient, session: Session) -> None:
    register(client, uscc=XINJIANG, province="")
    kept = belonging.registration(session, user(session).id).data  # type: ignore[union-attr]
    assert kept["province"] == "65"


def test_whoever_is_sure_goes_on(client: PageClient, session: Session) -> None:
    assert "Check your mail" in register(client, uscc=XINJIANG, confirm_region="y").text


def test_a_code_of_the_national_registry_is_not_asked_about(client: PageClient) -> None:
    assert "Check your mail" in register(client, uscc=factories.social_credit_code(12, "10")).text


def test_nobody_is_asked_when_both_agree(client: PageClient) -> None:
    assert "confirm_region" not in client.get("/register").text
    assert "confirm_region" not in register(client, type="").text


# an organisation that is here already


def test_a_known_code_says_whose_it_is_and_leads_to_joining(client: PageClient) -> None:
    twin = factories.OrganisationFactory(uscc=USCC, name_other="Brine Works")
    response = register(client)
    assert response.status_code == 422
    assert 'href="#uscc"' in response.text
    assert f'<a href="/organisations/{twin.id}">Brine Works</a>' in response.text
    assert 'name="joins"' in response.text


def test_nothing_is_told_of_an_unverified_twin(client: PageClient) -> None:
    factories.OrganisationFactory(uscc=USCC, name_other="Brine Works", unverified=True)
    text = register(client).text
    assert "Brine Works" not in text
    assert 'name="joins"' in text


def test_whom_to_contact_stands_there(client: PageClient) -> None:
    factories.provincial_curator("63", name="Ma Haiqing")
    factories.OrganisationFactory(uscc=USCC)
    assert "Ma Haiqing" in register(client).text


# whose address is known must not show


@pytest.fixture
def known(app: Flask) -> User:
    found: User = factories.UserFactory(email=PERSON["email"], language="es")
    return found


def test_a_known_address_gets_the_very_same_page(
    client: PageClient, another_browser: PageClient, known: User
) -> None:
    stranger = register(
        another_browser, email="eve@example.org", uscc=factories.social_credit_code(99)
    ).text
    assert comparable(register(client).text) == comparable(stranger).replace(
        "eve@example.org", known.email
    )


def test_the_account_is_told_in_its_own_language(
    client: PageClient, known: User, session: Session
) -> None:
    register(client)
    assert [(mail.recipient, mail.language, mail.kind) for mail in mails(session)] == [
        (known.email, "es", "account.exists")
    ]


def test_the_account_stays_as_it_was(client: PageClient, known: User) -> None:
    register(client)
    assert (known.password_hash, known.name != PERSON["name"], known.generation) == ("!", True, 1)


def test_a_second_try_with_the_same_code_tells_nothing_either(
    client: PageClient, known: User
) -> None:
    """If the first try had taken the code, the second would tell that the address was unknown."""
    first, second = register(client), register(client, email="eve@example.org")
    third = register(client, email="mallory@example.org")
    assert [response.status_code for response in (first, second, third)] == [200, 200, 200]


@pytest.mark.parametrize("email", ["li.na@example.org", "eve@example.org"])
def test_a_password_is_hashed_either_way(
    client: PageClient, known: User, email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    monkeypatch.setattr(
        service, "hash_password", lambda text: hashed.append(text) or passwords.hash_password(text)
    )
    register(client, email=email)
    assert len(hashed) == 1


def test_an_unconfirmed_address_may_register_again(client: PageClient, session: Session) -> None:
    register(client)
    register(client, name="Li Na Two", legal_name="Second Try")
    older, newer = mails(session, "account.confirm")
    client.page(older.path, status=404)
    assert "Second Try" in client.page(newer.path).text


@pytest.mark.parametrize("role", [None, "national_curator"])
def test_an_account_opened_by_an_administrator_is_not_registered_over(
    client: PageClient, session: Session, role: str | None
) -> None:
    """Else a stranger's password would open it as soon as its owner confirms."""
    opened = factories.UserFactory(
        email=PERSON["email"], unconfirmed=True, password_hash=passwords.NONE
    )
    if role:
        factories.StaffRoleFactory(user=opened, role=role)
    register(client)
    assert opened.password_hash == passwords.NONE
    assert [mail.kind for mail in mails(session)] == ["account.exists"]


# a stale form


def test_an_expired_token_loses_nothing(client: PageClient, session: Session) -> None:
    refused = client.post("/register", data={**WHOLE, "csrf_token": "stale"})
    assert refused.status_code == 400
    kept = typed_again(refused.text)
    assert kept == {
        name: value if isinstance(value, list) else [value]
        for name, value in WHOLE.items()
        if name != "password"
    }
    assert (
        "Check your mail"
        in client.submit("/register", {**kept, "password": PERSON["password"]}).text
    )


def test_a_token_lasts_as_long_as_a_session(client: PageClient) -> None:
    token = client.token()
    with time_machine.travel(now().timestamp() + 13 * 3600):
        assert client.post("/register", data={**WHOLE, "csrf_token": token}).status_code == 400


# throttling


def test_registering_one_address_again_and_again_is_throttled(client: PageClient) -> None:
    statuses = [register(client).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]


def test_a_form_with_errors_is_no_try(client: PageClient) -> None:
    for _ in range(35):
        register(client, type="")
    assert register(client).status_code == 200


# somebody signed in


def test_whoever_has_an_account_registers_the_organisation_alone(
    client: PageClient, session: Session
) -> None:
    ben = factories.UserFactory()
    client.sign_in(ben)
    assert 'name="password"' not in client.get("/register").text
    assert client.submit("/register", REGISTRATION).location == "/organisation/verification"
    (registered,) = organisations(session)
    assert [
        (member.user_id, member.role) for member in belonging.lock_members(session, registered.id)
    ] == [(ben.id, "owner")]


def test_a_member_has_no_second_organisation(own: PageClient) -> None:
    assert own.get("/register").location == "/organisation"


def test_staff_register_none(client: PageClient, session: Session) -> None:
    client.sign_in(factories.provincial_curator("63"))
    client.submit("/register", REGISTRATION)
    assert organisations(session) == []


def test_a_member_of_a_suspended_organisation_registers_no_other(
    client: PageClient, session: Session
) -> None:
    member = factories.member_of(factories.OrganisationFactory(status="suspended"))
    response = client.sign_in(member).submit("/register", REGISTRATION)
    assert response.status_code == 422
    assert len(organisations(session)) == 1


def test_countries_stand_where_their_names_are_looked_for(client: PageClient) -> None:
    text = client.get("/register", headers={"Accept-Language": "es"}).text
    names = ("Austria", "Bélgica", "Belice", "Bután", "Cabo Verde")
    places = [text.index(f">{name}<") for name in names]
    assert places == sorted(places)

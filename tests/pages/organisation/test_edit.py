"""/organisation/edit."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.passwords import hash_password
from matchmaker.db import db
from matchmaker.organisations import queries
from matchmaker.organisations.models import Organisation
from matchmaker.pages.organisation.profile import ProfileForm
from tests import factories
from tests.client import PageClient
from tests.organisations.conftest import notices
from tests.pages.organisation.conftest import typed_again

FIELDS = [
    "name_zh",
    "name_other",
    "other_language",
    "type",
    "province",
    "city",
    "uscc",
    "sectors",
    "summary",
    "summary_language",
    "website",
    "contact_name",
    "contact_email",
    "contact_phone",
]


def values(organisation: Organisation, **changes: Any) -> dict[str, Any]:
    return {
        **{name: getattr(organisation, name) for name in FIELDS},
        "version": organisation.version,
        **changes,
    }


def edit(browser: PageClient, organisation: Organisation, **changes: Any) -> Any:
    return browser.submit("/organisation/edit", values(organisation, **changes))


def test_the_form_shows_what_is_stored(own: PageClient, organisation: Organisation) -> None:
    assert f'value="{organisation.contact_email}"' in own.get("/organisation/edit").text


def test_a_change_is_stored(own: PageClient, organisation: Organisation) -> None:
    edit(own, organisation, summary="Now also magnesium.")
    assert organisation.summary == "Now also magnesium."


def test_a_change_of_words_keeps_the_verification(
    own: PageClient, organisation: Organisation
) -> None:
    edit(own, organisation, summary="Now also magnesium.", city="格尔木", contact_name="New Person")
    assert organisation.status == "verified"


def test_the_form_says_what_waits(own: PageClient) -> None:
    assert "waits for a new verification" in own.page("/organisation/edit").text


def test_an_unverified_organisation_stays_registered(client: PageClient, session: Session) -> None:
    new = factories.OrganisationFactory(unverified=True)
    curator = factories.provincial_curator("63")
    edit(client.sign_in(factories.member_of(new)), new, name_other="Another")
    assert (new.status, notices(session, curator)) == ("registered", [])


def test_two_owners_editing_the_second_is_told(
    own: PageClient, another_browser: PageClient, organisation: Organisation
) -> None:
    another_browser.sign_in(factories.member_of(organisation, "owner"))
    seen = organisation.version
    edit(own, organisation, summary="First.")
    response = edit(another_browser, organisation, summary="Second.", version=seen)
    assert response.status_code == 409
    assert "Olga Owner" in response.text
    assert organisation.summary == "First."


def test_an_error_keeps_the_version_that_was_shown(
    own: PageClient, organisation: Organisation
) -> None:
    response = edit(own, organisation, contact_name="", version=41)
    assert response.status_code == 422
    assert 'name="version" value="41"' in response.text


def test_the_code_of_another_organisation_is_refused(
    own: PageClient, organisation: Organisation
) -> None:
    twin = factories.OrganisationFactory()
    response = edit(own, organisation, uscc=twin.uscc)
    assert response.status_code == 422
    assert 'href="#uscc"' in response.text


def test_what_was_confirmed_at_registration_is_not_asked_again(client: PageClient) -> None:
    odd = factories.OrganisationFactory(
        province="64", uscc=factories.social_credit_code(4242, "63")
    )
    assert edit(client.sign_in(factories.member_of(odd)), odd, summary="New.").status_code == 303


@pytest.mark.parametrize("role", ["editor", "viewer"])
def test_only_owners_edit(client: PageClient, organisation: Organisation, role: str) -> None:
    client.sign_in(factories.member_of(organisation, role)).page("/organisation/edit", status=404)


def test_an_edit_sent_after_the_session_ended_is_kept_and_sent_after_signing_in(
    client: PageClient, organisation: Organisation, owner: User, session: Session
) -> None:
    owner.password_hash = hash_password("a saline lake in winter")
    session.commit()
    asked = edit(client, organisation, summary="Typed for an hour.")
    assert asked.status_code == 401
    carried = {
        **typed_again(asked.text),
        "email": owner.email,
        "password": "a saline lake in winter",
    }
    offered = client.submit("/sign-in", carried)
    assert client.submit("/organisation/edit", typed_again(offered.text)).status_code == 303
    assert organisation.summary == "Typed for an hour."


def test_the_form_has_every_field_of_the_profile() -> None:
    assert set(FIELDS) <= set(dir(ProfileForm))


# what organisations of one kind say


@pytest.mark.parametrize(
    ("kind", "sent", "stored"),
    [
        ("enterprise", {"detail_products": "Potash\n\n Magnesia "}, ["Potash", "Magnesia"]),
        ("enterprise", {"detail_size": "medium"}, "medium"),
        ("park", {"detail_area": "１，２00.5"}, "1200.5"),
        ("university", {"detail_transfer_office": "Office"}, "Office"),
        ("institute", {"detail_collections": "Seeds"}, ["Seeds"]),
        ("enterprise", {"detail_area": "3"}, None),
        ("government", {"detail_size": "large"}, None),
    ],
)
def test_fields_of_the_kind_are_kept(
    own: PageClient, organisation: Organisation, kind: str, sent: dict[str, str], stored: Any
) -> None:
    organisation.type = kind
    db.session.commit()
    assert edit(own, organisation, **sent).status_code == 303
    assert list(organisation.details.values()) == ([stored] if stored else [])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("detail_products", "\n".join("x" * 21)),
        ("detail_products", "x" * 121),
        ("detail_size", "gigantic"),
        ("zone", "x" * 121),
        ("country", "XX"),
        ("country", "IC"),  # the Canary Islands
    ],
)
def test_what_is_wrong_with_them_is_named(
    own: PageClient, organisation: Organisation, field: str, value: str
) -> None:
    response = edit(own, organisation, **{field: value})
    assert response.status_code == 422
    assert f'href="#{field}"' in response.text
    assert organisation.details == {}


def test_a_wrong_number_is_named(own: PageClient, organisation: Organisation) -> None:
    organisation.type = "park"
    db.session.commit()
    assert 'href="#detail_area"' in edit(own, organisation, detail_area="large").text


def test_curators_see_what_changed_in_them(
    own: PageClient, another_browser: PageClient, organisation: Organisation
) -> None:
    edit(own, organisation, detail_products="Potash")
    another_browser.sign_in(factories.provincial_curator("63"))
    assert "Potash" in another_browser.page(f"/desk/organisations/{organisation.id}").text


def test_a_name_in_one_language_is_enough(own: PageClient, organisation: Organisation) -> None:
    assert edit(own, organisation, name_other="").status_code == 303
    assert edit(own, organisation, name_zh="", name_other="").status_code == 422


def test_another_register_in_the_place_of_the_code_is_proposed(
    own: PageClient, organisation: Organisation
) -> None:
    edit(own, organisation, uscc="", register_number="HRB 12345", country="DE")
    change = queries.proposal(db.session(), organisation.id)
    assert change is not None
    assert change.after == {"uscc": None, "register_number": "HRB 12345", "country": "DE"}

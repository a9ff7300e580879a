"""Roles, removal, leaving; and that an organisation never loses its last account manager."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.organisations import belonging
from matchmaker.organisations.models import Membership, Organisation
from tests import factories
from tests.client import PageClient


@pytest.fixture
def editor(organisation: Organisation) -> Membership:
    found: Membership = factories.MembershipFactory(organisation=organisation, role="editor")
    return found


def change(browser: PageClient, membership: Membership, role: str) -> Any:
    return browser.submit(f"/organisation/members/{membership.id}/role", {"role": role})


def remove(browser: PageClient, membership: Membership) -> Any:
    return browser.submit(f"/organisation/members/{membership.id}/remove")


def roles(session: Session, organisation: Organisation) -> list[str]:
    return sorted(member.role for member in belonging.lock_members(session, organisation.id))


@pytest.mark.parametrize("role", ["owner", "editor", "viewer"])
def test_an_owner_changes_a_role(own: PageClient, editor: Membership, role: str) -> None:
    change(own, editor, role)
    assert editor.role == role


def test_a_role_that_is_none_is_refused(own: PageClient, editor: Membership) -> None:
    assert change(own, editor, "king").status_code == 422
    assert editor.role == "editor"


def test_an_owner_removes_a_member(
    own: PageClient, editor: Membership, organisation: Organisation, session: Session
) -> None:
    remove(own, editor)
    assert roles(session, organisation) == ["owner"]


def test_whoever_was_removed_reads_nothing_more(
    own: PageClient, another_browser: PageClient, editor: Membership, session: Session
) -> None:
    another_browser.sign_in(session.get(User, editor.user_id))
    remove(own, editor)
    assert "You belong to no organisation yet" in another_browser.page("/organisation").text


@pytest.mark.parametrize("role", ["editor", "viewer"])
def test_only_owners_manage(
    client: PageClient, organisation: Organisation, owner: User, editor: Membership, role: str
) -> None:
    client.sign_in(factories.member_of(organisation, role))
    assert (change(client, editor, "viewer").status_code, remove(client, editor).status_code) == (
        404,
        404,
    )


def test_owners_of_others_manage_nothing_here(
    client: PageClient, owner: User, editor: Membership
) -> None:
    client.sign_in(factories.member_of(factories.OrganisationFactory(), "owner"))
    assert (change(client, editor, "viewer").status_code, remove(client, editor).status_code) == (
        404,
        404,
    )


@pytest.mark.parametrize("role", ["editor", "viewer"])
def test_members_leave(
    client: PageClient, organisation: Organisation, owner: User, role: str, session: Session
) -> None:
    client.sign_in(factories.member_of(organisation, role)).submit("/organisation/leave")
    assert roles(session, organisation) == ["owner"]


def test_the_last_owner_cannot_leave(
    own: PageClient, editor: Membership, organisation: Organisation, session: Session
) -> None:
    response = own.submit("/organisation/leave")
    assert response.status_code == 422
    assert "last account manager" in response.text
    assert roles(session, organisation) == ["editor", "owner"]


def test_the_last_owner_cannot_be_demoted(
    own: PageClient, organisation: Organisation, owner: User, session: Session
) -> None:
    membership = belonging.membership_of(session, owner.id, organisation.id)
    assert membership is not None
    assert change(own, membership, "viewer").status_code == 422


def test_one_of_two_owners_may_leave(
    own: PageClient, organisation: Organisation, session: Session
) -> None:
    factories.member_of(organisation, "owner")
    own.submit("/organisation/leave")
    assert roles(session, organisation) == ["owner"]

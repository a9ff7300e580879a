"""Who an organisation is: a changed name, code, kind or province is proposed, then verified."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from matchmaker.organisations import belonging, queries
from matchmaker.organisations.models import Organisation, Verification
from tests import factories
from tests.client import PageClient
from tests.listings.conftest import published
from tests.organisations.conftest import notices
from tests.pages.desk.test_organisations import GOOD, decide
from tests.pages.organisation.test_edit import edit

SWAP = {
    "name_zh": "清华大学",
    "name_other": "Tsinghua University",
    "type": "university",
    "province": "11",
    "city": "北京",
    "uscc": factories.social_credit_code(4242, "11"),
}


ONE_FIELD = [
    {"name_zh": "别的公司"},
    {"name_other": "Another"},
    {"type": "park"},
    {"uscc": factories.social_credit_code(4242, "63")},
    {"province": "65", "uscc": factories.social_credit_code(4242, "65")},
]


def swap(owner: PageClient, organisation: Organisation, **changes: Any) -> None:
    assert edit(owner, organisation, **(changes or SWAP)).status_code == 303


@pytest.mark.parametrize("address", ["/organisations/{0}", "/listings/{1}", "/listings?q=brine"])
def test_a_proposed_name_shows_to_nobody_else(
    own: PageClient, another_browser: PageClient, organisation: Organisation, address: str
) -> None:
    listing = published(organisation=organisation, title="Lithium from brine")
    swap(own, organisation)
    text = another_browser.page(address.format(organisation.id, listing.id)).text
    assert "Tsinghua" not in text
    assert "Qinghai Brine Works" in text


def test_curators_of_both_provinces_see_the_difference(
    own: PageClient, another_browser: PageClient, organisation: Organisation, session: Session
) -> None:
    curators = [factories.provincial_curator(province) for province in ("63", "11")]
    swap(own, organisation)
    for curator in curators:
        text = another_browser.sign_in(curator).page(f"/desk/organisations/{organisation.id}").text
        assert "Tsinghua University" in text
        assert "Qinghai Brine Works" in text
        assert notices(session, curator) == ["organisation.changed"]


@pytest.mark.parametrize("status", ["verified", "lapsed"])
@pytest.mark.parametrize("change", ONE_FIELD, ids=lambda change: next(iter(change)))
def test_each_part_of_the_identity_is_proposed(
    own: PageClient,
    organisation: Organisation,
    change: dict[str, str],
    status: str,
    session: Session,
) -> None:
    organisation.status = status
    session.commit()
    before = {name: getattr(organisation, name) for name in change}
    swap(own, organisation, **change)
    assert {name: getattr(organisation, name) for name in change} == before
    assert organisation.status == status
    proposal = queries.proposal(session, organisation.id)
    assert proposal is not None
    assert (proposal.before, proposal.after) == (before, change)


def test_an_unverified_organisation_changes_at_once_and_loses_what_was_granted(
    client: PageClient, session: Session
) -> None:
    new = factories.OrganisationFactory(unverified=True, needs_grant=True, capabilities_grant=False)
    swap(client.sign_in(factories.member_of(new)), new)
    assert (new.name_other, new.status) == ("Tsinghua University", "registered")
    assert (new.needs_grant, new.capabilities_grant) == (None, False)
    assert queries.proposal(session, new.id) is None


def test_the_form_shows_what_was_proposed_and_keeps_it(
    own: PageClient, organisation: Organisation, session: Session
) -> None:
    swap(own, organisation)
    assert 'value="Tsinghua University"' in own.get("/organisation/edit").text
    swap(own, organisation, **SWAP, summary="Other words.")
    proposal = queries.proposal(session, organisation.id)
    assert proposal is not None
    assert proposal.after == SWAP
    assert organisation.summary == "Other words."


def test_the_old_identity_typed_again_withdraws_the_proposal(
    own: PageClient, organisation: Organisation, session: Session
) -> None:
    swap(own, organisation)
    swap(own, organisation, summary="Other words.")
    assert queries.proposal(session, organisation.id) is None


def test_a_second_proposal_takes_the_place_of_the_first(
    own: PageClient, organisation: Organisation, session: Session
) -> None:
    swap(own, organisation)
    swap(own, organisation, name_other="Peking University")
    proposal = queries.proposal(session, organisation.id)
    assert proposal is not None
    assert proposal.after == {"name_other": "Peking University"}


# what curators decide


@pytest.mark.parametrize("province", ["63", "11"])
def test_verifying_makes_it_the_organisations_identity(
    own: PageClient,
    another_browser: PageClient,
    organisation: Organisation,
    session: Session,
    province: str,
) -> None:
    listing = published(factories.capability, organisation=organisation, title="Brine sorbent")
    organisation.needs_grant, organisation.capabilities_grant = True, True
    session.commit()
    swap(own, organisation)
    curator = another_browser.sign_in(factories.provincial_curator(province))
    assert decide(curator, organisation, **GOOD).status_code == 303
    assert {name: getattr(organisation, name) for name in SWAP} == SWAP
    assert (organisation.needs_grant, organisation.capabilities_grant) == (None, None)
    former, current = session.query(Verification).order_by(Verification.id)
    assert former.ended_at is not None
    assert current.ended_at is None
    found = another_browser.page("/listings?q=Tsinghua").text
    assert listing.title in found


def test_what_the_new_identity_may_not_post_is_paused(
    own: PageClient, another_browser: PageClient, organisation: Organisation, session: Session
) -> None:
    need = published(organisation=organisation)
    swap(own, organisation)
    decide(another_browser.sign_in(factories.staff("national_curator")), organisation, **GOOD)
    assert need.status == "paused"
    owner = belonging.owners(session, organisation.id)[0]
    assert "listing.right_ended" in notices(session, owner)


def test_refusing_keeps_the_verified_identity(
    own: PageClient, another_browser: PageClient, organisation: Organisation, session: Session
) -> None:
    swap(own, organisation)
    curator = another_browser.sign_in(factories.provincial_curator("11"))
    answer = decide(curator, organisation, "refuse-identity", note="It is not you.")
    assert answer.status_code == 303
    assert queries.proposal(session, organisation.id) is None
    assert organisation.name_other == "Qinghai Brine Works"
    owner = belonging.owners(session, organisation.id)[0]
    assert notices(session, owner) == ["organisation.identity_refused"]
    curator.page(f"/desk/organisations/{organisation.id}", status=404)


def test_refusing_needs_words(
    own: PageClient, another_browser: PageClient, organisation: Organisation
) -> None:
    swap(own, organisation)
    curator = another_browser.sign_in(factories.provincial_curator("63"))
    answer = decide(curator, organisation, "refuse-identity", note=" ")
    assert answer.status_code == 422
    assert 'href="#note"' in answer.text


def test_a_code_that_others_took_meanwhile_is_not_accepted(
    own: PageClient, another_browser: PageClient, organisation: Organisation
) -> None:
    swap(own, organisation)
    factories.OrganisationFactory(province="11", uscc=SWAP["uscc"])
    answer = decide(
        another_browser.sign_in(factories.staff("national_curator")), organisation, **GOOD
    )
    assert answer.status_code == 422
    assert "Another organisation has been registered with this code" in answer.text


def test_only_the_present_province_decides_what_it_may_post(
    own: PageClient, another_browser: PageClient, organisation: Organisation
) -> None:
    swap(own, organisation)
    curator = another_browser.sign_in(factories.provincial_curator("11"))
    assert "May post" not in curator.page(f"/desk/organisations/{organisation.id}").text
    posting = {"needs": "yes", "capabilities": ""}
    assert decide(curator, organisation, "posting", **posting).status_code == 404


# other text


def test_curators_hear_of_changed_text_and_change_it_back(
    own: PageClient, another_browser: PageClient, organisation: Organisation, session: Session
) -> None:
    words = organisation.summary
    curator = factories.provincial_curator("63")
    swap(own, organisation, summary="Cheap pills.", contact_email="x@example.org")
    assert notices(session, curator) == ["organisation.edited"]
    desk = another_browser.sign_in(curator)
    assert "Cheap pills." in desk.page(f"/desk/organisations/{organisation.id}").text
    (change,) = loaded(session, organisation).changes
    answer = decide(desk, organisation, f"changes/{change.id}/revert")
    assert answer.status_code == 303
    assert organisation.summary == words
    owner = belonging.owners(session, organisation.id)[0]
    assert notices(session, owner) == ["organisation.reverted"]


def test_a_change_that_was_changed_since_is_not_changed_back(
    own: PageClient, another_browser: PageClient, organisation: Organisation, session: Session
) -> None:
    swap(own, organisation, summary="First.")
    swap(own, organisation, summary="Second.")
    desk = another_browser.sign_in(factories.provincial_curator("63"))
    first = loaded(session, organisation).changes[-1]
    assert decide(desk, organisation, f"changes/{first.id}/revert").status_code == 422
    assert organisation.summary == "Second."


@pytest.mark.parametrize("who", ["owner", "curator elsewhere", "administrator"])
def test_nobody_else_changes_it_back(
    own: PageClient,
    another_browser: PageClient,
    organisation: Organisation,
    session: Session,
    who: str,
) -> None:
    swap(own, organisation, summary="First.")
    people = {
        "owner": lambda: belonging.owners(session, organisation.id)[0],
        "curator elsewhere": lambda: factories.provincial_curator("65"),
        "administrator": lambda: factories.staff("administrator"),
    }
    browser = another_browser.sign_in(people[who]())
    (change,) = loaded(session, organisation).changes
    assert decide(browser, organisation, f"changes/{change.id}/revert").status_code == 404


def loaded(session: Session, organisation: Organisation) -> Organisation:
    session.expire_all()
    found = queries.organisation(session, organisation.id)
    assert found is not None
    return found


def test_links_of_members_earn_nothing(client: PageClient) -> None:
    organisation = factories.OrganisationFactory(website="https://brine.example.org")
    listing = published(organisation=organisation, description="[See](https://a.example.org)")
    member = client.sign_in(factories.member_of(factories.OrganisationFactory()))
    for path in (f"/organisations/{organisation.id}", f"/listings/{listing.id}"):
        assert 'rel="nofollow ugc noopener"' in member.get(path).text

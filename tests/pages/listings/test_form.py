"""The form: what each kind asks, every error names its field, nothing typed is lost."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.db import today
from matchmaker.listings.models import Listing
from matchmaker.listings.rules import content_of
from matchmaker.organisations.models import Organisation
from tests import factories
from tests.client import Page, PageClient
from tests.listings.conftest import complete, loaded
from tests.pages.listings.conftest import typed

NEED, CAPABILITY = "/listings/new/need", "/listings/new/capability"
MEMBERS_OF_KIND = {
    NEED: {"must_haves", "nice_to_haves", "budget_min", "budget_max", "fund_source"},
    CAPABILITY: {"evidence", "deployments", "ip_status", "licences-0", "seats"},
}


@pytest.fixture
def east(client: PageClient) -> PageClient:
    """The browser of an institute that posts capabilities."""
    factories.plan()
    return client.sign_in(
        factories.member_of(factories.OrganisationFactory(eastern=True), "editor")
    )


def only(session: Session) -> Listing:
    return loaded(session.scalars(select(Listing)).one())


@pytest.mark.parametrize("action", ["save", "submit"])
def test_a_complete_need_is_stored_as_typed(
    home: PageClient, session: Session, action: str
) -> None:
    content = complete(
        nice_to_haves=("Cheap",),
        budget_max=2_000_000,
        goal="both",
        talent_kind="engineer",
        talent_number=2,
        talent_months=6,
        annex="Secret.",
        modes=("pilot_scale", "training"),
        sectors=("salt_lake", "solar"),
    )
    response = home.submit(NEED, typed(content, action=action))
    assert response.status_code == 303
    listing = only(session)
    assert content_of(listing) == content
    assert (listing.kind, listing.status) == (
        "need",
        "in_review" if action == "submit" else "draft",
    )


def test_a_complete_capability_is_stored_as_typed(east: PageClient, session: Session) -> None:
    content = complete("capability", deployments="Two plants.", seats=20, province="37")
    assert east.submit(CAPABILITY, typed(content, action="submit")).status_code == 303
    assert content_of(only(session)) == content


@pytest.mark.parametrize(
    ("typed_level", "kept", "shown"),
    [
        ("4-6", (4, 6), "4–6 of 9"),
        ("TRL6", (6, None), "6 of 9"),
        ("小试、中试", (4, 6), "4–6 of 9"),
    ],
)
def test_a_range_of_readiness_is_kept(
    home: PageClient, session: Session, typed_level: str, kept: tuple[int, int | None], shown: str
) -> None:
    home.submit(NEED, typed(complete(), trl=typed_level, action="save"))
    listing = only(session)
    assert (listing.trl, listing.trl_high) == kept
    assert shown in home.page(f"/listings/{listing.id}").text
    home.submit(f"/listings/{listing.id}/edit", {"trl": "7", "version": listing.version})
    assert (only(session).trl, only(session).trl_high) == (7, None)


def test_numbers_of_patents_are_checked_and_written_in_one_way(
    east: PageClient, session: Session
) -> None:
    lines = "ZL 202010123456.2：收率90%\nGB/T 1234—2020"
    content = complete("capability", province="37")
    sent = typed(content, references=lines, action="submit")
    assert east.submit(CAPABILITY, sent).status_code == 303
    assert content_of(only(session)).references == ("ZL202010123456.2: 收率90%", "GB/T 1234-2020")
    wrong = typed(content, references="ZL202010123456.7", action="submit")
    refused = Page(east.submit(CAPABILITY, wrong).text).text
    assert "By its other digits it would be 2." in refused


def test_a_draft_needs_a_title_only(home: PageClient, session: Session) -> None:
    assert home.submit(NEED, {"title": "Just a title", "action": "save"}).status_code == 303
    assert only(session).status == "draft"


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("盐湖提锂吸附剂掉粉", "zh"),
        ("Nuestra batería pierde la carga en el invierno", "es"),
        ("The brine is old", "en"),
    ],
)
def test_a_language_left_open_is_told_by_the_text(
    home: PageClient, session: Session, title: str, language: str
) -> None:
    home.submit(NEED, {"title": title, "language": "", "action": "save"})
    assert only(session).language == language


def test_the_province_is_the_organisations_until_it_is_changed(home: PageClient) -> None:
    html = home.get(f"{NEED}?step=whole").text
    assert '<option selected value="63">' in html


@pytest.mark.parametrize("path", [NEED, CAPABILITY])
def test_only_fields_of_the_kind_are_shown(
    client: PageClient, organisation: Organisation, path: str
) -> None:
    organisation.capabilities_grant = True
    both = client.sign_in(factories.member_of(organisation))
    other = CAPABILITY if path == NEED else NEED
    ids = set(both.page(f"{path}?step=whole").ids)
    assert MEMBERS_OF_KIND[path] <= ids
    assert not MEMBERS_OF_KIND[other] & ids


TODAY = today()
FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"title": ""}, "Title: please fill this in."),
    ({"title": "x" * 161}, "Title: 160 characters at most; yours has 161."),
    ({"summary": ""}, "Summary: please fill this in."),
    ({"summary": "x" * 601}, "Summary: 600 characters at most; yours has 601."),
    ({"description": ""}, "Description of the need: please fill this in."),
    (
        {"description": "x" * 20_001},
        "Description of the need: 20000 characters at most; yours has 20001.",
    ),
    ({"sectors": []}, "Sectors: choose at least one."),
    (
        {"sectors": ["crops", "water", "solar", "wind", "grid", "data"]},
        "Sectors: choose at most 5; 6 are chosen.",
    ),
    ({"sectors": ["no_sector"]}, "Sectors: choose from the list."),
    ({"tasks": ["1", "2", "3", "4"]}, "Key tasks: choose at most 3; 4 are chosen."),
    ({"tasks": ["999"]}, "Key tasks: choose from the list."),
    ({"modes": []}, "Ways to cooperate: choose at least one."),
    (
        {
            "modes": [
                "training",
                "germplasm",
                "secondment",
                "pilot_scale",
                "joint_park",
                "sub_park",
                "field_base",
            ]
        },
        "Ways to cooperate: choose at most 6; 7 are chosen.",
    ),
    ({"modes": ["no_mode"]}, "Ways to cooperate: choose from the list."),
    ({"goal": ""}, "Goal: please choose."),
    ({"goal": "no_goal"}, "Goal: choose one from the list."),
    ({"province": ""}, "Province: please choose."),
    ({"province": "99"}, "Province: choose one from the list."),
    ({"deadline": "soon"}, "Deadline: a date such as 2026-11-23."),
    (
        {"deadline": str(TODAY - timedelta(days=1))},
        "Deadline: this date is in the past. Choose a later date.",
    ),
    ({"deadline": str(TODAY + timedelta(days=3000))}, "Deadline: at most five years ahead."),
    ({"trl": "ten"}, "Readiness level (TRL): enter a whole number."),
    ({"trl": "10"}, "Readiness level (TRL): from 1 to 9."),
    ({"must_haves": ""}, "Must have: please fill this in."),
    ({"must_haves": "\n".join(map(str, range(13)))}, "Must have: at most 12 lines; this has 13."),
    ({"must_haves": "x" * 301}, "Must have: a line may have 300 characters at most; one has 301."),
    (
        {"nice_to_haves": "\n".join(map(str, range(13)))},
        "Nice to have: at most 12 lines; this has 13.",
    ),
    ({"budget_min": "a lot"}, "Budget from: enter an amount in yuan, for example 1,200,000."),
    ({"budget_min": "30亿"}, "Budget from: from 0 to 2000000000."),
    (
        {"budget_min": "200万", "budget_max": "80万"},
        "Budget up to: must not be lower than the minimum budget.",
    ),
    ({"fund_source": ""}, "Source of funds: please choose."),
    ({"fund_source": "thin_air"}, "Source of funds: choose one from the list."),
    ({"goal": "talent"}, "People wanted: please choose."),
    ({"goal": "both", "talent_kind": "team"}, "How many people: please fill this in."),
    (
        {"goal": "both", "talent_kind": "team", "talent_number": "1"},
        "For how many months: please fill this in.",
    ),
    ({"talent_number": "many"}, "How many people: enter a whole number."),
    ({"talent_number": "0"}, "How many people: from 1 to 1000."),
    ({"talent_months": "121"}, "For how many months: from 1 to 120."),
    ({"annex": "x" * 20_001}, "Confidential annex: 20000 characters at most; yours has 20001."),
]


@pytest.mark.parametrize(("changes", "sentence"), FAULTS, ids=[sentence for _, sentence in FAULTS])
def test_an_error_in_a_need_names_its_field_and_loses_nothing(
    home: PageClient, session: Session, changes: dict[str, Any], sentence: str
) -> None:
    sent = typed(complete(annex="Keep this."), action="submit", **changes)
    response = home.submit(NEED, sent)
    page = Page(response.text)
    assert response.status_code == 422
    assert sentence in page.text
    assert_kept(response.text, sent)
    draft = only(session)
    assert draft.status == "draft"
    if not sentence.startswith("Budget from"):
        sent["budget_min"] = ""  # an amount that was read is shown as it was read: 1,000,000
    assert_kept(home.get(f"/listings/{draft.id}/edit").text, sent)


CAPABILITY_FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"description": ""}, "Description of the offer: please fill this in."),
    ({"evidence": ""}, "Evidence: please fill this in."),
    ({"evidence": "x" * 4001}, "Evidence: 4000 characters at most; yours has 4001."),
    ({"deployments": "x" * 4001}, "Where it is in use: 4000 characters at most; yours has 4001."),
    ({"ip_status": ""}, "Intellectual property: please choose."),
    ({"ip_status": "stolen"}, "Intellectual property: choose one from the list."),
    ({"licences": []}, "Licensing options: choose at least one."),
    ({"licences": ["free_beer"]}, "Licensing options: choose from the list."),
    ({"goal": "talent"}, "People offered: please choose."),
    ({"seats": "0"}, "Places for trainees: from 1 to 10000."),
    ({"seats": "few"}, "Places for trainees: enter a whole number."),
]


@pytest.mark.parametrize(
    ("changes", "sentence"), CAPABILITY_FAULTS, ids=[sentence for _, sentence in CAPABILITY_FAULTS]
)
def test_an_error_in_a_capability_names_its_field_and_loses_nothing(
    east: PageClient, changes: dict[str, Any], sentence: str
) -> None:
    sent = typed(complete("capability", province="37"), action="submit", **changes)
    response = east.submit(CAPABILITY, sent)
    assert response.status_code == 422
    assert sentence in Page(response.text).text
    assert_kept(response.text, sent)


def assert_kept(html: str, sent: dict[str, Any]) -> None:
    """Check that the page shows the input again: texts, amounts as typed, ticked boxes."""
    html = unescape(html)
    for name in ("title", "summary", "description", "annex", "budget_min", "trl", "deadline"):
        assert str(sent[name]).replace("\r\n", "\n") in html, name
    for name in ("sectors", "modes", "tasks", "licences"):
        for value in sent[name]:
            [box] = re.findall(f'<input [^>]*name="{name}"[^>]*value="{value}">', html) or [
                "checked: not in the list"
            ]
            assert "checked" in box.replace('type="checkbox"', ""), f"{name} {value}"


def test_the_summary_of_errors_follows_the_form_and_links_to_its_fields(home: PageClient) -> None:
    response = home.submit(NEED, {"title": "T", "action": "submit"})
    page = Page(response.text)
    linked = [
        link[1:]
        for link in page.links
        if link.startswith("#") and link[1:] in ("summary", "goal", "must_haves")
    ]
    assert linked == ["summary", "must_haves", "goal"]
    assert set(linked) <= set(page.ids)


def test_a_draft_may_be_wrong_in_any_field(home: PageClient, session: Session) -> None:
    """It is saved as typed; the listing and one's home name the field, the form says why."""
    response = home.submit(NEED, {"title": "T", "budget_min": "a lot", "action": "save"})
    assert response.status_code == 303
    draft = only(session)
    assert (draft.title, draft.budget_min) == ("T", None)
    for address in (f"/listings/{draft.id}", "/home"):
        assert "Kept as typed, to be corrected: Budget from" in home.page(address).text
    form = home.get(f"/listings/{draft.id}/edit").text
    assert 'value="a lot"' in form
    assert "Budget from: enter an amount in yuan" in Page(form).text


def test_a_draft_without_a_title_borrows_one(home: PageClient, session: Session) -> None:
    home.submit(NEED, {"title": "", "description": "It leaks.\nA lot.", "action": "save"})
    assert only(session).title == "It leaks. A lot."


def test_nothing_typed_makes_no_draft(home: PageClient, session: Session) -> None:
    sent = {"title": " ", "province": "", "language": "", "action": "save"}
    assert home.submit(NEED, sent).status_code == 422
    assert session.scalars(select(Listing)).all() == []


def test_tasks_are_proposed_with_the_words_that_led_there(
    home: PageClient, session: Session
) -> None:
    sent = typed(
        complete(
            title="锂盐厂尾液",
            description="盐湖卤水提锂，锂收率低。",
            language="zh",
            tasks=(),
        ),
        action="propose",
        budget_min="120万",
        deadline="whenever",
    )
    response = home.submit(NEED, sent)
    page = Page(response.text)
    assert response.status_code == 200
    assert re.search("Key tasks: QH task [12] by “[^”]*(锂|盐湖|卤)", page.text)
    assert "Your text says" in page.text
    assert "whenever" in response.text
    assert_kept(response.text, sent)
    assert session.scalars(select(Listing)).all() == []


def test_a_text_that_says_nothing_proposes_nothing(home: PageClient) -> None:
    page = Page(home.submit(NEED, {"title": "Hello", "action": "propose"}).text)
    assert "does not say enough about the other fields" in page.text


def test_an_organisation_that_may_not_post_the_kind_is_told_why(home: PageClient) -> None:
    page = home.page(CAPABILITY)
    assert "does not post capabilities" in page.text
    assert NEED in page.links


def test_an_organisation_that_may_not_post_the_kind_stores_nothing(
    home: PageClient, session: Session
) -> None:
    home.submit(CAPABILITY, typed(complete("capability"), action="submit"))
    assert session.scalars(select(Listing)).all() == []


def test_a_viewer_does_not_write(client: PageClient, organisation: Organisation) -> None:
    client.sign_in(factories.member_of(organisation, "viewer"))
    assert client.get(NEED).status_code == 404


def test_an_unverified_organisation_drafts_and_keeps_what_it_tried_to_send(
    client: PageClient, session: Session
) -> None:
    factories.plan()
    client.sign_in(factories.member_of(factories.OrganisationFactory(unverified=True)))
    sent = typed(complete(), action="submit")
    response = client.submit(NEED, sent)
    assert response.status_code == 422
    assert "Only verified organisations can publish" in Page(response.text).text
    assert_kept(response.text, sent)
    assert only(session).status == "draft"


@pytest.mark.parametrize("language", ["zh", "en", "es"])
def test_the_form_opens_in_every_language(home: PageClient, language: str) -> None:
    home.speak(language).page(NEED)


def test_an_unknown_kind_has_no_form(home: PageClient) -> None:
    assert home.get("/listings/new/wish").status_code == 404

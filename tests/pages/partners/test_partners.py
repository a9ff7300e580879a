"""Partners below a listing, all partners of an organisation, and a pair side by side."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy.orm import Session

from matchmaker.listings import indexing
from matchmaker.listings.models import Listing
from matchmaker.recommendation.models import Suggestion, SuggestionMark
from tests import factories
from tests.client import PageClient
from tests.counting import statements
from tests.factories import capability, need
from tests.listings.conftest import loaded

REASONS = [
    {
        "part": "text",
        "kind": "term",
        "code": "brine",
        "share": 0.3,
        "need_terms": ["brine"],
        "capability_terms": ["brine"],
    },
    {
        "part": "text",
        "kind": "term",
        "code": "x",
        "share": 0.1,
        "need_terms": ["yttrium"],
        "capability_terms": ["yttrium"],
    },
    {"part": "text", "kind": "other_terms", "code": "", "share": 0.1},
    {"part": "mode", "kind": "goal", "code": "talent", "share": -0.12},
]
PARTS = {"text": 0.5, "plan": 0.101, "mode": -0.12, "readiness": 0.0, "region": 0.044}
SCORE = sum(PARTS.values())


@pytest.fixture
def asking(session: Session) -> Listing:
    return need(
        title="Lithium from brine", summary="Much brine.", description="Our *brine* has yttrium."
    )


def suggest(listing: Listing, **fields: Any) -> Suggestion:
    """A partner for a need: both public texts speak of brine, both private ones of yttrium."""
    offered = {
        "title": "Columns for brine",
        "summary": "Fast.",
        "description": "yttrium too",
        **fields.pop("offered", {}),
    }
    values = {"score": SCORE, "band": "possible", "parts": PARTS, "reasons": REASONS, **fields}
    return factories.SuggestionFactory(need=listing, capability=capability(**offered), **values)


def put_aside(session: Session, suggestion: Suggestion, organisation_id: int) -> None:
    user = factories.UserFactory()
    values = {
        "mark": "dismissed",
        "reason": "irrelevant",
        "user_id": user.id,
        "at": suggestion.created_at,
    }
    session.add(
        SuggestionMark(suggestion_id=suggestion.id, organisation_id=organisation_id, **values)
    )
    session.commit()


def owner_of(client: PageClient, listing: Listing, **fields: Any) -> PageClient:
    return client.sign_in(factories.member_of(listing.organisation, **fields))


# below a listing


def test_our_listing_shows_its_partners_best_first(client: PageClient, asking: Listing) -> None:
    second = suggest(asking, score=0.4, offered={"title": "Second"})
    first = suggest(asking, score=0.9, band="strong", offered={"title": "First"})
    text = owner_of(client, asking).page(f"/listings/{asking.id}").text
    assert text.index(first.capability.title) < text.index(second.capability.title)
    assert "Strong 90 /100" in text


def test_a_card_names_what_the_partner_is_about(
    client: PageClient, session: Session, asking: Listing
) -> None:
    offered = {"title": "Columns for brine", "description": "Cotton too."}
    indexing.index(session, loaded(suggest(asking, offered=offered).capability))
    page = owner_of(client, loaded(asking)).page(f"/listings/{asking.id}")
    assert {
        "/listings?kind=capability&concept=brine",
        "/listings?kind=capability&concept=cotton",
    } <= set(page.links)


@pytest.mark.parametrize("who", ["visitor", "stranger", "other side", "far curator"])
def test_others_see_nothing_of_our_partners(client: PageClient, asking: Listing, who: str) -> None:
    partner = suggest(asking).capability
    if who == "stranger":
        client.sign_in(factories.member_of(factories.OrganisationFactory()))
    elif who == "other side":
        client.sign_in(factories.member_of(partner.organisation))
    elif who == "far curator":
        client.sign_in(factories.provincial_curator("65"))
    text = client.page(f"/listings/{asking.id}").text
    assert "partner" not in text.lower().replace("suggested partners matches", "").replace(
        "suggested partners", "", 1
    )
    assert partner.title not in text


def test_a_curator_of_the_province_sees_them_without_buttons(
    client: PageClient, asking: Listing
) -> None:
    suggestion = suggest(asking, status="held_back")
    client.sign_in(factories.provincial_curator("63"))
    page = client.page(f"/listings/{asking.id}")
    assert suggestion.capability.title in page.text
    assert "Held back" in page.text
    assert "Express interest" not in page.text


def test_what_is_held_back_leaves_no_trace(client: PageClient, asking: Listing) -> None:
    suggestion = suggest(asking, status="held_back")
    owner_of(client, asking)
    empty = client.page(f"/listings/{asking.id}")
    assert "No partner to suggest yet" in empty.text
    assert suggestion.capability.title not in empty.text
    assert "To decide 0" in client.page("/partners").text
    client.page(f"/suggestions/{suggestion.id}", status=404)


def test_released_pairs_come_back(client: PageClient, session: Session, asking: Listing) -> None:
    suggestion = suggest(asking, status="held_back")
    suggestion.status = "new"
    session.commit()
    assert (
        suggestion.capability.title in owner_of(client, asking).page(f"/listings/{asking.id}").text
    )


def test_weak_partners_are_folded_behind_an_honest_word(
    client: PageClient, asking: Listing
) -> None:
    suggest(asking, band="weak", score=0.1)
    text = owner_of(client, asking).page(f"/listings/{asking.id}").text
    assert (
        text.index("No partner to suggest yet")
        < text.index("Show 1 weaker suggestion")
        < text.index("Columns for brine")
    )


def test_weak_partners_are_left_out_beside_better_ones(client: PageClient, asking: Listing) -> None:
    suggest(asking)
    weak = suggest(asking, band="weak", score=0.1, offered={"title": "Weakling"})
    assert weak.capability.title not in owner_of(client, asking).page(f"/listings/{asking.id}").text


def test_a_curators_pick_is_shown_though_weak(client: PageClient, asking: Listing) -> None:
    suggest(asking, band="weak", score=0.1, origin="curator", curator_note="Meet them.")
    text = owner_of(client, asking).page(f"/listings/{asking.id}").text
    assert "Added by a curator" in text
    assert "A curator writes: Meet them." in text
    assert "No partner to suggest yet" not in text


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"status": "draft"}, "once the listing is published"),
        ({"matching_due": True}, "We are looking for partners"),
        ({}, "No partner to suggest yet"),
    ],
)
def test_an_empty_list_says_why(client: PageClient, fields: dict[str, Any], expected: str) -> None:
    listing = need(**fields)
    assert expected in owner_of(client, listing).page(f"/listings/{listing.id}").text


def test_what_we_put_aside_is_gone_from_our_list_only(
    client: PageClient, session: Session, asking: Listing
) -> None:
    suggestion = suggest(asking)
    put_aside(session, suggestion, asking.organisation_id)
    assert (
        suggestion.capability.title
        not in owner_of(client, asking).page(f"/listings/{asking.id}").text
    )
    client.sign_in(factories.member_of(suggestion.capability.organisation))
    assert asking.title in client.page(f"/listings/{suggestion.capability_id}").text


def test_a_viewer_reads_but_finds_no_buttons(client: PageClient, asking: Listing) -> None:
    suggestion = suggest(asking)
    client.sign_in(factories.member_of(asking.organisation, "viewer"))
    page = client.page(f"/listings/{asking.id}")
    assert suggestion.capability.title in page.text
    assert "Not for us" not in page.text


# a pair, side by side


def table_points(html: str, caption: str) -> list[int]:
    """The numbers of a table of points, in order."""
    table = html.split(caption, 1)[1].split("</table>", 1)[0]
    return [
        int(text.replace("−", "-")) for text in re.findall(r'class="number">([+−]?\d+)<', table)
    ]


@pytest.mark.parametrize("path", ["/listings/{listing}", "/suggestions/{suggestion}"])
def test_the_parts_on_the_page_add_up(client: PageClient, asking: Listing, path: str) -> None:
    suggestion = suggest(asking)
    html = (
        owner_of(client, asking).get(path.format(listing=asking.id, suggestion=suggestion.id)).text
    )
    *parts, score = table_points(html, "How the score adds up, in points of 100")
    assert len(parts) == 5
    assert sum(parts) == score == round(100 * SCORE)


def test_the_bar_is_as_long_as_the_score(client: PageClient, asking: Listing) -> None:
    suggestion = suggest(asking)
    html = owner_of(client, asking).get(f"/suggestions/{suggestion.id}").text
    bar = html.split('<svg class="parts"', 1)[1].split("</svg>", 1)[0]
    rects = re.findall(r'class="part-\w+ (taken)?" x="([\d.]+)" y="0" width="([\d.]+)"', bar)
    length = sum(-float(width) if taken else float(width) for taken, _, width in rects)
    assert length == pytest.approx(100 * SCORE, abs=0.1)


def test_words_that_answer_each_other_carry_one_number_in_both_texts(
    client: PageClient, asking: Listing
) -> None:
    html = owner_of(client, asking).get(f"/suggestions/{suggest(asking).id}").text
    assert "Lithium from <mark>brine<sup>1</sup></mark>" in html
    assert "Our <em><mark>brine<sup>1</sup></mark></em> has <mark>yttrium<sup>2</sup>" in html
    assert "Columns for <mark>brine<sup>1</sup></mark>" in html
    assert "Words with the same number mean the same" in html


PASSAGE = {
    "part": "text",
    "kind": "passage",
    "code": "",
    "share": 0.0,
    "need_terms": ["Much brine."],
    "capability_terms": ["yttrium & brine"],
}


@pytest.mark.parametrize("path", ["/listings/{listing}", "/suggestions/{suggestion}"])
@pytest.mark.parametrize(("language", "lang"), [("zh", "zh-Hans"), ("en", "en"), ("es", "es")])
def test_what_is_asked_and_what_is_claimed_stand_side_by_side(
    client: PageClient, asking: Listing, path: str, language: str, lang: str
) -> None:
    suggestion = suggest(asking, reasons=[*REASONS, PASSAGE], offered={"language": language})
    owner_of(client, asking)
    html = client.get(path.format(listing=asking.id, suggestion=suggestion.id)).text
    assert f'<q lang="{asking.language}">Much <mark>brine</mark>.</q>' in html
    assert f'<q lang="{lang}"><mark>yttrium</mark> &amp; <mark>brine</mark></q>' in html


def test_the_page_gives_every_reason(client: PageClient, asking: Listing) -> None:
    text = owner_of(client, asking).page(f"/suggestions/{suggest(asking).id}").text
    assert "Both mention brine and yttrium; the goals differ: talent is asked for." in text
    assert "−12.0" in text


def test_after_a_lapse_nothing_of_the_other_private_text_shows(
    client: PageClient, session: Session, asking: Listing
) -> None:
    asking.organisation.status = "lapsed"
    asking.description = "Our brine."
    session.commit()
    suggestion = suggest(asking)
    owner_of(client, asking)
    for path in (f"/listings/{asking.id}", "/partners", "/home"):
        assert "yttrium" not in client.page(path).text, path
    client.page(f"/suggestions/{suggestion.id}", status=404)


def test_a_private_annex_is_nowhere(client: PageClient, session: Session, asking: Listing) -> None:
    suggestion = suggest(asking, offered={"annex": "hafnium"})
    owner_of(client, asking)
    for path in (
        f"/listings/{suggestion.capability_id}",
        f"/suggestions/{suggestion.id}",
        "/partners",
    ):
        assert "hafnium" not in client.get(path).text


MUST_HAVES = [
    {"text": "below 5 mg/L", "status": "met", "sentence": "Down to 2 mg/L yttrium."},
    {"text": "no acid", "status": "unmet", "sentence": "Washed with acid."},
    {"text": "three years", "status": "unknown", "sentence": ""},
]


def test_must_haves_are_met_unmet_or_unknown(client: PageClient, asking: Listing) -> None:
    suggestion = suggest(asking, requirements=MUST_HAVES)
    owner_of(client, asking)
    for path in (f"/listings/{asking.id}", f"/suggestions/{suggestion.id}"):
        text = client.page(path).text
        assert "✓ met: below 5 mg/L" in text
        assert "✗ not met: no acid" in text
        assert "? unknown: three years" in text
    assert "Down to 2 mg/L" in text


def test_interest_asks_the_other_side(client: PageClient, asking: Listing) -> None:
    suggestion = suggest(asking)
    owner_of(client, asking)
    response = client.submit(
        f"/suggestions/{suggestion.id}/interest", {"message": "Shall we talk?"}
    )
    assert response.status_code == 303
    assert "Shall we talk?" in client.page(response.location).text
    page = client.page(f"/suggestions/{suggestion.id}")
    assert "One side interested" in page.text
    assert (
        f"/suggestions/{suggestion.id}/interest"
        not in client.get(f"/suggestions/{suggestion.id}").text
    )


def test_too_long_a_message_is_kept(client: PageClient, asking: Listing) -> None:
    suggestion = suggest(asking)
    owner_of(client, asking)
    response = client.submit(f"/suggestions/{suggestion.id}/interest", {"message": "w" * 2001})
    assert response.status_code == 422
    assert "w" * 2001 in response.text


def test_a_pair_not_scored_yet_says_so(client: PageClient, asking: Listing) -> None:
    suggestion = suggest(asking, origin="curator", parts={}, reasons=[], score=0.0, band="weak")
    page = owner_of(client, asking).page(f"/suggestions/{suggestion.id}")
    assert "being worked out" in page.text
    assert "/100" not in page.text


# what would lift a pair, and glosses


@pytest.mark.parametrize(
    ("who", "told"),
    [("offering", True), ("curator", True), ("asking", False)],
)
def test_what_would_lift_a_pair_is_told_to_those_who_can_do_it(
    client: PageClient, asking: Listing, who: str, told: bool
) -> None:
    change = {"kind": "readiness", "code": "8", "score": 0.8, "band": "strong"}
    suggestion = suggest(asking, lift=change)
    make = {
        "asking": lambda: factories.member_of(asking.organisation),
        "offering": lambda: factories.member_of(suggestion.capability.organisation),
        "curator": lambda: factories.provincial_curator("63"),
    }
    page = client.sign_in(make[who]()).page(f"/suggestions/{suggestion.id}")
    assert ("The need asks for TRL 8" in page.text) is told
    assert ("What would raise this pair's score" in page.text) is told


def test_a_partner_in_another_language_is_glossed(client: PageClient, asking: Listing) -> None:
    suggestion = suggest(asking, offered={"title": "卤水吸附柱", "summary": "锂", "language": "zh"})
    owner_of(client, asking)
    for path in (f"/listings/{asking.id}", f"/suggestions/{suggestion.id}"):
        html = client.get(path).text
        assert '<span title="卤水">brine</span>' in html
        assert '<ruby>卤水<rp>(</rp><rt lang="en">brine</rt><rp>)</rp></ruby>' in html


def test_a_gloss_is_no_way_around_the_tiers(client: PageClient, session: Session) -> None:
    private = {
        "description": "卤水",
        "must_haves": ["卤水提锂"],
        "evidence": "卤水",
        "annex": "卤水",
    }
    listing = need(title="枸杞", summary="枸杞", language="zh", **private)
    visitor = client.page(f"/listings/{listing.id}").text
    assert "wolfberry" in visitor
    assert "brine" not in visitor
    assert "brine" in owner_of(client, listing).page(f"/listings/{listing.id}").text


# all partners


@pytest.fixture
def three(session: Session, asking: Listing) -> dict[str, Suggestion]:
    found = {
        band: suggest(asking, band=band, offered={"title": f"{band} one"})
        for band in ("strong", "possible", "weak")
    }
    found["aside"] = suggest(asking, offered={"title": "aside one"})
    put_aside(session, found["aside"], asking.organisation_id)
    return found


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"strong", "possible"}),
        ("?band=strong", {"strong"}),
        ("?band=weak", {"weak"}),
        ("?show=dismissed", {"aside"}),
        ("?show=kept", set()),
        ("?band=nonsense&show=nonsense&listing=x", {"strong", "possible"}),
        ("?listing=999999", set()),
    ],
)
def test_filters(
    client: PageClient, asking: Listing, three: dict[str, Suggestion], query: str, shown: set[str]
) -> None:
    text = owner_of(client, asking).page(f"/partners{query}").text
    assert {name for name in three if f"{name} one" in text} == shown


def test_tabs_count_what_they_show(
    client: PageClient, asking: Listing, three: dict[str, Suggestion]
) -> None:
    text = owner_of(client, asking).page("/partners").text
    assert "To decide 2 Kept 0 Set aside 1" in text


@pytest.mark.parametrize("show", ["", "?show=kept", "?show=dismissed"])
def test_empty_lists_offer_the_next_step(client: PageClient, asking: Listing, show: str) -> None:
    page = owner_of(client, asking).page(f"/partners{show}")
    assert "/our/listings" in page.links if not show else "/partners" in page.links


def test_who_has_no_organisation_has_no_partners_page(client: PageClient, session: Session) -> None:
    client.sign_in(factories.UserFactory()).page("/partners", status=404)


@pytest.mark.parametrize("path", ["/partners", "/listings/{listing}", "/home"])
def test_as_many_queries_for_200_partners_as_for_20(
    client: PageClient, asking: Listing, path: str
) -> None:
    owner_of(client, asking)
    place = path.format(listing=asking.id)
    suggestion = suggest(asking)

    def add(needs: list[int]) -> None:
        offered = factories.listings_like(suggestion.capability, len(needs))
        factories.copies(suggestion, len(needs), need_id=needs, capability_id=offered)

    add([asking.id] * 19)
    few = statements(lambda: client.page(place))
    add([asking.id] * 90 + factories.listings_like(asking, 90))
    assert statements(lambda: client.page(place)) == few


@pytest.mark.parametrize(("status", "answer"), [("published", 200), ("in_review", 404)])
def test_a_curator_reads_no_draft_of_another_province_in_a_pair(
    client: PageClient, session: Session, status: str, answer: int
) -> None:
    suggestion: Suggestion = factories.SuggestionFactory()
    suggestion.capability.status = status
    session.commit()
    client.sign_in(factories.provincial_curator("63"))
    client.page(f"/suggestions/{suggestion.id}", status=answer)


def test_each_organisation_stands_once_with_its_best_listing(
    client: PageClient, asking: Listing
) -> None:
    best = suggest(asking, score=0.9)
    owner = best.capability.organisation
    suggest(asking, score=0.8, offered={"organisation": owner, "title": "The second one"})
    text = owner_of(client, asking).page(f"/listings/{asking.id}").text
    more = f"1 more listing of {owner.name_for('en')} fits"
    assert text.index(best.capability.title) < text.index(more) < text.index("The second one")

"""One of each thing and a person of each kind, for the tests that ask every page as everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from flask import Flask
from werkzeug.test import TestResponse

from matchmaker.accounts import links
from matchmaker.accounts.feeds import hash_token as feed_hash
from matchmaker.accounts.models import (
    FeedAddress,
    LinkedSignIn,
    RoleRequest,
    SecondFactor,
    StaffRole,
    User,
)
from matchmaker.agreements.models import MilestoneFile, Slot
from matchmaker.conversations.models import Draft
from matchmaker.db import db, now, today
from matchmaker.imports.models import DraftSource
from matchmaker.listings import indexing
from matchmaker.listings.links import make_token as renewal_token
from matchmaker.listings.models import AnnexFile, Bookmark
from matchmaker.notices.letter import make_token
from matchmaker.notices.models import Notice
from matchmaker.notices.states import Topic
from matchmaker.operations.service import note_beat
from matchmaker.organisations.claims.models import ClaimMessage
from matchmaker.organisations.members import hash_token
from matchmaker.organisations.models import (
    Invitation,
    JoinRequest,
    Membership,
    ShownPerson,
    VerificationMessage,
)
from matchmaker.outcomes.links import make_token as follow_up_token
from matchmaker.outcomes.models import ResultFile
from matchmaker.pages.organisation.claims import make_token as claim_token
from matchmaker.pages.organisation.people import make_token as consent_token
from matchmaker.pages.shared.downloads import XLSX
from matchmaker.recommendation.run.fitted import RecommenderStore
from matchmaker.recommendation.run.jobs import refresh_suggestions
from matchmaker.search.models import SavedSearch
from tests import factories
from tests.client import PageClient, without_tokens

OWN = {"owner", "editor", "viewer"}  # of the western organisation that owns the things below
WRITERS = {"owner", "editor"}
PARTNER = {
    "partner"
}  # the owner of the eastern organisation, the other party of the suggestion and the match
MEMBERS = OWN | PARTNER | {"stranger", "unverified"}  # everybody with an organisation
CURATORS = {"curator", "national"}  # in charge of the western organisation
ALL_CURATORS = CURATORS | {"elsewhere"}
STAFF = ALL_CURATORS | {"evaluator", "admin"}
SIGNED_IN = MEMBERS | STAFF | {"loner"}
ALL = SIGNED_IN | {"visitor"}

# Tier → a made-up word in the need of the western organisation, or where a match is talked over,
# and who may read it there.
WORDS = {
    "members": ("zibelinmember", OWN | PARTNER | STAFF | {"stranger"}),
    "matched": ("zibelincontact", OWN | {"curator", "national", "admin"}),
    "confidential": ("zibelinannex", OWN),
    "thread": ("zibelinmessage", OWN | PARTNER),
    "file": ("zibelinfile", OWN | PARTNER),
    "annex file": ("zibelindrawing", OWN),
    "milestone file": ("zibelinreport", OWN | PARTNER | {"curator", "national"}),
    "result file": ("zibelinlist", OWN | PARTNER | {"curator", "national"}),
    "draft": ("zibelindraft", {"owner"}),
    "papers": ("zibelinpaper", {"owner", "curator", "national"}),
    "claim": ("zibelinclaim", {"loner", "curator", "national"}),
    "claim file": ("zibelinseal", {"loner", "curator", "national"}),
    "table": ("zibelintable", WRITERS),
    "batch": ("zibelinbatch", {"curator"}),
}


@dataclass(frozen=True)
class Answer:
    """The status as `status_of` says it, and the text without tokens."""

    status: int
    text: str


def build_world() -> dict[str, Any]:
    """Build the world; name → id. Its need holds the private words, and the engine has read it."""
    world = _people_and_things()
    indexing.reindex(db.session())
    db.session.commit()
    refresh_suggestions(db.session(), RecommenderStore())
    note_beat(db.session(), "here", 1, now(), at=now() + timedelta(days=1))  # the tests may last
    db.session.commit()
    return world


def visit(app: Flask, world: dict[str, Any], who: str, address: str) -> Answer:
    """The answer to a GET in the world as it was built. Each worker asks once and remembers it."""
    answers: dict[tuple[str, str], Answer] = app.extensions.setdefault("tests.answers", {})
    if (who, address) not in answers:
        response = browser_of(app, world, who).get(address)
        answers[who, address] = Answer(status_of(response), _text(response))
    return answers[who, address]


def browser_of(app: Flask, world: dict[str, Any], who: str) -> PageClient:
    client: PageClient = app.test_client()  # type: ignore[assignment]
    if who != "visitor":
        client.sign_in(db.session.get(User, world[who]))
    return client


def status_of(response: TestResponse) -> int:
    """The status; a visitor's being sent to sign in counts as 401."""
    sent_to_sign_in = response.status_code == 303 and response.location.startswith("/sign-in?next=")
    return 401 if sent_to_sign_in else response.status_code


def _text(response: TestResponse) -> str:
    if response.mimetype in ("application/zip", XLSX):
        with ZipFile(BytesIO(response.data)) as packed:
            return "\n".join(packed.read(name).decode("utf-8") for name in packed.namelist())
    if response.mimetype == "image/png":
        return ""
    return without_tokens(response.text)


@factories.together()
def _people_and_things() -> dict[str, Any]:
    """One of each thing, and a person of each kind; name → id."""
    west = factories.OrganisationFactory(province="63", contact_name=WORDS["matched"][0])
    east = factories.OrganisationFactory(eastern=True)
    north = factories.OrganisationFactory(province="64")
    new = factories.OrganisationFactory(unverified=True, province="65")
    people = {
        "owner": factories.member_of(west),
        "editor": factories.member_of(west, "editor"),
        "viewer": factories.member_of(west, "viewer"),
        "partner": factories.member_of(east),
        "stranger": factories.member_of(north),
        "unverified": factories.member_of(new),
        "curator": factories.provincial_curator("63"),
        "elsewhere": factories.provincial_curator("65"),
        "national": factories.staff("national_curator"),
        "evaluator": factories.staff("evaluator"),
        "admin": factories.staff("administrator"),
        "loner": factories.UserFactory(),
    }
    need = factories.need(
        organisation=west,
        author=people["owner"],
        description=f"Brine leaks. {WORDS['members'][0]}",
        annex=f"Secret: {WORDS['confidential'][0]}",
        matching_due=True,
    )
    capability = factories.capability(organisation=east, author=people["partner"])
    suggestion = factories.SuggestionFactory(need=need, capability=capability)
    match = factories.MatchFactory(need=need, capability=capability)
    meeting = factories.MeetingFactory(match=match, arranged=True, user_id=people["owner"].id)
    file, annex_file, milestone_file, result_file, claim_file = (
        factories.StoredFileFactory(
            uploaded_by_id=people["owner"].id,
            organisation_id=west.id,
            purpose=purpose,
            name=f"{WORDS[word][0]}.pdf",
        )
        for word, purpose in (
            ("file", "message"),
            ("annex file", "annex"),
            ("milestone file", "milestone"),
            ("result file", "result"),
            ("claim file", "claim"),
        )
    )
    message = factories.MessageFactory(
        match_id=match.id,
        author=people["owner"],
        organisation_id=west.id,
        text=WORDS["thread"][0],
        files=[file],
    )
    outcome = factories.OutcomeFactory(match=match)
    follow_up = factories.FollowUpFactory(match=match)
    reminder = factories.ReminderFactory(listing_id=need.id)
    correction = factories.CorrectionFactory(listing=need, user_id=people["editor"].id)
    change = factories.ProfileChangeFactory(
        organisation=west, status="made", after={"summary": west.summary}
    )
    request = RoleRequest(
        user_id=people["loner"].id,
        role="evaluator",
        provinces=[""],
        asked_by_id=people["national"].id,
        at=now(),
    )
    notice = Notice(
        user_id=people["owner"].id, kind="account.exists", params={}, path="/", created_at=now()
    )
    invitation = Invitation(
        organisation_id=west.id,
        email="new@example.org",
        role="viewer",
        token_hash=hash_token("invited"),
        invited_by_id=people["owner"].id,
        created_at=now(),
        expires_at=now() + timedelta(days=1),
    )
    elsewhere = factories.UserSessionFactory(user_id=people["owner"].id)
    factor = SecondFactor(
        user_id=people["partner"].id, secret="A" * 32, confirmed_at=now(), last_step=0
    )
    agreement = factories.agreement_in_force(match, people["owner"])
    agreement.milestones[0].done_on = today()
    begin = now() + timedelta(days=9)
    slot = Slot(
        facility_id=agreement.facility_id, begins_at=begin, ends_at=begin + timedelta(hours=4)
    )
    draft = Draft(
        match_id=match.id, user_id=people["owner"].id, text=WORDS["draft"][0], saved_at=now()
    )
    bookmark = Bookmark(
        user_id=people["stranger"].id, listing_id=need.id, is_watched=True, at=now()
    )
    search = SavedSearch(
        user_id=people["stranger"].id,
        name="brine",
        q="brine",
        filters={},
        created_at=now(),
        looked_at=now(),
    )
    linked = LinkedSignIn(
        user_id=people["owner"].id, issuer="https://id.example.org", subject="1", linked_at=now()
    )
    unlinked = LinkedSignIn(
        user_id=people["editor"].id,
        issuer="https://id.example.org",
        subject="2",
        linked_at=now(),
        unlinked_at=now(),
    )
    table = factories.ImportFactory(organisation=west, user=people["owner"])
    factories.ImportRowFactory(import_id=table.id, cells=[WORDS["table"][0], ""])
    batch = factories.ImportBatchFactory(
        user_id=people["curator"].id, rows=[[0, 2, [WORDS["batch"][0], "A need"], []]]
    )
    filled = factories.capability(organisation=east, author=people["partner"], draft=True)
    source = DraftSource(
        listing_id=filled.id, name="a.ris", sentences={"title": "TI"}, created_at=now()
    )
    db.session.add(source)
    db.session.add_all([notice, invitation, request, factor, slot, draft, bookmark, search])
    said = VerificationMessage(
        organisation_id=west.id,
        author_id=people["owner"].id,
        kind="papers",
        text=WORDS["papers"][0],
        at=now(),
    )
    claim = factories.ClaimFactory(organisation=west, user=people["loner"])
    evidence = ClaimMessage(
        claim_id=claim.id,
        author_id=claim.user_id,
        kind="papers",
        text=WORDS["claim"][0],
        at=now(),
        files=[claim_file],
    )
    joining = JoinRequest(
        organisation_id=west.id, user_id=people["loner"].id, at=now(), status="open"
    )
    shown = ShownPerson(
        organisation_id=west.id,
        name="Chen Yu",
        email="chen.yu@example.org",
        role="expert",
        added_by_id=people["owner"].id,
        added_at=now(),
    )
    fed = [
        FeedAddress(user_id=people[who].id, token_hash=feed_hash(token), made_at=now())
        for who, token in (("stranger", "fed"), ("partner", "fed-too"))
    ]
    db.session.add_all([linked, unlinked, said, evidence, joining, shown, *fed])
    db.session.flush()
    db.session.add_all(
        [
            AnnexFile(listing_id=need.id, file_id=annex_file.id),
            MilestoneFile(milestone_id=agreement.milestones[0].id, file_id=milestone_file.id),
            ResultFile(version_id=outcome.versions[0].id, file_id=result_file.id),
        ]
    )
    merger = factories.MergeFactory(kept=west)
    viewer = db.session.query(Membership).filter_by(user_id=people["viewer"].id).one()
    return {
        **{name: person.id for name, person in people.items()},
        "confirm": links.make(links.CONFIRM, people["loner"]),
        "reset": links.make(links.RESET, people["loner"]),
        "new_email": links.make(links.CHANGE, people["loner"], "loner.new@example.org"),
        "former_email": links.make(links.REVERT, people["loner"], "loner.old@example.org"),
        "session": elsewhere.id,
        "invited": "invited",
        "unsubscribe": make_token(people["loner"].id, [Topic.MATCH]),
        "task": factories.task("QH-1").id,
        "west": west.id,
        "north": north.id,
        "merger": merger.id,
        "need": need.id,
        "suggestion": suggestion.id,
        "import": table.id,
        "batch": batch.id,
        "filled": filled.id,
        "match": match.id,
        "meeting": meeting.id,
        "agreement": agreement.id,
        "person": agreement.people[0].id,
        "milestone": agreement.milestones[0].id,
        "entry": agreement.entries[0].id,
        "slot": slot.id,
        "message": message.id,
        "file": file.id,
        "annex_file": annex_file.id,
        "milestone_file": milestone_file.id,
        "result_file": result_file.id,
        "claim": claim.id,
        "claim_link": claim_token(claim),
        "claim_file": claim_file.id,
        "outcome": outcome.id,
        "follow_up": follow_up_token(follow_up.id, people["owner"].id),
        "renewal": renewal_token(reminder.id, people["owner"].id),
        "change": change.id,
        "correction": correction.id,
        "request": request.id,
        "notice": notice.id,
        "bookmark": bookmark.id,
        "search": search.id,
        "feed": "fed",
        "feed_of_partner": "fed-too",
        "invitation": invitation.id,
        "request_to_join": joining.id,
        "shown": shown.id,
        "consent": consent_token(shown),
        "membership": viewer.id,
        "role": db.session.query(StaffRole).filter_by(user_id=people["evaluator"].id).one().id,
    }

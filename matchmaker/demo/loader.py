"""Fill an empty database with the demonstration: organisations, listings, matches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matchmaker import garbage
from matchmaker.accounts import service as accounts
from matchmaker.accounts.models import StaffRole, User
from matchmaker.accounts.passwords import NONE
from matchmaker.accounts.service import as_actor
from matchmaker.audit import service as audit
from matchmaker.audit.models import AuditRecord
from matchmaker.db import day_of, now
from matchmaker.demo import approaches, stories
from matchmaker.demo.cast import ENTRIES, STAFF
from matchmaker.demo.lives import BEGAN
from matchmaker.demo.stage import Stage, curator_of, rows
from matchmaker.demo.tales import tales
from matchmaker.engine import cores, search
from matchmaker.listings import indexing
from matchmaker.listings.models import (
    Listing,
    ListingLicence,
    ListingMode,
    ListingReference,
    ListingSector,
    Requirement,
    Review,
)
from matchmaker.listings.references import Reference
from matchmaker.listings.resources import PEOPLE, TECHNOLOGY, resource
from matchmaker.listings.rules import Content, content_of, snapshot
from matchmaker.listings.states import ListingStatus
from matchmaker.notices import service as notices
from matchmaker.organisations import identity, members, people
from matchmaker.organisations import service as organisations
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.rules import Profile
from matchmaker.organisations.states import OrganisationStatus
from matchmaker.permissions import SYSTEM, MemberRole
from matchmaker.plan.models import Plan
from matchmaker.plan.queries import tasks_of_current
from matchmaker.recommendation.run import jobs as recommendation
from matchmaker.recommendation.run.fitted import RecommenderStore

# Listings go back this far. Organisations registered in the days before the first of them.
DAYS_COVERED, DAYS_OF_REGISTRATION, FIRST_LISTING = 150, 15, 160
COMPLETE = "demo.load"  # recorded once everything is there
Tell = Callable[[int, str], object]  # percent done, what is being done
# Where the stages of filling begin, in percent of its time.
SEARCH, PARTNERS, STORIES = 10, 25, 92


def load_once(session: Session, store: RecommenderStore, tell: Tell) -> None:
    """Load the demonstration, or go on where an interrupted start stopped.

    A complete one is left as it is.
    """
    if session.scalar(select(AuditRecord.id).where(AuditRecord.action == COMPLETE)) is not None:
        return
    with garbage.none_meanwhile():
        fill(session, store, tell)


def fill(session: Session, store: RecommenderStore, tell: Tell) -> None:
    begun = session.scalar(select(Organisation.id).limit(1)) is not None
    stage = load_again(session) if begun else load_data(session, tell)
    session.commit()

    def found(done: int, total: int) -> None:
        tell(PARTNERS + (STORIES - PARTNERS) * done // total, "finding suggested partners")

    tell(PARTNERS, "learning from the capabilities")
    recommendation.refresh_suggestions(session, store, progress=found, announce=False)
    tell(STORIES, "letting organisations meet")
    stories.tell(stage)
    approaches.take_first_steps(stage)
    audit.record(session, SYSTEM, COMPLETE, "plan", stage.plan.id, listings=len(stage.listings))
    session.commit()
    tell(100, f"{len(stage.organisations)} organisations, {len(stage.listings)} listings")


def load_again(session: Session) -> Stage:
    """Return the stage as an earlier start left it, found by codes and titles."""
    stage = begin(session)
    for user, role in session.execute(
        select(User, StaffRole).join(StaffRole, StaffRole.user_id == User.id)
    ):
        if role.role in ("provincial_curator", "national_curator"):
            stage.curators[role.province] = user
    by_code = {
        organisation.uscc: organisation for organisation in session.scalars(select(Organisation))
    }
    stage.organisations = {row["id"]: by_code[row["uscc"]] for row in rows("organisations")}
    everything = session.scalars(select(Listing).options(joinedload(Listing.organisation)))
    by_title = {(listing.kind, listing.title): listing for listing in everything}
    for kind, name in (("need", "needs"), ("capability", "capabilities")):
        stage.listings |= {row["id"]: by_title[kind, row["title"]] for row in rows(name)}
    return stage


def begin(session: Session) -> Stage:
    tasks = {task.code: task for task in tasks_of_current(session)}
    plan = session.scalars(select(Plan).where(Plan.is_current)).one()
    return Stage(session, now(), plan, tasks)


def load_data(session: Session, tell: Tell = lambda percent, doing: None) -> Stage:
    """Accounts, organisations and listings, as if they had come over the last months.

    Accounts and organisations come through the services. Listings are written in one go: each alone
    would be analysed alone, and published twice.
    """
    tell(0, "reading organisations and listings")
    stage = begin(session)
    add_staff(stage)
    add_organisations(stage)
    add_listings(stage)
    session.flush()
    tell(SEARCH, "making listings searchable")
    search.warm()  # before copies of this process are made
    indexing.index_all(session, stage.published, cores())
    audit.record_all(session, sorted(stage.events, key=lambda event: event.at or stage.began))
    add_colleagues(stage)
    return stage


def add_staff(stage: Stage) -> None:
    session, at = stage.session, stage.days_ago(FIRST_LISTING + 30)
    for person in STAFF:
        user = accounts.create(session, SYSTEM, person.email, person.name, person.language, at=at)
        accounts.confirm(session, user, at=at)
        accounts.give_role(session, SYSTEM, user, person.role, person.provinces, at=at)
        if person.office:
            accounts.set_staff_contact(
                session,
                as_actor(user),
                office=person.office,
                phone=person.phone,
                email="",
                at=at,
            )
        stage.curators.update(dict.fromkeys(person.provinces, user))
        if person.role == "national_curator":
            stage.curators.setdefault("", user)


def add_organisations(stage: Stage) -> None:
    """Register one after the other; a curator verifies each two days later."""
    entries = list(rows("organisations"))
    steps: list[tuple[float, Callable[[datetime], object]]] = []
    for number, entry in enumerate(entries):
        days = FIRST_LISTING + 2 + DAYS_OF_REGISTRATION * (1 - number / len(entries))
        steps.append((days, partial(register, stage, entry, number)))
        if entry["status"] == OrganisationStatus.VERIFIED:
            steps.append((days - 2, partial(verify, stage, entry)))
    for days, step in sorted(steps, key=lambda timed: -timed[0]):
        step(stage.days_ago(days))
    for user in (*stage.owners.values(), *stage.curators.values()):
        notices.mark_all_read(stage.session, as_actor(user))


def register(stage: Stage, entry: dict[str, Any], number: int, at: datetime) -> None:
    """Open the owner's account and register the organisation."""
    session, contact = stage.session, entry["contact"]
    language = "zh" if number % 5 < 3 else entry["other_language"]
    email = contact["email"].lower()
    owner = accounts.open_account(session, email, contact["name"], "zh", NONE, at=at)
    accounts.confirm(session, owner, at=at)
    profile = Profile(
        name_zh=entry["name_zh"],
        name_other=entry["name_other"],
        other_language=entry["other_language"],
        type=entry["type"],
        province=entry["province"],
        city=entry["city"],
        uscc=entry["uscc"],
        sectors=entry["sectors"],
        summary=entry["summary"][language],
        summary_language=language,
        website=entry["website"],
        contact_name=contact["name"],
        contact_email=contact["email"],
        contact_phone=contact.get("phone") or "",
        zone=entry.get("zone", ""),
        details=entry.get("details", {}),
    )
    stage.organisations[entry["id"]] = organisations.register(
        session, as_actor(owner), profile, at=at
    )
    stage.owners[entry["id"]] = owner


def verify(stage: Stage, entry: dict[str, Any], at: datetime) -> None:
    organisation = stage.organisations[entry["id"]]
    curator = as_actor(curator_of(stage, organisation.province))
    identity.verify(
        stage.session,
        curator,
        organisation,
        organisation.version,
        evidence="统一社会信用代码证书、法定代表人授权书（演示数据）",
        checks=["licence", "register", "letter"],
        verified_on=day_of(at),
        expires_on=day_of(at) + timedelta(days=2 * 365),
        at=at,
    )
    if entry.get("capabilities_grant"):  # of a province that the plan does not name
        organisations.grant_posting(
            stage.session,
            curator,
            organisation,
            organisation.version,
            needs=None,
            capabilities=True,
            at=at,
        )
    owner = as_actor(stage.owners[entry["id"]])
    for number, person in enumerate(entry.get("people", ())):
        named = people.add(
            stage.session,
            owner,
            organisation,
            name=person["name"],
            email=f"person{number}@{entry['id']}.example.org",
            role=person["role"],
            level=person.get("level", ""),
            field=person["field"],
            path=lambda person: f"/people/{person.id}",
            at=at,
        )
        people.answer(stage.session, SYSTEM, named, agrees=True, at=at)


def add_colleagues(stage: Stage) -> None:
    """Invite the colleagues among the roles that one click enters; they join a day later."""
    session, invited, joined = stage.session, stage.days_ago(2), stage.days_ago(1)
    for entry in ENTRIES:
        if entry.organisation and entry.role != MemberRole.OWNER:
            user = accounts.open_account(
                session, entry.email, entry.name, entry.language, NONE, at=invited
            )
            accounts.confirm(session, user, at=invited)
            invitation = members.invite(
                session,
                as_actor(stage.owners[entry.organisation]),
                stage.organisations[entry.organisation],
                entry.email,
                entry.role,
                path=lambda token: f"/invitations/{token}",
                at=invited,
            )
            members.accept(session, user, invitation, at=joined)


def write_down(
    stage: Stage, user: User, action: str, listing: Listing, days: float, **detail: Any
) -> None:
    at = stage.days_ago(days)
    event = audit.Event(as_actor(user), action, "listing", listing.id, detail, at)
    stage.events.append(event)


def add_listings(stage: Stage) -> None:
    """All of them in one go, then what curators said of them."""
    added = []
    spoke = first_words()
    for kind, name in (("need", "needs"), ("capability", "capabilities")):
        for number, entry in enumerate(rows(name)):
            days = max(3 + (number * 37) % DAYS_COVERED, spoke.get(entry["id"], 0) + 2)
            added.append((add_listing(stage, kind, entry, days), days))
    stage.session.flush()
    for listing, days in added:
        write_down(stage, listing.author, "listing.create", listing, days + 6, kind=listing.kind)
        review(stage, listing, days)


def first_words() -> Mapping[str, int]:
    """How many days ago somebody first spoke about each listing, of those told by name."""
    spoke = dict.fromkeys(stories.TALKING, BEGAN)
    for tale in tales():
        for one in tale["pair"]:
            spoke[one] = max(spoke.get(one, 0), -tale["begins"])
    return spoke


def add_listing(stage: Stage, kind: str, entry: dict[str, Any], days: float) -> Listing:
    organisation = stage.organisations[entry["organisation"]]
    author = stage.owners[entry["organisation"]]
    listing = Listing(
        **plain_fields(stage, kind, entry),
        organisation=organisation,
        author=author,
        plan=stage.plan,
        province=organisation.province,
        created_at=stage.days_ago(days + 6),
        updated_at=stage.days_ago(days),
        tasks=[stage.tasks[code] for code in entry["tasks"]],
        modes=[ListingMode(code=code) for code in dict.fromkeys(entry["modes"])],
        sectors=[ListingSector(code=code) for code in dict.fromkeys(entry["sectors"])],
        licences=licences(entry),
        requirements=requirements(entry),
        references=references(entry),
    )
    stage.session.add(listing)
    stage.listings[entry["id"]] = listing
    return listing


def resource_of(entry: dict[str, Any]) -> str:
    is_people = bool(entry.get("talent")) and entry["goal"] == "talent"
    return entry.get("resource") or (PEOPLE if is_people else TECHNOLOGY)


def plain_fields(stage: Stage, kind: str, entry: dict[str, Any]) -> dict[str, Any]:
    """The fields that are one value each; those that the resource does not have stay empty."""
    talent = entry.get("talent") or {}
    deadline = entry.get("deadline_days")
    code, empty = resource_of(entry), Content()
    said = {
        "kind": kind,
        "resource": code,
        "details": entry.get("details") or {},
        "status": entry["status"],
        "language": entry["lang"],
        "title": entry["title"],
        "summary": entry["summary"],
        "description": entry["description"],
        "goal": entry["goal"],
        "deadline": (stage.began + timedelta(days=deadline)).date() if deadline else None,
        "trl": entry.get("trl"),
        "trl_high": entry.get("trl_high"),
        "budget_min": entry.get("budget_min"),
        "budget_max": entry.get("budget_max"),
        "fund_source": entry.get("fund_source") or "",
        "talent_kind": talent.get("kind") or "",
        "talent_number": talent.get("number"),
        "talent_months": talent.get("months"),
        "evidence": entry.get("evidence") or "",
        "ip_status": entry.get("ip_status") or "",
        "deployments": entry.get("deployments") or "",
        "seats": entry.get("seats"),
        "annex": entry.get("annex") or "",
    }
    left_out = resource(code).left_out & set(said) - {"goal"}
    return said | {name: getattr(empty, name) for name in left_out}


def licences(entry: dict[str, Any]) -> list[ListingLicence]:
    has_any = "licences" not in resource(resource_of(entry)).left_out
    named = entry.get("licences") or [] if has_any else []
    return [ListingLicence(code=code) for code in dict.fromkeys(named)]


def requirements(entry: dict[str, Any]) -> list[Requirement]:
    lines = [(True, text) for text in entry.get("must_haves") or []]
    lines += [(False, text) for text in entry.get("nice_to_haves") or []]
    return [
        Requirement(position=position, must=must, text=text)
        for position, (must, text) in enumerate(lines)
    ]


def references(entry: dict[str, Any]) -> list[ListingReference]:
    named = map(Reference.read, entry.get("references") or [])
    return [
        ListingReference(position=position, number=one.number, shows=one.shows)
        for position, one in enumerate(named)
    ]


CHANGES = {
    "zh": "请补充现有工艺的处理量和已试过的办法，并说明预算是否含设备。",
    "en": "Please add today's throughput and what was tried, "
    "and say whether the budget includes equipment.",
    "es": "Añada, por favor, la capacidad actual y lo que ya se probó, "
    "e indique si el presupuesto incluye los equipos.",
}


def review(stage: Stage, listing: Listing, days: float) -> None:
    """Send it for review, and add a curator's; what is published is found and gets partners."""
    if listing.status == ListingStatus.DRAFT:
        return
    waits = listing.status == ListingStatus.IN_REVIEW
    write_down(stage, listing.author, "listing.submit", listing, days if waits else days + 1)
    if waits:
        return
    curator = curator_of(stage, listing.organisation.province)
    changes = listing.status == ListingStatus.CHANGES_REQUESTED
    stage.session.add(
        Review(
            listing_id=listing.id,
            curator_id=curator.id,
            decision=ListingStatus.CHANGES_REQUESTED if changes else ListingStatus.PUBLISHED,
            note=CHANGES[listing.language] if changes else "",
            at=stage.days_ago(days),
            snapshot=snapshot(content_of(listing)),
        )
    )
    verb = "request_changes" if changes else "publish"
    write_down(stage, curator, f"listing.{verb}", listing, days)
    if not changes:
        listing.published_at = listing.confirmed_at = stage.days_ago(days)
        listing.approved_title = listing.title
    if listing.status == ListingStatus.PUBLISHED:
        listing.matching_due = True
        stage.published.append(listing)

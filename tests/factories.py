"""Things of every kind, named by intent; a test overrides the one field it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any, TypeVar

import factory
from factory.alchemy import SQLAlchemyModelFactory
from sqlalchemy import insert, inspect
from stdnum.cn import uscc

from matchmaker.accounts.models import StaffRole, User, UserSession
from matchmaker.agreements.instruments import Field, FieldType, instrument
from matchmaker.agreements.models import (
    Agreement,
    AgreementPerson,
    AgreementVersion,
    Consent,
    Facility,
    Milestone,
    PaymentMade,
    ServiceEntry,
)
from matchmaker.agreements.terms import Party, Payment, Terms
from matchmaker.conversations.models import Message
from matchmaker.cooperation.models import CuratorInvitation, Match
from matchmaker.db import db, now, today
from matchmaker.files import rules as files
from matchmaker.files.models import StoredFile
from matchmaker.imports.models import Import, ImportBatch, ImportRow
from matchmaker.listings.models import (
    Listing,
    ListingMode,
    ListingSector,
    ListingTask,
    PublishedChange,
    Reminder,
    Requirement,
)
from matchmaker.listings.states import ListingStatus
from matchmaker.meetings.models import Meeting, MeetingTime
from matchmaker.organisations.claims.models import Claim
from matchmaker.organisations.models import (
    Invitation,
    Membership,
    Organisation,
    OrganisationMerge,
    ProfileChange,
    Verification,
)
from matchmaker.organisations.rules import search_text
from matchmaker.outcomes.models import FollowUp, Outcome, OutcomeVersion
from matchmaker.permissions import SYSTEM
from matchmaker.plan import service as plans
from matchmaker.plan.models import KeyTask, Plan
from matchmaker.recommendation.models import Suggestion
from matchmaker.services import services

T = TypeVar("T")
PLAN = {
    "id": "test-plan",
    "version": 1,
    "title": {"zh": "测试方案", "en": "Test plan", "es": "Plan de prueba"},
    "horizon": {"from": 2021, "to": 2025},
    "sides": {
        "beneficiary": ["63", "64", "65"],
        "partner": ["11", "31", "37", "51"],
        "also_partner": ["64"],
    },
    "initiatives": [
        {
            "id": code,
            "region": region,
            "title": {"zh": zh, "en": f"{code} initiative", "es": f"Iniciativa {code}"},
            "tasks": [
                {
                    "id": f"{code}-{number}",
                    "title": {
                        "zh": f"{zh}任务{number}",
                        "en": f"{code} task {number}",
                        "es": f"Tarea {code} {number}",
                    },
                    "asks": {"zh": "要做的事。", "en": "What it asks.", "es": "Lo que pide."},
                    "clause": {"zh": "原文。", "en": "Source.", "es": "Fuente."},
                    "fields": [{"id": "lithium", "zh": "锂", "en": "lithium", "es": "litio"}],
                    "partners": [
                        {
                            "id": "shandong",
                            "kind": "region",
                            "zh": "山东",
                            "en": "Shandong",
                            "es": "Shandong",
                            "regions": ["37"],
                        }
                    ],
                    "instruments": [
                        {
                            "id": "joint",
                            "zh": "联合",
                            "en": "joint",
                            "es": "conjunta",
                            "modes": ["key_technology_project"],
                        }
                    ],
                }
                for number in (1, 2)
            ],
        }
        for code, region, zh in (("QH", "63", "科技援青"), ("XJ", "65", "科技援疆"))
    ],
}


_nested = ContextVar("nested", default=False)


@contextmanager
def together() -> Iterator[None]:
    """Make several things in one transaction: it is committed when the outermost ends."""
    if _nested.get():
        yield
        return
    token = _nested.set(True)
    try:
        yield
        db.session.commit()
    finally:
        _nested.reset(token)


def plan() -> Plan:
    """The current plan, loaded once a test: two initiatives of two tasks."""

    def load() -> Plan:
        with together():
            return plans.load(db.session(), SYSTEM, PLAN)[0]

    return _once("plan", load)


def task(code: str = "QH-1") -> KeyTask:
    plan()
    return _once(code, lambda: db.session.query(KeyTask).filter_by(code=code).one())


def _once(name: str, find: Callable[[], T]) -> T:
    """The thing of this name, found once a session and again if the session has lost it."""
    kept = db.session.info.setdefault("kept", {})
    if name not in kept or kept[name] not in db.session:
        kept[name] = find()
    found: T = kept[name]
    return found


class Factory(SQLAlchemyModelFactory):  # type: ignore[misc]
    class Meta:
        abstract = True
        sqlalchemy_session_factory = lambda: db.session  # noqa: E731
        sqlalchemy_session_persistence = "flush"

    @classmethod
    def _generate(cls, strategy: str, params: dict[str, Any]) -> Any:
        with together():
            return super()._generate(strategy, params)


class UserFactory(Factory):
    class Meta:
        model = User

    class Params:
        unconfirmed = factory.Trait(email_confirmed_at=None)
        suspended = factory.Trait(suspended_at=factory.LazyFunction(now))

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    language = "en"
    password_hash = "!"  # nobody signs in with it
    created_at = factory.LazyFunction(now)
    email_confirmed_at = factory.LazyFunction(now)


class StaffRoleFactory(Factory):
    class Meta:
        model = StaffRole

    user = factory.SubFactory(UserFactory)


class UserSessionFactory(Factory):
    """A session that was opened just now; pass `user_id`."""

    class Meta:
        model = UserSession

    token_hash = factory.Sequence(lambda n: f"hash{n}")
    generation = 1
    address = "198.51.100.7"
    browser = "Firefox, Linux"
    second_factor = True
    created_at = factory.LazyFunction(now)
    seen_at = factory.LazyFunction(now)
    proved_at = factory.LazyFunction(now)


def copies(thing: Any, number: int, **columns: Sequence[Any]) -> list[int]:
    """Insert rows like this one in one statement; `columns` differ from row to row. Return ids."""
    table = inspect(thing).mapper.local_table
    row = {column.key: getattr(thing, column.key) for column in table.c if column.key != "id"}
    rows = [
        {**row, **{name: values[place] for name, values in columns.items()}}
        for place in range(number)
    ]
    if "id" in table.c:
        return list(db.session.scalars(insert(table).returning(table.c.id), rows))
    db.session.execute(insert(table), rows)
    return []


def listings_like(listing: Listing, number: int) -> list[int]:
    """Insert listings that say what this one says."""
    ids = copies(listing, number)
    for part in (*listing.modes, *listing.sectors, *listing.requirements):
        copies(part, number, listing_id=ids)
    tasks = [{"listing_id": id_, "task_id": task.id} for id_ in ids for task in listing.tasks]
    db.session.execute(insert(ListingTask), tasks)
    return ids


def provincial_curator(*provinces: str, **fields: Any) -> User:
    with together():
        user = UserFactory(**fields)
        for province in provinces:
            StaffRoleFactory(user=user, role="provincial_curator", province=province)
    return user


def staff(role: str, **fields: Any) -> User:
    """A national curator, an evaluator or an administrator."""
    with together():
        return StaffRoleFactory(role=role, user=UserFactory(**fields)).user


def social_credit_code(number: int, province: str = "63") -> str:
    """A fictional, well-formed unified social credit code of an enterprise."""
    body = f"91{province}0000MA{number:07d}"
    return body + uscc.calc_check_digit(body)


class OrganisationFactory(Factory):
    """A verified organisation in the west; see `western`, `eastern`."""

    class Meta:
        model = Organisation

    class Params:
        unverified = factory.Trait(status="registered")
        eastern = factory.Trait(
            province="37", city="青岛", name_zh=factory.Sequence(lambda n: f"东岸研究院{n}")
        )

    name_zh = factory.Sequence(lambda n: f"高原企业{n}")
    name_other = factory.Sequence(lambda n: f"Plateau Works {n}")
    other_language = "en"
    type = "enterprise"
    province = "63"
    city = "西宁"
    uscc = factory.LazyAttributeSequence(lambda o, n: social_credit_code(n, o.province))
    sectors = ["salt_lake"]
    summary = "What it does."
    summary_language = "en"
    contact_name = "Contact Person"
    contact_email = factory.Sequence(lambda n: f"contact{n}@example.org")
    contact_phone = "0971-5550000"
    zone = ""
    details = factory.LazyFunction(dict)
    search_text = factory.LazyAttribute(search_text)
    status = "verified"
    verified_until = factory.LazyAttribute(
        lambda o: None if o.status == "registered" else today() + timedelta(days=365)
    )
    created_at = factory.LazyFunction(now)


class MembershipFactory(Factory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = "owner"
    joined_at = factory.LazyFunction(now)


def member_of(organisation: Organisation, role: str = "owner", **fields: Any) -> User:
    with together():
        user = UserFactory(**fields)
        MembershipFactory(organisation=organisation, role=role, user=user)
    return user


class InvitationFactory(Factory):
    """An open invitation; pass `invited_by_id`."""

    class Meta:
        model = Invitation

    organisation = factory.SubFactory(OrganisationFactory)
    email = factory.Sequence(lambda n: f"invited{n}@example.org")
    role = "editor"
    token_hash = factory.Sequence(lambda n: f"invitation{n}")
    created_at = factory.LazyFunction(now)
    expires_at = factory.LazyFunction(lambda: now() + timedelta(days=14))


class ClaimFactory(Factory):
    """Somebody has just asked to manage the account of an organisation."""

    class Meta:
        model = Claim

    class Params:
        ripe = factory.Trait(at=factory.LazyFunction(lambda: now() - timedelta(days=8)))

    organisation = factory.SubFactory(OrganisationFactory)
    user = factory.SubFactory(UserFactory)
    position = "Head of research"
    reason = "She left in March."
    at = factory.LazyFunction(now)
    status = "open"


class VerificationFactory(Factory):
    class Meta:
        model = Verification

    evidence = "Business licence seen."
    verified_on = factory.LazyFunction(today)
    expires_on = factory.LazyFunction(lambda: today() + timedelta(days=365))


class MergeFactory(Factory):
    """An organisation that has become part of another, which is `kept`. Nothing moved."""

    class Meta:
        model = OrganisationMerge

    merged = factory.SubFactory(
        "tests.factories.OrganisationFactory",
        status="merged",
        province=factory.SelfAttribute("..kept.province"),
    )
    curator = factory.SubFactory(UserFactory)
    reason = "One licence."
    at = factory.LazyFunction(now)
    status_before = "registered"
    moved: dict[str, Any] = {}


class ProfileChangeFactory(Factory):
    """A proposed identity; pass `organisation` and `after`."""

    class Meta:
        model = ProfileChange

    user = factory.SubFactory(UserFactory)
    at = factory.LazyFunction(now)
    before = factory.LazyAttribute(
        lambda o: {name: getattr(o.organisation, name) for name in o.after}
    )
    status = "proposed"


class ListingFactory(Factory):
    """A published listing; pass `organisation`. Named variants: draft, in_review."""

    class Meta:
        model = Listing

    class Params:
        draft = factory.Trait(status="draft", published_at=None)
        in_review = factory.Trait(status="in_review", published_at=None)

    kind = "need"
    organisation = factory.SubFactory(OrganisationFactory)
    author = factory.SubFactory(UserFactory)
    plan = factory.LazyFunction(plan)
    status = "published"
    language = "en"
    title = factory.Sequence(lambda n: f"Listing {n}")
    approved_title = factory.LazyAttribute(
        lambda o: o.title if o.status in ListingStatus.REVIEWED_ONCE else ""
    )
    summary = "A summary."
    description = "A description."
    goal = "technology_transfer"
    province = factory.SelfAttribute("organisation.province")
    trl = 6
    created_at = factory.LazyFunction(now)
    updated_at = factory.LazyFunction(now)
    published_at = factory.LazyFunction(now)
    confirmed_at = factory.SelfAttribute("published_at")

    @classmethod
    def _create(cls, model_class: type[Listing], *args: Any, **fields: Any) -> Listing:
        codes = fields.pop("task_codes", ("QH-1",))
        fields["tasks"] = [task(code) for code in codes]
        fields["modes"] = [
            ListingMode(code=code) for code in fields.pop("mode_codes", ("key_technology_project",))
        ]
        fields["sectors"] = [
            ListingSector(code=code) for code in fields.pop("sector_codes", ("salt_lake",))
        ]
        musts = fields.pop("must_haves", ())
        fields["requirements"] = [
            Requirement(position=i, must=True, text=text) for i, text in enumerate(musts)
        ]
        listing: Listing = super()._create(model_class, *args, **fields)
        return listing


def need(**fields: Any) -> Listing:
    return ListingFactory(kind="need", **fields)


def capability(**fields: Any) -> Listing:
    with together():
        if "organisation" not in fields:
            fields["organisation"] = OrganisationFactory(eastern=True)
        return ListingFactory(kind="capability", **fields)


class SuggestionFactory(Factory):
    class Meta:
        model = Suggestion

    need = factory.LazyFunction(need)
    capability = factory.LazyFunction(capability)
    origin = "engine"
    score = 0.8
    band = "strong"
    parts = {"text": 0.5, "plan": 0.1, "mode": 0.1, "readiness": 0.05, "region": 0.05}
    reasons = []
    engine_version = "test"
    weights_version = "test"
    created_at = factory.LazyFunction(now)
    computed_at = factory.LazyFunction(now)


class OutcomeFactory(Factory):
    """A result that the need's side has reported; pass `match`."""

    class Meta:
        model = Outcome

    measure = "people_trained"
    side = "need"
    status = "reported"
    number = 1
    created_at = factory.LazyFunction(now)
    updated_at = factory.LazyFunction(now)
    versions = factory.LazyFunction(lambda: [OutcomeVersionFactory.build()])


class OutcomeVersionFactory(Factory):
    class Meta:
        model = OutcomeVersion

    number = 1
    amount = 12
    first_day = factory.LazyFunction(today)
    last_day = factory.LazyFunction(today)
    evidence = "The signed list."
    user_id = factory.LazyFunction(lambda: UserFactory().id)
    at = factory.LazyFunction(now)


class ImportFactory(Factory):
    """A table of one need that was checked; pass `organisation` and `user`."""

    class Meta:
        model = Import

    plan_id = factory.LazyFunction(lambda: plan().id)
    kind = "need"
    name = "needs.xlsx"
    sheets = [
        {
            "name": "Needs",
            "heading_row": 1,
            "columns": [[0, "Title", "title", False], [1, "Remark", None, False]],
            "left_out": [],
            "replaced": 0,
            "is_known": False,
        }
    ]
    passed = []
    status = "checked"
    row_count = 1
    created_at = factory.LazyFunction(now)
    updated_at = factory.LazyFunction(now)


class ImportBatchFactory(Factory):
    """A curator's table of needs, whose rows have no organisation yet; pass `user_id`."""

    class Meta:
        model = ImportBatch

    kind = "need"
    name = "needs.xlsx"
    sheets = [
        {
            "name": "Needs",
            "heading_row": 1,
            "columns": [[0, "Organisation", "organisation", False], [1, "Title", "title", False]],
            "left_out": [],
            "replaced": 0,
        }
    ]
    passed = []
    rows = [[0, 2, ["Salt Works", "A need"], []]]
    status = "naming"
    counts = {}
    created_at = factory.LazyFunction(now)
    updated_at = factory.LazyFunction(now)


class ImportRowFactory(Factory):
    """A row that will be a draft; pass `import_id`."""

    class Meta:
        model = ImportRow

    position = 0
    sheet = 0
    number = 2
    cells = ["Lithium from brine", ""]
    repeats = []
    status = "new"


class FollowUpFactory(Factory):
    """What the need's side is asked; pass `match`."""

    class Meta:
        model = FollowUp

    side = "need"
    since = factory.LazyFunction(now)
    days = 30
    asked_at = factory.LazyFunction(now)
    expires_at = factory.LazyFunction(lambda: now() + timedelta(days=60))


class CorrectionFactory(Factory):
    """A small correction of a listing's title; pass `listing` and `user_id`."""

    class Meta:
        model = PublishedChange

    is_small = True
    before: Any = {"title": "A vlave for hot brine"}
    after = factory.LazyAttribute(lambda made: {"title": made.listing.title})
    at = factory.LazyFunction(now)


class ReminderFactory(Factory):
    """A question whether a listing is still open; pass `listing_id`."""

    class Meta:
        model = Reminder

    deadline = None
    days = 180
    asked_at = factory.LazyFunction(now)


class MatchFactory(Factory):
    class Meta:
        model = Match

    class Params:
        mutual = factory.Trait(status="mutual")

    need = factory.LazyFunction(need)
    capability = factory.LazyFunction(capability)
    plan = factory.LazyFunction(plan)
    status = "one_side_interested"
    created_at = factory.LazyFunction(now)
    updated_at = factory.LazyFunction(now)
    active_at = factory.SelfAttribute("updated_at")
    expires_on = factory.LazyFunction(lambda: today() + timedelta(days=30))


class MeetingFactory(Factory):
    """Times that the need's side proposes for tomorrow; pass `match`. Named variant: arranged."""

    class Meta:
        model = Meeting

    class Params:
        arranged = factory.Trait(status="accepted", sequence=1)

    match = factory.SubFactory(MatchFactory, mutual=True)
    status = "proposed"
    proposed_by = "need"
    user_id = factory.LazyFunction(lambda: UserFactory().id)
    topic = factory.Sequence(lambda n: f"Topic {n}")
    minutes = 60
    place = "Room 301"
    uid = factory.Sequence(lambda n: f"uid-{n}")
    created_at = factory.LazyFunction(now)
    updated_at = factory.LazyFunction(now)

    @classmethod
    def _create(cls, model_class: type[Meeting], *args: Any, **fields: Any) -> Meeting:
        default = [now() + timedelta(days=days) for days in (1, 2)]
        times = fields.pop("times", default)
        fields["times"] = [MeetingTime(starts_at=time) for time in times]
        if fields["status"] == "accepted":
            fields.setdefault("starts_at", times[0])
        meeting: Meeting = super()._create(model_class, *args, **fields)
        return meeting


def terms(
    code: str,
    *,
    parties: Sequence[Party] = (),
    payments: Sequence[Payment] = (),
    **values: Any,
) -> Terms:
    """Terms that say all that an instrument asks for; `values` say otherwise."""
    said = {one.code: _example(one) for one in instrument(code).fields if one.required}
    return Terms({**said, **values}, tuple(parties), tuple(payments))


@together()
def agreement_in_force(match: Match, author: User, code: str = "pilot_scale") -> Agreement:
    """An agreement that the need's side wrote, with one of each thing that belongs to it."""
    own, other = match.organisation_ids
    agreed = terms(code, payments=[Payment("at once", 1000)])
    agreement = Agreement(
        match=match,
        instrument_code=code,
        drafter_id=own,
        status="in_force",
        agreed_on=today(),
        created_at=now(),
        updated_at=now(),
        facility=Facility(organisation_id=other, name="Line 1"),
        versions=[
            AgreementVersion(
                number=1,
                organisation_id=own,
                author_id=author.id,
                status="in_force",
                content=agreed.to_json(),
                written_at=now(),
                sent_at=now(),
                consents=[Consent(organisation_id=one, answer="yes") for one in (own, other)],
            )
        ],
        people=[
            AgreementPerson(
                organisation_id=own,
                name="Somebody",
                key="somebody",
                full_time=True,
                starts_on=today(),
                ends_on=today(),
            )
        ],
        milestones=[Milestone(what="To be reached", by="both", due_on=today())],
        payments_made=[PaymentMade(place=0, paid_on=today())],
        entries=[
            ServiceEntry(
                organisation_id=own,
                day=today(),
                place="Village",
                hours=2,
                what="Work",
                people=3,
                written_at=now(),
            )
        ],
    )
    db.session.add(agreement)
    db.session.flush()
    return agreement


def _example(one: Field) -> Any:
    begin, end = today(), today() + timedelta(days=365)
    examples = {
        FieldType.NUMBER: one.low or 1,
        FieldType.MONEY: 100_000,
        FieldType.DATE: begin.isoformat(),
        FieldType.PERIOD: [begin.isoformat(), end.isoformat()],
        FieldType.YES_NO: True,
    }
    if one.type in (FieldType.CHOICE, FieldType.CODES):
        first = one.codes[0]
        return [first] if one.type == FieldType.CODES else first
    return examples.get(one.type, f"Some {one.code}")


class CuratorInvitationFactory(Factory):
    """Curators who are invited by the need's side; pass `match_id` and `invited_by_id`."""

    class Meta:
        model = CuratorInvitation

    side = "need"
    at = factory.LazyFunction(now)


class StoredFileFactory(Factory):
    """A PDF with its bytes in the home folder; pass `uploaded_by_id` and `organisation_id`."""

    class Meta:
        model = StoredFile

    purpose = "message"
    name = "plan.pdf"
    type = "pdf"
    size = 5
    sha256 = "0" * 64
    key = factory.Sequence(lambda n: f"{n:032x}")
    created_at = factory.LazyFunction(now)

    @classmethod
    def _create(cls, model_class: type[StoredFile], *args: Any, **fields: Any) -> StoredFile:
        place = files.place(services().settings.home_path, fields["key"])
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"%PDF-")
        file: StoredFile = super()._create(model_class, *args, **fields)
        return file


class MessageFactory(Factory):
    """A message of a side; pass `match_id`, `author` and `organisation_id` (None: a curator)."""

    class Meta:
        model = Message

    text = factory.Sequence(lambda n: f"Message {n}.")
    key = factory.Sequence(lambda n: f"key{n}")
    files = factory.LazyFunction(list)
    created_at = factory.LazyFunction(now)

"""One table of permissions. Views enforce it, templates ask it, list queries mirror it.

Every rule is a pure predicate over the actor and the facts of a subject. A subject has the
attributes that the rule reads: `organisation_id`, `province` (the organisation's), `is_shown`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum, nonmember
from typing import Any


class MemberRole(StrEnum):
    """Roles in one's own organisation."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"

    # They write for the organisation, and are told what concerns it.
    WRITERS = nonmember((OWNER, EDITOR))


@dataclass(frozen=True, slots=True)
class Actor:
    """The person acting, as plain facts. The default is a visitor without an account."""

    user_id: int | None = None
    name: str = ""
    language: str = ""
    time_zone: str = ""
    organisations: tuple[int, ...] = ()  # that the person may act for; of several, they choose
    organisation_id: int | None = None
    organisation_role: str | None = None  # a MemberRole
    organisation_verified: bool = False
    may_post_needs: bool = False
    may_post_capabilities: bool = False
    roles: frozenset[str] = field(default_factory=frozenset)  # of codelist staff_role
    provinces: frozenset[str] = field(
        default_factory=frozenset
    )  # a provincial curator's own, GB/T 2260
    network: str = field(default="", compare=False)  # that the request comes from

    @property
    def signed_in(self) -> bool:
        return self.user_id is not None

    @property
    def has_to_choose(self) -> bool:
        """Return whether the person may act for several organisations, and has not said which."""
        return len(self.organisations) > 1 and self.organisation_id is None

    @property
    def is_member(self) -> bool:
        """Return whether the actor may read the members tier."""
        return self.organisation_verified or bool(self.roles)

    @property
    def is_curator(self) -> bool:
        return bool(self.roles & {"provincial_curator", "national_curator"})

    def curates(self, province: str | None) -> bool:
        return "national_curator" in self.roles or (
            "provincial_curator" in self.roles and province in self.provinces
        )


VISITOR = Actor()
SYSTEM = Actor(name="matchmaker")  # jobs and the command line

Predicate = Callable[[Actor, Any], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: `allows` decides; visitors get 404 where it is open to them, else they sign in."""

    allows: Predicate
    open_to_visitors: bool = False


def anyone(actor: Actor, subject: Any) -> bool:
    return True


def signed_in(actor: Actor, subject: Any) -> bool:
    return actor.signed_in


def member(actor: Actor, subject: Any) -> bool:
    return actor.signed_in and actor.is_member


def without_organisation(actor: Actor, subject: Any) -> bool:
    return actor.signed_in and actor.organisation_id is None and not actor.roles


def of_organisation(*roles: str) -> Predicate:
    def allows(actor: Actor, subject: Any) -> bool:
        return actor.organisation_id is not None and (
            actor.organisation_id == subject.organisation_id and actor.organisation_role in roles
        )

    return allows


def in_organisation(*roles: str) -> Predicate:
    """A role in the actor's own organisation, where there is no subject yet."""

    def allows(actor: Actor, subject: Any) -> bool:
        return actor.organisation_id is not None and actor.organisation_role in roles

    return allows


def own_membership(actor: Actor, subject: Any) -> bool:
    """One's own, also while nobody may work for the organisation."""
    return actor.signed_in and actor.user_id == subject.user_id


def curator(actor: Actor, subject: Any) -> bool:
    return actor.is_curator


def curator_in_scope(actor: Actor, subject: Any) -> bool:
    return actor.curates(subject.province)


def curator_of_another(actor: Actor, subject: Any) -> bool:
    """Nobody decides about their own organisation."""
    return actor.curates(subject.province) and actor.organisation_id != subject.organisation_id


def curator_of_neither_side(actor: Actor, subject: Any) -> bool:
    """A curator of the province who belongs to nobody concerned, whomever they act for now."""
    return actor.curates(subject.province) and actor.user_id not in subject.insiders


def may_ask_for_account(actor: Actor, subject: Any) -> bool:
    """Of an organisation that the person may know of and does not manage."""
    return actor.signed_in and not actor.roles and bool(subject and subject.may_be_asked_for)


def curator_who_brings(actor: Actor, subject: Any) -> bool:
    """A curator of the province, of what a curator brought for the organisation."""
    return bool(subject.is_by_curator) and curator_of_another(actor, subject)


def curator_of_oneself(actor: Actor, subject: Any) -> bool:
    """A curator, of what they brought themselves."""
    return actor.is_curator and of_oneself(actor, subject)


def curator_concerned(actor: Actor, subject: Any) -> bool:
    """The same, also for the province that an organisation proposes to be of."""
    concerned = any(actor.curates(province) for province in subject.provinces)
    return concerned and actor.organisation_id != subject.organisation_id


def curator_of_both(actor: Actor, subject: Any) -> bool:
    """In charge of both of two organisations, and of neither as a member."""
    in_charge = all(actor.curates(province) for province in subject.provinces)
    return in_charge and actor.organisation_id not in subject.organisation_ids


def curator_of_either_side(actor: Actor, subject: Any) -> bool:
    return any(actor.curates(province) for province in subject.provinces)


def curator_between_others(actor: Actor, subject: Any) -> bool:
    """A curator of either side, unless one of the two organisations is their own."""
    return (
        curator_of_either_side(actor, subject)
        and actor.organisation_id not in subject.organisation_ids
    )


def curator_of_shown_pair(actor: Actor, subject: Any) -> bool:
    """The same while both listings are shown: a draft is for the curators of its own province."""
    return curator_between_others(actor, subject) and bool(subject.are_both_shown)


def party(*roles: str) -> Predicate:
    """One of the two organisations of a suggestion or a match."""

    def allows(actor: Actor, subject: Any) -> bool:
        return (
            actor.organisation_id in subject.organisation_ids and actor.organisation_role in roles
        )

    return allows


def side(*roles: str) -> Predicate:
    """One of the two sides of the match that an agreement belongs to, if it may read it."""
    is_party = party(*roles)

    def allows(actor: Actor, subject: Any) -> bool:
        return is_party(actor, subject) and actor.organisation_id in subject.side_ids

    return allows


def one_side(place: int, *roles: str) -> Predicate:
    """The organisation on one side of a pair: 0 the need's, 1 the capability's."""

    def allows(actor: Actor, subject: Any) -> bool:
        return (
            actor.organisation_id == subject.organisation_ids[place]
            and actor.organisation_role in roles
        )

    return allows


def invited_curator(actor: Actor, subject: Any) -> bool:
    """A curator of either side of a match, while one of its sides has invited them."""
    return bool(subject.are_curators_invited) and curator_between_others(actor, subject)


def reader_of_what_it_hangs_on(actor: Actor, subject: Any) -> bool:
    """A file opens with the thing that it hangs on: `subject` knows the action and the thing."""
    return subject.subject is not None and may(actor, subject.action, subject.subject)


def reader_of_confidential(actor: Actor, subject: Any) -> bool:
    """The own organisation, and a matched partner who promised silence."""
    return bool(subject.tier == "confidential")


def party_shown(*roles: str) -> Predicate:
    """One of the two organisations of a suggestion that is open to them."""
    is_party = party(*roles)

    def allows(actor: Actor, subject: Any) -> bool:
        return is_party(actor, subject) and bool(subject.is_shown_to(actor.organisation_id))

    return allows


def staff(*roles: str) -> Predicate:
    def allows(actor: Actor, subject: Any) -> bool:
        return bool(actor.roles & set(roles))

    return allows


def either(*predicates: Predicate) -> Predicate:
    def allows(actor: Actor, subject: Any) -> bool:
        return any(predicate(actor, subject) for predicate in predicates)

    return allows


def shown_listing(actor: Actor, subject: Any) -> bool:
    return bool(subject.is_shown)


def outsider(*roles: str) -> Predicate:
    """A role in another organisation than the one whose listing this is, while it is shown."""
    has_role = in_organisation(*roles)

    def allows(actor: Actor, subject: Any) -> bool:
        is_other = actor.organisation_id != subject.organisation_id
        return is_other and has_role(actor, subject) and bool(subject.is_shown)

    return allows


def of_oneself(actor: Actor, subject: Any) -> bool:
    return actor.user_id is not None and actor.user_id == subject.user_id


def shown_organisation(actor: Actor, subject: Any) -> bool:
    """Also when its verification has lapsed: what it published stays visible."""
    return bool(subject.is_shown)


OWN = of_organisation(*MemberRole)
WRITES = of_organisation(*MemberRole.WRITERS)
OWNS = of_organisation(MemberRole.OWNER)
ADMINISTRATOR = staff("administrator")

RULES: dict[str, Rule] = {
    # pages for everybody
    "site.read": Rule(anyone, open_to_visitors=True),
    "plan.read": Rule(anyone, open_to_visitors=True),
    "account.open": Rule(anyone, open_to_visitors=True),  # register, sign in, reset a password
    "demo.enter": Rule(anyone, open_to_visitors=True),
    "feed.read": Rule(anyone, open_to_visitors=True),  # by the secret address of a person
    "mail.unsubscribe": Rule(anyone, open_to_visitors=True),  # by the signed link of a mail
    # one's own account
    "account.use": Rule(signed_in),
    "account.contact": Rule(curator),  # how organisations reach a curator
    "home.read": Rule(signed_in),
    "notice.read": Rule(signed_in),
    # organisations
    "organisation.register": Rule(without_organisation),
    "organisation.read": Rule(
        either(shown_organisation, OWN, curator_in_scope, ADMINISTRATOR), open_to_visitors=True
    ),
    "organisation.read_contact": Rule(either(OWN, curator_in_scope, ADMINISTRATOR)),
    "organisation.edit": Rule(OWNS),
    "organisation.members": Rule(OWN),
    "organisation.manage_members": Rule(OWNS),
    "organisation.leave": Rule(own_membership),
    "organisation.close": Rule(either(OWNS, ADMINISTRATOR)),
    "organisation.looks": Rule(OWNS),
    "organisation.files": Rule(WRITES),  # all that count for its quota; each opens by "file.read"
    "organisation.browse": Rule(anyone, open_to_visitors=True),
    "organisation.converse": Rule(OWNS),  # about the verification
    "organisation.papers": Rule(either(OWNS, curator_concerned)),  # licences and letters
    "organisation.withdraw_request": Rule(of_oneself),
    # a request to manage an organisation's account
    "claim.ask": Rule(may_ask_for_account),
    "claim.read": Rule(either(of_oneself, OWNS)),
    "claim.answer": Rule(of_oneself),
    "claim.object": Rule(OWNS),
    "claim.object_by_mail": Rule(anyone, open_to_visitors=True),  # the contact, by a signed link
    "claim.decide": Rule(curator_of_neither_side),
    "claim.papers": Rule(either(of_oneself, curator_of_neither_side)),
    "person.answer": Rule(anyone, open_to_visitors=True),  # by the signed link of a mail
    "organisation.verify": Rule(curator_concerned),
    "organisation.merge": Rule(curator_of_both),
    "organisation.suspend": Rule(either(curator_of_another, ADMINISTRATOR)),
    "organisation.search": Rule(ADMINISTRATOR),
    "organisation.hand_over": Rule(ADMINISTRATOR),
    "organisation.grant_posting": Rule(curator_of_another),
    "organisation.invite_owner": Rule(curator_of_another),  # while nobody has taken it over
    "organisation.keep": Rule(curator_of_another),  # the same
    # listings
    "listing.browse": Rule(anyone, open_to_visitors=True),
    "listing.read": Rule(either(shown_listing, OWN, curator_in_scope), open_to_visitors=True),
    "listing.mine": Rule(in_organisation(*MemberRole)),
    "listing.create": Rule(in_organisation(*MemberRole.WRITERS)),
    "listing.edit": Rule(WRITES),
    "listing.renew_by_mail": Rule(anyone, open_to_visitors=True),  # by the signed link of a mail
    "import.begin": Rule(in_organisation(*MemberRole.WRITERS)),
    "import.act": Rule(either(WRITES, curator_who_brings)),
    "import.bring": Rule(curator),  # tables of several organisations, or of organisations
    "import.bring_for": Rule(curator_of_another),  # one organisation
    "import.place": Rule(curator_of_oneself),
    "listing.review": Rule(curator_of_another),
    "listing.consider": Rule(either(shown_listing, OWN)),  # the page that says how, or why not
    "listing.approach": Rule(outsider(*MemberRole.WRITERS)),
    "listing.bookmark": Rule(shown_listing),
    "annex.read": Rule(reader_of_confidential),
    "kept.read": Rule(signed_in),  # one's own bookmarks and searches
    "kept.change": Rule(of_oneself),
    "search.save": Rule(signed_in),
    "search.download": Rule(signed_in),  # what the reader may see of each listing
    # suggested partners and matches
    "suggestion.list": Rule(either(OWN, curator_in_scope)),
    "suggestion.read": Rule(either(party_shown(*MemberRole), curator_of_shown_pair)),
    "suggestion.answer": Rule(party_shown(*MemberRole.WRITERS)),
    "suggestion.mine": Rule(in_organisation(*MemberRole)),
    "suggestion.curate": Rule(curator_between_others),
    "match.mine": Rule(in_organisation(*MemberRole)),
    "match.read": Rule(either(party(*MemberRole), curator_of_either_side)),
    "match.answer": Rule(party(*MemberRole.WRITERS)),
    "match.ask": Rule(one_side(0, *MemberRole.WRITERS)),  # about the must-haves of one's need
    "match.tell": Rule(one_side(1, *MemberRole.WRITERS)),  # whether one's capability meets them
    "match.nudge": Rule(curator_between_others),
    "match.put_right": Rule(curator_between_others),
    # what follows once both sides want to work together
    "meeting.read": Rule(party(*MemberRole)),
    "meeting.arrange": Rule(party(*MemberRole.WRITERS)),
    # agreements of a match: its sides work on them; parties that were asked read them and answer
    "match.agreements": Rule(either(party(*MemberRole), curator_of_either_side)),
    "agreement.begin": Rule(party(*MemberRole.WRITERS)),
    "agreement.read": Rule(either(party(*MemberRole), curator_of_either_side)),
    "agreement.answer": Rule(party(*MemberRole.WRITERS)),
    "agreement.edit": Rule(side(*MemberRole.WRITERS)),
    # threads of matches, and files
    "thread.read": Rule(either(party(*MemberRole), invited_curator)),
    "thread.write": Rule(either(party(*MemberRole.WRITERS), invited_curator)),
    "thread.invite": Rule(party(*MemberRole.WRITERS)),
    "file.read": Rule(reader_of_what_it_hangs_on),
    # results
    "outcome.read": Rule(either(party(*MemberRole), curator_of_either_side)),
    "outcome.report": Rule(party(*MemberRole.WRITERS)),
    "outcome.verify": Rule(curator_between_others),
    "outcome.sums": Rule(either(OWN, curator_in_scope)),  # of one organisation, to the yuan
    "outcome.follow_up": Rule(anyone, open_to_visitors=True),  # by the signed link of a mail
    "outcome.download": Rule(curator),  # which results: "outcome.verify"
    # desk and administration
    "desk.read": Rule(curator),
    "pair.add": Rule(curator),  # which pairs: "suggestion.curate"
    "quality.read": Rule(either(curator, staff("evaluator"))),
    "quality.measure": Rule(curator),
    "quality.download": Rule(curator),  # which pairs: "suggestion.curate"
    "account.manage": Rule(ADMINISTRATOR),
    "audit.read": Rule(ADMINISTRATOR),
    "process.read": Rule(ADMINISTRATOR),
    "security.read": Rule(ADMINISTRATOR),
    "operations.read": Rule(ADMINISTRATOR),
    "metrics.read": Rule(anyone, open_to_visitors=True),  # with the token of the settings
}


def may(actor: Actor, action: str, subject: Any = None) -> bool:
    """Return whether the actor may do the action; raise KeyError for an unknown one."""
    return RULES[action].allows(actor, subject)

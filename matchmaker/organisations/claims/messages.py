"""Who is told what about a request for an account."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from matchmaker.accounts import queries as accounts
from matchmaker.accounts.models import User
from matchmaker.notices import service as notices
from matchmaker.organisations.claims.models import Claim

OWN, DESK, HOME = "/organisation/claims/{}", "/desk/claims/{}", "/home"


def asked(
    session: Session, claim: Claim, owners: Sequence[User], path: str, *, at: datetime
) -> None:
    """Tell those who may object, and the curators. `path`: by which the contact objects."""
    kind, name = "organisation.claim_asked", claim.user.name
    _tell(session, claim, owners, kind, OWN.format(claim.id), name=name, at=at)
    _mail_contact(session, claim, owners, "organisation.claim_contact", path, name=name, at=at)
    to_curators(session, claim, "organisation.claim_to_decide", at=at)


def came_to_nothing(
    session: Session, claim: Claim, owners: Sequence[User], *, at: datetime
) -> None:
    """Tell who could object that it was refused or taken back."""
    kind = "organisation.claim_ended"
    _tell(session, claim, owners, kind, HOME, name=claim.user.name, at=at)
    _mail_contact(session, claim, owners, kind, "/", name=claim.user.name, at=at)


def granted(session: Session, claim: Claim, members: Sequence[User], *, at: datetime) -> None:
    """Tell the person, everybody who belonged to the organisation, and its contact."""
    kind, name = "organisation.claim_granted", claim.user.name
    _tell(session, claim, [claim.user], "organisation.claim_approved", HOME, at=at)
    _tell(session, claim, members, kind, HOME, name=name, at=at)
    _mail_contact(session, claim, members, kind, "/", name=name, at=at)


def to_claimant(session: Session, claim: Claim, kind: str, *, note: str, at: datetime) -> None:
    """Who asks is not told the name of an organisation: it may not be theirs to know."""
    notices.notify(session, [claim.user], kind, OWN.format(claim.id), note=note, at=at)


def to_curators(session: Session, claim: Claim, kind: str, *, at: datetime) -> None:
    curators = accounts.curators_of(session, claim.organisation.province)
    _tell(session, claim, curators, kind, DESK.format(claim.id), name=claim.user.name, at=at)


def _tell(
    session: Session,
    claim: Claim,
    users: Iterable[User],
    kind: str,
    path: str,
    *,
    at: datetime,
    **params: Any,
) -> None:
    for user in users:
        name = claim.organisation.name_for(user.language)
        params = {**params, "organisation": name}
        notices.notify(
            session, [user], kind, path, concerning=claim.organisation_id, at=at, **params
        )


def _mail_contact(
    session: Session,
    claim: Claim,
    told: Sequence[User],
    kind: str,
    path: str,
    *,
    at: datetime,
    **params: Any,
) -> None:
    """Write to the address of the organisation's contact, unless its owner is told anyway."""
    organisation = claim.organisation
    address, language = organisation.contact_email, organisation.summary_language
    known = {user.email.lower() for user in (*told, claim.user)}
    if not address or address.lower() in known:
        return
    name = organisation.name_for(language)
    notices.mail(session, address, language, kind, path, organisation=name, **params, at=at)

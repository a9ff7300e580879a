"""The second factor: codes of an authenticator app (RFC 6238), and recovery codes."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime
from hmac import compare_digest

import pyotp
from sqlalchemy.orm import Session

from matchmaker.accounts import queries
from matchmaker.accounts.models import RecoveryCode, SecondFactor, User
from matchmaker.accounts.sessions import hash_token
from matchmaker.accounts.states import Proof
from matchmaker.audit import service as audit
from matchmaker.db import moment
from matchmaker.errors import NotAllowed, Refusal, Refused
from matchmaker.permissions import Actor

STEP_SECONDS = 30
STEPS_AWRY = 1  # the clock of a telephone may be half a minute wrong
RECOVERY_CODES = 10
RECOVERY_BYTES = 10  # 16 characters in base 32: more than can be guessed from the hash


def set_up(session: Session, actor: Actor, user: User, *, at: datetime | None = None) -> None:
    """Make a new secret, which counts once a code of it is shown. Raises Refused for a second."""
    at = moment(at)
    factor = queries.second_factor(session, user.id, lock=True)
    if factor is None:
        factor = SecondFactor(user_id=user.id, last_step=0)
        session.add(factor)
    elif factor.confirmed_at is not None:
        raise Refused(Refusal.FACTOR_STANDS)
    factor.secret = pyotp.random_base32()
    audit.record(session, actor, "account.set_up_factor", "account", user.id, at=at)


def address_for_app(factor: SecondFactor, user: User, site: str) -> str:
    """Return the `otpauth:` address that an app reads from the picture.

    `site` is in the app's list beside the account. A host's name keeps the picture small.
    """
    return pyotp.TOTP(factor.secret).provisioning_uri(name=user.email, issuer_name=site)


def confirm(
    session: Session, actor: Actor, user: User, code: str, *, at: datetime | None = None
) -> list[str]:
    """Take the first code of a new secret; return recovery codes, which are shown once.

    Every other session and every mailed link of the user ends. Raises Refused for a wrong code.
    """
    at = moment(at)
    factor = queries.second_factor(session, user.id, lock=True)
    if factor is None or factor.confirmed_at is not None:
        raise NotAllowed
    if not _takes(factor, code, at):
        raise Refused(Refusal.WRONG_CODE)
    factor.confirmed_at = at
    user.generation += 1
    audit.record(session, actor, "account.confirm_factor", "account", user.id, at=at)
    return _new_recovery_codes(session, user)


def accept(
    session: Session, actor: Actor, user: User, code: str, *, at: datetime | None = None
) -> Proof | None:
    """Use up a code of the app or a recovery code; None when it is neither, or was used before.

    Of several requests with one code, the first alone is accepted.
    """
    at = moment(at)
    factor = queries.second_factor(session, user.id, lock=True)
    if factor is None or factor.confirmed_at is None:
        return None
    if _takes(factor, code, at):
        return Proof.APP
    spare = queries.recovery_code(session, user.id, hash_token(_plain(code)))
    if spare is None:
        return None
    spare.used_at = at
    audit.record(session, actor, "account.use_recovery_code", "account", user.id, at=at)
    return Proof.RECOVERY_CODE


def renew_recovery_codes(
    session: Session, actor: Actor, user: User, *, at: datetime | None = None
) -> list[str]:
    """Replace the recovery codes, used and unused."""
    at = moment(at)
    factor = queries.second_factor(session, user.id, lock=True)
    if factor is None or factor.confirmed_at is None:
        raise NotAllowed
    audit.record(session, actor, "account.renew_recovery_codes", "account", user.id, at=at)
    return _new_recovery_codes(session, user)


def remove(session: Session, actor: Actor, user: User, *, at: datetime | None = None) -> None:
    """Sign in without a code from now on; every other session of the user ends."""
    at = moment(at)
    factor = queries.second_factor(session, user.id, lock=True)
    if factor is None:
        raise Refused(Refusal.NO_FACTOR)
    session.delete(factor)
    for code in queries.recovery_codes(session, user.id):
        session.delete(code)
    user.generation += 1
    audit.record(session, actor, "account.remove_factor", "account", user.id, at=at)


def _takes(factor: SecondFactor, code: str, at: datetime) -> bool:
    """Whether it is a code of these seconds, later than the last one taken."""
    now = int(at.timestamp()) // STEP_SECONDS
    app, typed = pyotp.TOTP(factor.secret), "".join(code.split())
    for step in range(now - STEPS_AWRY, now + STEPS_AWRY + 1):
        right = app.generate_otp(step)
        if step > factor.last_step and compare_digest(right.encode(), typed.encode()):
            factor.last_step = step
            return True
    return False


def _new_recovery_codes(session: Session, user: User) -> list[str]:
    for old in queries.recovery_codes(session, user.id):
        session.delete(old)
    codes = [
        base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode()
        for _ in range(RECOVERY_CODES)
    ]
    session.add_all(
        RecoveryCode(user_id=user.id, code_hash=hash_token(_plain(code))) for code in codes
    )
    return ["-".join(code[place : place + 4] for place in range(0, len(code), 4)) for code in codes]


def _plain(code: str) -> str:
    return "".join(character for character in code.upper() if character.isalnum())

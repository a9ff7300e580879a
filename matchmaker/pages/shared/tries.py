"""Limits on tries, and the way of a letter to the outbox."""

from __future__ import annotations

import hashlib

from flask import Response, request, session

from matchmaker.accounts.messages import Letter
from matchmaker.accounts.rules import normalised_email
from matchmaker.db import db
from matchmaker.notices.service import mail as write_mail
from matchmaker.web.limits import (
    BY_ACCOUNT,
    BY_ADDRESS,
    WRONG_CODES,
    asking_network,
    is_of_everybody,
    limiter,
)
from matchmaker.web.session import current_actor

# In the cookie: who has typed the right password, of which generation, and when.
SECOND_STEP = "second_step"


def account_aimed_at() -> str:
    """The key that tries are counted by: the typed address, and the network that asks.

    A stranger's tries do not lock the owner out, who asks from elsewhere.
    """
    return _key(normalised_email(request.form.get("email", "")) or "")


def account_in_use() -> str:
    return _key(str(current_actor().user_id))


def account_half_way() -> str:
    """The account whose code is asked for, from any address: who guesses knows the password.

    A new password begins a new count.
    """
    step = session.get(SECOND_STEP, {})
    return _hash(f"{step.get('user')} {step.get('generation')}")


def was_accepted(response: Response) -> bool:
    """Whether an answer counts as a try; a form that comes back with errors does not."""
    return response.status_code != 422


def was_refused(response: Response) -> bool:
    """Whether an answer counts as a wrong try."""
    return response.status_code == 422


def _key(account: str) -> str:
    return _hash(f"{account} {asking_network()}")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


by_address = limiter.limit(BY_ADDRESS, methods=["POST"], exempt_when=is_of_everybody)
answers_by_address = limiter.limit(BY_ADDRESS, methods=["GET"], exempt_when=is_of_everybody)
wrong_for_account = limiter.shared_limit(
    BY_ACCOUNT,
    scope="password",
    key_func=account_aimed_at,
    methods=["POST"],
    deduct_when=was_refused,
)
wrong_for_own_account = limiter.shared_limit(
    BY_ACCOUNT,
    scope="own password",
    key_func=account_in_use,
    methods=["POST"],
    deduct_when=was_refused,
)
wrong_codes = limiter.limit(
    WRONG_CODES, key_func=account_half_way, methods=["POST"], deduct_when=was_refused
)
mails_to_account = limiter.shared_limit(
    BY_ACCOUNT, scope="mail", key_func=account_aimed_at, methods=["POST"]
)
accepted_by_address = limiter.limit(
    BY_ADDRESS, methods=["POST"], deduct_when=was_accepted, exempt_when=is_of_everybody
)
accepted_by_account = limiter.limit(
    BY_ACCOUNT, key_func=account_aimed_at, methods=["POST"], deduct_when=was_accepted
)


def post(letter: Letter) -> None:
    """Put a letter into the outbox, in the transaction of this request."""
    write_mail(
        db.session(), letter.recipient, letter.language, letter.kind, letter.path, **letter.params
    )

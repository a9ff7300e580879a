"""Limits on tries, and the way of a letter to the outbox."""

from __future__ import annotations

import hashlib

from flask import Response, request
from flask_limiter.util import get_remote_address

from matchmaker.accounts.messages import Letter
from matchmaker.accounts.rules import normalised_email
from matchmaker.db import db
from matchmaker.notices.service import mail as write_mail
from matchmaker.web.limits import BY_ACCOUNT, BY_ADDRESS, limiter


def account_aimed_at() -> str:
    """The key that tries are counted by: a hash of the typed address, else the asking address."""
    address = normalised_email(request.form.get("email", ""))
    return hashlib.sha256(address.encode()).hexdigest() if address else get_remote_address()


def was_accepted(response: Response) -> bool:
    """Whether an answer counts as a try; a form that comes back with errors does not."""
    return response.status_code != 422


by_address = limiter.limit(BY_ADDRESS, methods=["POST"])
by_account = limiter.shared_limit(
    BY_ACCOUNT, scope="account", key_func=account_aimed_at, methods=["POST"]
)


def post(letter: Letter) -> None:
    """Put a letter into the outbox, in the transaction of this request."""
    write_mail(
        db.session(), letter.recipient, letter.language, letter.kind, letter.path, **letter.params
    )

"""How often one address may try things that are worth guessing at."""

from __future__ import annotations

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, headers_enabled=False)

# Guessing a password or asking for mails, by address; and by the account aimed at (accounts.views).
BY_ADDRESS = "30 per 10 minutes"
BY_ACCOUNT = "10 per 10 minutes"

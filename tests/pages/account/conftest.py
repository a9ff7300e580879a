"""Signing in, and who is signed in."""

from __future__ import annotations

from typing import Any

from tests.accounts.conftest import PASSWORD, ana
from tests.client import PageClient

__all__ = ["ana"]


def sign_in(browser: PageClient, email: str, password: str = PASSWORD, **data: Any) -> Any:
    return browser.submit("/sign-in", {"email": email, "password": password, **data})


def is_signed_in(browser: PageClient) -> bool:
    return browser.get("/account").status_code == 200

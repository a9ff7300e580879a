"""What every mail says: what happened, why it comes, and what to do if it was not you."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask_babel import force_locale

from matchmaker.notices.grounds import grounds
from matchmaker.notices.messages import CATALOGUE


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        (["account.reset"], ["about an account with this address"]),
        (["organisation.invitation"], ["someone entered this address"]),
        (["organisation.join_declined"], ["you asked to join"]),
        (["organisation.registered"], ["you are a curator"]),
        (["message.curators_invited"], ["you are a curator"]),
        (["watch.gone"], ["you watch the listing"]),
        (["match.interest"], ["an organisation that you belong to"]),
        (["mail.undelivered"], ["an organisation that you belong to"]),
        (["match.interest", "match.mutual"], ["an organisation that you belong to"]),
        (["watch.gone", "match.mutual"], ["you watch the listing", "that you belong to"]),
    ],
)
def test_a_mail_says_once_why_it_comes(app: Flask, kinds: list[str], told: list[str]) -> None:
    with app.app_context(), force_locale("en"):
        said = grounds(kinds)
    assert len(said) == len(told)
    assert all(part in sentence for part, sentence in zip(told, said, strict=True))


@pytest.mark.parametrize("kind", [kind for kind in CATALOGUE if kind.startswith("account.")])
def test_a_mail_about_an_account_says_what_to_do_if_it_was_not_you(kind: str) -> None:
    told = r"If (it|this) was not you|If not|If you did not"
    assert re.search(told, str(CATALOGUE[kind].body))


@pytest.mark.parametrize("kind", CATALOGUE)
def test_what_someone_wrote_stands_last(kind: str) -> None:
    """A sentence of ours behind it would look as if they had written it."""
    body = str(CATALOGUE[kind].body)
    assert "%(note)s" not in body.removesuffix("%(note)s")

"""One act too many: 429 with the time from which it is possible again, and nothing lost."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.audit.models import AuditRecord
from matchmaker.limits import service
from matchmaker.limits.rules import DAY, Limit
from matchmaker.limits.states import Act, Per
from matchmaker.permissions import Actor
from tests.client import Page
from tests.conftest import Scene
from tests.listings.conftest import complete
from tests.pages.listings.conftest import typed
from tests.world import browser_of, build_world

WORDS = "Three hundred tonnes of brine leak each spring."
INVITED = {"email": "mei@example.org", "role": "editor"}
NEW = {"title": WORDS, "summary": "", "description": "", "province": "63", "language": "en"}


@pytest.fixture
def world(scene: Scene[dict[str, Any]]) -> dict[str, Any]:
    return scene(build_world)


@pytest.mark.parametrize(
    ("act", "who", "address", "sent"),
    [
        (
            Act.INVITATION,
            "owner",
            "/organisation/invitations",
            {"email": "mei@example.org", "role": "editor"},
        ),
        (Act.DRAFT, "owner", "/listings/new/need", NEW),
        (Act.SUBMISSION, "owner", "/listings/new/need", None),
        (Act.INTEREST, "owner", "/suggestions/{suggestion}/interest", {"message": WORDS}),
    ],
)
def test_the_page_says_when_and_keeps_what_was_typed(
    app: Flask,
    session: Session,
    world: dict[str, Any],
    act: Act,
    who: str,
    address: str,
    sent: dict[str, str] | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent = sent or typed(complete(title=WORDS), action="submit")
    monkeypatch.setattr(service, "LIMITS", (Limit(act, Per.ACCOUNT, 1, DAY),))
    service.count(session, Actor(user_id=world[who]), act)
    session.commit()
    count = select(func.count()).select_from(AuditRecord)
    before = session.scalar(count)
    response = browser_of(app, world, who).submit(address.format(**world), sent)
    assert response.status_code == 429
    text = Page(response.text).text
    assert "Please try again after" in text
    assert next(iter(sent.values())) in text
    session.rollback()
    assert session.scalar(count) == before

"""What somebody wrote and sent, taken out and erased."""

from __future__ import annotations

import io
import json
from typing import Any
from zipfile import ZipFile

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.accounts.service import as_actor
from matchmaker.conversations.models import Draft, Message
from matchmaker.db import now
from matchmaker.organisations.models import Organisation
from matchmaker.privacy import service
from tests import factories


def writer(session: Session) -> User:
    """An editor who has sent a message with a file, was answered, and has a draft."""
    organisation: Organisation = factories.OrganisationFactory()
    user = factories.member_of(organisation, "editor", name="Zibelin")
    match = factories.MatchFactory(mutual=True)
    file = factories.StoredFileFactory(uploaded_by_id=user.id, organisation_id=organisation.id)
    side = {"match_id": match.id, "organisation_id": organisation.id}
    factories.MessageFactory(author=user, text="Mine", files=[file], **side)
    factories.MessageFactory(author=factories.UserFactory(), text="Theirs", **side)
    session.add(Draft(match_id=match.id, user_id=user.id, text="Half", saved_at=now()))
    session.commit()
    return user


def exported(session: Session, user: User) -> dict[str, Any]:
    with ZipFile(io.BytesIO(service.export(session, as_actor(user), user))) as packed:
        return {name: json.loads(packed.read(name)) for name in packed.namelist()}


def test_own_words_and_files_are_taken_out_and_no_words_of_others(
    app: Flask, session: Session
) -> None:
    held = exported(session, writer(session))
    assert [row["text"] for row in held["messages.json"]] == ["Mine"]
    assert [row["text"] for row in held["message_drafts.json"]] == ["Half"]
    assert [row["name"] for row in held["files.json"]] == ["plan.pdf"]
    assert "Theirs" not in json.dumps(held)


def test_after_erasure_messages_stay_under_a_number_and_drafts_go(
    app: Flask, session: Session
) -> None:
    user = writer(session)
    service.erase(session, as_actor(user), user)
    session.commit()
    assert user.name == f"#{user.id}"
    assert session.scalars(select(Message.text).order_by(Message.id)).all() == ["Mine", "Theirs"]
    assert session.scalars(select(Draft)).all() == []

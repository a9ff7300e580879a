"""Migrations that move data, up and down again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.orm import Session

from matchmaker import schema
from matchmaker.audit import service as audit
from matchmaker.backup.databases import count_rows
from matchmaker.cooperation import queries as matches
from matchmaker.db import db, now, today
from matchmaker.listings.models import Review, SearchRow
from matchmaker.permissions import SYSTEM, Actor
from tests.factories import (
    MatchFactory,
    MeetingFactory,
    OrganisationFactory,
    UserFactory,
    VerificationFactory,
    need,
)
from tests.world import build_world

both = pytest.mark.both_databases
TERMS = {
    (1, "drip", "public", 1.5),
    (1, "gasket", "members", 0.25),
    (1, "named:cotton", "members", 3.0),
    (2, "电池", "public", 1.0),
    (2, "named:battery", "public", 2.5),
    (2, "concept:battery", "public", 1.0625),
}


def go_to(connection: Connection, revision: str) -> None:
    step = command.upgrade if revision == "head" else command.downgrade
    step(schema._config(connection), revision)


def differences(connection: Connection) -> list[object]:
    """Return the differences between the models and the migrated database."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, schema.metadata()))


def found(connection: Connection, query: str) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in connection.execute(text(query))}


@both
def test_search_terms_become_rows_and_concepts_and_terms_again(app: Flask) -> None:
    for _ in range(3):
        need()
    db.session.commit()
    with db.engine.begin() as connection:
        go_to(connection, "0003")
        for row in TERMS:
            values = dict(zip(("listing", "term", "tier", "weight"), row, strict=True))
            connection.execute(
                text("INSERT INTO listing_terms VALUES (:term, :listing, :tier, :weight)"), values
            )
    with db.engine.begin() as connection:
        go_to(connection, "head")
        rows = connection.execute(
            select(SearchRow.listing_id, SearchRow.public, SearchRow.members)
        ).tuples()
        assert {number: (public, members) for number, public, members in rows} == {
            1: ({"drip": 1.5}, {"gasket": 0.25}),
            2: ({"电池": 1.0, "concept:battery": 1.0625}, {}),
        }
        assert found(connection, "SELECT listing_id, code, tier, weight FROM listing_concepts") == {
            (1, "cotton", "members", 3.0),
            (2, "battery", "public", 2.5),
        }
        assert differences(connection) == []
    with db.engine.begin() as connection:
        go_to(connection, "0003")
        assert (
            found(connection, "SELECT listing_id, term, tier, weight FROM listing_terms") == TERMS
        )
        go_to(connection, "head")


@both
def test_what_was_verified_and_approved_is_found_again(app: Flask) -> None:
    verified, unverified = OrganisationFactory(), OrganisationFactory(unverified=True)
    curator = UserFactory()
    for days in (200, 100):
        until = today() + timedelta(days=days)
        VerificationFactory(organisation=verified, curator=curator, expires_on=until)
    ended = {"expires_on": today() + timedelta(days=900), "ended_at": now()}
    VerificationFactory(organisation=verified, curator=curator, **ended)
    shown = need(organisation=verified, title="Shown")
    rewritten = need(organisation=verified, title="Not read", status="in_review")
    draft = need(organisation=verified, draft=True)
    approved = {"decision": "published", "at": now(), "snapshot": {"title": "Read"}}
    review = Review(listing_id=rewritten.id, curator_id=curator.id, **approved)
    db.session.add(review)
    db.session.commit()
    with db.engine.begin() as connection:
        go_to(connection, "0004")
        go_to(connection, "head")
    db.session.expire_all()
    assert (verified.verified_until, unverified.verified_until) == (
        today() + timedelta(days=200),
        None,
    )
    titles = [listing.approved_title for listing in (shown, rewritten, draft)]
    assert titles == ["Shown", "Read", ""]


@both
def test_a_database_without_listings_goes_up_and_down(app: Flask) -> None:
    with db.engine.begin() as connection:
        go_to(connection, "0003")
        go_to(connection, "head")
        assert differences(connection) == []


@pytest.mark.both_databases
def test_the_migrations_make_what_the_models_say(session: Session) -> None:
    assert differences(session.connection()) == []


@both
def test_mails_that_were_left_lying_count_as_given_up(app: Flask) -> None:
    insert = text(
        "INSERT INTO outbox_mails (id, recipient, language, kind, params, path, created_at,"
        " sent_at, attempts, next_attempt_at, last_error) VALUES (:id, 'a@example.org', 'en',"
        " 'account.exists', '{}', '/', :at, :sent, :attempts, :at, '')"
    )
    at = datetime(2026, 11, 23)
    with db.engine.begin() as connection:
        go_to(connection, "0008")
        for number, sent, attempts in ((1, None, 12), (2, None, 3), (3, at, 12)):
            connection.execute(insert, {"id": number, "at": at, "sent": sent, "attempts": attempts})
        go_to(connection, "head")
        given_up = "SELECT id FROM outbox_mails WHERE given_up_at IS NOT NULL"
        assert found(connection, given_up) == {(1,)}
        assert found(connection, "SELECT DISTINCT frequency FROM outbox_mails") == {("at_once",)}
        assert differences(connection) == []
        go_to(connection, "0008")
        assert found(connection, "SELECT count(*) FROM outbox_mails") == {(3,)}
        go_to(connection, "head")


@both
def test_a_filled_database_goes_back_and_comes_again_whole(app: Flask, session: Session) -> None:
    """Each step down and up on one of each thing: nothing that both revisions know is lost."""
    build_world()
    session.commit()
    session.close()
    with db.engine.connect() as connection:
        before = dict(count_rows(connection))
        revisions = [script.revision for script in schema.scripts().walk_revisions()]
    for revision in revisions[1:]:
        schema.go_back(db.engine, revision)
    known_to_all = set(inspect(db.engine).get_table_names())
    schema.migrate(db.engine)
    with db.engine.connect() as connection:
        after = dict(count_rows(connection))
        assert differences(connection) == []
    changed = {table for table, count in before.items() if after[table] != count}
    assert changed & known_to_all <= {"listing_search_rows", "listing_concepts"}, "made again"
    assert audit.seal_rest(session)
    session.commit()
    assert audit.verify(session) is None


@both
def test_audited_moves_become_the_history_of_a_match(app: Flask) -> None:
    match = MatchFactory(status="withdrawn")
    west, east = UserFactory(), UserFactory()
    sides = {"need": Actor(user_id=west.id), "capability": Actor(user_id=east.id)}
    for action, side in (
        ("propose", ""),
        ("accept", "need"),
        ("nudge", ""),
        ("accept", "capability"),
        ("end", "need"),
        ("interest", "capability"),
        ("interest", "need"),
        ("end", "capability"),
    ):
        detail = {"side": side} if side else {}
        reason = {"reason": "terms"} if action == "end" else {}
        actor = sides.get(side, SYSTEM)
        audit.record(db.session(), actor, f"match.{action}", "match", match.id, **detail, **reason)
    db.session.commit()
    with db.engine.begin() as connection:
        go_to(connection, "0010")
        assert found(connection, "SELECT status FROM matches") == {("terminated",)}
        go_to(connection, "head")
        assert differences(connection) == []
    db.session.expire_all()
    read = matches.match(db.session(), match.id)
    assert read is not None
    assert (read.status, read.active_at > read.updated_at) == ("withdrawn", True)
    assert [(step.move, step.before, step.after, step.side) for step in read.steps] == [
        ("propose", "", "proposed", ""),
        ("accept", "proposed", "one_side_interested", "need"),
        ("accept", "one_side_interested", "mutual", "capability"),
        ("end", "mutual", "withdrawn", "need"),
        ("interest", "withdrawn", "one_side_interested", "capability"),
        ("accept", "one_side_interested", "mutual", "need"),
        ("end", "mutual", "withdrawn", "capability"),
    ]
    assert [step.user_id for step in read.steps][:2] == [None, west.id]


@both
def test_a_match_knows_the_meeting_that_is_to_come(app: Flask) -> None:
    meeting = MeetingFactory(arranged=True)
    starts_at, match_id = meeting.starts_at, meeting.match_id
    db.session.commit()
    with db.engine.begin() as connection:
        go_to(connection, "0017")
        go_to(connection, "head")
        assert differences(connection) == []
    db.session.expire_all()
    read = matches.match(db.session(), match_id)
    assert read is not None
    assert read.meets_at == starts_at

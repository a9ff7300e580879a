"""Pages per second and queries a page, beside a bare Flask + SQLAlchemy page in the same run.

    python -m benchmarks.web [--listings 10000] [--rounds 30] [--json FILE]

The site and its peer answer in turn in this process, from the same SQLite file. A ratio of 3 says
that the page takes three times as long as the bare one: 20 rows of a table, or one row by its key.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from flask import Flask, render_template_string
from flask.testing import FlaskClient
from sqlalchemy import Engine, Select, case, create_engine, event, func, insert, select, text
from sqlalchemy.orm import Session

from matchmaker import schema
from matchmaker.accounts.models import User, UserSession
from matchmaker.accounts.rules import Place
from matchmaker.accounts.service import as_actor
from matchmaker.accounts.sessions import hash_token, start
from matchmaker.app import create_app
from matchmaker.commands.main import load_default_plan
from matchmaker.config import Settings
from matchmaker.db import Base, db
from matchmaker.demo import loader
from matchmaker.demo.cast import ENTRIES
from matchmaker.listings.models import Listing
from matchmaker.organisations.models import Membership
from matchmaker.recommendation.run.fitted import RecommenderStore
from matchmaker.recommendation.run.jobs import refresh_suggestions

COPIED = (
    "listings",
    "listing_tasks",
    "listing_modes",
    "listing_sectors",
    "requirements",
    "listing_search_rows",
    "listing_concepts",
    "suggestions",
)
# So many listings have all their rows and suggestions. Further ones have their facets only, and
# belong to organisations whose pages are not measured.
WHOLE = 20_000
LIGHT = ("listings", "listing_tasks", "listing_modes", "listing_sectors")
REFERENCES = ("listing_id", "need_id", "capability_id")
BARE = """<!doctype html><title>Listings</title><ul>{% for listing in rows %}
<li><a href="/bare/{{ listing.id }}">{{ listing.title }}</a> {{ listing.summary }}</li>
{% endfor %}</ul>"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--listings", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        app = create_app(
            Settings(
                home=home,
                secret_key="only-for-a-benchmark-0123456789-abcdef",
                secure_cookies=False,
                log_level="ERROR",
            )
        )
        with app.app_context():
            count = build(options.listings)
        records = measure(app, bare_app(app.config["SQLALCHEMY_DATABASE_URI"]), options.rounds)
    print(f"{count} published listings, {options.rounds} rounds, median of each\n")
    print(f"{'page':28} {'ms':>7} {'pages/s':>8} {'ratio':>6} {'queries':>8}")
    for record in records:
        ratio = f"{record['ratio']:.1f}" if record["ratio"] else ""
        print(
            f"{record['page']:28} {record['ms']:7.1f} {1000 / record['ms']:8.0f} {ratio:>6} "
            f"{record['queries']:8}"
        )
    if options.json:
        options.json.write_text(json.dumps(records, indent=1))


def bare_app(database: str) -> Flask:
    """The peer: what a tutorial would write, an application of its own on the same file."""
    app = Flask("bare")
    engine = create_engine(database)
    app.extensions["engine"] = engine

    @app.get("/bare")
    def bare_list() -> str:
        with Session(engine) as session:
            return render_template_string(
                BARE,
                rows=session.scalars(select(Listing).order_by(Listing.id.desc()).limit(20)).all(),
            )

    @app.get("/bare/<int:listing_id>")
    def bare_one(listing_id: int) -> str:
        with Session(engine) as session:
            return render_template_string(BARE, rows=[session.get(Listing, listing_id)])

    return app


def build(wanted: int) -> int:
    """The demonstration, copied until there are enough listings."""
    session = db.session()
    schema.migrate(db.engine)
    load_default_plan(session)
    loader.load_data(session)
    session.commit()
    refresh_suggestions(session, RecommenderStore(), announce=False)
    first = session.scalar(select(func.max(Listing.id))) or 0
    published = session.scalar(select(func.count()).where(Listing.status == "published")) or 1
    measured = session.scalars(own_organisation()).one()
    for copy in range(1, -(-wanted // published)):
        is_whole = copy * published < WHOLE
        for table in COPIED if is_whole else LIGHT:
            copy_rows(table, copy * 10_000, first, 0 if is_whole else measured)
        session.commit()
        print(f"\rcopying listings … {(copy + 1) * published}", end="", file=sys.stderr, flush=True)
    session.execute(text("ANALYZE"))
    session.commit()
    print(file=sys.stderr)
    return session.scalar(select(func.count()).where(Listing.status == "published")) or 0


def own_organisation() -> Select[tuple[int]]:
    """The organisation whose pages are measured."""
    of_entry = select(User.id).where(User.email == ENTRIES[0].email).scalar_subquery()
    return select(Membership.organisation_id).where(Membership.user_id == of_entry)


def copy_rows(name: str, offset: int, first: int, without: int) -> None:
    """Copy the original rows of a table, with their ids and listings' ids moved by the offset.

    Listings of the organisation ``without`` go to the next one.
    """
    table = Base.metadata.tables[name]
    key = (
        table.c.listing_id
        if "listing_id" in table.c
        else table.c.need_id
        if "need_id" in table.c
        else table.c.id
    )
    moved = [
        (column + offset) if column.name in (*REFERENCES, "id") else column for column in table.c
    ]
    if name == "listings":
        owner = table.c.organisation_id
        moved = [
            case((owner == without, owner + 1), else_=owner) if column is owner else column
            for column in moved
        ]
    db.session.execute(insert(table).from_select(list(table.c), select(*moved).where(key <= first)))


def measure(app: Flask, bare: Flask, rounds: int) -> list[dict[str, Any]]:
    visitor, member, peer_client = app.test_client(), signed_in(app), bare.test_client()
    with app.app_context():
        engines = {app: db.engine, bare: bare.extensions["engine"]}
        need = db.session.scalars(
            select(Listing)
            .where(Listing.kind == "need", Listing.organisation_id == organisation_of(member))
            .limit(1)
        ).one()
        shown, owned = need.id, need.id
    pages: list[tuple[str, FlaskClient, str, str]] = [
        ("bare list", peer_client, "/bare", "bare list"),
        ("bare detail", peer_client, f"/bare/{shown}", "bare detail"),
        ("front", visitor, "/", "bare list"),
        ("list", visitor, "/listings?kind=need", "bare list"),
        ("search", visitor, "/listings?q=电池回收", "bare list"),
        ("detail, visitor", visitor, f"/listings/{shown}", "bare detail"),
        ("home", member, "/home", "bare list"),
        ("detail with partners", member, f"/listings/{owned}", "bare detail"),
        ("suggestions", member, "/partners", "bare list"),
    ]
    times: dict[str, list[float]] = {name: [] for name, *_ in pages}
    queries: dict[str, int] = {}
    for _ in range(rounds + 2):  # the first two warm up
        for name, client, address, _peer in pages:
            elapsed, queries[name] = ask(engines[client.application], client, address)
            times[name].append(elapsed)
    typical = {name: statistics.median(values[2:]) * 1000 for name, values in times.items()}
    return [
        {
            "page": name,
            "ms": typical[name],
            "ratio": None if name == peer else typical[name] / typical[peer],
            "queries": queries[name],
        }
        for name, _client, _address, peer in pages
    ]


def ask(engine: Engine, client: FlaskClient, address: str) -> tuple[float, int]:
    """Seconds and statements that one page takes."""
    count = 0

    def counted(*_: Any) -> None:
        nonlocal count
        count += 1

    event.listen(engine, "before_cursor_execute", counted)
    started = time.perf_counter()
    response = client.get(address)
    elapsed = time.perf_counter() - started
    event.remove(engine, "before_cursor_execute", counted)
    assert response.status_code == 200, response.status
    return elapsed, count


def signed_in(app: Flask) -> FlaskClient:
    """A browser signed in as the owner of the first western enterprise of the demonstration."""
    client = app.test_client()
    with app.app_context():
        user = db.session.scalars(select(User).where(User.email == ENTRIES[0].email)).one()
        opened = start(db.session(), as_actor(user), user, Place("", ""), second_factor=True)
        db.session.commit()
    with client.session_transaction() as session:
        session["_user_id"] = opened.token
    return client


def organisation_of(client: FlaskClient) -> int:
    with client.session_transaction() as session:
        kept = hash_token(session["_user_id"])
    return db.session.scalars(
        select(Membership.organisation_id)
        .join(UserSession, UserSession.user_id == Membership.user_id)
        .where(UserSession.token_hash == kept)
    ).one()


if __name__ == "__main__":
    main()

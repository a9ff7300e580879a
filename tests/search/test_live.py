"""A process's copy of the search index: it follows commits, and survives bad snapshots."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.audit import queries as audit
from matchmaker.audit import service as audit_service
from matchmaker.db import db, reading, today
from matchmaker.engine.search.index import SearchIndex
from matchmaker.listings import changes, indexing, service
from matchmaker.listings.jobs import expire_listings
from matchmaker.listings.models import Listing
from matchmaker.organisations import identity, queries
from matchmaker.organisations import service as organisations
from matchmaker.organisations.jobs import lapse_verifications
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.rules import Profile
from matchmaker.paths import ROOT
from matchmaker.permissions import Actor
from matchmaker.search import snapshot as search_snapshot
from matchmaker.search.jobs import write_search_snapshot
from matchmaker.search.live import MANY, MOST_COUNTED, Searching
from matchmaker.services import services
from tests import factories
from tests.listings.conftest import as_actor, complete, loaded, published
from tests.threads import at_once

both = pytest.mark.both_databases


def somebody() -> Actor:
    """Whoever there is; services do not ask whether they may."""
    return as_actor(db.session.scalars(select(User).order_by(User.id)).first())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "search"


@pytest.fixture
def here(app: Flask, folder: Path) -> Searching:
    return Searching(folder)


@pytest.fixture
def there(app: Flask, folder: Path) -> Searching:
    """Another process's copy."""
    return Searching(folder)


def writer() -> Actor:
    return replace(somebody(), may_post_needs=True)


def found(searching: Searching, q: str = "quoxel", **chosen: tuple[str, ...]) -> list[int]:
    return sorted(searching.find(db.session(), q, "public", chosen).scores)


def quoxel(status: str = "published", **fields: Any) -> Listing:
    """A listing of a verified organisation, found if it is published."""
    factories.task()
    fields = {"title": "A quoxel", "summary": "It leaks.", "status": status, **fields}
    return published(**fields) if status == "published" else loaded(factories.need(**fields))


Act = Callable[[Session, Listing], object]
REVISED = {"title": "Something else"}
MOVES: dict[str, tuple[str, Act, bool]] = {
    "publish": ("in_review", lambda s, x: service.publish(s, somebody(), x, x.version), True),
    "resume": ("paused", lambda s, x: service.resume(s, somebody(), x, x.version), True),
    "renew": (
        "expired",
        lambda s, x: service.renew(s, somebody(), x, x.version, today() + timedelta(9)),
        True,
    ),
    "pause": ("published", lambda s, x: service.pause(s, somebody(), x, x.version), False),
    "close": (
        "published",
        lambda s, x: service.close(s, somebody(), x, x.version, "no_longer_needed"),
        False,
    ),
    "revise": (
        "published",
        lambda s, x: changes.submit(s, writer(), x, x.version, complete(**REVISED)),
        True,
    ),
    "suspend": (
        "published",
        lambda s, x: organisations.suspend(s, somebody(), *owner(x), "Why"),
        False,
    ),
}


def owner(listing: Listing) -> tuple[Organisation, int]:
    return listing.organisation, listing.organisation.version


@both
@pytest.mark.parametrize("name", MOVES)
def test_what_one_process_commits_another_finds_at_once(
    session: Session, here: Searching, there: Searching, name: str
) -> None:
    status, act, shown = MOVES[name]
    listing = quoxel(status)
    assert bool(found(there)) is (status == "published")
    act(session, listing)
    session.commit()
    assert bool(found(there)) is shown
    assert found(here) == found(there)


@both
def test_a_reinstated_organisations_listings_are_found_again(
    session: Session, there: Searching
) -> None:
    listing = quoxel()
    organisations.suspend(session, somebody(), *owner(listing), "Why")
    session.commit()
    assert found(there) == []
    organisation = loaded_organisation(listing.organisation_id)
    organisations.reinstate(session, somebody(), organisation, organisation.version)
    session.commit()
    assert found(there) == [listing.id]


def loaded_organisation(organisation_id: int) -> Organisation:
    db.session.expire_all()
    organisation = queries.organisation(db.session(), organisation_id)
    assert organisation is not None
    return organisation


@both
def test_an_organisation_that_moves_is_found_in_its_new_province(
    session: Session, there: Searching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matchmaker.engine.search.query.MOST_FOUND", 1)
    first = quoxel(title="Quoxel quoxel quoxel")
    moving = quoxel(organisation=factories.OrganisationFactory(province="65"))
    assert (found(there), found(there, province=("65",))) == ([first.id], [first.id, moving.id])
    organisation = loaded_organisation(moving.organisation_id)
    fields = {name: getattr(organisation, name) for name in Profile.__dataclass_fields__}
    organisations.edit(
        session,
        somebody(),
        organisation,
        organisation.version,
        Profile(**fields | {"province": "64"}),
    )
    identity.verify(
        session,
        somebody(),
        organisation,
        organisation.version,
        evidence="Licence.",
        checks=["licence"],
        verified_on=today(),
        expires_on=today() + timedelta(days=9),
    )
    session.commit()
    assert (found(there, province=("65",)), found(there, province=("64",))) == (
        [first.id],
        [first.id, moving.id],
    )


@both
def test_jobs_of_the_night_are_followed(session: Session, there: Searching) -> None:
    late = quoxel(deadline=today() + timedelta(days=3))
    lapsing = quoxel(author=late.author)
    lapsing.organisation.verified_until = today() + timedelta(days=1)
    session.commit()
    assert found(there) == [late.id, lapsing.id]
    with time_machine.travel(date.today() + timedelta(days=6)):
        assert expire_listings(session) == 1
        assert lapse_verifications(session) == 1
    assert found(there) == [lapsing.id]  # what was published by an organisation that lapsed stays


@both
def test_after_a_new_analysis_everybody_starts_over(
    session: Session, here: Searching, there: Searching
) -> None:
    listing = quoxel()
    assert (found(here), here.save(session)) == ([listing.id], 1)
    assert found(there) == [listing.id]
    session.execute(text("UPDATE listings SET title = 'A zorblax'"))
    session.expire_all()
    indexing.reindex(session)
    session.commit()
    assert (found(there), found(there, "zorblax")) == ([], [listing.id])
    assert found(Searching(here._folder), "zorblax") == [
        listing.id
    ]  # its snapshot is older than the analysis


@both
def test_what_was_rolled_back_is_not_found(session: Session, there: Searching) -> None:
    listing = quoxel("in_review")
    service.publish(session, somebody(), listing, listing.version)
    assert found(there) == [listing.id]  # in its own transaction
    session.rollback()
    assert found(there) == []


def test_a_transaction_that_began_earlier_does_not_turn_the_index_back(
    app: Flask, session: Session, there: Searching, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = quoxel()
    assert found(there) == [first.id]
    with Session(db.engine) as earlier, reading(earlier):
        assert audit.head(earlier).number > 0  # from here on it sees nothing new
        second = quoxel()
        assert found(there) == [first.id, second.id]
        monkeypatch.setattr(SearchIndex, "build", None)
        assert there.counted(earlier, "what", lambda: "old") == "old"
        assert sorted(there.find(earlier, "quoxel", "public").scores) == [first.id, second.id]
    assert there.counted(session, "what", lambda: "new") == "new"
    assert there.counted(session, "what", lambda: "newer") == "new"


@both
def test_what_was_counted_is_kept_until_something_changes(
    session: Session, here: Searching, there: Searching
) -> None:
    listing = quoxel()
    counts = iter(range(9))

    def count() -> int:
        return there.counted(session, "all", lambda: next(counts))

    assert [count(), count()] == [0, 0]
    audit_service.record(session, somebody(), "account.sign_in", "account", 1)
    session.commit()
    assert count() == 0
    service.pause(session, somebody(), listing, listing.version)
    session.commit()
    assert [count(), count()] == [1, 1]
    indexing.reindex(session)
    session.commit()
    assert count() == 2
    assert there.counted(session, "others", lambda: next(counts)) == 3


def test_counts_that_are_kept_are_not_without_number(session: Session, there: Searching) -> None:
    for number in range(2 * MOST_COUNTED):
        assert there.counted(session, number, lambda: "some") == "some"
    assert len(there._counted) <= MOST_COUNTED


def test_a_copy_of_another_database_starts_over(session: Session, there: Searching) -> None:
    quoxel()
    assert len(found(there)) == 1
    session.execute(text("UPDATE audit_records SET hash = 'f'"))
    session.execute(text("DELETE FROM listing_search_rows"))
    session.commit()
    assert found(there) == []


@both
def test_a_snapshot_is_opened_not_built(
    session: Session, here: Searching, there: Searching, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = quoxel()
    assert write_search_snapshot(session, here) == 1
    second = quoxel()
    monkeypatch.setattr(SearchIndex, "build", None)
    assert found(there) == [first.id, second.id]


def test_a_newer_snapshot_is_noticed(session: Session, here: Searching, there: Searching) -> None:
    first = quoxel()
    assert (found(there), write_search_snapshot(session, here)) == ([first.id], 1)
    second = quoxel()
    assert write_search_snapshot(session, here, always=True) == 2
    before = there._index
    assert found(there) == [first.id, second.id]
    assert there._index is not before
    assert there._changed == set()


def spoil_current(folder: Path) -> None:
    (folder / "current.json").write_text("{")


def lose_terms(folder: Path) -> None:
    next(folder.glob("*/terms")).unlink()


def cut_terms(folder: Path) -> None:
    path = next(folder.glob("*/terms"))
    path.write_bytes(path.read_bytes()[:-70])


def flip_a_byte(folder: Path) -> None:
    path = next(folder.glob("*/members/*.segment"))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 255
    path.write_bytes(data)


def lose_a_segment(folder: Path) -> None:
    next(folder.glob("*/public/*.segment")).unlink()


def lose_everything(folder: Path) -> None:
    (folder / "current.json").unlink()


def make_it_old(folder: Path) -> None:
    path = folder / "current.json"
    path.write_text(path.read_text().replace(search_snapshot.VERSION, "0-0.1.0"))


def close_the_folder(folder: Path) -> None:
    """Make the folder unreadable: root may read everything, so a file takes its place."""
    current = (folder / "current.json").read_text()
    shutil.rmtree(next(path for path in folder.iterdir() if path.is_dir()))
    Path(folder, json.loads(current)["folder"]).touch()


SPOILT = (
    close_the_folder,
    spoil_current,
    lose_terms,
    cut_terms,
    flip_a_byte,
    lose_a_segment,
    lose_everything,
    make_it_old,
)


@pytest.mark.parametrize("spoil", SPOILT)
def test_without_a_sound_snapshot_the_index_is_built_and_a_new_one_written(
    session: Session, here: Searching, there: Searching, folder: Path, spoil: Callable[[Path], None]
) -> None:
    listing = quoxel()
    assert write_search_snapshot(session, here) == 1
    spoil(folder)
    assert found(there) == [listing.id]
    assert write_search_snapshot(session, Searching(folder)) == 1
    index, mark = search_snapshot.read(folder)
    assert (len(index), mark) == (1, there._mark)


@pytest.mark.parametrize("spoil", [lose_terms, flip_a_byte])
def test_whoever_wrote_a_snapshot_that_was_damaged_since_writes_another(
    session: Session, here: Searching, there: Searching, folder: Path, spoil: Callable[[Path], None]
) -> None:
    listing = quoxel()
    assert (write_search_snapshot(session, here), write_search_snapshot(session, here)) == (1, None)
    spoil(folder)
    assert found(there) == [listing.id]
    assert write_search_snapshot(session, here) == 1
    assert len(search_snapshot.read(folder)[0]) == 1


@both
def test_a_writer_that_fails_leaves_nothing(
    session: Session, here: Searching, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quoxel()
    write_search_snapshot(session, here)
    before = sorted(folder.iterdir())
    quoxel()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("matchmaker.engine.search.index.write_arrays", full)
        with pytest.raises(OSError, match="No space"):
            write_search_snapshot(session, here)
    assert sorted(folder.iterdir()) == before
    assert len(search_snapshot.read(folder)[0]) == 1
    assert write_search_snapshot(session, here) == 2


def test_a_second_writer_leaves_it_to_the_first(
    session: Session, here: Searching, folder: Path
) -> None:
    quoxel()
    folder.mkdir()
    with search_snapshot.alone(folder):
        assert write_search_snapshot(session, here) is None
    assert write_search_snapshot(session, here) == 1


def test_old_snapshots_are_swept_and_segments_shared(
    session: Session, here: Searching, folder: Path
) -> None:
    quoxel()
    write_search_snapshot(session, here)
    (before,) = folder.glob("*/public/*.segment")
    inode = before.stat().st_ino
    (folder / "left-by-a-writer-that-died").mkdir()
    (folder / "current.json.7.new").touch()
    quoxel("in_review")
    here._changed = {99}
    assert write_search_snapshot(session, here, always=True) == 1
    (after,) = folder.glob("*/public/*.segment")
    assert (after.stat().st_ino, after.parent == before.parent) == (inode, False)
    assert {path.name for path in folder.iterdir()} == {
        "current.json",
        "lock",
        after.parent.parent.name,
    }


@pytest.mark.parametrize(
    ("size", "changed", "due"),
    [
        (100, 0, False),
        (100, 10, False),
        (100, 11, True),
        (50_000, MANY, False),
        (50_000, MANY + 1, True),
        (0, 0, False),
        (1, 1, True),
    ],
)
def test_when_a_snapshot_is_due(here: Searching, size: int, changed: int, due: bool) -> None:
    here._on_snapshot, here._changed = True, set(range(changed))
    assert here._is_due(size) is due


def test_nothing_is_written_when_nothing_has_changed(session: Session, here: Searching) -> None:
    quoxel()
    written = [
        write_search_snapshot(session, here, always=always) for always in (False, False, True)
    ]
    assert written == [1, None, None]


@both
def test_many_readers_at_once_and_a_writer(app: Flask, session: Session, there: Searching) -> None:
    ids = [quoxel().id]
    ids += [quoxel().id for _ in range(3)]

    def read(session: Session) -> list[int]:
        return [len(there.find(session, "quoxel", "public").scores) for _ in range(10)][-1:]

    def pause(session: Session) -> None:
        listing = session.get(Listing, ids[0])
        service.pause(session, somebody(), listing, listing.version)

    results = at_once(app, [*[read] * 7, pause])
    assert all(result in ([3], [4]) for result in results[:7]), results
    assert found(there) == ids[1:]


def test_another_process_finds_what_was_published_here(app: Flask, session: Session) -> None:
    home = services(app).settings.home
    script = f"""
import sys
from matchmaker.app import create_app
from matchmaker.config import Settings
app = create_app(Settings(home={home!r}, secret_key="k" * 40))
browser = app.test_client()
for line in sys.stdin:
    print("A quoxel" in browser.get("/listings?q=quoxel").text, flush=True)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout

    def look() -> str:
        process.stdin.write("look\n")
        process.stdin.flush()
        return process.stdout.readline().strip()

    factories.plan()
    try:
        seen = [look()]
        listing = quoxel()
        seen.append(look())
        service.pause(session, somebody(), listing, listing.version)
        session.commit()
        seen.append(look())
    finally:
        process.stdin.close()
        process.wait(timeout=60)
        process.stdout.close()
    assert seen == ["False", "True", "False"]

"""/organisation/files: what counts for one's quota, and which names a reader is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.accounts.models import User
from matchmaker.db import now
from matchmaker.files.models import StoredFile
from matchmaker.organisations.models import (
    Organisation,
    VerificationFile,
    VerificationMessage,
)
from matchmaker.services import services
from tests import factories
from tests.client import PageClient
from tests.conftest import Scene
from tests.counting import statements
from tests.world import ALL, WORDS, WRITERS, build_world, visit

FILES = "/organisation/files"


@pytest.fixture
def world(scene: Scene) -> dict[str, Any]:
    return scene(build_world)


@pytest.fixture
def owner(organisation: Organisation) -> User:
    return factories.member_of(organisation, "owner", name="Olga Owner")


@pytest.fixture
def quota(app: Flask) -> Iterator[int]:
    """A quota of 2 MiB."""
    held = services(app)
    before = held.settings
    held.settings = replace(before, files_quota_mib=2)
    yield 2
    held.settings = before


def file_of(owner: User, organisation: Organisation, **fields: Any) -> StoredFile:
    return factories.StoredFileFactory(
        uploaded_by_id=owner.id, organisation_id=organisation.id, **fields
    )


def paper(session: Session, owner: User, organisation: Organisation) -> StoredFile:
    """A licence that was sent to the curators."""
    file = file_of(owner, organisation, purpose="verification", name="licence.pdf")
    message = VerificationMessage(
        organisation_id=organisation.id, author_id=owner.id, kind="reply", text="", at=now()
    )
    session.add(message)
    session.flush()
    session.add(VerificationFile(message_id=message.id, file_id=file.id))
    return file


@pytest.mark.parametrize("word", ["file", "annex file", "milestone file", "result file"])
def test_writers_alone_are_told_the_names_of_files(
    app: Flask, world: dict[str, Any], word: str
) -> None:
    told = {who for who in ALL if WORDS[word][0] in visit(app, world, who, FILES).text}
    assert told == WRITERS


def test_evidence_of_a_request_for_the_account_is_not_listed(
    app: Flask, world: dict[str, Any]
) -> None:
    text = visit(app, world, "owner", FILES).text
    assert "4 files" in text
    assert WORDS["claim file"][0] not in text


@pytest.mark.parametrize(
    ("word", "link"),
    [
        ("Messages of match", "/matches/{match}/messages"),
        ("Confidential annex", "/listings/{need}/annex"),
        ("Milestone of agreement", "/agreements/{agreement}"),
        ("Results of match", "/matches/{match}/outcomes"),
    ],
)
def test_a_file_leads_to_what_it_hangs_on(
    app: Flask, world: dict[str, Any], client: PageClient, session: Session, word: str, link: str
) -> None:
    page = client.sign_in(session.get(User, world["editor"])).page(FILES)
    assert word in page.text
    assert link.format_map(world) in page.links


@pytest.mark.parametrize(("role", "told"), [("owner", True), ("editor", False)])
def test_who_may_not_open_a_file_is_not_told_its_name(
    client: PageClient,
    session: Session,
    organisation: Organisation,
    owner: User,
    role: str,
    told: bool,
) -> None:
    file = paper(session, owner, organisation)
    page = client.sign_in(factories.member_of(organisation, role)).page(FILES)
    assert "Papers of the verification" in page.text
    assert ("licence.pdf" in page.text) is told
    assert (f"/files/{file.id}" in page.links) is told
    assert ("You may not open this file" in page.text) is not told


def test_a_file_that_hangs_on_nothing_is_listed_without_its_name(
    client: PageClient, organisation: Organisation, owner: User
) -> None:
    file_of(owner, organisation, purpose="annex", name="left.pdf")
    text = client.sign_in(owner).page(FILES).text
    assert "1 file, newest first" in text
    assert "left.pdf" not in text


def test_files_say_who_added_them_and_whether_they_were_scanned_the_newest_first(
    client: PageClient, session: Session, organisation: Organisation, owner: User
) -> None:
    older = paper(session, owner, organisation)
    older.name, older.created_at = "older.pdf", now() - timedelta(days=2)
    newer = paper(session, owner, organisation)
    newer.name, newer.scanned_at = "newer.pdf", now()
    text = client.sign_in(owner).page(FILES).text
    assert text.index("newer.pdf") < text.index("older.pdf")
    assert text.count("Olga Owner") >= 2
    assert text.count("no virus found") == text.count("not scanned for viruses") == 1


def test_deleted_files_and_those_of_others_are_not_listed(
    client: PageClient, organisation: Organisation, owner: User
) -> None:
    file_of(owner, organisation, deleted_at=now())
    file_of(owner, factories.OrganisationFactory())
    assert "No files yet." in client.sign_in(owner).page(FILES).text


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0 KiB of 2 MiB used, 2 MiB left."),
        (2**19, "512 KiB of 2 MiB used, 1.5 MiB left."),
        (3 * 2**20, "3 MiB of 2 MiB used, 0 KiB left."),
    ],
)
def test_the_quota_is_told_with_what_is_left(
    client: PageClient, organisation: Organisation, owner: User, quota: int, size: int, said: str
) -> None:
    if size:
        file_of(owner, organisation, size=size)
    assert said in client.sign_in(owner).page(FILES).text


def test_a_page_has_twenty_files(
    client: PageClient, organisation: Organisation, owner: User
) -> None:
    for _ in range(21):
        file_of(owner, organisation)
    assert "Page 1 of 2" in client.sign_in(owner).page(FILES).text


def test_more_files_ask_no_more_of_the_database(
    client: PageClient, session: Session, organisation: Organisation, owner: User
) -> None:
    paper(session, owner, organisation)
    client.sign_in(owner)
    few = statements(lambda: client.page(FILES))
    for _ in range(5):
        paper(session, owner, organisation)
    assert statements(lambda: client.page(FILES)) == few

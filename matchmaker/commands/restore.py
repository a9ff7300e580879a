"""`matchmaker restore`: put a backup into an empty place, and look whether it works."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

import click
from flask import current_app
from sqlalchemy.orm import Session

from matchmaker.commands.main import FAULTS, database
from matchmaker.config import PREFIX, Settings, check_secret, from_environment
from matchmaker.home import write_privately

PAGES = ("/", "/plan", "/regions", "/listings?kind=need", "/listings?kind=capability")
LISTINGS = 5  # pages of listings that are looked at
LISTING = re.compile(r'href="(/listings/\d+)"')


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--identity",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The file of your private key, for an encrypted backup.",
)
def restore(file: Path, identity: Path | None) -> None:
    """Put the backup FILE into an empty home folder and an empty database, and check it.

    MATCHMAKER_SECRET_KEY should be the one that the backup was made with.
    """
    from matchmaker.backup.service import restore as put_back  # when it runs

    settings = from_environment()
    check_secret(settings.secret_key)
    write_privately()
    started = time.monotonic()
    manifest = put_back(settings, file, identity)
    click.echo(f"Restored what was backed up at {manifest.made_at} with {manifest.version}.")
    for line in _other_settings(manifest.settings, settings):
        click.echo(f"  {line}")
    with database(replace(settings, log_level="ERROR")) as session:
        faults = _faults(session, settings, manifest.counts)
    for fault in faults:
        click.echo(f"Wrong: {fault}", err=True)
    click.echo(f"Took {time.monotonic() - started:.1f} s.")
    if faults:
        raise click.ClickException("The backup is in its place, but not all of it is right.")
    click.echo("Counts, audit log and pages are right. Start it with: matchmaker serve")


def _other_settings(then: Mapping[str, object], settings: Settings) -> list[str]:
    """Tell the settings that were others when the backup was made."""
    now = asdict(settings)
    return [
        f"{PREFIX}{name.upper()} was {value!r} and is {now[name]!r}."
        for name, value in sorted(then.items())
        if name not in ("home", "database_url") and name in now and now[name] != value
    ]


def _faults(session: Session, settings: Settings, counts: Mapping[str, int]) -> list[str]:
    from matchmaker import schema  # when it runs
    from matchmaker.audit import anchors  # when it runs
    from matchmaker.audit.service import verify  # when it runs
    from matchmaker.backup.databases import count_rows  # when it runs

    found = count_rows(session.connection())
    faults = [
        f"the table {table} has {found.get(table)} rows instead of {count}."
        for table, count in counts.items()
        if found.get(table) != count
    ]
    if not schema.is_current(session.connection()):
        return [*faults, "it is of an earlier release. Run: matchmaker migrate"]
    broken = verify(session, anchors.read(anchors.path_of(settings)))
    if broken is not None:
        faults.append(f"audit record {broken.number}: {FAULTS[broken.fault]}")
    return [*faults, *_broken_pages()]


def _broken_pages() -> list[str]:
    client = current_app.test_client()
    faults, seen = [], []
    for path in PAGES:
        answer = client.get(path)
        seen += LISTING.findall(answer.text)
        if answer.status_code != 200:
            faults.append(f"the page {path} answers {answer.status_code}.")
    for path in list(dict.fromkeys(seen))[:LISTINGS]:
        status = client.get(path).status_code
        if status != 200:
            faults.append(f"the page {path} answers {status}.")
    return faults

"""`matchmaker backup`: one file from which an installation can be put up again."""

from __future__ import annotations

import time
from pathlib import Path

import click

from matchmaker.commands.main import database
from matchmaker.config import from_environment


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write the database and the home folder into FILE, while the site is served.

    Secrets are not in it: keep MATCHMAKER_SECRET_KEY elsewhere.
    """
    from matchmaker.backup.service import back_up  # when it runs
    from matchmaker.db import db  # when it runs

    settings = from_environment()
    started = time.monotonic()
    with database(settings):
        manifest = back_up(settings, db.engine, file)
    click.echo(
        f"Backed up {sum(manifest.counts.values()):,} rows in {len(manifest.counts)} tables and"
        f" {len(manifest.checksums) - 1} files, {file.stat().st_size / 2**20:,.1f} MiB,"
        f" in {time.monotonic() - started:.1f} s: {file}"
    )

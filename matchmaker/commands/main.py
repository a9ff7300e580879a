"""The `matchmaker` command. A subcommand imports what it needs when it runs."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, ClassVar

import click

from matchmaker import __version__, garbage
from matchmaker.commands.ports import check_port
from matchmaker.config import Settings, check_secret, from_environment
from matchmaker.errors import ConfigurationError, Refused, UnusableFile
from matchmaker.home import count_together, prepare, take, write_privately

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

LOCAL = ("127.0.0.1", "localhost", "::1")
# By matchmaker.audit.rules.Fault.
FAULTS = {
    "altered": "it was altered, removed or put in.",
    "missing": "it is missing, and all after it.",
    "unsealed": "it is not sealed with this secret key, nor with an old one.",
    "anchor": "it is another one than was anchored.",
    "false_anchor": "an anchor for it is not sealed with this secret key, nor with an old one.",
}


class Commands(click.Group):
    """Some commands live in modules of their own, imported when they are asked for."""

    ELSEWHERE: ClassVar = {
        name: f"matchmaker.commands.{name}"
        for name in ("match", "evaluate", "rematch", "backup", "restore")
    }

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted([*super().list_commands(context), *self.ELSEWHERE])

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name in self.ELSEWHERE:
            command: click.Command = getattr(import_module(self.ELSEWHERE[name]), name)
            return command
        return super().get_command(context, name)

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (ConfigurationError, UnusableFile) as error:
            raise click.ClickException(str(error)) from error
        except Refused as error:
            from matchmaker.pages.shared.refusals import sentence  # only refusals wait for it

            raise click.ClickException(sentence(error.refusal, **error.data)) from error


@click.group(cls=Commands)
@click.version_option(__version__)
def main() -> None:
    """Matchmaking for East–West science and technology cooperation."""


@main.command()
@click.option("--email", prompt="Administrator's e-mail")
@click.option("--name", prompt="Administrator's name")
@click.password_option(prompt="Administrator's password (at least 10 characters)")
def init(email: str, name: str, password: str) -> None:
    """Start an empty, real installation: tables, the plan, the first administrator."""
    settings = from_environment()
    with database(settings) as session:
        from matchmaker.accounts.service import create_administrator  # when it runs

        migrate_now(session)
        load_default_plan(session)
        create_administrator(session, email, name, password)
        session.commit()
    click.echo("Ready. Start it with: matchmaker serve")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Web processes, of eight threads each.",
)
def serve(host: str, port: int, workers: int) -> None:
    """Serve a real installation, with its worker."""
    settings = from_environment()
    check_secret(settings.secret_key)
    check_port(host, port, "serve")
    check_encoder(settings)
    held = begin_to_serve(settings, host, port)
    with database(settings) as session:
        from matchmaker import schema  # when it runs

        if not schema.is_current(session.connection()):
            raise ConfigurationError(
                "The database is not at the newest revision. Run: matchmaker migrate"
            )
    warn_of_proxy(settings)
    with held:
        run_server(settings, host, port, workers)


@main.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def demo(port: int) -> None:
    """Start the demonstration: the plan, fictional organisations, suggested partners."""
    check_port(LOCAL[0], port, "demo")
    settings = demo_settings(port)
    check_encoder(settings)
    held = begin_to_serve(settings, LOCAL[0], port)
    with database(settings) as session:
        from matchmaker.demo import loader  # when it runs
        from matchmaker.demo.progress import ProgressLine  # when it runs
        from matchmaker.engine import cores  # when it runs
        from matchmaker.worker import recommender_store  # when it runs

        migrate_now(session)
        load_default_plan(session)
        session.commit()
        loader.load_once(
            session,
            recommender_store(settings, cores()),
            ProgressLine("Filling the demonstration", sys.stdout),
        )
    with held:
        run_server(settings, LOCAL[0], port, workers=1)


@main.command()
@click.option("--master", type=int, hidden=True, help="End with the process of this number.")
def worker(master: int | None) -> None:
    """Run the jobs: mail, suggestions, expiry. `serve` and `demo` start one of their own."""
    settings = from_environment()
    check_secret(settings.secret_key)
    check_encoder(settings)
    app = application(settings)

    from matchmaker.worker import work  # when it runs

    work(app, master)


@main.command()
@click.option(
    "--back-to", metavar="REVISION", help="Go back, before an earlier release is installed."
)
def migrate(back_to: str | None) -> None:
    """Bring the database to the newest revision, or back to an earlier one."""
    with database(from_environment()) as session:
        if back_to is None:
            migrate_now(session)
        else:
            go_back(back_to)
    at = f"revision {back_to}" if back_to else "the newest revision"
    click.echo(f"The database is at {at}.")


@main.command()
@click.argument("file", type=click.File("rb"), default="-")
def bounce(file: BinaryIO) -> None:
    """Read a mail server's report of mail that it could not deliver, from FILE or standard input.

    The mail that came back is marked as given up, and those whom it concerns are told.
    """
    from email import message_from_binary_file, policy  # when it runs

    from matchmaker.notices import bounces, service  # when it runs
    from matchmaker.notices.letter import number_of  # when it runs

    settings = from_environment()
    found = bounces.read(message_from_binary_file(file, policy=policy.default))
    number = number_of(settings, found.message_id) if found else None
    if found is None or number is None:
        click.echo("This is no report of a mail that was sent from here.")
        return
    with database(settings) as session:
        mails = service.bounce(session, number, found.words)
        session.commit()
    click.echo("Recorded." if mails else "It is known already, or no longer kept.")


@main.command()
def reindex() -> None:
    """Write the search index again, after an upgrade that changes how texts are analysed."""
    with database(from_environment()) as session:
        from matchmaker.listings.indexing import reindex as write_index  # when it runs

        count = write_index(session)
        session.commit()
    click.echo(f"Indexed {count} listings.")


@main.group()
def plan() -> None:
    """Cooperation plans."""


@plan.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=True, path_type=Path), required=False)
def plan_load(file: Path | None) -> None:
    """Load a plan from FILE (or a folder with plan.yaml).

    By default it is the plan that comes with the product.
    """
    from matchmaker.permissions import SYSTEM  # when it runs
    from matchmaker.plan import service  # when it runs

    path = file or default_plan()
    with database(from_environment()) as session:
        loaded, new = service.load(
            session, SYSTEM, service.read(path / "plan.yaml" if path.is_dir() else path)
        )
        session.commit()
        title = loaded.title["en"]
    click.echo(f"Loaded: {title}" if new else f"Already there, nothing changed: {title}")


@main.group()
def audit() -> None:
    """The audit log."""


@audit.command("verify")
@click.option(
    "--anchors",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Anchors that were kept elsewhere, or the lines “audit.anchor” of the log.",
)
def audit_verify(anchors: Path | None) -> None:
    """Check the audit log from its first record to its last, and against its anchors."""
    from matchmaker.audit import anchors as files  # when it runs
    from matchmaker.audit.service import verify  # when it runs

    settings = from_environment()
    with database(settings) as session:
        known = files.read(files.path_of(settings)) + (files.read(anchors) if anchors else [])
        broken = verify(session, known)
    if broken is not None:
        click.echo(f"Broken at record {broken.number}: {FAULTS[broken.fault]}", err=True)
        sys.exit(1)
    click.echo(f"The audit log is whole; anchors compared: {len(known)}.")


@main.group()
def account() -> None:
    """Accounts."""


@account.command("remove-app")
@click.argument("email")
def account_remove_app(email: str) -> None:
    """Remove the authenticator app of the account with this EMAIL, and end its sessions.

    For the last administrator who has lost the telephone and the recovery codes.
    """
    from matchmaker.accounts import factors, messages, queries, rules  # when it runs
    from matchmaker.notices import service as notices  # when it runs
    from matchmaker.permissions import SYSTEM  # when it runs

    with database(from_environment()) as session:
        user = queries.user_by_email(session, rules.normalised_email(email))
        if user is None:
            raise click.ClickException(f"There is no account with the address {email}.")
        factors.remove(session, SYSTEM, user)
        letter = messages.factor_reset(user, "/sign-in")
        notices.mail(session, letter.recipient, letter.language, letter.kind, letter.path)
        session.commit()
    click.echo("The app is removed. The account signs in with its password alone.")


@contextmanager
def database(settings: Settings) -> Iterator[Session]:
    """An application context and its session. What is done there is recorded, and sealed."""
    check_secret(settings.secret_key)
    with application(settings).app_context():
        from matchmaker.db import db  # when it runs

        yield db.session()


def application(settings: Settings) -> Flask:
    """The application, of which nothing is garbage, and whose files nobody else reads."""
    write_privately()
    with garbage.none_meanwhile():
        from matchmaker.app import create_app  # when it runs

        return create_app(settings)


def migrate_now(session: Session) -> None:
    from matchmaker import schema  # when it runs
    from matchmaker.audit.service import seal_rest  # when it runs
    from matchmaker.db import db  # when it runs

    schema.migrate(db.engine)
    seal_rest(session)
    session.commit()


def go_back(revision: str) -> None:
    from matchmaker import schema  # when it runs
    from matchmaker.db import db  # when it runs

    if not schema.is_known(revision):
        raise ConfigurationError(f"There is no revision {revision}.")
    schema.go_back(db.engine, revision)


class UnusableSettingError(click.ClickException):
    """A setting that the command cannot work with; it ends with code 2, as for a wrong option."""

    exit_code = click.UsageError.exit_code


def check_encoder(settings: Settings) -> None:
    """End the command with code 2 unless the encoder that is set, if one is, can be used."""
    if not settings.encoder:
        return
    from matchmaker.engine import EncoderError  # when it runs
    from matchmaker.engine import check_encoder as check  # when it runs

    try:
        check(settings.encoder)
    except EncoderError as error:
        raise UnusableSettingError(f"MATCHMAKER_ENCODER: {error}") from error


def default_plan() -> Path:
    from matchmaker.paths import SEED_DATA  # when it runs

    return SEED_DATA / "plans" / "east-west-2021-2025"


def load_default_plan(session: Session) -> None:
    from matchmaker.permissions import SYSTEM  # when it runs
    from matchmaker.plan import service  # when it runs

    service.load(session, SYSTEM, service.read(default_plan() / "plan.yaml"))


def demo_settings(port: int) -> Settings:
    """Set demonstration mode for this process and its worker, with a secret beside the data."""
    write_privately()
    os.environ.setdefault("MATCHMAKER_HOME", "instance")
    home = Path(os.environ["MATCHMAKER_HOME"])
    prepare(home)
    kept = home / "secret_key"
    if not kept.exists():
        kept.write_text(secrets.token_urlsafe(48))
    os.environ.update(
        MATCHMAKER_DEMO="yes",
        MATCHMAKER_SECRET_KEY=kept.read_text(),
        MATCHMAKER_SECURE_COOKIES="no",
        MATCHMAKER_REAUTHENTICATE_MINUTES="0",  # its people have no passwords
        MATCHMAKER_BASE_URL=f"http://{LOCAL[0]}:{port}",
    )
    return from_environment()


def warn_of_proxy(settings: Settings) -> None:
    """HTTPS is a proxy's work: say so when none was declared."""
    if settings.base_url.startswith("https:") and not settings.proxies:
        click.echo(
            "MATCHMAKER_BASE_URL is https, so a proxy stands in front, but MATCHMAKER_PROXIES is 0."
            " Tries to sign in cannot be told apart by address. Set MATCHMAKER_PROXIES=1.",
            err=True,
        )


def begin_to_serve(settings: Settings, host: str, port: int) -> IO[str]:
    """Take the home folder for as long as the returned file is open."""
    write_privately()
    prepare(settings.home_path)
    held = take(settings.home_path, f"http://{host}:{port}")
    count_together(settings.home_path)
    return held


def run_server(settings: Settings, host: str, port: int, workers: int) -> None:
    from matchmaker.server import Server  # when it runs

    sys.argv[1:] = []  # gunicorn would read our own options
    Server(settings, host, port, workers).run()

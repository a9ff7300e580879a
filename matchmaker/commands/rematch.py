"""`matchmaker rematch`: the worker's nightly run, now, over as many machines as it takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from matchmaker.commands.main import check_encoder, database
from matchmaker.config import from_environment
from matchmaker.errors import ConfigurationError
from matchmaker.logs import speak

if TYPE_CHECKING:
    from matchmaker.engine import Cluster
    from matchmaker.recommendation.run.compute import Rankers
    from matchmaker.recommendation.run.fitted import Fitted

SECONDS_TO_ANSWER = 10
EVERY = 1000  # steps between two lines of progress


@click.command()
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="A Dask scheduler (tcp://host:8786) whose workers do the ranking; "
    "they must see the home folder.",
)
def rematch(scheduler: str | None) -> None:
    """Find everybody's suggested partners again, and write what has changed."""
    from matchmaker.recommendation.run.jobs import verify_suggestions  # when it runs
    from matchmaker.worker import recommender_store  # when it runs

    settings = from_environment()
    check_encoder(settings)
    store = recommender_store(settings)
    speak("matchmaker.engine.index")
    with (
        database(settings) as session,
        _rankers(scheduler, settings.home_path / "rematch", store.encoder) as rankers,
    ):
        summary = verify_suggestions(session, store, progress=_say, rankers=rankers)
    click.echo(
        f"Suggestions written: {summary.written:,}; removed: {summary.removed:,};"
        " the others stand as they were."
    )


def _say(done: int, total: int) -> None:
    if done == total or done % EVERY == 0:
        click.echo(f"  {done:,} of {total:,}")


@contextmanager
def _rankers(scheduler: str | None, folder: Path, encoder: str) -> Iterator[Rankers | None]:
    """Hand the ranking to a cluster, if an address is given."""
    if scheduler is None:
        yield None
        return
    try:
        from distributed import Client  # when it runs
    except ImportError as error:
        raise ConfigurationError(
            "A cluster needs the extra: pip install 'matchmaker[scale]'"
        ) from error
    from matchmaker.engine import Cluster, Saved  # when it runs
    from matchmaker.engine.index import Busy  # when it runs
    from matchmaker.recommendation.run.fitted import save  # when it runs

    def ranker(fitted: Fitted) -> Cluster:
        try:
            save(fitted, folder)
        except Busy as error:
            raise ConfigurationError("Another rematch over machines is running.") from error
        return Cluster(client, Saved(folder, fitted.version, fitted.recommender.plan, encoder))

    try:
        client = Client(scheduler, timeout=SECONDS_TO_ANSWER)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"No Dask scheduler answers at {scheduler}.") from error
    with client:
        yield ranker

"""Search on the demonstration's listings, judged by readers.

    python -m benchmarks.search_quality [--by language] [--show QUERY]

``judged_search/queries.tsv`` holds queries, each with the listings that its reader wants and their
grades. Listings that came to the demonstration later were judged for no query. They are left out
of what a search found (``collection.txt`` names those that count). Prints nDCG@10, the share of
queries without a result, and the time of a search, for members and for visitors. A visitor's
search reads titles and summaries alone.
"""

from __future__ import annotations

import csv
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import click
from sqlalchemy.orm import Session

from matchmaker import schema
from matchmaker.app import create_app
from matchmaker.commands.main import load_default_plan
from matchmaker.config import Settings
from matchmaker.db import db
from matchmaker.demo import loader
from matchmaker.engine.evaluation import ndcg
from matchmaker.permissions import VISITOR, Actor
from matchmaker.search.browsing import Filters, browse
from matchmaker.services import services

FOLDER = Path(__file__).parent / "judged_search"
QUERIES = FOLDER / "queries.tsv"
JUDGED = frozenset((FOLDER / "collection.txt").read_text("utf-8").split())
MEMBER = Actor(
    user_id=1, organisation_id=10_000, organisation_role="viewer", organisation_verified=True
)
READERS = {"member": MEMBER, "visitor": VISITOR}
ALL = "all"


class Query(NamedTuple):
    """A query, the language it is written in, what it tries, and listing → grade."""

    id: str
    language: str
    kind: str
    text: str
    grades: dict[str, int]


class Answer(NamedTuple):
    """A query and the listings found, the best first."""

    query: Query
    found: list[str]
    seconds: float

    @property
    def gain(self) -> float:
        return ndcg(self.found, self.query.grades) or 0.0


def queries() -> list[Query]:
    """Return the judged queries."""
    with QUERIES.open(encoding="utf-8", newline="") as file:
        return [
            Query(row["id"], row["language"], row["kind"], row["query"], _grades(row["listings"]))
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


def _grades(cell: str) -> dict[str, int]:
    pairs = (entry.split(":") for entry in cell.split())
    return {listing: int(grade) for listing, grade in pairs}


def answers(session: Session, names: dict[int, str], actor: Actor) -> list[Answer]:
    """Return the first page of each query for a reader."""

    def ask(text: str) -> tuple[list[str], float]:
        begun = time.perf_counter()
        page = browse(session, actor, Filters({}, text, "relevance"), 1, services().searching)
        found = [names[one.id] for one in page.items]
        return [name for name in found if name in JUDGED], time.perf_counter() - begun

    ask("warm 预热")
    return [Answer(query, *ask(query.text)) for query in queries()]


def table(found: dict[str, list[Answer]], key: Callable[[Query], str]) -> Iterable[str]:
    """Yield the measures as lines: one for each kind of query and reader, and one for all."""
    yield f"{'':14}{'queries':>8}" + "".join(f"{f'{r}: nDCG@10':>18}{'none':>7}" for r in found)
    groups: dict[str, dict[str, list[Answer]]] = defaultdict(lambda: defaultdict(list))
    for reader, given in found.items():
        for answer in given:
            for group in (key(answer.query), ALL):
                groups[group][reader].append(answer)
    for group in sorted(groups, key=lambda name: (name == ALL, name)):
        cells = ""
        for given in groups[group].values():
            nothing = sum(not answer.found for answer in given) / len(given)
            cells += f"{statistics.mean(a.gain for a in given):18.3f}{nothing:7.0%}"
        yield f"{group:14}{len(given):8}{cells}"


@click.command()
@click.option("--by", default="kind", type=click.Choice(["kind", "language"]))
@click.option("--show", multiple=True, help="A query's number, or a gain below which to show all.")
def main(by: str, show: tuple[str, ...]) -> None:
    """Measure search on the demonstration."""
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=home, secret_key="k" * 40, log_level="ERROR")
        with create_app(settings).app_context():
            session = db.session()
            schema.migrate(db.engine)
            load_default_plan(session)
            stage = loader.load_data(session)
            session.commit()
            names = {listing.id: name for name, listing in stage.listings.items()}
            found = {name: answers(session, names, actor) for name, actor in READERS.items()}
    for line in table(found, lambda query: str(getattr(query, by))):
        click.echo(line)
    for reader, given in found.items():
        times = [1000 * answer.seconds for answer in given]
        at_most = statistics.quantiles(times, n=20)[-1]
        click.echo(f"{reader}: {statistics.median(times):.1f} ms a search, 95 % in {at_most:.1f}")
    for reader, given in found.items():
        for answer in given:
            if any(_is_shown(answer, one) for one in show):
                wanted = " ".join(f"{one}:{g}" for one, g in answer.query.grades.items())
                click.echo(f"\n{answer.query.id} {answer.query.text} ({reader}) {answer.gain:.2f}")
                click.echo(f"  found  {' '.join(answer.found[:12])}\n  wanted {wanted}")


def _is_shown(answer: Answer, wanted: str) -> bool:
    return answer.query.id == wanted or (wanted.startswith("0.") and answer.gain < float(wanted))


if __name__ == "__main__":
    main()

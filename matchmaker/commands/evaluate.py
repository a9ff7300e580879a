"""``matchmaker evaluate DATASET``: how well the engine ranks listings that people have judged."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from matchmaker.commands.speech import Speech
from matchmaker.commands.tables import UnreadableFileError, read_listings
from matchmaker.engine import ABLATIONS

if TYPE_CHECKING:
    from matchmaker.engine import Bin, Encoder, Listing, Ranked, Result

Judged = dict[str, dict[str, int]]
_FILES = ("needs.jsonl", "capabilities.jsonl", "qrels.tsv")


@dataclass(frozen=True, slots=True)
class Dataset:
    """The judged listings of a folder."""

    needs: list[Listing]
    capabilities: list[Listing]
    judged: Judged

    @property
    def matched(self) -> int:
        """The number of needs with a partner."""
        return sum(any(grade > 0 for grade in self.judged[need.id].values()) for need in self.needs)


@dataclass(frozen=True, slots=True)
class Found:
    """Measures of one configuration."""

    result: Result
    counts: dict[str, int]
    reliability: list[Bin]


@click.command("evaluate")
@click.argument("dataset", type=click.Path(path_type=Path))
@click.option(
    "--without",
    "left_out",
    multiple=True,
    type=click.Choice(ABLATIONS),
    help="Measure also without this channel or effect; may be given several times.",
)
@click.option(
    "--encoder",
    envvar="MATCHMAKER_ENCODER",
    help="A sentence encoder, as for `match`.",
)
@click.option(
    "--keep-task",
    is_flag=True,
    help="Leave needs their task of the plan; else it is taken away, since it may give the answer.",
)
@click.option(
    "--samples", default=1000, show_default=True, type=click.IntRange(0), help="Bootstrap samples."
)
@click.option("--seed", default=7, show_default=True, type=int, help="Seed of the bootstrap.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def evaluate(  # noqa: PLR0917
    dataset: Path,
    left_out: tuple[str, ...],
    encoder: str | None,
    keep_task: bool,
    samples: int,
    seed: int,
    as_json: bool,
) -> None:
    """Rank the judged listings of DATASET as users see them, and say how well and how truly.

    All measures have 95 % intervals. DATASET is a folder with needs.jsonl, capabilities.jsonl and
    qrels.tsv (need, capability and grade, tab-separated, under a header; 3 would solve it, 2 is
    worth a conversation, 1 is loosely helpful, 0 is a hard distractor). A need without any grade
    above 0 has no partner. Pairs of grade 2 and 3 are right.
    """
    from matchmaker.commands.match import loaded_encoder  # when it runs

    data, model = _read(dataset, keep_task), loaded_encoder(encoder)
    found = {
        f"without {name}" if name else "all": _measured(data, name, model, samples, seed)
        for name in ("", *left_out)
    }
    if as_json:
        click.echo(json.dumps(_plain(found, data), ensure_ascii=False, indent=2))
        return
    click.echo(
        f"{data.matched} needs with a partner, {len(data.needs) - data.matched} without,"
        f" {len(data.capabilities)} capabilities"
    )
    for title, one in found.items():
        click.echo(f"\n{title}")
        click.echo("\n".join(_lines(one.result, found["all"].result)))
        click.echo("\n".join(_true_lines(one)))


def _measured(
    data: Dataset, left_out: str, encoder: Encoder | None, samples: int, seed: int
) -> Found:
    from matchmaker import engine  # when it runs
    from matchmaker.commands.match import shipped_plan  # when it runs

    ranked: list[Ranked] = engine.rank_judged(
        data.needs,
        data.capabilities,
        data.judged,
        without=(left_out,) if left_out else (),
        plan=shipped_plan(),
        encoder=encoder,
    )
    languages = engine.languages_of(data.capabilities)
    return Found(
        engine.evaluate(ranked, languages, samples, seed),
        engine.counts(ranked),
        engine.reliability_of(ranked),
    )


def _read(dataset: Path, keep_task: bool) -> Dataset:
    missing = [name for name in _FILES if not (dataset / name).is_file()]
    if missing:
        raise click.UsageError(f"{dataset} lacks {', '.join(missing)}")
    from matchmaker.commands.match import code_names  # when it runs

    names = code_names()
    try:
        needs = read_listings(dataset / "needs.jsonl", "need", names)
        capabilities = read_listings(dataset / "capabilities.jsonl", "capability", names)
        judged = _judgements(
            dataset / "qrels.tsv", {one.id for one in needs}, {one.id for one in capabilities}
        )
    except UnreadableFileError as problems:
        click.echo(problems.report(Speech("en")), err=True)
        sys.exit(2)
    if not keep_task:
        needs = [replace(need, tasks=()) for need in needs]
    return Dataset(needs, capabilities, judged)


def _judgements(path: Path, needs: set[str], capabilities: set[str]) -> Judged:
    judged: Judged = defaultdict(dict)
    problems: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
        cells = [cell.strip() for cell in line.split("\t")]
        if number == 1 or not line.strip():
            continue
        if len(cells) < 3 or cells[2] not in ("0", "1", "2", "3"):
            problems.append(f"row {number}: need, capability and a grade from 0 to 3 are expected")
        elif cells[0] not in needs or cells[1] not in capabilities:
            problems.append(f"row {number}: {cells[0]} or {cells[1]} is not among the listings")
        else:
            judged[cells[0]][cells[1]] = int(cells[2])
    if problems:
        raise UnreadableFileError(path, problems)
    return judged


def _lines(result: Result, whole: Result) -> list[str]:
    """The table of one configuration; beside the whole engine's, with the difference."""
    from matchmaker.engine import MEASURES  # when it runs

    lines: list[str] = []
    for name, title in MEASURES.items():
        found, base = result[name], whole[name]
        if found is None or base is None:
            lines.append(f"  {title:<50}   n/a")
            continue
        change = "" if result is whole else f"  {found.value - base.value:+.3f}"
        lines.append(
            f"  {title:<50} {found.value:.3f}  [{found.low:.3f}, {found.high:.3f}]{change}"
        )
    return lines


def _true_lines(found: Found) -> list[str]:
    """How many needs and pairs the shares are made of, and the reliability table."""
    of = found.counts
    return [
        f"  told so {of['told']} of {of['needs_without']} needs that nobody fits;"
        f" false alarms {of['false_alarms']} of {of['needs_with_right']}",
        f"  {of['strong']} strong pairs, {of['strong_right']} right;"
        f" {of['possible']} possible pairs, {of['possible_right']} right;"
        f" {of['right']} right pairs",
        "  scored from   mean score   share right   pairs",
        *(
            f"  {row.floor:11.1f} {row.score:12.3f} {row.right:13.3f} {row.pairs:7d}"
            for row in found.reliability
        ),
    ]


def _plain(results: dict[str, Found], data: Dataset) -> dict[str, object]:
    return {
        "needs_with_partner": data.matched,
        "needs_without": len(data.needs) - data.matched,
        "results": {
            title: {name: value._asdict() if value else None for name, value in one.result.items()}
            for title, one in results.items()
        },
        "counts": {title: one.counts for title, one in results.items()},
        "reliability": {
            title: [row._asdict() for row in one.reliability] for title, one in results.items()
        },
    }


if __name__ == "__main__":
    evaluate()

"""``matchmaker evaluate DATASET``: how well the engine ranks listings that people have judged."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from matchmaker.commands.tables import UnreadableFileError, read_listings
from matchmaker.engine import ABLATIONS

if TYPE_CHECKING:
    from matchmaker.engine import Listing, Result

Judged = dict[str, dict[str, int]]
_FILES = ("needs.jsonl", "capabilities.jsonl", "qrels.tsv")


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
    type=click.Path(path_type=Path),
    help="Folder of a sentence encoder, as for `match`.",
)
@click.option(
    "--samples", default=1000, show_default=True, type=click.IntRange(0), help="Bootstrap samples."
)
@click.option("--seed", default=7, show_default=True, type=int, help="Seed of the bootstrap.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def evaluate(  # noqa: PLR0917
    dataset: Path,
    left_out: tuple[str, ...],
    encoder: Path | None,
    samples: int,
    seed: int,
    as_json: bool,
) -> None:
    """Rank the judged listings of DATASET and print the usual measures with 95 % intervals.

    DATASET is a folder with needs.jsonl, capabilities.jsonl and qrels.tsv (need, capability and
    grade, tab-separated, under a header; 3 would solve it, 2 is worth a conversation, 1 is loosely
    helpful, 0 is a hard distractor). A need without any grade above 0 has no partner.
    """
    from matchmaker.commands.match import loaded_encoder  # when it runs
    from matchmaker.engine import measure_ranking  # when it runs

    needs, capabilities, judged = _read(dataset)
    model = loaded_encoder(encoder)
    results = {
        f"without {name}" if name else "all": measure_ranking(
            needs,
            capabilities,
            judged,
            without=(name,) if name else (),
            encoder=model,
            samples=samples,
            seed=seed,
        )
        for name in ("", *left_out)
    }
    matched = sum(any(grade > 0 for grade in judged[need.id].values()) for need in needs)
    if as_json:
        click.echo(
            json.dumps(_plain(results, matched, len(needs) - matched), ensure_ascii=False, indent=2)
        )
        return
    click.echo(
        f"{matched} needs with a partner, {len(needs) - matched} without,"
        f" {len(capabilities)} capabilities"
    )
    for title, result in results.items():
        click.echo(f"\n{title}")
        click.echo("\n".join(_lines(result, results["all"])))


def _read(dataset: Path) -> tuple[list[Listing], list[Listing], Judged]:
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
        click.echo(problems.report(), err=True)
        sys.exit(2)
    return needs, capabilities, judged


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


def _plain(results: dict[str, Result], matched: int, unmatched: int) -> dict[str, object]:
    return {
        "needs_with_partner": matched,
        "needs_without": unmatched,
        "results": {
            title: {name: found._asdict() if found else None for name, found in result.items()}
            for title, result in results.items()
        },
    }


if __name__ == "__main__":
    evaluate()

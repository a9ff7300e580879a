"""Verdicts on must-haves against those of readers.

    python -m benchmarks.verdicts FOLDER... [--show]

A folder has ``needs.jsonl``, ``capabilities.jsonl`` and ``verdicts.tsv``: need, capability, index
of the must-have, and met, unmet or unknown. Must-haves that are for this alone, and so no part of
what the ranking is fitted on, are in ``must_haves.tsv``. For each pair of languages and in all,
prints the share of met ones that are found and of found ones that are met, and the same for unmet
ones.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import click

from matchmaker.commands.match import code_names
from matchmaker.commands.tables import read_listings
from matchmaker.engine import Recommender
from matchmaker.engine.vectors.vectoriser import language_of

ALL = "all"


class Verdict(NamedTuple):
    """A must-have of a need and a capability: what readers say, and what the engine says."""

    need: str
    capability: str
    direction: str
    text: str
    true: str
    found: str
    sentence: str


def verdicts(folder: Path) -> Iterator[Verdict]:
    """Yield the judged must-haves of a folder with the engine's verdicts."""
    names = code_names()
    needs = {one.id: one for one in read_listings(folder / "needs.jsonl", "need", names)}
    for need, texts in _must_haves(folder / "must_haves.tsv").items():
        needs[need] = replace(needs[need], must_haves=tuple(texts))
    offered = read_listings(folder / "capabilities.jsonl", "capability", names)
    languages = {one.id: language_of(one) for one in [*needs.values(), *offered]}
    judged: dict[str, dict[str, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
    with (folder / "verdicts.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            own = judged[row["need_id"]][row["capability_id"]]
            own[int(row["requirement"])] = row["verdict"]
    wanted = [(needs[need], list(own)) for need, own in judged.items()]
    recommender = Recommender().fit(offered)
    for (need, ids), pairs in zip(wanted, recommender.between(wanted), strict=True):
        for one, pair in zip(ids, pairs, strict=True):
            for index, true in judged[need.id][one].items():
                found = pair.requirements[index]
                yield Verdict(
                    need.id,
                    one,
                    f"{languages[need.id]}→{languages[one]}",
                    found.text,
                    true,
                    found.status,
                    found.sentence,
                )


def _must_haves(path: Path) -> dict[str, list[str]]:
    """Return the must-haves of needs that have none of their own, in order."""
    found: dict[str, list[str]] = defaultdict(list)
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                found[row["need_id"]].append(row["text"])
    return found


def line(name: str, judged: Iterable[Verdict]) -> str:
    """Return the measures of some verdicts as a row of the table."""
    known = list(judged)
    cells = []
    for status in ("met", "unmet"):
        true = sum(one.true == status for one in known)
        found = sum(one.found == status for one in known)
        right = sum(one.found == one.true == status for one in known)
        cells += [_share(right, true), _share(right, found)]
    return f"{name:<8}{len(known):>6}" + "".join(f"{cell:>18}" for cell in cells)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f} ({part}/{whole})" if whole else "–"


@click.command()
@click.argument(
    "folders",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option("--show", is_flag=True, help="List wrong verdicts and missed ones.")
def main(folders: tuple[Path, ...], show: bool) -> None:
    """Print the table, of all folders together."""
    judged = [one for folder in folders for one in verdicts(folder)]
    heads = ("met found", "met right", "unmet found", "unmet right")
    click.echo(f"{'':<8}{'pairs':>6}" + "".join(f"{head:>18}" for head in heads))
    for direction in sorted({one.direction for one in judged}):
        click.echo(line(direction, (one for one in judged if one.direction == direction)))
    click.echo(line(ALL, judged))
    if show:
        for one in sorted(judged, key=lambda one: one.found == "unknown"):
            if one.found != one.true:
                click.echo(
                    f"{one.need} {one.capability} {one.true} but {one.found}: "
                    f"{one.text} | {one.sentence}"
                )


if __name__ == "__main__":
    main()

"""Write the demonstration as a judged collection: ``python -m benchmarks.demonstration FOLDER``.

``matchmaker evaluate FOLDER`` then tells how the engine does on texts in the manner of offices.
Every need that has judged pairs is there, with all capabilities as candidates.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from matchmaker.demo.stage import pairs, rows


def listings(name: str) -> Iterable[dict[str, Any]]:
    """Yield the demonstration's needs or capabilities in the form that the commands read."""
    organisations = {one["id"]: one for one in rows("organisations")}
    for row in rows(name):
        owner = organisations[row["organisation"]]
        yield {
            **{key: row[key] for key in ("id", "lang", "title", "summary", "description")},
            **{key: row[key] for key in ("sectors", "goal", "trl", "must_haves") if row.get(key)},
            "cooperation_modes": row["modes"],
            "task_id": next(iter(row["tasks"]), ""),
            "province": owner["province"],
            "org_type": owner["type"],
        }


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def write(folder: Path) -> None:
    """Write needs.jsonl, capabilities.jsonl and qrels.tsv into FOLDER."""
    folder.mkdir(parents=True, exist_ok=True)
    judged = sorted(pairs())
    with_pairs = {need for need, _, _ in judged}
    needs = [one for one in listings("needs") if one["id"] in with_pairs]
    for name, found in (("needs", needs), ("capabilities", listings("capabilities"))):
        lines = [json.dumps(one, ensure_ascii=False) for one in found]
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    lines = [f"{need}\t{capability}\t{grade}" for need, capability, grade in judged]
    header = "need_id\tcapability_id\tgrade"
    (folder / "qrels.tsv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    click.echo(f"{len(needs)} needs, {len(judged)} judged pairs")


if __name__ == "__main__":
    write()

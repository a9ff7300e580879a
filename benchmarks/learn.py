"""Make the engine's background: ``python -m benchmarks.learn FOLDER...``.

The folders hold judged listings. The demonstration's listings join them. What comes of it,
``matchmaker/engine/data/background/background.npz``, says how rare a term is and what likeness is
usual. Collections that the engine is measured on without bias must not be among the folders.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from matchmaker.commands.match import code_names
from matchmaker.commands.tables import read_listings
from matchmaker.engine import Listing, Weights
from matchmaker.engine.catalogue import count_all
from matchmaker.engine.lexicon.glossary import default_glossary
from matchmaker.engine.vectors.background import FILE, Background
from matchmaker.engine.vectors.vectoriser import language_of

DEMONSTRATION = Path(__file__).parents[1] / "seed_data" / "demo"
KINDS = {"needs": "need", "capabilities": "capability"}


def judged(folder: Path) -> Iterator[Listing]:
    """Yield the needs and the capabilities of a judged collection."""
    names = code_names()
    for name, kind in KINDS.items():
        yield from read_listings(folder / f"{name}.jsonl", kind, names)


def demonstration() -> Iterator[Listing]:
    """Yield the demonstration's needs and capabilities."""
    for folder in sorted(path for path in DEMONSTRATION.iterdir() if path.is_dir()):
        for name, kind in KINDS.items():
            lines = (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
            for row in map(json.loads, filter(None, lines)):
                yield Listing(
                    id=row["id"],
                    kind=kind,
                    title=row["title"],
                    summary=row.get("summary", ""),
                    description=row.get("description", ""),
                    language=row["lang"],
                    must_haves=tuple(row.get("must_haves", ())),
                )


@click.command()
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path, exists=True))
def learn(folders: tuple[Path, ...]) -> None:
    """Write the background made of judged FOLDERS and the demonstration."""
    listings = [one for folder in folders for one in judged(folder)] + list(demonstration())
    languages = [language_of(listing) for listing in listings]
    counted = count_all(listings, languages, Weights(), default_glossary(), n_jobs=2)
    made = Background.of([one.said for one in counted], languages)
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_bytes(made.packed())
    click.echo(f"{made.size} listings, {len(made.terms)} terms, {FILE.stat().st_size} bytes")


if __name__ == "__main__":
    learn()

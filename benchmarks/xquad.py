"""Search across languages: a question in one language, its paragraph in another.

``python -m benchmarks.xquad FOLDER [--encoder NAME]``. FOLDER holds ``zh.json``, ``en.json`` and
``es.json`` of XQuAD (M. Artetxe, S. Ruder, D. Yogatama, "On the cross-lingual transferability of
monolingual representations", ACL 2020; CC BY-SA 4.0). Prints the mean reciprocal rank of the right
paragraph among the first ten.
"""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import click

from matchmaker.commands.match import loaded_encoder
from matchmaker.engine import LANGUAGES, Listing, Recommender
from matchmaker.engine.evaluation import reciprocal_rank

DEPTH = 10


def read(path: Path, language: str) -> tuple[list[Listing], list[Listing], dict[str, str]]:
    """Return paragraphs as capabilities, questions as needs, and each question's paragraph."""
    paragraphs = [
        entry
        for article in json.loads(path.read_bytes())["data"]
        for entry in article["paragraphs"]
    ]
    offered = [
        Listing(f"p{number:04}", "capability", "", description=entry["context"], language=language)
        for number, entry in enumerate(paragraphs)
    ]
    asked, right = [], {}
    for number, entry in enumerate(paragraphs):
        for question in entry["qas"]:
            asked.append(Listing(question["id"], "need", question["question"], language=language))
            right[question["id"]] = f"p{number:04}"
    return offered, asked, right


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True))
@click.option("--encoder", help="As for `matchmaker match`.")
def main(folder: Path, encoder: str | None) -> None:
    """Print MRR@10 for every pair of languages."""
    data = {language: read(folder / f"{language}.json", language) for language in LANGUAGES}
    model = loaded_encoder(encoder)
    for target, language in product(LANGUAGES, LANGUAGES):
        offered, (_, asked, right) = data[target][0], data[language]
        ranked = Recommender(explain=False, encoder=model).fit(offered).rank(asked, DEPTH)
        ranks = [
            reciprocal_rank([pair.capability_id for pair in pairs], {right[need.id]: 3}) or 0.0
            for need, pairs in zip(asked, ranked, strict=True)
        ]
        click.echo(f"{language} -> {target}   {sum(ranks) / len(ranks):.3f}")


if __name__ == "__main__":
    main()

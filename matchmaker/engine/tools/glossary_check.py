"""Report faults in a readable glossary: ``python -m matchmaker.engine.tools.glossary_check``."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ..lexicon.glossary import Concept, GlossaryError, read_concepts
from ..listing import LANGUAGES
from ..text.everyday import everyday_words, key_of
from ..text.folding import fold, fold_word

ERRORS = ("duplicate_id", "dangling_broader", "cycle")


class Problem(NamedTuple):
    """One problem: its kind, its place (file and row), and a sentence."""

    kind: str
    where: str
    text: str


def check(concepts: Iterable[Concept]) -> list[Problem]:
    """Return every problem: errors (kinds in ``ERRORS``) first, then labels to look at."""
    known = list(concepts)
    by_id: dict[str, Concept] = {}
    problems: list[Problem] = []
    for concept in known:
        if concept.id in by_id:
            text = f"{concept.id!r} is defined in {by_id[concept.id].source} already"
            problems.append(Problem("duplicate_id", concept.source, text))
        by_id.setdefault(concept.id, concept)
    problems.extend(_wrong_broader(by_id))
    problems.extend(_missing_labels(known))
    problems.extend(_shared_labels(by_id.values()))
    problems.extend(_everyday_labels(known))
    return sorted(
        problems, key=lambda problem: (problem.kind not in ERRORS, problem.kind, problem.where)
    )


def _wrong_broader(by_id: dict[str, Concept]) -> Iterator[Problem]:
    for concept in by_id.values():
        if concept.broader and concept.broader not in by_id:
            text = f"{concept.id!r}: broader {concept.broader!r} is no concept"
            yield Problem("dangling_broader", concept.source, text)
        chain = [concept.id]
        while (step := by_id[chain[-1]].broader) in by_id and step is not None:
            if step == concept.id:
                yield Problem("cycle", concept.source, " < ".join([*chain, step]))
            if step in chain:
                break
            chain.append(step)


def _missing_labels(concepts: Iterable[Concept]) -> Iterator[Problem]:
    for concept in concepts:
        missing = [language for language in LANGUAGES if not concept.labels.get(language)]
        if missing:
            yield Problem(
                "missing_label",
                concept.source,
                f"{concept.id!r} has no label in {', '.join(missing)}",
            )


def _shared_labels(concepts: Iterable[Concept]) -> Iterator[Problem]:
    owners: dict[tuple[str, str], list[Concept]] = defaultdict(list)
    for concept in concepts:
        for language, labels in concept.labels.items():
            for label in {fold_word(fold(label)) for label in labels}:
                owners[language, label].append(concept)
    for (language, label), sharing in owners.items():
        if len(sharing) > 1:
            ids = ", ".join(concept.id for concept in sharing)
            yield Problem(
                "shared_label", sharing[1].source, f"{language} label {label!r} names {ids}"
            )


def _everyday_labels(concepts: Iterable[Concept]) -> Iterator[Problem]:
    """Yield labels that texts of any field use without meaning the concept."""
    for concept in concepts:
        for language, labels in concept.labels.items():
            for label in labels:
                if key_of(label, language) in everyday_words(language):
                    text = f"{language} label {label!r} of {concept.id!r} is an everyday word"
                    yield Problem("everyday_label", concept.source, text)


def main(arguments: Sequence[str]) -> int:
    """Print the problems of a glossary's folder; return 1 when there are errors."""
    try:
        problems = check(read_concepts(Path(arguments[0]) if arguments else None))
    except GlossaryError as error:
        sys.stdout.write(f"error  {error}\n")
        return 1
    for problem in problems:
        level = "error" if problem.kind in ERRORS else "look"
        sys.stdout.write(f"{level:6} {problem.kind:17} {problem.where}: {problem.text}\n")
    return int(any(problem.kind in ERRORS for problem in problems))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

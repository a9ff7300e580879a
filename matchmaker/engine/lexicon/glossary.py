"""The curated trilingual glossary: concepts, and the search for their labels in texts."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from ..paths import DATA
from ..text.folding import fold
from ..text.language import HAN
from ..text.tokens import HAN_WORD, Token, label_terms, tokenise
from .dictionary import LEARNED
from .tries import Node

COLUMNS = ("id", "zh", "en", "es", "broader", "sector", "tasks")
_ID = re.compile(r"[a-z0-9][a-z0-9_.-]*")
_TASK = re.compile(r"[A-Z]{2,4}-\d+")
_HAN = re.compile(f"[{HAN}]")
_MAX_CHAIN = 12
SHIPPED = DATA / "concepts"
PACKED = LEARNED / "glossary.json.gz"


class GlossaryError(ValueError):
    """A malformed glossary file; the message names the file and the row."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One idea with its labels.

    Parameters
    ----------
    id : str
        Lower case letters, digits, ``_``, ``.`` and ``-``.
    labels : Mapping[str, tuple[str, ...]]
        Language -> labels, the preferred one first.
    broader : str | None
        Id of the next broader concept.
    sector : str | None
        Code of a sector.
    tasks : tuple[str, ...]
        Ids of plan tasks that it belongs to.
    source : str
        File and row that define it.

    Examples
    --------
    >>> Concept("brine", {"zh": ("卤水", "老卤"), "en": ("brine",)}).label("zh")
    '卤水'
    """

    id: str
    labels: Mapping[str, tuple[str, ...]]
    broader: str | None = None
    sector: str | None = None
    tasks: tuple[str, ...] = ()
    source: str = ""

    def label(self, language: str) -> str:
        """Return the preferred label in a language.

        Parameters
        ----------
        language : str
            "zh", "en" or "es".

        Returns
        -------
        str
            The label, in another language if there is none, or the id.
        """
        for code in (language, "en", "zh", "es"):
            if self.labels.get(code):
                return self.labels[code][0]
        return self.id


class Mention(NamedTuple):
    """A label in a folded text: the concepts it names (usually one) and its place."""

    concepts: tuple[str, ...]
    start: int
    end: int


class Glossary:
    """Concepts by id, and all their labels as tries.

    Parameters
    ----------
    concepts : Iterable[Concept]
        The concepts; an id given twice keeps its first definition and gains the labels of the
        second (``glossary_check.check`` reports it).

    Attributes
    ----------
    concepts : Iterable[Concept]
        Id -> concept.
    is_shipped
        Whether this is the engine's own glossary, unchanged.

    Examples
    --------
    >>> glossary = Glossary([
    ...     Concept("battery", {"en": ("battery",)}),
    ...     Concept("lithium_battery", {"en": ("lithium battery",)}, broader="battery"),
    ... ])
    >>> [mention.concepts for mention in glossary.find("Lithium batteries", "en")]
    [('lithium_battery',)]
    >>> glossary.ancestors("lithium_battery")
    ('battery',)
    """

    is_shipped = False

    def __init__(self, concepts: Iterable[Concept] = ()) -> None:
        self.concepts: dict[str, Concept] = {}
        self._han = Node()
        self._latin = {"en": Node(), "es": Node()}
        for concept in concepts:
            self.concepts.setdefault(concept.id, concept)
            for language, labels in concept.labels.items():
                for label in labels:
                    self._add(label, language, concept.id)
        self._ancestors: dict[str, tuple[str, ...]] = {}

    @classmethod
    def load(cls, folder: Path | None = None) -> Glossary:
        """Read the TSV files of a folder in the order of their names.

        Parameters
        ----------
        folder : Path | None
            The folder; the engine's own if None.

        Raises
        ------
        GlossaryError
            For a malformed file.
        """
        return cls(read_concepts(folder))

    @classmethod
    def shipped(cls) -> Glossary:
        """Return the engine's own glossary, from its packed form if that is up to date."""
        if not PACKED.exists():
            return cls.load()
        packed = json.loads(gzip.decompress(PACKED.read_bytes()))
        if packed["fingerprint"] != fingerprint(SHIPPED):
            return cls.load()
        glossary = cls()
        glossary.is_shipped = True
        glossary.concepts = {row[0]: _concept(row) for row in packed["concepts"]}
        glossary._han = Node(packed=packed["han"])
        glossary._latin = {language: Node(packed=packed[language]) for language in ("en", "es")}
        return glossary

    def packed(self) -> bytes:
        """Return the glossary in packed form, for ``shipped``."""
        fields = ("id", "labels", "broader", "sector", "tasks", "source")
        content = {
            "fingerprint": fingerprint(SHIPPED),
            "concepts": [
                [getattr(concept, name) for name in fields] for concept in self.concepts.values()
            ],
            "han": self._han.pack(),
            **{language: trie.pack() for language, trie in self._latin.items()},
        }
        return gzip.compress(json.dumps(content, ensure_ascii=False).encode("utf-8"), 9, mtime=0)

    def __len__(self) -> int:
        return len(self.concepts)

    def ancestors(self, concept: str) -> tuple[str, ...]:
        """Return the broader concepts of one, nearest first, up to an unknown id or a cycle."""
        known = self._ancestors.get(concept)
        if known is None:
            chain: list[str] = []
            current = self.concepts.get(concept)
            while current and current.broader in self.concepts and len(chain) < _MAX_CHAIN:
                if current.broader is None or current.broader in (concept, *chain):
                    break
                chain.append(current.broader)
                current = self.concepts[current.broader]
            known = self._ancestors[concept] = tuple(chain)
        return known

    def find(self, text: str, language: str) -> list[Mention]:
        """Find labels in a text; of labels that overlap, the longest wins.

        Parameters
        ----------
        text : str
            Any text.
        language : str
            "zh", "en" or "es".

        Returns
        -------
        list[Mention]
            Mentions in reading order, with places in ``fold(text)``.
        """
        folded = fold(text)
        return longest_first(self.find_all(folded, tokenise(folded, language), language))

    def find_all(self, folded: str, tokens: list[Token], language: str) -> list[Mention]:
        """Find every label in a text, also inside or across longer ones.

        Parameters
        ----------
        folded : str
            A text from ``fold``.
        tokens : list[Token]
            Its tokens.
        language : str
            "zh", "en" or "es".

        Returns
        -------
        list[Mention]
            Mentions in no order, with places in ``folded``.
        """
        return [*self._find_latin(folded, tokens, language), *self._find_han(folded, tokens)]

    def _add(self, label: str, language: str, concept: str) -> None:
        folded = fold(label.strip())
        if _HAN.search(folded):
            node = self._han.reach(folded.lower().replace(" ", ""))
            node.concepts = _with(node.concepts, concept)
            return
        for latin in ("en", "es") if language == "zh" or _is_acronym(folded) else (language,):
            path = _path(folded, latin)
            if not path:
                continue
            node = self._latin[latin].reach(path)
            if _is_acronym(folded) and len(folded) <= 3:
                node.exact = (
                    (*node.exact, (folded, concept))
                    if (folded, concept) not in node.exact
                    else node.exact
                )
            else:
                node.concepts = _with(node.concepts, concept)

    def _find_latin(self, folded: str, tokens: list[Token], language: str) -> Iterator[Mention]:
        root = self._latin["es" if language == "es" else "en"]
        for place, first in enumerate(tokens):
            node = root.get(first.term)
            index = place
            while node is not None:
                end = tokens[index].end
                surface = folded[first.start : end] if node.exact else ""
                found = node.concepts or tuple(
                    concept for label, concept in node.exact if label == surface
                )
                if found:
                    yield Mention(found, first.start, end)
                index += 1
                node = node.get(tokens[index].term) if index < len(tokens) else None

    def _find_han(self, folded: str, tokens: list[Token]) -> Iterator[Mention]:
        lowered = folded.lower()
        if len(lowered) != len(folded):  # a few letters grow in lower case, and places would shift
            lowered = folded
        words = {(token.start, token.end) for token in tokens if token.kind == HAN_WORD}
        for place, char in enumerate(lowered):
            first = self._han.get(char)
            if first is not None:
                for end, concepts in _labels_from(first, lowered, place):
                    # A single character counts only as a word of its own.
                    if end - place > 1 or (place, end) in words:
                        yield Mention(concepts, place, end)


def longest_first(mentions: Iterable[Mention]) -> list[Mention]:
    """Keep the longest of mentions that overlap, the earlier of equals.

    Parameters
    ----------
    mentions : Iterable[Mention]
        Mentions in one text.

    Returns
    -------
    list[Mention]
        The kept mentions, in reading order.

    Examples
    --------
    >>> found = longest_first([Mention(("battery",), 8, 17), Mention(("lithium_battery",), 0, 17)])
    >>> [mention.concepts for mention in found]
    [('lithium_battery',)]
    """
    taken: set[int] = set()
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start - m.end, m.start)):
        places = range(mention.start, mention.end)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(mention)
    return sorted(kept, key=lambda mention: mention.start)


def _labels_from(first: Node, text: str, place: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield (end, concepts) of every label at a place, from the node of its first character.

    Spaces inside a label do not count.
    """
    node: Node | None = first
    index = place + 1
    while node is not None:
        if node.concepts and not _splits_latin(text, place, index):
            yield index, node.concepts
        while index < len(text) and text[index] == " ":
            index += 1
        node = node.get(text[index]) if index < len(text) else None
        index += 1


def _splits_latin(text: str, start: int, end: int) -> bool:
    """Tell whether a place begins or ends inside a Latin word."""
    before, after = text[start - 1 : start], text[end : end + 1]
    first, last = text[start], text[end - 1]
    return (first.isascii() and first.isalnum() and before.isascii() and before.isalnum()) or (
        last.isascii() and last.isalnum() and after.isascii() and after.isalnum()
    )


def _path(label: str, language: str) -> list[str]:
    """Return the steps of a label: its stems and the breaks between them."""
    steps = label_terms(label, language)
    while steps and not steps[-1]:
        steps.pop()
    while steps and not steps[0]:
        steps.pop(0)
    return steps


def _with(concepts: tuple[str, ...], concept: str) -> tuple[str, ...]:
    return concepts if concept in concepts else (*concepts, concept)


def _is_acronym(label: str) -> bool:
    """Tell a name that all languages write alike: PLC, LiDAR, Li2CO3, pH."""
    return " " not in label and (
        any(char.isdigit() for char in label) or sum(char.isupper() for char in label) >= 2
    )


def read_concepts(folder: Path | None = None) -> list[Concept]:
    """Read the concepts of a folder of TSV files; GlossaryError for a malformed one."""
    concepts: list[Concept] = []
    for entry in sorted((folder or SHIPPED).glob("*.tsv")):
        concepts.extend(_read_rows(entry.read_text(encoding="utf-8"), entry.name))
    return concepts


def _read_rows(text: str, name: str) -> Iterator[Concept]:
    rows = csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    header = next(rows, None)
    if header is None:
        return
    if tuple(cell.strip().lstrip("\ufeff") for cell in header) != COLUMNS:
        raise GlossaryError(
            f"{name}, row 1: the header must be {' '.join(COLUMNS)} (tab-separated)"
        )
    for number, cells in enumerate(rows, start=2):
        if any(cell.strip() for cell in cells) and not cells[0].startswith("#"):
            yield _read_row(cells, f"{name}, row {number}")


def _read_row(cells: list[str], where: str) -> Concept:
    if len(cells) > len(COLUMNS):
        raise GlossaryError(f"{where}: {len(cells)} cells, {len(COLUMNS)} expected")
    row = dict(
        zip(
            COLUMNS,
            [cell.strip() for cell in cells] + [""] * (len(COLUMNS) - len(cells)),
            strict=True,
        )
    )
    if not _ID.fullmatch(row["id"]):
        raise GlossaryError(f"{where}: {row['id']!r} is not an id (lower case, digits, _ . -)")
    labels = {code: _alternatives(row[code]) for code in ("zh", "en", "es")}
    if not any(labels.values()):
        raise GlossaryError(f"{where}: {row['id']!r} has no label in any language")
    tasks = tuple(task.strip() for task in row["tasks"].split(",") if task.strip())
    wrong = [task for task in tasks if not _TASK.fullmatch(task)]
    if wrong:
        raise GlossaryError(f"{where}: {wrong[0]!r} is not a task id")
    return Concept(row["id"], labels, row["broader"] or None, row["sector"] or None, tasks, where)


def _concept(row: list[Any]) -> Concept:
    id_, labels, broader, sector, tasks, source = row
    return Concept(
        id_,
        {code: tuple(found) for code, found in labels.items()},
        broader,
        sector,
        tuple(tasks),
        source,
    )


def fingerprint(folder: Path) -> str:
    """Return a digest of a glossary's files."""
    digest = hashlib.blake2b(digest_size=16)
    for entry in sorted(folder.glob("*.tsv")):
        digest.update(entry.read_bytes())
    return digest.hexdigest()


def _alternatives(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(label.strip() for label in cell.split("|") if label.strip()))


@lru_cache(maxsize=1)
def default_glossary() -> Glossary:
    """Return the engine's own glossary, loaded once per process.

    Examples
    --------
    >>> default_glossary().concepts["brine"].label("es")
    'salmuera'
    """
    return Glossary.shipped()

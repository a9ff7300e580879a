"""Make the words of glosses: ``python -m matchmaker.engine.tools.gloss_build CEDICT TEXTS...``.

CEDICT is a CC-CEDICT release, as for ``dictionary_build``. TEXTS are JSON lines whose ``lang``,
``title``, ``summary`` and ``description`` show which words technology transfer uses.

A dictionary lists many translations of a word, and the one to show is chosen here: an early sense,
in words that our texts and the glossary use. What is looked up backwards, or through English, is
kept only if our texts or the glossary use it: a rare synonym misleads.
"""

from __future__ import annotations

import gzip
import json
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from ..gloss.words import path_of
from ..lexicon.glossary import Glossary
from ..lexicon.lexicon import learn
from ..paths import DATA
from ..text.folding import fold, fold_word
from ..text.stopwords import STOPWORDS
from ..text.tokens import HAN_WORD, stem, tokenise
from .dictionary_build import _lines

Known = Callable[[str, str], bool]
Glosses = dict[str, list[str]]  # a word -> its translations, the best first

_ENTRY = re.compile(r"\S+ (\S+) \[([^\]]*)\] /(.*)/")
_ASIDE = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_SKIPPED = re.compile(
    r"(?:CL:|(?:\w+ )*variant of|used (?:in|to|as|before|after)|see |also |Taiwan pr|pr\. "
    r"|surname |same as|equivalent to|abbr|lit\.|fig\.|old |archaic|erhua|classifier|particle"
    r"|prefix|suffix|name of|one of|to be|(?:not|in|at|by|with|on|for|as|of|from|and|or|so|very) )"
)
_SENSES = re.compile("[;,]")
# What follows a name: where it is, who or what.
_BESIDE_NAME = re.compile(
    r",| (?:in|on|of|province|sub-?provincial|city|county|district|prefecture|autonomous)\b"
)
_PLAIN = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ' -]*")
_ABOUT = re.compile(r"\b(?:sb|sth|one's|oneself|etc|somebody|something|person|somewhere)\b")
_MOST, _MOST_WORDS = 4, 3
_USED = 0.25  # how much it tells for a translation that our texts use its words
_LONG = 7  # letters of a word that has few senses
_SURE = 0.15  # weight of a sense that the glossary teaches
_GLOSSARY = 5  # mentions that a label of the glossary counts for


def read_chinese(lines: Iterable[str]) -> Glosses:
    """Return the English translations of each headword of a CC-CEDICT file, as they stand there."""
    found: Glosses = defaultdict(list)
    for line in lines:
        entry = _ENTRY.match(line)
        if entry is None:
            continue
        word, sound, senses = entry.groups()
        for sense in senses.split("/"):
            if re.search(r"\d{3}", sense) and sound[:1].isupper():
                continue  # a person, with dates
            bare = _ASIDE.sub(" ", _ASIDE.sub(" ", sense))
            if not _SKIPPED.match(bare.strip()):
                parts = _BESIDE_NAME.split(bare)[:1] if sound[:1].isupper() else _SENSES.split(bare)
                found[word].extend(_told(part) for part in parts)
    return {word: _distinct(glosses) for word, glosses in found.items() if any(glosses)}


def read_spanish(lines: Iterable[str]) -> Glosses:
    """Return the English translations of each single word of a table ``es <tab> en|en``."""
    found: Glosses = {}
    for line in lines:
        spanish, _, english = line.rstrip("\n").partition("\t")
        if " " not in spanish:
            found[spanish.lower()] = _distinct(_told(gloss) for gloss in english.split("|"))
    return {word: glosses for word, glosses in found.items() if glosses}


def _told(gloss: str) -> str:
    """Return a translation without "to" or article; empty for what explains or is long."""
    text = re.sub(r"^(?:to|a|an|the) ", "", " ".join(gloss.split()).strip())
    short = _PLAIN.fullmatch(text) and len(text.split()) <= _MOST_WORDS and len(text) > 2
    return text if short and not _ABOUT.search(text) and not _SKIPPED.match(text) else ""


def _distinct(glosses: Iterable[str]) -> list[str]:
    return [gloss for gloss in dict.fromkeys(glosses) if gloss]


class Use:
    """How often texts and the glossary use a word; words of one stem count together."""

    def __init__(self, texts: Iterable[tuple[str, str]], glossary: Glossary) -> None:
        self._counts: dict[str, Counter[str]] = {code: Counter() for code in ("zh", "en", "es")}
        for language, text in texts:
            self._counts[language].update(_units(text, language))
        for concept in glossary.concepts.values():
            for language, labels in concept.labels.items():
                for unit in {unit for label in labels for unit in _units(label, language)}:
                    self._counts[language][unit] += _GLOSSARY

    def of(self, text: str, language: str) -> int:
        """Return how often the rarest word of a text is used; 0 for an empty one."""
        if language == "zh":
            return self._counts["zh"][text]
        return min((self._counts[language][unit] for unit in _units(text, language)), default=0)


def _units(text: str, language: str) -> list[str]:
    folded = fold(text)
    if language == "zh":
        return [token.term for token in tokenise(folded, "zh") if token.kind == HAN_WORD]
    words = map(fold_word, re.findall(r"[^\W\d_]+", folded))
    return [stem(word, language) for word in words if word not in STOPWORDS[language]]


def in_order(glosses: Glosses, language: str, use: Use) -> Glosses:
    """Return each word's translations by place and by how much our texts use them."""
    return {
        word: [gloss for _, gloss in sorted(_weighed(found, language, use))][:_MOST]
        for word, found in glosses.items()
    }


def _weighed(found: list[str], language: str, use: Use) -> Iterator[tuple[float, str]]:
    for place, gloss in enumerate(found, start=1):
        yield -(1.0 + _USED * math.log1p(use.of(gloss, language))) / place, gloss


def backwards(glosses: Glosses, language: str, use: Use, known: Known, senses: int) -> Glosses:
    """Return English -> words of a language that are used and surely meant, the most used first.

    Only the first ``senses`` of a word count.
    """
    found: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    for word, english in glosses.items():
        used = use.of(word, language)
        if used and len(word) > 1:
            for place, gloss in enumerate(english[:senses], start=1):
                if len(gloss) >= _LONG or known(word, gloss):
                    found[gloss.lower()].append((-math.log1p(used) / place, word))
    return {word: [one for _, one in sorted(scored)][:_MOST] for word, scored in found.items()}


def through_english(first: Glosses, second: Glosses, back: Glosses, known: Known) -> Glosses:
    """Return words -> translations that share English with them.

    ``second`` leads from English on, ``back`` from there to English. An English word has many
    senses, so it takes two of them to be sure, or a long one that the glossary has too.
    """
    found: Glosses = {}
    for word, english in first.items():
        own = set(english)
        rated = [
            (-len(own.intersection(back[other])), place, other)
            for place, one in enumerate(english[:2])
            for other in second.get(one.lower(), ())
            if len(own.intersection(back[other])) > 1
            or (len(one) >= _LONG and (known(word, one) or known(other, one)))
        ]
        if rated:
            found[word] = _distinct(other for _, _, other in sorted(rated))[:2]
    return found


def taught(glossary: Glossary) -> Known:
    """Return a test whether the glossary teaches what a Chinese or Spanish word stands for."""
    senses = learn(glossary.concepts.values())

    def is_known(word: str, english: str) -> bool:
        units = _units(english, "en")
        for learned in (senses["zh"].get(word), senses["es"].get(stem(fold_word(word), "es"))):
            told = {one for one, weight in learned or () if weight >= _SURE}
            if units and told.issuperset(units):
                return True
        return False

    return is_known


def packed(glosses: Glosses, language: str, known: Iterable[str]) -> bytes:
    """Return the rows that ``gloss.words.Words`` searches, compressed.

    ``known`` words without a translation stand beside those of their stem, which would pass for
    them.
    """
    rows: defaultdict[str, list[str]] = defaultdict(list)
    for word in sorted({*glosses, *known}):
        found = glosses.get(word, [])
        if language == "zh":
            rows[word].append("|".join(found))
        elif word not in STOPWORDS[language]:
            key = " ".join(stem(fold_word(part), language) for part in word.split())
            rows[key].append(f"{word}={'|'.join(found)}")
    ordered = sorted(rows, key=lambda key: key.encode("utf-8"))
    told = (key for key in ordered if any(not row.endswith("=") for row in rows[key]))
    table = "\n".join(f"{key}\t{';'.join(rows[key])}" for key in told)
    return gzip.compress(table.encode("utf-8"), 9, mtime=0)


def _texts(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    for path in paths:
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            fields = ("title", "summary", "description")
            yield row["lang"], "\n".join(row.get(name) or "" for name in fields)


def main(arguments: list[str]) -> None:
    """Write the words of all six directions."""
    glossary = Glossary.load()
    use, known = Use(_texts(arguments[1:]), glossary), taught(glossary)
    chinese = in_order(read_chinese(_lines(Path(arguments[0]))), "en", use)
    spanish = in_order(read_spanish(list(_lines(DATA / "es_en.tsv"))[1:]), "en", use)
    used = {word: english for word, english in chinese.items() if use.of(word, "zh")}
    to_chinese = backwards(chinese, "zh", use, known, 1)
    to_spanish = backwards(spanish, "es", use, lambda _word, _english: True, 2)
    tables = {
        ("zh", "en"): chinese,
        ("es", "en"): spanish,
        ("en", "zh"): to_chinese,
        ("en", "es"): to_spanish,
        ("zh", "es"): through_english(used, to_spanish, spanish, known),
        ("es", "zh"): through_english(spanish, to_chinese, chinese, known),
    }
    vocabulary = {"zh": (), "en": {*to_chinese, *to_spanish}, "es": spanish}
    for (source, target), glosses in tables.items():
        path_of(source, target).write_bytes(packed(glosses, source, vocabulary[source]))


if __name__ == "__main__":
    main(sys.argv[1:])

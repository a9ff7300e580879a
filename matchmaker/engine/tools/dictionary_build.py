"""Make the packed dictionaries: ``python -m matchmaker.engine.tools.dictionary_build [CEDICT]``.

Without CEDICT, it makes the files from our own data: the Spanish dictionary, and the senses that
the glossary teaches. With CEDICT, it also makes the Chinese dictionary, and the characters that
spell foreign names with their sounds.

CEDICT is a CC-CEDICT release (``cedict_ts.u8``, plain or compressed). A headword keeps the stems of
up to twelve senses. Earlier senses weigh more, and a gloss shares its weight among its words. Two
corrections use the number of headwords that gloss a stem: a word with a common sense weighs less
as a whole, and a rare sense does not outweigh the others.
"""

from __future__ import annotations

import gzip
import math
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ..lexicon.dictionary import CHINESE, INVERSES, LEARNED, SPANISH
from ..lexicon.glossary import PACKED, Glossary
from ..lexicon.lexicon import learn
from ..paths import DATA
from ..text.folding import fold_word
from ..text.sounds import SOUNDS, latin_sound, syllable_sound, syllables_sound
from ..text.stopwords import STOPWORDS
from ..text.tokens import stem

Gloss = tuple[str, ...]
Glosses = dict[str, list[Gloss]]

_ENTRY = re.compile(r"\S+ (\S+) \[[^\]]*\] /(.*)/")
_NAME = re.compile(r"\S+ (\S+) \[([A-Z][^\]]*)\] /([^/]*)/")
_LATIN_NAME = re.compile("[A-Z][a-zà-ÿ]+")
_ASIDE = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_NO_SENSE = re.compile(
    r"(?:CL:|(?:old |archaic |erhua |Japanese |euphemistic |unofficial )?variant"
    r"|used in|see |also |Taiwan pr|pr\. "
    r"|surname |same as|equivalent to)"
)
_ABBREVIATES = re.compile(r"^abbr\. for [^ ]+\[[^]]*\],?")
_ABOUT_WORDS = frozenset(
    [
        "one",
        "something",
        "sb",
        "sth",
        "someone",
        "somebody",
        "thing",
        "etc",
        "particl",
        "classifi",
        "word",
        "form",
        "kind",
        "type",
        "abbr",
        "noun",
        "suffix",
        "prefix",
        "adj",
        "variant",
        "esp",
        "surnam",
        "chines",
        "charact",
        "char",
    ]
)
_MOST_SENSES = 12
# What the other direction keeps: least weight of a sense, characters of a word, words of a stem.
_LEAST_SENSE, _LONGEST_WORD, _MOST_WORDS = 0.6, 5, 60
_LONGEST_GLOSS = 5
_LATER = 0.3
# Least number of names that a character spells, and least share of all its words.
_LEAST_NAMES, _LEAST_SHARE = 2, 0.02
_LONG_NAME = 3  # consonants; shorter ones agree by chance


def gloss_stems(gloss: str) -> Gloss:
    """Return the stems of an English gloss, without words about words."""
    found: list[str] = []
    for word in re.findall(r"[A-Za-zÀ-ɏ0-9']+", _ASIDE.sub(" ", _ASIDE.sub(" ", gloss))):
        folded = fold_word(word.split("'", maxsplit=1)[0])
        if len(folded) > 1 and folded not in STOPWORDS["en"]:
            found.append(stem(folded, "en"))
    return tuple(one for one in dict.fromkeys(found) if one not in _ABOUT_WORDS)


def read_cedict(lines: Iterable[str]) -> Glosses:
    """Return the glosses of each headword (simplified) of a CC-CEDICT file, as stems."""
    read: Glosses = {}
    for line in lines:
        entry = _ENTRY.match(line)
        if entry is None:
            continue
        for sense in entry[2].split("/"):
            if not _NO_SENSE.match(sense):
                for part in re.split("[;,]", _ASIDE.sub(" ", _ABBREVIATES.sub("", sense))):
                    stems = gloss_stems(part)
                    if 0 < len(stems) <= _LONGEST_GLOSS:
                        read.setdefault(entry[1], []).append(stems)
    return read


def read_spanish(lines: Iterable[str]) -> Glosses:
    """Return the glosses of each Spanish stem of a table ``es <tab> en|en``, as stems."""
    read: Glosses = {}
    for line in lines:
        spanish, _, english = line.rstrip("\n").partition("\t")
        words = [word for word in map(fold_word, spanish.split()) if word not in STOPWORDS["es"]]
        if len(words) == 1:
            glosses = (gloss_stems(gloss) for gloss in english.split("|"))
            read.setdefault(stem(words[0], "es"), []).extend(gloss for gloss in glosses if gloss)
    return {word: glosses for word, glosses in read.items() if glosses}


def spread(glosses: Glosses) -> Counter[str]:
    """Return how many words gloss each stem."""
    return Counter(
        one for found in glosses.values() for one in {one for gloss in found for one in gloss}
    )


def weigh(glosses: list[Gloss], common: Mapping[str, int], words: int) -> dict[str, float]:
    """Return the stems of one word with their weights, 0 to 1."""
    weights: dict[str, float] = {}
    for place, gloss in enumerate(glosses[:_MOST_SENSES], start=1):
        for one in gloss:
            weights[one] = max(weights.get(one, 0.0), place**-_LATER / len(gloss))
    top = max(weights.values())
    rarity = {one: _rarity(common.get(one, 0), words) for one in weights}
    whole = _rarity(min(words, sum(common.get(one, 0) for one in weights)), words)
    plain = whole / _rarity(0, words)
    return {
        one: value / top * math.sqrt(whole / rarity[one] * plain) for one, value in weights.items()
    }


def _rarity(frequency: int, words: int) -> float:
    return math.log((1 + words) / (1 + frequency)) + 1.0


def pack(glosses: Glosses, common: Mapping[str, int], words: int) -> bytes:
    """Return the table that ``dictionary.Dictionary`` searches."""
    rows = [f"{word}\t{_entries(weigh(found, common, words))}" for word, found in glosses.items()]
    return "\n".join(sorted(rows, key=lambda row: row.split("\t")[0].encode("utf-8"))).encode(
        "utf-8"
    )


def _entries(weights: Mapping[str, float]) -> str:
    ordered = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    return ",".join(f"{one} {value:.2f}" for one, value in ordered if value >= 0.05)


def inverse(table: bytes) -> bytes:
    """Return a dictionary's table from English stems to the words they are a sense of.

    What is long is a phrase or a name. Rare words of a common sense are left out.
    """
    words: dict[str, dict[str, float]] = {}
    for row in table.decode("utf-8").split("\n"):
        word, _, entries = row.partition("\t")
        for entry in entries.split(",") if len(word) <= _LONGEST_WORD or word.isascii() else ():
            one, _, weight = entry.rpartition(" ")
            if weight and float(weight) >= _LEAST_SENSE:
                words.setdefault(one, {})[word] = float(weight)
    rows = (
        f"{one}\t{_entries(dict(sorted(found.items(), key=lambda item: -item[1])[:_MOST_WORDS]))}"
        for one, found in words.items()
    )
    return "\n".join(sorted(rows, key=lambda row: row.split("\t")[0].encode("utf-8"))).encode()


def _lines(path: Path) -> Iterator[str]:
    data = path.read_bytes()
    return iter(
        (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8").splitlines()
    )


def spanish_table() -> bytes:
    """Return the Spanish dictionary's table, made from our own list of words."""
    glosses = read_spanish(list(_lines(DATA / "es_en.tsv"))[1:])
    return pack(glosses, spread(glosses), len(glosses))


def name_characters(lines: Iterable[str]) -> dict[str, str]:
    """Return the characters that spell foreign names in a CC-CEDICT file, with their classes.

    A name counts when its syllables have the consonant classes of a capitalised word of its gloss
    that is not pinyin.
    """
    words: Counter[str] = Counter()
    readings: dict[str, Counter[str]] = {}
    for line in lines:
        headword = line.split(" ", 2)[1:2]
        words.update(set(headword[0]) if headword else ())
        entry = _NAME.match(line)
        if entry is not None:
            for char, syllable in _foreign(*entry.groups()):
                readings.setdefault(char, Counter())[syllable_sound(syllable)] += 1
    return {
        char: found.most_common(1)[0][0]
        for char, found in sorted(readings.items())
        if found.total() >= max(_LEAST_NAMES, _LEAST_SHARE * words[char])
    }


def _foreign(name: str, pinyin: str, gloss: str) -> list[tuple[str, str]]:
    """Return the characters of a foreign name with their syllables; none for other names."""
    syllables = pinyin.split()
    sound = syllables_sound(syllables)
    if len(syllables) != len(name) or len(sound) < _LONG_NAME:
        return []
    latin = [fold_word(word) for word in _LATIN_NAME.findall(re.sub(r"\[[^\]]*\]", "", gloss))]
    is_pinyin = re.sub("[1-5 ]", "", pinyin).lower() in latin
    if is_pinyin or sound not in map(latin_sound, latin):
        return []
    return list(zip(name, syllables, strict=True))


def write_learned() -> None:
    """Write the packed glossary and the senses it teaches."""
    glossary = Glossary.load()
    LEARNED.mkdir(exist_ok=True)
    PACKED.write_bytes(glossary.packed())
    for language, senses in learn(glossary.concepts.values()).items():
        rows = (
            f"{word}\t{','.join(f'{one} {weight:.4f}' for one, weight in found)}"
            for word, found in senses.items()
        )
        table = "\n".join(sorted(rows, key=lambda row: row.split("\t")[0].encode("utf-8")))
        (LEARNED / f"{language}.tsv.gz").write_bytes(
            gzip.compress(table.encode("utf-8"), 9, mtime=0)
        )


def main(arguments: list[str]) -> None:
    """Write the packed dictionaries, the packed glossary and its senses."""
    write_learned()
    SPANISH.write_bytes(gzip.compress(spanish_table(), 9, mtime=0))
    if arguments:
        chinese = read_cedict(_lines(Path(arguments[0])))
        CHINESE.write_bytes(gzip.compress(pack(chinese, spread(chinese), len(chinese)), 9, mtime=0))
        rows = name_characters(_lines(Path(arguments[0]))).items()
        SOUNDS.write_text("".join(f"{char}\t{sound}\n" for char, sound in rows), encoding="utf-8")
    for source, target in INVERSES.items():
        table = inverse(gzip.decompress(source.read_bytes()))
        target.write_bytes(gzip.compress(table, 9, mtime=0))


if __name__ == "__main__":
    main(sys.argv[1:])

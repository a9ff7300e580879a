"""Sounds of names, by which 戈登森 in Chinese and Goldenson in Latin letters are one.

Chinese spells foreign names by the sound of characters. Both sides are reduced to classes of
consonants (戈登森 and Goldenson: K T N S N), because transcriptions rarely keep vowels, voice and
doubled letters. ``dictionary_build`` learns the characters and their sounds from CC-CEDICT.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from ..paths import DATA
from .folding import fold_word

SOUNDS = DATA / "cedict" / "sounds.tsv"
SHORTEST = 2

_CONSONANTS = re.compile(
    r"(?P<S>sh|ch|cz|[cg](?=[eiy])|[jsz])|(?P<F>ph|[fv]|w(?=[aeiou]))|(?P<K>ck|kh|gh|qu|[cgkq])"
    r"|(?P<T>th|[td])|(?P<P>[bp])|(?P<L>l|r(?=[aeiouy]))|(?P<N>n|m(?=[bp]))|(?P<M>m)"
    r"|(?P<H>(?<![^aeiou])h(?=[aeiouy]))|(?P<KS>x)"
)
# Variants of transcription: a hard g, a sounded r, a silent l, a silent end.
_OTHERWISE = (
    (re.compile("g(?=[eiy])"), "k"),
    (re.compile("(?<=[aeiou])r(?=[^aeiouyr]|$)"), "l"),
    (re.compile("(?<=[aeiou])l(?=[^aeiouyl])"), ""),
    (re.compile("(?<=[aeiou])(?:ts|[tds])$"), ""),
)
_TWICE = re.compile(r"(.)\1+")


@lru_cache(maxsize=50_000)
def latin_sounds(name: str) -> tuple[str, ...]:
    """Return the consonant classes of a name in Latin letters, one string a variant."""
    folded = fold_word(name)
    spellings = dict.fromkeys(
        (folded, *(pattern.sub(other, folded) for pattern, other in _OTHERWISE))
    )
    heard = dict.fromkeys(map(latin_sound, spellings))
    return tuple(sound for sound in heard if len(sound) >= SHORTEST)


def latin_sound(folded: str) -> str:
    """Return the consonant classes of a folded word in its most usual reading."""
    return _joined(match.lastgroup or "" for match in _CONSONANTS.finditer(folded))


def writes_names(word: str) -> bool:
    """Tell whether all characters of a Chinese word are ones that spell foreign names."""
    return bool(word) and all(char in _characters() for char in word)


def chinese_sound(name: str) -> str:
    """Return the consonant classes of a Chinese name; nothing when there are too few."""
    sound = _joined(map(_characters().__getitem__, name))
    return sound if len(sound) >= SHORTEST else ""


def _joined(classes: Iterable[str]) -> str:
    return _TWICE.sub(r"\1", "".join(classes))


@lru_cache(maxsize=1)
def _characters() -> Mapping[str, str]:
    rows = (line.partition("\t") for line in SOUNDS.read_text(encoding="utf-8").splitlines())
    return {char: classes for char, _, classes in rows}


_INITIALS = {
    "b": "P", "p": "P", "m": "M", "f": "F", "w": "F", "d": "T", "t": "T", "n": "N", "l": "L",
    "r": "L", "g": "K", "k": "K", "h": "H", "j": "S", "q": "S", "x": "S", "zh": "S", "ch": "S",
    "sh": "S", "z": "S", "c": "S", "s": "S",
}  # fmt: skip
_SYLLABLE = re.compile("(?P<initial>zh|ch|sh|[bpmfdtnlgkhjqxrzcsw]?)(?P<final>[a-z:]*)[1-5]?")


def syllables_sound(syllables: Iterable[str]) -> str:
    """Return the consonant classes of a name in pinyin."""
    return _joined(map(syllable_sound, syllables))


def syllable_sound(pinyin: str) -> str:
    """Return a pinyin syllable's consonant classes: ``te4`` T, ``lin2`` LN, ``er3`` L."""
    syllable = pinyin.lower()
    if syllable.startswith("er"):
        return "L"
    match = _SYLLABLE.match(syllable)
    if match is None:
        return ""
    initial, final = match["initial"], match["final"]
    first = "" if (initial, final) == ("w", "u") else _INITIALS.get(initial, "")
    return first + ("N" if final.endswith(("n", "ng")) else "")

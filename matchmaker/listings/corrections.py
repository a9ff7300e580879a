"""What a writer may change of a published text without a review: a slip, or a later deadline.

Pure decisions over the text that a curator approved and the text that was sent. A number with what
it counts, a comparison or a denial that changes is no slip: it could turn a promise round. A
curator who finds one wrong takes it back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Any

from matchmaker import engine
from matchmaker.errors import Refusal
from matchmaker.listings.rules import Content, changed, changes, snapshot
from matchmaker.listings.states import ListingStatus, has_passed

TEXTS = ("title", "summary", "description")
MOST_LETTERS = 4  # of one field, in letters; a Chinese character counts for two
OF_A_SHORT_WORD, OF_A_WORD, SHORT = 1, 2, 5  # letters that a word may change by
MOST_WORDS, LONGEST_PIECE = 6_000, 60  # comparing more takes too long for someone who waits

_FIGURE = re.compile(
    r"[<>≤≥＜＞=±~≈+\-−–]*\s*"
    r"[\d零〇一二两三四五六七八九十百千万亿半几]+(?:[.,．]\d+)*"
    r"\s*(?:[^\s\w]*[^\W\d_\u3400-\u9fff]+|[%‰％°℃]+\w*|[\u3400-\u9fff]{0,2})"
)
# Words that turn a sentence round, or set a bound.
_TURNS = re.compile(
    r"[不没无非未勿莫否禁除仅只均全各每]|[大小高低多少超]于|以[上下内外]|超过|至[少多]|最[大小高低多少]|必须|可以|应当|"
    r"\b(?:no|not|none|never|nor|neither|without|cannot|unless|except|only|all|any|each|every|both|"
    r"must|may|can|should|shall|less|fewer|more|above|below|under|over|least|most|max\w*|min\w*|"
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundreds?|thousands?|"
    r"millions?|half|double|twice|"
    r"ni|nunca|jam[áa]s|tampoco|ning[úu]n\w*|nada|sin|salvo|excepto|s[óo]lo|tod[oa]s?|cada|amb[oa]s|"
    r"debe\w*|puede\w*|menos|m[áa]s|menor\w*|mayor\w*|m[íi]nim\w*|m[áa]xim\w*|superior|inferior|"
    r"un[oa]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|docena|cien\w*|mil|mill[óo]n\w*|"
    r"medi[oa]|doble)\b|\w+n['’]t\b|\b(?-i:[A-Z][A-Z0-9]+)\b",
    re.I,
)
_WORD = re.compile(r"[^\W\d_\u3400-\u9fff]+|.", re.S)
_HAN = re.compile(r"[\u3400-\u9fff]")


def is_small(approved: Content, present: Content, sent: Content) -> bool:
    """Return whether a text goes before readers at once.

    `approved`: what a curator has read; many small changes of it do not add up to a large one.
    `present`: what readers see. Only titles, summaries and descriptions may change, by slips, and
    the deadline, if it is later.
    """
    fields = changed(present, sent)
    if not fields or not set(fields) <= {*TEXTS, "deadline"}:
        return False
    if "deadline" in fields and not _is_later(present, sent):
        return False
    return all(
        is_slip(getattr(approved, name), getattr(sent, name), approved.language)
        for name in changed(approved, sent)
        if name in TEXTS
    )


def why_it_stands(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    present: Content,
    *,
    standing: str,
    corrected_at: datetime,
    approved_at: datetime | None,
    today: date,
    is_taken_back: bool,
) -> Refusal | None:
    """Return why a correction cannot be taken back, or None where it can.

    `before`, `after`: the fields that it changed. `approved_at`: when a curator read a text last.
    """
    if is_taken_back:
        return Refusal.CORRECTION_TAKEN_BACK
    if standing != ListingStatus.PUBLISHED:
        return Refusal.LISTING_MOVE_CLOSED
    if approved_at is not None and approved_at >= corrected_at:
        return Refusal.CORRECTION_APPROVED
    says = snapshot(present)
    if any(says.get(name) != said for name, said in after.items()):
        return Refusal.CORRECTION_OVERTAKEN
    if not changed(present, without_correction(before, present, today)):
        return Refusal.EARLIER_DEADLINE_PASSED
    return None


def without_correction(before: Mapping[str, Any], present: Content, today: date) -> Content:
    """Return the text as it was before a correction; a deadline that has passed does not return."""
    said = {one.field: one.after for one in changes({}, before)}
    if "deadline" in said and has_passed(said["deadline"], today):
        del said["deadline"]
    return replace(present, **said)


def is_slip(before: str, after: str, language: str) -> bool:
    """Return whether two texts differ by a slip of the pen alone, and name the same things."""
    if not before.strip() or not after.strip():
        return False
    if _FIGURE.findall(before) != _FIGURE.findall(after) or _turns(before) != _turns(after):
        return False
    return _is_little(before, after) and _named(before, language) <= _named(after, language)


def _is_little(before: str, after: str) -> bool:
    """Return whether only a few letters differ, and in each word very few."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if abs(len(old) - len(new)) > MOST_LETTERS or len(old) + len(new) > MOST_WORDS:
        return False
    letters = 0
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        gone, come = "".join(old[i:j]), "".join(new[k:m])
        differ = _letters(gone, come)
        if not _HAN.search(gone + come) and differ > _allowed(gone):
            return False
        letters += differ
    return letters <= MOST_LETTERS


def _is_later(present: Content, sent: Content) -> bool:
    old, new = present.deadline, sent.deadline
    return old is not None and new is not None and new > old


def _turns(text: str) -> list[str]:
    return [found.lower() for found in _TURNS.findall(text)]


def _named(text: str, language: str) -> set[str]:
    """The concepts that a text names. Without one of them it says something else."""
    _, _, found = engine.read(text, language, engine.default_glossary())
    return {code for mention in found for code in mention.concepts}


def _allowed(word: str) -> int:
    return OF_A_SHORT_WORD if len(word.strip()) <= SHORT else OF_A_WORD


def _letters(gone: str, come: str) -> int:
    """By how many letters two pieces differ; letters that changed places count for one."""
    if sorted(gone) == sorted(come):
        return max(map(_weight, gone), default=0)
    if max(len(gone), len(come)) > LONGEST_PIECE:
        return MOST_LETTERS + 1
    row = [0]
    for other in come:
        row.append(row[-1] + _weight(other))
    for letter in gone:
        above, row = row, [row[0] + _weight(letter)]
        for place, other in enumerate(come):
            swapped = 0 if letter == other else max(_weight(letter), _weight(other))
            row.append(
                min(
                    above[place] + swapped,
                    above[place + 1] + _weight(letter),
                    row[place] + _weight(other),
                )
            )
    return row[-1]


def _weight(letter: str) -> int:
    return 2 if _HAN.match(letter) else 1

"""Reading a text takes time in proportion to its length, whatever stands in it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from matchmaker.engine import default_glossary, detect_language, disclaimed, fold, unwanted
from matchmaker.engine.lexicon.terms import read
from matchmaker.engine.text.quantities import amounts
from matchmaker.engine.text.tokens import tokenise

SHORT, LONGER = 5_000, 4
TRIES = 20  # what is slow by nature is slow each time, a busy machine is not
READERS: dict[str, Callable[[str, str], object]] = {
    "fold": lambda text, language: fold(text),
    "language": lambda text, language: detect_language(text),
    "tokens": lambda text, language: tokenise(fold(text), language),
    "concepts": lambda text, language: read.__wrapped__(text, language, default_glossary()),
    "quantities": lambda text, language: amounts(fold(text), language),
    "disclaimed": lambda text, language: disclaimed(fold(text), language),
    "unwanted": lambda text, language: unwanted(fold(text), language),
}
PIECES = ("a", "锂", "(", "()", "1", "1.", "a锂", "锂 ", "一百")
PIECES += ("not for, ", "不适用，", "no apto, ")


def seconds(reader: Callable[[str, str], object], piece: str, length: int, language: str) -> float:
    text = (piece * (length // len(piece) + 1))[:length]
    start = time.process_time()
    reader(text, language)
    return time.process_time() - start


def is_slow(reader: Callable[[str, str], object], piece: str, language: str) -> bool:
    """One try. It asks for the slower of two short readings and the faster of two long ones."""
    around = [seconds(reader, piece, SHORT, language)]
    long = min(seconds(reader, piece, SHORT * LONGER, language) for _ in range(2))
    around.append(seconds(reader, piece, SHORT, language))
    return long > 2.5 * LONGER * max(around) + 0.05


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("language", ["zh", "en", "es"])
def test_four_times_the_text_takes_no_sixteen_times_the_time(name: str, language: str) -> None:
    reader = READERS[name]
    reader("warm 预热", language)
    slow = [
        piece for piece in PIECES if all(is_slow(reader, piece, language) for _ in range(TRIES))
    ]
    assert slow == []

"""Where a listing names its terms, and how it writes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from ..text.folding import fold_with_offsets
from .passages import Key, Text

Place = tuple[int, int]  # text of the listing, character of its folded form
Span = tuple[int, int, int]  # text of the listing, from and to a character of its folded form

MOST_FORMS = 4


class TermPlaces:
    """Places at which a listing names its terms.

    ``denied``: where it denies or refuses terms.
    ``worth``, ``readable``: memories of words to show and of texts to quote.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.spans: dict[Key, list[Span]] = defaultdict(list)
        self.denied: dict[Key, list[Span]] = defaultdict(list)
        self._texts = texts
        self._offsets: dict[int, list[int]] = {}
        self.worth: dict[Key, tuple[str, ...]] = {}
        self.readable: list[Text] | None = None

    def forms(
        self, key: Key, is_kept: Callable[[str], bool] = bool, most: int = MOST_FORMS
    ) -> tuple[str, ...]:
        """Return the first forms of a term as they are written, alike ones once."""
        forms: dict[str, str] = {}
        for number, start, end in self.spans.get(key, ()):
            if number not in self._offsets:
                self._offsets[number] = fold_with_offsets(self._texts[number])[1]
            offsets = self._offsets[number]
            form = self._texts[number][offsets[start] : offsets[end]].rstrip()
            if form.casefold() not in forms and is_kept(form):
                forms[form.casefold()] = form
            if len(forms) == most:
                break
        return tuple(forms.values())

    @staticmethod
    def starts(places: Mapping[Key, Sequence[Span]]) -> dict[int, list[tuple[int, Key]]]:
        """Return, for each text, where terms begin, each with its term."""
        found: dict[int, list[tuple[int, Key]]] = defaultdict(list)
        for key, spans in places.items():
            for number, start, _ in spans:
                found[number].append((start, key))
        return found

    def leads(self, key: Key) -> bool:
        """Tell whether the title names a term."""
        return any(number == 0 for number, _, _ in self.spans.get(key, ()))

    def places(self, key: Key) -> Iterator[Place]:
        """Yield where a term begins."""
        return ((number, start) for number, start, _ in self.spans.get(key, ()))

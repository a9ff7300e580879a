"""A must-have read: the amounts it sets, what they are of, and what it forbids or asks for."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterable, Sequence, Set
from typing import NamedTuple

from ..text.folding import fold
from ..text.quantities import Amount, amounts
from .clauses import Key, ReadField, Span, is_compared
from .measures import ANY, TELLING, Measure, Mention, kinds_of, mentions, table
from .qualities import asked_qualities

Rarity = Callable[[Key], float]
_PART = re.compile(
    r"[,;，；](?=\s|[^\d\s])|(?<=\D),(?=\d)|\band\b(?= (?:at|no|below|above|under|over)\b)"
    r"|\s(?=(?:nor|ni)\s)"
)
_BOUND_WORDS = re.compile(
    r"不(?:低|少|小|大|高|超|短|多|长|得)(?:于|过)?|至少|最多|以上|以下|以内|之内|达到|控制在?"
    r"|左右|大于|小于|高于|低于|超过"
    r"|(?:降低|下降|减少|提高|增加|缩短|延长|降到|降至|升到|提高到|恢复到)(?=\s*(?:$"
    r"|[不\d一二三四五六七八九十两半到至以约达了]))"
    r"|\b(?:at (?:least|most)|no (?:more|less|fewer|higher|lower|longer) than"
    r"|not (?:above|below|more than|over)|below|above|under|over|within|up to|minimum|maximum"
    r"|more than|less than|heavier than|deeper than|o más|or better|or more"
    r"|al menos|como (?:m[aá]ximo|m[ií]nimo)|no (?:superior|inferior)(?:es)?"
    r"|superior(?:es)?|inferior(?:es)?|hasta|por (?:debajo|encima)|m[aá]s de|menos de"
    r"|m[aá]xim\w+|m[ií]nim\w+)\b",
    re.IGNORECASE,
)
# Words that any must-have may have, which say nothing of its subject.
_EMPTY = re.compile(
    r"能够?|可以?|可用|具有|具备|适应|适用|使用|需要?|必须|应当?|个|每?单?(?:台|套|线|件|点|机"
    r"|组|组日|通道|位|座|炉|株|张|份|期|届|人|个|亩|头|户|吨|公里|秒|天|年|日|小时|克|批|次)"
    r"|正常|条件下?|时|后|前|期间|进行|达|有|在|内|总|综合|单程|单次|一次|平均"
    r"|对|由|的|为|和|与|及|并|首个|产品"
    r"|技术|系统|均|各|年|日|月|全|其|段|率|量|应|满足|要求|现有|改造|施工|实施|规模|处理|能力"
    r"|不要|处置|经验|带出|带教|照样|对付|运行|工作|作业|给出|出具|提供|实际|保持|正常运行"
    r"|化学|敷设|铺设|安装|架设|户均|头均"
    r"|must|should|can|able|allow\w*|use[ds]?|using|usable|work\w*|function\w*|operat\w+"
    r"|suitable|at|per"
    r"|with|in|of|the|a|an|to|for|each|every|total|product|system|shown|proven|together|mean"
    r"|annual|annually|year|day"
    r"|drop|fall|lower\w*|reduc\w*|increas\w*|level|rate|carried|covered|vol|wt|ml|supplied"
    r"|achieved|reach\w*|better|less|more|first|demonstrated|equal|range|unit|chemical|synthetic"
    r"|toxic|capacity|service|operation|cover\w*|includ\w*|run|runs|requir\w*|need\w*|experience"
    r"|obtain\w*|receiv\w*|get|gets|has|have|own|nor|neither|use|possible|application|regain\w*"
    r"|estimat\w+|takes?|treats?|handles?|handled|provid\w*|ensur\w*|available|given|proven|our"
    r"|debe\w*|puede\w*|permit\w*|funciona\w*|apto|apta|con|en|de|por|para|cada|el|la|los|las"
    r"|producto"
    r"|sistema|acreditad[oa]|descenso|reducci[oó]n|disminuci[oó]n|anual\w*|año|día|lineal|tasa"
    r"|nivel|unidad|demostrad[oa]|total|máxim\w+|mínim\w+|bajar|reducir|qu[ií]mic\w+|productos?"
    r"|exij\w*|requier\w*|necesit\w*|cubr\w*|inclu\w*|experiencia|uso|nada|ni|propi[oa]s?"
    r"|tóxic\w+|funcionamiento|capacidad|disponible|ofre\w+|proporcion\w+|garantiz\w+|nuestr[oa]s?"
    r"|realizad[oa]|lograr|alcanz\w+",
    re.IGNORECASE,
)
# An amount of a substance: said of it on one side, left out on the other.
_SOFT = re.compile(
    r"含量|浓度|content|concentration|contenido|concentraci[oó]n|residuo?s?|残留", re.IGNORECASE
)
_WITHOUT = re.compile(
    r"(?:\b(?:without|no|sin|ni|ningun[ao]?|ningún)\s(?:[\w-]+\s){0,1}|[不无免零]\S?)$",
    re.IGNORECASE,
)


class Group(NamedTuple):
    """A word of a must-have: its synonyms in all languages, its weight and its place.

    ``pieces`` are the words inside a term of several, all of which together stand for it.
    """

    keys: frozenset[Key]
    weight: float
    span: Span
    pieces: tuple[frozenset[Key], ...] = ()

    def among(self, keys: Set[Key]) -> bool:
        """Tell whether some terms have this word, or all of its pieces."""
        if not self.keys.isdisjoint(keys):
            return True
        return bool(self.pieces) and not any(piece.isdisjoint(keys) for piece in self.pieces)


class Target(NamedTuple):
    """An amount that is asked for, and what it measures."""

    amount: Amount
    measure: Measure | None


class Asked(NamedTuple):
    """A part of a must-have: its words, the amounts it sets and those under which they hold.

    ``objects`` are the words that say what the amounts are of, ``avoided`` those it does without.
    ``placed`` when it also says where.
    """

    text: str
    folded: str
    language: str
    groups: tuple[Group, ...]
    objects: tuple[Group, ...]
    head: Group | None
    avoided: tuple[Group, ...]
    targets: tuple[Target, ...]
    conditions: tuple[Amount, ...]
    qualities: tuple[tuple[str, Span], ...]
    placed: bool = False


def coverage(groups: Sequence[Group], keys: Set[Key]) -> float:
    """Return the share of the weight of words that are among some terms; 1 for no words."""
    total = sum(group.weight for group in groups)
    if not total:
        return 1.0
    return sum(group.weight for group in groups if group.among(keys)) / total


def has_rarest(groups: Sequence[Group], keys: Set[Key]) -> bool:
    """Tell whether the weightiest of some words is among some terms."""
    return not groups or max(groups, key=lambda one: one.weight).among(keys)


def read_asked(text: str, language: str, read: ReadField, rarity: Rarity) -> tuple[Asked, ...]:
    """Return the parts of a must-have: one for each amount that it sets in a clause of its own."""
    folded = fold(text)
    found = amounts(folded, language)
    masked = _masked(folded, found)
    named = mentions(folded, language)
    parts = []
    for start, end in _spans(folded, found):
        own = [one for one in found if start <= one.start < end]
        measures = [one for one in named if start <= one.start < end]
        wanted, conditions = _targets(own, measures)
        taken = [mention[1:] for mention in _of_targets(wanted, measures)]
        groups = read_groups(masked, language, read, rarity, taken)
        inside = [group for group in groups if start <= group.span[0] < end]
        words = _Words(folded[start:end].strip(" ,;，；"), folded, language)
        parts.append(_part(words, inside, taken, wanted, conditions))
    return tuple(parts)


def _masked(folded: str, found: Sequence[Amount]) -> str:
    """Return a must-have with blanks for its amounts and bounds, which would break its words."""
    spans = [
        (one.start, one.per[0] if one.per and one.per[0] > one.start else one.end) for one in found
    ]
    spans += [match.span() for match in _BOUND_WORDS.finditer(folded)]
    for start, end in spans:
        folded = folded[:start] + " " * (end - start) + folded[end:]
    return folded


def _spans(folded: str, found: Sequence[Amount]) -> list[Span]:
    """Cut a must-have where two clauses have bounded amounts, or where none has any."""
    cuts = [0, *(match.end() for match in _PART.finditer(folded)), len(folded)]
    spans = [
        (start, end)
        for start, end in itertools.pairwise(cuts)
        if folded[start:end].strip(" ,;，；")
    ]
    if not found:
        return spans or [(0, len(folded))]
    full = [any(start <= one.start < end and one.bounded for one in found) for start, end in spans]
    return spans if len(spans) > 1 and all(full) else [(0, len(folded))]


def _targets(
    found: Sequence[Amount], named: Sequence[Mention]
) -> tuple[list[tuple[Amount, Mention | None]], list[Amount]]:
    """Return the amounts that are asked for with what they measure, and the mere conditions."""
    measured = [(amount, _measured(amount, named)) for amount in found]
    wanted = [one for one in measured if one[0].bounded and (one[0].unit or one[1])]
    wanted = wanted or [
        one for one in measured if (one[1] and one[1].measure.wanted) or one[0].unit in TELLING
    ]
    wanted = wanted or [
        one
        for one in measured
        if one[0].bounded or one[0].change or (one[0].unit == "temperature" and one[0].low < 0)
    ]
    if len(wanted) > 1 and any(mention for _, mention in wanted):
        wanted = [one for one in wanted if one[1]]
    return wanted, [one for one in found if not any(one is amount for amount, _ in wanted)]


def _measured(amount: Amount, named: Sequence[Mention]) -> Mention | None:
    kinds = kinds_of(amount.unit)
    own = [
        one
        for one in named
        if one.measure.kinds & (kinds | ANY) or (amount.change and amount.unit == "ratio")
    ]
    far = {one: max(one.start - amount.end, amount.start - one.end, 0) for one in own}
    return min(own, key=lambda one: (far[one] // 3, one.start - one.end), default=None)


def _of_targets(
    wanted: Sequence[tuple[Amount, Mention | None]], named: Sequence[Mention]
) -> list[Mention]:
    """Return all mentions of the measures of targets."""
    measures = {mention.measure for _, mention in wanted if mention}
    return [one for one in named if one.measure in measures]


class _Words(NamedTuple):
    """A part of a must-have, the whole of it, and its language."""

    text: str
    folded: str
    language: str


def _part(
    words: _Words,
    groups: Sequence[Group],
    taken: Sequence[Span],
    wanted: Sequence[tuple[Amount, Mention | None]],
    conditions: Sequence[Amount],
) -> Asked:
    _, folded, language = words
    meant = [group for group in groups if not _EMPTY.fullmatch(folded[slice(*group.span)].strip())]
    objects = [
        group
        for group in meant
        if not _SOFT.fullmatch(folded[slice(*group.span)].strip())
        and not any(start <= group.span[0] and group.span[1] <= end for start, end in taken)
    ]
    every = len(objects)
    objects = [one for one in objects if not taken or not _AT.search(folded[: one.span[0]])]
    placed = len(objects) < every
    objects = _weighed(objects, folded, language)
    avoided = [one for one in objects if _WITHOUT.search(folded[: one.span[0]])]
    objects = [one for one in objects if one not in avoided]
    return Asked(
        *words,
        tuple(meant),
        tuple(objects),
        _head(objects, folded, language),
        tuple(avoided),
        tuple(_target(amount, mention) for amount, mention in wanted),
        tuple(conditions),
        () if wanted else tuple(asked_qualities(folded, language)),
        placed,
    )


# Where something is done is no part of what is done: "result at the township clinic".
_AT = re.compile(r"\bat (?:the |a )?(?:[a-z-]+ ){0,2}$", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"\b(?:in|of|on|at|from|with|through|for|per|after|de|del|en|por|para|a|tras)\b", re.IGNORECASE
)


def _weighed(objects: Sequence[Group], folded: str, language: str) -> list[Group]:
    """Halve the weight of words after a preposition: where or in what a thing is."""
    if not objects or language == "zh":
        return list(objects)
    first = objects[0].span[1]
    return [
        one._replace(weight=0.5 * one.weight)
        if _PREPOSITION.search(folded[first : one.span[0]])
        else one
        for one in objects
    ]


def _head(objects: Sequence[Group], folded: str, language: str) -> Group | None:
    """Return the noun of a must-have: the last one before the amount, the first one in Spanish."""
    if not objects:
        return None
    if language == "zh":
        return objects[-1]
    if language == "es":
        return objects[0]
    first = objects[0]
    for group in objects[1:]:
        if (
            _PREPOSITION.search(folded[first.span[1] : group.span[0]])
            or group.span[0] - first.span[1] > 2
        ):
            break
        first = group
    return first


def _target(amount: Amount, mention: Mention | None) -> Target:
    measure = mention.measure if mention else table().get(TELLING.get(amount.unit, ""))
    if measure is None and amount.unit.startswith("money") and amount.low == -math.inf:
        measure = table()["cost"]  # what is to be no more than some yuan is paid
    if measure is None and amount.unit == "temperature" and amount.low < 0 and not amount.bounded:
        measure = table()["lowest_air"]
    return Target(_as_wanted(amount, measure), measure)


def _as_wanted(amount: Amount, measure: Measure | None) -> Amount:
    """Give an amount the bound that its measure implies: frost of −35 °C is to be borne."""
    wanted = measure.wanted if measure else ""
    counts = measure is None and amount.unit.split("/", maxsplit=1)[0] in ("", "count", "people")
    if (wanted == "reach" or counts) and amount.reach:  # "up to 3,000 visitors" are to be served
        return amount._replace(low=amount.high, high=math.inf)
    if amount.bounded:
        return amount
    if wanted in ("more", "reach") or (not measure and amount.change):
        return amount._replace(high=math.inf, bounded=True)
    if wanted in ("less", "cold"):
        return amount._replace(low=-math.inf, bounded=True)
    return amount


def read_groups(
    text: str,
    language: str,
    read: ReadField,
    rarity: Rarity,
    taken: Sequence[Span] = (),
    *,
    kind: str = "need",
) -> list[Group]:
    """Return the words of a text with their synonyms; a word weighs as its most common one."""
    found: dict[Span, set[Key]] = {}
    for term, _ in read(text, language, kind):
        if is_compared(term):
            found.setdefault((term.start, term.end), set()).add((term.channel, term.term))
    for place in [one for one in found if _cuts(one, taken)]:
        del found[place]  # its words stand for themselves: "calf" of "calf mortality"
    groups = []
    for place, keys in sorted(found.items()):
        if _within_another(place, found):
            continue
        inner = [
            frozenset(found[other])
            for other in found
            if other != place
            and place[0] <= other[0]
            and other[1] <= place[1]
            and not _EMPTY.fullmatch(text[slice(*other)])
        ]
        groups.append(Group(frozenset(keys), min(map(rarity, keys)), place, tuple(inner)))
    return groups


def _cuts(place: Span, taken: Sequence[Span]) -> bool:
    """Tell whether a term has a measure inside it, or lies across its border."""
    return any(
        start < place[1] and place[0] < end and not (start <= place[0] and place[1] <= end)
        for start, end in taken
    )


def _within_another(place: Span, groups: Iterable[Span]) -> bool:
    return any(other != place and other[0] <= place[0] and place[1] <= other[1] for other in groups)

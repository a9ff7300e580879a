"""How far a cue such as "not suitable for" or 不适用 reaches in its sentence.

A cue reaches over its object, its subject or both, over a list, and back over a pronoun's clause.
Its own words name no subject, so they count only where it reaches nothing else.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from .language import HAN

ALL, AFTER, NEAR, CUE, BACK, BEFORE = "all", "after", "near", "cue", "back", "before"
Span = tuple[int, int]


@dataclass(frozen=True)
class Cue:
    """A phrase, and what it reaches over.

    Parameters
    ----------
    pattern : str
        The phrase. A group in it is what is not done, such as a service: it counts as the object.
    scope : str
        ALL (subject and object), AFTER (object), BEFORE (subject), NEAR (first noun phrase), CUE
        (the phrase), or BACK (ALL and the clause before).
    """

    pattern: str
    scope: str

    @cached_property
    def phrase(self) -> re.Pattern[str]:
        """The phrase, compiled when first asked for: most processes read no texts."""
        return re.compile(self.pattern, re.IGNORECASE)


def cue(scope: str, *phrases: str) -> Cue:
    """Return a cue for any of several phrases."""
    return Cue("|".join(phrases), scope)


# Phrases in which a negative word denies nothing; cues do not see them.
_TRAPS = {
    "zh": re.compile(
        r"不[仅但只单光论管断同少锈错久足乏可能得]{1,2}(?=不|无|没)"
        r"|不[仅但只单光论断同少锈错久乏]|不管(?![,。；;]|$)"
        r"|[并]?不(?:大于|小于|高于|低于|超过|少于|多于|晚于|早于|短于|长于|逾|外乎|必说|得不|如)"
        r"|不(?:要紧|在话下|在乎|亚于|逊于|过(?!关|滤|筛))|无(?:不|论|数|人机|人艇|线|缝|限|机|菌"
        r"|纺|烟煤|花果|形|疑|愧)"
        r"|无需(?:担心|多言|顾虑)|不用(?:说|担心|怕|愁)|不要求|(?:能|要|用|是|可|会)不(?=能|要|用"
        r"|是|可|会)"
        r"|免(?:疫(?!苗)|费|检|税|责|除|得|不了)|零(?:部件|件|售|下|距离|散|星|碳|排放|食|工|担"
        r"|投资|投诉|事故)"
        r"|不得(?:低|高|少|多|超|大|小|晚|早)|不无|不二|不[可得]或缺|不大"
    ),
    "en": re.compile(
        r"\bnot (?:only|just|merely|solely|simply|least|to mention|without|more than|less than"
        r"|above"
        r"|below|over|under|exceeding|later|until)\b|\bno (?:more|less|fewer|later|higher|lower"
        r"|longer"
        r"|greater|earlier|smaller|larger) than\b"
        r"|\b(?:do|does|did) not (?:hesitate|forget|worry|mind)\b|\bdon't (?:hesitate|worry)\b"
        r"|\bno (?:doubt|wonder|matter|problem|obstacle|exception|one|need to worry)\b"
        r"|\bnothing but\b|\bcan(?:not| not) (?:but|help|wait)\b|\bwithout (?:doubt|exception"
        r"|fail)\b"
        r"|\bwhy not\b|\bif not\b|\bor not\b|\bnever (?:better|so|before)\b",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\bno (?:s[oó]lo|solamente|[uú]nicamente|obstante|m[aá]s de|menos de|superior(?:es)? a"
        r"|inferior(?:es)? a|mayor(?:es)? (?:de|que|a)|menor(?:es)? (?:de|que|a)|hay duda"
        r"|hay problema|cabe duda|dud[ea]n?|se preocupe|olvid\w+|sin)\b"
        r"|\bsin (?:duda|embargo|falta|excepci[oó]n|compromiso|l[ií]mite)\b|\bpor qu[eé] no\b"
        r"|\b(?:si|o|que) no(?=[,.;])|\bcomo no\b",
        re.IGNORECASE,
    ),
}
_PARENTHESES = re.compile(r"\([^()]*\)")
_STOPS = re.compile(r"[,;:.!?。！？；]")
_SENTENCE_END = re.compile(r"[。！？!?；;\n]|(?<!\b[A-Z])\.(?=\s|$)|(?<=\D):(?=\D)|:$")
_COMMA = re.compile(rf"(?<=[{HAN})%℃\"”]),|,(?=[{HAN}])")
_ZH_TURN = re.compile(r"但是?|却|然而|(?<=.)而(?=不|非)|(?<=[只仅]..)不|(?<=[只仅]...)不")
_LATIN_COMMA = re.compile(r",\s")
_TURN = {
    "en": r"but|although|though|while|whereas|since|because|as|so|so that|which|where|unless|hence"
    r"|therefore|for which|who|whose|if|when",
    "es": r"pero|aunque|mientras|porque|ya que|pues|puesto que|por lo que|as[ií] que|cuy[oa]s?|que"
    r"|donde|salvo que|sino|si|cuando|de modo que",
}
_TURNS = {
    code: re.compile(rf",\s+(?:{words})\b|\s(?:{hard})\b", re.IGNORECASE)
    for (code, words), hard in zip(
        _TURN.items(),
        (
            r"but|because|since|although|though|unless|whereas|so that|so|(?:is|be|was) \w+ed that"
            r"|note that",
            r"pero|porque|ya que|puesto que|aunque|por lo que|sino|salvo que|se \w+ que",
        ),
        strict=True,
    )
}
# Words put between a subject and its verb, up to the comma that closes them.
_INSERTED = {
    "en": re.compile(
        r",\s(?:such as|like|including|for example|for instance|e\.g\.|especially|particularly"
        r"|mainly|which|whose|whether|be it|however|on the other hand)\b[^;:]*,\s$",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r",\s(?:como|tales como|incluid[oa]s?|incluso|por ejemplo|en especial|sobre todo"
        r"|principalmente|que|cuy[oa]s?|sea|ya sea|en cambio|por el contrario)\b[^;:]*,\s$",
        re.IGNORECASE,
    ),
}
_AGENT = re.compile(r"\s(?:by|por)\s(?!hand\b)", re.IGNORECASE)
_ZH_TIME = re.compile(r"(?:以|之)[后前来](?=.)|的时候")
_ZH_SPEAKER = re.compile(
    r"(?:我[们司院所方校]|咱们?|本[院司所校公中机团][司心构队]?|这[些类个块种]?)"
)
_ZH_REASON = re.compile(r"([^,。；]{2,12}?)(?:由于|因为|因其|鉴于)")
# A clause that tells what is done, or when, is no topic of the next.
_ZH_STATES = re.compile(
    r"^(?:我|咱|本|该|这|可|能|会|只|仅|主|专|已|如|若|在|由|为|虽|尽|从|经|把|将|先|一般|目前)"
    r"|[了着过得]|是|有|做|能|可|需|要|应|已|[提供供]应|负责|适用|用于|之后|以后|年"
)
_VERBISH = {
    "en": re.compile(
        r"\b(?:is|are|was|were|has|have|had|can|will|does|do|did|may|must|shall|we|it|they|this|you"
        r"|includes?|works?|runs?|needs?|uses?)\b",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(?:es|son|est[aá]n?|ha|han|fue|fueron|era|puede|pueden|se|tiene|tienen|hay|queda|quedan"
        r"|incluye|funciona|ofrece\w*)\b",
        re.IGNORECASE,
    ),
}
_JOIN = {
    "en": re.compile(r"\b(?:or|and|nor)\b", re.IGNORECASE),
    "es": re.compile(r"\b(?:o|u|y|e|ni)\b", re.IGNORECASE),
}
_EITHER = {
    "en": re.compile(r"\b(?:or|nor)\b", re.IGNORECASE),
    "es": re.compile(r"\b(?:o|u|ni)\b", re.IGNORECASE),
}
_NEAR_END = {
    "zh": re.compile(r"[,。；;:！？!?\n的即就也便可均能而]|$"),
    "en": re.compile(
        r"[;:.!?()]|\s(?:is|are|was|were|to|that|which|who|at|on|from|under|by|when|while|during"
        r"|after"
        r"|before|with|for|in|as|than|only|yet|since|throughout|and (?:the|an?|no))\b|$",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"[;:.!?()]|\s(?:es|son|que|en|por|para|con|desde|hasta|cuando|mientras|durante|tras|se|al"
        r"|como|ya|a \d+|y (?:el|la|los|las|una?))\b|$",
        re.IGNORECASE,
    ),
}
_SELF = {
    "zh": re.compile(
        r"^\W*(?:本(?!地)|该|我[们司院校]|公司|产品|系统|设备|装置|技术|平台|服务|仪器|机器|药剂"
        r"|菌剂)[^,]{0,6}$"
    ),
    "en": re.compile(
        r"^\W*(?:(?:the|this|these|our|its|a) (?:[\w-]+ ){0,2}|it |they |we |these )$",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"^\W*(?:(?:(?:el|la|los|las) (?:sistema|equipo|producto|empresa|m[aá]quina|material"
        r"|instituto|servicio"
        r"|tecnolog[ií]a|m[eé]todo|proceso|planta|programa|cepa|vacuna|variedad|resina|grupo"
        r"|centro|compuesto"
        r"|oferta|t[eé]cnica)s? |(?:est[aeo]s?|nuestr[oa]s?|su) (?:[\w-]+ ){1,2}))?$",
        re.IGNORECASE,
    ),
}
# Words that make what follows a condition, a purpose or part of a noun.
_SUBORDINATE = {
    "zh": re.compile(
        r"(?:如果?|若|假如|一旦|倘若|是否|以防|避免|防止|解决|克服|针对|传统|常规|现有|以往|以前"
        r"|过去|普通|一般|同类|市面)"
        r"[^,。；]{0,14}$"
    ),
    "en": re.compile(
        r"\b(?:if|when|unless|whenever|because|since|whether|so|until|why)(?: [\w'-]+){0,4} $"
        r"|\b(?:that|which|who|where|what)(?: (?:it|they|we|you|he|she))? $"
        r"|\bwhose(?: [\w-]+){1,2} $|\bso that [^.;]{0,60}$"
        r"|\b(?:conventional|traditional|existing|ordinary|usual|other|others|competing|earlier"
        r"|normal)"
        r"(?: [\w'-]+){0,4} $",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(?:que|si|quien|cuando|porque|alguien|donde) (?:se |les? )?$"
        r"|\b(?:si|cuando|porque)(?: [\w-]+){0,4} $"
        r"|\b(?:convencional(?:es)?|tradicional(?:es)?|habitual(?:es)?|existentes?|dem[aá]s"
        r"|otr[oa]s)"
        r"(?: [\w-]+){0,4} $",
        re.IGNORECASE,
    ),
}


class Reading:
    """A folded text in one language, cut into clauses, without phrases that only look negative."""

    def __init__(self, folded: str, language: str, guarded: bool = True) -> None:
        self.language = language
        self.guarded = guarded
        hushed = _PARENTHESES.sub(lambda m: _STOPS.sub("·", m[0]), folded)
        self.text = _TRAPS[language].sub(lambda m: "·" * len(m[0]), hushed)

    @cached_property
    def sentences(self) -> list[Span]:
        """Sentences and parts of sentences up to a semicolon or colon."""
        ends = [match.end() for match in _SENTENCE_END.finditer(self.text)]
        return _between([*ends, *_cuts(ends, len(self.text))], len(self.text))

    @cached_property
    def clauses(self) -> list[Span]:
        """Chinese clauses: up to a comma or a word such as 但; sentences in other languages."""
        if self.language != "zh":
            return self.sentences
        ends = {end for _, end in self.sentences}
        ends |= {match.end() for match in _COMMA.finditer(self.text)}
        ends |= {match.start() for match in _ZH_TURN.finditer(self.text)}
        return _between(sorted(ends), len(self.text))

    def places(self, cues: Iterable[Cue]) -> list[Span]:
        """Return what the cues reach over, in order and joined where they overlap."""
        return _joined(self._reached(cues))

    def _reached(self, cues: Iterable[Cue]) -> Iterator[Span]:
        starts = [start for start, _ in self.clauses]
        for one in cues:
            for match in one.phrase.finditer(self.text):
                index = bisect_right(starts, match.start()) - 1
                start, end = self.clauses[index]
                if self._is_asked(end) or (
                    self.guarded and self._is_subordinate(start, match.start())
                ):
                    continue
                phrase = match.start(), max(match.end(), match.start())
                act = match.start(match.lastindex) if match.lastindex else phrase[1]
                before, after = self._reach(*phrase, index, one.scope)
                reached = (before, phrase[0]), (act, after), self._topic(index, phrase, after)
                told = [span for span in reached if self._says_much(*span)]
                alone = one.scope == CUE or (self.guarded and one.scope != BEFORE)
                yield from told or ([phrase] if alone else [])

    def _says_much(self, start: int, end: int) -> bool:
        least = 1 if self.language == "zh" else 2
        return len(self.text[start:end].strip(_EDGES)) >= least

    def _is_asked(self, end: int) -> bool:
        following = self.text[max(end - 1, 0) : end + _LONGEST]
        return following[:1] in ("?", "？") or following.split("。")[0].endswith(("吗?", "呢?"))

    def _is_subordinate(self, start: int, at: int) -> bool:
        return bool(_SUBORDINATE[self.language].search(self.text[start:at]))

    def _reach(self, start: int, end: int, index: int, scope: str) -> Span:
        first, last = self.clauses[index]
        if scope == CUE:
            return start, end
        if self.text[end:last].strip() == ":" and index + 1 < len(self.clauses):
            last = self.clauses[index + 1][1]
        if scope == NEAR:
            return start, self._near_end(end, last)
        object_end = end
        if scope != BEFORE and not _AGENT.match(self.text, end):
            object_end = last if self.language == "zh" else self._object_end(end, last)
        if scope == AFTER:
            return start, object_end
        subject = self._subject_start(first, start)
        if scope == BACK:
            return self._clause_before(subject, index), object_end
        own = self.text[subject:start]
        if self.language == "zh":
            has_object = self._says_much(end, object_end)
            if not has_object:
                return (start if _ZH_SPEAKER.match(own) else subject), object_end
            if not self.guarded:  # who refuses a thing, or what for, is not refused with it
                return start, object_end
        return (start if _SELF[self.language].search(own) else subject), object_end

    def _topic(self, index: int, phrase: Span, object_end: int) -> Span:
        """Return the clause before that is what "we do not" do, as in 手术，我们不做."""
        start, end = self.clauses[index - 1] if index else (0, 0)
        own = self.text[self.clauses[index][0] : phrase[0]]
        if self.language != "zh" or not _ZH_SPEAKER.match(own):
            return 0, 0
        before = self.text[start:end]
        if not before.endswith(","):
            return 0, 0
        reason = _ZH_REASON.match(before)
        if reason:
            return start, start + reason.end(1)
        is_topic = not self._says_much(phrase[1], object_end) and not _ZH_STATES.search(before)
        return (start, end) if is_topic else (0, 0)

    def _clause_before(self, start: int, index: int) -> int:
        first = self.clauses[index][0]
        before = self.text[max(first - _LONGEST, 0) : first].rstrip()
        if self.language != "zh" and (start > first or before.endswith(".")):
            return first
        return self.clauses[max(index - 1, 0)][0]

    def _near_end(self, start: int, last: int) -> int:
        if self.language != "zh":
            last = self._object_end(start, last, _EITHER[self.language])
        near = _NEAR_END[self.language].search(self.text, start, last)
        last = near.start() if near else last
        pieces = self.text[start:last].split("、") if self.language == "zh" else []
        kept = len(pieces) and 1
        while kept < len(pieces) and len(pieces[kept]) <= _LONGEST_ZH_ITEM:
            kept += 1
        if kept > 1 and kept == len(pieces) and self.text[last : last + 1] in _VERB_AHEAD:
            kept -= 1
        return start + len("、".join(pieces[:kept])) if pieces else last

    def _object_end(self, start: int, last: int, join: re.Pattern[str] | None = None) -> int:
        turn = _TURNS[self.language].search(self.text, start, last)
        if turn:
            last = turn.start()
        commas = [match.start() for match in _LATIN_COMMA.finditer(self.text, start, last)]
        if not commas:
            return last
        end = commas[0]
        for comma, following in zip(commas, [*commas[1:], last], strict=True):
            piece = self.text[comma + 2 : following]
            if len(piece.split()) > _LONGEST_OF_LIST or _VERBISH[self.language].search(piece):
                break
            if (join or _JOIN[self.language]).search(piece):
                end = following
        return end

    def _subject_start(self, first: int, at: int) -> int:
        if self.language == "zh":
            time = list(_ZH_TIME.finditer(self.text, first, at))
            return time[-1].end() if time else first
        inserted = _INSERTED[self.language].search(self.text, first, at)
        if inserted and inserted.end() == at:
            at = inserted.start()
        turns = [match.end() for match in _TURNS[self.language].finditer(self.text, first, at)]
        first = turns[-1] if turns else first
        commas = [match.end() for match in _LATIN_COMMA.finditer(self.text, first, at)]
        if not commas:
            return first
        start = commas[-1]
        if not _JOIN[self.language].search(self.text[start:at]):
            return start
        for comma, before in zip(commas[::-1], [*commas[-2::-1], first], strict=True):
            if _VERBISH[self.language].search(self.text[before:comma]):
                return comma
            start = before
        return start


_LONGEST = 1_000  # characters of a sentence
_EDGES = " ,.;:。；!！、·了的吧过"
_LONGEST_OF_LIST = 7
_LONGEST_ZH_ITEM = 4
_VERB_AHEAD = tuple("即就也便可均能")


def _cuts(ends: Iterable[int], length: int) -> Iterator[int]:
    """Yield cuts of what goes on without an end: a cue reaches no farther in it."""
    for start, end in itertools.pairwise([0, *ends, length]):
        yield from range(start + _LONGEST, end, _LONGEST)


def _between(ends: list[int], length: int) -> list[Span]:
    cuts = sorted({0, *ends, length})
    return [(start, end) for start, end in itertools.pairwise(cuts)] or [(0, 0)]


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif end > start:
            joined.append((start, end))
    return joined

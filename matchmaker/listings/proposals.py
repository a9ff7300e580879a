"""What a text says of a listing's other fields, for the author to take or leave.

Each proposal rests on words of the text. Where they are few, nothing is proposed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from matchmaker import codelists, engine
from matchmaker.listings.rules import MAX_TASKS, Content
from matchmaker.plan import facts
from matchmaker.plan.models import KeyTask
from matchmaker.tables.sheets import CellFault
from matchmaker.tables.values import level, ways, words

MOST_SECTORS, MOST_MODES, MOST_LINES, MOST_WORDS = 3, 4, 8, 4
# The least share of all sector words, and of all evidence for tasks, that a proposal must have.
SECTOR_SHARE, TASK_SHARE = 0.3, 0.3
# A text that speaks of a field does so with two different words of it, or in its title.
LEAST_WORDS = 2
LONGEST_LINE, SHORTEST_LINE = 300, 6
_TITLE, _SUMMARY, _BODY = 3.0, 1.5, 1.0

_SENTENCE = re.compile(r"(?<=[。；;！？\n])|(?<=[.!?])\s+(?=[A-Z¿¡ÁÉÍÓÚ0-9])")
_MARK = re.compile(r"^[\s\d]{0,3}(?:[•·*–—-]|\d{1,2}[.)、）]|[（(]\d{1,2}[)）]|[①-⑳])\s*")
# How a text says what must be: in Chinese, English and Spanish.
_ASKS = re.compile(
    r"不低于|不少于|不高于|不超过|不大于|不小于|不得|必须|(?<!不)(?<!放)要求|希望|目标|指标|务必|须|应能|应当|应在|"
    r"需在|需要?达到|控制在|≥|≤|"
    r"\b(?:must|should|needs? to|has to|we (?:want|need|ask)|required?|looking for)\b|"
    r"\b(?:deben?|debería|queremos|buscamos|necesitamos|pedimos|exigimos|se requiere|ha de|han de|"
    r"tiene que)\b",
    re.I,
)
# A sentence with one of these speaks of working together, and not of what was done.
_TOGETHER = re.compile(
    r"合作|方式|可[以派提供接]|愿|提供|希望|寻求|想|拟|欢迎|转让|许可|入股|攻关|揭榜|引进|招|"
    r"\b(?:offer|cooperat\w*|collaborat\w*|partner\w*|want|seek|looking for|licen[cs]\w*|"
    r"ofrecemos|colabora\w*|buscamos|queremos|cooperaci[óo]n|licencia\w*)\b",
    re.I,
)
_MEASURE = re.compile(r"\d|[一二三四五六七八九十百]成|百分之|\b(?:half|third|mitad|tercio)\b")
_STAGE = re.compile(
    r"(?:TRL|技术(?:就绪|成熟)(?:水平|度)?(?:等级)?)\s*[为:：达]?\s*(?:到|至)?\s*第?\s*"
    r"([1-9](?:\s*[-~–—至到]\s*[1-9])?)\s*[级級]?",
    re.I,
)
_STAGE_WORD = re.compile(
    r"(?:处于|完成|通过|经过|经|已|正在)(?:了)?(小试|中试|样机|示范|量产|产业化)|(小试|中试|量产)阶段"
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_NUMBER = r"\d[\d.,]*"
_MONEY = re.compile(
    r"(?:预算|(?:拟|计划|可|愿)投入|经费|budget|presupuesto)[^。；;\n\d]{0,16}?"
    rf"[¥￥]?\s*(?P<low>{_NUMBER})\s*(?P<lowunit>万|亿)?元?\s*"
    rf"(?:[-~–—至到]\s*[¥￥]?\s*(?P<high>{_NUMBER})\s*)?(?P<unit>万|亿)?\s*(?:元|yuan|yuanes|RMB|CNY)",
    re.I,
)
_DAY = re.compile(
    r"(?P<day>20\d\d\s*[-./年]\s*\d{1,2}(?:\s*[-./月]\s*\d{1,2}\s*日?|\s*月(?:底|末)?))\s*(?:之?前|截止|为止)|"
    r"(?:截止(?:到|至|日期)?|截至|before|by|until|hasta el|antes del?)\s*[:：为]?\s*"
    r"(?P<later>20\d\d\s*[-./年]\s*\d{1,2}(?:\s*[-./月]\s*\d{1,2}\s*日?|\s*月)?)",
    re.I,
)
# A need says so: somebody is to teach its people.
_TEACHES = re.compile(
    r"培训|带徒|教会|手把手|capacita(?:r|ción)|talleres|\btrain(?:ing)?\b (?:our|your|of|for)",
    re.I,
)
# In a list of so many things, a way to cooperate is one of all that somebody offers.
MANY_THINGS = 6
TRAINING = "training"  # comes with either goal


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value for a field, as its form takes it, and the words of the text that it rests on."""

    field: str
    value: str
    words: tuple[str, ...]


def understand(
    kind: str, content: Content, tasks: Sequence[KeyTask], region: str
) -> list[Proposal]:
    """Return what the words of a draft say of fields that do not have the value yet."""
    found = [
        *_language(content),
        *_sectors(kind, content),
        *propose_tasks(content, tasks, region),
        *_modes(kind, content),
        *_requirements(kind, content),
        *_level(content),
        *_money(kind, content),
        *_deadline(content),
    ]
    found += _goal(content, found)
    return [proposal for proposal in found if not _is_said(content, proposal)]


# Fields that decide about partners beside the text.
DECIDING = ("tasks", "modes", "goal", "trl", "must_haves")


def with_proposals(content: Content, proposals: Iterable[Proposal]) -> Content:
    """The content as if its author took what the text says of the fields that decide."""
    for one in proposals:
        if one.field == "trl":
            content = replace(content, trl=int(one.value))
        elif one.field == "tasks":
            content = replace(content, tasks=(*content.tasks, int(one.value))[:MAX_TASKS])
        elif one.field in ("modes", "must_haves"):
            more: dict[str, Any] = {one.field: (*getattr(content, one.field), one.value)}
            content = replace(content, **more)
        elif one.field == "goal":
            content = replace(content, goal=one.value)
    return content


def text_of(content: Content) -> str:
    """What an author wrote in prose; the annex is no part of it."""
    return "\n".join((content.title, content.summary, content.description, content.evidence))


def propose_tasks(content: Content, tasks: Sequence[KeyTask], region: str) -> list[Proposal]:
    """Return the tasks that a draft speaks of, those of its own region first."""
    by_code = {task.code: task for task in tasks}
    known = list(facts.of_tasks(tasks).tasks.values())
    text = "\n".join((text_of(content), *content.must_haves))
    found = engine.propose_tasks(text, content.language or None, known, region=region or None)
    clear = [one for one in found if one.score >= TASK_SHARE and _are_enough(one.terms, content)]
    clear.sort(key=lambda one: by_code[one.task].region != region)
    return [
        Proposal("tasks", str(by_code[one.task].id), one.terms[:MOST_WORDS])
        for one in clear[:MAX_TASKS]
    ]


def _are_enough(terms: Iterable[str], content: Content) -> bool:
    """Whether the words say what a text is about: two of them, or one of its title."""
    telling = [term for term in terms if len(term) > 1]
    in_title = any(term.lower() in content.title.lower() for term in telling)
    return len(telling) > LEAST_WORDS or (len(telling) == LEAST_WORDS and in_title)


def _language(content: Content) -> Iterator[Proposal]:
    read_as = engine.reads(text_of(content), content.language).read_as
    if read_as and read_as != content.language:
        yield Proposal("language", read_as, (content.title[:40],))


def _sectors(kind: str, content: Content) -> list[Proposal]:
    weights: defaultdict[str, float] = defaultdict(float)
    said: defaultdict[str, dict[str, float]] = defaultdict(dict)
    glossary = engine.default_glossary()
    denied_by = engine.unwanted if kind == "need" else engine.disclaimed
    parts = ((content.title, _TITLE), (content.summary, _SUMMARY), (content.description, _BODY))
    for text, weight in parts:
        folded, _, mentions = engine.read(text, content.language, glossary)
        denied = denied_by(folded, content.language)
        for mention in engine.longest_first(mentions):
            if any(start <= mention.start < end for start, end in denied):
                continue
            word = folded[mention.start : mention.end]
            sectors = {
                concept.sector
                for code in mention.concepts
                if (concept := glossary.concepts.get(code))
                and concept.sector
                and not engine.is_everyday(concept)
            }
            for sector in sectors:
                if len(word) > 1:
                    gain = max(0.0, weight - said[sector].get(word, 0.0)) / len(sectors)
                    weights[sector] += gain
                    said[sector][word] = max(weight, said[sector].get(word, 0.0))
    whole = sum(weights.values())
    ranked = sorted(weights, key=lambda sector: (-weights[sector], sector))
    return [
        Proposal("sectors", sector, tuple(said[sector])[:MOST_WORDS])
        for sector in ranked[:MOST_SECTORS]
        if weights[sector] >= SECTOR_SHARE * whole
        and weights[sector] > _TITLE
        and len(said[sector]) >= LEAST_WORDS
    ]


@cache
def _mode_words() -> Mapping[str, Sequence[str]]:
    """Word for ways to cooperate → their codes, the longest words first."""
    known = {
        codelists.label("mode", code, language).lower()
        for code in codelists.codes("mode")
        for language in codelists.LANGUAGES
    }
    for all_of in (*words()["modes"].values(), words()["several"]):
        known |= {str(word).lower() for word in all_of}
    labels = codelists.by_label("mode")
    telling = {word: ways(word, labels) for word in known if len(word) > 2 and _is_telling(word)}
    return dict(sorted(telling.items(), key=lambda entry: (-len(entry[0]), entry[0])))


def _is_telling(word: str) -> bool:
    """Whether a word for a way to cooperate is hardly ever said of anything else."""
    return " " in word or _HAN.search(word) is not None


def _modes(kind: str, content: Content) -> list[Proposal]:
    told = [
        part
        for part in _SENTENCE.split(text_of(content))
        if _TOGETHER.search(part) and part.count("、") + 1 < MANY_THINGS
    ]
    text, found = "\n".join(told).lower(), dict[str, list[str]]()
    for word, codes in _mode_words().items():
        longer = [other for said in found.values() for other in said]
        if _stands_in(word, text) and not any(word in one for one in longer):
            for code in codes:
                found.setdefault(code, []).append(word)
    if kind == "need" and TRAINING not in found and (teaches := _TEACHES.search(text_of(content))):
        found[TRAINING] = [teaches[0]]
    known = set(codelists.codes("mode"))
    return [
        Proposal("modes", code, tuple(said[:MOST_WORDS]))
        for code, said in list(found.items())[:MOST_MODES]
        if code in known
    ]


def _stands_in(word: str, text: str) -> bool:
    if not word.isascii():
        return re.search(rf"{re.escape(word)}(?!的)", text) is not None  # 合作开发的: what was done
    return re.search(rf"\b{re.escape(word)}\b", text) is not None


def _goal(content: Content, found: Sequence[Proposal]) -> Iterator[Proposal]:
    """The goal that the ways to cooperate lead to."""
    modes = [*content.modes, *(one.value for one in found if one.field == "modes")]
    groups = {engine.group_of(code) for code in modes if code != TRAINING}
    if not groups:
        return
    said = tuple(word for one in found if one.field == "modes" for word in one.words)
    people = "talent_exchange" in groups
    goal = (
        "talent" if groups == {"talent_exchange"} else "both" if people else "technology_transfer"
    )
    yield Proposal("goal", goal, said[:MOST_WORDS])


def sentences(text: str) -> list[str]:
    """Return the sentences and lines of a text, without the bullets and numbers before them."""
    return [
        bare
        for part in _SENTENCE.split(text)
        if (bare := _MARK.sub("", part.strip()).strip().rstrip("。；;")).strip()
    ]


def requirements_in(content: Content) -> list[str]:
    """Return sentences of the problem that ask for something measurable."""
    return [
        line
        for line in sentences(content.description)
        if SHORTEST_LINE <= len(line) <= LONGEST_LINE
        and _ASKS.search(line)
        and _MEASURE.search(line)
        and not _MONEY.search(line)
    ]


def _requirements(kind: str, content: Content) -> list[Proposal]:
    if kind != "need":
        return []
    lines = dict.fromkeys(requirements_in(content))
    return [Proposal("must_haves", line, (_ASKS.findall(line)[0],)) for line in lines][:MOST_LINES]


def _level(content: Content) -> Iterator[Proposal]:
    text = text_of(content)
    found = _STAGE.search(text)
    said = found[1] if found else ""
    if not found and (found := _STAGE_WORD.search(text)):
        said = found[1] or found[2]
    if not found:
        return
    try:
        told = level(said)
    except CellFault:
        return
    yield Proposal("trl", str(told.value), (found[0],))


def _money(kind: str, content: Content) -> Iterator[Proposal]:
    found = _MONEY.search(text_of(content)) if kind == "need" else None
    if found is None:
        return
    unit = found["unit"] or found["lowunit"] or ""
    if found["high"]:
        low = f"{found['low']}{found['lowunit'] or unit}"
        yield Proposal("budget_min", low, (found[0],))
        yield Proposal("budget_max", f"{found['high']}{unit}", (found[0],))
    else:
        yield Proposal("budget_max", f"{found['low']}{unit}", (found[0],))


def _deadline(content: Content) -> Iterator[Proposal]:
    if found := _DAY.search(text_of(content)):
        yield Proposal(
            "deadline", re.sub(r"\s|底|末", "", found["day"] or found["later"]), (found[0],)
        )


def _is_said(content: Content, proposal: Proposal) -> bool:
    """Whether the field has the value, or another one that the author chose."""
    value = getattr(content, proposal.field)
    if isinstance(value, tuple):
        return proposal.value in map(str, value)
    return value not in (None, "") and proposal.field != "language"

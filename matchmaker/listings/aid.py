"""What would make a listing better, for its author and the curator who reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from matchmaker.listings.proposals import requirements_in
from matchmaker.listings.resources import TECHNOLOGY, resource
from matchmaker.listings.rules import Content, missing


class Advice(StrEnum):
    """What a text lacks or should not say."""

    SECRET = "secret"  # noqa: S105 # nosec B105 - a marking, no password
    CONTACTS = "contacts"
    CAPITALS = "capitals"
    GENERIC = "generic"
    NO_MEASURE = "no_measure"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Hint:
    """An advice on a field, and the words that it is about, where there are some."""

    field: str
    advice: Advice
    words: str = ""


_SECRET = re.compile(
    r"(?:绝密|机密|秘密)\s*[★☆]|密级\s*[:：]|(?:属于|系)?(?:国家秘密|涉密(?:文件|项目|资料))|"
    r"内部(?:资料|文件|刊物)|严禁外传|(?:TOP )?SECRET\b|RESERVADO\b"
)
_CONTACTS = re.compile(
    r"[\w.+-]+[@＠][\w-]+\.[\w.]+|(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)\(?0\d{2,3}\)?[- ]?\d{7,8}(?!\d)|"
    r"(?:微信|QQ|WeChat|WhatsApp)(?:号)?\s*[:：]?\s*[A-Za-z0-9][A-Za-z0-9_-]{4,}",
    re.I,
)
# Words that any listing might have: a title of nothing else says nothing.
_GENERIC = re.compile(
    r"关于|寻求|征集|技术|需求|合作|研发|研究|开发|创新|高效|先进|新型|解决方案|项目|平台|升级|改造|智能|"
    r"产业|企业|公司|发展|提升|成果|转化|应用|推广|及|与|和|的|等|"
    r"\b(?:new|innovative?|innovation|technology|technologies|technical|cooperation|project|platform|"
    r"solutions?|development|research|need|needs|offer|for|of|and|the|a|in|advanced|efficient|"
    r"tecnolog[íi]a|cooperaci[óo]n|proyecto|innovaci[óo]n|soluci[óo]n(?:es)?|desarrollo|de|la|el|y|"
    r"para|nuev[oa]s?)\b|[\W_]+",
    re.I,
)
_FIGURE = re.compile(r"\d|[一二三四五六七八九十百两几][个名位人年月天次项吨成倍家台]")
_LETTERS = re.compile(r"[A-Za-zÁÉÍÓÚÑáéíóúñ]")
MANY_LETTERS, MOST_CAPITALS, LEAST_TOLD = 12, 0.7, 3


def hints(kind: str, content: Content) -> list[Hint]:
    """Return what would make a listing better, what must not stay first."""
    return list(_hints(kind, content))


def _hints(kind: str, content: Content) -> Iterator[Hint]:
    everybody = (("title", content.title), ("summary", content.summary))
    read_by_members = (*everybody, ("description", content.description))
    for advice, pattern in ((Advice.SECRET, _SECRET), (Advice.CONTACTS, _CONTACTS)):
        for name, text in read_by_members:
            if found := pattern.search(text):
                yield Hint(name, advice, found[0])
    for name, text in everybody:
        letters = "".join(_LETTERS.findall(text))
        capitals = sum(letter.isupper() for letter in letters)
        if len(letters) >= MANY_LETTERS and capitals > MOST_CAPITALS * len(letters):
            yield Hint(name, Advice.CAPITALS)
    if content.title and len(_GENERIC.sub("", content.title)) < LEAST_TOLD:
        yield Hint("title", Advice.GENERIC)
    target = "must_haves" if kind == "need" else "evidence"
    told = "\n".join(content.must_haves) if kind == "need" else content.evidence
    is_technology = content.resource == TECHNOLOGY
    if is_technology and content.description and not _FIGURE.search(told):
        yield Hint(target, Advice.NO_MEASURE)
    if kind == "need":
        for line in requirements_in(content):
            if not any(line in known or known in line for known in content.must_haves):
                yield Hint("must_haves", Advice.HIDDEN, line)


# Points that each thing is worth which partners ask about; 100 in all.
WORTH: Mapping[str, int] = {
    "complete": 40,
    "figures": 20,
    "measurable": 15,
    "trl": 10,
    "deadline": 5,
    "money": 10,
}


def score(kind: str, content: Content) -> int:
    """Return how much of what partners ask about a listing says, in points of 100.

    A resource with fields of its own has these in the place of measure and readiness.
    """
    lacks = len(missing(kind, content))
    needed = len(missing(kind, Content(resource=content.resource)))
    told = "\n".join(content.must_haves) if kind == "need" else content.evidence
    parts: dict[str, float] = {
        "complete": max(0.0, 1 - lacks / needed),
        "figures": min(1.0, len(_FIGURE.findall(content.description)) / 6),
        "measurable": bool(_FIGURE.search(told)),
        "trl": content.trl is not None,
        "deadline": content.deadline is not None,
        "money": content.budget_max is not None or content.budget_min is not None
        if kind == "need"
        else bool(content.deployments),
    }
    if own := resource(content.resource).details:
        said = sum(bool(content.details.get(one.code)) for one in own) / len(own)
        parts |= {"measurable": said, "trl": said}
    return round(sum(WORTH[part] * share for part, share in parts.items()))

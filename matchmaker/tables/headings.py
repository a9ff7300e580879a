"""What a column holds, told by its heading: `headings.yaml` lists those that offices use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from matchmaker.datafiles import read_yaml
from matchmaker.engine import fold, fold_word


class Field(StrEnum):
    """What a column of a table may hold."""

    ID = "id"
    NUMBER = "number"  # a row's number in its table, which names it less surely than an id
    LANGUAGE = "language"
    TITLE = "title"
    SUMMARY = "summary"
    DESCRIPTION = "description"
    REQUIREMENTS = "requirements"
    TAGS = "tags"
    MODES = "modes"
    GOAL = "goal"
    PROVINCE = "province"
    ORG_TYPE = "org_type"
    TRL = "trl"
    TRL_HIGH = "trl_high"  # the upper end of a range, where it has a column of its own
    TASKS = "tasks"
    ORGANISATION = "organisation"
    CODE = "uscc"  # unified social credit code
    CITY = "city"
    CONTACT = "contact"
    PHONE = "phone"
    EMAIL = "email"
    WISHES = "nice_to_haves"
    BUDGET = "budget"  # one amount or a range
    BUDGET_MIN = "budget_min"
    BUDGET_MAX = "budget_max"
    FUND_SOURCE = "fund_source"
    DEADLINE = "deadline"
    EVIDENCE = "evidence"
    REFERENCES = "references"  # numbers of patents, papers and standards
    DEPLOYMENTS = "deployments"
    IP_STATUS = "ip_status"
    LICENCES = "licences"
    TALENT_KIND = "talent_kind"
    TALENT_NUMBER = "talent_number"
    TALENT_MONTHS = "talent_months"
    SEATS = "seats"
    RESOURCE = "resource"  # what is asked for or offered
    # Of one resource each.
    DISCIPLINE = "details.discipline"
    LEVEL = "details.level"
    PRESENCE = "details.presence"
    WORKING_LANGUAGES = "details.working_languages"
    INDUSTRIES = "details.industries"
    LAND = "details.land"
    PARK_SERVICES = "details.park_services"
    PARK_TERMS = "details.park_terms"
    INSTRUMENT_TYPE = "details.instrument_type"
    SPECIFICATION = "details.specification"
    SITE = "details.site"
    HOURS = "details.hours"
    USE_TERMS = "details.use_terms"
    SPECIES = "details.species"
    ACCESSIONS = "details.accessions"
    ACCESS_TERMS = "details.access_terms"
    SERVICE_ITEMS = "details.service_items"
    STANDARD = "details.standard"
    TURNAROUND = "details.turnaround"
    PRICE = "details.price"


_LONGEST = 40  # characters; a longer cell is no heading, but for those of the list
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_REMARK = re.compile(r"[(（\[【〔].*?[)）\]】〕]", re.DOTALL)
_MARKS = re.compile(r"[*＊※★☆●◆▲]")
_NUMBERED = re.compile(r"^(?:\d{1,2}[.、)](?!\d)|[一二三四五六七八九十]{1,2}、)")
_HAN = re.compile(r"[\u3400-\u9fff]")


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = read_yaml(Path(__file__).with_name("headings.yaml"))
    return data


@cache
def _exact() -> dict[str, Field]:
    return {
        plain(str(heading)): Field(field)
        for field, headings in _data()["exact"].items()
        for heading in headings
    }


@cache
def _patterns() -> list[tuple[str, Field | None]]:
    told = [
        (pattern, Field(field))
        for field, patterns in _data()["patterns"].items()
        for pattern in patterns
    ]
    first, last = ([(one, None) for one in _data()[name]] for name in ("unused", "last"))
    return [*first, *told, *last]


@lru_cache(10_000)
def plain(text: str) -> str:
    """Return a heading or a word in the one form in which they are compared."""
    folded = fold_word(fold(unicodedata.normalize("NFKC", _UNSEEN.sub("", text))))
    bare = _MARKS.sub("", _REMARK.sub("", folded)).strip()
    bare = _NUMBERED.sub("", bare or folded.strip(" ()[]")).strip(" .:;,。：\n\t\r")
    return re.sub(r"\s+", "" if _HAN.search(bare) else " ", bare)


@lru_cache(10_000)
def recognised(above: str, heading: str) -> Field | None:
    """Return what a column holds by its heading and the one above that it stands under, if any."""
    under, alone = plain(above + heading) if above else "", plain(heading)
    for form in (under, alone) if above and heading else (alone or under,):
        found, field = _looked_up(form)
        if found:
            return field
    return None


def is_unused(heading: str) -> bool:
    """Tell whether a heading is known, and no field is for what stands under it."""
    return _looked_up(plain(heading)) == (True, None)


def _looked_up(heading: str) -> tuple[bool, Field | None]:
    if heading in _exact():
        return True, _exact()[heading]
    if not heading or len(heading) > _LONGEST:
        return False, None
    for pattern, field in _patterns():
        if fnmatchcase(heading, pattern):
            return True, field
    return False, None


def kind_told(texts: Iterable[str]) -> str | None:
    """Return the kind of listing that a sheet's name and headings speak of; None if of both."""
    text = " ".join(plain(text) for text in texts)
    told = [kind for kind, words in _data()["kinds"].items() if any(word in text for word in words)]
    return told[0] if len(told) == 1 else None

"""Roles that one click enters, and the staff of the demonstration. All are fictional."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from matchmaker.permissions import MemberRole


@dataclass(frozen=True, slots=True)
class Person:
    email: str
    name: str
    language: str
    role: str
    provinces: tuple[str, ...] = ()
    office: str = ""
    phone: str = ""


STAFF = (
    Person(
        "curator.west@demo.example.org",
        "马海青",
        "zh",
        "provincial_curator",
        ("63", "54", "62"),
        "青海省科学技术厅（演示）",
        "0971-5550101",
    ),
    Person(
        "curator.northwest@demo.example.org",
        "阿依努尔",
        "zh",
        "provincial_curator",
        ("65", "64", "15"),
        "新疆维吾尔自治区科学技术厅（演示）",
        "0991-5550102",
    ),
    Person(
        "curator.southwest@demo.example.org",
        "杨桂兰",
        "zh",
        "provincial_curator",
        ("53", "52"),
        "云南省科学技术厅（演示）",
        "0871-5550103",
    ),
    Person(
        "curator.east@demo.example.org",
        "林书航",
        "zh",
        "provincial_curator",
        ("12", "37", "31", "32", "33"),
        "东部协作办公室（演示）",
        "022-5550104",
    ),
    Person(
        "national@demo.example.org",
        "周正宏",
        "zh",
        "national_curator",
        (),
        "国家级对接办公室（演示）",
        "010-5550100",
    ),
    Person("evaluator@demo.example.org", "郑若溪", "zh", "evaluator"),
    Person("admin@demo.example.org", "系统管理员", "zh", "administrator"),
)


@dataclass(frozen=True, slots=True)
class CastMember:
    """A role on the demonstration's entry page. `organisation` is an id of the data files.

    `first`: what to look at first; roles that have it are offered on the front page too.
    """

    key: str
    email: str
    title: Any
    about: Any
    organisation: str = ""
    role: str = MemberRole.OWNER
    name: str = ""
    language: str = "zh"
    first: Any = ""


ENTRIES = (
    CastMember(
        "west",
        "jishu@shuoli-lake.example.org",
        _l("Western enterprise, account manager"),
        _l("Shuoli Lake Potash and Magnesium, Qinghai: posts needs, answers partners"),
        "qh-shuoli-lake",
        first=_l(
            "Open Suggested partners and look at the first need. Each of its partners comes with "
            "reasons."
        ),
    ),
    CastMember(
        "west-viewer",
        "viewer@shuoli-lake.example.org",
        _l("Western enterprise, viewer"),
        _l("A colleague at the same enterprise who can only read"),
        "qh-shuoli-lake",
        MemberRole.VIEWER,
        "祁小梅",
    ),
    CastMember(
        "east",
        "tech@jingu-brine.example.org",
        _l("Eastern institute, account manager"),
        _l("Jingu Institute of Brine Engineering, Tianjin: posts capabilities"),
        "qh-jingu-brine",
        first=_l("Open Matches. See who wants to talk with you, and answer."),
    ),
    CastMember(
        "east-maker",
        "sales@jiaobo-equipment.example.org",
        _l("Eastern enterprise, account manager"),
        _l("Jiaobo Equipment, Shandong: makes machines, joins consortia"),
        "qh-jiaobo-equipment",
    ),
    CastMember(
        "new",
        "zhaoshang@hewan.example.org",
        _l("A park that needs verification"),
        _l("Hewan New Materials Industrial Park, Ningxia: can draft but not publish"),
        "nx-hewan",
    ),
    CastMember(
        "curator-west",
        "curator.west@demo.example.org",
        _l("Provincial curator, west"),
        _l("Qinghai, Tibet and Gansu: verifies, reviews, proposes"),
        first=_l("Open the Desk. Verify an organisation, or decide on a suggested pair."),
    ),
    CastMember(
        "curator-east",
        "curator.east@demo.example.org",
        _l("Provincial curator, east"),
        _l("Tianjin, Shandong, Shanghai, Jiangsu and Zhejiang"),
    ),
    CastMember(
        "national",
        "national@demo.example.org",
        _l("National curator"),
        _l("Does the same for all provinces"),
    ),
    CastMember(
        "evaluator", "evaluator@demo.example.org", _l("Evaluator"), _l("Reads what members read")
    ),
    CastMember(
        "admin",
        "admin@demo.example.org",
        _l("Administrator"),
        _l("Looks after accounts, roles and the audit log"),
    ),
)

"""What a row of a table of organisations says, and why one is refused."""

from __future__ import annotations

import pytest

from matchmaker.imports.organisations import ReadOrganisation, read_all
from matchmaker.tables import reading
from tests import factories
from tests.imports.conftest import as_csv

HEADINGS = (
    "编号",
    "单位名称",
    "统一社会信用代码",
    "单位类型",
    "所在地",
    "联系人",
    "联系邮箱",
    "联系电话",
)
CODE, OTHER_CODE = factories.social_credit_code(1), factories.social_credit_code(2, "65")
GOOD = (
    *("7", "青海盐湖有限公司", CODE, "企业", "青海省西宁市城西区"),
    *("李娜", "Li.Na@Example.org", "0971-8412345"),
)


def read(*rows: tuple[str, ...]) -> list[ReadOrganisation]:
    found = reading.read("a.csv", as_csv(rows, HEADINGS), "organisation")
    numbered = [(0, row) for row in found.tables[0].rows]
    return read_all(found.tables, numbered, lambda province: province in ("63", "65"))


def changed(**values: str) -> tuple[str, ...]:
    """The good row with other cells: number of a column → cell."""
    return tuple(values.get(f"c{place}", cell) for place, cell in enumerate(GOOD))


def test_a_row_says_who_an_organisation_is() -> None:
    (one,) = read(GOOD)
    profile = one.profile
    assert profile is not None
    assert (one.key, profile.name_zh, profile.uscc) == GOOD[:3]
    assert (profile.type, profile.province, profile.city) == ("enterprise", "63", "西宁市")
    assert (profile.contact_name, profile.contact_email) == ("李娜", "li.na@example.org")
    assert profile.summary_language == "zh"


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"c1": ""}, "no_name"),
        ({"c1": "名" * 201}, "too_long"),
        ({"c2": CODE[:17]}, "code_length"),
        ({"c2": f"{CODE[:17]}{'0' if CODE[17] != '0' else '1'}"}, "code_check"),
        ({"c2": f"O{CODE[1:]}"}, "code_characters"),
        ({"c2": f"B{CODE[1:]}"}, "code_authority"),
        ({"c0": "", "c2": ""}, "no_key"),
        ({"c3": "别的"}, "type"),
        ({"c4": "某地"}, "province"),
        ({"c2": "", "c4": ""}, "no_province"),
        ({"c4": "山东"}, "province_of_others"),
        ({"c5": ""}, "no_contact"),
        ({"c6": "li.na"}, "email"),
    ],
)
def test_a_row_is_refused(cells: dict[str, str], fault: str) -> None:
    (one,) = read(changed(**cells))
    assert [problem.code for problem in one.faults] == [fault]
    assert one.profile is None


@pytest.mark.parametrize(
    ("cells", "province"),
    [({"c4": ""}, "63"), ({"c4": "", "c2": OTHER_CODE}, "65"), ({"c2": ""}, "63")],
)
def test_the_code_tells_the_province_where_the_row_does_not(
    cells: dict[str, str], province: str
) -> None:
    (one,) = read(changed(**cells))
    assert one.profile is not None
    assert one.profile.province == province


def test_a_code_of_another_province_is_remarked() -> None:
    (one,) = read(changed(c2=OTHER_CODE))
    assert [problem.code for problem in one.remarks] == ["code_of_others"]
    assert one.profile is not None


@pytest.mark.parametrize(
    ("same", "fault"),
    [(0, "key_used"), (2, "code_used"), (1, "name_used"), (6, "email_used")],
)
def test_the_second_of_two_rows_with_the_same_is_refused(same: int, fault: str) -> None:
    other = [
        "8",
        "青海牦牛有限公司",
        factories.social_credit_code(3),
        "企业",
        "青海",
        "张",
        "z@example.org",
        "",
    ]
    other[same] = GOOD[same]
    first, second = read(GOOD, tuple(other))
    assert first.profile is not None
    assert [problem.code for problem in second.faults] == [fault]

"""Numbers of patents, papers and standards: their forms, and one writing of each."""

from __future__ import annotations

import pytest

from matchmaker.listings.references import NoReference, Reference, ReferenceFault


@pytest.mark.parametrize(
    ("line", "number", "shows"),
    [
        ("ZL202010123456.2：回收率90%", "ZL202010123456.2", "回收率90%"),
        ("zl 2020 1 0123456.2", "ZL202010123456.2", ""),
        ("２０２０１０１２３４５６．２ 吸附剂", "CN202010123456.2", "吸附剂"),
        ("85100123.8 an old one", "CN85100123.8", "an old one"),
        ("cn112345678b, granted", "CN 112345678 B", "granted"),
        ("US 10,123,456 B2", "US 10123456 B2", ""),
        ("WO2020/123456 A1 - filed", "WO 2020/123456 A1", "filed"),
        ("CNA20191000123 青稞", "CNA20191000123", "青稞"),
        ("2020SR0123456", "2020SR0123456", ""),
        ("9632020Y0123 省级登记", "9632020Y0123", "省级登记"),
        ("https://doi.org/10.1016/J.Hydromet.2020.1 yield", "10.1016/j.hydromet.2020.1", "yield"),
        ("DOI: 10.1000/abc(1)2, method", "10.1000/abc(1)2", "method"),
        ("GB/T 1234—2020 水分", "GB/T 1234-2020", "水分"),
        ("ny/t393-2020", "NY/T 393-2020", ""),
        ("DB63/T 1234-2020", "DB63/T 1234-2020", ""),
        ("T/ABC 001-2020: x", "T/ABC 001-2020", "x"),
        ("ISO/IEC 17025:2017 accredited", "ISO/IEC 17025:2017", "accredited"),
    ],
)
def test_a_line_is_read_and_written_in_one_way(line: str, number: str, shows: str) -> None:
    found = Reference.read(line)
    assert (found.number, found.shows) == (number, shows)
    assert Reference.read(str(found)) == found


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ZL202010123456.7", (ReferenceFault.CHECK_DIGIT, "2")),
        ("85100123.X", (ReferenceFault.CHECK_DIGIT, "8")),
        ("CN123", (ReferenceFault.UNKNOWN, "")),
        ("A device for drying", (ReferenceFault.UNKNOWN, "")),
        ("2020", (ReferenceFault.UNKNOWN, "")),
        ("ZL202010123456.2x", (ReferenceFault.UNKNOWN, "")),
    ],
)
def test_what_names_nothing_is_said(line: str, expected: tuple[str, str]) -> None:
    with pytest.raises(NoReference) as raised:
        Reference.read(line)
    assert (raised.value.fault, raised.value.expected) == expected


def test_a_patent_is_the_same_before_and_after_its_grant() -> None:
    applied, granted = (Reference(f"{sign}202010123456.2") for sign in ("CN", "ZL"))
    assert set(applied.spellings) == set(granted.spellings)

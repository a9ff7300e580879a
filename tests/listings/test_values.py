"""Amounts and days as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from matchmaker.listings.values import budget, day, last_of_month, unit_of, yuan


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1200000", 1_200_000),
        ("1,200,000", 1_200_000),
        ("1.200.000", 1_200_000),
        ("1 200 000", 1_200_000),
        ("120万", 1_200_000),
        ("120万元", 1_200_000),
        ("1.2 亿", 120_000_000),
        ("12.5万", 125_000),
        ("¥ 1,200,000", 1_200_000),
        ("￥８０万", 800_000),
        ("500 yuan", 500),
        ("约120万", 1_200_000),
        ("120万元左右", 1_200_000),
        ("1.200.000 yuanes", 1_200_000),
        ("人民币80万元", 800_000),
        ("CNY 1,200,000", 1_200_000),
        ("1,200万", 12_000_000),
        ("0", 0),
    ],
)
def test_an_amount_is_understood(text: str, amount: int) -> None:
    assert yuan(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        "",
        "much",
        "-5",
        "1e6",
        "12.345万万",
        "1.5",
        "万",
        "1,2,3.4",
        "1,5万",
        "80-150万",
        "$100",
        "9" * 40 + "x",
    ],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        yuan(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027年12月", "2027-12-31"),
        ("2028.2", "2028-02-29"),
        ("2027-13", None),
        ("2027.12.31", None),
        ("soon", None),
    ],
)
def test_a_month_ends_on_its_last_day(text: str, day: str | None) -> None:
    assert last_of_month(text) == day


@pytest.mark.parametrize(
    ("text", "heading", "amounts"),
    [
        ("80-150万", "预算", (800_000, 1_500_000)),
        ("80万～150万元", "预算", (800_000, 1_500_000)),
        ("80万-150", "预算", (800_000, 1_500_000)),
        ("50", "预算（万元）", (500_000, 500_000)),
        ("12.5", "拟投入资金/万元", (125_000, 125_000)),
        ("80-150", "预算（万元）", (800_000, 1_500_000)),
        ("50万元", "预算（万元）", (500_000, 500_000)),
        ("1,200,000", "预算", (1_200_000, 1_200_000)),
        ("1.200.000 a 1.500.000 yuanes", "presupuesto", (1_200_000, 1_500_000)),
        ("不超过100万", "预算", (None, 1_000_000)),
        ("100万元以上", "预算", (1_000_000, None)),
        ("约120万", "预算", (1_200_000, 1_200_000)),
        ("面议", "预算（万元）", (None, None)),
        ("0", "预算", (0, 0)),
        ("50", "预算", ValueError),
        ("1,5万", "预算", ValueError),
        ("150-80万", "预算", ValueError),
        ("看情况", "预算", ValueError),
    ],
)
def test_a_budget_is_read_in_the_unit_of_its_column(
    text: str, heading: str, amounts: tuple[int | None, int | None] | type[Exception]
) -> None:
    if amounts is ValueError:
        with pytest.raises(ValueError, match=r".*"):
            budget(text, unit_of(heading))
    else:
        assert budget(text, unit_of(heading)) == amounts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-12-31", date(2027, 12, 31)),
        ("2027-12-31 00:00:00", date(2027, 12, 31)),
        ("2027/1/5", date(2027, 1, 5)),
        ("2027.12.31", date(2027, 12, 31)),
        ("20271231", date(2027, 12, 31)),
        ("2027年12月31日", date(2027, 12, 31)),
        ("2027年12月", date(2027, 12, 31)),
        ("2027年", None),
        ("2027-02-30", None),
        ("12/31/2027", None),
        ("年底", None),
    ],
)
def test_a_day_is_read_or_refused(text: str, expected: date | None) -> None:
    try:
        assert day(text) == expected
    except ValueError:
        assert expected is None

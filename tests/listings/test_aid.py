"""What would make a listing better, and how much it says."""

from __future__ import annotations

from typing import Any

import pytest

from matchmaker.listings.aid import Advice, hints, score
from matchmaker.listings.rules import Content

GOOD: dict[str, Any] = {
    "title": "盐湖提锂吸附剂掉粉",
    "summary": "一季掉粉三分之一。",
    "description": "吸附剂一季掉粉33%。",
    "must_haves": ("收率不低于90%",),
}


@pytest.mark.parametrize(
    ("changes", "advice"),
    [
        ({}, None),
        ({"summary": "联系电话 0951-2012345"}, Advice.CONTACTS),
        ({"description": "请加微信：abc_12345，一季掉粉33%"}, Advice.CONTACTS),
        ({"description": "mail a@b.cn"}, Advice.CONTACTS),
        ({"description": "编号 12345678901234，掉粉33%"}, None),
        ({"description": "微信群随问随答，掉粉33%"}, None),
        ({"summary": "机密★ 5年"}, Advice.SECRET),
        ({"description": "内部资料，严禁外传"}, Advice.SECRET),
        ({"description": "商业秘密见附件，掉粉33%"}, None),
        ({"title": "LITHIUM ADSORBENT CRUMBLES"}, Advice.CAPITALS),
        ({"title": "pH and COD in UASB reactors"}, None),
        ({"title": "关于技术合作的需求"}, Advice.GENERIC),
        ({"title": "Innovative technology solutions"}, Advice.GENERIC),
        ({"must_haves": ("环保",)}, Advice.NO_MEASURE),
        ({"description": "要求收率不低于95%。"}, Advice.HIDDEN),
        ({"description": "要求收率不低于90%。"}, None),
    ],
)
def test_a_need_is_advised(changes: dict[str, Any], advice: Advice | None) -> None:
    found = [hint.advice for hint in hints("need", Content(**{**GOOD, **changes}))]
    assert found == ([advice] if advice else [])


def test_more_that_partners_ask_about_counts_more() -> None:
    empty, some = Content(), Content(**GOOD)
    more = Content(**GOOD, trl=6, budget_max=1_000_000)
    assert 0 == score("need", empty) < score("need", some) < score("need", more) <= 100

"""Ten thousand rows, of which five hundred are bad, from the file to the drafts."""

from __future__ import annotations

import io
import resource
from collections import Counter

import openpyxl
import pytest
from sqlalchemy.orm import Session

from matchmaker.imports import service
from matchmaker.organisations.models import Organisation
from matchmaker.permissions import Actor
from matchmaker.tables import apart
from tests import factories
from tests.imports.conftest import statuses, worked

SECONDS = 60  # of this process and of that which reads the file
HEADINGS = ("需求编号", "技术需求名称", "需求描述", "技术指标", "技术领域", "所在地市", "合作方式")
HEADINGS += ("技术成熟度", "预算（万元）", "截止日期", "需求单位", "联系电话")
WORDS = ("盐湖提锂", "设施番茄水肥一体化", "青稞抗倒伏育种", "风电叶片防沙蚀涂层", "牦牛乳深加工")

BAD = ((1, None), (7, "很高"), (9, "年底前"), (8, "看情况"))  # place of a column, and its cell


def workbook(rows: int, bad_every: int) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("需求清单")
    sheet.append(HEADINGS)
    for number in range(rows):
        word = WORDS[number % len(WORDS)]
        row = [
            f"{number:05}",
            f"{word}技术攻关{number}",
            f"{word}收率低、能耗高，每年损失约{number % 900}万元，试过两家单位，效果不理想。" * 3,
            f"收率不低于{80 + number % 20}%；能耗下降{number % 40}%；连续运行{number % 900}小时",
            "新材料、盐湖资源",
            ("西宁市", "石河子市", "银川市", "日喀则市")[number % 4],
            "成果转化；中试",
            ("中试", "小试", "产业化", "6")[number % 4],
            ("50", "80-150", "面议")[number % 3],
            "2027-12-31",
            "某公司",
            "0971-5550000",
        ]
        if number % bad_every == 0:
            place, value = BAD[number // bad_every % len(BAD)]
            row[place] = value
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def seconds() -> float:
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


@pytest.mark.slow
@pytest.mark.both_databases
def test_ten_thousand_rows(session: Session, organisation: Organisation, actor: Actor) -> None:
    data = workbook(10_000, 20)
    begun = seconds()
    found = apart.read("需求.xlsx", data, "need")
    held = service.begin(
        session, actor, organisation, factories.plan(), found, kind="need", name="需求.xlsx"
    )
    session.commit()
    said = [{place: name for place, _, name, _ in held.sheets[0]["columns"] if name}]
    service.map_columns(session, actor, held, held.version, said)
    held = worked(held)
    service.run(session, actor, held, held.version)
    held = worked(held)
    assert seconds() - begun < SECONDS
    assert Counter(statuses(held)) == {"created": 9500, "refused": 500}
    service.undo(session, actor, held, held.version)
    assert Counter(statuses(worked(held))) == {"taken_back": 9500, "refused": 500}

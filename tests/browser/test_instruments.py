"""Agreements of four kinds, from the first draft to what they are for, in Chinese."""

from __future__ import annotations

import re
import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from matchmaker.db import today
from tests.browser.conftest import Site
from tests.browser.steps import begin_agreement, consent, fill, follow, in_days, press, says, tab

pytestmark = pytest.mark.browser

PAIR = "满卤状态下晶间通道探测与水下灌注封闭"  # of the first western and eastern roles
PARTIES = ("青海朔砾湖钾镁盐化有限公司", "津沽卤化工程研究院", "青岛胶渤智航装备有限公司")


def match_of(page: Page) -> str:
    page.goto("/matches")
    follow(page, PAIR)
    return urlsplit(page.url).path


def named(name: str) -> str:
    """A name that no other run of the test has used."""
    return f"{name}（{time.monotonic_ns() % 1_000_000}）"


def open_agreement(page: Page, match: str, subject: str) -> None:
    tab(page, match, "合作协议")
    follow(page, subject)


def unfold(page: Page, name: str) -> None:
    page.locator("main summary", has_text=name).first.click()


def name_and_consent(page: Page, person: str, post: str) -> None:
    """Name one of one's own people, and note that the person agreed to be named."""
    unfold(page, "填报本单位人选")
    fill(
        page,
        **{
            "person-name": person,
            "person-post": post,
            "person-starts_on": str(today()),
            "person-ends_on": str(in_days(180)),
        },
    )
    press(page, "提交人选")
    follow(page, person)
    fill(page, **{"consent-consent_on": str(today()), "consent-evidence": "本人签字同意书"})
    press(page, "登记同意")


def reach(page: Page, milestone: str, evidence: str) -> None:
    follow(page, milestone)
    fill(page, **{"done-done_on": str(today()), "done-evidence": evidence})
    press(page, "登记完成")
    says(page, evidence)


@pytest.mark.slow
def test_parks_twin_and_review_the_first_year(site: Site) -> None:
    west, east, officer = (site.enter(role, "zh") for role in ("west", "east", "curator-west"))
    match, subject, person = match_of(west), named("园区结对协议"), named("冶海峰")
    begin_agreement(west, match, "园区结对")
    fill(
        west,
        value_subject=subject,
        value_parks="察尔汗盐化工园、滨海新区精细化工园",
        value_period_from=str(today()),
        value_period_to=str(in_days(3 * 365)),
        value_exchange="互派干部两名，共享检测平台。",
        value_indicators="三年引进产业链项目六个。",
        value_output_share="60",
        value_tax_share="50",
        value_yearly_review="yes",
    )
    west.locator("[name=value_park_industries][value=salt_lake]").check()
    press(west, "发送并征求同意")
    consent(east, match, subject)
    says(east, "年度考核（评估）", "产值（经济指标）归西部一方比例", "60%")

    open_agreement(west, match, subject)
    name_and_consent(west, person, "园区副主任（挂职）")
    open_agreement(east, match, subject)
    says(east, person, "园区副主任（挂职）")
    reach(east, "年度考核（评估）", "第一年评估报告")

    tab(west, match, "合作成效")
    follow(west, "报告成效")
    people = str(2 + time.monotonic_ns() % 900)
    fill(
        west,
        measure="people_moved",
        amount=people,
        first_day=str(today()),
        last_day=str(today()),
        evidence=f"双方挂职通知，见年度评估报告。{subject}",
    )
    press(west, "提交对方确认")
    tab(east, match, "合作成效")
    entry = east.locator("main li", has_text=subject)
    with east.expect_navigation():
        entry.get_by_role("button", name="确认").click()
    officer.goto("/desk?queue=results")
    officer.locator("tr", has_text=f"{people}人").get_by_role("link").first.click()
    entry = officer.locator("main li", has_text=subject)
    with officer.expect_navigation():
        entry.get_by_role("button", name="核实该成效").click()
    says(officer, "核实，已计入统计。")


@pytest.mark.slow
def test_an_extension_worker_keeps_a_log_of_ten_days(site: Site) -> None:
    west, east = (site.enter(role, "zh") for role in ("west", "east"))
    match, subject = match_of(west), named("科技特派员驻点服务")
    begin_agreement(east, match, "科技特派员")
    fill(
        east,
        value_subject=subject,
        value_worker_form="individual",
        value_posts="2",
        value_period_from=str(today()),
        value_period_to=str(in_days(365)),
        value_served_area="格尔木市三个乡镇",
        value_days_a_year="60",
        value_duties="晒池巡检与村级技术员培训",
        value_assessment="yearly",
    )
    east.locator("[name=value_industries][value=salt_lake]").check()
    press(east, "发送并征求同意")
    consent(west, match, subject)

    open_agreement(east, match, subject)
    for number in range(1, 11):
        unfold(east, "填写服务记录")
        fill(
            east,
            **{
                "service-day": str(today()),
                "service-hours": "7.5" if number % 2 else "4",
                "service-place": f"晒池{number}号",
                "service-people": str(number),
                "service-what": f"第{number}次巡检与现场讲解",
            },
        )
        press(east, "保存记录")
    says(east, "10 条记录", "57.5 小时", "服务 55 人次")
    open_agreement(west, match, subject)
    says(west, "10 条记录", "第10次巡检与现场讲解")
    expect(west.get_by_role("button", name=re.compile("作废"))).to_have_count(0)


def test_a_consortium_of_three_stands_once_all_have_consented(site: Site) -> None:
    west, east, third = (site.enter(role, "zh") for role in ("west", "east", "east-maker"))
    match, subject = match_of(west), named("盐湖装备创新联合体")
    begin_agreement(west, match, "创新联合体（联盟）")
    fill(
        west,
        value_subject=subject,
        value_goals="三年建成一条无人采盐示范线。",
        value_lead=PARTIES[0],
        value_period_from=str(today()),
        value_period_to=str(in_days(3 * 365)),
        value_legal_form="contract",
        value_council="理事会一方一席，重大事项一致同意。",
        value_ip_rule="each",
        value_exit_rule="提前六个月书面通知。",
    )
    for place, (party, role, share) in enumerate(
        zip(PARTIES, ("牵头与示范场地", "工艺与防渗", "采盐装备"), ("40", "30", "30"), strict=True)
    ):
        row = {"name": party, "role": role, "share": share}
        fill(west, **{f"parties-{place}-{part}": words for part, words in row.items()})
    press(west, "发送并征求同意")
    says(west, "待各方同意", *PARTIES, "40%")

    open_agreement(east, match, subject)
    press(east, "同意")
    says(east, "待各方同意")
    third.goto("/home")
    follow(third, subject)
    says(third, "采盐装备")
    press(third, "同意")
    says(third, "已生效")
    answer = third.goto(match)
    assert answer is not None
    assert answer.status == 404, "the match itself is the two sides' own"
    open_agreement(west, match, subject)
    says(west, "已生效", "通过章程")


def test_a_slot_of_a_pilot_line_is_booked_once(site: Site) -> None:
    west, colleague, east = (site.enter(role, "zh") for role in ("west", "west", "east"))
    match, subject = match_of(west), named("灌浆材料中试")
    begin_agreement(west, match, "中试")
    fill(
        west,
        value_subject=subject,
        value_facility="灌浆材料中试线",
        value_material="氯氧镁浆",
        value_throughput="5",
        value_period_from=str(today()),
        value_period_to=str(in_days(180)),
        value_safety="设施方负责现场安全。",
        value_deliverables="强度与溶蚀数据",
        value_ip_rule="joint",
    )
    press(west, "发送并征求同意")
    consent(east, match, subject)

    fill(east, **{"facility-name": subject})
    press(east, "这是本单位的设施")
    fill(
        east,
        **{
            "slot-begins_at": f"{in_days(9)}T08:00",
            "slot-ends_at": f"{in_days(9)}T18:00",
            "slot-days": "2",
        },
    )
    press(east, "发布")
    says(east, "可预约")

    for page in (west, colleague):
        open_agreement(page, match, subject)
        follow(page, "预约")
        fill(page, **{"book-purpose": "首批浆料5吨"})
    press(west, "确认预约")
    says(west, "已由本协议预约", "首批浆料5吨")
    press(colleague, "确认预约")
    expect(colleague.locator("h1")).to_have_text("该事项已由他人处理")
    says(colleague, "首批浆料5吨")  # what was typed is kept
    open_agreement(east, match, subject)
    says(east, PARTIES[0])
    assert east.locator("main .tag", has_text="可预约").count() == 1

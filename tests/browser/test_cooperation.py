"""From a listing found by search to a verified result that goes on counting, in Chinese."""

from __future__ import annotations

import re
import time
from pathlib import Path

import icalendar
import pytest
from playwright.sync_api import Page, expect

from matchmaker.db import today
from tests.browser.conftest import Site
from tests.browser.steps import (
    begin_agreement,
    consent,
    fill,
    follow,
    in_days,
    press,
    says,
    stands,
    tab,
)

pytestmark = pytest.mark.browser

WEST = "青海朔砾湖钾镁盐化有限公司"
WEST_MAIL, EAST_MAIL = "jishu@shuoli-lake.example.org", "tech@jingu-brine.example.org"
TASK = "世界级盐湖产业基地"
MUST_HAVE = "漏点定位误差小于20米"
SEARCH_SECONDS = 300


def publish_need(west: Page, curator: Page, title: str) -> str:
    """Write a need, have it reviewed; the address of its page."""
    west.goto("/listings/new/need?step=whole")
    fill(
        west,
        title=title,
        summary="晒池渗漏，需要在不停产条件下定位漏点。",
        description="串联晒池底部溶洞渗漏，卤水平衡差额由6%增至19%。",
        must_haves=MUST_HAVE,
        language="zh",
        goal="technology_transfer",
    )
    west.locator("[name=sectors][value=salt_lake]").check()
    west.locator("details.group summary", has_text="成果转化").click()
    west.locator("[name=modes][value=results_transfer]").check()
    west.get_by_role("button", name="根据正文提示其他各项").click()
    west.locator("label", has_text=TASK).first.click()
    press(west, "提交审核")
    says(west, title)
    west.goto("/our/listings")
    follow(west, title)
    found = re.search(r"/listings/\d+", west.url)
    assert found is not None
    curator.goto(f"/desk{found[0]}")
    press(curator, "发布")
    return found[0]


def find_by_search(east: Page, title: str) -> None:
    """Type the title into the list of needs; the worker makes what is published findable."""
    until = time.monotonic() + SEARCH_SECONDS
    while time.monotonic() < until:
        east.goto("/listings?kind=need")
        east.locator("main").get_by_role("searchbox").fill(title)
        press(east, "搜索")
        if east.locator("h3, h2").get_by_role("link", name=title).count():
            east.locator("h3, h2").get_by_role("link", name=title).click()
            return
        time.sleep(1)
    raise AssertionError("the search did not find the listing in time")


def approach(east: Page, with_words_alone: bool) -> str:
    """Offer help with the best listing of one's own, or without any; the match's address."""
    follow(east, "我能解决")
    if with_words_alone:
        east.get_by_label("不附供需信息，仅留言").check()
    else:
        east.locator("[name=offer]").first.check()
    fill(east, message="我们做过三处同类晒池的检漏，可以先来现场看一看。")
    press(east, "提出对接")
    east.wait_for_url(re.compile(r"/matches/\d+"))
    stands(east, "单方有意向")
    says(east, WEST)
    found = re.search(r"/matches/\d+", east.url)
    assert found is not None
    return found[0]


def ask_and_agree(west: Page, east: Page, match: str) -> None:
    west.goto(match)
    says(west, "我们做过三处同类晒池的检漏")
    expect(west.locator("main")).not_to_contain_text(EAST_MAIL)
    west.get_by_label(MUST_HAVE).check()
    press(west, "询问")
    says(west, "已询问")

    east.goto(match)
    says(east, "已询问", MUST_HAVE)
    fill(east, **{"must0-verdict": "met", "must0-words": "示踪剂加电法，实测误差8米。"})
    press(east, "提交答复")
    says(east, "示踪剂加电法")

    west.goto(match)
    says(west, "示踪剂加电法，实测误差8米。")
    press(west, "确认同意")
    stands(west, "双方有意向")
    says(west, EAST_MAIL)
    east.goto(match)
    says(east, WEST_MAIL)


def write_to_one_another(west: Page, east: Page, match: str) -> None:
    for page, words in ((west, "欢迎下周来察尔汗。"), (east, "好的，我们带上示踪设备。")):
        tab(page, match, "留言")
        fill(page, text=words)
        press(page, "发送")
        says(page, words)
    tab(west, match, "留言")
    says(west, "好的，我们带上示踪设备。")
    stands(west, "已建立联系")


def meet(west: Page, east: Page, match: str, folder: Path) -> None:
    tab(east, match, "会议")
    follow(east, "提议会议")
    fill(
        east,
        topic="现场踏勘",
        time_1=f"{in_days(7)}T10:00",
        time_2=f"{in_days(8)}T15:00",
        place="察尔汗矿区",
    )
    press(east, "提交给对方")
    says(east, "待选定时间")

    tab(west, match, "会议")
    follow(west, "现场踏勘")
    west.locator("main input[type=radio]").nth(1).check()
    press(west, "接受这一时间")
    says(west, "已约定")
    with west.expect_download() as download:
        west.get_by_role("link", name="日历文件").click()
    download.value.save_as(folder / "meeting.ics")
    calendar = icalendar.Calendar.from_ical((folder / "meeting.ics").read_bytes())
    event = calendar.walk("VEVENT")[0]
    assert "现场踏勘" in event["SUMMARY"]
    assert event["LOCATION"] == "察尔汗矿区"
    assert event.decoded("DTSTART").date() == in_days(8)


def license_technology(west: Page, east: Page, match: str, number: str) -> None:
    begin_agreement(east, match, "技术许可")
    fill(
        east,
        value_subject="晒池检漏技术许可",
        value_technology="示踪电法联合检漏",
        value_rights="发明专利",
        value_licence_kind="non_exclusive",
        value_territory="青海省",
        value_period_from=str(today()),
        value_period_to=str(in_days(720)),
        value_sublicence="no",
        value_improvements="joint",
        value_deliverables="工艺包一套",
        value_price_mode="instalments",
        value_contract_value="120万",
        value_technology_value="100万",
    )
    for place, (what, amount) in enumerate(
        (("签约", "40万"), ("资料交付", "40万"), ("投用", "40万"))
    ):
        fill(
            east,
            **{
                f"payments-{place}-what": what,
                f"payments-{place}-amount": amount,
                f"payments-{place}-due": str(in_days(30 * (place + 1))),
            },
        )
    press(east, "发送并征求同意")
    says(east, "待各方同意", "40万", "投用")
    consent(west, match, "晒池检漏技术许可")
    west.goto(match)
    stands(west, "已达成协议")

    tab(east, match, "合作协议")
    follow(east, "晒池检漏技术许可")
    follow(east, "类型、材料、期限与登记号")
    fill(
        east,
        **{
            "number-number": number,
            "number-registered_on": str(today()),
            "number-contract_value": "120万",
            "number-technology_value": "100万",
        },
    )
    press(east, "录入登记号")
    says(east, number)
    east.goto(match)
    stands(east, "合同已登记")


def second_an_expert(west: Page, east: Page, match: str) -> None:
    begin_agreement(west, match, "挂职")
    fill(
        west,
        value_subject="检漏专家挂职",
        value_post="技术部副部长",
        value_posts="1",
        value_period_from=str(in_days(10)),
        value_period_to=str(in_days(370)),
        value_workload="full_time",
        value_duties="指导晒池检漏",
        value_employer="home",
    )
    press(west, "发送并征求同意")
    says(west, "待各方同意")
    consent(east, match, "检漏专家挂职")


def deliver_and_complete(west: Page, east: Page, match: str) -> None:
    west.goto(match)
    press(west, "已开始履行")
    stands(west, "履行中")
    east.goto(match)
    press(east, "履行完毕")
    stands(east, "已完成")


def report_and_verify(west: Page, east: Page, officer: Page, match: str, number: str) -> None:
    tab(west, match, "合作成效")
    follow(west, "报告成效")
    fill(
        west,
        measure="contract_value",
        amount="120万",
        first_day=str(today()),
        last_day=str(today()),
        contract_number=number,
        evidence="技术合同登记证明，可询问矿区技术部。",
    )
    press(west, "提交对方确认")
    says(west, "单方报告", "合同成交额：120万", number)

    tab(east, match, "合作成效")
    press(east, "确认")
    says(east, "对方已确认")

    officer.goto("/desk?queue=results")
    officer.locator("tr", has_text=number).get_by_role("link").first.click()
    press(officer, "核实该成效")
    says(officer, "核实，已计入统计。")


def verified_under_task(page: Page) -> int:
    """How many matches with verified results the task's page counts."""
    page.goto("/plan")
    follow(page, TASK)
    figure = page.locator("dl.counts div", has_text="已核实").locator("dd")
    return int(figure.inner_text())


def close_need(west: Page, need: str) -> None:
    west.goto(need)
    west.locator("summary", has_text="永久关闭").click()
    west.get_by_label("已通过本平台解决").check()
    press(west, "关闭供需信息")
    says(west, "已关闭")


@pytest.mark.parametrize(
    "javascript",
    [
        pytest.param(True, marks=pytest.mark.slow, id="with JavaScript"),
        pytest.param(False, id="without JavaScript"),
    ],
)
def test_from_a_search_to_a_result_that_counts(
    site: Site, javascript: bool, tmp_path: Path
) -> None:
    west, east, officer = (
        site.enter(role, "zh", java_script_enabled=javascript)
        for role in ("west", "east", "curator-west")
    )
    moment = time.monotonic_ns() % 1_000_000_000
    title, number = f"晒池检漏（{moment}）", f"2026{moment:09}"
    counted = verified_under_task(west)

    need = publish_need(west, officer, title)
    find_by_search(east, title)
    match = approach(east, with_words_alone=not javascript)
    ask_and_agree(west, east, match)
    write_to_one_another(west, east, match)
    meet(west, east, match, tmp_path)
    license_technology(west, east, match, number)
    second_an_expert(west, east, match)
    deliver_and_complete(west, east, match)
    report_and_verify(west, east, officer, match, number)
    assert verified_under_task(west) == counted + 1

    close_need(west, need)
    west.goto(match)
    stands(west, "已核实")
    says(west, "示踪剂加电法，实测误差8米。")
    assert verified_under_task(west) == counted + 1

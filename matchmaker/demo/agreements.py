"""Agreements of the demonstration, so that a match of the cast shows what may become of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from matchmaker.agreements import fulfilment, queries, service, slots
from matchmaker.agreements.fulfilment import Naming, Service
from matchmaker.agreements.models import Agreement
from matchmaker.agreements.terms import Party, Payment, Terms
from matchmaker.cooperation import queries as cooperation
from matchmaker.cooperation.models import Match
from matchmaker.cooperation.states import MatchStatus
from matchmaker.db import day_of, start_of
from matchmaker.demo.stage import Stage, owner_of
from matchmaker.organisations.models import Organisation


def tell(stage: Stage) -> None:
    """Let the first pairs that want to work together agree on something, each on its own."""
    stage.session.flush()
    ids = stage.session.scalars(
        select(Match.id).where(Match.status.in_(MatchStatus.UNDER_WAY)).order_by(Match.id).limit(3)
    ).all()
    found = [cooperation.match(stage.session, match_id) for match_id in ids]
    matches = [match for match in found if match is not None]
    if len(matches) < 3:
        return
    industry, second, third = matches
    secondment(stage, industry)
    licence(stage, industry)
    pilot_line(stage, industry)
    consortium(stage, industry, third.need.organisation)
    extension_worker(stage, second)
    twinning(stage, third)


def secondment(stage: Stage, match: Match) -> None:
    begin = day(stage, -18)
    agreement = agree(
        stage,
        match,
        "secondment",
        {
            "subject": "选派专家挂任企业技术总监",
            "post": "技术总监（挂职）",
            "posts": 1,
            "period": period(begin, 365),
            "workload": "full_time",
            "profile": "化学工程或相关专业，副高级以上职称，有五年以上现场经验。",
            "duties": "牵头编制技术改造方案；指导中试与投产；带教三名青年技术人员。",
            "place": "企业所在地生产基地",
            "employer": "home",
            "pay": "工资由派出单位发放；接收单位提供住房、往返交通和每月生活补贴。",
            "insurance": True,
            "fund_source": "paired",
            "funding": 180_000,
            "deliverables": "技术改造方案一份，发明专利申请一项，年度总结报告。",
            "assessment": "both",
        },
        days=-21,
    )
    east = owner_of(stage, match.capability)
    person = fulfilment.name_person(
        stage.session,
        east,
        agreement,
        Naming("韩志远", begin, begin + timedelta(days=364), True, post="技术总监（挂职）"),
        at=stage.days_ago(17),
    )
    fulfilment.note_consent(
        stage.session,
        east,
        agreement,
        person,
        consent_on=day(stage, -16),
        evidence="本人签字同意书，存派出单位人事处",
        at=stage.days_ago(16),
    )
    reach(stage, match, agreement)


def licence(stage: Stage, match: Match) -> None:
    agreement = agree(
        stage,
        match,
        "licence",
        {
            "subject": "吸附提取技术实施许可",
            "technology": "盐湖卤水吸附提取成套技术",
            "rights": "发明专利两项、技术秘密一项（清单见合同附件）。",
            "licence_kind": "sole",
            "territory": "青海省",
            "period": period(day(stage, -18), 5 * 365),
            "sublicence": False,
            "improvements": "maker",
            "deliverables": "工艺包、操作规程、吸附剂样品与现场技术指导。",
            "price_mode": "base_and_royalty",
            "contract_value": 3_600_000,
            "technology_value": 3_000_000,
            "royalty": 2.5,
            "secrecy_years": 5,
        },
        payments=(
            Payment("合同生效后首付款", 1_200_000, day(stage, -15)),
            Payment("技术资料交付并通过审查", 1_200_000, day(stage, -2)),
            Payment("投产验收合格", 1_200_000, day(stage, 220)),
        ),
        days=-21,
    )
    west = owner_of(stage, match.need)
    fulfilment.note_payment(
        stage.session, west, agreement, 0, day(stage, -14), at=stage.days_ago(14)
    )
    reach(stage, match, agreement)


def pilot_line(stage: Stage, match: Match) -> None:
    agreement = agree(
        stage,
        match,
        "pilot_scale",
        {
            "subject": "高镁卤水提取中试",
            "facility": "吸附提取中试线",
            "material": "高镁锂比卤水",
            "throughput": 20,
            "period": period(day(stage, -12), 240),
            "safety": "中试期间由设施方负责安全与环保，物料方提供安全技术说明书。",
            "deliverables": "连续运行 72 小时的物料平衡与能耗数据，中试报告。",
            "ip_rule": "joint",
            "price_mode": "lump_sum",
            "contract_value": 450_000,
        },
        days=-14,
    )
    east = owner_of(stage, match.capability)
    slots.choose_facility(stage.session, east, agreement, "吸附提取中试线", at=stage.began)
    begin = start_of(day(stage, 5)) + timedelta(hours=8)
    offered = slots.offer(
        stage.session, east, agreement, begin, begin + timedelta(hours=10), days=4, at=stage.began
    )
    west = owner_of(stage, match.need)
    slots.book(
        stage.session, west, agreement, offered[1], "第一批卤水 8 吨连续运行", at=stage.began
    )


def consortium(stage: Stage, match: Match, third: Organisation) -> None:
    """Sent, and consented to by two of three: the third is asked."""
    sides = (match.need.organisation, match.capability.organisation)
    roles = (("牵头单位，提供场地与原料", 40.0), ("技术研发与工艺包", 35.0), ("应用示范", 25.0))
    parties = tuple(
        Party(one.name_zh, role, share, one.id)
        for one, (role, share) in zip((*sides, third), roles, strict=True)
    )
    if third.id in (sides[0].id, sides[1].id):
        return
    values = {
        "subject": "盐湖资源高值利用创新联合体",
        "goals": "三年内形成从卤水到高端材料的成套技术，建成一条示范线。",
        "lead": sides[0].name_zh,
        "period": period(day(stage, 30), 3 * 365),
        "legal_form": "contract",
        "council": "设理事会，每方一席，每季度例会；重大事项一致同意。",
        "ip_rule": "each",
        "exit_rule": "退出须提前六个月书面通知，已投入的共有成果不退出。",
        "funding": 6_000_000,
        "fund_source": "mixed",
    }
    agreement = send(stage, match, "consortium", Terms(values, parties), days=-6)
    service.consent(
        stage.session, owner_of(stage, match.capability), agreement, number=1, at=stage.days_ago(3)
    )


VISITS = (
    ("示范基地", 6, "调查土壤与灌溉情况，确定试验地块。", 12),
    ("合作社会议室", 4, "讲解节水灌溉与施肥方案。", 35),
    ("示范基地", 7.5, "指导播种与铺设滴灌带。", 18),
    ("村委会", 3, "解答农户提问，发放技术明白纸。", 46),
    ("示范基地", 6, "苗期病虫害调查，提出防治意见。", 9),
    ("加工车间", 5, "指导原料分级与储藏。", 8),
    ("示范基地", 6.5, "水肥一体化现场观摩。", 52),
    ("合作社会议室", 4, "培训村级技术员。", 15),
    ("示范基地", 7, "测产并取样送检。", 11),
    ("县科技局", 2, "汇报阶段成果，商定下一步安排。", 6),
)


def extension_worker(stage: Stage, match: Match) -> None:
    agreement = agree(
        stage,
        match,
        "extension_worker",
        {
            "subject": "科技特派员驻点服务",
            "worker_form": "individual",
            "posts": 2,
            "period": period(day(stage, -19), 365),
            "dispatch_letter": "派出单位科技特派员选派文件",
            "served_area": "受援县三个乡镇",
            "industries": ["crops", "horticulture"],
            "days_a_year": 60,
            "duties": "新品种与节水技术示范；培训村级技术员；协助申报项目。",
            "households": 120,
            "fund_source": "provincial",
            "funding": 40_000,
            "insurance": True,
            "assessment": "yearly",
        },
        days=-21,
    )
    east = owner_of(stage, match.capability)
    for number, (place, hours, what, people) in enumerate(VISITS):
        at = stage.days_ago(18 - 1.9 * number)
        entry = Service(day_of(at), place, hours, what, people)
        fulfilment.log_service(stage.session, east, agreement, entry, at=at)
    reach(stage, match, agreement)


def twinning(stage: Stage, match: Match) -> None:
    agree(
        stage,
        match,
        "twinning",
        {
            "subject": "东西部园区结对合作",
            "parks": "双方所在高新技术产业开发区",
            "period": period(day(stage, -10), 3 * 365),
            "park_industries": ["materials", "park_operation"],
            "exchange": "互派干部各两名；共享招商线索、检测平台与培训课程。",
            "indicators": "三年引进产业链项目六个，联合培训二百人次。",
            "output_share": 60,
            "tax_share": 50,
            "patent_rule": "both",
            "yearly_review": True,
        },
        days=-12,
    )


def agree(
    stage: Stage,
    match: Match,
    code: str,
    values: dict[str, Any],
    *,
    days: int,
    payments: tuple[Payment, ...] = (),
) -> Agreement:
    """Both sides agree, `days` ago."""
    agreement = send(stage, match, code, Terms(values, payments=payments), days=days)
    other = owner_of(stage, match.capability)
    at = stage.days_ago(-days - 2)
    service.consent(stage.session, other, agreement, number=1, at=at)
    return queries.locked(stage.session, agreement.id)


def send(stage: Stage, match: Match, code: str, terms: Terms, *, days: int) -> Agreement:
    own, at = owner_of(stage, match.need), stage.days_ago(-days)
    agreement = service.begin(stage.session, own, match, code, terms, at=at)
    service.send(stage.session, own, agreement, version=agreement.version, at=at)
    return agreement


def reach(stage: Stage, match: Match, agreement: Agreement) -> None:
    """What is due by now was reached on its day."""
    west = owner_of(stage, match.need)
    due = [one for one in agreement.milestones if one.due_on < day(stage, 0)]
    for one in due:
        fulfilment.finish_milestone(
            stage.session,
            west,
            agreement,
            one,
            done_on=one.due_on,
            evidence="材料已归档",
            version=one.version,
            at=at_noon(one.due_on),
        )


def day(stage: Stage, days: int) -> date:
    return day_of(stage.days_ago(-days))


def period(begin: date, days: int) -> list[str]:
    return [begin.isoformat(), (begin + timedelta(days=days - 1)).isoformat()]


def at_noon(of: date) -> datetime:
    return start_of(of) + timedelta(hours=12)

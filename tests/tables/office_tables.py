"""Tables as offices circulate them, each built anew: ten forms, and small variants of one table.

Firms, people and telephones are invented.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import xlwt
from openpyxl.chart import BarChart, Reference

HEADINGS = [
    "编号",
    "需求名称",
    "需求描述",
    "所在省份",
    "单位名称",
    "联系人",
    "联系电话",
    "技术成熟度",
]
NEEDS = [
    ["0001", "高镁锂比盐湖卤水提锂", "吸附剂溶损大,老卤提锂收率\n低于六成", "青海",
     "青海澄湖锂业有限公司", "马有才", "0971-5550101", "6"],
    ["0002", "戈壁设施番茄水肥一体化", "滴灌施肥不匀,番茄裂果多", "新疆",
     "石河子绿洲农业有限公司", "李建疆", "0993-5550102", "7"],
    ["0003", "青稞抗倒伏新品种选育", "青稞灌浆期倒伏,减产三成", "西藏",
     "日喀则高原种业有限公司", "扎西", "0892-5550103", "5"],
    ["0004", "风电叶片防沙蚀涂层", "风沙磨损叶片前缘,涂层半年脱落", "内蒙古",
     "锡林郭勒风能有限公司", "巴特尔", "0479-5550104", "8"],
]  # fmt: skip
TITLES = [row[1] for row in NEEDS]
PROVINCES = ["63", "65", "54", "15"]
LEVELS = [6, 7, 5, 8]
CAPABILITY_HEADINGS = [
    "成果编号",
    "成果名称",
    "成果介绍",
    "所在省份",
    "完成单位",
    "联系人",
    "联系电话",
]
CAPABILITIES = [
    ["C1", "盐湖卤水提锂吸附剂", "铝系吸附剂从高镁锂比卤水提锂,收率九成", "江苏",
     "江宁化工研究院", "周明", "025-5550201"],
    ["C2", "番茄滴灌水肥一体化装备", "设施番茄滴灌施肥均匀,减少裂果", "浙江",
     "之江农业装备研究所", "陈玲", "0571-5550202"],
    ["C3", "青稞抗倒伏育种技术", "青稞矮秆抗倒伏新品种选育", "北京",
     "京西作物育种中心", "王强", "010-5550203"],
    ["C4", "风电叶片防沙蚀聚氨酯涂层", "叶片前缘防风沙磨损涂层,寿命五年", "上海",
     "申江涂料大学", "赵敏", "021-5550204"],
]  # fmt: skip
Rows = Sequence[Sequence[Any]]


def workbook(path: Path, rows: Rows, *merges: str, title: str = "Sheet1") -> Path:
    book = openpyxl.Workbook()
    book.active.title = title
    fill(book.active, rows, *merges)
    book.save(path)
    return path


def fill(sheet: Any, rows: Rows, *merges: str) -> None:
    for row in rows:
        sheet.append(list(row))
    for merge in merges:
        sheet.merge_cells(merge)


def text(path: Path, rows: Rows, encoding: str = "utf-8-sig", **how: Any) -> Path:
    out = io.StringIO()
    csv.writer(out, **how).writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def changed(column: str, cells: Sequence[Any]) -> list[list[Any]]:
    """Return the clean table with other cells in a column."""
    place = HEADINGS.index(column)
    return [[*row[:place], cell, *row[place + 1 :]] for row, cell in zip(NEEDS, cells, strict=True)]


def clean_needs(folder: Path) -> Path:
    return workbook(folder / "00-needs-clean.xlsx", [HEADINGS, *NEEDS])


def clean_capabilities(folder: Path) -> Path:
    return workbook(folder / "00-caps-clean.xlsx", [CAPABILITY_HEADINGS, *CAPABILITIES])


def title_rows_and_totals(folder: Path) -> Path:
    rows = [
        ["2026年度企业技术需求汇总表"],
        ["填报单位：省科技厅成果处", None, None, "填报日期：2026年11月"],
        ["序号", *HEADINGS[1:]],
        *([number, *row[1:]] for number, row in enumerate(NEEDS, start=1)),
        ["合计", "4项"],
        ["注：以上需求均经企业确认。"],
        ["填表人：王丽", None, "审核人：赵刚"],
    ]
    return workbook(folder / "01-title.xlsx", rows, "A1:H1", "A2:C2", "A9:H9")


def own_words(folder: Path) -> Path:
    headings = [
        "序号",
        "技术需求名称",
        "技术难题",
        "所在地市",
        "需求单位",
        "联系人",
        "联系方式",
        "技术就绪度",
    ]
    rows = [
        headings,
        *changed("所在省份", ["青海省西宁市", "新疆石河子市", "拉萨市", "内蒙古包头市"]),
    ]
    return workbook(folder / "02-words.xlsx", rows)


def gbk_text(folder: Path) -> Path:
    return text(folder / "03-gbk.csv", [HEADINGS, *NEEDS], "gbk")


def several_sheets(folder: Path) -> Path:
    book = openpyxl.Workbook()
    fill(
        book.active,
        [["填表说明"], ["一、请如实填写需求名称和需求描述。"], ["二、省份从下拉列表中选择。"]],
    )
    book.active.title = "填表说明"
    dictionary = book.create_sheet("字典")
    fill(dictionary, [["省份", "合作方式", "技术领域"], ["青海", "联合研发", "新能源"]])
    dictionary.sheet_state = "hidden"
    fill(
        book.create_sheet("行业代码表"),
        [["行业代码", "行业名称"], ["A01", "农业"], ["D44", "电力"]],
    )
    fill(book.create_sheet("需求清单"), [HEADINGS, *NEEDS])
    fill(book.create_sheet("成果清单"), [CAPABILITY_HEADINGS, *CAPABILITIES])
    book.save(folder / "04-sheets.xlsx")
    return folder / "04-sheets.xlsx"


def two_heading_rows(folder: Path) -> Path:
    rows = [
        ["编号", "需求信息", None, "单位信息", None, None, None, "技术成熟度"],
        [None, "名称", "描述", "省份", "名称", "联系人", "电话", None],
        *NEEDS,
    ]
    return workbook(folder / "05-two.xlsx", rows, "A1:A2", "B1:C1", "D1:G1", "H1:H2")


def rewritten(path: Path, part: str, change: Callable[[str], str]) -> Path:
    """Change one part of a workbook, as programs do that write it otherwise."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def wrong_dimension(dimension: str) -> Callable[[Path], Path]:
    def build(folder: Path) -> Path:
        path = workbook(folder / "06-dimension.xlsx", [HEADINGS, *NEEDS])
        return rewritten(
            path,
            "xl/worksheets/sheet1.xml",
            lambda xml: re.sub('<dimension ref="[^"]*"', f'<dimension ref="{dimension}"', xml),
        )

    return build


def starred(folder: Path) -> Path:
    headings = ["*编号", "*需求名称", "需求描述\n（500字以内）", "★所在省份", *HEADINGS[4:]]
    return workbook(folder / "06-starred.xlsx", [headings, *NEEDS])


def real_xls(path: Path) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("需求")
    for at, row in enumerate([HEADINGS, *NEEDS]):
        for column, cell in enumerate(row):
            sheet.write(at, column, cell)
    book.save(str(path))
    return path


def page(path: Path, encoding: str = "utf-8") -> Path:
    rows = "".join(
        "<tr>" + "".join(f"<td>{str(cell).replace(chr(10), '<br>')}</td>" for cell in row) + "</tr>"
        for row in [HEADINGS, *NEEDS]
    )
    head = f'<html><head><meta charset="{encoding}"><style>td{{x:y}}</style></head><body>'
    path.write_bytes(f"{head}<table>{rows}</table></body></html>".encode(encoding))
    return path


def workbook_named_csv(folder: Path) -> Path:
    return workbook(folder / "x.xlsx", [HEADINGS, *NEEDS]).rename(folder / "07-e.csv")


def formatted_numbers(folder: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([*HEADINGS, "统一社会信用代码", "截止日期", "技术指标"])
    for number, row in enumerate(NEEDS, start=1):
        sheet.append([number, *row[1:], 9.16401234567890e17, 46357, 0.95])
        sheet.cell(number + 1, 1).number_format = "0000"
        sheet.cell(number + 1, 11).number_format = "0%"
    book.save(folder / "08-a.xlsx")
    return folder / "08-a.xlsx"


def formula_ids(folder: Path) -> Path:
    rows = changed("编号", [f"=ROW()-{1}"] * 4)
    return workbook(folder / "08-b.xlsx", [HEADINGS, *rows])


def long_ids(folder: Path) -> Path:
    ids = [916401234567890000 + number for number in range(4)]
    return workbook(folder / "08-c.xlsx", [HEADINGS, *changed("编号", ids)])


def merged_downwards(folder: Path) -> Path:
    rows = [list(row) for row in NEEDS]
    for lower, upper in ((1, 0), (3, 2)):
        for column in (0, 3, 4):
            rows[lower][column] = None
            rows[upper][column] = {0: f"{upper // 2 + 1}"}.get(column, rows[upper][column])
    merges = [f"{letter}{top}:{letter}{top + 1}" for letter in "ADE" for top in (2, 4)]
    return workbook(folder / "09-merged.xlsx", [["序号", *HEADINGS[1:]], *rows], *merges)


def capabilities_in_words(folder: Path) -> Path:
    """The capabilities of table 10: stages in words, cities with their provinces, UTF-16."""
    stages = ["产业化", "中试", "小试阶段", "量产"]
    places = ["江苏省无锡市", "浙江省杭州市余杭区", "北京市海淀区", "上海市"]
    rows = [
        [*row[:3], place, *row[4:], stage]
        for row, place, stage in zip(CAPABILITIES, places, stages, strict=True)
    ]
    return text(
        folder / "10.csv", [[*CAPABILITY_HEADINGS, "技术成熟度"], *rows], "utf-16", delimiter="\t"
    )


def with_chart_sheet(folder: Path, chart: bool) -> Path:
    book = openpyxl.Workbook()
    fill(book.active, [HEADINGS, *NEEDS])
    front = book.create_chartsheet("图", 0)
    bars = BarChart()
    bars.add_data(Reference(book.worksheets[0], min_col=8, min_row=1, max_row=5))
    front.add_chart(bars)
    path = folder / "chart.xlsx"
    book.save(path)
    if not chart:
        rewritten(
            path, "xl/chartsheets/sheet1.xml", lambda xml: re.sub(r"<drawing[^>]*/>", "", xml)
        )
        with zipfile.ZipFile(path) as archive:
            parts = {
                name: archive.read(name)
                for name in archive.namelist()
                if "chartsheets/_rels" not in name
            }
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in parts.items():
                archive.writestr(name, data)
    return path


def second_sheet(folder: Path, *, hidden: bool) -> Path:
    book = openpyxl.Workbook()
    if hidden:
        fill(book.active, [["省份", "领域"], ["青海", "新能源"]])
        book.active.sheet_state = "hidden"
    fill(book.create_sheet("需求"), [HEADINGS, *NEEDS])
    book.active = 1
    book.save(folder / "second.xlsx")
    return folder / "second.xlsx"


def begins_at_b2(folder: Path) -> Path:
    rows = [[], *([None, *row] for row in [HEADINGS, *NEEDS])]
    return workbook(folder / "b2.xlsx", rows)


def raw(folder: Path, data: bytes) -> Path:
    (folder / "raw.csv").write_bytes(data)
    return folder / "raw.csv"


def _text_of_needs(delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([HEADINGS, *NEEDS])
    return out.getvalue()


def big5(folder: Path) -> Path:
    headings = "編號,需求名稱,需求描述,所在省份,單位名稱,聯絡人,聯絡電話,技術成熟度"
    lines = [
        "0001,高鎂鋰比鹽湖鹵水提鋰,吸附劑溶損大,青海,青海澄湖鋰業,馬有才,0971,6",
        "0002,戈壁設施番茄水肥一體化,滴灌施肥不勻,新疆,石河子綠洲農業,李建疆,0993,7",
        "0003,青稞抗倒伏新品種選育,減產三成,西藏,日喀則高原種業,紮西,0892,5",
        "0004,風電葉片防沙蝕塗層,塗層半年脫落,內蒙古,錫林郭勒風能,巴特爾,0479,8",
    ]
    table = [line.split(",") for line in [headings, *lines]]
    return text(folder / "big5.csv", table, "big5hkscs")


def replaced(old: str, new: str) -> Callable[[Path], Path]:
    headings = [heading.replace(old, new) for heading in HEADINGS]
    return lambda folder: workbook(folder / "heading.xlsx", [headings, *NEEDS])


def bad_byte(folder: Path) -> Path:
    data = _text_of_needs().encode("gb18030")
    return raw(folder, data.replace("裂果".encode("gb18030"), b"\xff" + "果".encode("gb18030")))


FORMS: dict[str, Callable[[Path], Path]] = {
    "00 clean": clean_needs,
    "01 title, unit and totals": title_rows_and_totals,
    "02 the office's own words": own_words,
    "03 GBK with line breaks": gbk_text,
    "04 instructions, dictionary, two lists": several_sheets,
    "05 two heading rows": two_heading_rows,
    "06a dimension A1": wrong_dimension("A1"),
    "06b starred headings": starred,
    "06c dimension short": wrong_dimension("A1:H3"),
    "07a xls": lambda folder: real_xls(folder / "07.xls"),
    "07b xls named xlsx": lambda folder: real_xls(folder / "07.xlsx"),
    "07c page named xls": lambda folder: page(folder / "07c.xls"),
    "07d page named xlsx": lambda folder: page(folder / "07d.xlsx", "gb18030"),
    "07e xlsx named csv": workbook_named_csv,
    "08a numbers by their format": formatted_numbers,
    "08b formulas never calculated": formula_ids,
    "09 merged downwards": merged_downwards,
    "10a UTF-16 with tabs": lambda folder: text(
        folder / "10.csv", [HEADINGS, *NEEDS], "utf-16", delimiter="\t"
    ),
    "10b the same as txt": lambda folder: text(
        folder / "10.txt", [HEADINGS, *NEEDS], "utf-16", delimiter="\t"
    ),
}
VARIANTS: dict[str, Callable[[Path], Path]] = {
    "blank rows": lambda folder: workbook(
        folder / "x.xlsx", [HEADINGS, [], NEEDS[0], [None, " "], *NEEDS[1:]]
    ),
    "headings twice": lambda folder: workbook(
        folder / "x.xlsx", [[*HEADINGS, "需求名称"], *([*row, row[1]] for row in NEEDS)]
    ),
    "semicolons and quotes": lambda folder: text(
        folder / "x.csv", [HEADINGS, *NEEDS], delimiter=";", quoting=csv.QUOTE_ALL
    ),
    "old Mac": lambda folder: raw(
        folder, _text_of_needs().replace("\r\n", "\r").replace("\n", " ").encode()
    ),
    "signs before ids": lambda folder: workbook(
        folder / "x.xlsx", [HEADINGS, *changed("编号", ["-1", "+1", "-2", "+2"])]
    ),
    "total": lambda folder: workbook(folder / "x.xlsx", [HEADINGS, *NEEDS, [None, "合计", "4项"]]),
    "note": lambda folder: workbook(folder / "x.xlsx", [HEADINGS, *NEEDS, ["注：均经企业确认"]]),
    "begins at B2": begins_at_b2,
    "spaced heading": replaced("需求名称", "需 求 名 称"),
    "traditional headings": replaced("需求名称", "需求名稱"),
    "unseen characters": replaced("需求名称", "\ufeff需求\u200b名称"),
    "no id column": lambda folder: workbook(
        folder / "x.xlsx", [HEADINGS[1:], *(row[1:] for row in NEEDS)]
    ),
    "first sheet hidden": lambda folder: second_sheet(folder, hidden=True),
    "first sheet empty": lambda folder: second_sheet(folder, hidden=False),
    "sep=": lambda folder: raw(folder, ("sep=;\r\n" + _text_of_needs(";")).encode("utf-8-sig")),
    "title line": lambda folder: raw(
        folder, ("2026年技术需求汇总表\r\n" + _text_of_needs()).encode("gb18030")
    ),
    "a bad byte": bad_byte,
    "Big5": big5,
    "full-width commas": lambda folder: raw(folder, _text_of_needs("，").encode()),
    "empty chart sheet in front": lambda folder: with_chart_sheet(folder, chart=False),
    "chart sheet in front": lambda folder: with_chart_sheet(folder, chart=True),
}
PLACES = {
    "全国": None,
    "宁夏回族自治区吴忠市": "64",
    "青海省海西蒙古族藏族自治州格尔木市": "63",
    "新疆（兵团）": "65",
    "宁夏银川": "64",
    "内蒙古鄂尔多斯市": "15",
    "广西、云南": "45",
    "兵团第八师石河子市": "65",
    "江苏省无锡市": "32",
    "海南藏族自治州": "63",
    "海南州": "63",
    "海南省": "46",
    "吉林市": "22",
}

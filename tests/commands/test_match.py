"""`matchmaker match`: files in, files out, and what it says when a file is wrong."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from matchmaker.commands.match import match
from matchmaker.commands.speech import Speech
from matchmaker.commands.tables import UnreadableFileError, neutralised, read_listings
from matchmaker.paths import ROOT
from tests.tables import office_tables

NEEDS = [
    {
        "id": "n1",
        "lang": "zh",
        "title": "老卤提锂总是不稳定",
        "cooperation_modes": ["joint_research"],
        "goal": "technology_transfer",
    },
    {
        "id": "n2",
        "lang": "en",
        "title": "Barley that does not lodge",
        "province": "Tibet",
        "trl": 5,
    },
]
CAPABILITIES = [
    {
        "id": "c1",
        "lang": "es",
        "title": "Adsorbente de litio para salmuera",
        "cooperation_modes": ["joint_research"],
    },
    {"id": "c2", "lang": "zh", "title": "青稞育种", "trl": 7},
    {"id": "c3", "lang": "en", "title": "Planetarium for schools"},
]


def jsonl(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8"
    )
    return path


def table(path: Path, rows: list[list[Any]], encoding: str = "utf-8-sig") -> Path:
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
    else:
        with path.open("w", encoding=encoding, newline="") as out:
            csv.writer(out).writerows(rows)
    return path


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    return str(jsonl(tmp_path / "needs.jsonl", NEEDS)), str(
        jsonl(tmp_path / "capabilities.jsonl", CAPABILITIES)
    )


def run(*words: str) -> Result:
    return CliRunner().invoke(match, words)


def test_pairs_are_written_to_standard_output(files: tuple[str, str]) -> None:
    done = run(*files, "-k", "1")
    assert done.exit_code == 0, done.output
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["need_id"], row["capability_id"], row["rank"]) for row in rows] == [
        ("n1", "c1", 1),
        ("n2", "c2", 1),
    ]
    assert sum(rows[0]["parts"].values()) == pytest.approx(rows[0]["score"])
    assert {reason["part"] for reason in rows[0]["reasons"]} >= {"text", "mode"}


def test_zero_ranks_every_pair(files: tuple[str, str]) -> None:
    assert len(run(*files, "-k", "0").stdout.splitlines()) == 6


@pytest.mark.parametrize("options", [("-k", "0"), ("-k", "2"), ("-k", "2", "--all-copies")])
def test_scores_alone_are_those_of_the_full_run(
    files: tuple[str, str], options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    full = [json.loads(line) for line in run(*files, *options).stdout.splitlines()]
    monkeypatch.setattr("matchmaker.commands.match._PAIRS", 3)  # one need at a time
    scores = [json.loads(row) for row in run(*files, *options, "--scores-only").stdout.splitlines()]
    names = ["need_id", "capability_id", "rank", "score", "band", "parts"]
    assert scores == [{name: row[name] for name in names} for row in full]
    assert list(scores[0]) == names


def test_scores_alone_as_a_table(files: tuple[str, str], tmp_path: Path) -> None:
    out = tmp_path / "scores.csv"
    full = [json.loads(line) for line in run(*files, "-k", "0").stdout.splitlines()]
    assert run(*files, "-k", "0", "--scores-only", "-o", str(out)).exit_code == 0
    rows = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines()))
    assert list(rows[0]) == ["need_id", "capability_id", "rank", "score", "band", "parts"]
    assert [(row["need_id"], row["capability_id"], row["band"]) for row in rows] == [
        (row["need_id"], row["capability_id"], row["band"]) for row in full
    ]


def test_scores_alone_make_no_workbook(files: tuple[str, str]) -> None:
    done = run(*files, "--scores-only", "-o", "out.xlsx")
    assert (done.exit_code, "--scores-only writes .jsonl or .csv" in done.output) == (2, True)


def written(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".csv":
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    header, *rows = openpyxl.load_workbook(path).active.values
    return [dict(zip(header, row, strict=True)) for row in rows]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_tables_are_written_for_people(files: tuple[str, str], tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"out{suffix}"
    assert run(*files, "-k", "1", "-o", str(out)).exit_code == 0
    first, second = written(out)
    assert (first["Capability ID"], first["Capability"], first["Fit"]) == (
        "c1",
        "Adsorbente de litio para salmuera",
        "Possible",
    )
    parts = (
        "Text fit",
        "Fit with the plan",
        "Cooperation mode and goal",
        "Readiness",
        "Region pairing",
    )
    assert sum(float(first[part]) for part in parts) == pytest.approx(
        float(first["Score"]), abs=1e-5
    )
    assert "双方均提到" in first["Reasons"]
    assert "both mention" in second["Reasons"].lower()


@pytest.mark.parametrize(
    ("language", "heading", "band", "reason"),
    [
        ("zh", "匹配程度", "可能匹配", "双方均提到"),
        ("es", "Adecuación", "Posible", "ambos textos mencionan"),
        ("en", "Fit", "Possible", "both mention"),
    ],
)
def test_a_table_is_in_the_language_asked_for(
    files: tuple[str, str], tmp_path: Path, language: str, heading: str, band: str, reason: str
) -> None:
    out = tmp_path / "out.xlsx"
    assert run(*files, "-k", "1", "--lang", language, "-o", str(out)).exit_code == 0
    first = written(out)[0]
    assert first[heading] == band
    assert any(reason in str(cell).lower() for cell in first.values())


def test_both_sides_are_named_and_ids_stay_as_they_came(tmp_path: Path) -> None:
    needs = office_tables.formatted_numbers(tmp_path)
    capabilities = office_tables.clean_capabilities(tmp_path)
    out = tmp_path / "out.xlsx"
    done = run(str(needs), str(capabilities), "-k", "1", "--lang", "zh", "-o", str(out))
    assert done.exit_code == 0, done.output
    rows = written(out)
    assert [(row["需求编号"], row["成果编号"]) for row in rows] == [
        ("0001", "C1"),
        ("0002", "C2"),
        ("0003", "C3"),
        ("0004", "C4"),
    ]
    assert (rows[0]["需求单位"], rows[0]["需求联系人"]) == (
        "青海澄湖锂业有限公司",
        "马有才 0971-5550101",
    )
    assert (rows[0]["成果单位"], rows[0]["成果联系人"]) == (
        "江宁化工研究院",
        "周明 025-5550201",
    )
    assert "已读取4行" in done.stderr
    assert "未使用的列：统一社会信用代码、截止日期" in done.stderr


def test_a_jsonl_file_is_written(files: tuple[str, str], tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert run(*files, "-o", str(out)).exit_code == 0
    assert len(out.read_text(encoding="utf-8").splitlines()) == 6


def test_a_weak_partner_is_called_one(files: tuple[str, str], tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    run(*files, "-k", "0", "-o", str(out))
    last = out.read_text(encoding="utf-8-sig").splitlines()[3]
    assert "匹配度不足，不予推荐；没有共同内容" in last


def test_an_output_of_another_kind_is_refused(files: tuple[str, str]) -> None:
    done = run(*files, "-o", "out.pdf")
    assert (done.exit_code, "use .jsonl, .csv, .xlsx" in done.output) == (2, True)


def test_an_output_that_cannot_be_written_is_told(files: tuple[str, str], tmp_path: Path) -> None:
    done = run(*files, "-o", str(tmp_path / "missing" / "out.csv"))
    assert (done.exit_code, "cannot be written: No such file" in done.output) == (1, True)


def test_rows_in_languages_that_are_not_read_are_named(tmp_path: Path) -> None:
    needs = table(
        tmp_path / "needs.csv",
        [
            ["id", "title", "lang"],
            ["n1", "བོད་ཀྱི་ནས་སོན་གསར་པ།", ""],
            ["n2", "盐湖卤水提锂", "zh"],
            ["n3", "ནས་སོན་གསར་པ།", "zh"],
            ["n4", "盐湖卤水提锂吸附剂", "en"],
        ],
    )
    capabilities = jsonl(
        tmp_path / "capabilities.jsonl",
        [
            {"id": "c1", "title": "Extração de lítio de salmouras"},
            {"id": "c2", "title": "Lithium extraction"},
        ],
    )
    done = run(str(needs), str(capabilities), "-k", "1")
    assert done.exit_code == 0
    assert done.stderr.splitlines() == [
        "needs.csv: 4 rows read, headings in row 1",
        "  Columns read: id → id, title → title, lang → language",
        "  Rows 2, 4: written in Tibetan, which cannot be read; only its other facts count.",
        "  Row 5: declared as English, but written and read as Chinese.",
        "capabilities.jsonl: 2 rows read",
        "  Columns read: id → id, title → title",
        "  Row 1: written in Portuguese, read as Spanish.",
    ]
    assert len(done.stdout.splitlines()) == 4


def test_many_such_rows_are_counted(tmp_path: Path) -> None:
    needs = jsonl(
        tmp_path / "n.jsonl", [{"id": at, "title": "Извлечение лития"} for at in range(12)]
    )
    capabilities = jsonl(tmp_path / "c.jsonl", CAPABILITIES)
    stderr = run(str(needs), str(capabilities), "--scores-only").stderr
    assert "  Rows 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more: written in" in stderr


def test_both_files_are_reported_at_once(tmp_path: Path) -> None:
    needs = jsonl(tmp_path / "needs.jsonl", [{"id": "a", "title": ""}])
    capabilities = jsonl(tmp_path / "capabilities.jsonl", [{"id": "a", "title": "x", "trl": 12}])
    done = run(str(needs), str(capabilities))
    assert done.exit_code == 2
    assert done.stderr.splitlines() == [
        f"{needs}:",
        "  Row 1: there is no title. Fill in the column “title”.",
        f"{capabilities}:",
        "  Row 1: “trl” is “12”, which is not a level of readiness. Use 1 to 9, or leave it empty.",
    ]


def test_a_bad_cell_refuses_its_row_alone(tmp_path: Path) -> None:
    needs = table(
        tmp_path / "needs.csv",
        [
            ["编号", "需求名称", "所在省份", "合作方式", "备注"],
            ["1", "盐湖提锂", "Atlantis", "", ""],
            ["2", "青稞育种", "青海", "面谈；联合研发", "急"],
        ],
    )
    capabilities = jsonl(tmp_path / "capabilities.jsonl", CAPABILITIES)
    done = run(str(needs), str(capabilities), "-k", "1")
    assert done.exit_code == 0
    assert [json.loads(line)["need_id"] for line in done.stdout.splitlines()] == ["2"]
    assert done.stderr.splitlines()[:6] == [
        "needs.csv: 1 row read, headings in row 1",
        "  Columns read: 编号 → id, 需求名称 → title, 所在省份 → province,"
        " 合作方式 → ways to cooperate",
        "  Columns not used: 备注",
        "  Row 3: “面谈” is not a known way to cooperate, and was not used.",
        "  1 row refused:",
        "    Row 2: “所在省份” is “Atlantis”, a place that is not known. Write the province.",
    ]


def test_help_needs_no_engine_and_matching_no_web_framework(files: tuple[str, str]) -> None:
    code = (
        "import sys\n"
        "from matchmaker.commands.match import match\n"
        "match(sys.argv[1:], standalone_mode=False)\n"
        "print(sorted({'flask', 'sqlalchemy', 'numpy', 'openpyxl'} & set(sys.modules)))"
    )
    loaded = [
        subprocess.run(
            [sys.executable, "-c", code, *said], cwd=ROOT, capture_output=True, text=True
        )
        for said in (["--help"], files)
    ]
    assert [one.stdout.splitlines()[-1] for one in loaded] == ["[]", "['numpy']"]


HEADERS = {
    "zh": ["编号", "语言", "标题", "领域", "合作方式", "目标", "省份", "成熟度", "重点任务"],
    "en": [
        "ID",
        "Language",
        "Title",
        "Sectors",
        "Cooperation modes",
        "Goal",
        "Province",
        "TRL",
        "Task",
    ],
    "es": [
        "Identificador",
        "Idioma",
        "Título",
        "Sectores",
        "Modalidades",
        "Objetivo",
        "Provincia",
        "Madurez",
        "Tarea",
    ],
}
NAMES = {
    "人才培训": "training",
    "training": "training",
    "formación": "training",
    "人才交流": "talent",
    "talent": "talent",
}


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize("language", ["zh", "en", "es"])
def test_headings_in_three_languages(tmp_path: Path, language: str, suffix: str) -> None:
    row = [
        7,
        language,
        "Sal",
        "sal；锂、K,Mg|B",
        "Training; odd",
        "talent",
        "青海省",
        "TRL 6",
        "QH-2",
    ]
    (listing,) = read_listings(
        table(tmp_path / f"x{suffix}", [HEADERS[language], row]), "need", NAMES
    )
    assert (listing.id, listing.kind, listing.language, listing.title) == (
        "7",
        "need",
        language,
        "Sal",
    )
    assert (listing.tags, listing.modes, listing.goal) == (
        ("sal", "锂", "K", "Mg", "B"),
        ("training",),
        "talent",
    )
    assert (listing.province, listing.trl, listing.tasks) == ("63", 6, ("QH-2",))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_encodings(tmp_path: Path, encoding: str) -> None:
    path = table(tmp_path / "x.csv", [["id", "标题"], ["1", "盐湖提锂"]], encoding)
    assert read_listings(path, "need")[0].title == "盐湖提锂"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_delimiters(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"id{delimiter}title\n1{delimiter}Salt\n\n", encoding="utf-8")
    assert [listing.title for listing in read_listings(path, "need")] == ["Salt"]


def test_missing_columns_are_no_error(tmp_path: Path) -> None:
    (listing,) = read_listings(
        jsonl(tmp_path / "x.jsonl", [{"id": 3, "title": "x", "unknown": 1}]), "capability"
    )
    assert (listing.id, listing.tags, listing.province, listing.language) == ("3", (), None, None)


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("x.jsonl", b"", "The file is empty."),
        ("x.jsonl", b"\n\n", "There are no rows under the headings."),
        ("x.jsonl", b'{"id": 1', "Row 1 is not JSON: "),
        ("x.jsonl", b"[1]", "Row 1: an object {...} is expected."),
        ("x.jsonl", b'{"id": "1", "where": "x"}', "Its headings: “id”, “where”. Call the column"),
        ("x.csv", b"id,title\n", "There are no rows under the headings."),
        ("x.csv", b"id,heading\n1,2\n", "No column of titles was recognised in the sheet “x.csv”."),
        ("x.csv", b"id,title\n1,\xff\xff\xff\xff\n", "The encoding of the text is not supported."),
        ("x.csv", b"id,title\n1,x\n2,y\n1,z\n", "Row 4: “id” is 1, as in row 2. Give each row"),
        ("x.csv", b"id,title,goal\n1,x,fame\n", "Row 2: “goal” is “fame”. Use talent,"),
        ("x.csv", b"id,title,lang\n1,x,fr\n", "Row 2: “lang” is “fr”. Use zh, en, es"),
        ("x.csv", b'id,title\n1,"' + b"x" * 60_000 + b'"\n', "has more than 50,000 characters."),
        (
            "x.csv",
            b'id,title\n1,"' + b"x" * 200_000 + b'"\n',
            "Perhaps a quotation mark is not closed.",
        ),
        ("x.xlsx", b"PK not a workbook", "This is not a workbook, or it is damaged."),
        ("x.pdf", b"%PDF", ".pdf files are not read. Save the table as .xlsx,"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(
    tmp_path: Path, name: str, content: bytes, complaint: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError) as caught:
        read_listings(path, "need")
    assert complaint in caught.value.report(Speech("en"))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read_listings(tmp_path / "none.csv", "need")
    assert "cannot be opened: No such file" in caught.value.report(Speech("en"))


def test_a_long_report_is_cut(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read_listings(jsonl(tmp_path / "x.jsonl", [{"id": 1, "title": ""}] * 30), "need")
    assert caught.value.report(Speech("en")).endswith("… and 10 more")


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("a=1", "a=1"),
        (-1.5, -1.5),
        ("", ""),
    ],
)
def test_formulas_are_neutralised(cell: object, safe: object) -> None:
    assert neutralised(cell) == safe


def test_a_title_that_is_a_formula_does_not_leave_as_one(tmp_path: Path) -> None:
    needs = jsonl(tmp_path / "n.jsonl", [{"id": "n", "title": "=HYPERLINK(1)", "lang": "en"}])
    capabilities = jsonl(tmp_path / "c.jsonl", [{"id": "c", "title": "@lithium", "lang": "en"}])
    for name in ("out.csv", "out.xlsx"):
        assert run(str(needs), str(capabilities), "-o", str(tmp_path / name)).exit_code == 0
    (row,) = written(tmp_path / "out.csv")
    assert (row["Need"], row["Capability"]) == ("'=HYPERLINK(1)", "'@lithium")
    cell = openpyxl.load_workbook(tmp_path / "out.xlsx").active["B2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from matchmaker.commands.evaluate import evaluate
from matchmaker.commands.match import match

NEEDS = [
    {"id": "n1", "lang": "zh", "title": "卤水提锂吸附剂"},
    {"id": "n2", "lang": "en", "title": "Highland barley breeding"},
    {"id": "n3", "lang": "es", "title": "Violines antiguos"},
]
CAPABILITIES = [
    {"id": "c1", "lang": "en", "title": "Adsorbent for lithium from brine"},
    {"id": "c2", "lang": "zh", "title": "青稞育种新品种"},
    {"id": "c3", "lang": "es", "title": "Reciclaje de baterías"},
    {"id": "c4", "lang": "zh", "title": "盐湖卤水提锂"},
]
GRADES = "need_id\tcapability_id\tgrade\nn1\tc1\t3\nn1\tc4\t2\nn1\tc3\t0\nn2\tc2\t3\n"


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    for name, rows in (("needs.jsonl", NEEDS), ("capabilities.jsonl", CAPABILITIES)):
        (tmp_path / name).write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text(GRADES, encoding="utf-8")
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(evaluate, arguments)
    return done.exit_code, done.output


def test_a_table_with_intervals_and_an_ablation(dataset: Path) -> None:
    code, output = run(str(dataset), "--samples", "50", "--without", "concepts")
    assert code == 0, output
    assert output.startswith("2 needs with a partner, 1 without, 4 capabilities")
    assert "MRR  " in output
    assert "without concepts" in output
    assert "nobody fits told from somebody fits, AUC" in output


def test_the_same_as_json(dataset: Path) -> None:
    code, output = run(str(dataset), "--samples", "20", "--json")
    assert code == 0, output
    found = json.loads(output)
    assert (found["needs_with_partner"], found["needs_without"]) == (2, 1)
    assert found["results"]["all"]["mrr"]["value"] == 1.0
    assert found["results"]["all"]["ndcg_cross"]["value"] == 1.0
    assert found["results"]["all"]["no_match"]["value"] == 1.0


def test_it_says_whether_bands_and_scores_are_true(dataset: Path) -> None:
    code, output = run(str(dataset), "--samples", "0")
    assert code == 0, output
    assert "strong pairs that are right" in output
    assert "told so 1 of 1 needs that nobody fits; false alarms 0 of 2" in output
    assert "scored from   mean score   share right   pairs" in output
    found = json.loads(run(str(dataset), "--samples", "0", "--json")[1])
    assert found["counts"]["all"]["right"] == 3
    assert sum(row["pairs"] for row in found["reliability"]["all"]) >= 3


def test_it_measures_what_match_gives(dataset: Path, tmp_path: Path) -> None:
    """The plan, regions and modes count as they do for users."""
    needs = [{**need, "province": "63", "task_id": "QH-2"} for need in NEEDS]
    (tmp_path / "needs.jsonl").write_text("\n".join(map(json.dumps, needs)), encoding="utf-8")
    files = [str(dataset / name) for name in ("needs.jsonl", "capabilities.jsonl")]
    rows = CliRunner().invoke(match, [*files, "-k", "0"]).stdout.splitlines()
    served = sorted(score for row in rows if (score := json.loads(row)["score"]) >= 0.05)
    options = (str(dataset), "--samples", "0", "--json")
    kept = json.loads(run(*options, "--keep-task")[1])["reliability"]["all"]
    assert sum(row["score"] * row["pairs"] for row in kept) == pytest.approx(sum(served))
    assert json.loads(run(*options)[1])["reliability"]["all"] != kept


def test_a_folder_without_judgements_is_refused(dataset: Path) -> None:
    (dataset / "qrels.tsv").unlink()
    assert run(str(dataset)) == (2, run(str(dataset))[1])
    assert "lacks qrels.tsv" in run(str(dataset))[1]


@pytest.mark.parametrize("row", ["n1\tc1\tgood", "n1\tc1", "n9\tc1\t2", "n1\tc9\t2"])
def test_a_wrong_judgement_is_named_by_its_row(dataset: Path, row: str) -> None:
    (dataset / "qrels.tsv").write_text(f"{GRADES}{row}\n", encoding="utf-8")
    code, output = run(str(dataset))
    assert code == 2
    assert "row 6" in output


def test_an_unknown_ablation_is_refused(dataset: Path) -> None:
    assert run(str(dataset), "--without", "luck")[0] == 2


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("{dataset}", "lacks model.onnx and tokenizer.json"),
        ("{dataset}/nowhere", "there is no folder"),
        ("nowhere", "nowhere is no folder and no installed module"),
    ],
)
@pytest.mark.parametrize("by_variable", [False, True])
def test_a_name_without_an_encoder_is_refused(
    dataset: Path, monkeypatch: pytest.MonkeyPatch, name: str, told: str, by_variable: bool
) -> None:
    name = name.format(dataset=dataset)
    if by_variable:
        monkeypatch.setenv("MATCHMAKER_ENCODER", name)
    code, output = run(str(dataset), *(() if by_variable else ("--encoder", name)))
    assert code == 2
    assert told in output

"""The demonstration has something to show for whatever a curator looks for."""

from __future__ import annotations

import csv
import io

import pytest

from matchmaker.agreements.instruments import catalogue
from matchmaker.codelists import codes, label
from tests.browser.conftest import Site

pytestmark = pytest.mark.browser


def test_matches_stand_at_every_stage_and_every_kind_of_agreement_is_made(site: Site) -> None:
    page = site.enter("national", "zh")
    answer = page.context.request.get("/desk/matches.csv")
    rows = list(csv.DictReader(io.StringIO(answer.body().decode("utf-8-sig"))))
    stages = {row["阶段"] for row in rows}
    assert stages == {label("match_status", code, "zh") for code in codes("match_status")}
    made = {kind for row in rows for kind in row["合作协议"].split("、") if kind}
    assert made == {kind.labels["zh"] for kind in catalogue().instruments.values()}

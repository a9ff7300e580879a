"""A curator's judgement of a pair: /desk/suggestions/<id>/judge."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.curation.models import Judgement
from tests import factories
from tests.client import Page, PageClient
from tests.curation.conftest import pair
from tests.pages.desk.test_suggestion_page import path


def grades(session: Session) -> list[int]:
    session.expire_all()
    return list(session.scalars(select(Judgement.grade)))


def judge(browser: PageClient, suggestion: Any, grade: str, judged: int = 0, **more: str) -> Any:
    return browser.submit(
        path(suggestion, "judge"), {"judged": judged, "judge-grade": grade, **more}
    )


@pytest.mark.both_databases
@pytest.mark.parametrize("grade", ["3", "2", "1", "0"])
def test_a_grade_is_kept_and_shown_again(desk: PageClient, session: Session, grade: str) -> None:
    suggestion = pair()
    assert judge(desk, suggestion, grade).status_code == 303
    assert grades(session) == [int(grade)]
    text = desk.page(path(suggestion)).text
    assert "Last assessed by Li Na" in text
    assert "assessed how well the pair fits" in text


@pytest.mark.parametrize("grade", ["", "4", "-1", "x"])
def test_what_is_no_grade_is_refused_and_the_remark_comes_back(
    desk: PageClient, session: Session, grade: str
) -> None:
    response = judge(desk, pair(), grade, **{"judge-note": "Same brine."})
    assert (response.status_code, grades(session)) == (422, [])
    assert "Same brine." in response.text


def test_a_refused_judgement_leaves_the_decisions_open(desk: PageClient) -> None:
    suggestion = pair()
    page = judge(desk, suggestion, "x").text
    assert f'name="version" value="{suggestion.version}"' in page


def test_the_last_word_holds(desk: PageClient, elsewhere: PageClient, session: Session) -> None:
    suggestion = pair()
    judge(desk, suggestion, "3")
    judge(elsewhere, suggestion, "1", judged=1)
    assert grades(session) == [1]


def test_whoever_did_not_see_the_last_word_is_told(
    desk: PageClient, elsewhere: PageClient, session: Session
) -> None:
    suggestion = pair()
    judge(desk, suggestion, "3")
    response = judge(elsewhere, suggestion, "0")
    assert (response.status_code, grades(session)) == (409, [3])
    assert "assessed how well the pair fits" in Page(response.text).text


def test_it_can_be_taken_back(desk: PageClient, session: Session) -> None:
    suggestion = pair()
    judge(desk, suggestion, "3")
    desk.submit(path(suggestion, "judge"), {"judged": 1, "unjudge": "1"})
    assert grades(session) == []


def test_the_organisations_do_not_read_it(desk: PageClient, client: PageClient) -> None:
    suggestion = pair()
    judge(desk, suggestion, "2", **{"judge-note": "Quixbrine"})
    client.sign_in(factories.member_of(suggestion.need.organisation))
    assert "Quixbrine" not in client.get(f"/suggestions/{suggestion.id}").text

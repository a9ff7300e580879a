"""Pairs that are named, scores as shown, and the reasons that a reader may learn."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.engine import PARTS, Change, Reason
from matchmaker.recommendation import rules
from matchmaker.recommendation.rules import BestPartners, Known, PairIds

SHARES = st.floats(-0.5, 0.9, allow_nan=False)


def parts_of(values: list[float]) -> dict[str, float]:
    return dict(zip(PARTS, values, strict=True))


PARTS_THAT_ADD_UP = (
    st.lists(SHARES, min_size=5, max_size=5).filter(lambda v: 0 <= sum(v) <= 1).map(parts_of)
)


LEAST = 0.3


def partners(
    most: int,
    owners: Mapping[int, int | tuple[int, str]] | None = None,
    copies: Collection[int] = (),
) -> BestPartners:
    """Lists of listings 1 to 99, which have an owner each if `owners` says nothing else."""
    known = {}
    for listing_id in range(1, 100):
        owner = (owners or {}).get(listing_id, 100 + listing_id)
        organisation_id, contact = owner if isinstance(owner, tuple) else (owner, "")
        known[listing_id] = Known("", 1, organisation_id, "", contact)
    return BestPartners(most, LEAST, known, lambda one, other: {one, other} <= set(copies))


@given(PARTS_THAT_ADD_UP)
def test_the_points_add_up_to_the_score(parts: dict[str, float]) -> None:
    score = sum(parts.values())
    points = rules.points(parts, score)
    assert sum(points.values()) == rules.whole(score)
    assert all(abs(points[part] - 100 * parts[part]) <= 1 for part in PARTS)


@given(PARTS_THAT_ADD_UP)
def test_the_bar_ends_at_the_score(parts: dict[str, float]) -> None:
    segments = rules.bar(parts)
    added = sum(segment.width for segment in segments if not segment.taken)
    taken = sum(segment.width for segment in segments if segment.taken)
    assert added - taken == pytest.approx(100 * sum(parts.values()), abs=0.1)


def test_what_takes_away_lies_over_the_end() -> None:
    segments = rules.bar({"text": 0.6, "plan": 0.1, "mode": -0.2, "readiness": 0.0, "region": 0.0})
    assert [(s.part, s.start, s.width, s.taken) for s in segments] == [
        ("text", 0.0, 60.0, False),
        ("plan", 60.0, 10.0, False),
        ("mode", 50.0, 20.0, True),
    ]


def test_each_side_names_its_best() -> None:
    best = partners(2)
    for need, capability, score in ((1, 11, 0.9), (1, 12, 0.8), (1, 13, 0.7), (2, 13, 0.5)):
        best.offer((need, capability), score)
    assert set(best.named()) == {(1, 11), (1, 12), (1, 13), (2, 13)}, (
        "(1, 13) is among the two best of 13"
    )


def test_ties_go_to_the_smaller_id() -> None:
    best = partners(1)
    for capability in (13, 11, 12):
        best.offer((1, capability), 0.5)
    assert best.partners_of(1) == [((1, 11), 0.5)]


def test_weak_partners_only_fill_up() -> None:
    best = partners(20)
    for capability in range(11, 15):
        best.offer((1, capability), 0.9)
    for capability in range(15, 20):
        best.offer((1, capability), 0.1)
    assert len(best.partners_of(1)) == rules.FEW


def test_what_has_nothing_in_common_is_never_named() -> None:
    best = partners(20)
    best.offer((1, 11), 0.0)
    assert set(best.named()) == set()


OFFERED = {(1, 11): 0.9, (1, 12): 0.8, (1, 13): 0.7, (1, 14): 0.6}


@pytest.mark.parametrize(
    ("owners", "copies", "offered", "expected"),
    [
        pytest.param({}, (), OFFERED, {11, 12, 13, 14}, id="all of others"),
        pytest.param(dict.fromkeys((11, 12, 13), 7), (), OFFERED, {11, 12, 14}, id="two of one"),
        pytest.param(
            {11: (7, "a@x"), 12: (8, "a@x"), 13: (8, "a@x")},
            (),
            OFFERED,
            {11, 12, 14},
            id="two of one contact",
        ),
        pytest.param(
            {11: (8, "a@x"), 12: (8, "a@x"), 13: (7, "a@x")},
            (),
            OFFERED,
            {11, 13, 14},
            id="the organisation that took another's contact goes last",
        ),
        pytest.param({}, (11, 13), OFFERED, {11, 12, 14}, id="one of copies"),
        pytest.param(
            {}, (11, 13), {**OFFERED, (1, 11): 0.4}, {11, 12, 14}, id="the first of copies"
        ),
        pytest.param(
            {}, (11, 13), {**OFFERED, (1, 11): 0.2}, {13, 12, 14}, id="unless it is unsure"
        ),
        pytest.param(
            {11: 7, 13: 7},
            (11, 13),
            {**OFFERED, (1, 11): 0.4},
            {13, 12, 14},
            id="the best of an owner's own copies",
        ),
    ],
)
def test_one_owner_and_one_text_take_few_places(
    owners: Mapping[int, int | tuple[int, str]],
    copies: Collection[int],
    offered: Mapping[PairIds, float],
    expected: set[int],
) -> None:
    for order in permutations(offered.items()):
        best = partners(20, owners, copies)
        for pair, score in order:
            best.offer(pair, score)
        assert {capability for _, capability in best.named()} == expected
        given_way = {pair for pair in offered if best.is_left_out(pair)}
        assert given_way == offered.keys() - best.named().keys()


def test_what_is_barred_takes_no_place() -> None:
    best = partners(20)
    for capability in (11, 12, 13):
        best.offer((1, capability), 0.5)
        best.bar(12)
    assert set(best.named()) == {(1, 11), (1, 13)}


def test_a_capability_names_two_needs_of_one_owner() -> None:
    best = partners(20, dict.fromkeys((1, 2, 3), 7))
    for need, score in ((1, 0.5), (2, 0.6), (3, 0.7)):
        best.offer((need, 11), score)
    assert set(best.named()) == {(2, 11), (3, 11)}


@pytest.mark.parametrize(
    ("origin", "status", "has_mark", "expected"),
    [
        ("engine", "new", False, False),
        ("engine", "new", True, True),
        ("engine", "shortlisted", False, True),
        ("engine", "held_back", False, True),
        ("curator", "new", False, True),
    ],
)
def test_what_people_have_touched(origin: str, status: str, has_mark: bool, expected: bool) -> None:
    assert rules.is_touched(origin, status, has_mark) is expected


OPEN = Reason("text", "term", "brine", 0.3, ("brine",), ("brines",))
PRIVATE = Reason("text", "concept", "zirconium", 0.2, ("brine",), ("zirconium",))
REST = Reason("text", "other_terms", "", 0.1)
MODE = Reason("mode", "mode", "joint_research", 0.05, details={"shared": "joint_research"})
ROLE = Reason("mode", "role", "trades", -0.1)
ALL = [OPEN, PRIVATE, REST, MODE, ROLE]


def test_members_see_every_reason() -> None:
    assert rules.readable(ALL, None, None) == ALL


def test_a_term_of_a_private_text_is_folded_away() -> None:
    seen = rules.readable(ALL, None, "Brines of all kinds")
    assert [(r.kind, r.code) for r in seen] == [
        ("term", "brine"), ("mode", "joint_research"), ("other_terms", ""), ("other_terms", ""),
    ]  # fmt: skip
    assert "zirconium" not in repr(seen)


@pytest.mark.parametrize(
    ("need_text", "capability_text", "is_told"),
    [
        (None, None, True),
        (None, "Columns. They take salt out of brine. Fast.", True),
        ("Help. Our brine is salty.", None, True),
        (None, "Columns for brine", False),
        ("Brine", None, False),
        ("Our brine is salty.", "Salt", False),
        ("", "", False),
    ],
)
def test_a_sentence_of_a_closed_text_is_never_quoted(
    need_text: str | None, capability_text: str | None, is_told: bool
) -> None:
    passage = Reason(
        "text", "passage", "", 0.0, ("Our brine is salty.",), ("They take salt out of brine.",)
    )
    seen = rules.readable([passage, REST], need_text, capability_text)
    assert (passage in seen) is is_told
    assert is_told or "take salt" not in repr(seen)


@pytest.mark.parametrize("texts", [("", ""), (None, ""), ("", None), ("brine", "brines")])
def test_the_shares_still_add_up(texts: tuple[str | None, str | None]) -> None:
    seen = rules.readable(ALL, *texts)
    for part in PARTS:
        whole = sum(reason.share for reason in ALL if reason.part == part)
        assert sum(reason.share for reason in seen if reason.part == part) == pytest.approx(whole)


def test_a_role_is_read_from_private_text_and_not_told() -> None:
    assert "role" not in {reason.kind for reason in rules.readable([ROLE], "", "")}


def test_terms_are_cut_to_those_that_can_be_read() -> None:
    reason = Reason("text", "concept", "salt", 0.3, ("salt",), ("salt", "zirconium salt"))
    assert rules.readable([reason], None, "open salt")[0].capability_terms == ("salt",)


def test_what_both_speak_of_is_one_ground() -> None:
    assert rules.strongest([OPEN, PRIVATE, MODE]) == [(OPEN, PRIVATE), (MODE,)]


def test_it_has_the_weight_of_the_whole_part() -> None:
    weak_term = Reason("text", "term", "brine", 0.01, ("brine",), ("brines",))
    assert rules.strongest([weak_term, Reason("text", "other_terms", "", 0.5), MODE])[0] == (
        weak_term,
    )


def test_a_strong_objection_is_not_hidden() -> None:
    against = Reason("mode", "goal", "talent", -0.4)
    assert rules.strongest([OPEN, MODE, against]) == [(OPEN,), (against,)]


def test_a_small_objection_gives_way() -> None:
    against = Reason("mode", "role", "trades", -0.01)
    assert rules.strongest([OPEN, MODE, against]) == [(OPEN,), (MODE,)]


def test_the_same_words_count_once() -> None:
    twice = Reason("text", "term", "brine", 0.25, ("brine",), ("brines",))
    assert rules.strongest([OPEN, twice, MODE]) == [(OPEN,), (MODE,)]


def test_a_piece_of_a_word_said_counts_no_more() -> None:
    whole, piece = (
        Reason("text", "term", word, share, (word,), (word,))
        for word, share in (("卤水", 0.3), ("卤", 0.2))
    )
    assert rules.strongest([whole, piece]) == [(whole,)]


def test_without_reasons_there_is_nothing_to_say() -> None:
    assert rules.strongest([REST]) == []


@pytest.mark.parametrize(
    ("band", "kind", "code", "told"),
    [
        ("possible", "mode", "training", True),
        ("possible", "mode", "training,secondment,pilot_scale", True),
        ("possible", "mode", "training,secondment,pilot_scale,open_platform", False),
        ("possible", "readiness", "7", True),
        ("possible", "goal", "talent", True),
        ("possible", "concept", "brine", False),
        ("weak", "mode", "training", False),
    ],
)
def test_a_lift_is_told_where_people_can_act_on_it(
    band: str, kind: str, code: str, told: bool
) -> None:
    assert rules.is_worth_telling(Change(kind, code, 0.8, "strong"), band) is told

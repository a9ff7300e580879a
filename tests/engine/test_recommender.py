from __future__ import annotations

import copy
import pickle
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.engine import (
    PARTS,
    Glossary,
    Listing,
    Pair,
    PlanFacts,
    Reason,
    Recommender,
    TaskFacts,
    Weights,
)
from tests.engine.conftest import BOARD, capability, need

PLAN = PlanFacts(
    {"QH-2": TaskFacts("QH-2", "63", frozenset({"12", "37"}), named_regions=frozenset({"12"}))},
    {"63": "beneficiary", "31": "partner"},
)
LITHIUM = need("n-lithium", "老卤提锂总是不稳定", description="想要新的吸附剂。", language="zh")
BARLEY = need(
    "n-barley",
    "Barley that does not lodge",
    description="Breeding of highland barley.",
    language="en",
)
DOCTOR = need(
    "n-doctor", "Hospital sin médicos", description="Pedimos médicos residentes.", language="es"
)
NEEDS = (LITHIUM, BARLEY, DOCTOR)


@pytest.fixture(scope="module")
def recommender(glossary: Glossary) -> Recommender:
    return Recommender(glossary=glossary, plan=PLAN).fit(BOARD)


def ids(pairs: Sequence[Pair]) -> list[str]:
    return [pair.capability_id for pair in pairs]


@pytest.mark.parametrize(
    ("asked", "subject"), [(LITHIUM, "brine"), (BARLEY, "barley"), (DOCTOR, "doctor")]
)
def test_the_partners_in_all_three_languages_come_first(
    recommender: Recommender, asked: Listing, subject: str
) -> None:
    best = ids(recommender.rank([asked], 3)[0])
    assert sorted(best) == [f"{subject}-en", f"{subject}-es", f"{subject}-zh"]


def test_k_limits_and_zero_means_all(recommender: Recommender) -> None:
    assert [len(pairs) for pairs in recommender.rank(NEEDS, 2)] == [2, 2, 2]
    assert sorted(ids(recommender.rank([LITHIUM], 0)[0])) == sorted(listing.id for listing in BOARD)


def test_the_best_come_first(recommender: Recommender) -> None:
    for pairs in recommender.rank(NEEDS, 0):
        keys = [(-pair.score, pair.capability_id) for pair in pairs]
        assert keys == sorted(keys)


def test_a_short_list_is_the_head_of_the_long_one(recommender: Recommender) -> None:
    assert recommender.rank(NEEDS, 4) == [pairs[:4] for pairs in recommender.rank(NEEDS, 0)]


def test_equals_are_ordered_by_id(glossary: Glossary) -> None:
    twins = [capability(name, "卤水提锂", language="zh") for name in ("c", "a", "b")]
    pairs = Recommender(glossary=glossary).fit([*twins, *BOARD]).rank([LITHIUM], 0)[0]
    assert [name for name in ids(pairs) if name in "abc"] == ["a", "b", "c"]


def test_the_order_of_the_input_does_not_matter(glossary: Glossary) -> None:
    there = Recommender(glossary=glossary).fit(BOARD).rank(NEEDS, 0)
    back = Recommender(glossary=glossary).fit(BOARD[::-1]).rank(NEEDS[::-1], 0)[::-1]
    assert [ids(pairs) for pairs in back] == [ids(pairs) for pairs in there]
    for one, other in zip(there, back, strict=True):
        assert [pair.score for pair in one] == pytest.approx([pair.score for pair in other])


def test_twice_the_same_is_the_same(recommender: Recommender, glossary: Glossary) -> None:
    assert recommender.rank(NEEDS, 0) == Recommender(glossary=glossary, plan=PLAN).fit(BOARD).rank(
        NEEDS, 0
    )


def test_a_need_is_scored_alone_as_in_company(recommender: Recommender) -> None:
    assert recommender.rank([BARLEY], 0)[0] == recommender.rank(NEEDS, 0)[1]


def test_the_score_does_not_depend_on_who_asks(recommender: Recommender) -> None:
    forth = {
        (pair.need_id, pair.capability_id): pair
        for pairs in recommender.rank(NEEDS, 0)
        for pair in pairs
    }
    for offered in BOARD:
        for pair in recommender.rank_needs(offered, NEEDS, 0):
            assert pair.score == pytest.approx(forth[pair.need_id, offered.id].score, abs=1e-12)
            assert pair.parts == pytest.approx(forth[pair.need_id, offered.id].parts, abs=1e-12)


def test_a_capability_new_since_the_fit_can_be_scored(recommender: Recommender) -> None:
    new = capability("new", "从卤水中吸附锂", language="zh")
    ready = recommender.prepare(NEEDS)
    (best,) = recommender.rank_needs(new, ready, 1)
    ((pair,),) = recommender.updated([new]).between([(LITHIUM, ["new"])])
    assert best.need_id == "n-lithium"
    assert best.score == pytest.approx(pair.score, abs=1e-12)


def test_inputs_stay_as_they_were(glossary: Glossary) -> None:
    offered, asked = list(BOARD), list(NEEDS)
    before = copy.deepcopy((offered, asked))
    Recommender(glossary=glossary).fit(offered).rank(asked)
    assert (offered, asked) == before


def test_a_fitted_recommender_can_be_stored(recommender: Recommender) -> None:
    stored = pickle.loads(pickle.dumps(recommender))
    assert stored.rank(NEEDS) == recommender.rank(NEEDS)


def test_fit_returns_itself_and_keeps_its_parameters(glossary: Glossary) -> None:
    recommender = Recommender(glossary=glossary)
    assert recommender.fit(BOARD) is recommender
    assert (recommender.weights, recommender.plan) == (None, None)


def test_two_capabilities_with_one_id_are_refused(glossary: Glossary) -> None:
    with pytest.raises(ValueError, match="same id"):
        Recommender(glossary=glossary).fit([BOARD[0], BOARD[0]])


@pytest.mark.parametrize("offered", [[], [BOARD[0]], list(BOARD[:2])])
def test_small_collections_do(glossary: Glossary, offered: list[Listing]) -> None:
    assert len(Recommender(glossary=glossary).fit(offered).rank([LITHIUM])[0]) == len(offered)


def test_no_needs_no_lists(recommender: Recommender) -> None:
    assert recommender.rank([]) == []
    assert recommender.rank_needs(BOARD[0], []) == []


@pytest.mark.parametrize("title", ["", "的", "?!", "xyzzy"])
def test_a_need_without_a_known_word_has_no_partner(recommender: Recommender, title: str) -> None:
    pairs = recommender.rank([need("n", title)], 0)[0]
    assert {pair.score for pair in pairs} == {0.0}
    assert {pair.band for pair in pairs} == {"weak"}


def test_one_word_is_enough(recommender: Recommender) -> None:
    found = ids(recommender.rank([need("n", "青稞")], 3)[0])
    assert sorted(found) == ["barley-en", "barley-es", "barley-zh"]


TEXTS = st.text(alphabet="锂电池卤水青稞 abrine barley médico.,1%", max_size=40)
LISTINGS = st.builds(
    lambda title, description, language, goal, modes, trl: need(
        "n",
        title,
        description=description,
        language=language,
        goal=goal,
        modes=tuple(modes),
        trl=trl,
        province="63",
    ),
    TEXTS,
    TEXTS,
    st.sampled_from(["zh", "en", "es", None]),
    st.sampled_from([None, "talent", "technology_transfer", "both"]),
    st.lists(
        st.sampled_from(
            ["talent_exchange", "training", "joint_research", "industrialisation", "odd"]
        ),
        max_size=3,
    ),
    st.one_of(st.none(), st.integers(1, 9)),
)


@settings(max_examples=40)
@given(asked=LISTINGS)
def test_parts_add_up_and_so_do_the_reasons(recommender: Recommender, asked: Listing) -> None:
    for pair in recommender.rank([asked], 0)[0]:
        assert 0.0 <= pair.score <= 1.0
        assert tuple(pair.parts) == PARTS
        assert sum(pair.parts.values()) == pytest.approx(pair.score, abs=1e-9)
        for part, value in pair.parts.items():
            shares = [reason.share for reason in pair.reasons if reason.part == part]
            assert sum(shares) == pytest.approx(value, abs=1e-9)


@settings(max_examples=20)
@given(asked=LISTINGS)
def test_a_pair_survives_the_way_through_json(recommender: Recommender, asked: Listing) -> None:
    for pair in recommender.rank([asked], 3)[0]:
        assert Pair.from_dict(pair.to_dict()) == pair


@pytest.mark.parametrize(
    ("score", "text", "ruled_out", "band"),
    [
        (1.0, 1.0, 0.0, "strong"),
        (0.8, 0.2, 0.0, "strong"),
        (0.79, 0.2, 0.0, "possible"),
        (0.99, 0.19, 0.0, "possible"),  # facts beside the text make no strong partner
        (0.99, 0.9, 0.6, "possible"),  # nor does what one side rules out
        (0.99, 0.9, 0.59, "strong"),
        (0.35, 0.07, 0.0, "possible"),
        (0.34, 0.07, 0.0, "weak"),
        (0.9, 0.06, 0.0, "weak"),
        (0.0, 0.0, 0.0, "weak"),
    ],
)
def test_bands(
    recommender: Recommender, score: float, text: float, ruled_out: float, band: str
) -> None:
    assert recommender.band(score, text, ruled_out) == band


def scores(
    glossary: Glossary, asked: Listing, *offered: Listing, plan: PlanFacts | None = None
) -> dict[str, float]:
    pairs = Recommender(glossary=glossary, plan=plan).fit([*BOARD, *offered]).rank([asked], 0)[0]
    return {pair.capability_id: pair.score for pair in pairs}


def test_stuffing_keywords_does_not_pay(glossary: Glossary) -> None:
    honest = capability(
        "honest", "卤水提锂吸附剂中试", description="从老卤中吸附锂，收率九成。", language="zh"
    )
    stuffed = capability(
        "stuffed",
        "科技服务",
        description="卤水、锂、吸附。" * 40 + "青稞、医生、电池。" * 40,
        language="zh",
    )
    found = scores(glossary, LITHIUM, honest, stuffed)
    assert found["honest"] > found["stuffed"]


def test_repeating_oneself_does_not_pay(glossary: Glossary) -> None:
    once = capability("once", "卤水提锂", description="吸附剂。", language="zh")
    often = capability("often", "卤水提锂", description="吸附剂。" * 60, language="zh")
    found = scores(glossary, LITHIUM, once, often)
    assert found["often"] < found["once"] + 0.1


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"goal": "technology_transfer"}, {"goal": "talent", "modes": ("training",)}),
        ({"modes": ("joint_research",)}, {"modes": ("training",)}),
        ({"modes": ("joint_research", "industrialisation")}, {"modes": ("industrialisation",)}),
        ({"trl": 7}, {"trl": 3}),
        ({"trl": 7}, {}),
        ({"description": "可以转让。"}, {"description": "长期收购，现货批发。"}),
        ({"tasks": ("QH-2",)}, {}),
        ({"province": "12"}, {"province": "31"}),
        ({"province": "31"}, {"province": "44"}),
        ({"description": "从老卤中吸附锂。"}, {"description": "不提供老卤中吸附锂的技术。"}),
    ],
)
def test_what_else_counts(
    glossary: Glossary, better: dict[str, object], worse: dict[str, object]
) -> None:
    asked = replace(
        LITHIUM,
        goal="technology_transfer",
        modes=("joint_research",),
        trl=6,
        tasks=("QH-2",),
        province="63",
    )
    offered = [
        capability(name, "锂的提取", language="zh", **fields)
        for name, fields in (("better", better), ("worse", worse))
    ]
    found = scores(glossary, asked, *offered, plan=PLAN)
    assert found["better"] > found["worse"]


def test_doctors_are_not_served_by_a_scanner(glossary: Glossary) -> None:
    asked = replace(DOCTOR, goal="talent", modes=("talent_exchange",))
    people = capability(
        "people", "Médicos por un año", language="es", goal="talent", modes=("secondment",)
    )
    scanner = capability(
        "thing",
        "Escáner para médicos",
        language="es",
        goal="technology_transfer",
        modes=("supply_chain",),
    )
    found = scores(glossary, asked, people, scanner)
    assert found["people"] > 2 * found["thing"]


@pytest.mark.parametrize(
    ("province", "kind"),
    [("12", "named_partner"), ("37", "partner_region"), ("31", "partner_side")],
)
def test_a_region_is_said_to_be_named_only_where_the_plan_names_it(
    glossary: Glossary, province: str, kind: str
) -> None:
    asked = replace(LITHIUM, province="63", tasks=("QH-2",))
    offered = replace(BOARD[0], province=province)
    pair = Recommender(glossary=glossary, plan=PLAN).fit([offered, *BOARD[1:]]).rank([asked])[0][0]
    assert [reason.kind for reason in pair.reasons if reason.part == "region"] == [kind]


def test_without_a_plan_the_region_says_nothing(glossary: Glossary) -> None:
    asked = replace(LITHIUM, province="63", tasks=("QH-2",))
    pairs = Recommender(glossary=glossary).fit([replace(BOARD[0], province="12")]).rank([asked])[0]
    assert pairs[0].parts["region"] == 0.0


def test_what_does_not_share_a_word_is_not_lifted_by_the_plan(glossary: Glossary) -> None:
    asked = replace(LITHIUM, province="63", tasks=("QH-2",), language="zh")
    other = capability("other", "Poesía", language="es", tasks=("QH-2",), province="12")
    assert scores(glossary, asked, other, plan=PLAN)["other"] == 0.0


def reasons(pair: Pair, kind: str) -> list[Reason]:
    return [reason for reason in pair.reasons if reason.kind == kind]


def test_a_reason_marks_both_texts(recommender: Recommender) -> None:
    pair = next(
        pair for pair in recommender.rank([LITHIUM], 0)[0] if pair.capability_id == "brine-es"
    )
    brine = next(reason for reason in reasons(pair, "concept") if reason.code == "brine")
    assert (brine.need_terms, brine.capability_terms) == (("老卤",), ("salmuera",))


def test_other_reasons_are_codes(glossary: Glossary) -> None:
    asked = replace(
        LITHIUM, goal="talent", modes=("training",), trl=6, tasks=("QH-2",), province="63"
    )
    offered = replace(
        BOARD[0], goal="talent", modes=("training",), trl=7, tasks=("QH-2",), province="12"
    )
    pair = (
        Recommender(glossary=glossary, plan=PLAN).fit([offered, *BOARD[1:]]).rank([asked], 1)[0][0]
    )
    found = {
        reason.kind: (reason.part, reason.code, dict(reason.details))
        for reason in pair.reasons
        if reason.part != "text"
    }
    assert found == {
        "goal": ("mode", "talent", {"need": "talent", "capability": "talent"}),
        "mode": (
            "mode",
            "",
            {"wanted": "training", "answered": "training", "shared": "talent_exchange"},
        ),
        "readiness": ("readiness", "", {"need": 6, "capability": 7}),
        "task": ("plan", "QH-2", {}),
        "named_partner": ("region", "", {"need": "63", "capability": "12"}),
    }


def test_a_denial_is_shown_with_its_words(glossary: Glossary) -> None:
    offered = capability("no", "锂盐", description="不提供卤水吸附。", language="zh")
    pair = Recommender(glossary=glossary).fit([*BOARD, offered]).rank_needs(offered, [LITHIUM])[0]
    assert (
        "卤水" in reasons(pair, "disclaims")[0].capability_terms
        or "吸附" in reasons(pair, "disclaims")[0].capability_terms
    )


def test_explanations_can_be_left_out(glossary: Glossary) -> None:
    plain = Recommender(glossary=glossary, explain=False).fit(BOARD).rank(NEEDS, 3)
    full = Recommender(glossary=glossary).fit(BOARD).rank(NEEDS, 3)
    assert all(pair.reasons == () for pairs in plain for pair in pairs)
    assert [[pair.score for pair in pairs] for pairs in plain] == [
        [pair.score for pair in pairs] for pairs in full
    ]


def test_weights_can_be_given(glossary: Glossary) -> None:
    strict = Recommender(Weights(strong=0.99), glossary).fit(BOARD)
    assert strict.band(0.98, 0.98) == "possible"


def test_many_capabilities_give_the_same_heads(glossary: Glossary) -> None:
    """Among many, only the best by text are scored in full; the list must not show it."""
    many = [
        *BOARD,
        *(capability(f"x{number:04}", f"青稞 {number}", language="zh") for number in range(400)),
    ]
    recommender = Recommender(glossary=glossary, explain=False).fit(many)
    assert recommender.rank(NEEDS, 20) == [pairs[:20] for pairs in recommender.rank(NEEDS, 0)]

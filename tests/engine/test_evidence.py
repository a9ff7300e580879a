"""What two texts say of a pair, and what one of them rules out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from matchmaker.engine import Encoder, Glossary, Listing, Recommender
from matchmaker.engine.comparing import evidence_of_capability, evidence_of_need, text_fit
from matchmaker.engine.scoring.evidence import Evidence, beyond, breadth_of
from tests.engine.conftest import BOARD, Letters, capability, need
from tests.engine.test_recommender import NEEDS


def evidence(asked: Listing, offered: Listing, glossary: Glossary) -> Evidence:
    fitted = Recommender(glossary=glossary).fit([offered])
    return evidence_of_need(fitted.prepare([asked]), 0, fitted.capabilities_, np.array([0]))


@pytest.mark.parametrize(
    ("pulls", "expected"),
    [([1.0], 0.0), ([1.0, 1.0], np.log(2)), ([1.0] * 4, np.log(4)), ([0.0, 5.0], 0.0)],
)
def test_breadth_tells_how_many_terms_carry_a_fit(pulls: list[float], expected: float) -> None:
    found = breadth_of(sparse.csr_matrix([pulls]), np.ones(len(pulls)))
    assert found[0] == pytest.approx(expected)


def test_a_term_said_elsewhere_is_not_ruled_out() -> None:
    said, denied = sparse.csr_matrix([[1.0, 0.0, 0.0]]), sparse.csr_matrix([[0.5, 0.5, 0.0]])
    assert beyond(denied, said).toarray().tolist() == [[0.0, 1.0, 0.0]]


@pytest.mark.parametrize(
    ("title", "description", "is_excluded"),
    [
        ("提硼树脂", "该材料吸附硼。对锂没有吸附作用。", True),
        ("提硼树脂", "该材料吸附硼。", False),
        ("提锂吸附剂", "吸附锂。对锂没有腐蚀作用。", False),
    ],
)
def test_exclusion(glossary: Glossary, title: str, description: str, is_excluded: bool) -> None:
    asked = need("n", "老卤提锂", language="zh")
    found = evidence(
        asked, capability("c", title, description=description, language="zh"), glossary
    )
    assert bool(found.excluded[0] > 0.6) is is_excluded


@pytest.mark.parametrize(
    ("description", "is_refused"),
    [
        ("We do not want barley.", True),
        ("We want barley.", False),
    ],
)
def test_refusal(glossary: Glossary, description: str, is_refused: bool) -> None:
    asked = need("n", "Feed for yaks", description=description, language="en")
    found = evidence(asked, capability("c", "Barley", language="en"), glossary)
    assert bool(found.refused[0] > 0.6) is is_refused


def test_what_one_side_rules_out_is_possible_at_most(glossary: Glossary) -> None:
    asked = need("n", "老卤提锂", description="从盐湖老卤中提取锂，要吸附材料。", language="zh")
    text = "从盐湖老卤中提取硼的吸附材料。对锂没有吸附作用。"
    offered = capability("c", "老卤提硼吸附材料", description=text, language="zh")
    pair = Recommender(glossary=glossary).fit([offered]).rank([asked], 1)[0][0]
    assert pair.score <= 0.5 < pair.parts["text"]
    assert (pair.band, pair.lift) == ("possible", None)
    assert sum(pair.parts.values()) == pytest.approx(pair.score, abs=1e-9)
    said = [reason for reason in pair.reasons if reason.kind == "disclaims"]
    assert [reason.capability_terms for reason in said] == [("锂",)]
    assert sum(reason.share for reason in pair.reasons) == pytest.approx(pair.score, abs=1e-6)


@pytest.mark.parametrize("encoder", [None, Letters()], ids=["lexical", "encoder"])
def test_both_directions_see_the_same(glossary: Glossary, encoder: Encoder | None) -> None:
    fitted = Recommender(glossary=glossary, encoder=encoder).fit(BOARD)
    ready = fitted.prepare(NEEDS)
    for row, offered in enumerate(BOARD):
        side = fitted._catalogue([offered])
        places = np.arange(len(NEEDS))
        there = evidence_of_capability(ready, places, side, text_fit(ready, side))
        for place in places:
            here = evidence_of_need(ready, place, fitted.capabilities_, np.array([row]))
            for name in ("fit", "reverse", "breadth", "meaning", "richness", "excluded", "refused"):
                one, other = getattr(here, name)[0], getattr(there, name)[place]
                assert one == pytest.approx(other, abs=1e-9), (name, offered.id)

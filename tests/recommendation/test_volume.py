"""Places in lists of partners are not for sale by volume, on the demonstration's listings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

import pytest

from matchmaker.demo.stage import rows
from matchmaker.engine import Listing
from matchmaker.recommendation.rules import Known
from matchmaker.recommendation.run import compute

pytestmark = pytest.mark.slow

OFFERING = {"zh": "我们提供：", "en": "We offer: ", "es": "Ofrecemos: "}
SPAMMER = 1


@cache
def demonstration(kind: str) -> Sequence[tuple[Listing, int]]:
    """Published listings with a number of their organisation, numbered from 1."""
    numbers = {entry["id"]: 2 + place for place, entry in enumerate(rows("organisations"))}
    found, first = [], 1 if kind == "need" else 1_001
    for entry in rows("needs" if kind == "need" else "capabilities"):
        if entry["status"] == "published":
            listing = Listing(
                str(first + len(found)),
                kind,
                entry["title"],
                summary=entry["summary"],
                description=entry["description"],
                language=entry["lang"],
                must_haves=tuple(entry.get("must_haves") or ()),
                goal=entry["goal"],
                modes=tuple(entry["modes"]),
                trl=entry.get("trl"),
            )
            found.append((listing, numbers[entry["organisation"]]))
    return found


def capabilities_of_needs(more: Sequence[tuple[Listing, int]] = ()) -> Mapping[str, list[str]]:
    """Need → confident capabilities, the best first; `more` ones are numbered from 10,001."""
    added = [(replace(one, id=str(10_001 + n)), owner) for n, (one, owner) in enumerate(more)]
    offered = [*demonstration("need"), *demonstration("capability"), *added]
    texts = {int(listing.id): listing for listing, _ in offered}
    known = {int(one.id): Known(one.kind, 1, owner, "", f"{owner}") for one, owner in offered}
    due = dict.fromkeys(texts, 1)
    work = compute.Work(due, known, frozenset(texts), texts, None, "", "", None)
    found = compute.explain(work, compute.score(work), (), {})
    ranked: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    for pair in found.pairs.values():
        if pair.band != "weak":
            ranked[pair.need_id].append((-pair.score, pair.capability_id))
    return {need: [capability for _, capability in sorted(best)] for need, best in ranked.items()}


@pytest.fixture(scope="module")
def honest() -> Mapping[str, list[str]]:
    return capabilities_of_needs()


def changed(text: str, number: int) -> str:
    """The text with every twelfth character gone, another one each time, and words at its end."""
    kept = (character for place, character in enumerate(text) if (place + number) % 12)
    return f"{''.join(kept)} No. {number}"


def is_added(capability: str) -> bool:
    return int(capability) > 10_000


def owners(capabilities: Sequence[str]) -> set[int]:
    by_id = {listing.id: owner for listing, owner in demonstration("capability")}
    return {by_id[one] for one in capabilities if not is_added(one)}


def test_fifteen_listings_of_all_titles_take_no_place(honest: Mapping[str, list[str]]) -> None:
    titles = [need.title for need, _ in demonstration("need")]
    stuffed = [
        Listing(
            "",
            "capability",
            f"{('技术服务', 'Technology services', 'Servicios tecnológicos')[n % 3]} {n}",
            description="\n".join(titles[n:] + titles[:n]),
            language=("zh", "en", "es")[n % 3],
        )
        for n in range(15)
    ]
    found = capabilities_of_needs([(one, SPAMMER) for one in stuffed])
    assert not [one for best in found.values() for one in best if is_added(one)]
    assert found == honest


def test_a_copy_of_each_need_is_nobodys_first(honest: Mapping[str, list[str]]) -> None:
    copies = [
        replace(need, kind="capability", title=OFFERING[need.language or "zh"] + need.title)
        for need, _ in demonstration("need")
    ]
    found = capabilities_of_needs([(one, SPAMMER) for one in copies])
    assert not [need for need, best in found.items() if is_added(best[0])]
    for need, best in honest.items():
        assert owners(best[:10]) <= owners(found[need])


@pytest.mark.parametrize("owned", ["by one", "by a hundred"])
def test_a_hundred_near_copies_take_no_second_place(
    honest: Mapping[str, list[str]], owned: str
) -> None:
    need, best = next((need, best) for need, best in honest.items() if len(best) > 2)
    original = next(one for one, _ in demonstration("capability") if one.id == best[0])
    copies = [
        replace(original, description=f"{original.description} No. {number}")
        for number in range(100)
    ]
    added = [(one, SPAMMER if owned == "by one" else 5_000 + n) for n, one in enumerate(copies)]
    found = capabilities_of_needs(added)
    assert found[need] == best


def test_a_thousand_listings_of_one_owner_take_few_places(honest: Mapping[str, list[str]]) -> None:
    offered = [one for one, _ in demonstration("capability")]
    flood = [
        replace(one, title=f"{number} {one.title}", description=changed(one.description, number))
        for number in range(1_000)
        for one in [offered[number % len(offered)]]
    ]
    found = capabilities_of_needs([(one, SPAMMER) for one in flood])
    first = [best[0] for best in found.values()]
    assert sum(map(is_added, first)) <= 0.1 * len(first)
    for need, best in honest.items():
        assert owners(best) <= owners(found[need])

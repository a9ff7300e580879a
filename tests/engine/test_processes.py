"""Several processes give what one gives, in the same order."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from matchmaker.engine import Recommender
from matchmaker.engine.listing import Listing
from matchmaker.engine.processes import cores, spread
from matchmaker.engine.vectors import vectoriser as vectors
from matchmaker.paths import ROOT

linux_only = pytest.mark.skipif(
    "not __import__('sys').platform.startswith('linux')", reason="copies are made on Linux only"
)


@pytest.mark.parametrize(("n_jobs", "items"), [(1, 5), (2, 0), (2, 1), (2, 5), (3, 2)])
def test_order_is_kept(n_jobs: int, items: int) -> None:
    assert list(spread(lambda item: item * item, range(items), n_jobs)) == [
        item * item for item in range(items)
    ]


@linux_only
def test_copies_do_the_work_and_need_no_picture_of_it() -> None:
    """In a process of its own, which no other test has left a thread in."""
    script = (
        "import os, threading; from matchmaker.engine.processes import spread; "
        "lock = threading.Lock(); "  # cannot be sent to another process
        "assert os.getpid() not in set(spread(lambda item: (lock, os.getpid())[1], range(4), 2))"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", script], cwd=ROOT, check=True)


def test_beside_other_threads_no_copies_are_made() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert set(spread(lambda item: os.getpid(), range(4), 2)) == {os.getpid()}
    finally:
        stop.set()
        thread.join()


@linux_only
def test_an_error_in_a_copy_reaches_us() -> None:
    with pytest.raises(ZeroDivisionError):
        list(spread(lambda item: 1 // item, range(2), 2))


def test_a_listing_is_read_alike_by_several() -> None:
    def fitted(n_jobs: int) -> Recommender:
        return Recommender(n_jobs=n_jobs).fit(list(capabilities()))

    need = Listing("n", "need", "盐湖提锂", "需要从老卤中提锂的吸附剂。", language="zh")
    assert fitted(2).rank([need]) == fitted(1).rank([need])


def capabilities() -> Iterator[Listing]:
    for number, title in enumerate(
        ("铝系锂吸附剂", "Goat breeding by genome", "Riego por goteo solar", "Lithium adsorbent")
    ):
        yield Listing(str(number), "capability", title, language=("zh", "en", "es", "en")[number])


def test_there_is_at_least_one_core() -> None:
    assert cores() >= 1


@linux_only
def test_what_copies_have_read_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    listings = list(capabilities())
    recommender = Recommender(n_jobs=2).fit(listings)
    texts = [(one.title, one.language, one.kind, recommender.glossary_) for one in listings]
    vectors.field_occurrences.cache_clear()
    handed_over = [vectors.field_occurrences(*text) for text in texts]
    vectors.field_occurrences.cache_clear()
    assert [vectors.field_occurrences(*text) for text in texts] == handed_over
    vectors.field_occurrences.cache_clear()
    recommender.fit(listings)
    monkeypatch.delattr(vectors, "occurrences")
    assert [vectors.field_occurrences(*text) for text in texts] == handed_over

"""What is written as a row is read again as the same listing."""

from __future__ import annotations

import json
from pathlib import Path

from matchmaker.commands.tables import read_listings
from matchmaker.engine import Listing
from matchmaker.listingrows import to_row


def test_a_row_is_read_as_the_listing_it_was_made_of(tmp_path: Path) -> None:
    full = Listing(
        id="7",
        kind="need",
        title="Brine",
        summary="Lithium from brine",
        description="At 3,000 m.",
        language="en",
        tags=("Salt lakes",),
        must_haves=("95 % recovery", "No fresh water"),
        goal="talent",
        modes=("joint_research",),
        province="63",
        org_type="enterprise",
        trl=6,
        tasks=("QH-1",),
    )
    bare = Listing(id="8", kind="need", title="Nothing else")
    path = tmp_path / "needs.jsonl"
    path.write_text("".join(json.dumps(to_row(one)) + "\n" for one in (full, bare)))
    assert read_listings(path, "need") == [full, bare]

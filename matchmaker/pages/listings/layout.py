"""Where the fields of a listing's form stand: in sections on one page, or in steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matchmaker.listings.resources import resource
from matchmaker.pages.shared.detail_fields import DETAIL

Layout = Mapping[str, Sequence[str]]  # section or step → its fields

# What stands for the fields of the resource.
OWN = "own"
SECTIONS: Mapping[str, Layout] = {
    "need": {
        "text": ("resource", "title", "summary", "description", "language"),
        "own": (OWN,),
        "requirements": ("must_haves", "nice_to_haves"),
        "place": ("sectors", "tasks"),
        "cooperation": ("goal", "modes"),
        "talent": ("talent_kind", "talent_number", "talent_months"),
        "frame": ("province", "deadline", "trl", "budget_min", "budget_max", "fund_source"),
        "confidential": ("annex",),
    },
    "capability": {
        "text": ("resource", "title", "summary", "description", "language"),
        "own": (OWN,),
        "proof": ("evidence", "references", "deployments", "ip_status", "licences"),
        "place": ("sectors", "tasks"),
        "cooperation": ("goal", "modes"),
        "talent": ("talent_kind", "talent_number", "talent_months", "seats"),
        "frame": ("province", "deadline", "trl"),
        "confidential": ("annex",),
    },
}
# The same fields one thing at a time. The last two steps show what the others lead to.
STEPS: Mapping[str, Layout] = {
    "need": {
        "words": ("resource", "title", "summary", "description"),
        "understood": ("must_haves", "goal", "modes", "sectors", "tasks", "language"),
        "details": (
            OWN,
            "province",
            "deadline",
            "trl",
            "nice_to_haves",
            "budget_min",
            "budget_max",
            "fund_source",
            "talent_kind",
            "talent_number",
            "talent_months",
            "annex",
        ),
        "partners": (),
        "check": (),
    },
    "capability": {
        "words": ("resource", "title", "summary", "description"),
        "understood": ("goal", "modes", "sectors", "tasks", "language"),
        "details": (
            OWN,
            "evidence",
            "references",
            "ip_status",
            "licences",
            "province",
            "deadline",
            "trl",
            "deployments",
            "talent_kind",
            "talent_number",
            "talent_months",
            "seats",
            "annex",
        ),
        "partners": (),
        "check": (),
    },
}


def of_resource(layout: Layout, code: str) -> dict[str, list[str]]:
    """The layout with the fields that a resource has; sections that are left empty go."""
    form = resource(code)
    own = [DETAIL + one.code for one in form.details]
    found = {
        part: [
            name
            for entry in names
            for name in (own if entry == OWN else [entry])
            if name not in form.left_out
        ]
        for part, names in layout.items()
    }
    return {part: names for part, names in found.items() if names or not layout[part]}

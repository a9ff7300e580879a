from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matchmaker.recommendation.models import Suggestion
from tests import factories

Count = Callable[[], Any]


@factories.together()
def pair(west: str = "63", east: str = "37", **fields: Any) -> Suggestion:
    """A suggestion from one province to another."""
    need = factories.need(
        organisation=factories.OrganisationFactory(province=west),
        title=fields.pop("need_title", "A need"),
    )
    offering = factories.OrganisationFactory(province=east)
    capability = factories.capability(
        organisation=offering, title=fields.pop("capability_title", "A capability")
    )
    suggestion: Suggestion = factories.SuggestionFactory(need=need, capability=capability, **fields)
    return suggestion

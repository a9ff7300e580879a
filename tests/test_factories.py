"""The factories themselves work on both databases."""

import pytest

from tests import factories


@pytest.mark.both_databases
def test_a_suggestion_brings_all_it_needs(app) -> None:
    suggestion = factories.SuggestionFactory()
    assert suggestion.provinces == ("63", "37")


def test_the_plan_page_answers(client) -> None:
    factories.plan()
    client.page("/plan")

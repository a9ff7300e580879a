"""Whether the words of messages are mailed is each reader's choice."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.notices.models import Preference
from matchmaker.notices.states import Topic
from tests.client import PageClient
from tests.factories import OrganisationFactory, member_of

USUAL = {
    f"{topic}_{part}": value
    for topic in Topic.MEMBERS
    for part, value in (("in_app", "y"), ("mail", "at_once"))
}


@pytest.mark.parametrize(("chosen", "expected"), [({}, False), ({"with_words": "y"}, True)])
def test_words_are_mailed_only_where_that_was_chosen(
    client: PageClient, session: Session, chosen: dict[str, str], expected: bool
) -> None:
    client.sign_in(member_of(OrganisationFactory()))
    client.submit("/notices/preferences", {**USUAL, **chosen})
    query = select(Preference.with_words).where(Preference.topic == Topic.MESSAGE)
    assert session.scalars(query).all() == [expected]

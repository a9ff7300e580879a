"""Every state has a label in the code lists."""

from __future__ import annotations

import pytest

from matchmaker import codelists
from matchmaker.cooperation.states import MatchStatus
from matchmaker.curation.states import PairQueue
from matchmaker.listings.states import ListingStatus
from matchmaker.meetings.states import MeetingStatus
from matchmaker.notices.states import Frequency, Topic
from matchmaker.organisations.states import OrganisationStatus
from matchmaker.permissions import MemberRole
from matchmaker.recommendation.states import Band, SuggestionStatus


@pytest.mark.parametrize(
    ("states", "codelist"),
    [
        (OrganisationStatus, "organisation_status"),
        (ListingStatus, "listing_status"),
        (MatchStatus, "match_status"),
        (MeetingStatus, "meeting_status"),
        (SuggestionStatus, "suggestion_status"),
        (Band, "band"),
        (MemberRole, "organisation_role"),
        (Topic, "notice_topic"),
        (Frequency, "mail_frequency"),
    ],
)
def test_states_are_codes_of_their_list(states, codelist):
    assert set(states) <= set(codelists.codes(codelist))


def test_every_decision_has_a_queue():
    assert set(SuggestionStatus) <= set(PairQueue)


def test_groups_are_no_states():
    assert list(MatchStatus.OPEN) == ["proposed", "one_side_interested"]
    assert "OPEN" not in MatchStatus.__members__

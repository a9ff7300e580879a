"""Where the database keeps something about a person: one line a column that names an account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import InstrumentedAttribute

from matchmaker.accounts.models import (
    FeedAddress,
    LinkedSignIn,
    RecoveryCode,
    RoleRequest,
    SecondFactor,
    StaffContact,
    StaffRole,
    UserSession,
)
from matchmaker.agreements.models import AgreementPerson, AgreementVersion, Consent
from matchmaker.conversations.models import Draft, Message
from matchmaker.cooperation.models import (
    ConfidentialityAcceptance,
    CuratorInvitation,
    Interest,
    Match,
    Step,
)
from matchmaker.curation.models import Judgement
from matchmaker.files.models import StoredFile
from matchmaker.imports.models import CuratedImport, Import, ImportBatch
from matchmaker.listings.models import (
    Bookmark,
    Listing,
    PublishedChange,
    Reminder,
    Review,
    WorkingText,
)
from matchmaker.meetings.models import Attendance, Meeting, Minutes
from matchmaker.notices.models import Notice, OutboxMail, Preference
from matchmaker.organisations.claims.models import Claim, ClaimMessage
from matchmaker.organisations.models import (
    Handover,
    Invitation,
    JoinRequest,
    Membership,
    OrganisationMerge,
    ProfileChange,
    Registration,
    ShownPerson,
    Verification,
    VerificationMessage,
)
from matchmaker.outcomes.models import FollowUp, OutcomeVersion, Satisfaction
from matchmaker.recommendation.models import Question, SuggestionMark
from matchmaker.search.models import SavedSearch

Column = InstrumentedAttribute[Any]


@dataclass(frozen=True, slots=True)
class Holding:
    """Rows of a person: `owner` holds the account's number, `exported` is what the person gets.

    Rows that are not `kept` go with the account. Those that are kept belong to the work of an
    organisation or of the platform. They name a number then, and nobody. With an organisation that
    nobody took over in time, its invitations and drafts go too: `curation.untaken`.
    """

    name: str
    owner: Column
    exported: tuple[Column, ...]
    kept: bool = False


HOLDINGS = (
    Holding("roles", StaffRole.user_id, (StaffRole.role, StaffRole.province)),
    Holding(
        "roles_to_be_confirmed",
        RoleRequest.user_id,
        (RoleRequest.role, RoleRequest.provinces, RoleRequest.at),
    ),
    Holding(
        "roles_asked_for_others",
        RoleRequest.asked_by_id,
        (RoleRequest.user_id, RoleRequest.role, RoleRequest.provinces, RoleRequest.at),
        kept=True,
    ),
    Holding(
        "sessions",
        UserSession.user_id,
        (
            UserSession.address,
            UserSession.browser,
            UserSession.second_factor,
            UserSession.created_at,
            UserSession.seen_at,
            UserSession.ended_at,
        ),
    ),
    Holding("authenticator_app", SecondFactor.user_id, (SecondFactor.confirmed_at,)),
    Holding(
        "sign_in_by_institution",
        LinkedSignIn.user_id,
        (
            LinkedSignIn.issuer,
            LinkedSignIn.subject,
            LinkedSignIn.linked_at,
            LinkedSignIn.unlinked_at,
        ),
    ),
    Holding("address_of_feeds", FeedAddress.user_id, (FeedAddress.made_at,)),
    Holding("recovery_codes", RecoveryCode.user_id, (RecoveryCode.used_at,)),
    Holding(
        "memberships",
        Membership.user_id,
        (Membership.organisation_id, Membership.role, Membership.joined_at),
    ),
    Holding("registrations", Registration.user_id, (Registration.data, Registration.created_at)),
    Holding(
        "how_organisations_reach_the_curator",
        StaffContact.user_id,
        (StaffContact.office, StaffContact.phone, StaffContact.email),
    ),
    Holding(
        "requests_to_join",
        JoinRequest.user_id,
        (JoinRequest.organisation_id, JoinRequest.at, JoinRequest.status),
    ),
    Holding(
        "requests_to_join_decided",
        JoinRequest.decided_by_id,
        (JoinRequest.organisation_id, JoinRequest.status, JoinRequest.decided_at),
        kept=True,
    ),
    Holding(
        "requests_for_an_account",
        Claim.user_id,
        (Claim.organisation_id, Claim.position, Claim.reason, Claim.at, Claim.status, Claim.note),
        kept=True,
    ),
    Holding(
        "requests_for_an_account_decided",
        Claim.decided_by_id,
        (Claim.organisation_id, Claim.status, Claim.note, Claim.decided_at),
        kept=True,
    ),
    Holding(
        "said_about_requests_for_an_account",
        ClaimMessage.author_id,
        (ClaimMessage.claim_id, ClaimMessage.kind, ClaimMessage.text, ClaimMessage.at),
        kept=True,
    ),
    Holding(
        "said_about_verifications",
        VerificationMessage.author_id,
        (
            VerificationMessage.organisation_id,
            VerificationMessage.kind,
            VerificationMessage.text,
            VerificationMessage.at,
        ),
        kept=True,
    ),
    Holding(
        "people_named",
        ShownPerson.added_by_id,
        (ShownPerson.organisation_id, ShownPerson.added_at),
        kept=True,
    ),
    Holding(
        "notices",
        Notice.user_id,
        (Notice.kind, Notice.params, Notice.path, Notice.created_at, Notice.read_at),
    ),
    Holding(
        "notice_preferences",
        Preference.user_id,
        (Preference.topic, Preference.in_app, Preference.mail, Preference.with_words),
    ),
    Holding(
        "mails",
        OutboxMail.user_id,
        (
            OutboxMail.recipient,
            OutboxMail.kind,
            OutboxMail.created_at,
            OutboxMail.sent_at,
            OutboxMail.given_up_at,
            OutboxMail.last_error,
        ),
    ),
    Holding(
        "files",
        StoredFile.uploaded_by_id,
        (
            StoredFile.id,
            StoredFile.purpose,
            StoredFile.name,
            StoredFile.size,
            StoredFile.created_at,
        ),
        kept=True,
    ),
    Holding(
        "files_deleted",
        StoredFile.deleted_by_id,
        (StoredFile.id, StoredFile.deleted_at),
        kept=True,
    ),
    Holding(
        "invitations_sent",
        Invitation.invited_by_id,
        (Invitation.organisation_id, Invitation.role, Invitation.created_at),
        kept=True,
    ),
    Holding(
        "verifications",
        Verification.curator_id,
        (
            Verification.organisation_id,
            Verification.evidence,
            Verification.verified_on,
            Verification.expires_on,
        ),
        kept=True,
    ),
    Holding(
        "verifications_confirmed",
        Verification.second_id,
        (Verification.organisation_id, Verification.verified_on, Verification.expires_on),
        kept=True,
    ),
    Holding(
        "profile_changes",
        ProfileChange.user_id,
        (
            ProfileChange.organisation_id,
            ProfileChange.before,
            ProfileChange.after,
            ProfileChange.status,
            ProfileChange.at,
        ),
        kept=True,
    ),
    Holding(
        "profile_changes_decided",
        ProfileChange.decided_by_id,
        (ProfileChange.organisation_id, ProfileChange.status, ProfileChange.decided_at),
        kept=True,
    ),
    Holding(
        "handovers",
        Handover.administrator_id,
        (Handover.organisation_id, Handover.evidence, Handover.cleared, Handover.at),
        kept=True,
    ),
    Holding(
        "mergers_decided",
        OrganisationMerge.curator_id,
        (
            OrganisationMerge.kept_id,
            OrganisationMerge.merged_id,
            OrganisationMerge.reason,
            OrganisationMerge.at,
        ),
        kept=True,
    ),
    Holding(
        "mergers_undone",
        OrganisationMerge.undone_by_id,
        (OrganisationMerge.kept_id, OrganisationMerge.merged_id, OrganisationMerge.undone_at),
        kept=True,
    ),
    Holding(
        "working_texts",
        WorkingText.author_id,
        (WorkingText.listing_id, WorkingText.typed, WorkingText.at),
        kept=True,
    ),
    Holding(
        "listings",
        Listing.author_id,
        (Listing.id, Listing.kind, Listing.title, Listing.status, Listing.created_at),
        kept=True,
    ),
    Holding(
        "imports",
        Import.user_id,
        (Import.id, Import.kind, Import.name, Import.status, Import.created_at),
        kept=True,
    ),
    Holding(
        "import_batches",
        ImportBatch.user_id,
        (ImportBatch.id, ImportBatch.kind, ImportBatch.name, ImportBatch.created_at),
        kept=True,
    ),
    Holding("curated_imports", CuratedImport.curator_id, (CuratedImport.import_id,), kept=True),
    Holding(
        "reviews",
        Review.curator_id,
        (Review.listing_id, Review.decision, Review.note, Review.at),
        kept=True,
    ),
    Holding(
        "published_changes",
        PublishedChange.user_id,
        (PublishedChange.listing_id, PublishedChange.is_small, PublishedChange.at),
        kept=True,
    ),
    Holding(
        "reminders_answered",
        Reminder.answered_by_id,
        (Reminder.listing_id, Reminder.asked_at, Reminder.answered_at),
        kept=True,
    ),
    Holding(
        "suggestion_marks",
        SuggestionMark.user_id,
        (
            SuggestionMark.suggestion_id,
            SuggestionMark.mark,
            SuggestionMark.reason,
            SuggestionMark.at,
        ),
        kept=True,
    ),
    Holding("bookmarks", Bookmark.user_id, (Bookmark.listing_id, Bookmark.is_watched, Bookmark.at)),
    Holding(
        "saved_searches",
        SavedSearch.user_id,
        (SavedSearch.name, SavedSearch.q, SavedSearch.filters, SavedSearch.created_at),
    ),
    Holding(
        "questions_asked",
        Question.asked_by_id,
        (Question.suggestion_id, Question.must_have, Question.asked_at),
        kept=True,
    ),
    Holding(
        "questions_answered",
        Question.answered_by_id,
        (
            Question.suggestion_id,
            Question.must_have,
            Question.verdict,
            Question.words,
            Question.answered_at,
        ),
        kept=True,
    ),
    Holding("matches_proposed", Match.proposed_by_id, (Match.id, Match.proposal_note), kept=True),
    Holding(
        "interests",
        Interest.user_id,
        (Interest.match_id, Interest.side, Interest.message, Interest.at),
        kept=True,
    ),
    Holding(
        "match_steps",
        Step.user_id,
        (Step.match_id, Step.move, Step.before, Step.after, Step.reason, Step.note, Step.at),
        kept=True,
    ),
    Holding(
        "promises_of_confidentiality",
        ConfidentialityAcceptance.user_id,
        (ConfidentialityAcceptance.match_id, ConfidentialityAcceptance.at),
        kept=True,
    ),
    Holding(
        "meetings_proposed",
        Meeting.user_id,
        (
            Meeting.match_id,
            Meeting.topic,
            Meeting.place,
            Meeting.link,
            Meeting.starts_at,
            Meeting.created_at,
        ),
        kept=True,
    ),
    Holding(
        "meeting_attendances",
        Attendance.user_id,
        (Attendance.meeting_id, Attendance.we_came, Attendance.they_came, Attendance.at),
        kept=True,
    ),
    Holding(
        "meeting_minutes",
        Minutes.user_id,
        (Minutes.meeting_id, Minutes.number, Minutes.text, Minutes.at),
        kept=True,
    ),
    Holding(
        "agreement_versions",
        AgreementVersion.author_id,
        (AgreementVersion.agreement_id, AgreementVersion.number, AgreementVersion.written_at),
        kept=True,
    ),
    Holding(
        "consents_to_agreements",
        Consent.user_id,
        (Consent.version_id, Consent.answer, Consent.words, Consent.at),
        kept=True,
    ),
    Holding(
        "consents_of_people_noted",
        AgreementPerson.consent_noted_by_id,
        (AgreementPerson.agreement_id, AgreementPerson.consent_on),
        kept=True,
    ),
    Holding(
        "messages",
        Message.author_id,
        (Message.match_id, Message.text, Message.created_at, Message.deleted_at),
        kept=True,
    ),
    Holding("message_drafts", Draft.user_id, (Draft.match_id, Draft.text, Draft.saved_at)),
    Holding(
        "curators_invited",
        CuratorInvitation.invited_by_id,
        (CuratorInvitation.match_id, CuratorInvitation.at),
        kept=True,
    ),
    Holding(
        "invitations_of_curators_ended",
        CuratorInvitation.ended_by_id,
        (CuratorInvitation.match_id, CuratorInvitation.ended_at),
        kept=True,
    ),
    Holding(
        "results_reported",
        OutcomeVersion.user_id,
        (
            OutcomeVersion.outcome_id,
            OutcomeVersion.amount,
            OutcomeVersion.first_day,
            OutcomeVersion.last_day,
            OutcomeVersion.evidence,
            OutcomeVersion.evidence_link,
            OutcomeVersion.evidence_number,
            OutcomeVersion.contract_number,
            OutcomeVersion.at,
        ),
        kept=True,
    ),
    Holding(
        "results_answered",
        OutcomeVersion.answered_by_id,
        (
            OutcomeVersion.outcome_id,
            OutcomeVersion.answer,
            OutcomeVersion.answer_words,
            OutcomeVersion.answered_at,
        ),
        kept=True,
    ),
    Holding(
        "results_decided",
        OutcomeVersion.decided_by_id,
        (
            OutcomeVersion.outcome_id,
            OutcomeVersion.decision,
            OutcomeVersion.decision_words,
            OutcomeVersion.decided_at,
        ),
        kept=True,
    ),
    Holding(
        "follow_ups_answered",
        FollowUp.answered_by_id,
        (FollowUp.match_id, FollowUp.progress, FollowUp.reason, FollowUp.answered_at),
        kept=True,
    ),
    Holding(
        "satisfaction",
        Satisfaction.user_id,
        (
            Satisfaction.match_id,
            Satisfaction.again,
            Satisfaction.useful,
            Satisfaction.words,
            Satisfaction.at,
        ),
        kept=True,
    ),
    Holding(
        "judgements",
        Judgement.user_id,
        (
            Judgement.need_id,
            Judgement.capability_id,
            Judgement.grade,
            Judgement.note,
            Judgement.at,
        ),
        kept=True,
    ),
)

"""The meetings of a match: proposed, arranged, held, and what came of them."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, abort, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from matchmaker import jobs
from matchmaker.cooperation import moving
from matchmaker.cooperation import queries as matches
from matchmaker.cooperation.models import Match
from matchmaker.cooperation.rules import SIDES
from matchmaker.db import db, now
from matchmaker.meetings import queries, rules, service
from matchmaker.meetings.messages import file_of
from matchmaker.meetings.models import Meeting
from matchmaker.meetings.states import MeetingStatus
from matchmaker.pages.matches.frame import frame
from matchmaker.pages.meetings.forms import (
    NO,
    YES,
    AcceptForm,
    AttendanceForm,
    CancelForm,
    MinutesForm,
    ProposeForm,
)
from matchmaker.pages.shared.refusals import sentence
from matchmaker.pages.shared.requests import version_sent, version_to_send, whole_number
from matchmaker.permissions import may
from matchmaker.web.forms import Form
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.i18n import reader_language, show_time_in
from matchmaker.web.session import current_actor

blueprint = Blueprint("meetings", __name__)


@blueprint.app_template_filter("own_time")
def own_time(value: datetime) -> str:
    """A time as the reader's own clock shows it, with the name of the zone."""
    return show_time_in(value, current_actor().time_zone)


@blueprint.get("/matches/<int:match_id>/meetings")
@guard("meeting.read", load=matches.match)
def index(match: Match) -> str:
    actor = current_actor()
    refusal = service.obstacle(db.session(), actor, match)
    return render_template(
        "meetings/index.html",
        frame=frame(match, "meetings.index"),
        match=match,
        meetings=queries.of_match(db.session(), match.id),
        names=names_of(match),
        side=moving.side_of(actor, match.need, match.capability),
        obstacle=sentence(refusal) if refusal else "",
        may_propose=may(actor, "meeting.arrange", match) and refusal is None,
    )


@blueprint.route("/matches/<int:match_id>/meetings/new", methods=["GET", "POST"])
@guard("meeting.arrange", load=matches.match)
def propose(match: Match) -> ResponseReturnValue:
    form = ProposeForm() if request.method == "POST" else ProposeForm.empty()
    proposal = form.proposal() if request.method == "POST" else None
    if proposal is None:
        return form_page(match, form)
    meeting = service.propose(db.session(), current_actor(), match, proposal)
    return done(meeting, gettext("Proposed. You will be told as soon as they choose a time."))


@blueprint.get("/meetings/<int:meeting_id>")
@guard("meeting.read", load=queries.meeting)
def show(meeting: Meeting) -> str:
    return meeting_page(meeting)


@blueprint.post("/meetings/<int:meeting_id>/accept")
@guard("meeting.arrange", load=queries.meeting)
def accept(meeting: Meeting) -> ResponseReturnValue:
    form = AcceptForm().offer(times_to_choose(meeting))
    version = version_sent()
    if meeting.version == version and not form.validate():
        return meeting_page(meeting, form), 422
    time_id = whole_number(form.time.data) or 0
    service.accept(db.session(), current_actor(), meeting, time_id, version=version)
    return done(meeting, gettext("Arranged. Both sides get the entry for their calendars by mail."))


@blueprint.route("/meetings/<int:meeting_id>/move", methods=["GET", "POST"])
@guard("meeting.arrange", load=queries.meeting)
def move(meeting: Meeting) -> ResponseReturnValue:
    """Propose other times."""
    form = ProposeForm() if request.method == "POST" else ProposeForm.empty(meeting)
    proposal = form.proposal() if request.method == "POST" else None
    if proposal is None:
        return form_page(meeting.match, form, meeting)
    service.move(db.session(), current_actor(), meeting, proposal, version=version_sent())
    return done(meeting, gettext("Proposed. You will be told as soon as they choose a time."))


@blueprint.post("/meetings/<int:meeting_id>/cancel")
@guard("meeting.arrange", load=queries.meeting)
def cancel(meeting: Meeting) -> ResponseReturnValue:
    form = CancelForm()
    if not form.validate():
        return meeting_page(meeting, form), 422
    words = form.words.data
    service.cancel(db.session(), current_actor(), meeting, words, version=version_sent())
    return done(meeting, gettext("Cancelled. The other side has been told."))


@blueprint.post("/meetings/<int:meeting_id>/attendance")
@guard("meeting.arrange", load=queries.meeting)
def note_attendance(meeting: Meeting) -> ResponseReturnValue:
    form = AttendanceForm()
    if not form.validate():
        return meeting_page(meeting, form), 422
    service.note_attendance(
        db.session(),
        current_actor(),
        meeting,
        we_came=form.we_came.data == YES,
        they_came=form.they_came.data == YES,
    )
    return done(meeting, gettext("Recorded."))


@blueprint.post("/meetings/<int:meeting_id>/minutes")
@guard("meeting.arrange", load=queries.meeting)
def write_minutes(meeting: Meeting) -> ResponseReturnValue:
    form = MinutesForm()
    if not form.validate():
        return meeting_page(meeting, form), 422
    service.write_minutes(
        db.session(), current_actor(), meeting, form.text.data, number=version_sent()
    )
    return done(meeting, gettext("Saved. The other side has been told."))


@blueprint.get("/meetings/<int:meeting_id>/meeting.ics")
@guard("meeting.read", load=queries.meeting)
def download(meeting: Meeting) -> Response:
    """The meeting as a file that calendars open."""
    text = file_of(meeting, reader_language())
    if text is None:
        abort(404)
    headers = {
        "Content-Disposition": f'attachment; filename="meeting-{meeting.id}.ics"',
        "Cache-Control": "no-store",
    }
    return Response(text, mimetype="text/calendar", headers=headers)


def form_page(
    match: Match, form: ProposeForm, meeting: Meeting | None = None
) -> ResponseReturnValue:
    """The form for times; `meeting`: the one that they are for, if there is one already."""
    refusal = service.obstacle(db.session(), current_actor(), match)
    page = render_template(
        "meetings/propose.html",
        frame=frame(match, "meetings.index"),
        match=match,
        meeting=meeting,
        version=version_to_send(meeting.version) if meeting else None,
        form=form,
        obstacle=sentence(refusal) if refusal else "",
    )
    return page, 422 if form.errors else 200


def meeting_page(meeting: Meeting, sent: Form | None = None) -> str:
    """Show a meeting and the moves that are open; a form that was sent keeps text and errors."""
    actor, match = current_actor(), meeting.match
    side = moving.side_of(actor, match.need, match.capability)
    refusal = service.obstacle(db.session(), actor, match)
    moves = rules.moves_open(meeting.standing, meeting.proposed_by, side, may_go_on=refusal is None)
    forms = {type(form): form for form in empty_forms(meeting, side)}
    if sent is not None:
        forms[type(sent)] = sent
    return render_template(
        "meetings/show.html",
        frame=frame(match, "meetings.index"),
        match=match,
        meeting=meeting,
        names=names_of(match),
        side=side,
        moves=moves if may(actor, "meeting.arrange", meeting) else frozenset(),
        obstacle=sentence(refusal) if refusal else "",
        version=version_to_send(meeting.version),
        number=version_to_send(meeting.records[0].number if meeting.records else 0),
        accepting=forms[AcceptForm],
        cancelling=forms[CancelForm],
        attending=forms[AttendanceForm],
        writing=forms[MinutesForm],
    )


def empty_forms(meeting: Meeting, side: str) -> tuple[Form, ...]:
    """The forms before anything is sent, with what their readers said before."""
    said = meeting.attendance_by(side)
    attendance = {
        name: YES if getattr(said, name) else NO for name in ("we_came", "they_came") if said
    }
    minutes = {"text": meeting.records[0].text} if meeting.records else {}
    return (
        AcceptForm(formdata=None).offer(times_to_choose(meeting)),
        CancelForm(formdata=None),
        AttendanceForm(formdata=None, data=attendance),
        MinutesForm(formdata=None, data=minutes),
    )


def times_to_choose(meeting: Meeting) -> list[tuple[str, str]]:
    """The times that have not passed: number and words."""
    if meeting.standing != MeetingStatus.PROPOSED:
        return []
    at = now()
    return [
        (str(time.id), own_time(time.starts_at)) for time in meeting.times if time.starts_at > at
    ]


def names_of(match: Match) -> dict[str, str]:
    """Side → the name of its organisation in the reader's language."""
    language = reader_language()
    listings = (match.need, match.capability)
    return {
        side: listing.organisation.name_for(language)
        for side, listing in zip(SIDES, listings, strict=True)
    }


def done(meeting: Meeting, message: str) -> ResponseReturnValue:
    jobs.commit("deliver_mail")
    flash(message)
    return redirect_to("meetings.show", meeting_id=meeting.id)

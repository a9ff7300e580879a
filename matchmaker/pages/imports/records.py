"""A capability from a file: a filled draft, and the words that each field rests on."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from matchmaker import codelists, jobs, phrasing
from matchmaker.db import db
from matchmaker.errors import Refusal, Refused
from matchmaker.files.rules import MOST_BYTES
from matchmaker.imports import documents, queries, records, service
from matchmaker.listings import queries as listings
from matchmaker.listings.rules import Subject, content_of
from matchmaker.listings.values import level_text
from matchmaker.organisations.queries import organisation as organisation_by_id
from matchmaker.pages.imports.forms import RecordForm
from matchmaker.pages.imports.wording import content_label
from matchmaker.pages.shared.refusals import sentence
from matchmaker.plan import queries as plans
from matchmaker.web.forms import trimmed
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.i18n import reader_language
from matchmaker.web.security import begin_to_write, takes_files
from matchmaker.web.session import current_actor

blueprint = Blueprint("records", __name__)


@blueprint.get("/our/imports/record")
@guard("import.begin")
def choose() -> str:
    return _page(RecordForm(formdata=None))


def _page(form: RecordForm) -> str:
    may_post = current_actor().may_post_capabilities
    return render_template("imports/record.html", form=form, may_post=may_post)


@blueprint.post("/our/imports/record")
@takes_files
@guard("import.begin")
def fill() -> ResponseReturnValue:
    """Read a file, in a process of its own and with no transaction open, and draft what it says."""
    form, actor = RecordForm(), current_actor()
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        form.refuse(gettext("%(field)s: choose a file.", field=form.file.label.text))
        return _page(form), 422
    name = trimmed(sent.filename)[-200:]
    try:
        data = sent.stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise Refused(Refusal.FILE_TOO_LARGE)
        filled = records.fill(records.read(trimmed_text(documents.text_of(data))))
        if "title" not in filled.values:
            raise Refused(Refusal.RECORD_EMPTY)
        begin_to_write()
        organisation = organisation_by_id(db.session(), actor.organisation_id)
        plan = plans.current(db.session())
        if organisation is None or plan is None:
            abort(404)
        listing = service.draft_from(db.session(), actor, organisation, plan, filled, name=name)
        jobs.commit()
    except Refused as error:
        db.session.rollback()
        form.refuse(sentence(error.refusal, **{"name": name, **error.data}))
        return _page(form), 422
    return redirect_to("imports.records.show", listing_id=listing.id)


def trimmed_text(text: str) -> str:
    """Return each line as all that is typed is cleaned."""
    return "\n".join(map(trimmed, text.splitlines()))


@blueprint.get("/our/drafts/<int:listing_id>/source")
@guard("listing.edit", load=listings.subject)
def show(subject: Subject) -> str:
    """Show what was filled in, each field beside the words that it rests on."""
    source = queries.source_of(db.session(), subject.listing.id)
    if source is None:
        abort(404)
    return render_template(
        "imports/source.html",
        listing=subject.listing,
        source=source,
        rows=[
            (content_label(name), _value(subject, name), words)
            for name, words in source.sentences.items()
        ],
    )


def _value(subject: Subject, name: str) -> str:
    """Return what a field holds now, where that is no text of the file."""
    content, language = content_of(subject.listing), reader_language()
    if name == "sectors":
        names = [codelists.label("sector", code, language) for code in content.sectors]
        return phrasing.listed(names, language)
    if name == "ip_status" and content.ip_status:
        return codelists.label("ip_status", content.ip_status, language)
    return level_text(content.trl, content.trl_high) if name == "trl" and content.trl else ""

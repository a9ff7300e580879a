"""The files of a listing's confidential annex, for its own organisation to add and to delete."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.db import db
from matchmaker.errors import Refused
from matchmaker.files.models import StoredFile
from matchmaker.files.service import receiving
from matchmaker.listings import annex, queries
from matchmaker.listings.models import Listing
from matchmaker.pages.shared.uploads import FilesForm, files_field
from matchmaker.permissions import may
from matchmaker.web.guards import guard, redirect_to
from matchmaker.web.security import begin_to_write, takes_files
from matchmaker.web.session import current_actor

blueprint = Blueprint("annex", __name__)


class AnnexForm(FilesForm):
    files = files_field()


@dataclass(frozen=True, slots=True)
class Part:
    """A file of an annex; whose listing it is decides who may."""

    listing: Listing
    file: StoredFile

    @property
    def organisation_id(self) -> int:
        return self.listing.organisation_id


def load(session: Session, listing_id: int) -> Listing | None:
    subject = queries.subject(session, listing_id)
    return subject.listing if subject else None


def load_part(session: Session, listing_id: int, file_id: int) -> Part | None:
    listing = load(session, listing_id)
    files = listing.annex_files if listing else ()
    file = next((one for one in files if one.id == file_id), None)
    return Part(listing, file) if listing and file else None


@blueprint.get("/listings/<int:listing_id>/annex")
@guard("listing.edit", load=load)
def index(listing: Listing) -> str:
    return _page(listing, AnnexForm(formdata=None))


def _page(listing: Listing, form: AnnexForm) -> str:
    return render_template("listings/annex.html", listing=listing, form=form)


@blueprint.post("/listings/<int:listing_id>/annex")
@takes_files
@guard("listing.edit", load=load)
def add(listing: Listing) -> ResponseReturnValue:
    form, listing_id = AnnexForm(), listing.id
    try:
        with receiving(form.uploads) as received:
            begin_to_write()
            annex.add_files(db.session(), current_actor(), _again(listing_id), received)
            jobs.commit()
    except Refused as error:
        db.session.rollback()
        form.refuse(error)
        return _page(_again(listing_id), form), 422
    flash(gettext("Added. Anyone who has promised not to disclose the annex has to promise again."))
    return redirect_to("listings.annex.index", listing_id=listing_id)


def _again(listing_id: int) -> Listing:
    """The listing as it is now: files were checked meanwhile."""
    listing = load(db.session(), listing_id)
    if listing is None or not may(current_actor(), "listing.edit", listing):
        abort(404)
    return listing


@blueprint.post("/listings/<int:listing_id>/annex/<int:file_id>/delete")
@guard("listing.edit", load=load_part)
def delete(part: Part) -> ResponseReturnValue:
    annex.remove_file(db.session(), current_actor(), part.listing, part.file)
    jobs.commit("remove_files")
    flash(gettext("Deleted. The history shows that there was a file."))
    return redirect_to("listings.annex.index", listing_id=part.listing.id)

"""A table that is sent by a form, and kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.utils import redirect

from matchmaker import jobs
from matchmaker.db import db
from matchmaker.errors import Refused
from matchmaker.files.rules import MOST_BYTES
from matchmaker.pages.imports import sent, wording
from matchmaker.pages.imports.forms import UploadForm
from matchmaker.pages.shared.refusals import sentence
from matchmaker.tables.reading import Reading
from matchmaker.tables.sheets import UnreadableTable
from matchmaker.web.forms import trimmed
from matchmaker.web.security import begin_to_write

F = TypeVar("F", bound=UploadForm)
Keep = Callable[[Reading, str, str], str]  # reading, kind, name → the address of the next page


def take(form: F, keep: Keep, page: Callable[[F], str]) -> ResponseReturnValue:
    """Read a file, in a process of its own and with no transaction open, and keep what it says."""
    file, kind = request.files.get("file"), form.kind.data
    if kind not in dict(form.kind.choices):  # type: ignore[arg-type]
        form.kind.errors = [gettext("%(field)s: please fill this in.", field=form.kind.label.text)]
        return page(form), 422
    if file is None or not file.filename:
        form.refuse(gettext("%(field)s: choose a file.", field=form.file.label.text))
        return page(form), 422
    name = trimmed(file.filename)[-200:]
    try:
        reading = sent.read(name, file.stream.read(MOST_BYTES + 1), kind)
        begin_to_write()
        address = keep(reading, kind, name)
        jobs.commit()
    except UnreadableTable as error:
        form.refuse(wording.of_file(error))
    except Refused as error:
        db.session.rollback()
        form.refuse(sentence(error.refusal, **error.data))
    else:
        return redirect(address, code=303)
    return page(form), 422

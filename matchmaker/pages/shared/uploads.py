"""Files that come with a form: one field, one way to read it, and what is wrong beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any, ClassVar

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import MultipleFileField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from matchmaker.errors import Refusal, Refused
from matchmaker.files.rules import ENDINGS, MOST_AT_ONCE
from matchmaker.pages.shared.refusals import sentence
from matchmaker.pages.shared.requests import whole_number
from matchmaker.services import services
from matchmaker.web.forms import Form
from matchmaker.web.resume import LOST_FILES


def files_field(label: Any = None) -> MultipleFileField:
    return MultipleFileField(label or _l("Files"), render_kw={"accept": ENDINGS})


class KeptFilesField(SelectMultipleField):
    """Files that were given before, as checkboxes: the form's maker sets them."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, coerce=_id, validate_choice=False, **kwargs)


def _id(sent: Any) -> int:
    return whole_number(str(sent)) or 0


class FilesForm(Form):
    """A form with a field `files` and its hint.

    `beside`: the fields of other refusals of its service.
    """

    files: MultipleFileField
    files_hint: ClassVar[Any] = _l(
        "At most %(most)s, each up to 20 MiB: PDF, DOCX, XLSX, PPTX, PNG, JPEG, WebP. Names of "
        "authors and places are removed from a file's properties.",
        most=MOST_AT_ONCE,
    )
    beside: ClassVar[Mapping[Refusal, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.files.description = self.files_hint

    def validate(self, extra_validators: Any = None) -> bool:
        """Find the form's faults; one is that files did not come along when it was sent again."""
        valid = bool(super().validate(extra_validators))
        if LOST_FILES not in request.form or self.uploads:
            return valid
        lost = gettext(
            "Files: please choose them again. They were lost when the form was sent again."
        )
        self.files.errors = [*self.files.errors, lost]
        return False

    @property
    def uploads(self) -> list[tuple[IO[bytes], str]]:
        """What was chosen, as `files.service.receiving` takes it."""
        sent = request.files.getlist(self.files.name)
        return [(one.stream, one.filename) for one in sent if one.filename]

    @property
    def scanning(self) -> str:
        """Whether files are scanned, in words."""
        if services().settings.clamd:
            return str(gettext("Files are scanned for viruses."))
        return str(gettext("This site does not scan files for viruses."))

    def refuse(self, error: Refused) -> None:
        """Say beside a field what is wrong; raise the error where it is about none of them."""
        name = "files" if error.refusal in Refusal.OF_FILES else self.beside.get(error.refusal)
        if name is None:
            raise error
        field = self[name]
        field.errors = [*field.errors, sentence(error.refusal, **error.data)]

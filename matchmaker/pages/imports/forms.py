"""The form that takes a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import FileField, RadioField

from matchmaker import codelists
from matchmaker.listings.rules import KINDS
from matchmaker.tables.reading import SUFFIXES
from matchmaker.web.forms import Form
from matchmaker.web.i18n import reader_language

ORGANISATION = "organisation"


class RecordForm(Form):
    """The record of one patent or paper."""

    file = FileField(
        _l("File"),
        render_kw={"accept": ".ris,.enw,.net,.txt,.docx,.pdf"},
        description=_l(
            "An export from CNKI, RIS or EndNote, a DOCX, or a PDF with text; 20 MB at most."
        ),
    )

    def refuse(self, sentence: str) -> None:
        """Say beside the file what is wrong with it."""
        self.file.errors = [*self.file.errors, sentence]


class UploadForm(RecordForm):
    """A table, and which kind of listing stands in it."""

    kind = RadioField(_l("What does it contain?"), validate_choice=False)
    file = FileField(
        _l("Table"),
        render_kw={"accept": ",".join(SUFFIXES)},
        description=_l("xlsx, xls, csv, tsv, txt or jsonl; at most 20 MB and 10,000 rows."),
    )

    def __init__(self, kinds: Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        language = reader_language()
        self.kind.choices = [
            (kind, codelists.label("listing_kind", kind, language)) for kind in kinds
        ]
        if len(kinds) == 1:
            self.kind.data = kinds[0]


class BringForm(UploadForm):
    """A table that a curator brings; it may also hold organisations."""

    def __init__(self, *, with_organisations: bool = True, **kwargs: Any) -> None:
        super().__init__(KINDS, **kwargs)
        if with_organisations:
            listings = cast(list[tuple[str, str]], self.kind.choices)
            self.kind.choices = [*listings, (ORGANISATION, gettext("Organisations"))]

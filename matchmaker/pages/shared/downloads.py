"""Tables that a reader takes along as a file."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import IO, Any

from flask import Response, request

from matchmaker.pages.shared.watching import note
from matchmaker.security.states import SecurityKind
from matchmaker.web.forms import visible

IN_MEMORY = 2**20  # characters; a longer table waits on the disk
AT_ONCE = 2**16
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_file(name: str, head: Sequence[object], rows: Iterable[Sequence[object]]) -> Response:
    """Answer with a CSV file, marked as UTF-8 for spreadsheets.

    All rows are read first: the database is not held up by a reader on a slow line. The security
    log has who took it along.
    """
    note(SecurityKind.EXPORTED, file=name, query=request.query_string.decode())
    file = tempfile.SpooledTemporaryFile(  # noqa: SIM115  # closed when it has been read
        IN_MEMORY, "w+", encoding="utf-8", newline=""
    )
    writer = csv.writer(file)
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    file.seek(0)
    if request.method == "HEAD":
        file.close()  # no part of it will be read
    return Response(_parts(file), mimetype="text/csv", headers=attachment(f"{name}.csv"))


def xlsx_file(name: str, head: Sequence[object], rows: Iterable[Sequence[object]]) -> Response:
    """Answer with the same as a workbook of one sheet. Numbers stay numbers."""
    import openpyxl  # noqa: PLC0415  # a quarter of a second; most pages do without
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    note(SecurityKind.EXPORTED, file=name, query=request.query_string.decode())
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()

    def cell(value: object) -> Any:
        if isinstance(value, int):
            return value
        made = WriteOnlyCell(sheet, visible("" if value is None else str(value)))
        made.data_type = "s"  # a text, whatever it looks like: it is no formula
        return made

    for row in (head, *rows):
        sheet.append([cell(value) for value in row])
    file = BytesIO()
    book.save(file)
    return Response(file.getvalue(), mimetype=XLSX, headers=attachment(f"{name}.xlsx"))


def jsonl_file(name: str, rows: Iterable[str]) -> Response:
    """Answer with lines of JSON, for programs."""
    note(SecurityKind.EXPORTED, file=name, query=request.query_string.decode())
    text = "".join(f"{row}\n" for row in rows)
    return Response(text, mimetype="application/jsonl", headers=attachment(f"{name}.jsonl"))


def attachment(filename: str) -> dict[str, str]:
    """Return the headers of an answer that is saved as a file."""
    return {
        "Content-Disposition": f'attachment; filename="{filename}"',
        "Cache-Control": "no-store",
    }


def _parts(file: IO[str]) -> Iterator[str]:
    with file:
        yield "\ufeff"
        while part := file.read(AT_ONCE):
            yield part


def _cell(value: object) -> str:
    """The value as text that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text

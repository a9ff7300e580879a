"""From the row of a table to an organisation, with all that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from matchmaker import regions
from matchmaker.accounts.rules import normalised_email
from matchmaker.engine import detect_language
from matchmaker.imports.rows import Problem
from matchmaker.imports.states import EntryFault, RowFault, RowRemark
from matchmaker.organisations.names import folded, legal_name
from matchmaker.organisations.rules import (
    USCC_LENGTH,
    Profile,
    normalised_uscc,
    uscc_agrees,
    uscc_fault,
)
from matchmaker.tables import values
from matchmaker.tables.finding import Row, Table
from matchmaker.tables.headings import Field
from matchmaker.tables.rows import Cells
from matchmaker.tables.sheets import CellFault

# What a column may fill, in the order of the templates.
FIELDS = (
    Field.ID,
    Field.TITLE,
    Field.CODE,
    Field.ORG_TYPE,
    Field.PROVINCE,
    Field.CITY,
    Field.CONTACT,
    Field.EMAIL,
    Field.PHONE,
)
_LONGEST = {Field.ID: 80, Field.TITLE: 200, Field.CITY: 60, Field.CONTACT: 120, Field.PHONE: 40}
_CODE_FAULTS = {
    "length": EntryFault.CODE_LENGTH,
    "characters": EntryFault.CODE_CHARACTERS,
    "authority": EntryFault.CODE_AUTHORITY,
    "check": EntryFault.CODE_CHECK,
}


@dataclass(slots=True)
class ReadOrganisation:
    """What a row says of an organisation; without a profile it is refused."""

    number: int  # of the row, as the sheet counts
    key: str  # the row's own id, or ""
    profile: Profile | None = None
    faults: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)


def read_all(
    tables: Sequence[Table], rows: Sequence[tuple[int, Row]], curates: Callable[[str], bool]
) -> list[ReadOrganisation]:
    """Return each row as it is read. `curates` tells for which provinces somebody may enter one.

    Of two rows with the same id, code, name or address, the second is refused.
    """
    used: dict[tuple[str, str], int] = {}
    found = []
    for sheet, row in rows:
        one = _Reading(tables[sheet], row, curates).read()
        for name, text, code in _marks(one):
            if text and used.setdefault((name, text), row.number) != row.number:
                told = {"used": used[name, text]}
                one.faults.append(Problem(name, "", code, told))
        one.profile = None if one.faults else one.profile
        found.append(one)
    return found


def _marks(one: ReadOrganisation) -> list[tuple[Field, str, str]]:
    profile = one.profile
    if profile is None:
        return []
    return [
        (Field.ID, one.key, RowFault.KEY_USED),
        (Field.CODE, profile.uscc or "", EntryFault.CODE_USED),
        (Field.TITLE, folded(profile.name_zh or profile.name_other), EntryFault.NAME_USED),
        (Field.EMAIL, profile.contact_email, EntryFault.EMAIL_USED),
    ]


class _Reading:
    def __init__(self, table: Table, row: Row, curates: Callable[[str], bool]) -> None:
        self._cells = Cells(table, row)
        self._curates = curates
        self._row = ReadOrganisation(row.number, "")

    def read(self) -> ReadOrganisation:
        self._row.key = self._text(Field.ID)
        code = self._code()
        if not (code or self._row.key):
            self._refuse(Field.CODE, EntryFault.NO_KEY)
        province = self._province(code)
        name = " ".join(self._text(Field.TITLE).split())
        if not name:
            self._refuse(Field.TITLE, EntryFault.NO_NAME)
        language = detect_language(name)
        profile = Profile(
            **legal_name(name, language),
            type=self._type(),
            province=province,
            city=self._city(province),
            uscc=code or None,
            contact_name=self._text(Field.CONTACT) or self._missing(),
            contact_email=self._email(),
            contact_phone=self._text(Field.PHONE),
            summary_language=language,
        )
        self._row.profile = None if self._row.faults else profile
        return self._row

    def _refuse(self, name: Field, code: str, **data: Any) -> None:
        self._row.faults.append(Problem(name, self._cells.heading(name), code, data))

    def _missing(self) -> str:
        self._refuse(Field.CONTACT, EntryFault.NO_CONTACT)
        return ""

    def _text(self, name: Field) -> str:
        try:
            text = self._cells.text(name)
        except CellFault as fault:
            data = {key: value for key, value in fault.data.items() if key != "column"}
            self._refuse(name, fault.fault, **data)
            return ""
        most = _LONGEST.get(name, len(text))
        if len(text) > most:
            self._refuse(name, RowFault.TOO_LONG, most=most, length=len(text))
        return text[:most]

    def _code(self) -> str:
        text = self._text(Field.CODE)
        code = "" if values.says_nothing(text) else normalised_uscc(text)
        fault = uscc_fault(code) if code else None
        if fault:
            data = {"value": code[: USCC_LENGTH + 2], "length": len(code), "first": code[:1]}
            self._refuse(Field.CODE, _CODE_FAULTS[fault], **data)
        return code

    def _type(self) -> str:
        text = self._text(Field.ORG_TYPE)
        code = values.organisation_type(text)
        if code is None:
            self._refuse(Field.ORG_TYPE, EntryFault.TYPE, value=text[:80])
        return code or ""

    def _province(self, code: str) -> str:
        """Return the province that the row tells, or else the code."""
        text = self._text(Field.PROVINCE)
        try:
            province = values.province(text).value or code[2:4]
        except CellFault as fault:
            self._refuse(Field.PROVINCE, fault.fault, value=text[:80])
            return ""
        if province not in regions.all_regions():
            self._refuse(Field.PROVINCE, EntryFault.NO_PROVINCE)
        elif not self._curates(province):
            self._refuse(Field.PROVINCE, EntryFault.PROVINCE_OF_OTHERS, province=province)
        elif code and not uscc_agrees(code, province):
            heading = self._cells.heading(Field.CODE)
            remark = Problem(Field.CODE, heading, RowRemark.CODE_OF_OTHERS, {"province": code[2:4]})
            self._row.remarks.append(remark)
        return province

    def _city(self, province: str) -> str:
        """Return the city, or else the one that the column of provinces names too."""
        told = self._text(Field.CITY)
        if told or province not in regions.all_regions():
            return told
        text = folded(self._text(Field.PROVINCE))
        for place in regions.all_regions()[province].cities:
            names = (place["zh"], place["zh"].removesuffix("市"), place["en"])
            if any(folded(name) in text for name in names):
                return place["zh"]
        return ""

    def _email(self) -> str:
        text = self._text(Field.EMAIL)
        address = normalised_email(text)
        if address is None:
            self._refuse(Field.EMAIL, EntryFault.EMAIL, value=text[:80])
        return address or ""

"""Kinds of agreement are data: those that ship, a new one, and what is said of a wrong one."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from matchmaker import codelists
from matchmaker.agreements.instruments import FILE, Extra, FieldType, catalogue, read
from matchmaker.agreements.rules import faults
from matchmaker.agreements.terms import Party
from matchmaker.datafiles import read_yaml
from matchmaker.errors import UnusableFile
from tests import factories

# The plan's instruments, by what practitioners call them.
SHIPPED = [
    "secondment",
    "dual_appointment",
    "vice_manager",
    "extension_worker",
    "service_team",
    "apprenticeship",
    "flexible_recruitment",
    "talent_enclave",
    "training_course",
    "popularisation_event",
    "county_assistance",
    "commissioned_development",
    "joint_development",
    "transfer",
    "licence",
    "consulting",
    "service",
    "demonstration",
    "pilot_scale",
    "east_rd_west_making",
    "green_technology_bank",
    "joint_laboratory",
    "field_station",
    "data_centre",
    "innovation_centre",
    "open_platform",
    "consortium",
    "twinning",
    "enclave",
    "sub_park",
    "joint_park",
    "contracting_out",
    "franchise",
    "strategic_investor",
    "germplasm",
    "data_set",
    "instrument_sharing",
    "field_base",
]


def test_every_kind_ships() -> None:
    assert sorted(catalogue().instruments) == sorted(SHIPPED)


def test_every_cooperation_mode_leads_to_a_kind() -> None:
    named = {mode for one in catalogue().instruments.values() for mode in one.modes}
    assert named == set(codelists.codes("mode"))


@pytest.mark.parametrize("code", SHIPPED)
def test_a_kind_is_whole(code: str) -> None:
    kind = catalogue().instruments[code]
    assert kind.fields[0].code == "subject"
    assert kind.fields[-1].code == "remarks"
    assert kind.steps
    assert kind.outcomes
    assert set(kind.about) == {"zh", "en", "es"}


@pytest.mark.parametrize("code", SHIPPED)
def test_what_is_asked_can_be_answered(code: str) -> None:
    kind = catalogue().instruments[code]
    parties = [Party("W", "lead", 40, 1), Party("E", "partner", 30, 2), Party("T", "user", 30)]
    terms = factories.terms(code, parties=parties if kind.least_parties > 2 else ())
    assert faults(kind, terms, (1, 2)) == []


@pytest.mark.parametrize(
    ("code", "extras"),
    [
        ("secondment", {Extra.PEOPLE}),
        ("extension_worker", {Extra.PEOPLE, Extra.LOG}),
        ("licence", {Extra.PAYMENTS}),
        ("consortium", {Extra.PARTIES}),
        ("pilot_scale", {Extra.SLOTS, Extra.PAYMENTS}),
    ],
)
def test_what_a_kind_has_beside_its_fields(code: str, extras: set[Extra]) -> None:
    assert catalogue().instruments[code].extras == extras


@pytest.fixture
def data() -> dict[str, Any]:
    return deepcopy(read_yaml(FILE))


def labels(text: str) -> dict[str, str]:
    return {"zh": text, "en": text, "es": text}


def test_a_new_kind_needs_no_code(data: dict[str, Any]) -> None:
    data["fields"]["altitude"] = {
        "type": "number", "unit": labels("m"), "max": 9000, **labels("Altitude"),
    }  # fmt: skip
    data["instruments"]["drone_base"] = {
        **labels("Drone base"),
        "group": "building",
        "about": labels("A base for drones."),
        "modes": ["field_base"],
        "fields": {"altitude": "required", "period": "optional"},
        "with": ["slots"],
        "milestones": {"plaque": {"by": "both", "after": 30}},
        "outcomes": ["jobs"],
    }
    kind = read(data).instruments["drone_base"]
    assert [(one.code, one.required) for one in kind.fields] == [
        ("subject", True), ("altitude", True), ("period", False), ("remarks", False),
    ]  # fmt: skip
    assert kind.fields[1].type == FieldType.NUMBER


def secondment(data: dict[str, Any]) -> dict[str, Any]:
    kind: dict[str, Any] = data["instruments"]["secondment"]
    return kind


FAULTS = {
    "no label": (
        lambda d: secondment(d).pop("es"),
        "instruments.secondment: no label in es",
    ),
    "unknown group": (
        lambda d: secondment(d).update(group="x"),
        "instruments.secondment.group: “x” is no group",
    ),
    "unknown mode": (
        lambda d: secondment(d).update(modes=["x"]),
        "instruments.secondment.modes: “x” is not known",
    ),
    "unknown field": (
        lambda d: secondment(d)["fields"].update(x="required"),
        "instruments.secondment.fields.x: no such field under “fields”",
    ),
    "neither required nor optional": (
        lambda d: secondment(d)["fields"].update(post="maybe"),
        "instruments.secondment.fields.post: write “required” or “optional”",
    ),
    "unknown part": (
        lambda d: secondment(d).update({"with": ["x"]}),
        "instruments.secondment.with: “x” is not known",
    ),
    "unknown milestone": (
        lambda d: secondment(d)["milestones"].update(x={"by": "need", "after": 1}),
        "instruments.secondment.milestones.x: no such milestone under “milestones”",
    ),
    "milestone by nobody": (
        lambda d: secondment(d)["milestones"].update(arrival={"by": "x", "after": 1}),
        "instruments.secondment.milestones.arrival.by: “x” is not need, capability or both",
    ),
    "milestone without days": (
        lambda d: secondment(d)["milestones"].update(arrival={"by": "need", "after": "soon"}),
        "instruments.secondment.milestones.arrival.after: “soon” is no number of days",
    ),
    "unknown contract": (
        lambda d: secondment(d).update(contract="x"),
        "instruments.secondment.contract: “x” is no kind of contract",
    ),
    "misspelt key": (
        lambda d: secondment(d).update(feilds={}),
        "instruments.secondment: “feilds” is not known",
    ),
    "unknown type": (
        lambda d: d["fields"]["post"].update(type="x"),
        "fields.post.type: “x” is no type of field",
    ),
    "number without unit": (
        lambda d: d["fields"]["posts"].pop("unit"),
        "fields.posts.unit: a number needs a unit",
    ),
    "choice without options": (
        lambda d: d["fields"]["workload"].pop("options"),
        "fields.workload: a field of codes needs “list” or “options”",
    ),
    "unknown code list": (
        lambda d: d["fields"]["fund_source"].update(list="x"),
        "fields.fund_source.list: there is no code list “x”",
    ),
    "limit that is no field": (
        lambda d: d["fields"]["technology_value"].update(at_most="x"),
        "fields.technology_value.at_most: “x” is no field beside it",
    ),
    "a part is missing": (lambda d: d.pop("groups"), "“groups” is missing"),
    "an entry is a text": (
        lambda d: d["instruments"].update(secondment="x"),
        "instruments.secondment: names with values are missing",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_wrong_is_said_with_its_place(data: dict[str, Any], name: str) -> None:
    spoil, sentence = FAULTS[name]
    spoil(data)
    with pytest.raises(UnusableFile) as error:
        read(data)
    assert f"instruments.yaml: {sentence}" in str(error.value).splitlines()


@pytest.mark.parametrize("data", [None, "text", [], {}])
def test_a_file_that_is_something_else(data: Any) -> None:
    with pytest.raises(UnusableFile, match="“instruments” is missing"):
        read(data)

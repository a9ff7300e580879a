"""``matchmaker match NEEDS CAPABILITIES``: the engine on two spreadsheets, without a server."""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from matchmaker.commands import sayings
from matchmaker.commands.entries import Entry
from matchmaker.commands.speech import Speech, system_language
from matchmaker.commands.speech import lazy_gettext as _l
from matchmaker.commands.tables import (
    SUFFIXES,
    UnreadableFileError,
    read_entries,
    write_csv,
    write_jsonl,
    write_xlsx,
)
from matchmaker.engine import LANGUAGES, PARTS

if TYPE_CHECKING:
    from matchmaker.engine import Encoder, Listing, Pair, PlanFacts

_CHUNK = 64
_PAIRS = 250_000  # in memory at once when all are written
_BAR_FROM = 200
_SPEAK_FROM = 10_000
_SELDOM = (
    200_000  # new objects before a search for garbage: nearly all that a run makes stays in use
)
_SCORES = ("need_id", "capability_id", "rank", "score", "band", "parts")
_HEADINGS = {
    "need_id": _l("Need ID"),
    "need_title": _l("Need"),
    "need_organisation": _l("Who needs it"),
    "need_contact": _l("Contact of the need"),
    "rank": _l("Rank"),
    "capability_id": _l("Capability ID"),
    "capability_title": _l("Capability"),
    "capability_organisation": _l("Who offers it"),
    "capability_contact": _l("Contact of the capability"),
    "score": _l("Score"),
    "band": _l("Fit"),
    "reasons": _l("Reasons"),
}


@click.command("match")
@click.argument("needs", type=click.Path(path_type=Path))
@click.argument("capabilities", type=click.Path(path_type=Path))
@click.option(
    "-k",
    "k",
    default=20,
    show_default=True,
    type=click.IntRange(0),
    help="Pairs per need; 0 ranks all.",
)
@click.option(
    "--distinct/--all-copies",
    default=True,
    show_default=True,
    help="Leave out near duplicates (if k > 0).",
)
@click.option(
    "--scores-only",
    is_flag=True,
    help="Write no reasons and no must-haves: much faster, for large evaluations; no .xlsx.",
)
@click.option(
    "--encoder",
    envvar="MATCHMAKER_ENCODER",
    help="A sentence encoder, which adds likeness by meaning: an installed module or package, or a "
    "folder with model.onnx and tokenizer.json.",
)
@click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    help="Language of what is said and of .csv and .xlsx tables. Default: the system's for both; "
    "reasons are then in the language of the need.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="A .jsonl, .csv or .xlsx file; else stdout.",
)
def match(  # noqa: PLR0917
    needs: Path,
    capabilities: Path,
    k: int,
    distinct: bool,
    scores_only: bool,
    encoder: str | None,
    language: str | None,
    output: Path | None,
) -> None:
    """Rank CAPABILITIES for each of NEEDS, two tables as offices fill them.

    They are .xlsx, .xls, .csv, .tsv or .jsonl files in any usual encoding. Headings may be
    Chinese, English or Spanish; only a column of titles is required. What was read, which columns
    were not used and which rows were refused is said on standard error.

    Columns by name: id, lang, title, summary, description, sectors, must_haves, cooperation_modes,
    goal, province, org_type, trl, task_id, organisation, contact, phone, email.

    Write .xlsx for people: a .csv file keeps ids such as 0001, but a spreadsheet drops their zeros.
    """
    say = Speech(language or system_language())
    if output is not None and output.suffix.lower() not in SUFFIXES:
        raise click.UsageError(f"cannot write {output.name}: use {', '.join(SUFFIXES)}")
    if scores_only and output is not None and output.suffix.lower() == ".xlsx":
        raise click.UsageError("--scores-only writes .jsonl or .csv")
    gc.set_threshold(_SELDOM)
    asked, offered = _read_both(needs, capabilities, say)
    model = loaded_encoder(encoder)
    sought, found = ([entry.listing for entry in entries] for entries in (asked, offered))
    try:
        ranked = _rank(
            sought, found, k, distinct and k > 0, model, say=say, explain=not scores_only
        )
        if scores_only:
            _write_scores(ranked, output)
        elif output is None or output.suffix.lower() == ".jsonl":
            _write_jsonl((_structured(place, pair) for _, place, pair in _placed(ranked)), output)
        else:
            _write_table(_placed(ranked), (asked, offered), output, say, language)
    except BrokenPipeError:  # the reader of standard output has seen enough
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    except OSError as error:
        message = say(
            _l("%(file)s cannot be written: %(reason)s"), file=output, reason=error.strerror
        )
        raise click.ClickException(message) from error


def _read_both(needs: Path, capabilities: Path, say: Speech) -> tuple[list[Entry], list[Entry]]:
    """Read both files, and say what was read of either and what is wrong before giving up."""
    from matchmaker.commands.unread import warnings  # when it runs

    names = code_names()
    read: list[list[Entry]] = []
    for path, kind in ((needs, "need"), (capabilities, "capability")):
        try:
            found = read_entries(path, kind, names, say)
        except UnreadableFileError as problems:
            click.echo(problems.report(say), err=True)
            continue
        read.append(found.listings)
        lines = [*sayings.account(found, say), *warnings(found.listings, say)]
        click.echo("\n".join(lines), err=True)
    if len(read) < 2:
        sys.exit(2)
    return read[0], read[1]


def loaded_encoder(name: str | None) -> Encoder | None:
    """Return an encoder by its name, or none; raise UsageError where there is none of this name."""
    if not name:
        return None
    from matchmaker.engine import EncoderError, load_encoder  # when it runs

    try:
        return load_encoder(name)
    except EncoderError as error:
        raise click.UsageError(str(error)) from error


def code_names() -> dict[str, str]:
    """Return labels of modes, their groups and goals in every language, with their codes."""
    from matchmaker import codelists  # when it runs

    return codelists.by_label("mode_group", "mode", "goal")


def shipped_plan() -> PlanFacts | None:
    """The newest plan that comes with the product, for the partners it names."""
    from matchmaker.datafiles import read_yaml  # when it runs
    from matchmaker.engine import PlanFacts  # when it runs
    from matchmaker.paths import SEED_DATA  # when it runs

    found = sorted((SEED_DATA / "plans").glob("*/plan.yaml"))
    if not found:
        return None
    return PlanFacts.from_mapping(read_yaml(found[-1]))


def _rank(
    needs: Sequence[Listing],
    capabilities: Sequence[Listing],
    k: int,
    distinct: bool,
    encoder: Encoder | None,
    *,
    say: Speech,
    explain: bool = True,
) -> Iterator[tuple[Listing, list[Pair]]]:
    from matchmaker.engine import Recommender  # when it runs

    if len(capabilities) > _SPEAK_FROM:
        from matchmaker.logs import speak  # when it runs

        speak("matchmaker.engine.index")
    recommender = Recommender(plan=shipped_plan(), encoder=encoder, explain=explain)
    recommender.fit(capabilities)
    size = max(1, min(_CHUNK, _PAIRS // (min(k or _PAIRS, len(capabilities)) or 1)))
    chunks = [needs[start : start + size] for start in range(0, len(needs), size)]
    long = len(needs) + len(capabilities) > _BAR_FROM
    bar = (
        click.progressbar(chunks, label=say(_l("matching")), file=sys.stderr)
        if long
        else nullcontext(chunks)
    )
    with bar as steps:
        for chunk in steps:
            yield from zip(chunk, recommender.rank(chunk, k, distinct=distinct), strict=True)


def _write_scores(
    ranked: Iterator[tuple[Listing, list[Pair]]],
    output: Path | None,
) -> None:
    """Write each row as soon as its need is ranked."""
    if output is not None and output.suffix.lower() == ".csv":
        rows = (_scored(place, pair) for _, place, pair in _placed(ranked))
        write_csv(rows, {name: name for name in _SCORES}, output)
        return
    full = (_structured(place, pair) for _, place, pair in _placed(ranked))
    _write_jsonl(({name: row[name] for name in _SCORES} for row in full), output)


def _placed(
    ranked: Iterator[tuple[Listing, list[Pair]]],
) -> Iterator[tuple[Listing, int, Pair]]:
    for need, pairs in ranked:
        for place, pair in enumerate(pairs, start=1):
            yield need, place, pair


def _write_jsonl(rows: Iterator[dict[str, Any]], output: Path | None) -> None:
    if output is None:
        write_jsonl(rows, sys.stdout)
        return
    with output.open("w", encoding="utf-8") as out:
        write_jsonl(rows, out)


def _structured(place: int, pair: Pair) -> dict[str, Any]:
    row = pair.to_dict()
    return {
        "need_id": row.pop("need_id"),
        "capability_id": row.pop("capability_id"),
        "rank": place,
        **row,
    }


def _scored(place: int, pair: Pair) -> dict[str, Any]:
    parts = {part: round(value, 6) for part, value in pair.parts.items()}
    return {
        "need_id": pair.need_id,
        "capability_id": pair.capability_id,
        "rank": place,
        "score": round(pair.score, 6),
        "band": pair.band,
        "parts": json.dumps(parts),
    }


def _write_table(
    placed: Iterator[tuple[Listing, int, Pair]],
    entries: tuple[list[Entry], list[Entry]],
    output: Path,
    say: Speech,
    language: str | None,
) -> None:
    """Write a table for people: both sides by name, with headings and bands in words."""
    from matchmaker import codelists  # when it runs
    from matchmaker.web.i18n import texts_only  # tables for programs need no words

    header = {name: say(heading) for name, heading in _HEADINGS.items()}
    header |= {part: codelists.label("part", part, say.language) for part in PARTS}
    asked, offered = ({entry.listing.id: entry for entry in side} for side in entries)
    rows = (
        {
            **_side("need", asked[need.id]),
            **_side("capability", offered[pair.capability_id]),
            "rank": place,
            "score": round(pair.score, 6),
            "band": codelists.label("band", pair.band, say.language),
            "reasons": _reasons(need, pair, language),
            **{part: round(value, 6) for part, value in pair.parts.items()},
        }
        for need, place, pair in placed
    )
    with texts_only():
        (write_csv if output.suffix.lower() == ".csv" else write_xlsx)(rows, header, output)


def _side(side: str, entry: Entry) -> dict[str, str]:
    return {
        f"{side}_id": entry.listing.id,
        f"{side}_title": entry.listing.title,
        f"{side}_organisation": entry.organisation,
        f"{side}_contact": entry.contact,
    }


def _reasons(need: Listing, pair: Pair, language: str | None) -> str:
    """Return why the two may fit, in a language or in that of the need."""
    from flask_babel import force_locale  # as above: for people only

    from matchmaker.engine import language_of  # when it runs
    from matchmaker.recommendation.wording import Words, summary  # when it runs
    from matchmaker.web.i18n import LOCALES  # when it runs

    said = language or language_of(need)
    with force_locale(LOCALES[said]):
        return summary(pair.reasons, pair.band, Words(said, said, said, {}))


if __name__ == "__main__":
    match()

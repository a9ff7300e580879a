"""``matchmaker match NEEDS CAPABILITIES``: the engine on two spreadsheets, without an account or a server."""

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

from matchmaker.commands.tables import (
    SUFFIXES,
    UnreadableFileError,
    read_listings,
    write_csv,
    write_jsonl,
    write_xlsx,
)

if TYPE_CHECKING:
    from matchmaker.engine import Encoder, Glossary, Listing, Pair, PlanFacts, Reason

_CHUNK = 64
_BAR_FROM = 200
_SPEAK_FROM = 10_000
_SELDOM = (
    200_000  # new objects before a search for garbage: nearly all that a run makes stays in use
)
_MOST_TERMS = 5
_NAMED = ("concept", "term")
_HEADER = [
    "need_id",
    "capability_id",
    "rank",
    "score",
    "band",
    "parts",
    "reasons",
    "need_title",
    "capability_title",
]

_PHRASES = {
    "zh": {
        "terms": "共同涉及{terms}",
        "mode": "合作方式相合：{terms}",
        "mode_no": "合作方式不同",
        "goal": "合作目标一致",
        "goal_no": "合作目标不同",
        "readiness": "成熟度达到要求（TRL {capability}）",
        "readiness_no": "成熟度不足（TRL {capability}，要求 {need}）",
        "task": "同属重点任务{terms}",
        "named_partner": "方案点名的合作地区",
        "partner_side": "东部及协作地区",
        "buys": "对方是采购方",
        "reports": "对方提供报告或会展",
        "trades": "对方是贸易商",
        "generalist": "对方业务过于宽泛",
        "market_only": "对方只谈产品买卖",
        "disclaims": "对方声明不做：{terms}",
        "meaning": "双方内容含义相近",
        "none": "没有共同内容",
        "weak": "没有把握的推荐",
        "join": "、",
        "stop": "；",
        "end": "。",
    },
    "en": {
        "terms": "both speak of {terms}",
        "mode": "the ways of cooperating agree: {terms}",
        "mode_no": "the ways of cooperating differ",
        "goal": "the goal is the same",
        "goal_no": "the goals differ",
        "readiness": "ready enough (TRL {capability})",
        "readiness_no": "not ready enough (TRL {capability}, {need} wanted)",
        "task": "belongs to key task {terms}",
        "named_partner": "a partner region the plan names",
        "partner_side": "a region on the partners' side",
        "buys": "it is a buyer",
        "reports": "it offers reports or fairs",
        "trades": "it is a trader",
        "generalist": "it claims to do everything",
        "market_only": "it is about goods only",
        "disclaims": "it says it does not do: {terms}",
        "meaning": "the two texts mean much the same",
        "none": "nothing in common",
        "weak": "no confident partner",
        "join": ", ",
        "stop": "; ",
        "end": ".",
    },
    "es": {
        "terms": "ambas hablan de {terms}",
        "mode": "coinciden las modalidades: {terms}",
        "mode_no": "las modalidades son distintas",
        "goal": "el objetivo es el mismo",
        "goal_no": "los objetivos son distintos",
        "readiness": "madurez suficiente (TRL {capability})",
        "readiness_no": "madurez insuficiente (TRL {capability}; se pide {need})",
        "task": "pertenece a la tarea clave {terms}",
        "named_partner": "región socia que nombra el plan",
        "partner_side": "región del lado socio",
        "buys": "es un comprador",
        "reports": "ofrece informes o ferias",
        "trades": "es un comerciante",
        "generalist": "dice hacerlo todo",
        "market_only": "solo trata de productos",
        "disclaims": "dice que no hace: {terms}",
        "meaning": "los dos textos dicen cosas parecidas",
        "none": "nada en común",
        "weak": "sin socio claro",
        "join": ", ",
        "stop": "; ",
        "end": ".",
    },
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
    "--encoder",
    type=click.Path(path_type=Path),
    help="Folder of a sentence encoder (model.onnx, tokenizer.json) that adds likeness by meaning.",
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
    encoder: Path | None,
    output: Path | None,
) -> None:
    """Rank CAPABILITIES for each of NEEDS; both are .jsonl, .csv or .xlsx files.

    Columns: id, lang, title, summary, description, sectors, must_haves, cooperation_modes, goal, province, org_type,
    trl, task_id; only id and title are required, and headings may be Chinese, English or Spanish.
    """
    if output is not None and output.suffix.lower() not in SUFFIXES:
        raise click.UsageError(f"cannot write {output.name}: use {', '.join(SUFFIXES)}")
    gc.set_threshold(_SELDOM)
    asked, offered = _read_both(needs, capabilities)
    model = loaded_encoder(encoder)
    try:
        _write(_rank(asked, offered, k, distinct and k > 0, model), offered, output)
    except BrokenPipeError:  # the reader of standard output has seen enough
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    except OSError as error:
        raise click.ClickException(f"cannot write {output}: {error.strerror}") from error


def _read_both(needs: Path, capabilities: Path) -> tuple[list[Listing], list[Listing]]:
    """Read both files, and report what is wrong with either before giving up."""
    names = code_names()
    read: list[list[Listing]] = []
    reports: list[str] = []
    for path, kind in ((needs, "need"), (capabilities, "capability")):
        try:
            read.append(read_listings(path, kind, names))
        except UnreadableFileError as problems:
            reports.append(problems.report())
    if reports:
        click.echo("\n".join(reports), err=True)
        sys.exit(2)
    return read[0], read[1]


def loaded_encoder(folder: Path | None) -> Encoder | None:
    """Return the encoder of a folder, or none; a folder without one is a mistake of the caller's."""
    if folder is None:
        return None
    from matchmaker.engine import EncoderError, load_encoder

    try:
        return load_encoder(folder)
    except EncoderError as error:
        raise click.UsageError(str(error)) from error


def code_names() -> dict[str, str]:
    """Labels of modes, their groups and goals in every language, so that a table may use words for codes."""
    from matchmaker import codelists

    return {
        codelists.label(name, code, language).lower(): code
        for name in ("mode_group", "mode", "goal")
        for code in codelists.codes(name)
        for language in codelists.LANGUAGES
    }


def _shipped_plan() -> PlanFacts | None:
    """The newest plan that comes with the product, for the partners it names."""
    from matchmaker.datafiles import read_yaml
    from matchmaker.engine import PlanFacts
    from matchmaker.paths import SEED_DATA

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
) -> Iterator[tuple[Listing, list[Pair]]]:
    from matchmaker.engine import Recommender

    if len(capabilities) > _SPEAK_FROM:
        from matchmaker.logs import speak

        speak("matchmaker.engine.index")
    recommender = Recommender(plan=_shipped_plan(), encoder=encoder).fit(capabilities)
    chunks = [needs[start : start + _CHUNK] for start in range(0, len(needs), _CHUNK)]
    long = len(needs) + len(capabilities) > _BAR_FROM
    bar = (
        click.progressbar(chunks, label="matching", file=sys.stderr)
        if long
        else nullcontext(chunks)
    )
    with bar as steps:
        for chunk in steps:
            yield from zip(chunk, recommender.rank(chunk, k, distinct=distinct), strict=True)


def _write(
    ranked: Iterator[tuple[Listing, list[Pair]]],
    capabilities: Sequence[Listing],
    output: Path | None,
) -> None:
    suffix = output.suffix.lower() if output else ".jsonl"
    if suffix == ".jsonl":
        rows = (
            _structured(place, pair)
            for _, pairs in ranked
            for place, pair in enumerate(pairs, start=1)
        )
        if output is None:
            write_jsonl(rows, sys.stdout)
        else:
            with output.open("w", encoding="utf-8") as out:
                write_jsonl(rows, out)
        return
    titles = {listing.id: listing.title for listing in capabilities}
    readable = (
        _readable(need, place, pair, titles)
        for need, pairs in ranked
        for place, pair in enumerate(pairs, start=1)
    )
    write = write_csv if suffix == ".csv" else write_xlsx
    if output is not None:
        write(readable, _HEADER, output)


def _structured(place: int, pair: Pair) -> dict[str, Any]:
    row = pair.to_dict()
    return {
        "need_id": row.pop("need_id"),
        "capability_id": row.pop("capability_id"),
        "rank": place,
        **row,
    }


def _readable(need: Listing, place: int, pair: Pair, titles: dict[str, str]) -> dict[str, Any]:
    from matchmaker.engine import default_glossary, language_of

    language = language_of(need)
    parts = {part: round(value, 6) for part, value in pair.parts.items()}
    return {
        "need_id": pair.need_id,
        "capability_id": pair.capability_id,
        "rank": place,
        "score": round(pair.score, 6),
        "band": pair.band,
        "parts": json.dumps(parts),
        "reasons": sentence(pair, language, default_glossary()),
        "need_title": need.title,
        "capability_title": titles[pair.capability_id],
    }


def sentence(pair: Pair, language: str, glossary: Glossary) -> str:
    """Return a pair's reasons as one readable sentence in zh, en or es, the strongest first."""
    phrases = _PHRASES[language]
    named = [_term(reason, language, glossary) for reason in pair.reasons if reason.kind in _NAMED]
    pieces = [phrases["weak"]] if pair.band == "weak" else []
    terms = list(dict.fromkeys(named))[:_MOST_TERMS]
    shared = phrases[
        "meaning" if any(reason.kind == "meaning" for reason in pair.reasons) else "none"
    ]
    pieces.append(phrases["terms"].format(terms=phrases["join"].join(terms)) if terms else shared)
    others = sorted(
        (reason for reason in pair.reasons if reason.part != "text"),
        key=lambda reason: -abs(reason.share),
    )
    pieces.extend(filter(None, (_other(reason, language) for reason in others)))
    text = phrases["stop"].join(dict.fromkeys(pieces)) + phrases["end"]
    return text[:1].upper() + text[1:]


def _term(reason: Reason, language: str, glossary: Glossary) -> str:
    if reason.kind == "concept" and reason.code in glossary.concepts:
        return glossary.concepts[reason.code].label(language)
    return reason.need_terms[0] if reason.need_terms else reason.code


def _other(reason: Reason, language: str) -> str:
    """One reason beside the text, or nothing when it has nothing to tell."""
    phrases = _PHRASES[language]
    key = reason.code if reason.kind == "role" else reason.kind
    phrase = phrases.get(f"{key}_no" if reason.share < 0 and f"{key}_no" in phrases else key, "")
    terms = reason.code
    if reason.kind == "mode":
        terms = phrases["join"].join(_mode_label(code, language) for code in _answered(reason))
    elif reason.kind == "disclaims":
        terms = phrases["join"].join(reason.capability_terms)
    if "{terms}" in phrase and not terms:
        return ""
    return phrase.format(
        terms=terms, need=reason.details.get("need"), capability=reason.details.get("capability")
    )


def _answered(reason: Reason) -> list[str]:
    return [code for code in str(reason.details.get("answered") or "").split(",") if code]


def _mode_label(code: str, language: str) -> str:
    from matchmaker import codelists

    return codelists.label(
        "mode_group" if code in codelists.codes("mode_group") else "mode", code, language
    )


if __name__ == "__main__":
    match()

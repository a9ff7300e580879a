"""The engine's reasons in words, in the active language: for cards, for pages and for tables."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from matchmaker import codelists, phrasing, regions
from matchmaker.engine import Change, Concept, Reason, default_glossary, gloss_term
from matchmaker.recommendation.rules import TEXTUAL, strongest
from matchmaker.recommendation.states import Band
from matchmaker.web.i18n import HTML_LANG

MOST_TERMS = 3
MOST_TERMS_IN_TABLES = 5


# Clauses that are the same for every pair, by kind of reason.
FIXED: Mapping[str, Any] = {
    "meaning": _l("the meanings of the two texts are close"),
    "other_terms": _l("other shared terms"),
    "disclaims": _l("the capability says that it does not do some of what is asked"),
    "refused": _l("the need says that it does not want some of what is offered"),
}
# Parts that a capability's side seems to play in place of the one that was asked for.
ROLES: Mapping[str, Any] = {
    "buys": _l("the provider seems to be buying rather than offering"),
    "reports": _l("it seems to offer reports or trade fairs"),
    "trades": _l("it seems to trade in goods"),
    "generalist": _l("its offer is very general"),
    "market_only": _l("it is about goods only"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """Facts for wording: the reader's language, the two texts', and the plan's tasks by code."""

    language: str
    need_language: str
    capability_language: str
    tasks: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One reason of a part, with its share in points of 100."""

    part: str
    text: Markup
    points: float


@dataclass(frozen=True, slots=True)
class Named:
    """A shared term as it is told: the texts' own words, or a concept's name with them."""

    text: Markup
    is_topic: bool


def sentence(reasons: Sequence[Reason], words: Words) -> Markup:
    """Why the two may fit, from the two weightiest grounds; empty when there is nothing to say.

    What is told by a dictionary alone is no ground: its sense may be another one.
    """
    sure = [reason for reason in _tellable(reasons, words) if not _is_guess(reason, words)]
    clauses = [told for ground in strongest(sure) for told in _ground(ground, words)]
    if not clauses:
        return Markup("")
    return _capital(_filled(gettext("%(sentence)s."), sentence=_in_a_row(clauses)))


def summary(reasons: Sequence[Reason], band: str, words: Words) -> str:
    """Return all reasons as a plain sentence for tables: shared words first, then by weight."""
    pieces = [Markup("%s") % gettext("no partner to suggest")] if band == Band.WEAK else []
    pieces.extend(_shared(reasons, words))
    others = [reason for reason in reasons if reason.part != "text" and reason.share]
    others.sort(key=lambda reason: -abs(reason.share))
    pieces.extend(clause(reason, words) for reason in others)
    text = _in_a_row(list(dict.fromkeys(pieces)))
    return _capital(_filled(gettext("%(sentence)s."), sentence=text)).striptags()


def _in_a_row(clauses: Sequence[Markup]) -> Markup:
    text, *rest = clauses
    for piece in rest:
        text = _filled(gettext("%(first)s; %(second)s"), first=text, second=piece)
    return text


def _shared(reasons: Sequence[Reason], words: Words) -> list[Markup]:
    """Say what both texts speak of, or that they mean the same, or how little they share."""
    terms = [
        named for reason in reasons if reason.kind in TEXTUAL for named in _told(reason, words)
    ]
    terms = list(dict.fromkeys(terms))[:MOST_TERMS_IN_TABLES]
    if terms:
        return _both(terms, partial(_listed, language=words.language))
    kinds = {reason.kind for reason in reasons if reason.part == "text"}
    if "meaning" in kinds:
        return [Markup("%s") % _fixed("meaning")]
    little = kinds - {"passage"}
    return [
        Markup("%s") % (gettext("little in common") if little else gettext("nothing in common"))
    ]


def _ground(reasons: Sequence[Reason], words: Words) -> list[Markup]:
    if reasons[0].kind not in TEXTUAL:
        return [clause(reasons[0], words)]
    terms = dict.fromkeys(named for reason in reasons for named in _told(reason, words))
    return _both(list(terms), partial(_and, language=words.language))


def _and(texts: Sequence[Markup], language: str) -> Markup:
    return Markup(phrasing.listed_with_and(texts[:2], language))  # noqa: S704 # nosec B704


def _both(terms: Sequence[Named], joined: Callable[[Sequence[Markup]], Markup]) -> list[Markup]:
    """Return what both texts say in their own words, then what both are about."""
    said = [term.text for term in terms if not term.is_topic]
    topics = [term.text for term in terms if term.is_topic]
    clauses = []
    if said:
        clauses.append(_filled(gettext("both mention %(terms)s"), terms=joined(said)))
    if topics:
        clauses.append(_filled(gettext("both are about %(terms)s"), terms=joined(topics)))
    return clauses


def lines(reasons: Sequence[Reason], words: Words) -> list[Line]:
    """Every reason that counts, part by part, the largest share first."""
    return [
        Line(reason.part, _capital(clause(reason, words)), 100.0 * reason.share)
        for reason in _by_part(reasons, words)
    ]


def against(reasons: Sequence[Reason], words: Words) -> list[Markup]:
    """What speaks against the pair, each as a clause that follows a colon."""
    return [clause(reason, words) for reason in _by_part(reasons, words) if reason.share < 0]


def _by_part(reasons: Sequence[Reason], words: Words) -> list[Reason]:
    order = {part: place for place, part in enumerate(codelists.codes("part"))}
    ranked = sorted(
        reasons,
        key=lambda r: (order.get(r.part, len(order)), r.kind == "other_terms", -abs(r.share)),
    )
    return [reason for reason in _tellable(ranked, words) if reason.share]


def lift(change: Change, stated_trl: int | None, language: str) -> str:
    """Say what the capability's side could change to lift a pair, and into which band.

    `stated_trl`: the capability's level.
    """
    match change.kind:
        case "readiness" if stated_trl is None:
            asked = gettext(
                "The need asks for TRL %(level)s, and the capability does not state its level.",
                level=change.code,
            )
        case "readiness":
            asked = gettext(
                "The need asks for TRL %(level)s, and the capability is at TRL %(own)s.",
                level=change.code,
                own=stated_trl,
            )
        case "mode":
            modes = [_label("mode", code, language) for code in change.code.split(",")]
            asked = gettext(
                "The need would also cooperate in ways that the capability does not offer: "
                "%(modes)s.",
                modes=_listed(modes, language),
            )
        case _:
            asked = gettext(
                "The need's goal is “%(goal)s”, and the capability has another one.",
                goal=_label("goal", change.code, language),
            )
    band = _label("band", change.band, language)
    told = gettext("If the capability offered that, the pair would be “%(band)s”.", band=band)
    return f"{asked} {told}" if language != "zh" else f"{asked}{told}"


def shared_concepts(reasons: Sequence[Reason]) -> list[str]:
    """Return the concepts that both texts are about, as the glossary's ids."""
    return list(dict.fromkeys(r.code for r in reasons if r.kind == "concept" and r.share > 0))


def is_textual(reason: Reason) -> bool:
    return reason.kind in TEXTUAL and reason.share > 0


def _tellable(reasons: Sequence[Reason], words: Words) -> list[Reason]:
    """The reasons, with what the reader could not read folded into the other terms of its part."""
    told, folded = [], dict.fromkeys((reason.part for reason in reasons), 0.0)
    for reason in reasons:
        if reason.kind == "other_terms" or (is_textual(reason) and not _told(reason, words)):
            folded[reason.part] += reason.share
        else:
            told.append(reason)
    return told + [
        Reason(part, "other_terms", "", share) for part, share in folded.items() if share
    ]


def _told(reason: Reason, words: Words) -> list[Named]:
    """Return a shared term as it is told; nothing when the reader could not read it."""
    own = _own_words(reason, words)
    is_topic = reason.kind == "concept" and bool(_topic(reason, words))
    name = Markup("%s") % (_topic(reason, words) if is_topic else _gloss(reason, words))
    if name and own and name != own.striptags():
        text = _filled(gettext("%(name)s (%(words)s)"), name=name, words=own)
        return [Named(text, is_topic)]
    if not name and _is_foreign(words) and not _is_name_of_both(reason, words):
        return []
    return [Named(name or own, is_topic)] if name or own else []


def _is_foreign(words: Words) -> bool:
    """Neither text is in the reader's language."""
    return words.language not in (words.need_language, words.capability_language)


def _gloss(reason: Reason, words: Words) -> str:
    """Return what the reader's language calls a term that is foreign on both sides."""
    if not _is_foreign(words) or _is_name_of_both(reason, words):
        return ""
    sides = (
        (reason.capability_terms, words.capability_language),
        (reason.need_terms, words.need_language),
    )
    found = (gloss_term(forms[0], of, words.language) for forms, of in sides if forms)
    return next(filter(None, found), "")


def _is_guess(reason: Reason, words: Words) -> bool:
    """Tell whether a reader reads a term by its gloss alone."""
    gloss = _gloss(reason, words) if reason.kind == "term" else ""
    forms = {form.casefold() for form in (*reason.need_terms, *reason.capability_terms)}
    return gloss != "" and gloss.casefold() not in forms


def _is_name_of_both(reason: Reason, words: Words) -> bool:
    """Tell whether it is read alike in all languages: an acronym, or the concept's own name."""
    names = _names(reason, words.language)
    forms = (*reason.need_terms, *reason.capability_terms)
    return _is_acronym_of_both(reason) or any(form.casefold() in names for form in forms)


def _names(reason: Reason, language: str) -> frozenset[str]:
    concept = default_glossary().concepts.get(reason.code)
    return (
        frozenset(label.casefold() for label in concept.labels.get(language, ()))
        if concept
        else frozenset()
    )


def _own_words(reason: Reason, words: Words) -> Markup:
    """Return the need's word and the capability's, or one where both write the same."""
    theirs = {_folded(form) for form in reason.capability_terms}
    same = next((form for form in reason.need_terms if _folded(form) in theirs), "")
    if same:
        readable = words.capability_language == words.language
        language = words.language if readable else words.need_language
        return _foreign(_inner(same, language, reason), language, words.language)
    sides = (
        (reason.need_terms, words.need_language),
        (reason.capability_terms, words.capability_language),
    )
    return Markup(" / ").join(
        _foreign(_inner(forms[0], language, reason), language, words.language)
        for forms, language in sides
        if forms
    )


def _inner(form: str, language: str, reason: Reason) -> str:
    """A form as it stands inside a sentence: a concept that is no name loses its capital."""
    concept = default_glossary().concepts.get(reason.code)
    labels = concept.labels.get(language, ()) if concept else ()
    is_plain = bool(labels) and all(label[:1].islower() for label in labels)
    is_capitalised = form[1:2].isalpha() and form[1:].islower()
    return _inside(form) if is_plain and is_capitalised else form


def _folded(form: str) -> str:
    """A form without capitals and indices, as in MgCl₂."""
    return unicodedata.normalize("NFKC", form).casefold()


def _topic(reason: Reason, words: Words) -> str:
    """Return a concept's name in the reader's language, or nothing where its words say it."""
    concept = default_glossary().concepts.get(reason.code)
    labels = concept.labels.get(words.language, ()) if concept else ()
    if not concept or not labels or _is_acronym_of_both(reason):
        return ""
    names = _names(reason, words.language)
    for forms, language in (
        (reason.need_terms, words.need_language),
        (reason.capability_terms, words.capability_language),
    ):
        for form in forms:
            if form.casefold() in names or (
                language == words.language and _is_label(form, language, concept)
            ):
                return ""
    return labels[0]


def _is_acronym_of_both(reason: Reason) -> bool:
    """Tell whether both texts write the same acronym or formula, which has no language."""
    return any(
        form in reason.capability_terms
        and form.isascii()
        and " " not in form
        and (any(char.isdigit() for char in form) or sum(char.isupper() for char in form) > 1)
        for form in reason.need_terms
    )


def _is_label(form: str, language: str, concept: Concept) -> bool:
    """Tell whether a form, perhaps inflected, is one of a concept's labels."""
    if language == "zh" and not form.isascii():  # the glossary would wake a segmenter
        return form.replace(" ", "") in concept.labels.get("zh", ())
    return any(concept.id in found.concepts for found in default_glossary().find(form, language))


def clause(reason: Reason, words: Words) -> Markup:
    """Return one reason as a clause that could stand alone; unknown kinds are named by part."""
    if reason.kind in TEXTUAL:
        told = _both(_told(reason, words), partial(_and, language=words.language))
        return told[0] if told else Markup("%s") % _fixed("other_terms")
    if reason.kind == "disclaims" and reason.capability_terms:
        said = _listed(
            [_named(t, words.capability_language, words.language) for t in _surfaces(reason)],
            words.language,
        )
        return _filled(
            gettext("the capability says that it does not do this: %(terms)s"), terms=said
        )
    if reason.kind == "refused" and reason.need_terms:
        said = _listed(
            [_named(t, words.need_language, words.language) for t in reason.need_terms],
            words.language,
        )
        return _filled(gettext("the need says that it does not want this: %(terms)s"), terms=said)
    return Markup("%s") % _plain(reason, words)


def _plain(reason: Reason, words: Words) -> object:
    """The clause of a reason that does not come from shared words."""
    language, details, helps = words.language, reason.details, reason.share > 0
    match reason.kind:
        case "goal" if helps:
            return gettext(
                "the goal is the same: %(goal)s",
                goal=_inside(_label("goal", reason.code, language)),
            )
        case "goal":
            return gettext(
                "the goals differ: %(goal)s is asked for",
                goal=_inside(_label("goal", reason.code, language)),
            )
        case "mode" if helps and details.get("shared"):
            groups = [
                _inside(_label("mode_group", code, language))
                for code in str(details["shared"]).split(",")
            ]
            return gettext("same forms of cooperation: %(modes)s", modes=_listed(groups, language))
        case "mode":
            return gettext("the ways of cooperating differ")
        case "readiness" if helps:
            return gettext(
                "technology readiness is sufficient: TRL %(capability)s (at least %(need)s "
                "asked for)",
                **_levels(reason),
            )
        case "readiness":
            return gettext(
                "it is less ready than asked for: TRL %(capability)s instead of %(need)s",
                **_levels(reason),
            )
        case "task":
            title = words.tasks.get(reason.code, {}).get(language, reason.code)
            return gettext("both belong to the key task “%(task)s”", task=title)
        case "named_partner":
            return gettext(
                "the plan names %(region)s as a partner",
                region=_region(details.get("capability"), language),
            )
        case "partner_region":
            return gettext(
                "partners that the key task lists are in %(region)s",
                region=_region(details.get("capability"), language),
            )
        case "partner_side":
            return gettext(
                "%(region)s is one of the plan's partner regions",
                region=_region(details.get("capability"), language),
            )
        case "role":
            return _role(reason.code)
    return _fixed(reason.kind) or _label("part", reason.part, language)


def _fixed(kind: str) -> object:
    return FIXED.get(kind)


def _role(code: str) -> object:
    return ROLES.get(code, gettext("it offers a different kind of service from the one asked for"))


def _levels(reason: Reason) -> dict[str, str]:
    return {side: str(reason.details.get(side) or "–") for side in ("need", "capability")}


def _label(codelist: str, code: str, language: str) -> str:
    return codelists.label(codelist, code, language) if code in codelists.codes(codelist) else code


def _inside(label: str) -> str:
    """Return a label, or a word, as it stands inside a sentence."""
    return label[:1].lower() + label[1:]


def _region(code: object, language: str) -> object:
    return (
        regions.region_name(str(code), language)
        if code in regions.all_regions()
        else gettext("its region")
    )


def _surfaces(reason: Reason) -> tuple[str, ...]:
    return reason.capability_terms[:MOST_TERMS]


def _foreign(term: str, term_language: str, reader_language: str) -> Markup:
    """A word of a text, marked with its language when that is not the reader's."""
    if term_language == reader_language:
        return Markup("%s") % term
    return Markup('<span lang="%s">%s</span>') % (HTML_LANG.get(term_language, term_language), term)


def _named(term: str, term_language: str, reader_language: str) -> Markup:
    """A word of one text, with what the reader's language calls it where that is known."""
    own = _foreign(term, term_language, reader_language)
    name = (
        gloss_term(term, term_language, reader_language) if term_language != reader_language else ""
    )
    if not name or name.casefold() == term.casefold():
        return own
    return _filled(gettext("%(name)s (%(words)s)"), name=Markup("%s") % name, words=own)


def _listed(labels: Sequence[str], language: str) -> Markup:
    """Labels of ours, or pieces that are escaped already, one after another."""
    return Markup(phrasing.listed(labels, language))  # noqa: S704 # nosec B704


def _filled(template: str, **pieces: Markup) -> Markup:
    """A translated template, which is ours, around pieces that are escaped already."""
    return Markup(template) % pieces  # noqa: S704 # nosec B704


def _capital(text: Markup) -> Markup:
    return text[:1].upper() + text[1:]

"""Every string a person sees is translated, and every template can be read."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask import Flask

from matchmaker.paths import ROOT, TEMPLATES, TRANSLATIONS

METHODS = [
    ("matchmaker/**.py", "python"),
    ("templates/**.html", "jinja2"),
    ("templates/**.txt", "jinja2"),
]
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


@cache
def strings() -> frozenset[str]:
    """The strings of code and templates; a plural counts as its singular."""
    ignored = {"matchmaker/engine", "seed_data", ".venv", "tests"}
    found = extract_from_dir(
        str(ROOT),
        METHODS,
        keywords=KEYWORDS,
        directory_filter=lambda path: Path(path).name not in {".venv", "tests", *ignored},
    )
    return frozenset(text if isinstance(text, str) else text[0] for _, _, text, _, _ in found)


@cache
def catalogue(locale: str) -> Catalog:
    with (TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=locale)


def forms(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)  # type: ignore[arg-type]


def messages(locale: str) -> list[Message]:
    return [message for message in catalogue(locale) if message.id]


@pytest.mark.parametrize("locale", ["zh_Hans", "es"])
def test_every_string_is_translated(locale: str) -> None:
    translated = {
        forms(message.id)[0]
        for message in messages(locale)
        if all(forms(message.string)) and not message.fuzzy
    }
    assert strings() - translated == set()


@pytest.mark.parametrize("locale", ["zh_Hans", "es"])
def test_no_translation_outlives_its_string(locale: str) -> None:
    assert {forms(message.id)[0] for message in messages(locale)} - strings() == set()


@pytest.mark.parametrize("locale", ["zh_Hans", "es"])
def test_placeholders_survive_translation(locale: str) -> None:
    wrong = [
        message.id
        for message in messages(locale)
        for text in forms(message.string)
        if not set(PLACEHOLDER.findall(text))
        <= {p for form in forms(message.id) for p in PLACEHOLDER.findall(form)}
    ]
    assert wrong == []


def test_chinese_uses_chinese_punctuation() -> None:
    """No half-width comma, full stop or colon right after a Chinese character."""
    wrong = [
        text
        for message in messages("zh_Hans")
        for text in forms(message.string)
        if re.search(r"[\u4e00-\u9fff][,.:;?!](?!\d)", text)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "template", sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.*"))
)
def test_every_template_can_be_read(app: Flask, template: str) -> None:
    app.jinja_env.get_template(template)


# Punctuation belongs to a language: it is part of a string that is translated, as in _(": ").
BESIDE = re.compile(
    r"\}\}(</\w+>)?\s?[,;:.(](\s|<|$)|\}\}\s?[–—×]|[–—×(]\s?\{\{|>[,;:] \{\{"
    r"|[“«]\{\{|\}\}[”»]"
    r"|\{\{-?\s*\"[,;:] ?\""
    r"|join\((_\()?\"[,;、] ?\""
    r"|~ ?\"[,;:“”] ?\"|\"[“”]\" ?~",
    re.MULTILINE,
)
ATTRIBUTE = re.compile(r"(style|value)=\"[^\"]*\"")
# Brackets without a language: a ruby that a browser cannot show; a program's own notation.
NO_SENTENCE = re.compile(r"<rp>.*?</rp>")


@pytest.mark.parametrize(
    "template", sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
)
def test_no_template_types_punctuation_beside_a_value(template: str) -> None:
    text = (TEMPLATES / template).read_text("utf-8")
    text = NO_SENTENCE.sub("", ATTRIBUTE.sub("", text))
    assert [match[0] for match in BESIDE.finditer(text)] == []


def told(locale: str, pattern: str) -> list[str]:
    """Return the translations in which a pattern is found."""
    return [
        text
        for message in messages(locale)
        for text in forms(message.string)
        if re.search(pattern, text)
    ]


@pytest.mark.parametrize(
    ("locale", "pattern"),
    [
        # The last day counts, and 截至 means "as of".
        ("zh_Hans", r"%\((day|until)\)s前"),
        ("zh_Hans", r"截至%\((day|until)\)s"),
        ("zh_Hans", r"[¥￥]"),
        # The style sheet sets the distance between Han and other letters (`text-autospace`).
        ("zh_Hans", r"[\u4e00-\u9fff，。：；、！？（）] [A-Za-z0-9%]"),
        ("zh_Hans", r"[A-Za-z0-9%)] [\u4e00-\u9fff，。：；、！？（）]"),
        ("zh_Hans", r"你"),
        # Half of those who read it live in an autonomous region or a municipality.
        ("zh_Hans", r"(本|该|所在)省(?!份)"),
        # A listing's title may have quotation marks of its own.
        ("zh_Hans", r"“%\((title|need|capability)\)s”"),
        ("zh_Hans", r"[KMG]iB"),
        ("es", r"[¥￥]"),
        # Whoever manages an account is no "titular": that is the holder of a right.
        ("es", r"\b[Tt]itular\b"),
        # After a colon or a semicolon a Spanish sentence goes on in small letters.
        ("es", r"; [A-ZÁÉÍÓÚÑ][a-záéíóúñ]"),
        # A name has no gender that a participle could agree with.
        ("es", r"^%\((organisation|name|title|partner)\)s (está|ha sido|ha quedado) \w+[ao]\b"),
        ("es", r"^«%\(\w+\)s» (está|ha sido|ha quedado) \w+[ao]\b"),
    ],
)
def test_no_translation_breaks_a_rule_of_its_language(locale: str, pattern: str) -> None:
    assert told(locale, pattern) == []


# English that a clerk would not use. What is banned here is what translators would work from.
STILTED = (
    r"\banew\b",
    r"\b[Ww]hoever\b",
    r"\b[Ss]omebody\b",
    r"\bgood (for|until)\b",
    r"\bword on\b",
    r"\bin words\b",
    r"\b[Cc]orridors?\b",
    r"\bIf you like\b",
    r"\balready[.:]",
    r"^To the \w+$",
    r"\bspeaks? of\b",
    r"\bstands? (here|on|below|twice)\b",
    r"[Hh]ow does .*\bgo\b",
    r"\btake along\b",
    r"\b(?<!rightful )[Oo]wners?\b",
    r"\b(?<!security )[Oo]fficers?\b",
    r"\b(take|taken|took|taking) (\w+ ){0,2}back\b",
    r"\bWords to\b",
    r"\b(their|your) words\b",
    r"\b[Oo]ne a line\b",
    r"\b(say|says|said|tell|tells) of\b",
    r"\brests? on\b",
    r"\bforesees?\b",
    r"\blooked for\b",
    r"\bmay only\b",
    r"\bmust (not )?lie\b",
    r"\bOnly then it\b",
    r"\bsign of life\b",
    r"\bpassed over\b",
    r"\d %",
)
LONGEST_SENTENCE = 20


@pytest.mark.parametrize("pattern", STILTED)
def test_the_english_says_it_plainly(pattern: str) -> None:
    assert [text for text in strings() if re.search(pattern, text)] == []


def test_no_sentence_is_long() -> None:
    sentences = [s for text in strings() for s in re.split(r"(?<=[.!?:;])\s+|\n", text)]
    assert [s for s in sentences if len(s.split()) > LONGEST_SENTENCE] == []


# Words that gave way to those in CONTRIBUTING.md: a reader takes them for another thing.
GIVEN_UP = {
    "zh_Hans": [
        "审核撮合员",
        "要求修改",
        "致对方",
        "负责人",
        "查看者",
        "保密附件",
        "专项行动",
        "受援地区",
        "平台共建",
        "匹配引擎",
        "单位的系统管理员",
        "读者",
        "婉拒",
        "本站",
    ],
    "es": [
        "curador",
        "curaduría",
        "mesa de trabajo",
        "la pareja",
        "esta pareja",
        "corredor",
        "motor",
        "en la mesa",
        "su mesa",
        "una función",
        "licencia o certificado",
        "indispensable",
        "período",
        "los contactos y los anexos",
        "ambas partes mencionan",
    ],
}

LABELS = [
    "codelists",
    "contract_registration",
    "instruments",
    "listing_fields",
    "organisation_fields",
    "outcome_measures",
]


@pytest.mark.parametrize(("locale", "word"), [(k, word) for k, v in GIVEN_UP.items() for word in v])
def test_no_word_that_was_given_up_comes_back(locale: str, word: str) -> None:
    labels = [
        label
        for name in LABELS
        for label in re.findall(
            r"(?:zh|es): ([^,}]+)", (ROOT / "seed_data" / f"{name}.yaml").read_text("utf-8")
        )
    ]
    manual = (ROOT / "docs" / "manual" / f"{locale[:2]}.md").read_text("utf-8").splitlines()
    assert [text for text in [*told(locale, ""), *labels, *manual] if word in text.lower()] == []

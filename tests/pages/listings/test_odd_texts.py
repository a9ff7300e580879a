"""Odd texts in every field: no server error, and nothing that was typed is lost."""

from __future__ import annotations

from html import unescape

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.listings.models import Listing
from matchmaker.pages.listings.layout import SECTIONS, of_resource
from matchmaker.tables.values import says_nothing
from matchmaker.web.forms import trimmed
from tests import factories
from tests.client import PageClient
from tests.listings.conftest import loaded

ODD = [
    "undefined", "null", "None", "nil", "NaN", "Infinity", "-Infinity", "true", "()", "[]", "{}",
    "0", "-0", "00", "1/0", "-1", "1e309", "1E+02", "0x1F", "1,0", "1.0.0", "0,00", "--1", "+1",
    "9" * 30, "2147483648", "-2147483649", "9223372036854775808", "١٢٣", "१२३", "½", "²", "①", "Ⅳ",
    "１２３", "１，５万", "1,5万", "80-150万", "150-80万", "约约约", "万", "亿元", "¥", "面议",
    "TRL", "TRL0", "TRL10", "TRL6-", "4-6", "六级", "10级", "中试 小试", "0级", "二〇二七年",
    "2027-02-30", "2027-13-01", "0000-00-00", "9999-12-31", "20270230", "2027年", "2027年13月",
    "1.1.1", "31/12/2027", "tomorrow", "长期", "<script>alert(1)</script>", "<img src=x onerror=y>",
    "</textarea><b>x", "'; DROP TABLE listings; --", "\" onfocus=\"x", "{{ 7*7 }}", "{% raw %}",
    "${7*7}", "%s%s%n", "%(field)s", "%(words)s", "\\", "\\u0000", "../../etc/passwd", "$(x)",
    "=1+1", "@SUM(1)", "javascript:alert(1)", "&lt;&amp;", "]]>", "<!--", "\ufeffBOM", "a\u200bb",
    "\u202eright to left", "\u2066x\u2069", "a\u0300\u0301\u0302", "Z̸̢a̵l̶g̷o̴", "👩‍👩‍👧‍👦", "😀" * 80,
    "ﷺ", "İI", "ß", "ǅ", "ﬁ", "\u00a0\u3000x", "་ནས་སོན།", "ئۇيغۇر", "ᠮᠣᠩᠭᠣᠯ", "𠮷野家", "𝓗𝓮𝓵𝓵𝓸",
    "\tTab\tTab", "a\rb", "a\r\n\r\nb", "\x07bell", "\x1b[31m", "a\x00b", "\x7f", "…", "“quotes”",
    "- - -", "* * *", "1)\n2)\n3)", "# ## ###", "| a | b |\n|---|---|", "> > >", "[x](y)",
    "![x](http://x)", "~~~", "```", "10*20*30", "__a__", "x" * 161, "字" * 601, "x y " * 1500,
    "一行\n" * 13, "长" * 301, "must have = 5", "trl=6", "take", "\u2028line", "\u0085",
]  # fmt: skip
CHOSEN = {"language", "sectors", "tasks", "goal", "modes", "province", "fund_source", "talent_kind"}
CHOSEN |= {"ip_status", "licences", "resource"}  # codes: a browser sends no other text


@pytest.fixture
def form(client: PageClient) -> PageClient:
    """The browser of an organisation that posts both kinds."""
    factories.plan()
    organisation = factories.OrganisationFactory(capabilities_grant=True)
    return client.sign_in(factories.member_of(organisation))


def test_there_are_many() -> None:
    assert len(set(ODD)) >= 130


@pytest.mark.parametrize("kind", SECTIONS)
def test_odd_texts_are_kept_in_every_field(form: PageClient, session: Session, kind: str) -> None:
    fields = of_resource(SECTIONS[kind], "technology")
    names = [name for part in fields.values() for name in part]
    base = ""
    for shift in range(len(ODD)):
        sent = {name: ODD[(shift + place) % len(ODD)] for place, name in enumerate(names)}
        sent |= {"title": sent["title"] or "T", "action": "save"}
        if base:
            listing = loaded(session.scalars(select(Listing)).one())
            text = listing.working_text.version if listing.working_text else 0
            sent |= {"version": str(listing.version), "text": str(text)}
        response = form.submit(base or f"/listings/new/{kind}", sent)
        assert response.status_code == 303, sent
        base = base or f"{response.location}/edit"
        if shift % 9:
            continue  # the page is looked at now and then
        listing = loaded(session.scalars(select(Listing)).one())
        shown = trimmed(unescape(form.get(base).text))
        for name in names:
            typed = trimmed(sent[name])
            if says_nothing(typed) or typed in ("长期", "面议"):
                continue  # words for nothing
            was_read = getattr(listing, name, None) not in (None, "") or "haves" in name
            assert name in CHOSEN or was_read or typed in shown, (name, typed)

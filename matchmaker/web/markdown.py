"""Markdown of users and of the manual: rendered without raw HTML, then cleaned once more."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

TAGS = {
    "mark",
    "sup",
    "p",
    "br",
    "strong",
    "em",
    "ul",
    "ol",
    "li",
    "h2",
    "h3",
    "h4",
    "h5",
    "blockquote",
    "code",
    "pre",
    "a",
    "hr",
    "table",
}
TAGS |= {"thead", "tbody", "tr", "th", "td"}


_TIMES = re.compile(r"(?<=\d)\*(?=\d)")  # of 10*20*30 mm


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True})
    # What is pasted from a document looks as it did there: indented lines are no code, and a line
    # of dashes makes no heading of the line above it.
    parser.enable("table").disable(["code", "lheading"])
    parser.add_render_rule("text", _text)
    return parser


def _text(renderer: Any, tokens: Any, place: int, options: Any, env: dict[str, Any]) -> str:
    return str(env["mark"](tokens[place].content))


def render(
    text: str, mark: Callable[[str], Markup] = escape, lower: int = 2, pictures: str = ""
) -> Markup:
    """Return safe HTML. Headings are `lower` levels lower than in the text.

    `mark` makes HTML of text. `pictures`: where the text's pictures are served; "" shows none.
    """
    tokens = _parser().parse(_TIMES.sub(r"\*", text))
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + lower, 5)}"
        for picture in token.children or () if pictures else ():
            if picture.type == "image":
                picture.attrSet("src", f"{pictures}{picture.attrGet('src')}")
                picture.attrSet("loading", "lazy")
    html = _parser().renderer.render(tokens, _parser().options, {"mark": mark})
    clean = nh3.clean(
        html,
        tags=TAGS | {"img"} if pictures else TAGS,
        attributes={"a": {"href"}, "ol": {"start"}, "img": {"src", "alt", "loading"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )
    return Markup(clean)  # noqa: S704 # nosec B704

"""Text in the colours of the stylesheet can be read on every ground, in light and in dark."""

from __future__ import annotations

import re

import pytest

from matchmaker.paths import ROOT

GROUNDS = ("paper", "raised", "sunken")
ON_ALL = ("ink", "ink-2", "ink-3", "action", "bad", "good", "west", "east")
PAIRS = [(ink, ground) for ink in ON_ALL for ground in GROUNDS] + [
    ("ink", "shade"),
    ("ink", "mark"),
    ("action-ink", "action"),
    *((ink, f"{ink}-soft") for ink in ("action", "bad", "good", "west", "east")),
]
LEAST = 4.5  # WCAG 2.2, success criterion 1.4.3
LIGHT, DARK, *_ = re.findall(
    r":root \{(.*?)\}", (ROOT / "matchmaker/static/style.css").read_text(), re.DOTALL
)


def brightness(colour: str) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((brightness(one), brightness(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_ink_contrasts_with_its_ground(ink: str, ground: str, tokens: str) -> None:
    colours = dict(re.findall(r"--([\w-]+): #([0-9a-f]{6});", tokens))
    assert contrast(colours[ink], colours[ground]) >= LEAST

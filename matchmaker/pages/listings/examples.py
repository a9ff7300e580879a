"""A good example for each box, after listings of the demonstration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "need": {
        "title": _l("Starch plant: waste water at 8 °C does not degrade in winter"),
        "summary": _l(
            "Our plant makes 12,000 t of potato starch a year. From November to March, COD removal "
            "in the anaerobic tank falls from 85% to 40%. We have to store the water."
        ),
        "description": _l(
            "Where: 2,300 m above sea level, 600 m³ of water a day, COD 8,000 mg/L.\nWhat goes "
            "wrong: below 10 °C the granules float off within two weeks.\nWhat was tried: steam "
            "heating (too expensive), longer retention (no room).\nWhat we want: at least 80% "
            "COD removal at 8–12 °C in the tank that we have."
        ),
        "must_haves": _l(
            "COD removal at 8–12 °C: at least 80%\nRuns in the existing tank of 1,200 m³\nNo more "
            "than 2.5 yuan per cubic metre"
        ),
    },
    "capability": {
        "title": _l("Granular sludge that degrades starch waste water at 8–12 °C"),
        "summary": _l(
            "An anaerobic reactor with cold-adapted granules. COD removal at 8–12 °C reaches 85%. "
            "It has run in two starch plants for three winters."
        ),
        "description": _l(
            "How it works: granules bred at 10 °C, kept by a three-phase separator.\n"
            "What it needs: water with COD of 3,000–12,000 mg/L, a tank of 6 m or more.\n"
            "Limits: not for water with more than 200 mg/L of oil."
        ),
        "evidence": _l(
            "Test report of the provincial centre, March 2026: COD 8,200 → 1,150 mg/L at 9 °C, "
            "90 days. Two patents granted. Both plants can be visited."
        ),
    },
}

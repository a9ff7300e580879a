"""What results amount to, in the reader's language."""

from __future__ import annotations

from flask import Flask
from flask_babel import format_decimal

from matchmaker.outcomes.measures import Kind, Measure, all_measures
from matchmaker.web.i18n import reader_language, show_money


def register(app: Flask) -> None:
    app.jinja_env.filters["amount"] = show_amount
    app.jinja_env.filters["evidence_for"] = show_evidence


def show_amount(amount: int, code: str) -> str:
    """CNY 1,200,000; 36 people; 12.5 ha; in Chinese 120万元, 36人, 12.5公顷."""
    measure = all_measures()[code]
    if measure.kind == Kind.MONEY:
        return show_money(amount)
    number, language = plain_number(amount, measure), reader_language()
    unit = measure.units[language][0 if amount == measure.scale else 1]
    return f"{number}{unit}" if language == "zh" else f"{number} {unit}"


def plain_number(amount: int, measure: Measure) -> str:
    """The number in the measure's own unit, as the reader's language writes numbers."""
    number = amount / measure.scale if measure.scale > 1 else amount
    return str(format_decimal(number, "#,##0.###"))


def show_evidence(code: str) -> str:
    """What shows that such a result is so."""
    return all_measures()[code].evidence[reader_language()]

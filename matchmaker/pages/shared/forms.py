"""Answering with a form."""

from __future__ import annotations

from typing import Any

from flask import render_template

from matchmaker.web.forms import Form


def form_page(template: str, form: Form, **context: Any) -> tuple[str, int]:
    """Show a form: for the first time with 200, with its errors with 422."""
    return render_template(template, form=form, **context), 422 if form.is_submitted() else 200

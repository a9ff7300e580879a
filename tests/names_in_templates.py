"""The names that templates read, as Python: vulture counts what only they use as used."""

from __future__ import annotations

from keyword import iskeyword
from pathlib import Path

from jinja2 import Environment

TEMPLATES = Path(__file__).parents[1] / "templates"


def names() -> set[str]:
    lex = Environment(autoescape=True).lex
    return {
        value
        for path in TEMPLATES.rglob("*.*")
        for _, kind, value in lex(path.read_text("utf-8"))
        if kind == "name" and not iskeyword(value)
    }


if __name__ == "__main__":
    print("\n".join(f"_.{name}" for name in sorted(names())))

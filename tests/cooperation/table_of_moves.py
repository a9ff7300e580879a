"""The table of moves as docs/matches.md shows it: `python -m tests.cooperation.table_of_moves`."""

from __future__ import annotations

from matchmaker.cooperation import rules
from matchmaker.cooperation.rules import MOVES, Move, To
from matchmaker.cooperation.states import MatchStatus
from matchmaker.paths import ROOT

PAGE = ROOT / "docs" / "matches.md"
BEGIN, END = "<!-- table of moves -->\n", "<!-- end of the table -->\n"
ANY = frozenset(MatchStatus)
GROUPS = {
    "open": frozenset(MatchStatus.OPEN),
    "talks": frozenset(MatchStatus.TALKS),
    "under way": frozenset(MatchStatus.UNDER_WAY),
    "together": frozenset(MatchStatus.TOGETHER),
    "ended": frozenset(MatchStatus.ENDED),
    "any": ANY,
    "none, ended": frozenset({rules.NO_MATCH, *MatchStatus.ENDED}),
}
TO = {
    To.SAME: "stays where it is",
    To.BEFORE: "back to where it was",
    To.CHOSEN: "as the curator chooses",
}


def origin(move: Move) -> str:
    group = next((name for name, states in GROUPS.items() if states == move.before), "")
    return group or ", ".join(f"`{one}`" for one in MatchStatus if one in move.before)


def target(move: Move) -> str:
    to = TO.get(move.to, f"`{move.to}`")
    return f"{to}; `{move.first}` until the other agrees too" if move.first else to


def conditions(move: Move) -> str:
    named = [
        ("nothing stands in the pair's way", move.goes_on),
        (f"a reason of `{move.reasons}`", bool(move.reasons)),
        ("within a day, nobody has moved since", move.by == rules.By.AUTHOR),
    ]
    return ", ".join(text for text, holds in named if holds) or "–"


def render() -> str:
    rows = [
        (
            f"`{name}`",
            origin(move),
            move.by.value,
            conditions(move),
            target(move),
            "on the page" if move.by_hand else "elsewhere",
            "yes" if move.reversible else "–",
        )
        for name, move in MOVES.items()
    ]
    head = ("Move", "From", "By", "Condition", "Leads to", "Made", "Undone")
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def shown() -> str:
    """The table that the page has now."""
    return PAGE.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(page.replace(BEGIN + shown(), BEGIN + render()), encoding="utf-8")

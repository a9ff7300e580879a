"""What a measure is taken of: the ranking of a need, and how well each capability fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Grades = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Ranked:
    """The ranking of one need, with its grades.

    Parameters
    ----------
    language : str
        The need's language.
    ranking : Sequence[str]
        Ids of capabilities, best first.
    top : float
        Score of the best one.
    grades : Grades
        Id of a capability -> grade, 0 to 3.
    scores : Sequence[float]
        Scores of the ranked capabilities; without them no score is compared with the grades.
    bands : Sequence[str]
        Their bands; without them no band is.

    Examples
    --------
    >>> Ranked("en", ["c1", "c2"], 0.7, {"c1": 0, "c2": 3}).has_partner
    True
    """

    language: str
    ranking: Sequence[str]
    top: float
    grades: Grades
    scores: Sequence[float] = ()
    bands: Sequence[str] = ()

    @property
    def has_partner(self) -> bool:
        """Whether some capability has a grade above 0."""
        return any(grade > 0 for grade in self.grades.values())

from __future__ import annotations
from .asked import Asked
from .by_amount import Found, UNKNOWN
from .clauses import Field
def by_quality(asked, fields):
    return Found(UNKNOWN, 0.0)

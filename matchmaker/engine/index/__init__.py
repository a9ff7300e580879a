"""Exact best listings by sparse dot product, in memory and on disk."""

from .facets import Facets, Where
from .index import Index
from .snapshot import Busy, Damaged, NoSnapshot

__all__ = ["Busy", "Damaged", "Facets", "Index", "NoSnapshot", "Where"]

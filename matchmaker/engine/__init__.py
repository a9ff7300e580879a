"""Matching needs with capabilities across Chinese, English and Spanish.

A pure library: no web framework, no database, no network. This package is its only door; ``engine.search`` and
``engine.index`` are the doors of the two indexes. What a name needs is imported when the name is first used:
analysing a text stays cheap, and numpy and scipy come with the recommender only.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

"""Pair needs with capabilities across Chinese, English and Spanish.

A pure library without web framework, database or network. Import from this package, from
``engine.search`` (search in listings) and from ``engine.index`` (the index beneath both).
Names are imported at first use: analysing a text stays cheap, and numpy and scipy load with the
recommender.

Start with ``Listing`` and ``Recommender``; ``help(Recommender)`` has an example.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

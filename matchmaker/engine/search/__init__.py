"""Search in listings: their terms, the reading of a query, and an index with two tiers."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

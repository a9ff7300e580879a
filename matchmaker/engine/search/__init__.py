"""Searching listings: what they are found by, what a query asks for, and the index that says what matches."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

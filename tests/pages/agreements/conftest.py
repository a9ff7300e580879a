"""The scene of the agreements' own tests, for their pages."""

from tests.agreements.conftest import table

__all__ = ["table"]

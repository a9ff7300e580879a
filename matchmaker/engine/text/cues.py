"""What a listing says beside its subject: limits, refusals, means it spares, and its roles."""

from .limits import disclaimed, done_without
from .refusals import unwanted
from .roles import BUYS, GENERALIST, REPORTS, ROLES, TRADES, roles

__all__ = (
    "BUYS",
    "GENERALIST",
    "REPORTS",
    "ROLES",
    "TRADES",
    "disclaimed",
    "done_without",
    "roles",
    "unwanted",
)

"""What a listing says beside its subject: limits, refusals and roles."""

from .limits import disclaimed
from .refusals import unwanted
from .roles import BUYS, GENERALIST, REPORTS, ROLES, TRADES, roles

__all__ = (
    "BUYS",
    "GENERALIST",
    "REPORTS",
    "ROLES",
    "TRADES",
    "disclaimed",
    "roles",
    "unwanted",
)

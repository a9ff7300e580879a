"""Matchmaking for East–West science and technology cooperation."""

__version__ = "0.1.0"

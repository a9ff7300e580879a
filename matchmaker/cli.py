"""The `matchmaker` command. Every subcommand imports what it needs when it runs, so that none waits for another's."""

from __future__ import annotations

import click

"""Checks that an address can be served, before anything long is begun."""

from __future__ import annotations

import errno
import socket

from matchmaker.errors import ConfigurationError

LAST, TRIED = 65535, 100


def check_port(host: str, port: int, command: str) -> None:
    """Raise ConfigurationError, in one sentence or two, when the address cannot be served.

    A taken port is answered with the next free one, and how `command` is told to use it.
    """
    error = _refusal(host, port)
    if error is None:
        return
    if error.errno != errno.EADDRINUSE:
        raise ConfigurationError(f"{host}:{port} cannot be served: {error.strerror or error}.")
    free = next(
        (
            other
            for other in range(port + 1, min(port + TRIED, LAST) + 1)
            if not _refusal(host, other)
        ),
        None,
    )
    if free is None:
        raise ConfigurationError(f"Port {port} is in use. Choose another one with --port.")
    make = f"make run PORT={free} / " if command == "demo" else ""
    raise ConfigurationError(
        f"Port {port} is in use. Port {free} is free: {make}matchmaker {command} --port {free}"
    )


def _refusal(host: str, port: int) -> OSError | None:
    """Why nobody can listen there now; None when somebody can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        return error
    return None

"""The virus scanner, ClamAV's clamd, where one is set."""

from __future__ import annotations

from pathlib import Path

import structlog
from clamav_client.clamd import ClamdError, ClamdNetworkSocket, ClamdUnixSocket

from matchmaker.errors import Refusal, Refused

SECONDS = 20
log = structlog.get_logger()


def scan(address: str, path: Path) -> None:
    """Have a file scanned by the clamd at a socket's path, or at host:port.

    Raises Refused when something was found, and when nobody answers: nothing is taken unscanned.
    """
    try:
        with path.open("rb") as file:
            [(status, found)] = _clamd(address).instream(file).values()
    except (ClamdError, OSError, ValueError) as error:
        log.error("scanner.silent", error=str(error))
        raise Refused(Refusal.SCANNER_SILENT) from error
    if status == "FOUND":
        log.warning("scanner.found", what=found)
        raise Refused(Refusal.FILE_INFECTED)
    if status != "OK":
        log.error("scanner.silent", error=found)
        raise Refused(Refusal.SCANNER_SILENT)


def _clamd(address: str) -> ClamdNetworkSocket:
    host, _, port = address.rpartition(":")
    if host and port.isdigit():
        return ClamdNetworkSocket(host, int(port), SECONDS)
    return ClamdUnixSocket(address, SECONDS)

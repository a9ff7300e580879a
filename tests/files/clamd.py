"""A clamd that speaks INSTREAM on a Unix socket, as ClamAV's does (clamd(8))."""

from __future__ import annotations

import struct
import threading
from socketserver import StreamRequestHandler, ThreadingUnixStreamServer
from types import TracebackType

EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


class Clamd:
    """It finds EICAR's test text; `answer` is said in the place of any other word."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.answer = "stream: OK"
        self.received: list[bytes] = []
        scanner = self

        class Handler(StreamRequestHandler):
            def handle(self) -> None:
                assert self.rfile.readline() == b"nINSTREAM\n"
                content = b""
                while size := struct.unpack("!L", self.rfile.read(4))[0]:
                    content += self.rfile.read(size)
                scanner.received.append(content)
                found = EICAR in content
                answer = "stream: Win.Test.EICAR_HDB-1 FOUND" if found else scanner.answer
                self.wfile.write(f"{answer}\n".encode())

        self._server = ThreadingUnixStreamServer(address, Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> Clamd:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

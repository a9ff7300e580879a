"""Load of many visitors on kept connections: do all processes live and answer every page?

    python -m benchmarks.load [--visitors 200] [--minutes 10] [--python PATH] [--automatic]

Serves its own demonstration with ``matchmaker serve --workers 2`` on a free port of this machine.
Visitors read the list, a search, a listing's page and a signed-in home in turn. It prints the
answers, the connections cut off, the processes that died, and the growth of each process's memory.
``--automatic`` leaves garbage to Python's own collector, which ``matchmaker.garbage`` prevents.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

from matchmaker import deaths
from matchmaker.paths import ROOT

HOST, WORKERS = "127.0.0.1", 2
START_SECONDS, STOP_SECONDS, LOOK_SECONDS = 180, 60, 5.0
LONGEST_ANSWER = 120.0
READY_AFTER = 5_000  # requests, after which memory is to stay as it is
ROLE = "national"
EMPTY = """
import matchmaker.commands.main as cli
settings = cli.demo_settings(8000)
with cli.database(settings) as session:
    cli.migrate_now(session)
    cli.load_default_plan(session)
    session.commit()
"""
FILL = f"""{EMPTY}
from matchmaker.demo import loader
from matchmaker.worker import recommender_store
with cli.database(settings) as session:
    loader.load_once(session, recommender_store(settings), tell=lambda *_: None)
"""
SERVE = "from matchmaker.commands.main import main; main()"
AUTOMATIC = f"import matchmaker.garbage; matchmaker.garbage.collect_apart = lambda: None; {SERVE}"


@dataclass
class Report:
    """The visitors' answers, and each process's memory (MiB) by the number of answers."""

    answers: Counter[int] = field(default_factory=Counter)
    cut_off: Counter[str] = field(default_factory=Counter)
    memory: dict[int, list[tuple[int, float]]] = field(default_factory=dict)
    deaths: list[deaths.Death] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def requests(self) -> int:
        return self.answers.total()

    def growth(self) -> dict[int, float]:
        """Return the growth of each process's memory after ``READY_AFTER`` requests (0.05: 5 %)."""
        later = {
            pid: [size for requests, size in samples if requests >= READY_AFTER]
            for pid, samples in self.memory.items()
        }
        return {pid: sizes[-1] / sizes[0] - 1 for pid, sizes in later.items() if sizes}


@dataclass(frozen=True, slots=True)
class Site:
    """A demonstration that is being served, and its folder."""

    home: Path
    port: int
    server: subprocess.Popen[bytes]

    def web_processes(self) -> list[int]:
        return sorted(int(file.name) for file in (self.home / "web").glob("*") if not file.suffix)

    def address(self, path: str) -> str:
        return f"http://{HOST}:{self.port}{path}"


@contextmanager
def served(
    home: Path,
    python: str = sys.executable,
    *,
    fill: str = FILL,
    workers: int = WORKERS,
    automatic: bool = False,
) -> Iterator[Site]:
    """Fill a database in the folder and serve it."""
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith("MATCHMAKER_")
    }
    environ |= {
        "MATCHMAKER_HOME": str(home),
        "MATCHMAKER_SECRET_KEY": "only-for-a-load-test-0123456789-abcdefgh",
        "MATCHMAKER_DEMO": "yes",
        "MATCHMAKER_SECURE_COOKIES": "no",
        "MATCHMAKER_LOG_LEVEL": "ERROR",
    }
    home.mkdir(exist_ok=True)
    subprocess.run([python, "-c", fill], cwd=ROOT, env=environ, check=True, timeout=START_SECONDS)
    port = free_port()
    command = [python, "-c", AUTOMATIC if automatic else SERVE]
    arguments = ["serve", "--workers", str(workers), "--port", str(port)]
    with (home / "log").open("w") as log:
        server = subprocess.Popen(
            [*command, *arguments], cwd=ROOT, env=environ, stdout=log, stderr=log
        )
        try:
            site = Site(home, port, server)
            _wait(site)
            yield site
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=STOP_SECONDS)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait(site: Site) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if site.server.poll() is not None:
            raise RuntimeError(f"the server stopped: {(site.home / 'log').read_text()[-3000:]}")
        try:
            with urllib.request.urlopen(site.address("/ready"), timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server does not answer")


def cookie_of(site: Site) -> str:
    """Sign in by one click and return the cookies that say so."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    with browser.open(site.address("/demo")) as page:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())
    if token is None:
        raise RuntimeError("the page of roles has no form")
    form = urlencode({"csrf_token": token[1], "role": ROLE}).encode()
    browser.open(site.address("/demo/enter"), form).close()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def visit(site: Site, visitors: int, seconds: float) -> Report:
    """Let visitors read pages for some seconds, each over one kept connection."""
    cookie = cookie_of(site)
    with urllib.request.urlopen(site.address("/listings")) as page:
        shown = sorted(set(re.findall(r'href="(/listings/\d+)"', page.read().decode())))
    searches = (
        urlencode({"q": words}) for words in ("锂", "soil salinity", "energía solar", "葡萄")
    )
    pages = ["/listings", *(f"/listings?{search}" for search in searches), *shown[:8]]
    requests = [request(path) for path in pages for _ in range(2)] + [request("/home", cookie)] * 6
    report = Report()
    started = time.monotonic()
    asyncio.run(_visit(site, requests, visitors, started + seconds, report))
    report.seconds = time.monotonic() - started
    report.deaths = deaths.read(site.home)
    return report


def request(path: str, cookie: str = "") -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: {HOST}", "Accept-Language: zh"]
    lines += [f"Cookie: {cookie}"] if cookie else []
    return "\r\n".join([*lines, "", ""]).encode()


async def _visit(
    site: Site, requests: list[bytes], visitors: int, until: float, report: Report
) -> None:
    tasks = [_visitor(site.port, requests, number, until, report) for number in range(visitors)]
    looking = asyncio.create_task(_look(site, report))
    await asyncio.gather(*tasks)
    looking.cancel()


async def _visitor(
    port: int, requests: list[bytes], number: int, until: float, report: Report
) -> None:
    streams = None
    at = number * 7
    while time.monotonic() < until:
        try:
            if streams is None:
                streams = await asyncio.open_connection(HOST, port)
            reader, writer = streams
            writer.write(requests[at % len(requests)])
            status, is_kept = await asyncio.wait_for(_answer(reader), LONGEST_ANSWER)
            report.answers[status] += 1
            at += 1
            if not is_kept:
                writer.close()
                streams = None
        except (OSError, EOFError, TimeoutError) as error:
            report.cut_off[type(error).__name__] += 1
            streams = None
            await asyncio.sleep(0.5)
    if streams:
        streams[1].close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """Read one answer to its end; its status, and whether the connection is kept."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = re.search(r"\r\ncontent-length: *(\d+)", head)
    if length is None:
        raise EOFError("an answer without its length")
    await reader.readexactly(int(length[1]))
    return int(head.split(" ", 2)[1]), "\r\nconnection: close" not in head


async def _look(site: Site, report: Report) -> None:
    """Note the memory of every web process from time to time."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        for pid in site.web_processes():
            size = _memory(pid)
            if size:
                report.memory.setdefault(pid, []).append((report.requests, size))


def _memory(pid: int) -> float:
    """Return the resident memory of a process in MiB, 0 when it has gone."""
    try:
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--visitors", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--automatic", action="store_true")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as home,
        served(Path(home), options.python, automatic=options.automatic) as site,
    ):
        report = visit(site, options.visitors, options.minutes * 60)
    speed = report.requests / report.seconds
    print(
        f"{report.requests} answers in {report.seconds:.0f} s ({speed:.0f} a second): "
        f"{dict(report.answers)}"
    )
    print(
        f"cut off: {report.cut_off.total()} {dict(report.cut_off)}, "
        f"processes that died: {len(report.deaths)}"
    )
    for death in report.deaths:
        print(f"  {death.at:%H:%M:%S} {death.process} {death.pid} {death.cause}")
    for pid, samples in report.memory.items():
        print(
            f"memory of {pid}: {samples[0][1]:.0f} MiB at first, {samples[-1][1]:.0f} at last",
            end="",
        )
        growth = report.growth().get(pid)
        print("" if growth is None else f", {growth:+.1%} since {READY_AFTER} requests")
    return 1 if report.deaths or report.cut_off else 0


if __name__ == "__main__":
    sys.exit(main())

"""The README's nginx in front of `matchmaker serve`: HTTPS, forwarded facts, large requests."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPMessage
from pathlib import Path
from urllib.parse import urlencode

import pytest

from benchmarks.load import free_port
from matchmaker.paths import ROOT

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
SECONDS = 120
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: HTTPMessage
    body: bytes


class Keep(urllib.request.HTTPRedirectHandler):
    """Follow no redirect."""

    def redirect_request(self, *_arguments: object) -> None:
        return None


class Proxied:
    def __init__(self, port: int, plain: int, log: Path) -> None:
        self.port, self.plain, self.log = port, plain, log
        context = ssl._create_unverified_context()
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=context), Keep
        )

    def ask(self, path: str, data: dict[str, str] | None = None, **headers: str) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(
            f"https://127.0.0.1:{self.port}{path}",
            urlencode(data).encode() if data is not None else None,
            sent,
        )
        try:
            with self.opener.open(request, timeout=SECONDS) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read())


def configuration(folder: Path, port: int, plain: int, upstream: int) -> str:
    """The README's server blocks, on ports and with a certificate of this test."""
    (block,) = re.findall(r"```nginx\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    for old, new in (
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{port} ssl http2;"),
        ("/etc/ssl/match.example.org", str(folder)),
        ("http://127.0.0.1:8000", f"http://127.0.0.1:{upstream}"),
    ):
        assert old in block
        block = block.replace(old, new)
    places = "".join(
        f"{name}_temp_path {folder}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; {places}\n{block}\n}}"
    )


@pytest.fixture(scope="module")
def proxied(workplace: Path) -> Iterator[Proxied]:
    folder = workplace / "proxied"
    folder.mkdir()
    port, plain, upstream = free_port(), free_port(), free_port()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1",
         "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    (folder / "nginx.conf").write_text(configuration(folder, port, plain, upstream))
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith("MATCHMAKER_")
    } | {
        "MATCHMAKER_HOME": str(folder / "home"),
        "MATCHMAKER_SECRET_KEY": "only-for-a-proxy-test-0123456789-abcdefgh",
        "MATCHMAKER_BASE_URL": f"https://127.0.0.1:{port}",
        "MATCHMAKER_PROXIES": "1",
    }
    command = [sys.executable, "-m", "matchmaker"]
    subprocess.run([*command, "migrate"], cwd=ROOT, env=environ, check=True, capture_output=True)
    with (folder / "log").open("w") as log:
        site = subprocess.Popen(
            [*command, "serve", "--port", str(upstream)],
            cwd=ROOT, env=environ, stdout=log, stderr=log,
        )  # fmt: skip
        nginx = subprocess.Popen([str(NGINX), "-c", folder / "nginx.conf"], stderr=log)
        try:
            proxy = Proxied(port, plain, folder / "log")
            until = time.monotonic() + SECONDS
            while time.monotonic() < until:
                try:
                    if proxy.ask("/health").status == 200:
                        break
                except OSError:
                    pass
                time.sleep(0.2)
            yield proxy
        finally:
            for process in (nginx, site):
                process.send_signal(signal.SIGTERM)
            for process in (nginx, site):
                process.wait(timeout=SECONDS)


def test_pages_come_over_https_compressed_and_say_so(proxied: Proxied) -> None:
    page = proxied.ask("/", Accept_Encoding="gzip")
    assert page.status == 200
    assert page.headers.get_all("Strict-Transport-Security") == ["max-age=31536000"]
    assert page.headers["Content-Encoding"] == "gzip"
    assert b"<html" in gzip.decompress(page.body)


def test_the_session_cookie_is_of_this_host_alone(proxied: Proxied) -> None:
    cookie = proxied.ask("/sign-in").headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert "; Secure" in cookie
    assert "; Path=/" in cookie
    assert "Domain" not in cookie


def test_a_form_of_the_site_is_taken_and_another_sites_is_not(proxied: Proxied) -> None:
    page = proxied.ask("/sign-in")
    (token,) = set(re.findall(r'name="csrf_token" value="([^"]+)"', page.body.decode()))
    cookie = page.headers["Set-Cookie"].partition(";")[0]
    data = {"csrf_token": token, "language": "zh"}
    own = proxied.ask("/language", data, Cookie=cookie, Origin=f"https://127.0.0.1:{proxied.port}")
    other = proxied.ask("/language", data, Cookie=cookie, Origin="https://evil.example")
    assert (own.status, other.status) == (303, 403)


def test_plain_http_is_sent_to_https(proxied: Proxied) -> None:
    request = urllib.request.Request(f"http://127.0.0.1:{proxied.plain}/plan?x=1")
    with pytest.raises(urllib.error.HTTPError) as answer:
        proxied.opener.open(request, timeout=SECONDS)
    with answer.value as error:
        assert (error.code, error.headers["Location"]) == (301, "https://127.0.0.1/plan?x=1")


def test_what_is_too_large_is_refused_by_either(proxied: Proxied) -> None:
    assert proxied.ask("/language", {"language": "x" * 2_100_000}).status == 413


def test_a_declared_proxy_is_not_warned_of(proxied: Proxied) -> None:
    assert "MATCHMAKER_PROXIES" not in proxied.log.read_text()

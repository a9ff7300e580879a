"""A taken port is said in one sentence, with the next free one, before anything is begun."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from matchmaker.commands import ports
from matchmaker.errors import ConfigurationError

HOST = "127.0.0.1"


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server((HOST, 0)) as holder:
        yield holder.getsockname()[1]


def test_a_free_port_is_not_spoken_of(taken: int) -> None:
    with socket.create_server((HOST, 0)) as other:
        free = other.getsockname()[1]
    ports.check_port(HOST, free, "serve")


@pytest.mark.parametrize(
    ("command", "advice"),
    [
        ("demo", "make run PORT={free} / matchmaker demo --port {free}"),
        ("serve", "matchmaker serve --port {free}"),
    ],
)
def test_a_taken_port_is_answered_with_the_next_free_one(
    taken: int, monkeypatch: pytest.MonkeyPatch, command: str, advice: str
) -> None:
    refusal = ports._refusal
    free = taken + 2
    monkeypatch.setattr(
        ports, "_refusal", lambda host, port: refusal(host, taken) if port < free else None
    )
    with pytest.raises(ConfigurationError) as error:
        ports.check_port(HOST, taken, command)
    assert (
        str(error.value)
        == f"Port {taken} is in use. Port {free} is free: {advice.format(free=free)}"
    )


def test_when_no_port_is_free_nearby_another_is_asked_for(
    taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = ports._refusal
    monkeypatch.setattr(ports, "_refusal", lambda host, port: refusal(host, taken))
    with pytest.raises(ConfigurationError, match="Choose another one with --port"):
        ports.check_port(HOST, taken, "demo")


def test_an_address_that_is_not_ours_is_said() -> None:
    with pytest.raises(ConfigurationError, match=r"^192\.0\.2\.1:8000 cannot be served: "):
        ports.check_port("192.0.2.1", 8000, "serve")

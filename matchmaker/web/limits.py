"""How often one address may try things that are worth guessing at."""

from __future__ import annotations

from ipaddress import ip_address

from flask import request
from flask_limiter import Limiter

from matchmaker.services import services
from matchmaker.web.addresses import network_of

# Guessing a password or asking for mails: by network, and there by the account aimed at.
BY_ADDRESS = "30 per 10 minutes"
BY_ACCOUNT = "10 per 10 minutes"
WRONG_CODES = "10 per 10 minutes;40 per day"  # one of a million guesses is right


def asking_network() -> str:
    """The network that a request comes from; nothing where its address is a proxy's."""
    return "" if is_of_everybody() else network_of(request.remote_addr or "")


def is_of_everybody() -> bool:
    """Whether the address of this request says nothing about who asks.

    So it is with this machine's own, and with one of a local network that forwards for others,
    unless the proxy was declared. A public address is somebody's: anybody can send the header.
    """
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return True  # a Unix socket has none
    return address.is_loopback or (address.is_private and came_through_unknown_proxy())


def came_through_unknown_proxy() -> bool:
    return not services().settings.proxies and "X-Forwarded-For" in request.headers


limiter = Limiter(key_func=asking_network, headers_enabled=False)

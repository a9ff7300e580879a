from __future__ import annotations

from matchmaker.accounts.models import User
from tests.client import PageClient


def test_name_and_language_are_changed(client: PageClient, ana: User) -> None:
    client.sign_in(ana).submit("/account", {"name": "Ana Li", "language": "zh"})
    assert (ana.name, ana.language) == ("Ana Li", "zh")


def test_the_site_speaks_the_new_language_at_once(client: PageClient, ana: User) -> None:
    client.speak("en").sign_in(ana).submit("/account", {"name": "Ana", "language": "es"})
    assert '<html lang="es">' in client.get("/account").text


def test_a_missing_name_is_named(client: PageClient, ana: User) -> None:
    response = client.sign_in(ana).submit("/account", {"name": " ", "language": "en"})
    assert response.status_code == 422
    assert 'href="#name"' in response.text

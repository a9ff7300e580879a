from __future__ import annotations

import pytest
from flask import Flask
from structlog.testing import capture_logs

from matchmaker.web import security
from matchmaker.web.resume import local_path
from tests.client import PageClient
from tests.factories import UserFactory, plan


def test_every_page_forbids_inline_script_and_framing(client: PageClient) -> None:
    plan()
    headers = client.get("/plan").headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_pages_are_not_stored_and_static_files_are(client: PageClient) -> None:
    assert client.get("/plan").headers["Cache-Control"] == "no-store"
    assert (
        "immutable" in client.get("/static/style.css?v=1", buffered=True).headers["Cache-Control"]
    )


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client: PageClient) -> None:
    cookie = client.submit("/language", {"language": "zh"}).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
    ],
)
def test_a_write_from_another_site_is_refused(client: PageClient, headers: dict[str, str]) -> None:
    assert client.submit("/language", {"language": "zh"}, headers=headers).status_code == 403


def test_a_stale_token_keeps_what_was_typed_and_offers_to_send_it_again(client: PageClient) -> None:
    response = client.post(
        "/language", data={"language": "zh", "next": "/plan", "csrf_token": "stale"}
    )
    assert response.status_code == 400
    assert 'name="language" value="zh"' in response.text
    assert 'action="/language"' in response.text


def test_passwords_are_not_written_into_the_page_that_resumes(client: PageClient) -> None:
    response = client.post(
        "/sign-in",
        data={"email": "ana@example.org", "password": "correct horse", "csrf_token": "x"},
    )
    assert "correct horse" not in response.text
    assert 'name="email" value="ana@example.org"' in response.text


def test_a_request_that_is_too_large_is_refused_with_a_sentence(
    client: PageClient, app: Flask
) -> None:
    response = client.submit(
        "/language", {"language": "x" * (app.config["MAX_CONTENT_LENGTH"] + 1)}
    )
    assert response.status_code == 413
    assert "too large" in response.text


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/plan?x=1", "/plan?x=1"),
        ("//elsewhere.example", None),
        ("/\\elsewhere.example", None),
        ("https://elsewhere.example/", None),
        ("plan", None),
        ("/plan\nSet-Cookie: a=b", None),
        ("", None),
        (None, None),
    ],
)
def test_only_paths_of_this_site_are_followed(path: str | None, kept: str | None) -> None:
    assert local_path(path) == kept


def test_a_visitor_who_asks_for_a_closed_page_comes_back_to_it_after_signing_in(
    client: PageClient,
) -> None:
    response = client.get("/notices?page=2")
    assert (response.status_code, response.location) == (303, "/sign-in?next=/notices?page%3D2")


def test_an_unknown_page_is_a_404_with_a_way_on(client: PageClient) -> None:
    assert "Go to the home page" in client.page("/nowhere", status=404).text


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "页面不存在"), ("es", "No existe esa página")]
)
def test_errors_speak_the_readers_language(client: PageClient, language: str, words: str) -> None:
    assert words in client.speak(language).page("/nowhere", status=404).text


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("zh-CN,zh;q=0.9", "zh-Hans"),
        ("es-MX", "es"),
        ("en-GB", "en"),
        ("fr", "zh-Hans"),
        ("", "zh-Hans"),
    ],
)
def test_the_browsers_language_is_answered(client: PageClient, header: str, lang: str) -> None:
    assert f'<html lang="{lang}">' in client.get("/plan", headers={"Accept-Language": header}).text


def test_the_language_chosen_on_the_page_wins_over_the_accounts(client: PageClient) -> None:
    client.sign_in(UserFactory(language="es"))
    client.submit("/language", {"language": "zh", "next": "/plan"})
    assert '<html lang="zh-Hans">' in client.get("/plan").text


def test_a_proxy_that_was_not_declared_is_logged_once(client: PageClient) -> None:
    security._unknown_proxy.cache_clear()
    client.environ_base["REMOTE_ADDR"] = "127.0.0.1"
    with capture_logs() as logged:
        for _ in range(3):
            client.get("/plan", headers={"X-Forwarded-For": "93.184.216.34"})
    assert [entry["event"] for entry in logged].count("proxy.unknown") == 1

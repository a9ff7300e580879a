"""The application: every part put together."""

from __future__ import annotations

import time

import structlog
from flask import Flask, Response, g, request
from flask_babel import Babel
from werkzeug.middleware.proxy_fix import ProxyFix

from matchmaker import home, logs, metrics, worker
from matchmaker.agreements import instruments
from matchmaker.agreements.states import AgreementStatus, VersionStatus
from matchmaker.config import Settings
from matchmaker.cooperation.states import MatchStatus
from matchmaker.curation.matches import MatchOrder
from matchmaker.curation.states import PairQueue
from matchmaker.db import db, prepare_engine, reading
from matchmaker.imports.states import BatchStatus, EntryStatus, ImportStatus, RowStatus
from matchmaker.listings import resources
from matchmaker.listings.reminding import LinkState
from matchmaker.listings.states import ListingStatus
from matchmaker.meetings.states import MeetingStatus
from matchmaker.organisations.acting import frame_facts
from matchmaker.organisations.claims.states import ClaimStatus, ClaimWord
from matchmaker.organisations.details import fields_of
from matchmaker.organisations.states import ChangeStatus, MessageKind, OrganisationStatus
from matchmaker.outcomes.states import OutcomeStatus, Progress
from matchmaker.pages.account import routes as account
from matchmaker.pages.admin import routes as admin
from matchmaker.pages.agreements import routes as agreements
from matchmaker.pages.conversations import routes as conversations
from matchmaker.pages.demo import routes as demo
from matchmaker.pages.desk import routes as desk
from matchmaker.pages.exports import routes as exports
from matchmaker.pages.files import routes as files
from matchmaker.pages.home import routes as front
from matchmaker.pages.imports import routes as imports
from matchmaker.pages.listings import routes as listings
from matchmaker.pages.matches import routes as matches
from matchmaker.pages.meetings import routes as meetings
from matchmaker.pages.notices import routes as notices
from matchmaker.pages.operations import routes as operations
from matchmaker.pages.organisation import routes as organisation
from matchmaker.pages.outcomes import routes as outcomes
from matchmaker.pages.partners import routes as partners
from matchmaker.pages.plan import routes as plan
from matchmaker.pages.privacy import routes as privacy
from matchmaker.pages.shared import amounts, conflicts, limits, refusals, sessions, watching
from matchmaker.paths import STATIC, TEMPLATES, TRANSLATIONS
from matchmaker.recommendation.states import Answer, Band, Origin, SuggestionStatus
from matchmaker.search.live import Searching
from matchmaker.services import Services, services
from matchmaker.web import error_pages, i18n, security, templating, tries
from matchmaker.web.limits import limiter
from matchmaker.web.routing import IdConverter
from matchmaker.web.session import current_actor

ROOMS = (
    front,
    account,
    admin,
    organisation,
    listings,
    imports,
    exports,
    partners,
    matches,
    meetings,
    agreements,
    conversations,
    files,
    outcomes,
    desk,
    plan,
    notices,
    privacy,
    operations,
)
# What templates name states by.
STATES = (
    AgreementStatus,
    Answer,
    Band,
    ChangeStatus,
    BatchStatus,
    EntryStatus,
    ImportStatus,
    LinkState,
    ListingStatus,
    MatchOrder,
    MatchStatus,
    MeetingStatus,
    ClaimStatus,
    ClaimWord,
    MessageKind,
    OrganisationStatus,
    Origin,
    OutcomeStatus,
    PairQueue,
    Progress,
    RowStatus,
    SuggestionStatus,
    VersionStatus,
)
FRAMELESS = ("static", "home.health", "home.ready", "operations.metrics")


def create_app(settings: Settings, *, testing: bool = False) -> Flask:
    """Build the application with settings that `serve` or wsgi.py has checked."""
    home.prepare(settings.home_path)
    app = Flask(
        "matchmaker",
        template_folder=str(TEMPLATES),
        static_folder=str(STATIC),
        static_url_path="/static",
    )
    app.url_map.converters["int"] = IdConverter
    app.extensions[Services.KEY] = Services(
        settings=settings,
        searching=Searching(settings.home_path / "search"),
        recommender=worker.recommender_store(settings),
        queue=worker.make_queue(settings),
    )
    configure(app, settings, testing)
    logs.configure(settings.log_level)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    Babel(app, locale_selector=i18n.select_locale)
    limiter.init_app(app)
    sessions.install(app)
    security.install(app)
    templating.install(app)
    app.jinja_env.globals.update({states.__name__: states for states in STATES})
    app.jinja_env.globals["details_of"] = fields_of
    app.jinja_env.globals["listing_details"] = lambda code: resources.resource(code).details
    app.jinja_env.globals["all_listing_details"] = resources.all_details
    error_pages.install(app)
    worker.install(app)
    instruments.catalogue()  # faulty data is told of now, not to the first reader
    register_pages(app)
    load_frame_facts(app)
    log_requests(app)
    if settings.proxies:
        hops = settings.proxies
        behind = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
        app.wsgi_app = behind  # type: ignore[method-assign]
    return app


def configure(app: Flask, settings: Settings, testing: bool) -> None:
    app.config.update(
        TESTING=testing,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database,
        MAX_CONTENT_LENGTH=settings.max_request_kib * 1024,
        MAX_FORM_MEMORY_SIZE=settings.max_request_kib * 1024,
        MAX_FORM_PARTS=2000,
        # Only a server of this very host, over HTTPS, can set a cookie of that name.
        SESSION_COOKIE_NAME="__Host-session" if settings.secure_cookies else "session",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=settings.session_hours * 3600,
        DEMO=settings.demo,
        BABEL_DEFAULT_LOCALE="en",
        BABEL_TRANSLATION_DIRECTORIES=str(TRANSLATIONS),
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
        RATELIMIT_STORAGE_URI=tries.address(settings.home_path),
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,  # as when the disk is full
        RATELIMIT_HEADERS_ENABLED=False,
    )


def register_pages(app: Flask) -> None:
    amounts.register(app)
    conflicts.register(app)
    refusals.register(app)
    watching.register(app)
    limits.register(app)
    for room in ROOMS:
        room.register(app)
    if services(app).settings.demo:
        demo.register(app)


def load_frame_facts(app: Flask) -> None:
    """Load what every page's frame shows, in one query: the plan's sides, unread notices."""

    @app.before_request
    def load() -> None:
        if request.endpoint not in FRAMELESS:
            with reading(db.session()):
                g.sides, g.unread = frame_facts(db.session(), current_actor().user_id)
            sessions.note_use()


def log_requests(app: Flask) -> None:
    log = structlog.get_logger("request")

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()
        if trail := services(app).trail:
            trail.note(f"{request.method} {logged_path()}")

    @app.after_request
    def finish(response: Response) -> Response:
        if request.endpoint not in FRAMELESS:
            seconds = time.perf_counter() - g.get("started", time.perf_counter())
            metrics.count(
                request.method, str(request.url_rule or ""), response.status_code, seconds
            )
            log.info(
                "request",
                method=request.method,
                path=logged_path(),
                status=response.status_code,
                ms=round(seconds * 1000, 1),
            )
        if trail := services(app).trail:
            trail.note(f"{request.method} {logged_path()} {response.status_code}")
        return response


def logged_path() -> str:
    """Return the request's path, or its pattern where the path would sign somebody in."""
    return str(request.url_rule) if "token" in (request.view_args or {}) else request.path

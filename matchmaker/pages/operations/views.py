"""How the installation stands: a page for administrators, and figures for a monitoring system."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator

from flask import Blueprint, Response, abort, render_template, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from matchmaker import metrics as counted
from matchmaker.db import db
from matchmaker.operations.messages import JOBS, STATES, TROUBLES
from matchmaker.operations.states import JobState
from matchmaker.pages.operations.facts import Facts, gather
from matchmaker.services import services
from matchmaker.web.guards import guard

blueprint = Blueprint("operations", __name__)


@blueprint.get("/admin/operations")
@guard("operations.read")
def index() -> str:
    facts = gather(db.session())
    return render_template(
        "operations/index.html",
        facts=facts,
        wrong=[job for job in facts.jobs if job.state in (JobState.FAILED, JobState.LATE)],
        job_names=JOBS,
        job_states=STATES,
        troubles=TROUBLES,
    )


@blueprint.get("/metrics")
@guard("metrics.read")
def metrics() -> Response:
    """Give the figures to who has the token, in the text format of Prometheus."""
    token = services().settings.metrics_token
    if not token:
        abort(404)
    given = request.headers.get("Authorization", "").encode()
    if not hmac.compare_digest(given, f"Bearer {token}".encode()):
        asked = {"WWW-Authenticate": "Bearer"}
        return Response("The token is missing or wrong.\n", 401, asked, "text/plain")
    together = CollectorRegistry()
    together.register(_Now(gather(db.session())))
    text = generate_latest(counted.registry()) + generate_latest(together)
    return Response(text, content_type=CONTENT_TYPE_LATEST)


class _Now:
    """The facts as a collector."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def collect(self) -> Iterator[Metric]:
        facts = self.facts
        seen = [facts.at.timestamp() - worker.seen_at.timestamp() for worker in facts.workers]
        yield _gauge("ready", "1 if nothing keeps the site from working", int(not facts.troubles))
        yield _gauge("worker_seen_seconds", "Since a worker's last sign of life", *seen[:1])
        yield _gauge("jobs_asked", "Jobs waiting to start", facts.asked)
        yield _gauge("listings_due", "Listings without a partner yet", facts.listings_due)
        yield _gauge("disk_free_bytes", "Room where the home folder is", facts.disk_free)
        yield _gauge("database_bytes", "Size of the database", facts.database_size)
        yield _gauge("audit_records", "Records of the audit log", facts.records)
        yield _gauge("alarming_events", "Alarming security events in 24 hours", facts.alarming)
        yield _gauge("deaths", "Processes that crashed in seven days", facts.deaths)
        if facts.backup:
            age = facts.at.timestamp() - facts.backup.written_at.timestamp()
            yield _gauge("backup_age_seconds", "Since the last nightly backup", age)
        yield _labelled("mails", "Mails not sent", "state", (
            ("waiting", facts.mails.waiting),
            ("refused", facts.mails.refused),
            ("given_up", facts.mails.given_up),
        ))  # fmt: skip
        yield _labelled("job_good", "1 if a job is neither failed nor late", "job", (
            (job.name, int(job.state not in (JobState.FAILED, JobState.LATE)))
            for job in facts.jobs
        ))  # fmt: skip
        yield _labelled("job_seconds", "How long the last run took", "job", (
            (job.name, job.run.seconds) for job in facts.jobs if job.run
        ))  # fmt: skip


def _gauge(name: str, about: str, *values: float) -> Metric:
    family = GaugeMetricFamily(f"matchmaker_{name}", about)
    for value in values:
        family.add_metric([], value)
    return family


def _labelled(name: str, about: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
    family = GaugeMetricFamily(f"matchmaker_{name}", about, labels=[label])
    for code, value in values:
        family.add_metric([code], value)
    return family

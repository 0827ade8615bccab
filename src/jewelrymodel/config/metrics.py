"""``/metrics``: counts of requests and what waits, in Prometheus' text format, for the operator.

Requests are counted by each web process into files of its own, which are added up when somebody
asks. All else is read then: from the database, and from the disk.
"""

import os
import time
from collections.abc import Callable, Iterator
from hmac import compare_digest

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from jewelrymodel.config.alarms import alarms_now
from jewelrymodel.config.backups import records
from jewelrymodel.config.health import worker_is_alive
from jewelrymodel.config.queue_lanes import QUEUES
from jewelrymodel.config.server import COUNTERS
from jewelrymodel.infra import clock, disk, email_queue, queue
from jewelrymodel.infra.trusted_proxies import is_loopback
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import queries as payments
from jewelrymodel.web.addresses import WAS_FORWARDED

_METHODS = {"GET", "HEAD", "POST"}
_OURS = CollectorRegistry()
_REQUESTS = Counter(
    "jewelrymodel_requests",
    "Requests that were answered, by page and first digit of the status.",
    ["page", "method", "status"],
    registry=_OURS,
)
_SECONDS = Histogram(
    "jewelrymodel_request_seconds",
    "Until the answer began.",
    buckets=(0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30),
    registry=_OURS,
)


def count_requests(
    answer: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return the middleware that counts each request and how long its answer took."""

    def counted(request: HttpRequest) -> HttpResponseBase:
        started_s = time.perf_counter()
        response = answer(request)
        page = request.resolver_match.view_name if request.resolver_match else ""
        method = request.method if request.method in _METHODS else "other"
        _REQUESTS.labels(page or "none", method, f"{response.status_code // 100}xx").inc()
        _SECONDS.observe(time.perf_counter() - started_s)
        return response

    return counted


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer who may ask with all that is counted; 404 for everybody else."""
    if not _may_ask(request):
        raise Http404
    registry = CollectorRegistry()
    if os.environ.get(COUNTERS):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library's
    else:
        registry.register(_OURS)
    registry.register(_State())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_ask(request: HttpRequest) -> bool:
    """Whether it is a program on this machine that calls directly, or one with the token."""
    token = settings.METRICS_TOKEN
    if token:
        given = request.headers.get("Authorization", "")
        return compare_digest(given.encode(), f"Bearer {token}".encode())
    return is_loopback(request.META.get("REMOTE_ADDR")) and not request.META.get(WAS_FORWARDED)


class _State(Collector):
    """What is so now."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield each gauge; some queries, none of which reads a whole table that grows."""
        now = clock.real_now()
        waiting, since = queue.waiting(machine_now=now), queue.waiting_since(machine_now=now)
        lanes = [*QUEUES, *(set(waiting) - set(QUEUES))]
        ages_s = {lane: (now - since[lane]).total_seconds() for lane in lanes if lane in since}
        yield _by(
            "queue_jobs", "Jobs that are due.", "lane", {one: waiting.get(one, 0) for one in lanes}
        )
        yield _by("queue_oldest_seconds", "For how long the first of them is due.", "lane", {
            one: ages_s.get(one, 0) for one in lanes
        })  # fmt: skip
        yield _one(
            "jobs_given_up", "Jobs that failed so often that nobody tries again.", queue.given_up()
        )
        yield _one("worker_up", "Whether any worker's heart beats.", worker_is_alive())
        yield _one("credits_held", "Credits that generations hold now.", ledger.held_credits())
        yield _one(
            "refunds_waiting",
            "Refunds that the processor hasn't made yet.",
            payments.refunds_waiting(),
        )
        yield _one(
            "emails_waiting", "Emails that the mail server hasn't taken.", email_queue.waiting()
        )
        yield _one("disk_free_bytes", "Room on the fullest disk.", disk.free_bytes())
        last = records.last_at()
        if last:
            yield _one(
                "backup_age_seconds", "Since the last whole one.", (now - last).total_seconds()
            )
        parts: dict[str, float] = {}
        for alarm in alarms_now():
            parts[str(alarm["part"])] = parts.get(str(alarm["part"]), 0) + 1
        yield _by("alarms", "What /healthz names now.", "part", parts)


def _one(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"jewelrymodel_{name}", about, value=float(value))


def _by(
    name: str, about: str, label: str, values: dict[str, float] | dict[str, int]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"jewelrymodel_{name}", about, labels=[label])
    for one, value in values.items():
        family.add_metric([one], float(value))
    return family

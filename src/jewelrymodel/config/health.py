"""Whether every part is up, for people, supervisors and load balancers."""

import socket
from collections.abc import Callable
from importlib.metadata import version

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jewelrymodel.config.alarms import alarms_now
from jewelrymodel.config.child_processes import answers
from jewelrymodel.infra.mail_sources import MailListener
from jewelrymodel.studio.matting_choice import NotDescribed, active_weights

HEARTBEAT_S = 30
_LIVE_WORKERS = """
    select exists (select 1 from procrastinate_workers
                   where last_heartbeat > now() - make_interval(secs => %s))
"""


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when every part is up, else 503; the JSON names each and says what is down.

    An alarm makes it unhealthy, and the status stays 200: the pages work, so nobody is to be sent
    elsewhere, and a person has to mend what it names.
    """
    parts = {name: "up" if is_up() else "down" for name, is_up in _checks().items()}
    try:
        alarms = alarms_now() if parts["database"] == "up" else []
    except Error:  # it went away in between
        alarms, parts["database"] = [], "down"
    down = sorted(name for name, state in parts.items() if state == "down")
    body = {
        "healthy": not down and not alarms,
        "down": down,
        "parts": parts,
        "alarms": alarms,
        "matting_model": matting_model() or "none",
        "version": version("jewelrymodel"),
    }
    return JsonResponse(body, status=503 if down else 200)


def _checks() -> dict[str, Callable[[], bool]]:
    checks: dict[str, Callable[[], bool]] = {
        "web": lambda: True,
        "database": database_answers,
        "worker": worker_is_alive,
    }
    if listener := settings.MAIL_IN_LISTENER:
        checks["listener"] = lambda: listener_answers(listener)
    if settings.DEMO:
        checks["sandbox"] = lambda: answers("127.0.0.1", settings.SANDBOX_PORT)
        checks["mail"] = lambda: answers("127.0.0.1", settings.SMTP_PORT)
        checks["generator"] = lambda: answers("127.0.0.1", settings.GENERATOR_PORT)
    return checks


def database_answers() -> bool:
    """Return whether the database answers a query."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except Error:
        return False
    return True


def listener_answers(listener: MailListener) -> bool:
    """Return whether a mail server could hand mail over."""
    if listener.path is None:
        return answers(listener.host, listener.port)
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(listener.path)) == 0


def worker_is_alive() -> bool:
    """Return whether any worker's heart has beaten within HEARTBEAT_S, by the database's clock."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_LIVE_WORKERS, [HEARTBEAT_S])
            return bool(cursor.fetchone()[0])
    except Error:
        return False


def matting_model() -> str | None:
    """Return the name of the cutout model that serves, None without any; nothing is loaded."""
    try:
        weights = active_weights(settings.MODELS_DIR, settings.MATTING_MODEL)
    except NotDescribed:
        return None
    return weights.name if weights else None

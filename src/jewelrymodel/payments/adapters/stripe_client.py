"""One connection to the processor's API, and what its refusals mean in our words."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeVar

import stripe
from django.conf import settings

from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused

CONNECT_TIMEOUT_S = 3.0
READ_TIMEOUT_S = 8.0
RETRIES = 1

T = TypeVar("T")


def client() -> stripe.StripeClient:
    """Return the client for the processor that the settings name: the sandbox or the real one."""
    return _client(settings.STRIPE_API_BASE, settings.STRIPE_SECRET_KEY)


@lru_cache(maxsize=4)
def _client(api_base: str, secret_key: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        secret_key or "sk_not_set",
        base_addresses={"api": api_base} if api_base else None,
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S)),
    )


def asked(call: Callable[[], T]) -> T:
    """Return what *call* returns; raises ProcessorDown (ask again) or ProcessorRefused."""
    try:
        return call()
    except (stripe.APIConnectionError, stripe.APIError, stripe.RateLimitError) as error:
        raise ProcessorDown(str(error)) from error
    except stripe.StripeError as error:
        if error.http_status == 409:  # the same request is still under way
            raise ProcessorDown(str(error)) from error
        raise ProcessorRefused(str(error), code=error.code or "") from error


def optional(owner: object, kind: type[T], *path: str) -> T | None:
    """Return what lies under *path* inside *owner*; None where it is absent, null or no *kind*.

    The SDK annotates as Optional what may be null and what the API leaves out alike; an absent
    field raises AttributeError when it is read as an attribute. So each such field is read here.
    """
    value = owner
    for name in path:
        if not isinstance(value, stripe.StripeObject) or name not in value:
            return None
        value = value[name]
    return value if isinstance(value, kind) else None


def id_at(owner: object, *path: str) -> str:
    """Return the id of what lies under *path*, expanded or not; empty where nothing is named."""
    return optional(owner, str, *path) or optional(owner, str, *path, "id") or ""


def instant_at(owner: object, *path: str) -> datetime | None:
    """Return the instant under *path*; None where there is none, or where it is 0."""
    seconds = optional(owner, int, *path)
    return datetime.fromtimestamp(seconds, UTC) if seconds else None

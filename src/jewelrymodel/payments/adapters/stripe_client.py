"""One connection to the processor's API, and what its refusals mean in our words."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from math import ceil
from typing import Any, Literal, TypeVar

import stripe
from django.conf import settings

from jewelrymodel.payments.adapters import processor_alarms
from jewelrymodel.payments.adapters.straight_session import StraightSession
from jewelrymodel.payments.gateway import ProcessorBlocked, ProcessorDown, ProcessorRefused
from jewelrymodel.payments.rules.processor_amounts import AmountNotPayable, sent
from jewelrymodel.payments.statuses import BlockReason

CONNECT_TIMEOUT_S = 3.0
READ_TIMEOUT_S = 8.0
RETRIES = 1

Right = Literal[
    "charge_read",
    "charge_write",
    "checkout_session_read",
    "checkout_session_write",
    "customer_portal_write",
    "customer_read",
    "dispute_read",
    "early_fraud_warning_read",
    "invoice_read",
    "invoice_write",
    "payment_intent_read",
    "plan_read",
    "plan_write",
    "subscription_read",
    "subscription_write",
    "tax_rate_read",
]
"""The processor's own names for what a restricted key may do; refunds need those of charges."""

_AGAINST_US: dict[type[stripe.StripeError], BlockReason] = {
    stripe.AuthenticationError: BlockReason.KEY,
    stripe.PermissionError: BlockReason.RIGHT,
    stripe.IdempotencyError: BlockReason.CHANGED,
}
T = TypeVar("T")


def client() -> stripe.StripeClient:
    """Return the client for the processor that the settings name: the sandbox or the real one."""
    return _client(settings.STRIPE_API_BASE, settings.STRIPE_SECRET_KEY)


def has_live_key() -> bool:
    """Return whether the key that the settings name moves real money."""
    return settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))


@lru_cache(maxsize=4)
def _client(api_base: str, secret_key: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        secret_key or "sk_not_set",
        base_addresses={"api": api_base} if api_base else None,
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(
            timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S),
            session=StraightSession(),  # type: ignore[arg-type]  # all that it asks of one
        ),
    )


def asked(call: Callable[[], T], *, right: Right) -> T:
    """Return what *call* returns; *right* is the permission that it needs.

    Raises ProcessorDown (ask again), ProcessorBlocked (ask again, and a person is alarmed: the
    processor refuses us) or ProcessorRefused (it refuses this request). An answer clears the alarm.
    """
    try:
        answer = call()
    except (stripe.APIConnectionError, stripe.APIError, stripe.RateLimitError) as error:
        raise ProcessorDown(detail=str(error)) from error
    except stripe.StripeError as error:
        reason = next((one for kind, one in _AGAINST_US.items() if isinstance(error, kind)), None)
        code = code_of(error)
        if reason is None:
            processor_alarms.clear(right)
            raise ProcessorRefused(detail=str(error), processor_code=code) from error
        code = code or reason.value
        processor_alarms.sound(reason, right, code=code, words=str(error.user_message or ""))
        raise ProcessorBlocked(detail=str(error), processor_code=code) from error
    processor_alarms.clear(right)
    return answer


def payable(amount_minor: int, currency: str) -> int:
    """Return an amount of ours as the processor wants it; raises ProcessorRefused, as it would."""
    try:
        return sent(amount_minor, currency)
    except AmountNotPayable as refusal:
        raise ProcessorRefused(detail=str(refusal), processor_code=refusal.code) from refusal


def created_within(since: datetime, before: datetime | None) -> Any:
    """Return the parameter that lists what was created since then, and before another instant.

    The processor dates by whole seconds: what it made in the second in which a window begins was
    made before it, as our rows of that second say too.
    """
    wanted = {"gte": ceil(since.timestamp())}
    return wanted if before is None else {**wanted, "lt": ceil(before.timestamp())}


def code_of(error: stripe.StripeError) -> str:
    """Return the processor's word for a refusal; empty where it gives none.

    The SDK hands it on for some statuses only; the answer's own error object has it for all.
    """
    return error.code or (error.error.code if error.error else None) or ""


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

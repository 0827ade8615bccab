"""How an account at the processor is set up for us: what the key may do, and who is told what."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import stripe
from django.conf import settings

from jewelrymodel.payments.adapters.stripe_client import client, has_live_key, optional
from jewelrymodel.payments.rules.webhook_events import EVENTS, missing_events

PATH = "/hooks/stripe"
_ONE: Any = {"limit": 1}  # one of whatever is listed


@dataclass(frozen=True)
class SetupFinding:
    """One thing looked at: fine, wrong (False), or only worth knowing (None)."""

    what: str
    is_fine: bool | None
    words: str


@dataclass(frozen=True)
class Endpoint:
    """Who is told about events; its *secret* is shown once, when it is made, else it is empty."""

    id: str
    url: str
    secret: str


def address() -> str:
    """Return where the processor has to send its events."""
    return f"{settings.PUBLIC_URL}{PATH}"


def look() -> list[SetupFinding]:
    """Return what is right and wrong with key, its rights, and the endpoint; nothing is changed.

    The rights to write can't be tried without writing: only those to read are.
    """
    if not settings.STRIPE_SECRET_KEY:
        return [SetupFinding("key", False, "none is set; set STRIPE_SECRET_KEY")]
    mode = "live: real money moves" if has_live_key() else "test: no real money moves"
    try:
        client().v1.balance.retrieve()
    except stripe.PermissionError:
        pass  # it is known, and may not see the balance, which we don't need
    except stripe.AuthenticationError as refusal:
        words = f"{_reason(refusal)}; set STRIPE_SECRET_KEY to one that is valid"
        return [SetupFinding("key", False, words)]
    except stripe.StripeError as problem:
        return [SetupFinding("processor", False, f"it doesn't answer: {_reason(problem)}")]
    findings = [SetupFinding("key", True, f"accepted, {mode}"), *_rights(), *_endpoint(), *_tax()]
    secret = bool(settings.STRIPE_WEBHOOK_SECRET)
    words = "set" if secret else "none is set; set STRIPE_WEBHOOK_SECRET to the endpoint's own"
    return [*findings, SetupFinding("webhook secret", secret, words)]


def make_endpoint() -> Endpoint:
    """Return the endpoint for our address, made or told of every event that it lacked.

    Raises stripe.StripeError where the processor refuses, or isn't there.
    """
    known = _known()
    if known is None:
        new: Any = {
            "url": address(),
            "enabled_events": list(EVENTS),
            "api_version": stripe.api_version,
            "description": "AI Jewelry Model",
        }
        made = client().v1.webhook_endpoints.create(new)
        return Endpoint(made.id, made.url, made.secret or "")
    if missing_events(known.enabled_events) or known.status != "enabled":
        events = sorted({*known.enabled_events, *EVENTS})
        change: Any = {"disabled": False, "enabled_events": events}
        client().v1.webhook_endpoints.update(known.id, change)
    return Endpoint(known.id, known.url, "")


def _rights() -> list[SetupFinding]:
    api = client().v1
    reads: dict[str, Callable[[], object]] = {
        "charges": lambda: api.charges.list(_ONE),
        "checkout sessions": lambda: api.checkout.sessions.list(_ONE),
        "customers": lambda: api.customers.list(_ONE),
        "disputes": lambda: api.disputes.list(_ONE),
        "invoices": lambda: api.invoices.list(_ONE),
        "payment intents": lambda: api.payment_intents.list(_ONE),
        "subscriptions": lambda: api.subscriptions.list(_ONE),
        "early fraud warnings": lambda: api.radar.early_fraud_warnings.list(_ONE),
    }
    return [_right(name, read) for name, read in reads.items()]


def _right(name: str, read: Callable[[], object]) -> SetupFinding:
    try:
        read()
    except stripe.StripeError as refusal:
        words = f"can't be read: {_reason(refusal)}; give the key the right to"
        return SetupFinding(name, False, words)
    return SetupFinding(name, True, "can be read")


def _endpoint() -> list[SetupFinding]:
    make = "run jewelrymodel payments endpoint"
    try:
        known = _known()
    except stripe.StripeError as refusal:
        words = f"can't be looked at: {_reason(refusal)}; look at the processor's dashboard"
        return [SetupFinding("endpoint", None, words)]
    if known is None:
        return [SetupFinding("endpoint", False, f"nobody tells {address()}; {make}")]
    is_on = known.status == "enabled"
    words = f"{known.url} is told" if is_on else f"{known.url} is {known.status}; {make}"
    lacks = missing_events(known.enabled_events)
    events = f"lacks {', '.join(lacks)}; {make}" if lacks else "all that we need"
    theirs = known.api_version
    is_ours = theirs == stripe.api_version
    version = f"{theirs or 'the one of the account'}"
    said = "" if is_ours else f", ours is {stripe.api_version}: events are only hints, so it may be"
    return [
        SetupFinding("endpoint", is_on, words),
        SetupFinding("events", not lacks, events),
        SetupFinding("version of events", True if is_ours else None, f"{version}{said}"),
    ]


def _tax() -> list[SetupFinding]:
    """Whether the processor can tell the tax that the payment page is to ask for."""
    behavior = settings.AUTOMATIC_TAX
    if not behavior:
        return []
    try:
        theirs = client().v1.tax.settings.retrieve()
        client().v1.tax_rates.list(_ONE)
    except stripe.StripeError as refusal:
        words = f"can't be looked at: {_reason(refusal)}; give the key the right to"
        return [SetupFinding("tax", False, words)]
    if theirs.status != "active":
        missing = optional(theirs, list, "status_details", "pending", "missing_fields") or []
        words = (
            f"AUTOMATIC_TAX is {behavior}, but tax is {theirs.status} there: it lacks "
            f"{', '.join(missing) or 'something'}; set it up at the processor's dashboard"
        )
        return [SetupFinding("tax", False, words)]
    findings = [SetupFinding("tax", True, f"set up there; it is {behavior} here")]
    if not optional(theirs, str, "defaults", "tax_code"):
        words = "no tax category is set there for what is sold: it decides the rate"
        findings.append(SetupFinding("tax category", None, words))
    return findings


def _known() -> stripe.WebhookEndpoint | None:
    """The endpoint at our address; the sandbox, on this machine, tells the web process itself."""
    ours = (address(), f"http://{settings.HOST}:{settings.PORT}{PATH}")
    listed = client().v1.webhook_endpoints.list({"limit": 100}).auto_paging_iter()
    return next((one for one in listed if one.url in ours), None)


def _reason(problem: stripe.StripeError) -> str:
    return str(problem.user_message or problem)

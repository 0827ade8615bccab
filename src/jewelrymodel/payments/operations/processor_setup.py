"""How our account at the processor is set up, asked for a page: what it says, and never a key."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

import stripe
from django.conf import settings

from jewelrymodel.payments.adapters import stripe_setup
from jewelrymodel.payments.adapters.stripe_client import has_live_key
from jewelrymodel.payments.adapters.stripe_setup import SetupFinding as SetupFinding

_KEY = re.compile(r"\b(?:[srp]k_(?:live|test)_|whsec_)[\w*]+")


class KeyKind(StrEnum):
    """What the API key is: a restricted one can be given only the rights that we need."""

    NONE = "none"
    SECRET = "secret"  # noqa: S105  a word, not one
    RESTRICTED = "restricted"


@dataclass(frozen=True)
class ProcessorSettings:
    """What our own settings say of the processor; nothing was asked."""

    key: KeyKind
    is_live: bool
    has_webhook_secret: bool
    webhook_address: str
    api_version: str


def processor_settings() -> ProcessorSettings:
    """Return what the settings say, without what is secret in them."""
    return ProcessorSettings(
        key=_kind(settings.STRIPE_SECRET_KEY),
        is_live=has_live_key(),
        has_webhook_secret=bool(settings.STRIPE_WEBHOOK_SECRET),
        webhook_address=stripe_setup.address(),
        api_version=stripe.api_version,
    )


def ask_processor() -> list[SetupFinding]:
    """Ask the processor, as ``jewelrymodel payments check`` does, and return what it says.

    About a dozen requests, each of some seconds at most; nothing is changed there. Where it repeats
    a key, that is taken out.
    """
    return [replace(one, words=_KEY.sub("…", one.words)) for one in stripe_setup.look()]


def _kind(key: str) -> KeyKind:
    if not key:
        return KeyKind.NONE
    return KeyKind.RESTRICTED if key.startswith("rk_") else KeyKind.SECRET

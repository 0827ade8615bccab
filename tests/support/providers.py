"""The stand-ins of providers of image models: which are set up, and what they do wrong next."""

from typing import Any

import httpx
from pytest_django.fixtures import Settings

from jewelrymodel.config import provider_settings
from jewelrymodel.generation.adapters.provider_http import connections

BUDGET_MICROS = 20_000_000


def access(url: str, name: str, **changes: Any) -> dict[str, Any]:
    """How a provider's stand-in is reached."""
    usual = {
        "name": name,
        "base": f"{url}/{name}",
        "key": "sandbox",
        "model": "",
        "concurrency": 4,
        "budget_micros": BUDGET_MICROS,
        "hosts": provider_settings._HOSTS.get(name, ()),
        "keys_url": f"{url}/{name}/.well-known/jwks.json" if name == "fal" else "",
    }
    return {**usual, **changes}


def set_up(settings: Settings, url: str, *names: str, **changes: Any) -> None:
    """Have these providers, in this order."""
    settings.PROVIDERS = [access(url, name, **changes) for name in names]


def panel(url: str, **order: Any) -> None:
    """Tell the stand-ins what to do next."""
    connections().post(f"{url}/_sandbox/providers", json=order).raise_for_status()


def bill(url: str) -> list[dict[str, Any]]:
    """What the stand-ins took and billed."""
    answer: httpx.Response = connections().get(f"{url}/_sandbox/providers")
    return list(answer.json())

"""The providers of image models that are set up: one variable turns each on, by its own name.

Their usual variables (such as OPENAI_API_KEY) are not read: a key that lies about for another
program must not send sellers' photos anywhere.
"""

from typing import Any
from urllib.parse import urlsplit

from jewelrymodel.config import environment_variables as env
from jewelrymodel.config.environment_variables import BadSetting
from jewelrymodel.generation.rules.provider_models import ModelUnknown, chosen, models
from jewelrymodel.infra.trusted_proxies import is_loopback

SWITCHES = {
    "openai": "OPENAI_IMAGES_KEY",
    "gemini": "GEMINI_IMAGES_KEY",
    "bfl": "BFL_IMAGES_KEY",
    "fal": "FAL_IMAGES_KEY",
    "comfyui": "COMFYUI_URL",
}
_BASES = {
    "openai": "https://api.openai.com",
    "gemini": "https://generativelanguage.googleapis.com",
    "bfl": "https://api.bfl.ai",
    "fal": "https://queue.fal.run",
}
_HOSTS = {"bfl": ("bfl.ai",), "fal": ("fal.run", "fal.media")}
_KEYS_URLS = {"fal": "https://rest.fal.ai/.well-known/jwks.json"}
DEMO_SWITCH = "DEMO_PROVIDERS"


def providers(*, demo: bool, stand_in_port: int) -> list[dict[str, Any]]:
    """Return how each provider that is set up is reached, in the order they are asked in. Raises
    BadSetting. The demo's are its own stand-ins.
    """
    order = _names("PROVIDER_ORDER") or list(SWITCHES)
    if demo:
        if given := [name for name in SWITCHES.values() if env.text(name)]:
            raise BadSetting(
                f"the demo's generators are its own stand-ins: name some with {DEMO_SWITCH}, or "
                f"set DEMO=0; leave {given[0]} out"
            )
        base = f"http://127.0.0.1:{stand_in_port}"
        on = _names(DEMO_SWITCH)
        return [_access(one, f"{base}/{one}", "sandbox", base) for one in order if one in on]
    return [_real(name) for name in order if env.text(SWITCHES[name])]


def _real(name: str) -> dict[str, Any]:
    value = env.text(SWITCHES[name])
    if name == "comfyui":
        address = urlsplit(value)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise BadSetting(f"COMFYUI_URL is {value!r}; set it to the server's address")
        if address.scheme == "http" and not is_loopback(address.hostname):
            raise BadSetting("COMFYUI_URL is http on another machine; photos go there over https")
        return _access(name, value, "", "")
    return _access(name, _BASES[name], value, "")


def _access(name: str, base: str, key: str, stand_in: str) -> dict[str, Any]:
    model = _model(name)
    keys = f"{stand_in}/{name}/.well-known/jwks.json" if stand_in else _KEYS_URLS.get(name, "")
    return {
        "name": name,
        "base": base,
        "key": key,
        "model": model,
        "concurrency": env.number("PROVIDER_CONCURRENCY", 2),
        "budget_micros": env.number("PROVIDER_DAILY_BUDGET_CENTS", 2_000) * 10_000,
        "hosts": _HOSTS.get(name, ()),
        "keys_url": keys if name in _KEYS_URLS else "",
        "workflow": env.text("COMFYUI_WORKFLOW") if name == "comfyui" else "",
    }


def _model(name: str) -> str:
    """The model that the operator chose, none for the usual one; raises BadSetting."""
    variable = f"{name.upper()}_IMAGES_MODEL"
    try:
        chosen(name, env.text(variable), models())
    except ModelUnknown:
        known = ", ".join(one.id for one in models() if one.provider == name)
        raise BadSetting(f"{variable} is {env.text(variable)!r}; there are {known}") from None
    return env.text(variable)


def _names(variable: str) -> list[str]:
    names = [name for name in env.text(variable).replace(",", " ").split() if name]
    for name in names:
        if name not in SWITCHES:
            raise BadSetting(f"{variable} names {name!r}; there are {', '.join(SWITCHES)}")
    return names

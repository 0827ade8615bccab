"""Settings that are refused before we start: unsafe ones, contradictions, former names."""

from collections.abc import Collection
from urllib.parse import urlsplit

from jewelrymodel.config.environment_variables import BadSetting
from jewelrymodel.infra.trusted_proxies import NotAProxy, Proxies, is_loopback

_TEST_KEYS = ("sk_test_", "rk_test_")
_LIVE_KEYS = ("sk_live", "rk_live")
WHY_UNPROVEN = "this version has not been proven against the real payment processor"
_RENAMED = {
    "SECOND_PERSON_LIMIT_MINOR": "SECOND_APPROVAL_LIMIT_MINOR",
    "SECOND_PERSON_LIMIT_CREDITS": "SECOND_APPROVAL_LIMIT_CREDITS",
    "SECOND_PERSON_WAIT_HOURS": "SECOND_APPROVAL_WAIT_HOURS",
}


def refuse_former_names(names: Collection[str]) -> None:
    """Raise BadSetting where one of the settings is given by the name of an earlier version.

    A limit that nobody reads any more would be taken for one that holds.
    """
    for former in sorted(_RENAMED.keys() & set(names)):
        raise BadSetting(f"{former} is called {_RENAMED[former]} now; rename it")


def public_url(url: str) -> str:
    """Return *url* without a slash at its end; raises BadSetting unless it is a site's address."""
    if not _is_site(url.rstrip("/")):
        raise BadSetting(f"PUBLIC_URL is {url!r}; set it to https://your.host, without a path")
    return url.rstrip("/")


def proxies(text: str) -> Proxies:
    """Return the proxies that TRUSTED_PROXY names; raises BadSetting."""
    try:
        return Proxies.named(text)
    except NotAProxy as error:
        raise BadSetting(f"TRUSTED_PROXY: {error}; name your proxies' own addresses") from None


def refuse_public_demo(*, host: str, public_url: str, trusted_proxy: Proxies) -> None:
    """Raise BadSetting where somebody on another machine could reach the demo.

    Its passwords are public, and one click makes a visitor an operator who reads every mail.
    """
    if not is_loopback(host):
        raise BadSetting(f"the demo listens on loopback only, not on {host}; set DEMO=0")
    if not is_loopback(urlsplit(public_url).hostname):
        raise BadSetting(
            f"the demo is never public, and PUBLIC_URL is {public_url}; "
            "set DEMO=0 for real service, or leave PUBLIC_URL out"
        )
    if trusted_proxy:
        raise BadSetting("the demo stands behind no proxy; set DEMO=0, or leave TRUSTED_PROXY out")


def refuse_outside_world(*, stripe_key: str, stripe_base: str, email_host: str) -> None:
    """Raise BadSetting where the demo would move real money, or mail real people."""
    if not stripe_key.startswith(_TEST_KEYS):
        raise BadSetting("the demo takes a processor's test key only (sk_test_…); set DEMO=0")
    if not is_loopback(urlsplit(stripe_base).hostname):
        raise BadSetting(
            f"the demo's processor is its own stand-in, not {stripe_base}; "
            "set DEMO=0, or leave STRIPE_API_BASE out"
        )
    if not is_loopback(email_host):
        raise BadSetting(
            f"the demo's mails go to its own outbox, not to {email_host}; "
            "set DEMO=0, or leave EMAIL_HOST out"
        )


def refuse_open_service(
    *, public_url: str, trusted_proxy: Proxies, stripe_key: str, stripe_base: str
) -> None:
    """Raise BadSetting where real service would misread who calls, or send a key in the clear.

    We speak plain HTTP: an https address means a proxy in front, and unless it is named everybody
    has its address, in the limits for sign-in as in the evidence of an order.
    """
    if public_url.startswith("https:") and not trusted_proxy:
        raise BadSetting(
            "PUBLIC_URL is https, so a proxy stands in front: name its address with TRUSTED_PROXY "
            "(TRUSTED_PROXY=127.0.0.1 where it runs on this machine)"
        )
    base = urlsplit(stripe_base)
    if not stripe_base or base.scheme == "https":
        return
    if not is_loopback(base.hostname) or not stripe_key.startswith(_TEST_KEYS):
        raise BadSetting(f"STRIPE_API_BASE is {stripe_base}; a key is sent over https only")


def is_live_key(stripe_key: str) -> bool:
    """Return whether a key moves real money."""
    return stripe_key.startswith(_LIVE_KEYS)


def refuse_unproven_billing(*, stripe_key: str, allowed: bool) -> None:
    """Raise BadSetting for a live key, unless the operator takes the risk by *allowed*."""
    if is_live_key(stripe_key) and not allowed:
        raise BadSetting(
            f"STRIPE_SECRET_KEY is a live key, and {WHY_UNPROVEN}; set a test key, or "
            "LIVE_BILLING_UNPROVEN=1 to take real money all the same"
        )


def refuse_uncleared_model(*, stripe_key: str, model: str | None, acknowledged: str) -> None:
    """Raise BadSetting where customers would pay for work by weights that nobody has cleared for
    commercial use, unless the operator named them; *model* is None where they are cleared.
    """
    if model and is_live_key(stripe_key) and acknowledged != model:
        raise BadSetting(
            f"the cutout model {model} isn't cleared for commercial use, and STRIPE_SECRET_KEY is "
            f"a live key; `jewelrymodel doctor` says what is known of its license. Set "
            f"MATTING_LICENSE_ACKNOWLEDGED={model} to use it all the same, or choose another by "
            f"MATTING_MODEL"
        )


def _is_site(url: str) -> bool:
    try:
        parts = urlsplit(url)
        bare = parts._replace(scheme="", netloc="").geturl() == "" and "@" not in parts.netloc
        return (
            parts.scheme in ("http", "https") and bool(parts.hostname) and bare and parts.port != 0
        )
    except ValueError:
        return False

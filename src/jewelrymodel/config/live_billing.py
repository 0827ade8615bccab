"""The guard before real money: a live key of the processor is refused until billing is proven."""

from jewelrymodel.config.environment import BadSetting

_LIVE = ("sk_live", "rk_live")
WHY = "this version has not been proven against the real payment processor"


def is_live(stripe_key: str) -> bool:
    """Return whether a key moves real money."""
    return stripe_key.startswith(_LIVE)


def refuse_unproven(*, stripe_key: str, allowed: bool) -> None:
    """Raise BadSetting for a live key, unless the operator takes the risk by *allowed*."""
    if is_live(stripe_key) and not allowed:
        raise BadSetting(
            f"STRIPE_SECRET_KEY is a live key, and {WHY}; set a test key, or "
            "LIVE_BILLING_UNPROVEN=1 to take real money all the same"
        )

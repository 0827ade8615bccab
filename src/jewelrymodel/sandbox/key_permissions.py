"""What a key may do: the refusals of a key that is rolled, unknown, or lacks a right.

Shapes and words as the processor answers them: only an expired key has a code in the error object;
an invalid key and a missing permission come without one.
"""

from __future__ import annotations

from jewelrymodel.sandbox.errors import Refused
from jewelrymodel.sandbox.faults import Faults

# The permission that opens an address where it isn't called like the address (charges and refunds
# share one).
_NAMES = {
    "checkout": "checkout_session",
    "billing_portal": "customer_portal",
    "refunds": "charge",
    "radar": "early_fraud_warning",
    "prices": "plan",
}


def check(now: Faults, key: str, method: str, path: str) -> None:
    """Raise `Refused` where the faults say that this key may not do this."""
    shown = f"{key[:8]}{'*' * 12}{key[-5:]}"
    if now.key == "expired":
        words = f"Expired API Key provided: {shown}"
        raise Refused(words, status=401, code="api_key_expired")
    if now.key == "invalid":
        raise Refused(f"Invalid API Key provided: {shown}", status=401)
    needed = right(method, path)
    if now.missing_right == needed:
        raise Refused(
            f"The provided key '{shown}' does not have the required permissions for this endpoint"
            f" on account 'acct_sandbox'. Having the 'rak_{needed}' permission would allow this"
            " request to continue.",
            status=403,
        )


def right(method: str, path: str) -> str:
    """The permission that a request needs, such as `charge_write` for making a refund."""
    first = path.removeprefix("/v1/").partition("/")[0]
    name = _NAMES.get(first, first.removesuffix("s"))
    return f"{name}_{'read' if method == 'GET' else 'write'}"

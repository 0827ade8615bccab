#!/bin/sh
# Finding: in the Stripe SDK for Python, a field that is annotated Optional raises AttributeError.
#
# One would guess:  `details: Optional[Card]` reads as None where the API sends no card.
# Seen:             the API leaves the field out for a payment by Link, and reading the attribute
#                   raises AttributeError('card'). A field that is sent as null reads as None.
# Version:          stripe 16.1.0, Python 3.11.
# Whom it hurts:    whoever trusts the annotations and mypy: a shop takes the money of the first
#                   customer without a card, and its page answers 500.
# Source:           stripe/_stripe_object.py, StripeObject.__getattr__; stripe/_charge.py,
#                   Charge.PaymentMethodDetails (every field but `type` is Optional).
# Exit status:      0 while it is so, 1 once it has changed. Run by hand; no test runs it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check stripe==16.1.0
"$folder/env/bin/python" - <<'PYTHON'
import typing

import stripe

note = stripe.Charge.PaymentMethodDetails.__annotations__["card"]
assert type(None) in typing.get_args(note), note


def charge(details):
    return stripe.Charge.construct_from(
        {"object": "charge", "id": "ch_1", "payment_method_details": details}, "sk_test_none"
    )


absent = charge({"type": "link", "link": {"country": "DE"}})
null = charge({"type": "link", "link": {"country": "DE"}, "card": None})
print(f"stripe {stripe.VERSION}; card is annotated {note}")
print(f"sent as null: {null.payment_method_details.card}")
try:
    print(f"CHANGED: absent reads as {absent.payment_method_details.card!r}")
except AttributeError as error:
    print(f"absent: {error!r}")
else:
    raise SystemExit(1)
PYTHON
# Output seen on 2026-11-29:
#   stripe 16.1.0; card is annotated typing.Optional[stripe._charge.Charge.PaymentMethodDetails.Card]
#   sent as null: None
#   absent: AttributeError('card')

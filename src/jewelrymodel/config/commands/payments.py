"""``jewelrymodel payments``: look at, and set up, our account at the payment processor."""

import argparse

import stripe

from jewelrymodel.config.commands import tax_documents
from jewelrymodel.infra import clock
from jewelrymodel.payments import operations
from jewelrymodel.payments.adapters import stripe_setup

_SIGNS = {True: "ok", False: "WRONG", None: "note"}


def run(options: argparse.Namespace) -> int:
    """Look (``check``), make the endpoint that tells us of events, or write the documents of some
    days; 1 where something is wrong.
    """
    if options.what == "documents":
        return tax_documents.run(options)
    if options.what == "credit-notes":
        return _issue_credit_notes()
    return check() if options.what == "check" else _make()


def check() -> int:
    """Print what is right and wrong with key, rights, endpoint, events and version; 1 for wrong."""
    findings = stripe_setup.look()
    for one in findings:
        print(f"{_SIGNS[one.is_fine]:>5}  {one.what}: {one.words}", flush=True)
    wrong = sum(one.is_fine is False for one in findings)
    print(f"{wrong} wrong." if wrong else "Nothing is wrong.")
    return 1 if wrong else 0


def _issue_credit_notes() -> int:
    notes = operations.issue_missing_credit_notes(now=clock.now())
    for one in notes:
        print(f"{one.label} for {one.receipt.label}, refund {one.refund_id}")
    print(f"{len(notes)} issued.")
    return 0


def _make() -> int:
    try:
        endpoint = stripe_setup.make_endpoint()
    except stripe.StripeError as problem:
        print(f"The processor doesn't make it: {problem.user_message or problem}")
        return 1
    print(f"{endpoint.url} is told of every event that we need.")
    if endpoint.secret:
        print(f"Set STRIPE_WEBHOOK_SECRET={endpoint.secret}")
        print("It is shown this once.")
    return 0

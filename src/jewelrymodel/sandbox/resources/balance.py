"""Balance transactions: what each movement left on the balance, fee taken off."""

from __future__ import annotations

from jewelrymodel.sandbox.api_call import Call
from jewelrymodel.sandbox.encodings import Doc
from jewelrymodel.sandbox.ids import new_id
from jewelrymodel.sandbox.store import Tx

_DAYS_UNTIL_AVAILABLE = 2


def fee_for(amount: int) -> int:
    """The fee of a charge in minor units: 2.9 % rounded half up, and 30 more."""
    return (amount * 29 + 500) // 1000 + 30


def record(
    tx: Tx, *, kind: str, source: Doc, amount: int, fee: int = 0, description: str | None = None
) -> Doc:
    """Book a movement. `amount` is signed, minor units; its currency is the source's."""
    details = [
        {
            "amount": fee,
            "application": None,
            "currency": source["currency"],
            "description": "Processing fee" if kind == "charge" else "Dispute fee",
            "type": "stripe_fee",
        }
    ]
    return tx.insert(
        {
            "id": new_id("balance_transaction"),
            "object": "balance_transaction",
            "amount": amount,
            "available_on": tx.now + _DAYS_UNTIL_AVAILABLE * 86_400,
            "balance_type": "payments",
            "created": tx.now,
            "currency": source["currency"],
            "description": description,
            "exchange_rate": None,
            "fee": fee,
            "fee_details": details if fee else [],
            "net": amount - fee,
            "reporting_category": "dispute" if kind == "adjustment" else kind,
            "source": source["id"],
            "status": "available",
            "type": kind,
        }
    )


def retrieve(call: Call) -> Doc:
    """`GET /v1/balance`: everything counts as available at once."""
    sums: dict[str, int] = {}
    for transaction in call.tx.find("balance_transaction"):
        sums[transaction["currency"]] = sums.get(transaction["currency"], 0) + transaction["net"]
    amounts = [
        {"amount": amount, "currency": name, "source_types": {"card": amount}}
        for name, amount in sorted(sums.items())
    ]
    pending = [{**item, "amount": 0, "source_types": {"card": 0}} for item in amounts]
    return {"object": "balance", "available": amounts, "livemode": False, "pending": pending}

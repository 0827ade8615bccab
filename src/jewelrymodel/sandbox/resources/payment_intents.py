"""Payment intents: one purchase from its first attempt to its one successful charge."""

from __future__ import annotations

from jewelrymodel.sandbox import faults
from jewelrymodel.sandbox.api_call import Answer, Call
from jewelrymodel.sandbox.encodings import Doc, public
from jewelrymodel.sandbox.errors import Refused, invalid, missing
from jewelrymodel.sandbox.events import emit
from jewelrymodel.sandbox.ids import new_id, random_text
from jewelrymodel.sandbox.resources import catalog, charges, payment_methods
from jewelrymodel.sandbox.store import Tx
from jewelrymodel.sandbox.test_card_numbers import DECLINED, Decline, TestCard
from jewelrymodel.sandbox.wallets import BY_TYPE, TestWallet

LEAST_AMOUNT, MOST_AMOUNT = 50, 99_999_999
_LEAST_OF = {
    "aed": 200,
    "bgn": 100,
    "czk": 1500,
    "dkk": 250,
    "gbp": 30,
    "hkd": 400,
    "huf": 17500,
    "mxn": 1000,
    "myr": 200,
    "nok": 300,
    "pln": 200,
    "ron": 200,
    "sek": 300,
    "thb": 1000,
}
"""As the processor's page "Supported currencies" has them (2025); of any other currency the
equivalent of half a dollar counts there, and 50 here."""
_MOST_OF = {"idr": 999_999_999_999, "inr": 999_999_999}
_STEPS = dict.fromkeys(("bhd", "jod", "kwd", "omr", "tnd"), 10) | dict.fromkeys(("isk", "ugx"), 100)
"""Of three decimals the last is 0; these two are sent with two decimals, which are 0."""
_PAYABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
_TEXTS = ("description", "receipt_email", "statement_descriptor", "statement_descriptor_suffix")


def make(tx: Tx, *, amount: int, currency: str, customer: str | None, details: Doc) -> Doc:
    """A new intent, announced; amount in minor units, `details` as the API names them."""
    intent_id = new_id("payment_intent")
    intent = tx.insert(
        {
            "id": intent_id,
            "object": "payment_intent",
            "amount": check_amount(amount, "amount", currency),
            "amount_capturable": 0,
            "amount_details": {"tip": {}},
            "amount_received": 0,
            "application": None,
            "application_fee_amount": None,
            "automatic_payment_methods": None,
            "canceled_at": None,
            "cancellation_reason": None,
            "capture_method": "automatic",
            "client_secret": f"{intent_id}_secret_{random_text(24)}",
            "confirmation_method": "automatic",
            "created": tx.now,
            "currency": currency,
            "customer": customer,
            "description": None,
            "last_payment_error": None,
            "latest_charge": None,
            "livemode": False,
            "metadata": {},
            "next_action": None,
            "on_behalf_of": None,
            "payment_method": None,
            "payment_method_configuration_details": None,
            "payment_method_options": {},
            "payment_method_types": ["card", *BY_TYPE],
            "processing": None,
            "receipt_email": None,
            "review": None,
            "setup_future_usage": None,
            "shipping": None,
            "source": None,
            "statement_descriptor": None,
            "statement_descriptor_suffix": None,
            "status": "requires_payment_method",
            "transfer_data": None,
            "transfer_group": None,
            "_invoice": None,
            **details,
        }
    )
    emit(tx, "payment_intent.created", intent)
    return intent


def check_amount(amount: int, param: str, currency: str) -> int:
    """The amount in minor units, if it is neither too small nor too large to be charged."""
    least, most = _LEAST_OF.get(currency, LEAST_AMOUNT), _MOST_OF.get(currency, MOST_AMOUNT)
    if amount < least:
        raise Refused(
            f"Amount must be at least {least} minor units of {currency}.",
            code="amount_too_small",
            param=param,
        )
    if amount > most:
        words = f"Amount must be no more than {most} minor units of {currency}."
        raise Refused(words, code="amount_too_large", param=param)
    return check_steps(amount, param, currency)


def check_steps(amount: int, param: str, currency: str) -> int:
    """The amount, if it is of the steps that its currency has at the processor."""
    step = _STEPS.get(currency, 1)
    if amount % step:
        raise invalid(param, f"Amounts of {currency} must be divisible by {step}.")
    return amount


def pay(
    tx: Tx, intent: Doc, method: Doc, *, authenticated: bool = False, off_session: bool = False
) -> Refused | None:
    """Try to pay an intent: succeeds, asks for authentication, or is declined.

    Returns the decline (which stays on record); raises `Refused` when the intent cannot be paid.
    """
    if intent["status"] not in _PAYABLE:
        raise _wrong_state(intent, "confirm")
    means = payment_methods.means_of(method)
    intent["payment_method"] = method["id"]
    if not authenticated and _asks(means, off_session=off_session):
        _ask_to_authenticate(tx, intent)
        return _absent(intent) if off_session else None
    if isinstance(means, TestWallet) and means.delayed:
        _begin_debit(tx, intent, method)
        return None
    decline = means.decline
    if off_session and faults.take(tx.conn, "decline_renewals"):
        decline = Decline("card_declined", "generic_decline", DECLINED)
    charge = charges.make(tx, intent, method, decline)
    intent["latest_charge"], intent["next_action"] = charge["id"], None
    if decline:
        return _fail(tx, intent, method, decline, charge["id"])
    _succeed(tx, intent)
    if means.later:
        tx.schedule(tx.now, means.later, charge["id"])
    return None


def end_debit(tx: Tx, intent: Doc) -> Refused | None:
    """The bank answers about a debit that is on its way; returns the decline, if it is one."""
    method = tx.need("payment_method", intent["payment_method"])
    decline = payment_methods.means_of(method).decline
    charges.end(tx, intent["latest_charge"], decline)
    if decline:
        return _fail(tx, intent, method, decline, intent["latest_charge"])
    _succeed(tx, intent)
    return None


def _begin_debit(tx: Tx, intent: Doc, method: Doc) -> None:
    charge = charges.begin(tx, intent, method)
    intent |= {"status": "processing", "latest_charge": charge["id"], "next_action": None}
    emit(tx, "payment_intent.processing", tx.save(intent))
    tx.schedule(tx.now + max(faults.read(tx.conn).debit_delay_s, 0), "debit:end", intent["id"])


def _succeed(tx: Tx, intent: Doc) -> None:
    intent |= {
        "status": "succeeded",
        "amount_received": intent["amount"],
        "last_payment_error": None,
    }
    emit(tx, "payment_intent.succeeded", tx.save(intent))


def _asks(means: payment_methods.Means, *, off_session: bool) -> bool:
    """Whether the bank wants its customer; one who isn't there can't be asked by every card."""
    return isinstance(means, TestCard) and (means.always if off_session else means.authenticate)


def _absent(intent: Doc) -> Refused:
    """The refusal where somebody has to authenticate and isn't there; the intent goes on asking."""
    words = "Your card was declined. This transaction requires authentication."
    return Refused(
        words,
        status=402,
        kind="card_error",
        code="authentication_required",
        decline_code="authentication_required",
        payment_intent=public(intent),
    )


def repeat(tx: Tx, charge_id: str) -> Doc:
    """Take a charge's money once more, under an intent of its own: the shop is charged twice."""
    first = tx.need("charge", charge_id, param="charge", status=400)
    details = {"metadata": first["metadata"], "description": first["description"]}
    intent = make(
        tx,
        amount=first["amount"],
        currency=first["currency"],
        customer=first["customer"],
        details=details,
    )
    method = tx.need("payment_method", first["payment_method"])
    if refusal := pay(tx, intent, method, authenticated=True):
        raise refusal
    return tx.need("charge", intent["latest_charge"])


def fail_authentication(tx: Tx, intent: Doc) -> Refused:
    """The payer did not pass the authentication: back to choosing a card, nothing charged."""
    method = tx.need("payment_method", intent["payment_method"])
    decline = Decline(
        "payment_intent_authentication_failure",
        "authentication_not_handled",
        "The authentication failed, so the card was not charged. Try again or use another card.",
    )
    return _fail(tx, intent, method, decline, charge_id=None)


def create(call: Call) -> Answer:
    """`POST /v1/payment_intents`, confirmed at once if asked"""
    params = call.params
    customer = params.text("customer")
    if customer:
        call.tx.need("customer", customer, param="customer", status=400)
    params.accept("automatic_payment_methods", "payment_method_types", "return_url")
    intent = make(
        call.tx,
        amount=params.needed_integer("amount", least=1),
        currency=catalog.currency(params),
        customer=customer,
        details={
            **{name: params.text(name) for name in _TEXTS},
            "metadata": params.metadata(),
            "setup_future_usage": params.choice(
                "setup_future_usage", ("off_session", "on_session")
            ),
        },
    )
    if "payment_method" in params:
        intent |= {"payment_method": _method(call, intent)["id"], "status": "requires_confirmation"}
        call.tx.save(intent)
    return _confirmed(call, intent) if params.flag("confirm") else intent


def confirm(call: Call) -> Answer:
    """`POST /v1/payment_intents/:id/confirm`"""
    call.params.accept("return_url")
    intent = call.subject("payment_intent")
    if "payment_method" in call.params:
        intent["payment_method"] = _method(call, intent)["id"]
    return _confirmed(call, intent)


def _method(call: Call, intent: Doc) -> Doc:
    method_id = call.params.needed("payment_method")
    return payment_methods.from_param(
        call.tx, method_id, param="payment_method", customer=intent["customer"]
    )


def _confirmed(call: Call, intent: Doc) -> Answer:
    off_session = call.params.flag("off_session")
    if intent["payment_method"] is None:
        raise missing("payment_method")
    method = call.tx.need("payment_method", intent["payment_method"])
    return pay(call.tx, intent, method, off_session=off_session) or intent


def update(call: Call) -> Doc:
    """`POST /v1/payment_intents/:id`: its words and metadata"""
    intent = call.subject("payment_intent")
    for name in _TEXTS:
        if name in call.params:
            intent[name] = call.params.text(name)
    intent["metadata"] = call.params.metadata(intent["metadata"])
    return call.tx.save(intent)


def cancel(call: Call) -> Doc:
    """`POST /v1/payment_intents/:id/cancel`"""
    intent = call.subject("payment_intent")
    if intent["status"] not in _PAYABLE:
        raise _wrong_state(intent, "cancel")
    reasons = ("duplicate", "fraudulent", "requested_by_customer", "abandoned")
    return _canceled(call.tx, intent, call.params.choice("cancellation_reason", reasons))


def abandon(tx: Tx, intent: Doc) -> None:
    """Cancel what an expired session had begun, unless that is over anyway."""
    if intent["status"] in _PAYABLE:
        _canceled(tx, intent, "expired")


def _canceled(tx: Tx, intent: Doc, reason: str | None) -> Doc:
    intent |= {
        "status": "canceled",
        "canceled_at": tx.now,
        "cancellation_reason": reason,
        "next_action": None,
    }
    emit(tx, "payment_intent.canceled", tx.save(intent))
    return intent


def _ask_to_authenticate(tx: Tx, intent: Doc) -> None:
    page = f"{tx.public_url}/c/authenticate/{intent['id']}"
    intent |= {
        "status": "requires_action",
        "next_action": {
            "type": "redirect_to_url",
            "redirect_to_url": {"url": page, "return_url": None},
        },
    }
    emit(tx, "payment_intent.requires_action", tx.save(intent))


def _fail(tx: Tx, intent: Doc, method: Doc, decline: Decline, charge_id: str | None) -> Refused:
    error = {
        "code": decline.code,
        "decline_code": decline.decline_code,
        "message": decline.message,
        "payment_method": public(method),
        "type": "card_error",
    }
    if charge_id:
        error["charge"] = charge_id
    intent |= {
        "status": "requires_payment_method",
        "last_payment_error": error,
        "next_action": None,
        "payment_method": None,
    }
    emit(tx, "payment_intent.payment_failed", tx.save(intent))
    return Refused(
        decline.message,
        status=402,
        kind="card_error",
        code=decline.code,
        decline_code=decline.decline_code,
        payment_intent=public(intent),
        **({"charge": charge_id} if charge_id else {}),
    )


def _wrong_state(intent: Doc, verb: str) -> Refused:
    return Refused(
        f"You cannot {verb} this PaymentIntent because it has a status of {intent['status']}.",
        code="payment_intent_unexpected_state",
        payment_intent=public(intent),
    )

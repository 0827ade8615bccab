"""The hosted pages of what was bought before: an invoice to pay, and a card to replace."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from jewelrymodel.sandbox import card_form, hosted_pages
from jewelrymodel.sandbox.encodings import Doc
from jewelrymodel.sandbox.hosted_pages import in_thread, money, notice
from jewelrymodel.sandbox.resources import billing_portal, payment_methods, subscriptions
from jewelrymodel.sandbox.store import Store, Tx

_STATES = {
    "paid": "This invoice is paid",
    "void": "This invoice was voided",
    "uncollectible": "This invoice is no longer collected",
}


class BillingPages:
    """The hosted invoice page and the portal's page for a new card, over one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        """Their addresses."""
        both = ["GET", "POST"]
        return [
            Route("/c/invoice/{id}", self._invoice, methods=both),
            Route("/c/portal/{id}", self._portal, methods=both),
        ]

    async def _invoice(self, request: Request) -> Response:
        form = await request.form() if request.method == "POST" else None
        use, invoice_id = request.query_params.get("use"), request.path_params["id"]
        return await in_thread(lambda: self._answer_invoice(invoice_id, form, use))

    async def _portal(self, request: Request) -> Response:
        form = await request.form() if request.method == "POST" else None
        use, session_id = request.query_params.get("use"), request.path_params["id"]
        return await in_thread(lambda: self._answer_portal(session_id, form, use))

    def _answer_invoice(self, invoice_id: str, form: FormData | None, use: str | None) -> Response:
        with self._store.transaction() as tx:
            if stop := hosted_pages.unavailable(tx):
                return stop
            invoice = tx.get(invoice_id)
            if invoice is None or invoice["object"] != "invoice" or invoice["status"] == "draft":
                return notice("No such invoice", "This address belongs to no invoice.", status=404)
            if words := _STATES.get(invoice["status"]):
                return notice(words, "Nothing is left to pay. You can close this page.")
            intent = tx.get(invoice["_intent"]) if invoice["_intent"] else None
            if intent and intent["status"] == "requires_action":
                return RedirectResponse(f"/c/authenticate/{intent['id']}", 303)
            if intent and intent["status"] == "processing":
                return notice("A bank debit is in progress", "Nothing else is left to do.")
            if form is None:
                shown = card_form.CardForm(shown=hosted_pages.prefilled(use))
                return _invoice_page(tx, invoice, shown)
            return _paid(tx, invoice, form)

    def _answer_portal(self, session_id: str, form: FormData | None, use: str | None) -> Response:
        with self._store.transaction() as tx:
            if stop := hosted_pages.unavailable(tx):
                return stop
            session = tx.get(session_id)
            if session is None or session["object"] != "billing_portal.session":
                return notice("No such page", "This address belongs to nothing.", status=404)
            if form is None:
                shown = card_form.CardForm(shown=hosted_pages.prefilled(use))
                return _portal_page(session, shown)
            read = _read(tx, form, tx.need("customer", session["customer"])["email"])
            if read.card is None or read.payer is None:
                return _portal_page(session, read, status=422)
            billing_portal.replace_method(tx, session["customer"], _kept(tx, session, read))
            return RedirectResponse(session["return_url"] or f"/c/portal/{session_id}", 303)


def _read(tx: Tx, form: FormData, email: str | None) -> card_form.CardForm:
    today = datetime.fromtimestamp(tx.now, UTC)
    typed = {key: value for key, value in form.items() if isinstance(value, str)}
    return card_form.read(typed, email, (today.year, today.month))


def _kept(tx: Tx, owner: Doc, form: card_form.CardForm) -> Doc:
    if form.card is None or form.payer is None:
        raise ValueError(form.errors)
    payer = form.payer
    details = payment_methods.billing(name=payer.name, email=payer.email, country=payer.country)
    return payment_methods.make(
        tx, form.card, expires=payer.expires, details=details, customer=owner["customer"]
    )


def _paid(tx: Tx, invoice: Doc, form: FormData) -> Response:
    """The payer is there, so a card may ask them to authenticate."""
    read = _read(tx, form, invoice["customer_email"])
    if read.card is None or read.payer is None:
        return _invoice_page(tx, invoice, read, status=422)
    method = _kept(tx, invoice, read)
    declined = subscriptions.pay_by_hand(tx, invoice, method)
    if declined:
        again = hosted_pages.failed(declined, read.shown)
        return _invoice_page(tx, invoice, again, status=402)
    return RedirectResponse(f"/c/invoice/{invoice['id']}", 303)


def _invoice_page(tx: Tx, invoice: Doc, form: card_form.CardForm, *, status: int = 200) -> Response:
    items = [
        {
            "description": line["description"] or "Subscription",
            "quantity": line["quantity"],
            "price": {"recurring": None},
            "amount_total": line["amount"],
            "currency": line["currency"],
        }
        for line in invoice["lines"]["data"]
    ]
    return hosted_pages.page(
        "card.html",
        status=status,
        verb="Pay",
        action=f"/c/invoice/{invoice['id']}",
        amount=money(invoice["amount_remaining"], invoice["currency"]),
        items=items,
        form=form,
        email=invoice["customer_email"],
        wallets=(),
        **hosted_pages.card_choices(),
    )


def _portal_page(session: Doc, form: card_form.CardForm, *, status: int = 200) -> Response:
    return hosted_pages.page(
        "card.html",
        status=status,
        verb="Use this card from now on",
        action=f"/c/portal/{session['id']}",
        amount="",
        back=session["return_url"],
        items=(),
        form=form,
        email="kept as it is",
        wallets=(),
        **hosted_pages.card_choices(),
    )

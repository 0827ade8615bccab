"""The hosted pages that a payer sees: the card, the authentication, and how it ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from jewelrymodel.sandbox import card_form, faults, hosted_payment, tax_and_discounts
from jewelrymodel.sandbox.encodings import Doc
from jewelrymodel.sandbox.errors import Refused
from jewelrymodel.sandbox.resources.payment_methods import TOKEN_EXPIRY
from jewelrymodel.sandbox.store import Store, Tx
from jewelrymodel.sandbox.test_card_numbers import CARDS
from jewelrymodel.sandbox.wallets import TestWallet, offered

_FEATURED = 4
_NO_CENTS = {"bif", "clp", "jpy", "krw", "vnd", "xaf", "xof", "xpf"}


def money(amount: int, currency: str) -> str:
    """An amount of minor units for people: `USD 20.00`, `JPY 2000`."""
    if currency in _NO_CENTS:
        return f"{currency.upper()} {amount}"
    return f"{currency.upper()} {amount // 100}.{amount % 100:02d}"


templates = Environment(
    loader=PackageLoader("jewelrymodel.sandbox", "templates"), autoescape=select_autoescape()
)
templates.filters["money"] = money


def page(name: str, *, status: int = 200, **values: Any) -> Response:
    """A rendered template that loads nothing but the sandbox's own style sheet."""
    return HTMLResponse(
        templates.get_template(name).render(**values),
        status_code=status,
        headers={
            "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none';"
            " frame-ancestors 'none'",
            "Referrer-Policy": "same-origin",
            "Cache-Control": "no-store",
        },
    )


def notice(title: str, text: str, link: str | None = None, *, status: int = 200) -> Response:
    """A page that says one thing and, if there is somewhere to go, leads there."""
    return page("notice.html", status=status, title=title, text=text, link=link)


class Pages:
    """The hosted pages over one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        """Their addresses."""
        both = ["GET", "POST"]
        return [
            Route("/c/pay/{session_id}", self._card, methods=both),
            Route("/c/authenticate/{intent_id}", self._authenticate, methods=both),
        ]

    async def _card(self, request: Request) -> Response:
        form = await request.form() if request.method == "POST" else None
        use = request.query_params.get("use")
        session_id = request.path_params["session_id"]
        return await in_thread(lambda: self._answer_card(session_id, form, use))

    async def _authenticate(self, request: Request) -> Response:
        form = await request.form() if request.method == "POST" else None
        intent_id = request.path_params["intent_id"]
        return await in_thread(lambda: self._answer_authentication(intent_id, form))

    def _answer_card(self, session_id: str, form: FormData | None, use: str | None) -> Response:
        with self._store.transaction() as tx:
            if stop := unavailable(tx):
                return stop
            session = tx.get(session_id)
            if session is None or session["object"] != "checkout.session":
                return _no_page()
            if session["status"] == "open" and session["expires_at"] <= tx.now:
                session["status"] = "expired"
            if waiting := hosted_payment.awaits_authentication(tx, session):
                return RedirectResponse(f"/c/authenticate/{waiting['id']}", 303)
            if session["status"] != "open":
                return _over(session, redirect=form is not None)
            tax_and_discounts.reprice(tx, session)
            if form is None:
                return _card_page(tx, session, card_form.CardForm(shown=prefilled(use)))
            return _submitted(tx, session, form)

    def _answer_authentication(self, intent_id: str, form: FormData | None) -> Response:
        with self._store.transaction() as tx:
            if stop := unavailable(tx):
                return stop
            intent = tx.get(intent_id)
            if intent is None or intent["object"] != "payment_intent":
                return _no_page()
            if form is None and intent["status"] == "requires_action":
                return page("authenticate.html", intent=intent)
            declined = None
            if form is not None:
                passed = form.get("act") == "confirm"
                declined = hosted_payment.authenticate(tx, intent, passed=passed)
            session = hosted_payment.session_of(tx, intent)
            if session is None and not declined and intent["_invoice"]:
                return RedirectResponse(f"/c/invoice/{intent['_invoice']}", 303)
            if session is None:
                words = str(declined) if declined else f"This payment now is: {intent['status']}."
                return notice("Authentication", words)
            if declined:
                return _card_page(tx, session, failed(declined, {}), status=402)
            return _over(session, redirect=True)


async def in_thread(answer: Callable[[], Response]) -> Response:
    """What a page answers; a refusal becomes a notice."""
    try:
        return await run_in_threadpool(answer)
    except Refused as refusal:
        # Such as an intent that the shop canceled while the payer was typing.
        words = f"{refusal} Nothing was charged now. Go back to the shop and look there."
        return notice("This payment cannot go on", words, status=409)


def _submitted(tx: Tx, session: Doc, sent: FormData) -> Response:
    today = datetime.fromtimestamp(tx.now, UTC)
    typed = {key: value for key, value in sent.items() if isinstance(value, str)}
    if wallet := offered(session["currency"]).get(typed.get("method", "")):
        return _paid_by(tx, session, wallet)
    form = card_form.read(typed, _known_email(tx, session), (today.year, today.month))
    if form.card is None or form.payer is None:
        return _card_page(tx, session, form, status=422)
    declined = hosted_payment.try_means(tx, session, form.card, form.payer)
    if declined:
        return _card_page(tx, session, failed(declined, form.shown), status=402)
    if waiting := hosted_payment.awaits_authentication(tx, session):
        return RedirectResponse(f"/c/authenticate/{waiting['id']}", 303)
    return _over(session, redirect=True)


def _paid_by(tx: Tx, session: Doc, wallet: TestWallet) -> Response:
    """One click, as the payer is signed in at the wallet already; it knows their address."""
    email = _known_email(tx, session) or "payer@wallet.example"
    payer = hosted_payment.Payer("Test Payer", email, "DE", TOKEN_EXPIRY)
    declined = hosted_payment.try_means(tx, session, wallet, payer)
    if declined:
        return _card_page(tx, session, failed(declined, {}), status=402)
    return _over(session, redirect=True)


def _card_page(tx: Tx, session: Doc, form: card_form.CardForm, *, status: int = 200) -> Response:
    return page(
        "card.html",
        status=status,
        verb="Pay",
        action=f"/c/pay/{session['id']}",
        amount=money(session["amount_total"], session["currency"]),
        back=session["cancel_url"],
        items=session["_line_items"],
        form=form,
        email=_known_email(tx, session),
        automatic=session["_rates"]["automatic"],
        wallets=offered(session["currency"]).values(),
        **card_choices(),
    )


def card_choices() -> dict[str, Any]:
    """What every page with a card form offers."""
    numbered = list(enumerate(CARDS))
    return {
        "countries": card_form.COUNTRIES,
        "featured": numbered[:_FEATURED],
        "more": numbered[_FEATURED:],
    }


def failed(declined: Refused, shown: dict[str, str]) -> card_form.CardForm:
    """The form again, with what the bank said."""
    words = f"{declined} Nothing was charged. Try again, or use another card."
    return card_form.CardForm(shown={**shown, "number": ""}, errors={"number": words})


def _known_email(tx: Tx, session: Doc) -> str | None:
    customer = tx.get(session["customer"]) if session["customer"] else None
    email: str | None = session["customer_email"] or (customer["email"] if customer else None)
    return email


def prefilled(use: str | None) -> dict[str, str]:
    """What the link of a test card fills in."""
    if use is None or not use.isdigit() or int(use) >= len(CARDS):
        return {}
    return {
        "number": CARDS[int(use)].shown,
        "expiry": "12 / 34",
        "cvc": "123",
        "name": "Test Payer",
        "country": "US",
    }


def unavailable(tx: Tx) -> Response | None:
    """The page that says that the sandbox is down (a fault), or None."""
    if not faults.read(tx.conn).down:
        return None
    return notice(
        "The payment page is down",
        "Nothing was charged. Go back to the shop and try again in a moment.",
        status=503,
    )


def _no_page() -> Response:
    return notice(
        "No such payment", "This address belongs to no payment. Go back to the shop.", status=404
    )


def _over(session: Doc, *, redirect: bool) -> Response:
    if session["status"] == "complete":
        address = hosted_payment.success_address(session)
        if redirect:
            return RedirectResponse(address, 303)
        return notice("This is paid already", "It was charged once. You can go back.", address)
    if session["status"] == "open":
        return RedirectResponse(f"/c/pay/{session['id']}", 303)
    return notice(
        "This payment page has expired",
        "Nothing was charged. Go back to the shop and start again.",
        session["cancel_url"],
        status=410,
    )

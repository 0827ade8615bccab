"""One field that finds what an email or a caller names: a number, an ID, an address, a name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.accounts.models import Account
from jewelrymodel.accounts.rights import Act
from jewelrymodel.generation.models import Asset, Photo, Task, TaskItem
from jewelrymodel.incidents.models import Incident
from jewelrymodel.kernel.money import in_words
from jewelrymodel.ledger.models import Lot
from jewelrymodel.ledger.movement_kinds import LotSource
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.models import (
    Charge,
    ChargeDispute,
    CreditNote,
    Order,
    Receipt,
    Refund,
    Subscription,
)
from jewelrymodel.remedies.models import DecisionRecord, RemedyRow
from jewelrymodel.support import queries as support
from jewelrymodel.support.models import Case, InboundEmail
from jewelrymodel.support.rules import email_references
from jewelrymodel.support.statuses import CaseState, MailOutcome
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.category_labels import category_label
from jewelrymodel.web.desk.queue import STATUS_LABELS
from jewelrymodel.web.desk.search_words import words_found

SHOWN = 20
_LONGEST = 254  # no email address is longer
_PEOPLE = 3
_RECEIPT_DIGITS = 6  # a receipt's number is written with zeros in front, a request's without
_BARE = re.compile(r"#?([0-9]{1,18})")
# In older emails, and on older receipts, both begin with R-.
_REQUEST = re.compile(r"(?<![\w.@-])(?:REQ|R)-?([0-9]{1,18})(?![\w.@])", re.IGNORECASE)
_RECEIPT = re.compile(r"(?<![\w.@-])(?:RCP|R)-?([0-9]{1,18})(?![\w.@])", re.IGNORECASE)
_ID = re.compile(r"([a-z]{2,6})_\w+", re.ASCII)


@dataclass(frozen=True)
class Hit:
    """One thing that was found: what it is called, a detail to choose it by, and its page.

    *is_meant*: a number, an id or an address names it; else it may be but a word that was searched.
    """

    label: str
    detail: str
    url: str
    is_meant: bool = True


@dataclass(frozen=True)
class Group:
    """What was found of one kind; *more* where that isn't all of it."""

    title: str
    hits: list[Hit]
    more: bool


@dataclass(frozen=True)
class Place:
    """Where an id is looked up, by an indexed *column*; *shows* is what the page is asked for."""

    page: str
    rows: QuerySet[Any]
    shows: str = "pk"
    column: str = "pk"


_CHARGES, _DISPUTES, _ORDERS = Charge.objects, ChargeDispute.objects, Order.objects
_PLANS, _REFUNDS, _MAILS = Subscription.objects, Refund.objects, InboundEmail.objects
_AT_STRIPE = _CHARGES.filter(processor="stripe")  # the index begins with the processor
_BOUGHT = Lot.objects.filter(source__in=(LotSource.PACKAGE_ORDER, LotSource.SUBSCRIPTION_PERIOD))
_CHARGE = Place("desk_order", _AT_STRIPE, "order_id", "processor_charge_id")
_DISPUTE = Place("desk_dispute", _DISPUTES.all(), "pk", "processor_dispute_id")
_REFUND = Place("desk_order", _REFUNDS.all(), "charge__order_id", "processor_refund_id")
_PLACES: dict[str, tuple[Place, ...]] = {
    # Ours
    "acct": (Place("desk_customer", Account.objects.all()),),
    "asset": (Place("desk_generation", Asset.objects.all(), "item__task_id"),),
    "case": (Place("desk_case", Case.objects.all()),),
    "chg": (Place("desk_order", _CHARGES.all(), "order_id"),),
    "crn": (Place("desk_order", CreditNote.objects.all(), "receipt__order_id"),),
    "dec": (Place("desk_decision", DecisionRecord.objects.all()),),
    "dsp": (Place("desk_dispute", _DISPUTES.all()),),
    "inc": (Place("desk_incident", Incident.objects.all()),),
    "item": (Place("desk_generation", TaskItem.objects.all(), "task_id"),),
    "lot": (Place("desk_order", _BOUGHT, "source_ref"),),
    "mail": (
        Place("desk_mail", _MAILS.filter(outcome=MailOutcome.QUARANTINED)),
        Place("desk_case", _MAILS.filter(case__isnull=False), "case_id"),
    ),
    "ord": (Place("desk_order", _ORDERS.all()),),
    "photo": (Place("desk_customer", Photo.objects.all(), "account_id"),),
    "rcp": (Place("desk_order", Receipt.objects.all(), "order_id"),),
    "rem": (Place("desk_decision", RemedyRow.objects.all(), "decision_id"),),
    "rfd": (Place("desk_order", _REFUNDS.all(), "charge__order_id"),),
    "task": (Place("desk_generation", Task.objects.all()),),
    # Ours, and the processor's
    "sub": (
        Place("desk_customer", _PLANS.all(), "account_id"),
        Place("desk_customer", _PLANS.all(), "account_id", "processor_subscription_id"),
        Place("desk_order", _ORDERS.all(), "pk", "processor_subscription_id"),
    ),
    # The processor's
    "ch": (_CHARGE,),
    "cs": (Place("desk_order", _ORDERS.all(), "pk", "session_id"),),
    "cus": (Place("desk_customer", _PLANS.all(), "account_id", "processor_customer_id"),),
    "dp": (_DISPUTE,),
    "du": (_DISPUTE,),
    "in": (Place("desk_order", _ORDERS.all(), "pk", "invoice_id"),),
    "pi": (Place("desk_order", _CHARGES.all(), "order_id", "processor_intent_id"),),
    "py": (_CHARGE,),
    "pyr": (_REFUND,),
    "re": (_REFUND,),
}
"""Where an id leads, by its first letters; what has no page of its own, to the one it is on."""


@require_safe
@for_staff(Act.DESK)
def index(request: StaffRequest) -> HttpResponse:
    """Lead to the one result, unless its name is but a word that requests say, too; list several by
    kind, then what says these words; without anything to search for, say what can be.
    """
    text = " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:_LONGEST]
    asks_words = any(name in request.GET for name in ("page", "state", "category"))
    groups = _groups(text) if text and not asks_words else []
    hits = {hit.url: hit for group in groups for hit in group.hits}
    words = None
    if len(hits) == 1:
        ((page, hit),) = hits.items()
        words = None if hit.is_meant else words_found(request.GET, text)
        if words is None or not words.has_any:
            return redirect(page)
    context = {
        "searched": text,
        "groups": groups,
        "shown": SHOWN,
        "words": words or (words_found(request.GET, text) if text else None),
    }
    return render(request, "desk/search.html", context)


def _groups(text: str) -> list[Group]:
    """Return what *text* may mean, by kind; at most one row more than is shown is read of each."""
    kinds = (
        (_("Requests"), _requests),
        (_("Orders"), _orders),
        (_("Records with this ID"), _records),
        (_("Accounts"), _accounts),
    )
    hits_by_kind = [(title, list(find(text))) for title, find in kinds]
    return [Group(title, hits[:SHOWN], len(hits) > SHOWN) for title, hits in hits_by_kind if hits]


def _number(pattern: re.Pattern[str], text: str, *, whole: bool = False) -> str:
    match = pattern.fullmatch(text) if whole else pattern.search(text)
    return match[1] if match else ""


def _requests(text: str) -> Iterator[Hit]:
    """By number, also inside the subject of an email; else what came from such an address."""
    digits = _number(_REQUEST, text) or _number(_BARE, text, whole=True)
    is_meant = bool(digits and not digits.startswith("0"))
    if is_meant:
        rows = support.numbered(number=int(digits))
    else:
        rows = support.of_strangers(address=text, limit=SHOWN + 1)
    newest = support.last_messages(rows)
    for one in rows:
        who = one.account.name if one.account else one.email
        status = str(STATUS_LABELS[CaseState(one.state)])
        details = [who, category_label(one.category), status]
        if one.pk in newest:
            details.append(newest[one.pk].beginning)
        page = reverse("desk_case", args=[one.pk])
        yield Hit(one.label, " · ".join(details), page, is_meant or "@" in text)


def _orders(text: str) -> Iterator[Hit]:
    bare = _number(_BARE, text, whole=True)
    receipt = _number(_RECEIPT, text)
    rows = payments.orders_numbered(
        number=int(bare) if bare else email_references.order_number(text),
        receipt=int(receipt) if len(receipt) >= _RECEIPT_DIGITS else None,
    )
    for one in rows:
        amount = in_words(one.total_minor, one.currency)
        state = one.get_state_display().capitalize()
        details = (one.account.name, one.product_version.name, amount, state)
        yield Hit(one.label, " · ".join(details), reverse("desk_order", args=[one.pk]))


def _records(text: str) -> Iterator[Hit]:
    """By id, alone or as facts name it (``order:ord_…``)."""
    record_id = text.rpartition(":")[2]
    named = _ID.fullmatch(record_id)
    titles = {
        "desk_case": _("request"),
        "desk_customer": _("account"),
        "desk_decision": _("decision"),
        "desk_dispute": _("dispute"),
        "desk_incident": _("incident"),
        "desk_mail": _("email in quarantine"),
        "desk_order": _("order"),
        "desk_generation": _("generation"),
    }
    for place in _PLACES.get(named[1], ()) if named else ():
        rows = place.rows.filter(**{place.column: record_id}).order_by()
        for shown in rows.values_list(place.shows, flat=True).distinct()[: SHOWN + 1]:
            detail = f"{titles[place.page]} · {shown}"
            yield Hit(record_id, detail, reverse(place.page, args=[shown]))


def _accounts(text: str) -> Iterator[Hit]:
    for one in accounts.search_accounts(text=text, limit=SHOWN + 1):
        people = [member.user.email for member in list(one.memberships.all())[:_PEOPLE]]
        details = [*people, one.country, _("closed") if one.closed_at else ""]
        url = reverse("desk_customer", args=[one.pk])
        yield Hit(one.name, " · ".join(filter(None, details)), url, "@" in text)

"""Saved replies, and what a request knows for their placeholders."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.infra import formats, languages
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.models import Order
from jewelrymodel.remedies.assessments import SubjectKind
from jewelrymodel.support.models import Case, SavedReply
from jewelrymodel.support.rules import business_days
from jewelrymodel.support.rules.reply_placeholders import filled, placeholders_in

_MOST_CHANGES = 50


@dataclass(frozen=True)
class FilledReply:
    """A saved reply as it would be inserted; *missing* are placeholders without a value."""

    id: int
    title: str
    language: str
    text: str
    missing: list[str]


def saved_replies() -> list[SavedReply]:
    """Return all saved replies by title, then language."""
    return list(SavedReply.objects.order_by("title", "language"))


def filled_replies(case: Case, *, now: datetime) -> list[FilledReply]:
    """Return the replies in the language of the case's customer, and in English those that it
    lacks, with the case's facts filled in. A deadline that is over at *now* promises nothing.
    """
    language = accounts.language_of(account_id=case.account_id) or languages.ENGLISH
    wanted = Q(language=language) | Q(language=languages.ENGLISH)
    rows: dict[str, SavedReply] = {}
    for one in SavedReply.objects.filter(wanted).order_by("title"):
        if one.title not in rows or one.language == language:
            rows[one.title] = one
    if not rows:
        return []
    values = {code: _values(case, code, now) for code in {one.language for one in rows.values()}}
    texts = [(one, filled(one.text, values[one.language])) for one in rows.values()]
    return [
        FilledReply(one.pk, one.title, one.language, text, placeholders_in(text))
        for one, text in texts
    ]


def reply_changes(*, limit: int = _MOST_CHANGES) -> list[AuditEntry]:
    """Return who changed which reply and what it said before, newest first."""
    rows = AuditEntry.objects.filter(subject__startswith="saved_reply:")
    return list(rows.order_by("-happened_at", "-id")[:limit])


def _values(case: Case, language: str, now: datetime) -> dict[str, str]:
    """What the placeholders stand for, as a reader of *language* writes it; only what is known."""
    with languages.speaking(language):
        values = {"name": _name(case), "request": case.label}
        if case.is_open and case.paused_at is None and case.due_at > now:
            values["deadline"] = formats.deadline(case.due_at, business_days.ZONE)
        if case.subject_kind == SubjectKind.ORDER and case.account_id:
            values |= _of_order(case.account_id, case.subject_id)
    return values


def _of_order(account_id: str, order_id: str) -> dict[str, str]:
    order = Order.objects.filter(account_id=account_id, pk=order_id).first()
    if order is None:
        return {}
    paid = sum(one.paid_minor for one in payments.charges_of_order(order_id=order.pk))
    values = {"order": order.label}
    if order.paid_at is not None:
        values["date"] = formats.day(order.paid_at)
    return values | ({"amount": formats.money(paid, order.currency)} if paid else {})


def _name(case: Case) -> str:
    """The first name of whoever wrote, else what their account is called."""
    if case.account is None:
        return ""
    members = accounts.members_of(account_id=case.account.pk)
    writers = [one.user for one in members if one.user.email.lower() == case.email.lower()]
    return next((one.first_name for one in writers if one.first_name), case.account.name)

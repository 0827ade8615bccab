"""What an email claims to be about: in its sender's words, else in what they attached."""

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Q, QuerySet

from jewelrymodel.generation.models import Task
from jewelrymodel.infra import mail
from jewelrymodel.infra.pdf_text import is_pdf, pdf_text
from jewelrymodel.payments.models import Order
from jewelrymodel.remedies.assessments import Subject, SubjectKind
from jewelrymodel.support.rules.record_references import RecordReferences, references_in

_PDFS = 2  # of one email that are read
_TABLE = 20_000  # letters of an attached text, such as a bank's list
_NOTHING = references_in("")


def own_claim(email: mail.ParsedEmail) -> str:
    """Return the sender's own words, else what they passed on of others.

    What they quote of ours says nothing of theirs, even where they add nothing to it.
    """
    is_of_ours = settings.SUPPORT_EMAIL.lower() in email.text.lower()
    return email.own_text or ("" if is_of_ours else email.text)


def named_records(email: mail.ParsedEmail, *, reads_files: bool = True) -> RecordReferences:
    """Return what the email names, from the first of these that names anything: subject and own
    words, attached emails, attached PDFs and texts.
    Without *reads_files* those are left unread: a PDF may take seconds.
    """
    return next(filter(None, map(references_in, _claims(email, reads_files))), _NOTHING)


def _claims(email: mail.ParsedEmail, reads_files: bool) -> Iterator[str]:
    yield f"{email.subject}\n\n{own_claim(email)}"
    yield email.attached_text
    if not reads_files:
        return
    pdfs = [data for _, data in email.files if is_pdf(data)]
    yield from map(pdf_text, pdfs[:_PDFS])
    for name, data in email.files:
        if name.lower().endswith((".txt", ".csv", ".eml")):
            yield data[:_TABLE].decode("utf-8", "replace")


def subject_named(named: RecordReferences, *, address: str) -> Subject | None:
    """Return the record of whoever has the address that was named, None where none of theirs was.

    Nobody is told: a person at the desk sees it, once the address is proven (edge 7).
    """
    bought = Order.objects.filter(buyer_email__iexact=address)
    order = bought.filter(number=named.order or 0).first() or _order_of(named, bought)
    if order is not None:
        return Subject(SubjectKind.ORDER, order.pk)
    theirs = Task.objects.filter(account__memberships__user__email__iexact=address)
    task = theirs.filter(pk__in=named.tasks).first() if named.tasks else None
    return Subject(SubjectKind.TASK, task.pk) if task else None


def _order_of(named: RecordReferences, bought: "QuerySet[Order]") -> Order | None:
    if not (named.receipts or named.payments):
        return None
    ids = named.payments
    return bought.filter(
        Q(receipt__number__in=named.receipts)
        | Q(session_id__in=ids)
        | Q(invoice_id__in=ids)
        | Q(charges__processor_charge_id__in=ids)
        | Q(charges__processor_intent_id__in=ids)
    ).first()

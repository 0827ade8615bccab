"""Cases: for the desk any of them, for a customer only those of their account."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext, ngettext

from jewelrymodel.generation.models import Task
from jewelrymodel.infra import formats
from jewelrymodel.payments.models import Order
from jewelrymodel.remedies.assessments import Subject, SubjectKind
from jewelrymodel.support.models import Case, CaseGround
from jewelrymodel.support.statuses import QUEUED, UNANSWERED, CaseState

OPEN = UNANSWERED


def _cases() -> QuerySet[Case]:
    return Case.objects.select_related("account", "assigned_to", "merged_into")


def queue(*, state: str = "", category: str = "", mine: int | None = None) -> QuerySet[Case]:
    """Return all cases for the desk, due first; *state* "" means those that a person works on, or
    that wait for their customer.
    """
    rows = _cases().filter(state=state) if state else _cases().filter(state__in=QUEUED)
    if category:
        rows = rows.filter(category=category)
    if mine is not None:
        rows = rows.filter(assigned_to_id=mine)
    return rows.order_by("due_at", "number")


def next_to_work_on(*, user_id: int, after: Case) -> Case | None:
    """Return the open case that this person takes next: the one due first of theirs and of those
    that are nobody's, but *after*, which they have before them. None where no other one is left.
    """
    rows = Case.objects.filter(state=CaseState.OPEN).exclude(pk=after.pk)
    rows = rows.filter(Q(assigned_to=None) | Q(assigned_to=user_id))
    key = Q(due_at__gt=after.due_at) | Q(due_at=after.due_at, number__gt=after.number)
    ordered = rows.order_by("due_at", "number")
    return ordered.filter(key).first() or ordered.first()


def numbered(*, number: int) -> list[Case]:
    """Return the case with that number, for staff; none where there is none."""
    return list(_cases().filter(number=number))


def of_strangers(*, address: str, limit: int) -> list[Case]:
    """Return the newest cases that are no account's and whose sender's address begins so."""
    rows = _cases().filter(account__isnull=True, email__istartswith=address)
    return list(rows.order_by("-opened_at")[:limit])


def case(*, case_id: str) -> Case:
    """Return one case, for staff; raises Case.DoesNotExist."""
    return _cases().get(pk=case_id)


def cases(*, account_id: str) -> list[Case]:
    """Return the account's cases, newest first, without those that were merged into another."""
    rows = _cases().filter(account_id=account_id).exclude(state=CaseState.MERGED)
    return list(rows.order_by("-opened_at"))


def case_of(*, account_id: str, case_id: str) -> Case:
    """Return one of the account's cases; raises Case.DoesNotExist."""
    return _cases().get(account_id=account_id, pk=case_id)


def open_about(*, account_id: str, subject: Subject) -> list[Case]:
    """Return the account's open cases about an order or a task, newest first."""
    rows = _cases().filter(account_id=account_id, state__in=OPEN)
    same = rows.filter(subject_kind=subject.kind, subject_id=subject.id)
    return list(same.order_by("-opened_at")) if subject.id else []


def about(*, account_id: str, subject: Subject) -> list[Case]:
    """Return the account's cases about an order or a task, open or not, newest first."""
    rows = _cases().filter(account_id=account_id)
    rows = rows.filter(subject_kind=subject.kind, subject_id=subject.id)
    return list(rows.order_by("-opened_at"))


def undecided_tasks(*, task_ids: Iterable[str]) -> set[str]:
    """Return those of these generations that an open case is about, or one that was merged into an
    open case: that one answers for both.
    """
    rows = Case.objects.filter(subject_kind=SubjectKind.TASK, subject_id__in=set(task_ids))
    undecided = Q(state__in=OPEN) | Q(state=CaseState.MERGED, merged_into__state__in=OPEN)
    return set(rows.filter(undecided).values_list("subject_id", flat=True))


def case_of_decision(*, decision_id: str) -> Case | None:
    """Return the case that a decision belongs to; None for one taken without a case."""
    if first := _cases().filter(decision_id=decision_id).first():
        return first
    further = CaseGround.objects.filter(decision_id=decision_id)
    return _cases().filter(pk__in=further.values("case_id")).first()


def open_decisions(decision_ids: Iterable[str]) -> set[str]:
    """Return those of *decision_ids* whose own case is open (again): a person has them already."""
    ids = set(decision_ids)
    rows = Case.objects.filter(decision_id__in=ids, state=CaseState.OPEN)
    further = CaseGround.objects.filter(decision_id__in=ids, case__state=CaseState.OPEN)
    first = rows.values_list("decision_id", flat=True)
    return {*first, *further.values_list("decision_id", flat=True)}


def checked(*, check_name: str, subject: Subject) -> int:
    """Return how many cases a check of ours has opened about something."""
    key = f"{subject.kind}:{subject.id}"
    rows = Case.objects.filter(check_name=check_name)
    return rows.filter(Q(check_subject=key) | Q(check_subject__startswith=f"{key}#")).count()


def overdue(*, now: datetime) -> int:
    """Return how many cases are past their deadline."""
    return Case.objects.filter(state=CaseState.OPEN, due_at__lt=now).count()


def stakes(cases: Iterable[Case]) -> dict[str, str]:
    """Return what each case is about at most, by its id: an order's total, or a task's credits."""
    named = {one.subject_id: one.pk for one in cases if one.subject_id}
    orders = Order.objects.filter(pk__in=named).values_list("pk", "total_minor", "currency")
    amounts = {named[pk]: formats.money(total, currency) for pk, total, currency in orders}
    tasks = Task.objects.filter(pk__in=named).values_list("pk", "credits_held")
    for pk, held in tasks:
        amounts[named[pk]] = ngettext("%(n)s credit", "%(n)s credits", held) % {"n": held}
    return amounts


def subject_label(case: Case) -> str:
    """Return what a case is about as its customer calls it; empty for the account itself."""
    return about_label(Subject(SubjectKind(case.subject_kind), case.subject_id))


def about_label(subject: Subject) -> str:
    """Return an order or a task as its customer calls it; empty for the account itself."""
    if subject.kind == SubjectKind.ORDER:
        order = Order.objects.select_related("product_version").filter(pk=subject.id).first()
        return f"{order.label} ({order.product_version.name})" if order else ""
    if subject.kind == SubjectKind.TASK:
        task = Task.objects.filter(pk=subject.id).first()
        if task is None:
            return ""
        return gettext("your generation of %(when)s") % {"when": formats.moment(task.created_at)}
    return ""

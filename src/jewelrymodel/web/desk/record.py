"""The record: what happened at doors lately, and who did what for good."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.accounts.models import User
from jewelrymodel.accounts.rights import Act
from jewelrymodel.audit import queries
from jewelrymodel.audit.statuses import SecurityEventKind
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.web.desk import actor_names
from jewelrymodel.web.desk.access import StaffRequest, for_staff

LINES = 50
ACTS: dict[str, Promise] = {
    "staff.": _("Rights at the desk"),
    "member.": _("People of accounts"),
    "account.": _("Accounts"),
    "decision.": _("Decisions"),
    "catalog.": _("Prices"),
    "terms.": _("Policy and texts"),
    "export.": _("Exports"),
    "case.": _("Requests"),
}
"""Groups of acts, by how they begin."""


@require_safe
@for_staff(Act.RECORD)
def index(request: StaffRequest) -> HttpResponse:
    """Show sign-ins, failed ones and refusals, newest first."""
    asked = request.GET
    kind = asked.get("kind", "") if asked.get("kind") in SecurityEventKind.values else ""
    before = asked.get("before", "")
    rows = queries.security_events(
        limit=LINES + 1,
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
        kind=kind,
        user_id=_person(asked),
    )
    names = accounts.names_of(user_ids={row.user_id for row in rows})
    context = {
        "rows": [(row, names.get(row.user_id, "")) for row in rows[:LINES]],
        "older": rows[LINES - 1].pk if len(rows) > LINES else "",
        "kinds": SecurityEventKind.choices,
        "kind": kind,
        "email": asked.get("email", ""),
    }
    return render(request, "desk/record.html", context)


@require_safe
@for_staff(Act.RECORD)
def acts(request: StaffRequest) -> HttpResponse:
    """Show who did what and why, newest first."""
    asked = request.GET
    begins = asked.get("of", "") if asked.get("of") in ACTS else ""
    person = _person(asked)
    rows = queries.latest(
        limit=LINES + 1,
        before=asked.get("before", "")[:32],
        begins=begins,
        actor="" if person is None else str(Actor.user(person)),
    )
    names = actor_names.names([row.actor for row in rows])
    context = {
        "rows": [(row, row.actor_label or names[row.actor]) for row in rows[:LINES]],
        "older": rows[LINES - 1].pk if len(rows) > LINES else "",
        "groups": ACTS.items(),
        "of": begins,
        "email": asked.get("email", ""),
    }
    return render(request, "desk/record_acts.html", context)


def _person(asked: QueryDict) -> int | None:
    """The person whose address was asked for; -1 where nobody has it, None where none was."""
    email = asked.get("email", "").strip().lower()
    if not email or "\0" in email:
        return None
    found = User.objects.filter(email=email).values_list("pk", flat=True).first()
    return -1 if found is None else found

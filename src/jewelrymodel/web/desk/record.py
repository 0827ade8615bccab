"""The record: what happened at doors lately, and who did what for good."""

from dataclasses import dataclass

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
from jewelrymodel.web.desk.act_labels import act_label, subject_of

LINES = 50


@dataclass(frozen=True)
class Group:
    """Acts that are looked for together: how the page calls them, and how they begin."""

    label: Promise
    begins: tuple[str, ...]


ACTS: dict[str, Group] = {
    "staff.": Group(_("Rights at the desk"), ("staff.", "second_factor.", "sessions.")),
    "member.": Group(_("People of accounts"), ("member.",)),
    "account.": Group(_("Accounts"), ("account.",)),
    "decision.": Group(_("Decisions"), ("decision.",)),
    "catalog.": Group(_("Prices"), ("catalog.",)),
    "terms.": Group(_("Policy and texts"), ("terms.",)),
    "export.": Group(_("Exports"), ("data.", "damage.")),
    "case.": Group(_("Requests"), ("case.", "image.damage", "reply.")),
    "order.": Group(_("Orders and subscriptions"), ("order.", "subscription.")),
    "credits.": Group(_("Free credits"), ("credits.",)),
    "dispute.": Group(_("Disputes"), ("dispute.",)),
    "incident.": Group(_("Incidents"), ("incident.", "incident_proposal.")),
    "mail.": Group(_("Inbound email and processor messages"), ("mail.", "message.")),
    "own_model.": Group(_("Model agreements"), ("own_model.", "image.opened")),
    "provider.": Group(_("Image models"), ("provider.",)),
    "backup.": Group(_("Backups"), ("backup.",)),
}
"""What the record can be narrowed to, by the word in the page's address."""


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
    group = asked.get("of", "") if asked.get("of") in ACTS else ""
    person = _person(asked)
    rows = queries.latest(
        limit=LINES + 1,
        before=asked.get("before", "")[:32],
        begins=ACTS[group].begins if group else (),
        actor="" if person is None else str(Actor.user(person)),
    )
    names = actor_names.names([row.actor for row in rows])
    context = {
        "rows": [
            (
                row,
                row.actor_label or names[row.actor],
                act_label(row.action),
                subject_of(row.subject),
            )
            for row in rows[:LINES]
        ],
        "older": rows[LINES - 1].pk if len(rows) > LINES else "",
        "groups": [(name, one.label) for name, one in ACTS.items()],
        "of": group,
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

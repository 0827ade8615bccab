"""How the service is set up: every value with where it comes from, never a secret."""

import os
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.rights import Act
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.form_addresses import form_of

_GROUPS: dict[Promise, dict[str, Promise]] = {
    gettext_lazy("Brand and legal entity"): {
        "BRAND": gettext_lazy("The name on pages, receipts, and emails"),
        "LEGAL_ENTITY": gettext_lazy("Who sells: on receipts and in the footer"),
        "LEGAL_ADDRESS": gettext_lazy("Their address: on receipts and in the footer"),
        "SUPPORT_EMAIL": gettext_lazy("Where customers write"),
        "PUBLIC_URL": gettext_lazy("Where links in emails lead"),
    },
    gettext_lazy("Decisions"): {
        "MACHINE_LIMIT_MINOR": gettext_lazy("Up to here refunds are automatic (cents)"),
        "SECOND_APPROVAL_LIMIT_MINOR": gettext_lazy("Above this two people decide (cents)"),
        "SECOND_APPROVAL_LIMIT_CREDITS": gettext_lazy("Credits to give: above this two decide"),
        "SINGLE_OPERATOR": gettext_lazy("One operator may approve alone after a wait"),
        "SECOND_APPROVAL_WAIT_HOURS": gettext_lazy("That wait, in hours"),
        "WELCOMES_PER_NETWORK": gettext_lazy("Free images: new accounts of a network a day"),
        "STAFF_SESSION_HOURS": gettext_lazy("Hours until the desk asks who one is"),
    },
    gettext_lazy("Retention"): {
        "DELETED_KEPT_DAYS": gettext_lazy("Days in which a deletion can be undone"),
        "DATA_EXPORTS_KEPT_DAYS": gettext_lazy("Days in which an export can be downloaded"),
        "CLOSING_UNDO_DAYS": gettext_lazy("Days in which the closing of an account can be undone"),
        "SECURITY_EVENTS_KEPT_DAYS": gettext_lazy("Days that sign-ins and refusals are kept"),
        "RECORDS_KEPT_YEARS": gettext_lazy("Years that law has books and decisions kept"),
    },
    gettext_lazy("Outgoing email"): {
        "EMAIL_HOST": gettext_lazy("The server that takes our email"),
        "EMAIL_PORT": gettext_lazy("Its port"),
        "EMAIL_USE_TLS": gettext_lazy("Whether the connection is encrypted (STARTTLS)"),
        "EMAIL_HOST_PASSWORD": gettext_lazy("The password there"),
        "DEFAULT_FROM_EMAIL": gettext_lazy("The sender"),
    },
    gettext_lazy("Payments"): {
        "STRIPE_API_BASE": gettext_lazy("Where the processor is; empty: the real one"),
        "STRIPE_SECRET_KEY": gettext_lazy("Its key"),
        "STRIPE_WEBHOOK_SECRET": gettext_lazy("What proves that its messages are its own"),
    },
}
_SECRETS = {"EMAIL_HOST_PASSWORD", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"}
_VARIABLES = {"EMAIL_HOST_PASSWORD": "EMAIL_PASSWORD", "DEFAULT_FROM_EMAIL": "FROM_EMAIL"}
"""Settings whose environment variable is called otherwise."""


@dataclass(frozen=True)
class Value:
    """One setting as an operator reads it: *is_given* where the environment says it."""

    variable: str
    about: str
    value: str
    is_given: bool


@require_safe
@for_staff(Act.SERVICE)
def index(request: StaffRequest) -> HttpResponse:
    """Show every group of settings, and the ways to what can be changed here."""
    groups = [(title, _values(names)) for title, names in _GROUPS.items()]
    return render(request, "desk/service.html", {"groups": groups})


@for_staff(Act.SERVICE)
@form_of("desk_service")
def check(request: StaffRequest) -> HttpResponse:
    """Show what ``jewelrymodel doctor`` says now."""
    findings = [*import_string(settings.DOCTOR)()]
    context = {
        "findings": sorted(findings, key=lambda one: one.is_fine is not False),
        "wrong": sum(one.is_fine is False for one in findings),
    }
    return render(request, "desk/service_check.html", context)


def _values(names: dict[str, Promise]) -> list[Value]:
    return [_value(name, str(about)) for name, about in names.items()]


def _value(name: str, about: str) -> Value:
    variable, value = _VARIABLES.get(name, name), getattr(settings, name)
    if name in _SECRETS:
        value = _("set") if value else _("not set")
    elif isinstance(value, bool):
        value = _("yes") if value else _("no")
    return Value(variable, about, str(value), bool(os.environ.get(variable, "").strip()))

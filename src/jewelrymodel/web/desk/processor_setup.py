"""The payment processor as an operator sees it: what is set up, and what it answered when asked."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import clock, webhook_inbox
from jewelrymodel.payments import operations
from jewelrymodel.payments.operations.processor_setup import (
    KeyKind,
    SetupFinding,
    ask_processor,
    processor_settings,
)
from jewelrymodel.web.desk import processor_problems
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.form_addresses import form_of

_ANSWERS = "desk:processor-answers"
_KEPT_S = 30 * 86_400


@dataclass(frozen=True)
class Answers:
    """What the processor said *at* that time, what is wrong first."""

    at: datetime
    findings: list[SetupFinding]

    @property
    def wrong(self) -> int:
        """How many of them are wrong."""
        return sum(one.is_fine is False for one in self.findings)


@require_safe
@for_staff(Act.SERVICE)
def index(request: StaffRequest) -> HttpResponse:
    """Show our settings, the last message, and the last answers; the processor isn't asked."""
    setup = processor_settings()
    context = {
        "setup": setup,
        "key": _key_label(setup.key),
        "inbox": webhook_inbox.summary(source=operations.INBOX),
        "problems": processor_problems.rows(),
        "answers": _last_answers(),
    }
    return render(request, "desk/processor_setup.html", context)


@for_staff(Act.SERVICE)
@form_of("desk_processor")
def ask(request: StaffRequest) -> HttpResponse:
    """Ask the processor and keep what it says, for whoever looks next."""
    rows = [(one.what, one.is_fine, one.words) for one in ask_processor()]
    cache.set(_ANSWERS, (clock.real_now(), rows), timeout=_KEPT_S)
    return redirect("desk_processor")


def _last_answers() -> Answers | None:
    """Those that were kept: plain values, which the next version can read as well."""
    kept = cache.get(_ANSWERS)
    if kept is None:
        return None
    at, rows = kept
    findings = [SetupFinding(*row) for row in rows]
    return Answers(at, sorted(findings, key=lambda one: one.is_fine is not False))


def _key_label(key: KeyKind) -> str:
    match key:
        case KeyKind.NONE:
            return _("None is set")
        case KeyKind.RESTRICTED:
            return _("Restricted key")
        case KeyKind.SECRET:
            return _("Secret key: it may do everything; a restricted one is safer")

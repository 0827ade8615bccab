"""Outages at the desk: open, close, correct; who was touched, and what the policy gives them."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from jewelrymodel.catalog import queries as catalog
from jewelrymodel.incidents import operations, queries
from jewelrymodel.incidents.models import Incident
from jewelrymodel.infra import clock
from jewelrymodel.kernel.period import Period
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.models import Order
from jewelrymodel.remedies.values import Subject, SubjectKind
from jewelrymodel.support import operations as support
from jewelrymodel.support.values import Channel, Ground
from jewelrymodel.web.desk.door import StaffRequest, for_staff


class OpenForm(forms.Form):
    """A feature that is down, since when, and what customers read."""

    feature = forms.ChoiceField(label=gettext_lazy("Feature"))
    title = forms.CharField(label=gettext_lazy("What customers read"), max_length=120)
    started_at = forms.DateTimeField(
        label=gettext_lazy("Since (UTC)"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reason = forms.CharField(label=gettext_lazy("How we know"), max_length=300)

    def __init__(self, *args: object, now: datetime, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own
        features = sorted({name for one in catalog.products_on_sale(now) for name in one.features})
        self.fields["feature"].choices = [(one, one) for one in features]  # type: ignore[attr-defined]  # a choice field


@dataclass(frozen=True)
class Touched:
    """A paid period that an outage touched, and for how many minutes."""

    order: Order
    minutes: int


@require_http_methods(["GET", "POST"])
@for_staff()
def index(request: StaffRequest) -> HttpResponse:
    """List the incidents; on POST open one."""
    now = clock.now()
    initial = {"started_at": now.strftime("%Y-%m-%dT%H:%M")}
    form = OpenForm(request.POST or None, now=now, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            operations.open_incident(
                feature=form.cleaned_data["feature"],
                title=form.cleaned_data["title"],
                note="",
                started_at=form.cleaned_data["started_at"],
                reason=form.cleaned_data["reason"],
                actor=f"user:{request.user.pk}",
                now=now,
            )
            messages.success(request, _("Open: it stands on the status page."))
        except (operations.AlreadyOpen, operations.BadTimes) as refusal:
            messages.error(request, _(str(refusal)))
        return redirect("desk_incidents")
    context = {"incidents": queries.recent(), "form": form}
    return render(request, "desk/incidents.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_staff()
def incident(request: StaffRequest, incident_id: str) -> HttpResponse:
    """Show one incident with the paid periods it touched; on POST close it, or propose remedies."""
    found = Incident.objects.filter(pk=incident_id).first()
    if found is None:
        raise Http404
    now = clock.now()
    touched = _touched(found, now)
    if request.method == "POST":
        if request.POST.get("do") == "close":
            operations.close_incident(
                incident_id=found.pk,
                ended_at=now,
                reason=request.POST.get("reason", "")[:300] or "closed at the desk",
                actor=f"user:{request.user.pk}",
                now=now,
            )
        else:
            _propose(touched, now)
            messages.success(request, _("A case was opened for each account that was touched."))
        return redirect("desk_incident", incident_id=found.pk)
    return render(request, "desk/incident.html", {"incident": found, "touched": touched})


def _touched(found: Incident, now: datetime) -> list[Touched]:
    ended = found.ended_at or now
    rows = []
    for order in payments.periods_within(starts_at=found.started_at, ends_at=ended):
        if order.period_starts_at and order.period_ends_at:
            paid = Period(order.period_starts_at, order.period_ends_at)
            minutes = queries.minutes_touched(
                features=order.product_version.features, paid=paid, now=now
            )
            rows.append(Touched(order, minutes))
    return [row for row in rows if found.feature in row.order.product_version.features]


def _propose(touched: list[Touched], now: datetime) -> None:
    """One case for each paid period, whoever presses how often: keyed by the order."""
    for row in touched:
        support.open_case(
            opening=support.Opening(
                account_id=row.order.account_id,
                email=row.order.buyer_email,
                identity_level=3,
                channel=Channel.MACHINE,
                ground=Ground.OUTAGE,
                subject=Subject(SubjectKind.ORDER, row.order.pk),
                explanation=f"An outage took {row.minutes} minutes of this paid month.",
                check=("outage", f"order:{row.order.pk}"),
            ),
            now=now,
        )

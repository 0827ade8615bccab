"""Image models of others: which are on, in which order, within which limits, and what they earn."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.rights import Act
from jewelrymodel.generation.limits import MOST_BUDGET_CENTS, MOST_CONCURRENCY, MOST_PLACES
from jewelrymodel.generation.operations import provider_choice as choosing
from jewelrymodel.generation.provider_choices import ChosenProvider, chosen_providers
from jewelrymodel.generation.provider_health import ProviderHealth, provider_health
from jewelrymodel.generation.queries.provider_costs import provider_costs
from jewelrymodel.generation.rules.provider_circuit import Closure
from jewelrymodel.infra import clock
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.setting_forms import ReasonForm
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.studio_messages.scene_labels import PROVIDER_NAMES

DAYS = 30
_CENTS = 100
_MICROS = 1_000_000
_CLOSED = {
    Closure.OFF: gettext_lazy("Off"),
    Closure.NO_MODEL: gettext_lazy("Closed: its model has ended"),
    Closure.LOCKED_OUT: gettext_lazy("Closed: the provider refuses our key or account"),
    Closure.FAILING: gettext_lazy("Paused: it failed several times in a row"),
    Closure.ASKED_TO_WAIT: gettext_lazy("Paused: the provider asked us to wait"),
    Closure.BUDGET: gettext_lazy("Closed until tomorrow (UTC): its budget is spent"),
    Closure.CONCURRENCY: gettext_lazy("On, busy"),
}


class ProviderForm(ReasonForm):
    """Whether one provider is on, and its limits; *number* is of the choice that was seen."""

    provider = forms.CharField(widget=forms.HiddenInput, max_length=20)
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    is_on = forms.BooleanField(
        label=gettext_lazy("On: new images may be sent to it"), required=False
    )
    place = forms.IntegerField(
        label=gettext_lazy("Place in the order"),
        min_value=1,
        max_value=MOST_PLACES,
        help_text=gettext_lazy("1 is asked first; the next place is asked where it can’t be."),
    )
    budget = forms.DecimalField(
        label=gettext_lazy("Daily budget (USD)"),
        min_value=Decimal(0),
        max_value=Decimal(MOST_BUDGET_CENTS) / _CENTS,
        max_digits=9,
        decimal_places=2,
        help_text=gettext_lazy(
            "For each day in UTC. Once it is spent, the next provider is asked."
        ),
    )
    concurrency = forms.IntegerField(
        label=gettext_lazy("Requests at once"), min_value=1, max_value=MOST_CONCURRENCY
    )
    field_order = (
        *("provider", "number", "is_on", "place", "budget", "concurrency", "reason", "sure"),
    )

    def __init__(self, posted: QueryDict | None = None, *, one: ChosenProvider | None) -> None:
        first = {} if one is None else {
            "provider": one.name,
            "number": one.number,
            "is_on": one.is_on,
            "place": one.place,
            "budget": Decimal(one.budget_cents) / _CENTS,
            "concurrency": one.concurrency,
        }  # fmt: skip
        super().__init__(posted, initial=first)
        if posted is not None and posted.get("do") == "preview":
            self.fields["sure"].required = self.fields["reason"].required = False

    def limits(self) -> choosing.Limits:
        """Return what was chosen; only of a form that is valid."""
        data = self.cleaned_data
        return choosing.Limits(
            is_on=data["is_on"],
            place=data["place"],
            concurrency=data["concurrency"],
            budget_cents=int(data["budget"] * _CENTS),
        )


@require_safe
@for_staff(Act.SERVICE)
def index(request: StaffRequest) -> HttpResponse:
    """Show every provider there is an adapter for, and the form for the one that was asked for."""
    one = _set_up(request.GET.get("of", ""))
    return _page(request, one, ProviderForm(one=one) if one else None)


@for_staff(Act.SERVICE)
@form_of("desk_generators")
def change(request: StaffRequest) -> HttpResponse:
    """Show what a change will do, or make it."""
    one = _set_up(request.POST.get("provider", ""))
    if one is None:
        messages.error(request, _("This image model isn’t set up any more."))
        return redirect("desk_generators")
    form = ProviderForm(request.POST, one=one)
    if not form.is_valid():
        return _page(request, one, form, status=422)
    if request.POST.get("do") == "preview":
        return _page(request, one, form, after=form.limits())
    try:
        choosing.choose_provider(
            name=one.name,
            limits=form.limits(),
            number=form.cleaned_data["number"],
            actor=Actor.user(request.user.pk),
            reason=form.cleaned_data["reason"],
            now=clock.now(),
        )
    except choosing.ProviderChangedMeanwhile:
        form.add_error(None, _("A colleague changed it meanwhile. Open it again to see how it is."))
    except choosing.NothingChanged:
        form.add_error(None, _("This is how it is already."))
    else:
        messages.success(request, _("Saved: %(name)s.") % {"name": _name(one.name)})
        return redirect("desk_generators")
    return _page(request, one, form, status=422)


def _set_up(name: str) -> ChosenProvider | None:
    return next((one for one in chosen_providers() if one.name == name), None)


def _page(
    request: StaffRequest,
    one: ChosenProvider | None,
    form: ProviderForm | None,
    *,
    after: choosing.Limits | None = None,
    status: int = 200,
) -> HttpResponse:
    at = clock.real_now()
    every = chosen_providers()
    health = {each.name: each for each in provider_health(at)}
    costs = {each.provider: each for each in provider_costs(since=at - timedelta(days=DAYS))}
    others_on = any(each.is_on for each in every if one and each.name != one.name)
    context = {
        "rows": [_row(each, health[each.name], costs.get(each.name)) for each in every],
        "missing": [
            (_name(name), variable)
            for name, variable in settings.PROVIDER_VARIABLES.items()
            if name not in health
        ],
        "is_demo": settings.DEMO,
        "days": DAYS,
        "chosen": one,
        "name": _name(one.name) if one else "",
        "form": form,
        "changes": _changes(choosing.limits_of(one), after) if one and after else None,
        "goes_off": bool(one and after and one.is_on and not after.is_on),
        "others_on": others_on,
        "under_way": health[one.name].under_way if one else 0,
    }
    return render(request, "desk/generators.html", context, status=status)


def _row(one: ChosenProvider, health: ProviderHealth, cost: Any) -> dict[str, Any]:
    """One line; money is in US dollars."""
    return {
        "one": one,
        "name": _name(one.name),
        "model": health.model.id,
        "status": _CLOSED[health.closed.why] if health.closed else _("On"),
        "spent": Decimal(health.spent_micros) / _MICROS,
        "budget": Decimal(one.budget_cents) / _CENTS,
        "under_way": health.under_way,
        "last": health.last,
        "cost": Decimal(cost.cost_micros if cost else 0) / _MICROS,
        "credits": cost.credits if cost else 0,
    }


def _changes(before: choosing.Limits, after: choosing.Limits) -> list[tuple[str, str, str]]:
    """What differs: its label, how it is, and how it will be."""
    labels = {
        _("On"): (_yes(before.is_on), _yes(after.is_on)),
        _("Place in the order"): (str(before.place), str(after.place)),
        _("Daily budget (USD)"): (_dollars(before), _dollars(after)),
        _("Requests at once"): (str(before.concurrency), str(after.concurrency)),
    }
    return [(label, old, new) for label, (old, new) in labels.items() if old != new]


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")


def _dollars(limits: choosing.Limits) -> str:
    return f"{Decimal(limits.budget_cents) / _CENTS:.2f}"


def _name(provider: str) -> str:
    return PROVIDER_NAMES.get(provider, provider)

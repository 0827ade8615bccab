"""Prices: what is on sale and from when, and publishing another price of a product."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.rights import Act
from jewelrymodel.catalog import operations, queries
from jewelrymodel.catalog.models import ProductVersion
from jewelrymodel.infra import clock
from jewelrymodel.infra.formats import money
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.money import minor_digits, to_minor
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.rules import charge_limits, payable
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.incident_forms import InstantField
from jewelrymodel.web.desk.setting_forms import ReasonForm
from jewelrymodel.web.form_addresses import form_of


class PriceForm(ReasonForm):
    """Another price or number of credits of one product, from when, and why."""

    sku = forms.ChoiceField(label=gettext_lazy("Product"))
    price = forms.DecimalField(
        label=gettext_lazy("Price"), min_value=Decimal("0.01"), max_digits=9, decimal_places=2
    )
    quantity = forms.IntegerField(label=gettext_lazy("Credits"), min_value=1, max_value=1_000_000)
    effective_from_at = InstantField(
        label=gettext_lazy("Valid from (UTC)"),
        required=False,
        help_text=gettext_lazy("Empty: from now on."),
    )
    field_order = ("sku", "price", "quantity", "effective_from_at", "reason", "sure")

    def __init__(self, posted: QueryDict | None = None, *, on_sale: list[ProductVersion]) -> None:
        super().__init__(posted)
        self.products = {one.sku: one for one in on_sale}
        choices = [(one.sku, f"{one.name} ({one.currency})") for one in on_sale]
        self.fields["sku"].choices = choices  # type: ignore[attr-defined]  # a choice field
        if posted is not None and posted.get("do") == "preview":
            self.fields["sure"].required = self.fields["reason"].required = False

    def clean(self) -> dict[str, Any]:
        """Add the price in minor units of the product's currency."""
        data = super().clean() or {}
        product = self.products.get(data.get("sku", ""))
        if product is not None and "price" in data:
            data["price_minor"] = to_minor(data["price"], product.currency)
            self._check_limits(data["price_minor"], product.currency)
        return data

    def _check_limits(self, price_minor: int, currency: str) -> None:
        """Refuse what the processor can't charge, before anybody meets it at the checkout."""
        limits = charge_limits(currency)
        if not limits.least_minor <= price_minor <= limits.most_minor:
            words = _("The payment processor charges from %(least)s to %(most)s.")
            least, most = (money(one, currency) for one in (limits.least_minor, limits.most_minor))
            self.add_error("price", words % {"least": least, "most": most})
        elif not payable(price_minor, currency):
            self.add_error("price", _("The payment processor can’t charge that amount."))


@require_safe
@for_staff(Act.PRICES)
def index(request: StaffRequest) -> HttpResponse:
    """Show what is on sale and what is to come, with the form for another price."""
    return _page(request, None)


@for_staff(Act.PRICES)
@form_of("desk_prices")
def change(request: StaffRequest) -> HttpResponse:
    """Show how another price will look on the pricing page, or publish it."""
    now = clock.now()
    form = PriceForm(request.POST, on_sale=queries.products_on_sale(now))
    if not form.is_valid():
        return _page(request, form, status=422)
    data = form.cleaned_data
    if request.POST.get("do") == "preview":
        return _page(request, form, preview=_preview(form))
    try:
        version = operations.change_price(
            sku=data["sku"],
            price_minor=data["price_minor"],
            quantity=data["quantity"],
            effective_from_at=data["effective_from_at"] or now,
            actor=Actor.user(request.user.pk),
            reason=data["reason"],
            now=now,
        )
    except operations.Backdated:
        form.add_error("effective_from_at", _("A price can’t begin in the past."))
    except operations.VersionTooEarly:
        form.add_error("effective_from_at", _("Another price begins then or later."))
    else:
        messages.success(request, _("Published: %(name)s.") % {"name": version.name})
        return redirect("desk_prices")
    return _page(request, form, status=422)


def _preview(form: PriceForm) -> ProductVersion:
    """The product as the pricing page will offer it; nothing is stored."""
    product, data = form.products[form.cleaned_data["sku"]], form.cleaned_data
    product.price_minor, product.credits = data["price_minor"], data["quantity"]
    return product


def _page(
    request: StaffRequest,
    form: PriceForm | None,
    *,
    preview: ProductVersion | None = None,
    status: int = 200,
) -> HttpResponse:
    now: datetime = clock.now()
    on_sale = queries.products_on_sale(now)
    context = {
        "form": form or PriceForm(on_sale=on_sale),
        "on_sale": on_sale,
        "to_come": queries.products_to_come(now),
        "preview": preview,
        "refused": payments.offers_not_chargeable(now=now),
        "digits": {one.currency: minor_digits(one.currency) for one in on_sale},
    }
    return render(request, "desk/prices.html", context, status=status)

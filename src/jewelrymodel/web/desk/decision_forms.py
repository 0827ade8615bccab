"""What an agent fills in to decide a request: as recommended, with another remedy, or declined."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jewelrymodel.kernel.money import minor_digits, to_minor
from jewelrymodel.policy.decision import REFUNDS, RemedyKind
from jewelrymodel.remedies.assessments import Chosen
from jewelrymodel.web.fields import WordsField

REMEDY_LABELS = {
    RemedyKind.RESTORED_CREDITS: _("Restored credits (8.1)"),
    RemedyKind.REPLACEMENT_CREDITS: _("Replacement credits (8.2)"),
    RemedyKind.ACCESS_CORRECTION: _("Access correction (8.3)"),
    RemedyKind.PARTIAL_REFUND: _("Partial refund (8.4)"),
    RemedyKind.FULL_REFUND: _("Full refund (8.5)"),
    RemedyKind.OTHER: _("Other correction (8.6)"),
}
_KINDS = [
    ("", _("Choose a remedy")),
    *((kind.value, label) for kind, label in REMEDY_LABELS.items()),
]
_CREDITS = (RemedyKind.RESTORED_CREDITS, RemedyKind.REPLACEMENT_CREDITS)


@dataclass(frozen=True)
class RefundLimit:
    """What a decision can refund of the charge; *why_no_refund* where that is nothing.

    *is_corrected_by_hand*: what is recommended is another correction, which only people make.
    """

    currency: str = ""
    refundable_minor: int = 0
    why_no_refund: str = ""
    is_corrected_by_hand: bool = False


def _reason_field() -> WordsField:
    return WordsField(
        label=_("Reason"),
        help_text=_("The customer reads this."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=2000,
    )


class _DecisionForm(forms.Form):
    """What every decision needs: the facts it was made on, and that they were reviewed."""

    signature = forms.CharField(widget=forms.HiddenInput)
    read_up_to = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    reason = _reason_field()
    sure = forms.BooleanField(
        label=_("I have reviewed the facts above"),
        error_messages={"required": _("Confirm that you have reviewed the facts.")},
    )

    def __init__(self, *args: Any, limit: RefundLimit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limit = limit

    def clean_reason(self) -> str:
        """Return the reason; refuse an empty one where a person has to give one."""
        reason = str(self.cleaned_data["reason"])
        if self._needs_reason() and not reason.strip():
            raise forms.ValidationError(_("Enter a reason; the customer reads it."))
        return reason

    def _needs_reason(self) -> bool:
        return True

    def chosen(self) -> list[Chosen] | None:
        """Return the remedies: None as recommended, none at all for a decline."""
        raise NotImplementedError


class RecommendationForm(_DecisionForm):
    """Carry out what is recommended; what only people correct needs a reason."""

    def _needs_reason(self) -> bool:
        return self.limit.is_corrected_by_hand

    def chosen(self) -> list[Chosen] | None:
        """Return None: what the policy recommends."""
        return None


class DeclineForm(_DecisionForm):
    """Decline the request, with a reason."""

    def chosen(self) -> list[Chosen] | None:
        """Return no remedy."""
        return []


class RemedyForm(_DecisionForm):
    """Another remedy than the recommended one, with its amount and a reason."""

    kind = forms.ChoiceField(
        label=_("Remedy"),
        choices=_KINDS,
        error_messages={"required": _("Choose a remedy.")},
    )
    amount = forms.DecimalField(
        label=_("Amount"),
        help_text=_("Whole credits, or money such as 12.50. A full refund is all that’s left."),
        min_value=0,
        max_digits=10,
        decimal_places=2,
        required=False,
        error_messages={
            "min_value": _("Enter an amount above 0."),
            "invalid": _("Enter a number."),
        },
    )
    revokes_credits = forms.BooleanField(
        label=_("Revoke the unused credits of this order"),
        help_text=_("A full refund always revokes them."),
        required=False,
    )
    field_order = ("signature", "kind", "amount", "revokes_credits", "reason", "sure")
    size = 0
    """What was cleaned from the amount: minor units, or whole credits."""

    def clean(self) -> dict[str, Any]:
        """A remedy needs its amount."""
        data = super().clean() or {}
        if data.get("kind") and "amount" in data:
            self._clean_size(RemedyKind(data["kind"]), data["amount"] or Decimal())
        return data

    def _clean_size(self, kind: RemedyKind, amount: Decimal) -> None:
        """Money in minor units of the charge's currency, or whole credits."""
        if kind not in (*REFUNDS, *_CREDITS):
            return
        if kind in REFUNDS and self.limit.why_no_refund:
            self.add_error("kind", self.limit.why_no_refund)
        elif kind is RemedyKind.FULL_REFUND:
            self._clean_full_refund(amount)
        elif not amount:
            self.add_error("amount", _("Enter an amount."))
        else:
            try:
                is_money = kind in REFUNDS
                self.size = to_minor(amount, self.limit.currency) if is_money else _whole(amount)
            except ValueError:
                self.add_error("amount", _("Enter whole credits, or an amount in whole cents."))

    def _clean_full_refund(self, amount: Decimal) -> None:
        """A full refund is all that is left; another amount beside it is a slip."""
        full = Decimal(self.limit.refundable_minor).scaleb(-minor_digits(self.limit.currency))
        if amount not in (0, full):
            refusal = _("A full refund is %(full)s. For another amount, choose a partial refund.")
            self.add_error("amount", refusal % {"full": full})
        self.size = self.limit.refundable_minor

    def chosen(self) -> list[Chosen] | None:
        """Return the one remedy that was chosen."""
        data = self.cleaned_data
        kind = RemedyKind(data["kind"])
        if kind in REFUNDS:
            currency, back = self.limit.currency, data["revokes_credits"]
            return [Chosen(kind, amount_minor=self.size, currency=currency, revokes_credits=back)]
        return [Chosen(kind, credits=self.size)]


def _whole(amount: Decimal) -> int:
    if amount != amount.to_integral_value():
        raise ValueError(amount)
    return int(amount)


class SecondApprovalForm(forms.Form):
    """Why a decision that waits for second approval is approved or rejected."""

    reason = WordsField(
        label=_("Reason (internal)"),
        max_length=200,
        error_messages={"required": _("Enter a reason: what you checked, or what is wrong.")},
    )

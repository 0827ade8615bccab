"""What an agent fills in: choices of remedy, words to the customer, what a case is about."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jewelrymodel.kernel.money import minor_digits, to_minor
from jewelrymodel.policy.decisions import REFUNDS, RemedyKind
from jewelrymodel.remedies.assessments import Chosen, Subject, SubjectKind
from jewelrymodel.support import queries, rules
from jewelrymodel.support.categories import Ground
from jewelrymodel.support.statuses import ReviewAct
from jewelrymodel.web.fields import WordsField

_KINDS = [
    ("", _("No remedy")),
    (RemedyKind.RESTORED_CREDITS.value, _("Restored credits (8.1)")),
    (RemedyKind.REPLACEMENT_CREDITS.value, _("Replacement credits (8.2)")),
    (RemedyKind.ACCESS_CORRECTION.value, _("Access correction (8.3)")),
    (RemedyKind.PARTIAL_REFUND.value, _("Partial refund (8.4)")),
    (RemedyKind.FULL_REFUND.value, _("Full refund (8.5)")),
    (RemedyKind.OTHER.value, _("Another correction (8.6)")),
]
_CREDITS = (RemedyKind.RESTORED_CREDITS, RemedyKind.REPLACEMENT_CREDITS)


@dataclass(frozen=True)
class Charged:
    """What a decision can give of the charge; *why_no_refund* where that is nothing.

    *is_corrected_by_hand*: what is recommended is another correction, which nobody but people do.
    """

    currency: str = ""
    refundable_minor: int = 0
    why_no_refund: str = ""
    is_corrected_by_hand: bool = False


class DecideForm(forms.Form):
    """What is decided: as recommended, changed, or denied; the last two with a reason."""

    do = forms.ChoiceField(choices=[(one, one) for one in ("recommended", "changed", "denied")])
    signature = forms.CharField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Remedy"), choices=_KINDS, required=False)
    amount = forms.DecimalField(
        label=_("How much"),
        help_text=_("Whole credits, or money as it is written: 12.50. A full refund is all of it."),
        min_value=0,
        max_digits=10,
        decimal_places=2,
        required=False,
        error_messages={
            "min_value": _("Write an amount above 0."),
            "invalid": _("Write a number."),
        },
    )
    reason = WordsField(
        label=_("Reason, as the customer reads it"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=2000,
    )
    takes_back = forms.BooleanField(
        label=_("Take the credits that are left back with it"),
        help_text=_("A full refund always does."),
        required=False,
    )
    size = 0
    """What was cleaned from the amount: minor units, or whole credits."""
    sure = forms.BooleanField(
        label=_("I have looked at the facts above"),
        error_messages={"required": _("Tick that you have looked at the facts.")},
    )

    def __init__(self, *args: Any, charged: Charged, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.charged = charged
        self.currency = charged.currency

    def clean(self) -> dict[str, Any]:
        """A change needs a remedy with its amount; what people alone do needs a reason."""
        data = super().clean() or {}
        done = data.get("do")
        if not str(data.get("reason", "")).strip():
            if done in ("changed", "denied"):
                self.add_error("reason", _("Say why; the customer reads it."))
            elif self.charged.is_corrected_by_hand:
                self.add_error("reason", _("Say what was corrected; the customer reads it."))
        if done == "changed" and not data.get("kind"):
            self.add_error("kind", _("Choose the remedy."))
        if done == "changed" and data.get("kind") and "amount" in data:
            self._clean_size(RemedyKind(data["kind"]), data["amount"] or Decimal())
        return data

    def _clean_size(self, kind: RemedyKind, amount: Decimal) -> None:
        """Money in minor units of the charge's currency, or whole credits."""
        if kind not in (*REFUNDS, *_CREDITS):
            return
        if kind in REFUNDS and self.charged.why_no_refund:
            self.add_error("kind", self.charged.why_no_refund)
        elif kind is RemedyKind.FULL_REFUND:
            self._clean_all(amount)
        elif not amount:
            self.add_error("amount", _("Say how much."))
        else:
            try:
                money = kind in REFUNDS
                self.size = to_minor(amount, self.currency) if money else _whole(amount)
            except ValueError:
                self.add_error("amount", _("This can't be divided so: whole credits, or cents."))

    def _clean_all(self, amount: Decimal) -> None:
        """A full refund is all that is left; another amount beside it is a slip."""
        all_of_it = Decimal(self.charged.refundable_minor).scaleb(-minor_digits(self.currency))
        if amount not in (0, all_of_it):
            told = _("A full refund is %(all)s. For another amount choose a partial refund.")
            self.add_error("amount", told % {"all": all_of_it})
        self.size = self.charged.refundable_minor

    def chosen(self) -> list[Chosen] | None:
        """Return the remedies: None as recommended, none at all for a denial."""
        data = self.cleaned_data
        if data["do"] == "recommended":
            return None
        if data["do"] == "denied":
            return []
        kind = RemedyKind(data["kind"])
        if kind in REFUNDS:
            back = self.cleaned_data["takes_back"]
            return [Chosen(kind, amount_minor=self.size, currency=self.currency, takes_back=back)]
        return [Chosen(kind, credits=self.size)]


def _whole(amount: Decimal) -> int:
    if amount != amount.to_integral_value():
        raise ValueError(amount)
    return int(amount)


class SayForm(forms.Form):
    """Words in a case: to the customer, to colleagues, or for the clock."""

    do = forms.ChoiceField(
        label=_("What to do"),
        choices=[
            ("answer", _("Answer; the clock runs on")),
            ("ask", _("Ask for what is missing (7.1–7.5); the clock stops")),
            ("extend", _("Extend with a reason (7.7)")),
            ("note", _("Note for colleagues")),
            ("close", _("Close, and tell the customer why")),
            ("discard", _("Close without a word: spam, or nobody's")),
        ],
    )
    text = WordsField(
        label=_("Words"),
        help_text=_("A note, and why you close without a word, only colleagues read."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write some words first.")},
    )
    until = forms.DateField(
        label=_("Next update by (only to extend)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def clean(self) -> dict[str, Any]:
        """An extension needs its day."""
        data = super().clean() or {}
        if data.get("do") == "extend" and not data.get("until") and "until" not in self.errors:
            self.add_error("until", gettext("Choose the day of the next update."))
        return data

    def until_at(self) -> datetime:
        """Return the promised update: close of business on the day that was named."""
        return datetime.combine(self.cleaned_data["until"], rules.CLOSES, rules.ZONE)


class SortForm(forms.Form):
    """What a case is about, corrected; records prove an error (6.4)."""

    ground = forms.ChoiceField(label=_("Ground"), choices=Ground.choices)
    about = WordsField(
        label=_("Order or job"),
        help_text=_("An order's number or id, or a job's id; empty: the account itself."),
        required=False,
        max_length=60,
    )
    records = forms.CharField(
        label=_("Records that show an error, one per line"),
        help_text=_(
            "Ids of this account's orders, charges, refunds, jobs, disputes, decisions. For a "
            "duplicate: the earlier order that it repeats."
        ),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, account_id: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account_id = account_id

    def clean_about(self) -> Subject:
        """Return what it is about; refuse what isn't the account's."""
        text = self.cleaned_data["about"].strip()
        if not text:
            return Subject(SubjectKind.ACCOUNT, "")
        kind, _, found = self._named(text).partition(":")
        if kind not in (SubjectKind.ORDER, SubjectKind.TASK):
            raise forms.ValidationError(gettext("Name an order or a job of this account."))
        return Subject(SubjectKind(kind), found)

    def clean_records(self) -> tuple[str, ...]:
        """Return the records, each as facts name it; refuse a line that is none."""
        lines = [line.strip() for line in self.cleaned_data["records"].splitlines()]
        return tuple(self._named(line) for line in lines if line)

    def _named(self, text: str) -> str:
        if not self.account_id:
            raise forms.ValidationError(
                gettext("There is no account yet whose record it could be.")
            )
        found = queries.record_named(account_id=self.account_id, text=text)
        if not found:
            told = gettext("%(text)s is no record of this account.") % {"text": text}
            raise forms.ValidationError(told)
        return found


class DismissForm(forms.Form):
    """Why a mail in quarantine is put aside."""

    reason = WordsField(label=_("Why"), max_length=200)


class ReviewForm(forms.Form):
    """What is done with a held order, and why."""

    do = forms.ChoiceField(
        label=_("What to do"),
        choices=[
            (ReviewAct.DELIVER, _("Deliver it for what was charged")),
            (ReviewAct.REFUND, _("Refund what is left of the charge, and close it")),
            (ReviewAct.CLOSE, _("Close it: no money of it is kept")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what to do.")},
    )
    signature = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = WordsField(
        label=_("Reason"),
        help_text=_("The customer reads it with a delivery or a refund."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": _("Say why.")},
    )
    sure = forms.BooleanField(
        label=_("I have looked at the charge at the payment processor"),
        error_messages={"required": _("Tick that you have looked at the charge.")},
    )


class MessageForm(forms.Form):
    """What is done with a message of the processor that could not be processed, and why."""

    do = forms.ChoiceField(choices=[(one, one) for one in ("retry", "dismiss")])
    reason = WordsField(
        label=_("Why"),
        max_length=200,
        error_messages={"required": _("Say why: what was mended, or why it needs nothing.")},
    )


class SecondForm(forms.Form):
    """What the second person says of a decision, and why."""

    do = forms.ChoiceField(choices=[(one, one) for one in ("release", "send_back")])
    reason = WordsField(
        label=_("Why; colleagues read it"),
        max_length=200,
        error_messages={"required": _("Say why: what you looked at, or what is wrong.")},
    )

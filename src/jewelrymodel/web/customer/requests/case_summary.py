"""What a customer reads of a decision: the facts of their case, by order and generation."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jewelrymodel.catalog.expiry_text import expiry_words
from jewelrymodel.generation import queries as generation
from jewelrymodel.infra import formats
from jewelrymodel.payments import queries as payments
from jewelrymodel.policy.facts import Value
from jewelrymodel.web.customer.requests.record_labels import generation_label, order_label
from jewelrymodel.web.decision_display import DecisionDisplay, FactRow

_INNER = ("limit.", "lookup.", "request.")
_GATE = "task.sound"
"""What our automatic check says of the images: shown where it speaks for the customer only."""
_CHECK_RECORD = "task.check_"
"""Its version and how often it is wrong: said in a sentence, with the decision."""
_OF_AN_ORDER = ("purchase.", "charge.", "lot.", "outage.", "period.")


@dataclass(frozen=True)
class RecordFacts:
    """An order or a generation with its page and facts; without a name, everything else."""

    name: str = ""
    url: str = ""
    facts: list[FactRow] = field(default_factory=list)


@dataclass(frozen=True)
class CaseSummary:
    """What our records show of an order for what was picked, and of a generation; and their facts.

    *remark* and *images* are whole sentences, empty where there is nothing to say.
    """

    remark: str
    images: str
    key_facts: list[RecordFacts]
    further_facts: list[RecordFacts]


def case_summary(shown: DecisionDisplay, *, account_id: str) -> CaseSummary:
    """Return what the account's own people read of a decision; the file keeps all of it."""
    values = {name: fact.value for name, fact in shown.decision.facts.items()}
    left_out = (*_INNER, _CHECK_RECORD, *([_GATE] if values.get(_GATE) else []))
    key_facts = [one for one in shown.key_facts if not one.name.startswith(left_out)]
    names = {one.name for one in key_facts}
    further = [
        one for one in shown.facts if one.name not in names and not one.name.startswith(left_out)
    ]
    order, task = (_ids(shown, kind) for kind in ("order", "task"))
    about = (_order(order, account_id), _generation(task, account_id))
    return CaseSummary(
        remark=_remark(values),
        images=_images(values),
        key_facts=_by_record(key_facts, *about),
        further_facts=_by_record(further, *about),
    )


def _ids(shown: DecisionDisplay, kind: str) -> set[str]:
    return {each.id for one in shown.facts for each in one.records if each.kind == kind}


def _order(ids: set[str], account_id: str) -> tuple[str, str]:
    for one in payments.orders_named(account_id=account_id, order_ids=ids).values():
        return order_label(one), reverse("order", args=[one.pk])
    return "", ""


def _generation(ids: set[str], account_id: str) -> tuple[str, str]:
    for one in generation.tasks(account_id=account_id).filter(pk__in=ids):
        return generation_label(one), reverse("task", args=[one.pk])
    return "", ""


def _by_record(
    facts: Iterable[FactRow], order: tuple[str, str], task: tuple[str, str]
) -> list[RecordFacts]:
    """What is about the generation, about the order, then what is about neither."""
    of_order, of_task, other = RecordFacts(*order), RecordFacts(*task), RecordFacts()
    for one in facts:
        if one.name.startswith(_OF_AN_ORDER):
            of_order.facts.append(one)
        elif one.name.startswith("task."):
            of_task.facts.append(one)
        else:
            other.facts.append(one)
    return [one for one in (of_task, of_order, other) if one.facts]


def _images(values: dict[str, Value]) -> str:
    """How many images a finished generation delivered; what it didn't is free (edge 2)."""
    ordered, came = (int(values.get(f"task.{one}_images", 0)) for one in ("ordered", "delivered"))
    if values.get("task.status") != "succeeded" or values["task.owed_credits"] or not ordered:
        return ""
    n = ordered - came
    if n:
        words = ngettext(
            "%(n)s of %(ordered)s images was not delivered. You weren’t charged for it (5.3).",
            "%(n)s of %(ordered)s images were not delivered. You weren’t charged for them (5.3).",
            n,
        )
        return words % {"n": n, "ordered": ordered}
    if values["request.ground"] != "failed_task" or not values[_GATE]:
        return ""
    words = ngettext(
        "The image of this generation was delivered. If something is wrong with it, our team "
        "will take a look.",
        "All %(n)s images of this generation were delivered. If something is wrong with one, our "
        "team will take a look.",
        ordered,
    )
    return words % {"n": ordered}


def _remark(values: dict[str, Value]) -> str:
    """A sentence on what was picked, where our records have one to say of the order."""
    if "purchase.kind" not in values:
        return ""
    remarks = {
        "duplicate": _charges,
        "charged_after_cancel": _renewal,
        "expired": _expiry,
        "undelivered": _arrival,
    }
    remark = remarks.get(str(values.get("request.ground")))
    return remark(values) if remark else ""


def _charges(values: dict[str, Value]) -> str:
    n = int(values["purchase.charges"])
    if not n:
        return _("This order was not charged.")
    words = ngettext("This order was charged once.", "This order was charged %(n)s times.", n) % {
        "n": n
    }
    if back := int(values["purchase.returned_minor"]):
        amount = formats.money(back, str(values["charge.currency"]))
        refunded = _("%(amount)s of it was refunded.") % {"amount": amount}
    else:
        refunded = _("None of it was refunded.")
    return f"{words} {refunded}"


def _renewal(values: dict[str, Value]) -> str:
    if values["purchase.kind"] == "package":
        return _("This is a one-time credit pack; it does not renew.")
    if values["purchase.charged_after_cancel"]:
        return _("This billing period was charged after you canceled.")
    if not values["purchase.canceled"]:
        return _("This subscription is not canceled; it renews until you cancel it (3.1).")
    return _("This subscription is canceled; this billing period was charged before you canceled.")


def _expiry(values: dict[str, Value]) -> str:
    if values["lot.expires"] or not values["purchase.delivered"]:
        return ""
    n = int(values["lot.remaining_credits"])
    words = ngettext(
        "%(n)s credit of this order is left.", "%(n)s credits of this order are left.", n
    )
    return f"{expiry_words(renews=False, days=None)}. {words % {'n': n}}"


def _arrival(values: dict[str, Value]) -> str:
    if not values["purchase.delivered"]:
        return ""
    n = int(values["lot.granted_credits"])
    words = ngettext(
        "%(n)s credit of this order was added to your account.",
        "%(n)s credits of this order were added to your account.",
        n,
    )
    return words % {"n": n}

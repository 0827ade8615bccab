"""What a rule may know: the published schema of facts. A claim has no place in it (edge 14)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from jewelrymodel.kernel.translation import gettext_noop as _

Value = bool | int | str
LONGEST_TEXT = 100


class FactType(StrEnum):
    """What a fact's value is; an int carries its unit in the fact's name.

    A text names something, such as a version: it is kept and shown, and no rule reads it.
    """

    BOOL = "bool"
    INT = "int"
    ENUM = "enum"
    CURRENCY = "currency"
    TEXT = "text"


@dataclass(frozen=True)
class FactDef:
    """One entry of the schema; *values* is closed where the type is enum.

    *only_helps*: it is wrong sometimes, so nothing may be refused on its strength.
    """

    name: str
    type: FactType
    meaning: str
    values: tuple[str, ...] = ()
    only_helps: bool = False


@dataclass(frozen=True)
class Fact:
    """A value with where it comes from: the record, when it was read, and the record's hash."""

    value: Value
    record: str
    fetched_at: datetime
    sha256: str = ""


Facts = Mapping[str, Fact]


class FactsRefused(ValueError):
    """These facts don't fit the schema. The message names the fact and the mend."""


def _bools(**meanings: str) -> list[FactDef]:
    return [FactDef(_dotted(name), FactType.BOOL, text) for name, text in meanings.items()]


def _ints(**meanings: str) -> list[FactDef]:
    return [FactDef(_dotted(name), FactType.INT, text) for name, text in meanings.items()]


def _enum(name: str, meaning: str, values: str) -> FactDef:
    return FactDef(name, FactType.ENUM, meaning, tuple(values.split()))


def _dotted(name: str) -> str:
    return name.replace("__", ".")


_DEFINITIONS = [
    _enum(
        "request.ground",
        _("what the request is about, as selected (not proof by itself)"),
        "duplicate undelivered failed_task outage account_error charged_after_cancel unused "
        "expired stopped_using changed_mind other_package style pose interpretation campaign "
        "withdrawal other",
    ),
    *_ints(
        request__identity_level=_("identity of the sender: 0 unknown, 1 email, 2 link, 3 signed in")
    ),
    _enum("purchase.kind", _("what was bought (1.1)"), "package subscription unknown"),
    *_bools(
        purchase__paid=_("it was paid, and not fully refunded"),
        purchase__held=_("its payment doesn’t match the order, so our team has to review it"),
        purchase__delivered=_("the purchase was added to the account (2.2)"),
        purchase__first=_("it was the account’s first purchase"),
        purchase__canceled=_("the subscription was canceled"),
        purchase__charged_after_cancel=_("charged after it was canceled (3.2)"),
    ),
    *_ints(
        purchase__age_minutes=_("minutes from payment to request"),
        purchase__duplicate_overused_credits=_("credits used beyond the remaining purchase"),
        purchase__charges=_("number of charges"),
        purchase__returned_minor=_("refunded so far, of all its charges"),
    ),
    _enum(
        "purchase.duplicate", _("whether it duplicates another purchase"), "none suspected certain"
    ),
    _enum(
        "purchase.checkout_terms",
        _("additional terms shown at checkout (3.4)"),
        "none grants refuses unknown",
    ),
    _enum(
        "purchase.legal_class",
        _("how consumer law classifies it (2.1)"),
        "digital_content digital_service",
    ),
    _enum(
        "withdrawal.window",
        _("the days in which a consumer may withdraw by law"),
        "none open extended over",
    ),
    *_bools(
        withdrawal__renewal=_("it renews a subscription, which gives no new right to withdraw"),
        withdrawal__started_on_request=_("the buyer expressly asked us to start at once"),
        withdrawal__loss_acknowledged=_(
            "the buyer acknowledged when the right to withdraw is lost"
        ),
        withdrawal__confirmed=_("the receipt, with both statements, was emailed"),
    ),
    *_ints(
        charge__paid_minor=_("amount charged"),
        charge__refunded_minor=_("amount already refunded"),
        charge__lost_minor=_("amount returned through a lost dispute"),
        charge__refundable_minor=_("amount that can still be refunded"),
    ),
    _enum("charge.dispute", _("bank dispute"), "none inquiry open won lost unknown"),
    FactDef("charge.currency", FactType.CURRENCY, _("currency of all amounts")),
    *_ints(
        lot__granted_credits=_("credits granted by the purchase"),
        lot__remaining_credits=_("credits remaining from the purchase"),
        lot__used_credits=_("credits of the purchase already used"),
        lot__held_credits=_("credits of the purchase on hold for running generations"),
    ),
    *_bools(lot__expires=_("the purchase’s credits expire")),
    _enum(
        "task.status",
        _("status of the generation"),
        "none queued running succeeded failed canceled",
    ),
    *_ints(
        task__captured_credits=_("credits charged for the generation, less credits returned"),
        task__ordered_images=_("images requested"),
        task__delivered_images=_("images delivered, less those confirmed as visibly damaged"),
        task__damaged_images=_("images in which our team confirmed visible damage"),
        task__owed_credits=_(
            "credits charged for images not delivered or confirmed as damaged, or still on hold"
        ),
    ),
    FactDef(
        "task.sound",
        FactType.BOOL,
        _("our automatic check, which can miss flaws, found none in the images"),
        only_helps=True,
    ),
    FactDef("task.check_version", FactType.TEXT, _("version of the automatic check")),
    *_ints(
        task__check_planted_damages=_("damages that we planted to test this version of the check"),
        task__check_missed_damages=_("of these, damages that it missed"),
    ),
    *_ints(
        outage__minutes=_("minutes of outage in the billing period, not yet compensated"),
        period__minutes=_("minutes in the billing period"),
    ),
    *_bools(
        error__verified=_("our team linked records that show a payment or account error (6.4)"),
        account__closed=_("the account is closed"),
        history__decided_by_person=_("our team resolved a request about this before"),
    ),
    *_ints(
        account__refunds_before=_("earlier refunds on the account"),
        account__disputes_before=_("earlier disputes on the account"),
    ),
    *_bools(
        lookup__account_history=_("the account’s history was reviewed (6.6)"),
        lookup__payment_records=_("the payment records were reviewed (6.6)"),
        lookup__technical_logs=_("the technical logs were reviewed (6.6)"),
        lookup__law=_("the applicable law was reviewed (6.6)"),
    ),
    _enum("buyer.capacity", _("bought as a consumer or a business"), "consumer business unknown"),
    _enum("buyer.jurisdiction", _("jurisdiction whose law applies"), "EU EEA UK US US-CA AU other"),
    *_ints(
        limit__machine_minor=_("largest refund without a team member"),
        limit__second_person_minor=_("largest refund without a second approval"),
    ),
]

SCHEMA: dict[str, FactDef] = {one.name: one for one in _DEFINITIONS}


def checked(facts: Facts) -> Facts:
    """Return *facts* unchanged; raises FactsRefused for a name or value outside the schema."""
    for name, fact in facts.items():
        if name not in SCHEMA:
            raise FactsRefused(f"{name} is no fact; `jewelrymodel policy schema` lists them")
        if problem := misfit(SCHEMA[name], fact.value):
            raise FactsRefused(f"{name} {problem}")
        if fact.fetched_at.tzinfo is None:
            raise FactsRefused(f"{name} was fetched at an instant without a zone; add one")
    return facts


def misfit(definition: FactDef, value: object) -> str:
    """Return why *value* can't be this fact's value, in words; empty where it can."""
    match definition.type:
        case FactType.BOOL:
            return "" if type(value) is bool else f"is {value!r}; give true or false"
        case FactType.INT:
            fits = type(value) is int and value >= 0
            return "" if fits else f"is {value!r}; give a whole number, not below 0"
        case FactType.ENUM:
            known = ", ".join(definition.values)
            return "" if value in definition.values else f"is {value!r}; give one of {known}"
        case FactType.CURRENCY:
            fits = (
                isinstance(value, str) and len(value) == 3 and value.isalpha() and value.isupper()
            )
            return "" if fits else f"is {value!r}; give three capital letters"
        case _text:
            fits = isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT
            return "" if fits else f"is {value!r}; give 1 to {LONGEST_TEXT} characters"

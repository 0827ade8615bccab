"""What a rule may know: the published schema of facts. A claim has no place in it (edge 14)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Value = bool | int | str


class FactType(StrEnum):
    """What a fact's value is; an int carries its unit in the fact's name."""

    BOOL = "bool"
    INT = "int"
    ENUM = "enum"
    CURRENCY = "currency"


@dataclass(frozen=True)
class FactDef:
    """One entry of the schema; *values* is closed where the type is enum.

    *only_helps*: how often it is wrong isn't known, so nothing may be refused on its strength.
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
        "what the request is about, as picked (it makes no ground true)",
        "duplicate undelivered failed_task outage account_error charged_after_cancel unused "
        "expired stopped_using changed_mind other_package style pose interpretation campaign other",
    ),
    *_ints(
        request__identity_level="how far the sender is known: 0 not, 1 mail, 2 link, 3 signed in"
    ),
    _enum("purchase.kind", "what was bought (1.1)", "package subscription unknown"),
    *_bools(
        purchase__paid="the money was paid, and not all of it went back",
        purchase__held="its payment doesn't agree with it, so a person has to look at it",
        purchase__delivered="what was bought is in the account (2.2)",
        purchase__first="the account bought nothing before it",
        purchase__canceled="the subscription was canceled",
        purchase__charged_after_cancel="charged although canceled before (3.2)",
    ),
    *_ints(
        purchase__age_minutes="minutes from payment to request",
        purchase__duplicate_overused_credits="used beyond what the surviving purchase held",
        purchase__charges="how often it was charged",
        purchase__returned_minor="what came back of everything that was charged for it",
    ),
    _enum("purchase.duplicate", "whether it repeats another purchase", "none suspected certain"),
    _enum(
        "purchase.checkout_terms",
        "what its checkout page added (3.4)",
        "none grants refuses unknown",
    ),
    _enum(
        "purchase.legal_class",
        "what consumer law takes it for (2.1)",
        "digital_content digital_service",
    ),
    *_ints(
        charge__paid_minor="what was charged",
        charge__refunded_minor="what came back already",
        charge__lost_minor="what a lost dispute took",
        charge__refundable_minor="what the processor says can still be refunded",
    ),
    _enum("charge.dispute", "the bank's dispute", "none inquiry open won lost unknown"),
    FactDef("charge.currency", FactType.CURRENCY, "the currency of every amount"),
    *_ints(
        lot__granted_credits="credits that the purchase brought",
        lot__remaining_credits="credits of the purchase that are left",
        lot__used_credits="credits of the purchase that were spent",
        lot__held_credits="credits of the purchase that running jobs hold",
    ),
    *_bools(lot__expires="credits of the purchase expire"),
    _enum("task.status", "how far a job got", "none queued running succeeded failed canceled"),
    *_ints(
        task__captured_credits="credits that the job cost, less what was given back for it",
        task__ordered_images="images that were ordered",
        task__delivered_images="images that can be fetched",
        task__owed_credits="taken for what was not delivered, or held though the job ended",
    ),
    FactDef(
        "task.sound",
        FactType.BOOL,
        "an automatic check, which can miss faults, found none in the images",
        only_helps=True,
    ),
    *_ints(
        outage__minutes="minutes of outage within the paid period, not yet made good",
        period__minutes="minutes of the paid period",
    ),
    *_bools(
        error__verified="a person linked the records that show a payment or account error (6.4)",
        account__closed="the account is closed",
        history__decided_by_person="a person has put this order or job right before",
    ),
    *_ints(
        account__refunds_before="refunds that the account had",
        account__disputes_before="disputes that the account had",
    ),
    *_bools(
        lookup__account_history="the account's history was looked at (6.6)",
        lookup__payment_records="the payment records were looked at (6.6)",
        lookup__technical_logs="the technical logs were looked at (6.6)",
        lookup__law="the applicable law was looked at (6.6)",
    ),
    _enum("buyer.capacity", "in which capacity it was bought", "consumer business unknown"),
    _enum("buyer.jurisdiction", "whose law applies", "EU EEA UK US US-CA AU other"),
    *_ints(
        limit__machine_minor="up to here a machine may refund alone",
        limit__second_person_minor="above this, two people decide",
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
        case _currency:
            fits = (
                isinstance(value, str) and len(value) == 3 and value.isalpha() and value.isupper()
            )
            return "" if fits else f"is {value!r}; give three capital letters"

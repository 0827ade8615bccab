"""A decision as pages show it: what we see, what the policy says, what happens now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jewelrymodel.catalog import law, terms
from jewelrymodel.generation.statuses import TaskStatus
from jewelrymodel.infra import formats
from jewelrymodel.policy.amounts import FORMULAS
from jewelrymodel.policy.decision import (
    CLAUSE_OF_REMEDY,
    Decision,
    Draft,
    Outcome,
    Question,
)
from jewelrymodel.policy.explanation import describe
from jewelrymodel.policy.facts import SCHEMA, Fact, FactType, Value
from jewelrymodel.policy.rulebook import Effect
from jewelrymodel.remedies.queries import check_words

_QUIET = ("limit.", "lookup.", "request.")
_ALWAYS = "task."
"""What is about the task that was asked about is told, whatever rule read it."""
_OUTAGE = "outage.minutes"
_UNLESS_NONE = (
    "charge.dispute",
    "charge.refunded_minor",
    "charge.lost_minor",
    "history.decided_by_person",
    "task.damaged_images",
)
"""What has happened since is told where something has."""
_BUYER = "buyer."
_VALUES: dict[Value, object] = {
    "none": gettext_lazy("none"),
    "unknown": gettext_lazy("unknown"),
    "other": gettext_lazy("other"),
    "package": gettext_lazy("credit pack"),
    "subscription": gettext_lazy("subscription"),
    "suspected": gettext_lazy("suspected"),
    "certain": gettext_lazy("confirmed"),
    "grants": gettext_lazy("in your favor"),
    "refuses": gettext_lazy("against a refund"),
    "digital_content": gettext_lazy("digital content"),
    "digital_service": gettext_lazy("digital service"),
    "inquiry": gettext_lazy("inquiry"),
    "open": gettext_lazy("open"),
    "extended": gettext_lazy("extended"),
    "over": gettext_lazy("over"),
    "won": gettext_lazy("decided for us"),
    "lost": gettext_lazy("decided for the cardholder"),
    "consumer": gettext_lazy("consumer"),
    "business": gettext_lazy("business"),
}
"""What the value of a fact means; numbers, currencies and jurisdictions are read as they are."""


@dataclass(frozen=True)
class Record:
    """Where a fact was read; without an id it is a kind of record and not one of them."""

    kind: str
    id: str


@dataclass(frozen=True)
class FactRow:
    """One fact in words, with the records that it comes from."""

    name: str
    meaning: str
    value: str
    records: tuple[Record, ...]
    fetched_at: object
    sha256: str


@dataclass(frozen=True)
class CitedClause:
    """A clause with its sentence, and where it is read."""

    clause: str
    prose: str
    edition_on: date
    is_law: bool = False

    @property
    def url(self) -> str:
        """Where the policy's page has it, or the page about withdrawing a row of the law."""
        if self.is_law:
            return f"{reverse('withdraw')}#law-{self.clause}"
        return f"{reverse('refund-policy-edition', args=[self.edition_on])}#clause-{self.clause}"


class DecisionDisplay:
    """A decision with everything that a page needs to show of it."""

    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        self.settles = decision.outcome in (Outcome.APPROVE, Outcome.RESTORE)
        self.asks = decision.outcome is Outcome.ASK
        self.leans_to_no = decision.draft is Draft.DENIAL
        self.nothing_left = bool(decision.remedies) and not any(
            one.amount_minor or one.credits or FORMULAS[one.formula].unit == "none"
            for one in decision.remedies
        )
        self.leans_to_yes = decision.draft is Draft.APPROVAL and not self.nothing_left
        self.remedies = [describe(one, _) for one in decision.remedies]
        self.questions = [Question(one.about, _(one.text)) for one in decision.questions]
        values = {name: one.value for name, one in decision.facts.items()}
        currency = str(values.get("charge.currency", ""))
        self.facts = [
            fact_row(name, decision.facts[name], currency)
            for name in SCHEMA
            if name in decision.facts
        ]
        used = {name for one in decision.held for name in one.reads}
        self.key_facts = [one for one in self.facts if _is_key(one.name, values, used)]
        self.law_may_help = _asks_the_law(decision)
        self.cost_nothing = _cost_nothing(decision)
        self.clauses = _cited(decision)
        self.check = check_words(decision)


def fact_row(name: str, fact: Fact, currency: str) -> FactRow:
    """Return one fact in words; an amount is in *currency*, which may be unknown."""
    return FactRow(
        name=name,
        meaning=_(SCHEMA[name].meaning),
        value=_value(name, fact, currency),
        records=tuple(_record(one) for one in fact.record.split(",")),
        fetched_at=fact.fetched_at,
        sha256=fact.sha256,
    )


def _record(text: str) -> Record:
    kind, _colon, record_id = text.partition(":")
    return Record(kind, "" if record_id == "none" else record_id)


def _is_key(name: str, values: Mapping[str, Value], used: set[str]) -> bool:
    if name in _UNLESS_NONE:
        return values[name] not in (0, False, "none")
    if name == "task.sound" and not values.get("task.delivered_images"):
        return False  # of no image nothing can be said
    if name == _OUTAGE and (values[name] or values.get("request.ground") == "outage"):
        return True
    return (name in used and not name.startswith(_QUIET)) or name.startswith(_ALWAYS)


def _asks_the_law(decision: Decision) -> bool:
    """Whether a rule leaves it to a person because of who bought, or where they live."""
    return any(
        one.effect == Effect.PERSON and any(name.startswith(_BUYER) for name in one.reads)
        for one in decision.held
    )


def _cost_nothing(decision: Decision) -> bool:
    """Whether it is about a task that ended, took nothing, and holds nothing any more (5.3)."""
    known = {name: fact.value for name, fact in decision.facts.items()}
    ended = known.get("task.status") in ("succeeded", "failed", "canceled")
    return ended and known["task.captured_credits"] == known["task.owed_credits"] == 0


def _value(name: str, fact: Fact, currency: str) -> str:
    if SCHEMA[name].type is FactType.BOOL:
        return _("yes") if fact.value else _("no")
    if name.endswith("_minor") and isinstance(fact.value, int):
        if not currency:
            return formats.number(fact.value / 100, 2)
        return formats.money(fact.value, currency)
    if name == "task.status" and fact.value in TaskStatus.values:
        return str(TaskStatus(fact.value).label)
    return str(_VALUES.get(fact.value, str(fact.value).replace("_", " ")))


def _cited(decision: Decision) -> list[CitedClause]:
    substance = decision.editions[0]
    edition = next((one for one in terms.editions() if one.sha256 == substance.sha256), None)
    remedies = set(CLAUSE_OF_REMEDY.values())
    file = law.law_of(decision)
    of_law = {row.id: row.text for row in file.rows} if file else {}
    rows = [
        CitedClause(one, of_law[one], substance.date, is_law=True)
        if one in of_law
        else CitedClause(one, edition.prose_of(one) if edition else "", substance.date)
        for one in decision.cites
    ]
    return sorted(rows, key=lambda row: row.clause in remedies)

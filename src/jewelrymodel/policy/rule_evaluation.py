"""The calculus: facts and editions in, one decision out. Pure and deterministic.

Layers, strongest last: base finality, negatives, reviewable grounds, accepted checkout terms,
mandatory law (shared design "the policy that runs"). A machine never denies: what would be a denial
is drafted for a person.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from jewelrymodel.policy import editions_in_force, explanation
from jewelrymodel.policy.amounts import FORMULAS, amounts_of, remaining
from jewelrymodel.policy.decision import (
    CLAUSE_OF_REMEDY,
    REFUNDS,
    Decision,
    Defeat,
    Draft,
    EditionRef,
    Held,
    Outcome,
    PromiseRef,
    Question,
    Remedy,
    RemedyKind,
    WhyNot,
    family,
)
from jewelrymodel.policy.edition import Edition
from jewelrymodel.policy.facts import Facts, Value, checked
from jewelrymodel.policy.law import ROLE, LawFile, law_in_force, with_law
from jewelrymodel.policy.rulebook import GIVING, REFUSING, Effect, Layer, Rule

LOOKUPS = (
    "lookup.account_history",
    "lookup.payment_records",
    "lookup.technical_logs",
    "lookup.law",
)
_PROMISED = "3.4"
"""What a decision cites where a promise gives more than the policy: the checkout's own terms."""
_OF_A_PERIOD = ("outage.", "period.")
"""Facts that only a paid period has (edge 10): of a package nobody can tell them."""
_RANK = {Outcome.PERSON: 0, Outcome.ASK: 1, Outcome.RESTORE: 2, Outcome.APPROVE: 2}


def decide(
    facts: Facts,
    editions: Sequence[Edition],
    *,
    purchased_at: datetime | None,
    requested_at: datetime,
    pinned_on: date | None = None,
    pinned_sha256: str = "",
    promised: Sequence[PromiseRef] = (),
    laws: Sequence[LawFile] = (),
) -> Decision:
    """Return the decision under the edition that governs.

    Substance by the edition that the purchase *pinned_on* it, whose text has to be the one that it
    recorded (*pinned_sha256*), else the one in force then; a later one counts where it reaches back
    and is better for the customer, and so does the edition by which something was *promised* before
    (3.4); procedure by the edition at the request (edge 11). Beside each stand the rules of the
    file of mandatory law among *laws* that was in force at the request. Raises FactsRefused,
    NoEdition and PinnedTextDiffers.
    """
    values = {name: fact.value for name, fact in checked(facts).items()}
    procedure = editions_in_force.in_force(editions, requested_at)
    substance = (
        editions_in_force.of_day(editions, pinned_on, pinned_sha256)
        if pinned_on
        else editions_in_force.in_force(editions, purchased_at or requested_at)
    )
    later = [
        one for one in editions if substance.date < one.date <= procedure.date and one.reaches_back
    ]
    governing = (substance, *sorted(later, key=lambda one: one.date))
    others = _promising(promised, editions, but=governing)
    ground = str(values.get("request.ground", "other"))
    law = law_in_force(laws, ground=ground, requested_at=requested_at)
    tried = [_Evaluation.under(with_law(one, law), values) for one in (*governing, *others)]
    best = max(tried, key=lambda one: one.worth())  # of equals, the first
    by_promise = (_PROMISED,) if any(best.edition.sha256 == one.sha256 for one in others) else ()
    refs = (
        EditionRef(best.edition.date, best.edition.sha256, "substance"),
        EditionRef(procedure.date, procedure.sha256, "procedure"),
        *([EditionRef(law.date, law.sha256, ROLE)] if law else []),
    )
    decision = Decision(
        outcome=best.outcome,
        draft=best.draft,
        remedies=best.remedies,
        cites=tuple(dict.fromkeys((*best.cites(), *by_promise))),
        held=tuple(_held(rule) for rule in best.held),
        why_not=best.why_not,
        defeated=best.defeated,
        questions=best.questions,
        editions=refs,
        facts=dict(facts),
        needs_second_approval=best.needs_second_approval(),
        purchased_at=purchased_at,
        requested_at=requested_at,
        customer_text="",
        internal_text="",
        pinned_on=pinned_on,
        pinned_sha256=pinned_sha256,
        promised=tuple(promised),
    )
    return replace(
        decision,
        customer_text=explanation.for_customer(decision, best.edition),
        internal_text=explanation.for_staff(decision, best.blockers),
    )


def _promising(
    promised: Iterable[PromiseRef], editions: Sequence[Edition], *, but: Sequence[Edition]
) -> list[Edition]:
    """The editions by which something was promised, each once, without those that govern anyhow."""
    known = {one.sha256 for one in but}
    others: list[Edition] = []
    for one in promised:
        edition = editions_in_force.of_day(editions, one.edition_on, one.edition_sha256)
        if edition.sha256 not in known:
            known.add(edition.sha256)
            others.append(edition)
    return others


@dataclass(frozen=True)
class _Evaluation:
    """What one edition says about one set of facts."""

    edition: Edition
    values: dict[str, Value]
    held: tuple[Rule, ...]
    why_not: tuple[WhyNot, ...]
    defeated: tuple[Defeat, ...]
    remedies: tuple[Remedy, ...]
    blockers: tuple[str, ...]
    questions: tuple[Question, ...]
    outcome: Outcome
    draft: Draft

    @classmethod
    def under(cls, edition: Edition, values: dict[str, Value]) -> "_Evaluation":
        held, why_not = _examined(edition, values)
        defeated = _defeated(held)
        lost = {one.rule_id for one in defeated}
        standing = [rule for rule in held if rule.id not in lost]
        remedies = _remedies(standing, values)
        blockers = _blockers(standing, remedies, values)
        questions = () if remedies else _questions(edition, standing, why_not, values)
        outcome, draft = _outcome(standing, remedies, blockers, questions, values)
        return cls(
            edition,
            values,
            held,
            why_not,
            defeated,
            remedies,
            blockers,
            questions,
            outcome,
            draft,
        )

    def worth(self) -> tuple[int, int, int, int]:
        """How good it is for the customer: money first, then credits, then ease, then draft."""
        return (
            sum(one.amount_minor for one in self.remedies),
            sum(one.credits for one in self.remedies),
            len(self.remedies) * 3 + _RANK[self.outcome],
            int(self.draft is not Draft.DENIAL),
        )

    def cites(self) -> tuple[str, ...]:
        """The clauses that stand, those of the remedies, and what made it a person's matter.

        What would only have called a person, or refused, says nothing beside a remedy that stands.
        """
        lost = {one.rule_id for one in self.defeated}
        standing = [rule for rule in self.held if rule.id not in lost]
        if self.remedies:
            quiet = (Effect.PERSON, Effect.TERMS_REFUSE)
            standing = [one for one in standing if one.effect not in quiet or one.by_person]
        cited = [rule.clause for rule in standing]
        cited += [one.clause for one in self.remedies]
        cited += [question.about for question in self.questions]
        if self.blockers:
            cited.append("8.7")
        return tuple(dict.fromkeys(cited)) or ("6.0",)

    def needs_second_approval(self) -> bool:
        """Whether the money is above what one person may decide; an unknown limit counts as so.

        What the law gives is carried out and not considered: nobody approves it.
        """
        if _is_of_right(self.held, self.remedies):
            return False
        amount = sum(one.amount_minor for one in self.remedies)
        limit = self.values.get("limit.second_person_minor", -1)
        return amount > 0 and amount > int(limit)


def _examined(
    edition: Edition, values: dict[str, Value]
) -> tuple[tuple[Rule, ...], tuple[WhyNot, ...]]:
    """Which rules hold, and why the others don't; a fact that is missing never makes one hold."""
    ground = str(values.get("request.ground", "other"))
    held, why_not = [], []
    parameters = edition.parameter_values()
    for rule in edition.rules:
        if not rule.examines_ground(ground):
            continue
        missing = tuple(name for name in rule.reads if name not in values)
        if missing:
            why_not.append(WhyNot(rule.id, rule.clause, missing=missing))
            continue
        known: dict[str, Value] = {name: values[name] for name in rule.reads}
        known.update(parameters)
        failed = next((one for one in rule.when if one.holds(known) is not True), None)
        if failed is None:
            held.append(rule)
        else:
            why_not.append(WhyNot(rule.id, rule.clause, condition=failed.text))
    return tuple(held), tuple(why_not)


def _defeated(held: tuple[Rule, ...]) -> tuple[Defeat, ...]:
    """Which rules that hold don't count: exceptions first, then what a stronger layer defeats."""
    lost: dict[str, Defeat] = {}
    for rule in held:
        if any(one.id == rule.exception_to for one in held):
            lost[rule.exception_to] = Defeat(rule.exception_to, rule.id, "exception")
    law = [one for one in held if one.effect is Effect.RIGHT]
    refusals = [one for one in held if one.effect is Effect.TERMS_REFUSE]
    for rule in held:
        if law and rule.effect is Effect.TERMS_REFUSE:
            lost.setdefault(rule.id, Defeat(rule.id, law[0].id, "mandatory law"))
        elif refusals and not law and rule.effect is Effect.GROUND and not rule.is_promise:
            lost.setdefault(rule.id, Defeat(rule.id, refusals[0].id, "accepted checkout terms"))
    giving = [one for one in held if one.effect in GIVING and one.id not in lost]
    for rule in held:
        if giving and rule.layer in (Layer.BASE, Layer.NEGATIVES):
            lost.setdefault(rule.id, Defeat(rule.id, giving[-1].id, "a verified ground"))
    return tuple(lost[name] for name in sorted(lost))


def _remedies(standing: Iterable[Rule], values: dict[str, Value]) -> tuple[Remedy, ...]:
    """What the standing rules give: for each loss the most, of each kind the most, one refund."""
    amounts = amounts_of(values)
    given = [
        _remedy(rule, term.kind, term.formula, amounts, values)
        for rule in standing
        for term in rule.gives
    ]
    by_loss = _largest(given, lambda one: (FORMULAS[one.formula].loss, family(one.kind)))
    best = {one.kind: one for one in _largest(by_loss, lambda one: one.kind)}
    if RemedyKind.FULL_REFUND in best:
        best.pop(RemedyKind.PARTIAL_REFUND, None)
    return tuple(best[kind] for kind in RemedyKind if kind in best)


def _largest(remedies: Iterable[Remedy], same: Callable[[Remedy], Hashable]) -> list[Remedy]:
    """Of those that are the *same*, the largest; of equals a full refund, else the first."""
    best = dict[Hashable, Remedy]()
    for one in remedies:
        known = best.get(same(one))
        if known is None or _size(one) > _size(known):
            best[same(one)] = one
    return list(best.values())


def _size(one: Remedy) -> tuple[int, int, bool]:
    return one.amount_minor, one.credits, one.kind is RemedyKind.FULL_REFUND


def _remedy(
    rule: Rule, kind: RemedyKind, name: str, amounts: dict[str, int], values: dict[str, Value]
) -> Remedy:
    formula = FORMULAS[name]
    size = formula.compute(amounts)
    money = formula.unit == "minor"
    return Remedy(
        kind=kind,
        clause=CLAUSE_OF_REMEDY[kind],
        rule_id=rule.id,
        formula=name,
        credits=size if formula.unit == "credits" else 0,
        amount_minor=min(size, remaining(amounts)) if money else 0,
        currency=str(values.get("charge.currency", "")) if money else "",
    )


def _blockers(
    standing: Iterable[Rule], remedies: tuple[Remedy, ...], values: dict[str, Value]
) -> tuple[str, ...]:
    """Why a machine may not carry the remedies out alone, in words (6.6, 8.7)."""
    if not remedies:
        return ()
    blockers = [f"not looked at yet: {name}" for name in LOOKUPS if values.get(name) is not True]
    blockers += [f"{rule.id} asks for a person" for rule in standing if rule.by_person]
    if values.get("account.closed") is not False:
        blockers.append("the account is closed, or that isn't known")
    if values.get("history.decided_by_person") is True:
        blockers.append("a person has put this right before, in their own way")
    if any(FORMULAS[one.formula].unit == "credits" and not one.credits for one in remedies):
        blockers.append("no credits are left to give")
    if values.get("purchase.held") is True:
        blockers.append("the order waits for a person: its payment doesn't agree with it")
    if any(one.kind in REFUNDS for one in remedies):
        amount = sum(one.amount_minor for one in remedies)
        blockers += _money_blockers(amount, values, limited=not _is_of_right(standing, remedies))
    return tuple(blockers)


def _is_of_right(rules: Iterable[Rule], remedies: Sequence[Remedy]) -> bool:
    """Whether mandatory law gives all of the remedies."""
    rights = {one.id for one in rules if one.effect is Effect.RIGHT}
    return bool(remedies) and all(one.rule_id in rights for one in remedies)


def _money_blockers(amount: int, values: dict[str, Value], *, limited: bool) -> list[str]:
    blockers = []
    if limited and amount > int(values.get("limit.machine_minor", -1)):
        blockers.append("the amount is above what a machine may refund")
    if values.get("charge.dispute") not in ("none", "inquiry", "won"):
        blockers.append("the charge is disputed, or that isn't known")
    if amount > int(values.get("charge.refundable_minor", -1)):
        blockers.append("the processor refunds less, or hasn't said how much")
    if amount == 0:
        blockers.append("nothing is left to refund")
    return blockers


def _questions(
    edition: Edition,
    standing: Iterable[Rule],
    why_not: tuple[WhyNot, ...],
    values: dict[str, Value],
) -> tuple[Question, ...]:
    """What would settle it: a rule's own question, or the facts that its ground still needs."""
    asked = [Question(r.clause, r.question) for r in standing if r.effect is Effect.QUESTION]
    if asked:
        return tuple(asked)
    ground = str(values.get("request.ground", "other"))
    rules = {one.id: one for one in edition.rules}
    lacks_period = values.get("purchase.kind") == "package"
    missing = [
        name
        for one in why_not
        if one.missing and ground in rules[one.rule_id].settles
        for name in one.missing
        if not (lacks_period and name.startswith(_OF_A_PERIOD))
    ]
    return explanation.questions_for(missing)


def _outcome(
    standing: list[Rule],
    remedies: tuple[Remedy, ...],
    blockers: tuple[str, ...],
    questions: tuple[Question, ...],
    values: dict[str, Value],
) -> tuple[Outcome, Draft]:
    if remedies and blockers:
        return Outcome.PERSON, Draft.APPROVAL
    if remedies:
        money = any(one.kind in REFUNDS for one in remedies)
        return (Outcome.APPROVE if money else Outcome.RESTORE), Draft.NONE
    if questions:
        return Outcome.ASK, Draft.NONE
    kind = any(rule.effect is Effect.PERSON for rule in standing)
    against = any(rule.effect in REFUSING for rule in standing)
    known = values.get("request.ground", "other") != "other"
    denies = against and known and not kind
    return Outcome.PERSON, Draft.DENIAL if denies else Draft.NONE


def _held(rule: Rule) -> Held:
    return Held(rule.id, rule.clause, rule.layer, rule.effect, rule.reads)

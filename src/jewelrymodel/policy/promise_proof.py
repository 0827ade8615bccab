"""A promise that somebody kept as a file, and a later decision beside it: proven with no record.

It proves who signed the promise, that the policy decides so on the supposed facts, and that the
decision gives no less. It proves no facts, and of a person's decision what was recommended.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from jewelrymodel.kernel.money import in_words
from jewelrymodel.kernel.signing import Signed
from jewelrymodel.policy import promise_document
from jewelrymodel.policy.decision import Decision
from jewelrymodel.policy.edition import Edition
from jewelrymodel.policy.editions_in_force import NoEdition, of_day
from jewelrymodel.policy.promise import PromisedLine, decided_again
from jewelrymodel.policy.promise_comparison import worse_line
from jewelrymodel.policy.promise_document import PromiseDocument

_NO_PROMISE = "This file holds no promise; keep the one that the order's page hands out."
_SIGNED = frozenset(("document", "signature", "public_key"))


class PromiseFileUnreadable(ValueError):
    """This file holds no promise; keep the one that the order's page hands out."""


class PromiseNotProven(ValueError):
    """The promise is not as it was signed, or can't be told here. The message says which."""


class PromiseBroken(ValueError):
    """The decision is worse than the promise, or about something else. The message says which."""


@dataclass(frozen=True)
class ProvenPromise:
    """A promise and the signature that it is proven by."""

    promise: PromiseDocument
    signed: Signed


def is_promise_file(content: bytes) -> bool:
    """Return whether *content* looks like a signed document, and not like a decision."""
    try:
        return set(json.loads(content)) >= _SIGNED
    except (ValueError, TypeError):
        return False


def prove_promise(
    content: bytes, editions: Sequence[Edition], *, public_key: str = ""
) -> ProvenPromise:
    """Return the promise that a file holds, after deciding each of its lines again.

    *public_key* is the key that it has to be signed by; without one, any. Raises
    PromiseFileUnreadable, PromiseNotProven and FactsRefused.
    """
    signed, promise = _read(content)
    wanted = public_key.strip().lower()
    if wanted and wanted != signed.public_key:
        raise PromiseNotProven(f"It is signed by the key {signed.public_key}, not by {wanted}.")
    for line in promise.lines:
        try:
            edition = of_day(editions, line.edition.date, line.edition.sha256)
        except NoEdition as problem:
            raise PromiseNotProven(f"It can't be proven here: {problem}.") from None
        if decided_again(line, edition) != line:
            said = f"what it says of “{line.situation}”"
            raise PromiseNotProven(f"The edition of {edition.date} doesn't decide {said}.")
    return ProvenPromise(promise, signed)


def require_kept(
    decision: Decision, proven: ProvenPromise, editions: Sequence[Edition]
) -> tuple[PromisedLine, ...]:
    """Return the promise's lines, after finding that *decision* is not worse than any.

    Raises PromiseBroken, NoEdition and PinnedTextDiffers.
    """
    promise = proven.promise
    named = proven.signed.sha256 in {one.sha256 for one in decision.promised}
    about = {record.partition(":")[2] for record in _subjects(decision)}
    if not named and promise.subject not in about:
        other = ", ".join(sorted(about)) or "nothing that was bought"
        raise PromiseBroken(f"The promise is about {promise.subject}, the decision about {other}.")
    worse = worse_line(decision, promise.lines, editions)
    if worse is not None:
        promised, decided = _sum(worse.amount_minor, worse), _sum(decision.amount_minor, worse)
        raise PromiseBroken(
            f"The decision is worse than what was promised under {worse.edition.date}: "
            f"for “{worse.situation}” {promised} and {worse.credits} credits were promised; "
            f"{decided} and {decision.credits} credits are decided."
        )
    return promise.lines


def _read(content: bytes) -> tuple[Signed, PromiseDocument]:
    try:
        body = json.loads(content)
        signed = Signed(*(str(body[name]) for name in ("document", "signature", "public_key")))
        is_authentic = signed.is_authentic
    except (ValueError, KeyError, TypeError):
        raise PromiseFileUnreadable(_NO_PROMISE) from None
    if not is_authentic:
        raise PromiseNotProven("Its signature isn't that of its bytes: the promise was changed.")
    try:
        return signed, promise_document.read(signed.body)
    except (ValueError, TypeError):
        raise PromiseFileUnreadable(_NO_PROMISE) from None


def _subjects(decision: Decision) -> list[str]:
    """The records that the purchase and the generation were read from: ``order:<id>``."""
    names = ("purchase.kind", "task.status")
    return [decision.facts[name].record for name in names if name in decision.facts]


def _sum(amount_minor: int, line: PromisedLine) -> str:
    currency = str(line.facts.get("charge.currency", ""))
    return in_words(amount_minor, currency) if currency else str(amount_minor)

"""A decision that somebody kept as a file: proven from its bytes and the editions, with no record.

It proves that nothing was changed and that the policy decides so on these facts; not the facts.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from jewelrymodel.policy.decision import Decision, canonical, digest, from_json
from jewelrymodel.policy.edition import Edition
from jewelrymodel.policy.editions_in_force import PinnedTextDiffers
from jewelrymodel.policy.law import LawFile
from jewelrymodel.policy.rule_evaluation import decide

_NO_DECISION = "This file holds no decision; keep the one that the decision's page hands out."


class DecisionFileUnreadable(ValueError):
    """This file holds no decision; keep the one that the decision's page hands out."""


class NotProven(ValueError):
    """The file is not as it was decided, or these editions can't tell. The message says which."""


@dataclass(frozen=True)
class DecisionFile:
    """A decision and its digest; *named_sha256* is the one that the file itself names, if any."""

    decision: Decision
    sha256: str
    named_sha256: str = ""


def read_decision_file(content: bytes) -> DecisionFile:
    """Return the decision that *content* holds; raises DecisionFileUnreadable.

    The digest is that of the bytes. A file that names its own (``policy decide --json``, and those
    of before) was laid out for reading: there it is that of the rest, written canonically.
    """
    try:
        body = json.loads(content)
        named_sha256 = body.pop("sha256", "")
        hashed = canonical(body) if named_sha256 else content
        return DecisionFile(from_json(body), hashlib.sha256(hashed).hexdigest(), named_sha256)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DecisionFileUnreadable(_NO_DECISION) from None


def prove(
    content: bytes,
    editions: Sequence[Edition],
    *,
    laws: Sequence[LawFile] = (),
    sha256: str = "",
) -> DecisionFile:
    """Return the decision after deciding it again from its own facts, by *editions* and *laws*.

    All of it has to be the same, except for sentences: those only its digest proves.
    *sha256* is the digest that it has to have; without one, what the file names counts. Raises
    DecisionFileUnreadable, NotProven, FactsRefused and NoEdition.
    """
    file = read_decision_file(content)
    wanted = (sha256 or file.named_sha256).strip().lower()
    if wanted and wanted != file.sha256:
        raise NotProven(f"Its SHA-256 is {file.sha256}, not {wanted}: the file was changed.")
    at_hand = {one.sha256 for one in editions} | {one.sha256 for one in laws}
    for one in file.decision.editions:
        if one.sha256 not in at_hand:
            text = f"the text of {one.date} with the SHA-256 {one.sha256}"
            raise NotProven(f"It rests on {text}, which is not among the editions at hand.")
    try:
        again = _decide_again(file.decision, editions, laws)
    except PinnedTextDiffers as problem:
        raise NotProven(f"It can't be proven here: {problem}.") from None
    if digest(_with_sentences_of(again, file.decision)) != file.sha256:
        raise NotProven("From the facts in it these editions don't decide what it says.")
    return file


def _decide_again(
    decision: Decision, editions: Sequence[Edition], laws: Sequence[LawFile]
) -> Decision:
    return decide(
        decision.facts,
        editions,
        purchased_at=decision.purchased_at,
        requested_at=decision.requested_at,
        pinned_on=decision.pinned_on,
        pinned_sha256=decision.pinned_sha256,
        promised=decision.promised,
        laws=laws,
    )


def _with_sentences_of(again: Decision, decision: Decision) -> Decision:
    """Our sentences change from release to release and decide nothing: the kept ones count."""
    asks_alike = [one.about for one in again.questions] == [one.about for one in decision.questions]
    return replace(
        again,
        customer_text=decision.customer_text,
        internal_text=decision.internal_text,
        questions=decision.questions if asks_alike else again.questions,
    )

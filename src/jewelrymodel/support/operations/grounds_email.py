"""The letter about several grounds: what was decided of each, under what its customer called it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import queries
from jewelrymodel.support.categories import Category
from jewelrymodel.support.models import Case
from jewelrymodel.support.operations.decision_email import decision_email
from jewelrymodel.support.queries import Ground


@dataclass(frozen=True)
class GroundLetter:
    """A ground with its decision; *is_kept*: it was decided before, and told then."""

    ground: Ground
    decision: DecisionRecord
    is_kept: bool


def grounds_email(case: Case, letters: Sequence[GroundLetter]) -> str:
    """Return what the customer is emailed, in the language that is spoken now."""
    parts, givers = [], [_giver(one.decision, letters) for one in letters]
    for number, (one, giver) in enumerate(zip(letters, givers, strict=True), start=1):
        parts.append(f"{number}. {_heading(one.ground)}")
        if giver != number:
            sentence = _("This is made good by what is said under %(n)s, so nothing is added here.")
            parts.append(sentence % {"n": giver})
        elif one.is_kept:
            statuses = map(remedies.remedy_status, one.decision.remedies.order_by("id"))
            parts += [_("This stays as we decided it before."), *statuses]
        else:
            parts.append(decision_email(one.decision, case))
    return "\n\n".join(parts)


def _giver(decision: DecisionRecord, letters: Sequence[GroundLetter]) -> int:
    """The number under which a decision is told: of the ground that it was made about, which may
    come after one that it makes good; else, as after its subject was corrected, of the first.
    """
    own = [number for number, one in enumerate(letters, start=1) if one.decision.pk == decision.pk]
    about = [number for number in own if _is_about(decision, letters[number - 1].ground)]
    return (about or own)[0]


def _is_about(decision: DecisionRecord, ground: Ground) -> bool:
    """A ground that names nothing is about the account."""
    named = ground.subject.id or decision.account_id
    return (decision.category, decision.subject_id) == (ground.category, named)


def _heading(ground: Ground) -> str:
    label = str(Category(ground.category).label)
    about = queries.about_label(ground.subject)
    return f"{label} – {about}" if about else label

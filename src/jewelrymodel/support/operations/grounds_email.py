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
    parts, written = [], dict[str, int]()
    for number, one in enumerate(letters, start=1):
        parts.append(f"{number}. {_heading(one.ground)}")
        if one.decision.pk in written:
            earlier = written[one.decision.pk]
            sentence = _("This is made good by what is said under %(n)s, so nothing is added here.")
            parts.append(sentence % {"n": earlier})
        elif one.is_kept:
            statuses = map(remedies.remedy_status, one.decision.remedies.order_by("id"))
            parts += [_("This stays as we decided it before."), *statuses]
        else:
            parts.append(decision_email(one.decision, case))
        written.setdefault(one.decision.pk, number)
    return "\n\n".join(parts)


def _heading(ground: Ground) -> str:
    label = str(Category(ground.category).label)
    about = queries.about_label(ground.subject)
    return f"{label} – {about}" if about else label

"""A request about images that show a damaged piece."""

from datetime import datetime

from jewelrymodel.generation.models import Asset, Task
from jewelrymodel.remedies.assessments import Subject, SubjectKind
from jewelrymodel.support import operations
from jewelrymodel.support.categories import Category, DamageKind
from jewelrymodel.support.models import Case
from jewelrymodel.support.operations import DamageClaim, Opening
from jewelrymodel.support.statuses import Channel
from tests.support.generation import NOW


def image(job: Task, position: int) -> Asset:
    """The image of a generation at that position."""
    return Asset.objects.get(item__task=job, item__position=position)


def claim(job: Task, position: int, mark: tuple[int, int] | None = (400, 600)) -> DamageClaim:
    """The claim that a part is lost in it, at a place."""
    return DamageClaim(image(job, position).pk, DamageKind.LOST_PART, mark)


def report(
    job: Task, *claims: DamageClaim, consents: bool = False, at: datetime = NOW, **opening: object
) -> Case:
    """The case that the form opens for these claims."""
    member = job.account.memberships.get()
    told: dict[str, object] = {
        "account_id": job.account_id,
        "email": member.user.email,
        "identity_level": 3,
        "channel": Channel.FORM,
        "category": Category.VISIBLY_BROKEN,
        "subject": Subject(SubjectKind.TASK, job.pk),
        "explanation": "A prong is gone.",
        "damage": claims,
        "consents_to_example": consents,
    }
    opening_ = Opening(**{**told, **opening})  # type: ignore[arg-type]  # by name
    return operations.open_case(opening=opening_, now=at)

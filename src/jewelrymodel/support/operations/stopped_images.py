"""Looking at an image whose person doesn't agree any more: with a reason, and written down."""

from datetime import datetime

from jewelrymodel.audit import operations as audit
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.support import queries
from jewelrymodel.support.models import Case
from jewelrymodel.support.operations.damage_claims import NotItsImage


class ReasonNeeded(CodedError):
    """Nobody looks at it without saying why."""


def open_stopped_image(
    *, case: Case, image_id: str, reason: str, user_id: int, now: datetime
) -> None:
    """Let this person see an image of the case for queries.OPENED_FOR, and write down why.

    Raises ReasonNeeded and NotItsImage.
    """
    if not reason.strip():
        raise ReasonNeeded
    if image_id not in {one.image.pk for one in queries.images_to_review(case)}:
        raise NotItsImage(image=image_id)
    audit.record(
        actor=Actor.user(user_id),
        action=queries.STOPPED_IMAGE_OPENED,
        subject=queries.stopped_subject(case, image_id),
        reason=reason.strip(),
        account_id=case.account_id or "",
        now=now,
    )

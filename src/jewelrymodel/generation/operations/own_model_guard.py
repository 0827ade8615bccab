"""No image is handed out whose person doesn't agree any more."""

from datetime import datetime

from jewelrymodel.generation.models import Asset, OwnModel, TaskItem
from jewelrymodel.generation.queries import own_models
from jewelrymodel.generation.rules.own_model_terms import may_be_made
from jewelrymodel.kernel.errors import CodedError


class AgreementOver(CodedError):
    """The person in the image revoked their agreement, or its term is over."""


def require_agreement(asset: Asset) -> None:
    """Raise AgreementOver where the person in an image doesn't agree to its use any more.

    It reads the row anew: what was agreed when a page was opened, or a file begun, doesn't count.
    """
    if own_models.is_stopped(asset):
        raise AgreementOver


def require_still_agreed(item: TaskItem, now: datetime) -> None:
    """Raise AgreementOver where the person in an image doesn't agree to its being made; else they
    can't revoke until the caller's transaction ends.
    """
    if item.own_model_id is None:
        return
    model = OwnModel.objects.select_for_update(no_key=True).get(pk=item.own_model_id)
    if not may_be_made(model.status, model.until_on, today=now.date()):
        raise AgreementOver

"""No image is handed out whose person doesn't agree any more."""

from jewelrymodel.generation.models import Asset
from jewelrymodel.generation.queries import own_models
from jewelrymodel.kernel.errors import CodedError


class AgreementOver(CodedError):
    """The person in the image revoked their agreement, or its term is over."""


def require_agreement(asset: Asset) -> None:
    """Raise AgreementOver where the person in an image doesn't agree to its use any more.

    It reads the row anew: what was agreed when a page was opened, or a file begun, doesn't count.
    """
    if own_models.is_stopped(asset):
        raise AgreementOver

"""Which images can't be downloaded because the credits that paid for them are suspended (9.1)."""

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from jewelrymodel.generation.models import Asset
from jewelrymodel.ledger import queries as ledger


def is_suspended(image: Asset) -> bool:
    """Return whether its downloads are suspended now: what came late was free, and stays."""
    return not image.item.late and ledger.is_made_from_suspended(image.item.task.hold_id)


def with_suspended(images: QuerySet[Asset]) -> QuerySet[Asset]:
    """Return the images, each with ``download_suspended`` as ``is_suspended`` says, in the
    statement that reads them.
    """
    taken = ledger.taken_from_suspended().filter(movement__hold_id=OuterRef("item__task__hold_id"))
    suspended = Q(Exists(taken), item__late=False)
    return images.annotate(
        download_suspended=ExpressionWrapper(suspended, output_field=BooleanField())
    )

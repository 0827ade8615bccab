"""Which images can't be downloaded because what paid for them is suspended."""

from collections.abc import Collection

from jewelrymodel.generation.models import Asset
from jewelrymodel.ledger import queries as ledger


def suspended_images(images: Collection[Asset]) -> frozenset[str]:
    """Return the ids of those images whose downloads are suspended now (9.1).

    What came late was free, so no payment can take it back. One statement; each image comes with
    its item and task.
    """
    paid = {one.pk: one.item.task.hold_id for one in images if not one.item.late}
    holds = ledger.made_from_suspended(set(paid.values())) if paid else frozenset()
    return frozenset(pk for pk, hold_id in paid.items() if hold_id in holds)

"""What a person saw that the automatic check had missed."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from jewelrymodel.audit import operations as audit
from jewelrymodel.generation.models import Asset
from jewelrymodel.kernel.actors import Actor


@transaction.atomic
def confirm_damage(
    *, account_id: str, asset_ids: Collection[str], user_id: int, reason: str, now: datetime
) -> list[Asset]:
    """Return the account's images among *asset_ids*, confirmed as visibly damaged by a person.

    The caller's transaction makes good what they cost. What was confirmed before stays as it was,
    however often it is said.
    """
    rows = Asset.objects.select_for_update().filter(account_id=account_id, pk__in=asset_ids)
    images = list(rows.order_by("pk"))
    for image in images:
        if image.damage_confirmed_at is None:
            image.damage_confirmed_at = now
            image.save(update_fields=["damage_confirmed_at"])
            audit.record(
                actor=Actor.user(user_id),
                action="image.damage_confirmed",
                subject=f"asset:{image.pk}",
                reason=reason,
                account_id=account_id,
                now=now,
            )
    return images

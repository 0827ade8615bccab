"""What a customer does with their images."""

from datetime import datetime

from jewelrymodel.generation.models import Asset


def set_favourite(*, account_id: str, asset_id: str, favourite: bool, now: datetime) -> Asset:
    """Mark an image as a favourite, or not; raises Asset.DoesNotExist for another account's."""
    asset = Asset.objects.get(pk=asset_id, account_id=account_id)
    asset.favourite_at = now if favourite else None
    asset.save(update_fields=["favourite_at"])
    return asset

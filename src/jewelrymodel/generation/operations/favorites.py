"""What a customer does with their images."""

from datetime import datetime

from jewelrymodel.generation.models import Asset


def set_favorite(*, account_id: str, asset_id: str, favorite: bool, now: datetime) -> Asset:
    """Mark an image as a favorite, or not; raises Asset.DoesNotExist for another account's."""
    asset = Asset.live.get(pk=asset_id, account_id=account_id)
    asset.favorite_at = now if favorite else None
    asset.save(update_fields=["favorite_at"])
    return asset

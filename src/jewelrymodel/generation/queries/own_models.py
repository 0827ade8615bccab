"""Sellers' own models, as pages and workers ask for them."""

from datetime import datetime

from django.db.models import Q, QuerySet

from jewelrymodel.generation.models import Asset, OwnModel
from jewelrymodel.generation.rules.own_model_terms import ANSWER_WITHIN, STOPPED
from jewelrymodel.generation.statuses import OWN_MODEL_BOUND, OWN_MODEL_LIVE, OwnModelStatus


def own_models(*, account_id: str) -> QuerySet[OwnModel]:
    """Return the account's own models, newest first, whatever became of them."""
    return OwnModel.objects.filter(account_id=account_id).order_by("-created_at", "id")


def own_model(*, account_id: str, model_id: str) -> OwnModel:
    """Return one of the account's own models; raises OwnModel.DoesNotExist."""
    rows = OwnModel.objects.select_related("account", "agreement")
    return rows.get(pk=model_id, account_id=account_id)


def own_model_folder(model: OwnModel) -> str:
    """Return the folder of every file that shows this person, but for finished images."""
    return f"own_models/{model.account_id}/{model.pk}/"


def is_stopped(asset: Asset) -> bool:
    """Return whether an image may not be used any more because its model's agreement ended."""
    if asset.item.own_model_id is None:
        return False
    return OwnModel.objects.filter(pk=asset.item.own_model_id, status__in=STOPPED).exists()


def stopped_assets() -> QuerySet[Asset]:
    """Return the images whose model's agreement ended and whose files are still there."""
    return Asset.objects.filter(item__own_model__status__in=STOPPED, purged_at=None)


def own_models_over(*, now: datetime) -> QuerySet[OwnModel]:
    """Return the own models whose term is over, and the requests that nobody answered in time."""
    over = Q(status__in=OWN_MODEL_BOUND, until_on__lt=now.date())
    unanswered = Q(status=OwnModelStatus.ASKED, asked_at__lte=now - ANSWER_WITHIN)
    return OwnModel.objects.filter(over | unanswered).order_by("pk")


def own_models_to_erase() -> QuerySet[OwnModel]:
    """Return the own models that ended and still have files that have to go."""
    photo = Q(photo_erased_at=None) & ~Q(status__in=OWN_MODEL_LIVE)
    images = Q(images_stopped_at=None, status__in=STOPPED)
    return OwnModel.objects.filter(photo | images).order_by("pk")

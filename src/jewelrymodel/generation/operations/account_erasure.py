"""All that a seller made goes for good once their account is closed; figures and prices stay."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Func, JSONField, TextField, Value
from django.db.models.functions import Cast, Coalesce

from jewelrymodel.generation.models import (
    Asset,
    Batch,
    Collection,
    OwnModel,
    Photo,
    Piece,
    SavedScene,
    Selection,
    Task,
)
from jewelrymodel.generation.operations.own_model_end import end_account_models


def erase_work(*, account_id: str, now: datetime) -> None:
    """Take every word and mark of an account's pieces, photos and images out of the rows.

    Their files are the caller's to remove. What it cost and how it was checked stays, for the
    books. Doing it again changes nothing; the account takes no new work meanwhile.
    """
    end_account_models(account_id=account_id, now=now)
    mine = {"account_id": account_id}
    gone = Coalesce("deleted_at", Value(now))
    purged = Coalesce("purged_at", Value(now))
    with transaction.atomic():
        Piece.objects.filter(**mine).update(name="", sku="", deleted_at=gone)
        Photo.objects.filter(**mine).update(
            file_name="", corrections=[], deleted_at=gone, purged_at=purged
        )
        Asset.objects.filter(**mine).update(
            alt_text="",
            look_hash=None,
            deleted_at=gone,
            purged_at=purged,
            settings=_without("settings", "prompt"),
        )
        Task.objects.filter(**mine).update(options=_without("options", "scene"))
        Selection.objects.filter(**mine).update(request=_without("request", "scene"))
        Batch.objects.filter(**mine).update(refused_files=[])
        OwnModel.objects.filter(**mine).update(name="", person_name="", email="", set_up={})
        Collection.objects.filter(**mine).delete()
        SavedScene.objects.filter(**mine).delete()


def _without(field: str, key: str) -> Func:
    """A JSON object without one of its keys."""
    return Func(
        F(field),
        Cast(Value(key), TextField()),
        arg_joiner=" - ",
        template="(%(expressions)s)",
        output_field=JSONField(),
    )

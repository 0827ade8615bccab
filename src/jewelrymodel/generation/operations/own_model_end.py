"""An agreement ends: nothing more is made with the person, and their photo is erased for good.

The row is the truth: who is killed in between leaves an ended row with files, which the sweep takes
up again. Nothing here goes wrong when it is done twice.
"""

from datetime import datetime

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from jewelrymodel.accounts.queries import members_of
from jewelrymodel.audit.operations import record
from jewelrymodel.generation.models import Asset, OwnModel, TaskItem
from jewelrymodel.generation.queries import own_models
from jewelrymodel.generation.rules.own_model_terms import STOPPED
from jewelrymodel.generation.statuses import OWN_MODEL_LIVE, OwnModelStatus
from jewelrymodel.infra import email_queue, languages, queue, storage
from jewelrymodel.infra.row_isolation import attempt_each
from jewelrymodel.kernel.actors import Actor

ERASE = "generation.erase_own_model"
TERM = Actor.system("own-model-term")
"""Who ends what has run out."""


def end(model: OwnModel, status: OwnModelStatus, now: datetime) -> None:
    """Set a row's end and defer the erasure; the caller holds the row's lock."""
    model.status = status
    model.ended_at = model.ended_at or now
    model.round += 1
    model.save(update_fields=["status", "ended_at", "round"])
    queue.defer(ERASE, model_id=model.pk)


def erase_own_model(*, model_id: str, now: datetime) -> None:
    """Erase an ended model's photo and all that was derived from it, and where the agreement is
    over, every file that was made for download of images with them.
    """
    model = OwnModel.objects.get(pk=model_id)
    if model.status in OWN_MODEL_LIVE:
        return
    if model.photo_erased_at is None:
        storage.delete_under(own_models.own_model_folder(model))
        OwnModel.objects.filter(pk=model_id, photo_erased_at=None).update(photo_erased_at=now)
    if model.status in STOPPED and model.images_stopped_at is None:
        _delete_downloads(model)
        _delete_left(model)
        OwnModel.objects.filter(pk=model_id, images_stopped_at=None).update(images_stopped_at=now)


def _delete_downloads(model: OwnModel) -> None:
    """Every file of these images that was made for download, and every archive: it may hold one."""
    exports = f"exports/{model.account_id}/"
    images = Asset.objects.filter(item__own_model=model).values_list("pk", flat=True)
    for asset_id in images:
        storage.delete_under(f"{exports}{asset_id}/")
    if images:
        for name in storage.folders(exports):
            if name.startswith("zip_"):
                storage.delete_under(f"{exports}{name}/")


def _delete_left(model: OwnModel) -> None:
    """What a worker stored that was killed before it became an image: no row names it."""
    made = Asset.objects.filter(item__own_model=model)
    named = {key for keys in made.values_list("image_key", "view_key") for key in keys}
    items = TaskItem.objects.filter(own_model=model).values_list("task_id", "position")
    for task_id, position in items:
        folder = f"assets/{model.account_id}/{task_id}/"
        storage.delete_under(folder, beginning=f"{position}-", but=named)


def end_what_is_over(*, now: datetime, machine_now: datetime) -> int:
    """End agreements whose term is over and requests that nobody answered, and erase what an
    earlier worker left; return how many couldn't be dealt with.
    """
    over = list(own_models.own_models_over(now=now).values_list("pk", flat=True))
    failed = attempt_each(over, lambda pk: _expire(pk, now, machine_now), doing="ending")
    left = list(own_models.own_models_to_erase().values_list("pk", flat=True))
    return failed + attempt_each(
        left, lambda pk: erase_own_model(model_id=pk, now=now), doing="erasing"
    )


def _expire(model_id: str, now: datetime, machine_now: datetime) -> None:
    with transaction.atomic():
        model = own_models.own_models_over(now=now).select_for_update().filter(pk=model_id).first()
        if model is None:
            return
        asked = model.status == OwnModelStatus.ASKED
        end(model, OwnModelStatus.LAPSED if asked else OwnModelStatus.EXPIRED, now)
        record(
            actor=TERM,
            action=f"own_model.{model.status}",
            subject=f"own_model:{model.pk}",
            reason="",
            account_id=model.account_id,
            now=now,
        )
        tell_seller(model, machine_now)


def end_account_models(*, account_id: str, now: datetime) -> None:
    """End everything that an account asked of anybody: it closes. Photos are erased at once."""
    rows = OwnModel.objects.filter(account_id=account_id)
    with transaction.atomic():
        for model in rows.filter(status__in=OWN_MODEL_LIVE).select_for_update():
            asked = model.status == OwnModelStatus.ASKED
            end(model, OwnModelStatus.WITHDRAWN if asked else OwnModelStatus.REMOVED, now)
    for model_id in rows.values_list("pk", flat=True):
        erase_own_model(model_id=model_id, now=now)


def tell_seller(model: OwnModel, machine_now: datetime) -> None:
    """Email everybody of the account what became of their request or agreement; nobody is left of
    one that was erased.
    """
    there = [one for one in members_of(account_id=model.account_id) if one.user.is_active]
    for member in there:
        with languages.speaking(member.user.language):
            email_queue.send_later(
                to=member.user.email,
                subject=_("%(person)s: %(status)s")
                % {"person": model.person_name, "status": model.get_status_display()},
                text=render_to_string("generation/own_model_news_mail.txt", {"model": model}),
                machine_now=machine_now,
            )

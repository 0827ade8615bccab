"""Long after an agreement is over, who agreed is forgotten: the row says only that somebody did.

While an image may be used, the signed agreement is what its seller shows. Later it is proof between
the two, for AGREEMENTS_KEPT_YEARS; then nobody needs it, and it is somebody's name and address.
"""

from datetime import datetime

from django.db import transaction

from jewelrymodel.audit.operations import record
from jewelrymodel.generation.models import OwnModel, OwnModelAgreement
from jewelrymodel.generation.operations.own_model_end import TERM
from jewelrymodel.generation.queries import own_models
from jewelrymodel.infra.row_isolation import attempt_each


def forget_agreements(*, now: datetime) -> int:
    """Erase the texts, names and addresses of agreements, and of requests nobody agreed to, that
    are over for long enough; return how many couldn't be.
    """
    due = list(own_models.own_models_to_forget(now=now).values_list("pk", flat=True))
    return attempt_each(due, lambda pk: _forget(pk, now), doing="forgetting")


def _forget(model_id: str, now: datetime) -> None:
    with transaction.atomic():
        due = own_models.own_models_to_forget(now=now).select_for_update(of=("self",))
        model = due.filter(pk=model_id).first()
        if model is None:
            return
        OwnModelAgreement.objects.filter(own_model=model).update(
            text="", text_sha256="", record="", signature=""
        )
        OwnModel.objects.filter(pk=model.pk).update(person_name="", email="")
        record(
            actor=TERM,
            action="own_model.forgotten",
            subject=f"own_model:{model.pk}",
            reason="",
            account_id=model.account_id,
            now=now,
        )

"""Images that a customer calls visibly damaged, and whether we may learn from them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from jewelrymodel.audit import operations as audit
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.support import queries
from jewelrymodel.support.categories import DamageKind
from jewelrymodel.support.models import Case, DamageReport
from jewelrymodel.support.operations.timeline import locked


class NotItsImage(CodedError):
    """This image is none of the generation that the request is about. Nothing was changed."""


@dataclass(frozen=True)
class DamageClaim:
    """One image, what is damaged in it, and where: thousandths of its width and height."""

    image_id: str
    kind: DamageKind
    mark: tuple[int, int] | None = None


def claim_damage(
    case: Case, claims: Collection[DamageClaim], *, consents: bool, now: datetime
) -> None:
    """Add *claims* to a new case, in the caller's transaction; raises NotItsImage.

    *consents*: the seller lets us test our automatic check with what a person confirms of them.
    """
    known = {one.image.pk for one in queries.images_to_review(case)}
    for one in claims:
        if one.image_id not in known:
            raise NotItsImage(image=one.image_id)
        x, y = one.mark or (None, None)
        DamageReport.objects.create(
            case=case,
            image_id=one.image_id,
            kind=one.kind,
            mark_x=x,
            mark_y=y,
            consented_at=now if consents else None,
            created_at=now,
        )


def note_examples_exported(*, count: int, actor: Actor, actor_label: str, now: datetime) -> None:
    """Write down who took so many examples of confirmed damage out of the service."""
    audit.record(
        actor=actor,
        action="damage.examples_exported",
        subject="damage:examples",
        reason=f"{count} examples",
        account_id="",
        actor_label=actor_label,
        now=now,
    )


def set_example_consent(
    *, account_id: str, case_id: str, consents: bool, user_id: int, now: datetime
) -> Case:
    """Return the account's case; its images may be used to test our check from now on, or not any
    more. Raises Case.DoesNotExist.
    """
    with transaction.atomic():
        Case.objects.get(account_id=account_id, pk=case_id)
        case = locked(case_id)
        case.damage_reports.update(consented_at=now if consents else None)
        audit.record(
            actor=Actor.user(user_id),
            action="case.example_consented" if consents else "case.example_consent_withdrawn",
            subject=f"case:{case.pk}",
            reason="",
            account_id=account_id,
            now=now,
        )
    return case

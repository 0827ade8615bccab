"""The images of a request that are, or can be, called visibly damaged."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from jewelrymodel.audit import queries as audit
from jewelrymodel.generation.models import Asset
from jewelrymodel.generation.rules.own_model_terms import STOPPED
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.assessments import Subject, SubjectKind
from jewelrymodel.support.models import Case, DamageReport
from jewelrymodel.support.statuses import DamageVerdict

OPENED_FOR = timedelta(hours=1)
STOPPED_IMAGE_OPENED = "image.opened_after_agreement"


@dataclass(frozen=True)
class ImageToReview:
    """An image that the request's generation delivered, and what the request says of it."""

    image: Asset
    report: DamageReport | None

    @property
    def number(self) -> int:
        """Which image of the generation it is, from 1."""
        return self.image.item.position + 1

    @property
    def is_stopped(self) -> bool:
        """Whether the person in it doesn't agree any more to its being used."""
        model = self.image.item.own_model
        return model is not None and model.status in STOPPED


def images_to_review(case: Case) -> list[ImageToReview]:
    """Return the images of the generation that a case is about, in order; none for other cases."""
    if case.subject_kind != SubjectKind.TASK or case.account_id is None:
        return []
    images = Asset.objects.filter(account_id=case.account_id, item__task=case.subject_id)
    reports = {one.image_id: one for one in case.damage_reports.all()}
    rows = images.select_related("item__task__photo", "item__own_model").order_by("item__position")
    return [ImageToReview(one, reports.get(one.pk)) for one in rows]


def is_remedy_under_way(case: Case) -> bool:
    """Return whether something that was decided about the same generation isn't carried out yet:
    all its images are one loss, of which only what was given back is known.
    """
    if case.account_id is None or case.subject_kind != SubjectKind.TASK:
        return False
    subject = Subject(SubjectKind.TASK, case.subject_id)
    return remedies.is_under_way(account_id=case.account_id, subject=subject)


def reported_images(case: Case) -> list[ImageToReview]:
    """Return those that the request calls damaged, in order."""
    return [one for one in images_to_review(case) if one.report is not None]


def consented_examples() -> list[DamageReport]:
    """Return what a person confirmed and its seller lets us test our check with, oldest first."""
    rows = DamageReport.objects.filter(consented_at__isnull=False, verdict=DamageVerdict.CONFIRMED)
    return list(rows.select_related("image__item__task").order_by("pk"))


def stopped_subject(case: Case, image_id: str) -> str:
    """Return what the audit record calls an image of a case."""
    return f"image:{case.pk}:{image_id}"


def opened_images(*, case: Case, user_id: int, now: datetime) -> set[str]:
    """Return the images of a case that this person opened with a reason, less than OPENED_FOR ago,
    though whoever is in them doesn't agree any more.
    """
    actor = str(Actor.user(user_id))
    prefix = stopped_subject(case, "")
    entries = audit.entries_by(
        actor=actor, action=STOPPED_IMAGE_OPENED, subject_prefix=prefix, since=now - OPENED_FOR
    )
    return {entry.subject.removeprefix(prefix) for entry in entries}

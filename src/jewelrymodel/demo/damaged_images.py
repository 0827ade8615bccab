"""Images whose sellers call them visibly damaged: one confirmed, one that waits for the desk."""

from datetime import datetime, timedelta

from jewelrymodel.demo.seller import Seller
from jewelrymodel.generation import queries as generation
from jewelrymodel.generation.models import Asset
from jewelrymodel.remedies import operations as remedies
from jewelrymodel.remedies.assessments import Subject, SubjectKind
from jewelrymodel.support import operations as support
from jewelrymodel.support.categories import Category, DamageKind
from jewelrymodel.support.models import Case
from jewelrymodel.support.statuses import Channel


def confirm(*, seller: Seller, agent: int, now: datetime) -> None:
    """A seller reports an image and lets us learn from it; an agent sees the damage, too."""
    image = _first(seller, position=1)
    words = "Along the hoop some of the stones are broken off."
    at = now - timedelta(days=3)
    case = _report(seller, image, DamageKind.LOST_PART, (280, 650), words, at, consents=True)
    seen_at = at + timedelta(hours=5)
    decision = support.review_damage(
        case_id=case.pk,
        damaged={image.pk: True},
        reason="You’re right, and we’re sorry: some stones are only half there.",
        user_id=agent,
        now=seen_at,
    )
    if decision is not None:
        remedies.carry_out(decision_id=decision.pk, now=seen_at)
        support.notify_progress(case_id=case.pk, decision=decision, now=seen_at)


def report(*, seller: Seller, now: datetime) -> None:
    """A seller reports an image, and nobody has looked at it yet."""
    words = "In my photo the center stone has four prongs, here I count three."
    at = now - timedelta(hours=22)
    image = _first(seller, position=0)
    _report(seller, image, DamageKind.LOST_PART, (485, 335), words, at)


def _first(seller: Seller, *, position: int) -> Asset:
    """An image of their first generation."""
    images = generation.assets(account_id=seller.account_id).filter(item__position=position)
    return images.order_by("created_at")[0]


def _report(
    seller: Seller,
    image: Asset,
    kind: DamageKind,
    mark: tuple[int, int],
    words: str,
    at: datetime,
    *,
    consents: bool = False,
) -> Case:
    return support.open_case(
        opening=support.Opening(
            account_id=seller.account_id,
            email=seller.email,
            identity_level=3,
            channel=Channel.FORM,
            category=Category.VISIBLY_BROKEN,
            subject=Subject(SubjectKind.TASK, image.item.task_id),
            explanation=words,
            damage=(support.DamageClaim(image.pk, kind, mark),),
            consents_to_example=consents,
        ),
        now=at,
    )

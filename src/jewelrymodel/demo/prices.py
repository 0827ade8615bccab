"""What images cost in the demo from its first visitor on: more worn than alone."""

from datetime import datetime

from jewelrymodel.catalog import operations as catalog
from jewelrymodel.catalog.products import Work
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.studio.look_kinds import LookKind

IMAGE_CREDITS = {LookKind.PACKSHOT: 1, LookKind.MODEL: 2, LookKind.SCENE: 1}


def publish(*, effective_from_at: datetime) -> None:
    """Publish the demo's prices; what was made before cost one credit, and goes on saying so."""
    for kind, quantity in IMAGE_CREDITS.items():
        catalog.publish_credit_price(
            work=Work.IMAGE,
            look_kind=kind,
            quantity=quantity,
            effective_from_at=effective_from_at,
            actor=Actor.system("demo"),
            reason="what images cost in the demo",
            now=effective_from_at,
        )

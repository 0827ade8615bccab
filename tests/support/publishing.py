"""Publishing prices and offers in tests, where who did it and why are not the subject."""

from functools import partial

from jewelrymodel.catalog import operations
from jewelrymodel.kernel.actors import Actor

_SOMEBODY = Actor.system("command-line")
publish_credit_price = partial(
    operations.publish_credit_price, actor=_SOMEBODY, reason="for a test"
)
publish_version = partial(operations.publish_version, actor=_SOMEBODY, reason="for a test")
publish_welcome_offer = partial(
    operations.publish_welcome_offer, actor=_SOMEBODY, reason="for a test"
)

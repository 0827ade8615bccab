"""What can be picked is what the policy's rules know."""

import pytest

from jewelrymodel.policy.facts import SCHEMA
from jewelrymodel.remedies.rules.grounds import ground_of
from jewelrymodel.support.categories import Category


def test_every_ground_of_the_policy_can_be_picked_and_no_other() -> None:
    grounds = {ground_of(one) for one in Category.values}
    assert grounds == set(SCHEMA["request.ground"].values)


@pytest.mark.clause("5.3")
def test_a_visibly_broken_image_is_a_generation_that_failed() -> None:
    assert ground_of(Category.VISIBLY_BROKEN) == "failed_task"
    assert ground_of(Category.STYLE) == "style"

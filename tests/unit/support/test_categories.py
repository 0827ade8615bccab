"""What can be picked is what the policy's rules know."""

from jewelrymodel.policy.facts import SCHEMA
from jewelrymodel.support.categories import Category


def test_every_ground_of_the_policy_can_be_picked_and_no_other() -> None:
    assert set(Category.values) == set(SCHEMA["request.ground"].values)

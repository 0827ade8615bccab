import pytest

from jewelrymodel.accounts.rights import HOLDERS, Act, Holder, acts_of, may
from jewelrymodel.accounts.roles import Role, StaffRole


def test_every_act_belongs_to_somebody_and_every_holder_has_one() -> None:
    assert set(HOLDERS) == set(Act)
    assert all(HOLDERS.values())
    assert frozenset().union(*HOLDERS.values()) == set(Holder)


@pytest.mark.parametrize(
    ("role", "allowed", "refused"),
    [
        (Role.OWNER, {Act.STUDIO, Act.BILLING, Act.PEOPLE}, {Act.DESK, Act.DECIDE}),
        (Role.BILLER, {Act.BILLING, Act.MONEY_REQUESTS, Act.CREDITS}, {Act.STUDIO, Act.ACCOUNT}),
        (Role.MEMBER, {Act.STUDIO, Act.LIBRARY, Act.REQUESTS}, {Act.BILLING, Act.MONEY_REQUESTS}),
        (StaffRole.AGENT, {Act.DECIDE, Act.CASES}, {Act.PRICES, Act.STAFF, Act.RECORD}),
        (StaffRole.OPERATOR, {Act.DECIDE, Act.PRICES, Act.STAFF}, {Act.STUDIO, Act.BILLING}),
    ],
)
def test_what_a_role_may(role: Role | StaffRole, allowed: set[Act], refused: set[Act]) -> None:
    assert all(may(role, act) for act in allowed)
    assert not any(may(role, act) for act in refused)
    assert acts_of(role) >= allowed
    assert not acts_of(role) & refused


def test_an_operator_may_do_all_that_an_agent_may() -> None:
    assert acts_of(StaffRole.AGENT) < acts_of(StaffRole.OPERATOR)

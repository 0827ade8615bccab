"""Who sees requests about money: those are for who pays for an account."""

from jewelrymodel.accounts.rights import Act, may
from jewelrymodel.accounts.roles import Role


def sees_money(role: str) -> bool:
    """Return whether a member in this role may ask and read about payments."""
    return may(Role(role), Act.MONEY_REQUESTS)

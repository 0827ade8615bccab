"""Free credits as the desk shows them: what giving would do, and what became of those given."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.accounts.models import Account
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.ledger import operations, queries
from jewelrymodel.ledger.models import CreditGift
from jewelrymodel.ledger.movement_kinds import GiftState
from jewelrymodel.web.desk.actor_names import names
from jewelrymodel.web.desk.gift_forms import GiftEndForm

Ending = tuple[str, GiftEndForm]
"""A gift's id, and the form by which somebody wanted to end it, with what is wrong in it."""


@dataclass(frozen=True)
class Preview:
    """What a gift would do, before it is given; *may_approve_from*: when its asker may approve."""

    account: Account
    people: str
    available: int
    quantity: int
    waits: bool
    may_approve_from: datetime | None

    @property
    def available_after(self) -> int:
        """What the account could spend then."""
        return self.available + self.quantity

    @property
    def token(self) -> str:
        """What the page sends with Give: which gift its reader has seen the preview of."""
        return f"{self.account.pk} {self.quantity}"


@dataclass(frozen=True)
class Row:
    """One gift as it is listed, with the form that ends it where it can be ended.

    *may_approve_from* is from when who asked for it may approve it, None where a colleague has to.
    """

    gift: CreditGift
    asked_by: str
    second_approver: str
    ended_by: str
    left: int
    is_asker: bool
    may_approve_from: datetime | None
    may_approve: bool
    form: GiftEndForm | None


def preview_of(asked: Mapping[str, Any], now: datetime) -> Preview | None:
    """Return what the gift does that was *asked* for; None without a valid account and number."""
    account, quantity = asked.get("account"), asked.get("quantity")
    if account is None or quantity is None:
        return None
    members = accounts.members_of(account_id=account.pk)
    return Preview(
        account=account,
        people=", ".join(one.user.email for one in members),
        available=queries.balance(account.pk, now).available,
        quantity=quantity,
        waits=operations.needs_approval(account_id=account.pk, quantity=quantity, now=now),
        may_approve_from=operations.self_approval_from(CreditGift(asked_at=now)),
    )


def rows_of(
    gifts: list[CreditGift], ending: Ending | None, *, user_id: int, now: datetime
) -> list[Row]:
    """Return the gifts as *user_id* sees them, each with *ending* where it is the one to end."""
    people = names(
        one for gift in gifts for one in (gift.asked_by, gift.second_approver, gift.ended_by)
    )
    return [
        Row(
            gift=gift,
            asked_by=people[gift.asked_by],
            second_approver=people[gift.second_approver],
            ended_by=people[gift.ended_by],
            left=gift.lot.available if gift.lot else 0,
            is_asker=gift.asked_by == str(Actor.user(user_id)),
            may_approve_from=operations.self_approval_from(gift),
            may_approve=_may_approve(gift, user_id, now),
            form=_ending_form(gift, ending),
        )
        for gift in gifts
    ]


def _may_approve(gift: CreditGift, user_id: int, now: datetime) -> bool:
    if gift.account.closed_at is not None:
        return False
    begins = operations.self_approval_from(gift)
    is_asker = gift.asked_by == str(Actor.user(user_id))
    return not is_asker or (begins is not None and begins <= now)


def _ending_form(gift: CreditGift, ending: Ending | None) -> GiftEndForm | None:
    """The form as it was sent, where it was refused; none where nothing is left to end."""
    if ending and ending[0] == gift.pk:
        return ending[1]
    has_some = gift.state == GiftState.GIVEN and gift.lot is not None and gift.lot.available
    is_open = gift.state == GiftState.PENDING_APPROVAL
    return GiftEndForm(prefix=gift.pk) if is_open or has_some else None

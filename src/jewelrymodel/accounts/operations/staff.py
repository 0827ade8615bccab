"""The rights of our own staff: they begin, change and end, each noted with who did it."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from jewelrymodel.accounts.models import StaffMember, User
from jewelrymodel.accounts.queries import current_staff
from jewelrymodel.accounts.roles import StaffRole
from jewelrymodel.audit import operations as audit
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.one_line import one_line

RIGHTS = "staff rights"
"""The reason on record where nobody gave another."""


class NotStaff(CodedError):
    """Nobody with this address works for us now."""


class LastOperator(CodedError):
    """This is the last operator: nobody would be left who can do everything at the desk."""


def add_staff(
    *,
    email: str,
    name: str = "",
    role: StaffRole,
    actor: Actor,
    actor_label: str = "",
    reason: str = RIGHTS,
    now: datetime,
) -> StaffMember:
    """Return the right of the person with this address, who may be new; raises LastOperator.

    Somebody new has no password. Nor, from then on, has somebody who never confirmed the address:
    anybody may have signed up with it.
    """
    address = email.strip().lower()
    with transaction.atomic():
        user = User.objects.select_for_update().filter(email=address).first()
        if user is None:
            return hire(
                email=address,
                password=None,
                name=name,
                role=role,
                actor=actor,
                actor_label=actor_label,
                reason=reason,
                now=now,
            )
        confirmed = EmailAddress.objects.filter(user=user, email=address, verified=True)
        if not confirmed.exists():
            user.set_unusable_password()
            user.save(update_fields=["password"])
            EmailAddress.objects.update_or_create(
                user=user, email=address, defaults={"primary": True, "verified": True}
            )
        return make_staff(
            user_id=user.pk,
            role=role,
            actor=actor,
            actor_label=actor_label,
            reason=reason,
            now=now,
        )


def hire(
    *,
    email: str,
    password: str | None,
    name: str,
    role: StaffRole,
    actor: Actor,
    actor_label: str = "",
    reason: str = RIGHTS,
    now: datetime,
) -> StaffMember:
    """Return the right of a new person of ours; they belong to no account."""
    with transaction.atomic():
        first, _, last = name.partition(" ")
        user = User.objects.create_user(
            email, password, first_name=one_line(first), last_name=one_line(last), date_joined=now
        )
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        return make_staff(
            user_id=user.pk,
            role=role,
            actor=actor,
            actor_label=actor_label,
            reason=reason,
            now=now,
        )


def make_staff(
    *,
    user_id: int,
    role: StaffRole,
    actor: Actor,
    actor_label: str = "",
    reason: str = RIGHTS,
    now: datetime,
) -> StaffMember:
    """Return the right of somebody of ours, given or changed; raises LastOperator."""
    with transaction.atomic():
        if role != StaffRole.OPERATOR:
            _require_another_operator(user_id, now)
        member, _ = StaffMember.objects.update_or_create(
            user_id=user_id, defaults={"role": role, "since_at": now, "until_at": None}
        )
        _note(user_id, f"staff.{role}", actor, actor_label, reason, now)
    return member


def end_staff(
    *,
    user_id: int,
    actor: Actor,
    actor_label: str = "",
    reason: str = RIGHTS,
    now: datetime,
    even_the_last: bool = False,
) -> None:
    """End the right of somebody of ours, and their sessions, at once.

    Raises NotStaff, and LastOperator unless *even_the_last*. Two at once are taken in turn, so two
    operators can't end each other.
    """
    with transaction.atomic():
        if not even_the_last:
            _require_another_operator(user_id, now)
        if not current_staff(now).filter(user_id=user_id).update(until_at=now):
            raise NotStaff(user=user_id)
        end_sessions(user_id=user_id, now=now)
        _note(user_id, "staff.ended", actor, actor_label, reason, now)


def end_sessions(*, user_id: int, now: datetime) -> None:
    """Sign a person out everywhere; they may sign in again."""
    User.objects.filter(pk=user_id).update(sessions_ended_at=now)


def _require_another_operator(user_id: int, now: datetime) -> None:
    """Raise LastOperator where *user_id* is the only operator; holds the operators' rows."""
    rows = current_staff(now).filter(role=StaffRole.OPERATOR).select_for_update(of=("self",))
    if [row.user_id for row in rows.order_by("pk")] == [user_id]:
        raise LastOperator(user=user_id)


def _note(
    user_id: int, action: str, actor: Actor, actor_label: str, reason: str, now: datetime
) -> None:
    audit.record(
        actor=actor,
        actor_label=actor_label,
        action=action,
        subject=f"user:{user_id}",
        reason=reason,
        account_id="",
        now=now,
    )

from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from jewelrymodel.accounts.roles import BuyerCapacity, Role, StaffRole
from jewelrymodel.kernel.one_line import HIDDEN


class UserManager(BaseUserManager["User"]):
    """Makes users that sign in by e-mail; addresses are kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a saved user; raises ValueError without an address."""
        if not email:
            raise ValueError("a user needs an e-mail address")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a saved user who may enter the staff configuration."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person. What they may do in a tenant is said by memberships, never here."""

    username = None  # type: ignore[assignment]  # the parent's field is taken away: e-mail signs in
    email = models.EmailField(unique=True, max_length=254)
    language = models.CharField(max_length=2, blank=True)  # empty: what the browser prefers
    wants_ready_email = models.BooleanField(default=False, db_default=False)
    sessions_ended_at = models.DateTimeField(null=True)  # those that began before are worth nothing

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]  # ours has no username

    class Meta:
        db_table = "accounts_user"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="accounts_user_email_lower_case",
            ),
            models.CheckConstraint(
                condition=models.Q(language__regex=r"^([a-z]{2})?$"),
                name="accounts_user_language",
            ),
            models.CheckConstraint(
                condition=~models.Q(first_name__regex=f"[{HIDDEN}]")
                & ~models.Q(last_name__regex=f"[{HIDDEN}]"),
                name="accounts_user_names_show",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return what every session of this person carries: another one ends them all.

        Django asks here for the present secret and for former ones. Unchanged where sessions were
        never ended, so an upgrade signs nobody out.
        """
        of_password: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]  # not in the stubs
        if self.sessions_ended_at is None:
            return of_password
        at = self.sessions_ended_at.isoformat()
        return salted_hmac(at, of_password, secret=secret, algorithm="sha256").hexdigest()


class Account(models.Model):
    """The tenant: everything that is bought, made and kept belongs to one.

    The database takes no new work for a closed one (migration 0008): only its books go on.
    """

    id = models.CharField(primary_key=True, max_length=32)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2, blank=True)
    buyer_capacity = models.CharField(
        max_length=10, choices=BuyerCapacity, default=BuyerCapacity.UNKNOWN
    )
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)  # since when nothing names anybody

    class Meta:
        db_table = "accounts_account"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | models.Q(closed_at__isnull=False),
                name="accounts_account_erased_is_closed",
            ),
            models.CheckConstraint(
                condition=models.Q(buyer_capacity__in=BuyerCapacity.values),
                name="accounts_account_buyer_capacity",
            ),
            models.CheckConstraint(
                condition=models.Q(country__regex=r"^([A-Z]{2})?$"),
                name="accounts_account_country",
            ),
            models.CheckConstraint(
                condition=~models.Q(name__regex=f"[{HIDDEN}]"), name="accounts_account_name_shows"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """Who belongs to which account, and as what."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    joined_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_membership"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "user"], name="accounts_membership_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="accounts_membership_role"
            ),
        ]


class Invitation(models.Model):
    """Somebody's address that an owner invited into an account; over once *ended_at* is set: it was
    accepted, revoked or replaced.
    """

    id = models.CharField(primary_key=True, max_length=32)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=10, choices=Role)
    invited_by = models.BigIntegerField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_invitation"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "email"],
                condition=models.Q(ended_at=None),
                name="accounts_invitation_once",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="accounts_invitation_role"
            ),
        ]


class StaffMember(models.Model):
    """Somebody of ours: a right that begins and ends, apart from every account."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="staff_member")
    role = models.CharField(max_length=10, choices=StaffRole)
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_staff_member"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(role__in=StaffRole.values), name="accounts_staff_role"
            ),
            models.CheckConstraint(
                condition=models.Q(until_at=None) | models.Q(until_at__gte=models.F("since_at")),
                name="accounts_staff_ends_after_it_begins",
            ),
        ]

"""Every table that holds something of an account or a person: what is handed out, and what isn't.

A test compares this with the tables that there are, so that a new one can't be forgotten.
"""

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class RecordKind:
    """A table whose rows are handed out as ``data/<file>.json``.

    *owner* is the way from a row to its account, or with *is_personal* to the person who asks.
    *without* names the fields that are left out: keys, secrets, and how our workers share work.
    """

    model: str
    file: str
    about: str | Promise
    owner: str = "account_id"
    is_personal: bool = False
    without: frozenset[str] = frozenset()
    only: Q = field(default_factory=Q)

    def rows(self, *, account_id: str, user_id: int) -> "QuerySet[Any]":
        """Return the rows of the account, or of the person, oldest first."""
        whose = user_id if self.is_personal else account_id
        rows: QuerySet[Any] = apps.get_model(self.model)._default_manager.all()
        return rows.filter(self.only, **{self.owner: whose}).order_by("pk")


_LEASE = ("fence", "lost_leases", "lease_until_at", "step", "steps")
_OURS = Q(internal=False)

EXPORTED: tuple[RecordKind, ...] = (
    RecordKind("accounts.Account", "account", _("Your account"), owner="pk"),
    RecordKind(
        "accounts.User",
        "person",
        _("You: name, email address, language"),
        owner="pk",
        is_personal=True,
        without=frozenset({"password", "is_superuser", "is_staff", "is_active"}),
    ),
    RecordKind("accounts.Membership", "members", _("Who belongs to the account, and as what")),
    RecordKind("accounts.Invitation", "invitations", _("Whom you invited into the account")),
    RecordKind(
        "account.EmailAddress",
        "email_addresses",
        _("Email addresses that you confirmed"),
        owner="user_id",
        is_personal=True,
    ),
    RecordKind(
        "usersessions.UserSession",
        "devices",
        _("Where you’re signed in: browser, address, and since when"),
        owner="user_id",
        is_personal=True,
        without=frozenset({"session_key", "data"}),
    ),
    RecordKind(
        "audit.SecurityEvent",
        "sign_ins",
        _("When you signed in or were refused, and from which network"),
        owner="user_id",
        is_personal=True,
    ),
    RecordKind(
        "catalog.TermsAcceptance",
        "accepted_terms",
        _("Which terms you accepted, and when"),
        owner="user_id",
        is_personal=True,
    ),
    RecordKind("generation.Batch", "batches", _("Photos that you uploaded together")),
    RecordKind("generation.Piece", "pieces", _("Your pieces")),
    RecordKind("generation.Collection", "collections", _("Your collections")),
    RecordKind("generation.CollectionEntry", "collection_entries", _("Which piece is in which")),
    RecordKind(
        "generation.Photo",
        "photos",
        _("Your photos, their cutouts and corrections"),
        without=frozenset(_LEASE),
    ),
    RecordKind(
        "generation.Task",
        "generations",
        _("Your generations: what was ordered, what it cost, how it ended"),
        without=frozenset({*_LEASE, "provider_handle", "idempotency_key", "asked_at", "told_at"}),
    ),
    RecordKind(
        "generation.TaskItem",
        "generation_items",
        _("Each image of a generation, as it was ordered"),
        owner="task__account_id",
    ),
    RecordKind(
        "generation.Asset",
        "images",
        _("Your images and how they were checked"),
        without=frozenset({"cost_micros", "look_hash"}),
    ),
    RecordKind(
        "generation.Attempt",
        "generator_requests",
        _("Which image generator your pieces were sent to, and how that ended"),
        without=frozenset(
            {"key_digest", "remote_id", "price_micros", "cost_micros", "cost_is_sure", "retry_at"}
        ),
    ),
    RecordKind(
        "generation.Selection",
        "choices",
        _("Images that were to be made once their order was paid"),
        without=frozenset({"key"}),
    ),
    RecordKind(
        "generation.SavedScene",
        "saved_scenes",
        _("Scenes that you described and saved under a name"),
    ),
    RecordKind(
        "generation.OwnModel",
        "own_models",
        _("Your own models: whom you asked, and for what; their photos are theirs"),
        without=frozenset({"round"}),
    ),
    RecordKind(
        "generation.OwnModelAgreement",
        "own_model_agreements",
        _("What your own models agreed to"),
        owner="own_model__account_id",
    ),
    RecordKind("ledger.Lot", "credits", _("Your credits: where they come from, when they expire")),
    RecordKind(
        "ledger.Movement",
        "credit_statement",
        _("Your credits statement: every change, and the balance after it"),
        without=frozenset({"idempotency_key", "fingerprint"}),
    ),
    RecordKind("ledger.Hold", "holds", _("Credits that were held for generations")),
    RecordKind("ledger.EntitlementPeriod", "access", _("Which features you had, and when")),
    RecordKind(
        "ledger.Welcome",
        "free_images",
        _("The free credits of a new account, and the hash that shows they were given"),
    ),
    RecordKind(
        "payments.Subscription",
        "subscriptions",
        _("Your subscriptions"),
        without=frozenset({"next_look_at", "renewal_version"}),
    ),
    RecordKind(
        "payments.PlanChange",
        "plan_changes",
        _("Changes of your plan: what was shown, agreed to and charged"),
        owner="subscription__account_id",
    ),
    RecordKind(
        "payments.Order",
        "orders",
        _("Your orders: what was offered, shown and agreed to"),
        without=frozenset(
            {"idempotency_key", "session_id", "session_url", "next_look_at", "next_confirm_at"}
        ),
    ),
    RecordKind(
        "promises.OrderPromise",
        "promises",
        _("What we promised before you paid, signed"),
    ),
    RecordKind(
        "promises.CancellationPromise",
        "cancellation_promises",
        _("What we promised when you canceled, signed"),
    ),
    RecordKind(
        "promises.ChangePromise",
        "change_promises",
        _("What we promised when you changed your plan, signed"),
        owner="change__subscription__account_id",
    ),
    RecordKind(
        "promises.TaskPromise",
        "generation_promises",
        _("Which promise each generation was ordered with"),
        owner="task__account_id",
    ),
    RecordKind("payments.Receipt", "receipts", _("Your receipts; as PDF in the folder receipts")),
    RecordKind("payments.Charge", "charges", _("What your card or account was charged")),
    RecordKind(
        "payments.ChargeTax",
        "taxes",
        _("The tax in what you were charged, with your tax IDs"),
        owner="charge__account_id",
    ),
    RecordKind(
        "payments.Refund",
        "refunds",
        _("Your refunds"),
        without=frozenset({"next_look_at", "refusals", "refusal", "told_state"}),
    ),
    RecordKind(
        "payments.CreditNote",
        "credit_notes",
        _("Your credit notes; as PDF in the folder credit_notes"),
    ),
    RecordKind(
        "payments.ChargeDispute",
        "disputes",
        _("Payments that you disputed with your bank"),
        without=frozenset({"next_look_at"}),
    ),
    RecordKind(
        "remedies.DecisionRecord",
        "decisions",
        _("Our decisions on your requests, with the facts and the clauses"),
    ),
    RecordKind(
        "remedies.RemedyRow",
        "remedies",
        _("What each decision gave you"),
        owner="decision__account_id",
        without=frozenset({"once_key"}),
    ),
    RecordKind(
        "support.Case",
        "requests",
        _("Your requests"),
        without=frozenset({"thread_key", "assigned_to_id"}),
    ),
    RecordKind(
        "support.CaseEntry",
        "messages",
        _("The messages of your requests, from you and from us"),
        owner="case__account_id",
        only=_OURS,
    ),
    RecordKind(
        "support.CaseEntry",
        "emails_sent",
        _("The emails that we sent you about requests; other emails aren’t kept"),
        owner="case__account_id",
        only=_OURS & Q(mailed_at__isnull=False),
    ),
    RecordKind(
        "support.Attachment",
        "attachments",
        _("The pictures of your messages"),
        owner="entry__case__account_id",
        only=Q(entry__internal=False),
    ),
    RecordKind(
        "support.DamageReport",
        "damage_reports",
        _("Images that you called damaged"),
        owner="case__account_id",
    ),
    RecordKind(
        "support.Withdrawal",
        "withdrawals",
        _("Your withdrawals from contracts"),
        owner="case__account_id",
    ),
    RecordKind(
        "support.InboundEmail",
        "emails_received",
        _("The emails that you sent us"),
        owner="case__account_id",
    ),
    RecordKind(
        "privacy.AccountClosing", "closings", _("When the account was closed, and kept after all")
    ),
    RecordKind("privacy.DataExport", "exports", _("Files like this one that you asked for")),
)
"""What is handed out, in the order in which the README lists it."""

NOT_EXPORTED = {
    "account.EmailConfirmation": "links that are on their way",
    "accounts.StaffMember": "the rights of our own staff",
    "accounts.User_groups": "the rights of our own staff",
    "accounts.User_user_permissions": "the rights of our own staff",
    "attestation.AccountHistory": "a digest of records that are handed out",
    "attestation.AttestedRecord": "which night a decision or refund was attested",
    "audit.AuditEntry": "our record of who did what, for our own account",
    "disputes.DisputeWork": "how we handle a bank's question; the dispute itself is handed out",
    "infra.MailMessage": "emails as they came; what they say is handed out as messages",
    "infra.PendingEmail": "emails that are on their way",
    "ledger.CreditGift": "how our team decided on free credits; these are handed out",
    "ledger.HoldLine": "a part of a hold, which is handed out",
    "ledger.LotSuspension": "the dispute that suspended credits is handed out",
    "ledger.Transfer": "the parts of a movement, which is handed out",
    "ledger.Wallet": "a row to lock",
    "mfa.Authenticator": "sealed keys of the second step of signing in",
    "support.CaseVisit": "what our team has open and hasn't sent",
    "support.ConfirmedDecision": "what our team could still undo; its decision is handed out",
    "support.CaseGround": "how our team filed a request; its decisions are handed out",
    "support.CaseMerge": "which requests our team handled as one; they are handed out",
    "support.SilentClosing": "what our team took for spam; the request says that it was closed",
    "payments.SubscriptionSuspension": "the dispute that caused it is handed out",
}
"""The other tables with something of an account or a person, each with why it isn't."""

"""Who may do what: one table of acts, asked at every door of the pages.

``docs/roles.md`` is made of it. What an act is about (which account, which record) is looked up by
the view behind the door; that nobody decides about their own account, by the operation.
"""

from collections.abc import Mapping
from enum import StrEnum

from jewelrymodel.accounts.roles import Role, StaffRole


class Holder(StrEnum):
    """Who can have a right."""

    ANYONE = "anyone"
    KEY = "key"
    """Whoever has what we gave them alone: a link in an email, a secret of a webhook."""
    PERSON = "person"
    OWNER = "owner"
    BILLER = "biller"
    MEMBER = "member"
    AGENT = "agent"
    OPERATOR = "operator"


class Act(StrEnum):
    """What can be done on pages; each belongs to those that the table names."""

    VISIT = "visit"
    SIGN_IN = "sign_in"
    USE_KEY = "use_key"
    PROFILE = "profile"
    STUDIO = "studio"
    LIBRARY = "library"
    OWN_MODELS = "own_models"
    CREDITS = "credits"
    BILLING = "billing"
    REQUESTS = "requests"
    MONEY_REQUESTS = "money_requests"
    SETTINGS = "settings"
    EXPORT = "export"
    ACCOUNT = "account"
    PEOPLE = "people"
    CLOSE_ACCOUNT = "close_account"
    DESK = "desk"
    CASES = "cases"
    SAVED_REPLIES = "saved_replies"
    DECIDE = "decide"
    APPROVE = "approve"
    HELD_ORDERS = "held_orders"
    BANK_TRANSFERS = "bank_transfers"
    INBOUND_EMAIL = "inbound_email"
    PROCESSOR_MESSAGES = "processor_messages"
    INCIDENTS = "incidents"
    REPORTS = "reports"
    MARGINS = "margins"
    SERVICE = "service"
    PRICES = "prices"
    GIVE_CREDITS = "give_credits"
    STAFF = "staff"
    RECORD = "record"


_ALL_MEMBERS = frozenset({Holder.OWNER, Holder.BILLER, Holder.MEMBER})
_MAKERS = frozenset({Holder.OWNER, Holder.MEMBER})
_PAYERS = frozenset({Holder.OWNER, Holder.BILLER})
_OWNERS = frozenset({Holder.OWNER})
_ALL_STAFF = frozenset({Holder.AGENT, Holder.OPERATOR})
_OPERATORS = frozenset({Holder.OPERATOR})

HOLDERS: Mapping[Act, frozenset[Holder]] = {
    Act.VISIT: frozenset({Holder.ANYONE}),
    Act.SIGN_IN: frozenset({Holder.ANYONE}),
    Act.USE_KEY: frozenset({Holder.KEY}),
    Act.PROFILE: frozenset({Holder.PERSON}),
    Act.STUDIO: _MAKERS,
    Act.LIBRARY: _MAKERS,
    Act.OWN_MODELS: _MAKERS,
    Act.CREDITS: _ALL_MEMBERS,
    Act.BILLING: _PAYERS,
    Act.REQUESTS: _ALL_MEMBERS,
    Act.MONEY_REQUESTS: _PAYERS,
    Act.SETTINGS: _ALL_MEMBERS,
    Act.EXPORT: _OWNERS,
    Act.ACCOUNT: _OWNERS,
    Act.PEOPLE: _OWNERS,
    Act.CLOSE_ACCOUNT: _OWNERS,
    Act.DESK: _ALL_STAFF,
    Act.CASES: _ALL_STAFF,
    Act.SAVED_REPLIES: _ALL_STAFF,
    Act.DECIDE: _ALL_STAFF,
    Act.APPROVE: _ALL_STAFF,
    Act.HELD_ORDERS: _ALL_STAFF,
    Act.BANK_TRANSFERS: _ALL_STAFF,
    Act.INBOUND_EMAIL: _ALL_STAFF,
    Act.PROCESSOR_MESSAGES: _ALL_STAFF,
    Act.INCIDENTS: _ALL_STAFF,
    Act.REPORTS: _OPERATORS,
    Act.MARGINS: _OPERATORS,
    Act.SERVICE: _OPERATORS,
    Act.PRICES: _OPERATORS,
    Act.GIVE_CREDITS: _OPERATORS,
    Act.STAFF: _OPERATORS,
    Act.RECORD: _OPERATORS,
}
"""The table. A member has what a person has; everybody has what anyone has."""


def may(role: Role | StaffRole, act: Act) -> bool:
    """Return whether somebody with this *role* may do *act*."""
    return Holder(role) in HOLDERS[act]


def acts_of(role: Role | StaffRole) -> frozenset[str]:
    """Return the words of all acts that *role* alone gives, for a page to ask."""
    return frozenset(act.value for act in Act if may(role, act))

"""What every page's shell needs: brand, theme, whether this is the demo, whose workspace it is."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from jewelrymodel.accounts.models import Account, Membership, StaffMember, User
from jewelrymodel.accounts.queries import NoAccount, membership_of
from jewelrymodel.accounts.rights import acts_of
from jewelrymodel.accounts.roles import Role, StaffRole
from jewelrymodel.catalog import legal_texts
from jewelrymodel.catalog import queries as catalog
from jewelrymodel.catalog.documents import Document
from jewelrymodel.disputes import queries as disputes
from jewelrymodel.disputes.models import DisputeWork
from jewelrymodel.incidents import queries as incidents
from jewelrymodel.infra import email_queue, formats, languages
from jewelrymodel.infra.clock import now, real_now
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.ledger.balances import Balance
from jewelrymodel.policy.legal_text import LegalText
from jewelrymodel.web import cookies
from jewelrymodel.web.feature_labels import feature_label
from jewelrymodel.web.landing import staff_of
from jewelrymodel.web.language import offered
from jewelrymodel.web.tenant import ACCOUNT_KEY

THEME_COOKIE = "theme"
THEMES = ("light", "dark")


@dataclass(frozen=True)
class Workspace:
    """The account that someone signed in works for, and what it can spend."""

    account: Account | None = None
    balance: Balance | None = None
    suspensions: tuple[DisputeWork, ...] = ()

    def outages(self) -> list[tuple[str, str]]:
        """Return each feature that is down and since when, for reading; none for a visitor.

        One query, made where a page of the workspace shows it.
        """
        if self.account is None:
            return []
        return [
            (feature_label(one.feature), formats.moment(one.started_at))
            for one in incidents.running()
        ]


def shell(request: HttpRequest) -> dict[str, object]:
    """Return the variables that every template may use; the workspace is looked up when shown."""
    theme = cookies.read(request, THEME_COOKIE)
    clock = functools.cache(now)  # one instant for all that one page shows
    return {
        "brand": settings.BRAND,
        "legal_entity": settings.LEGAL_ENTITY,
        "legal_address": settings.LEGAL_ADDRESS,
        "support_email": settings.SUPPORT_EMAIL,
        "public_url": settings.PUBLIC_URL,
        "demo": settings.DEMO,
        "email_is_late": SimpleLazyObject(lambda: email_queue.is_late(machine_now=real_now())),
        "texts_to_accept": SimpleLazyObject(lambda: _texts_to_accept(request, clock())),
        "coming_texts": SimpleLazyObject(lambda: legal_texts.coming(clock())),
        "welcome": SimpleLazyObject(lambda: catalog.welcome_offer(clock())),
        "languages": offered(request),
        "page_language": languages.current(),
        "theme": theme if theme in THEMES else "",
        "own_account": SimpleLazyObject(lambda: _own_account(request)),
        "may": SimpleLazyObject(lambda: _may(request)),
        "staff_may": SimpleLazyObject(lambda: _staff_may(request)),
        "staff": SimpleLazyObject(lambda: staff_of(request, clock())),
        "workspace": SimpleLazyObject(lambda: _workspace(request, clock)),
    }


def _texts_to_accept(request: HttpRequest, at: datetime) -> list[tuple[Document, LegalText]]:
    """Those that a form has to show because who sends it hasn't accepted them yet."""
    person = request.user.pk if isinstance(request.user, User) else None
    return catalog.texts_to_accept(user_id=person, at=at)


def _workspace(request: HttpRequest, clock: Callable[[], datetime]) -> Workspace:
    account = _own_account(request)
    if account is None:
        return Workspace()
    suspended = tuple(disputes.suspensions(account_id=account.id))
    balance = getattr(request, "balance", None) or ledger.balance(account.id, clock())
    return Workspace(account, balance, suspended)


def _own_account(request: HttpRequest) -> Account | None:
    membership = _membership(request)
    return membership.account if membership else None


def _may(request: HttpRequest) -> frozenset[str]:
    """What the person who asks may do in the account they work for, by the words of acts."""
    membership = _membership(request)
    return acts_of(Role(membership.role)) if membership else frozenset()


def _staff_may(request: HttpRequest) -> frozenset[str]:
    """What the person who asks may do at the desk, on its pages."""
    member: StaffMember | None = getattr(request, "staff", None)
    return acts_of(StaffRole(member.role)) if member else frozenset()


def _membership(request: HttpRequest) -> Membership | None:
    """That of the door; looked up, once, on pages without one: those of django-allauth."""
    known: Membership | None = getattr(request, "membership", None)
    if known is not None or not isinstance(request.user, User):
        return known
    try:
        chosen = request.session.get(ACCOUNT_KEY)
        found = membership_of(user_id=request.user.pk, account_id=chosen)
    except NoAccount:
        return None
    request.membership = found  # type: ignore[attr-defined]  # as the door would
    return found

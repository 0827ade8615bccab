"""Which acts a view asks for. Doors say it of their views; views without a door, by their list."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext as _

from jewelrymodel.accounts.rights import Act, may
from jewelrymodel.accounts.roles import Role, StaffRole

Patterns = Sequence[URLPattern | URLResolver]


def say_acts(view: Callable[..., Any], *acts: Act) -> None:
    """Have ``acts_of_view`` return *acts* for *view* and for what wraps it."""
    view.acts = acts  # type: ignore[attr-defined]  # functools.wraps carries it on


def acts_of_view(view: Callable[..., Any]) -> tuple[Act, ...]:
    """Return the acts that *view* asks for, all of them; empty where nobody said."""
    acts: tuple[Act, ...] = getattr(view, "acts", ())
    return acts


def without_door(act: Act, patterns: Patterns) -> list[URLPattern | URLResolver]:
    """Return *patterns* of views that let everybody in, for *act*; those with a door stay so."""
    for one in patterns:
        if isinstance(one, URLResolver):
            without_door(act, one.url_patterns)
        elif not acts_of_view(one.callback):
            say_acts(one.callback, act)
    return list(patterns)


def require(role: Role | StaffRole, *acts: Act) -> None:
    """Raise PermissionDenied, with a sentence for its page, where *role* may not do all of it."""
    if all(may(role, act) for act in acts):
        return
    raise PermissionDenied(
        _("Your role in this account doesn’t include this. Ask an owner of the account.")
    )

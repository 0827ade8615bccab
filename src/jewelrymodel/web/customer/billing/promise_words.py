"""A promise in the reader's words: what may happen, and what is decided then."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jewelrymodel.infra.formats import money
from jewelrymodel.policy.decision import REFUNDS, Draft, Outcome, Remedy, RemedyKind
from jewelrymodel.policy.hypotheses import Situation
from jewelrymodel.policy.promise import PromisedLine
from jewelrymodel.policy.promise_document import shown_sha256

_HAPPENS = {
    Situation.UNDELIVERED: gettext_lazy("You’re charged, but nothing is added to your account"),
    Situation.CHARGED_TWICE: gettext_lazy("You’re charged twice for this order"),
    Situation.CANCELED: gettext_lazy("You cancel during a month that you’ve paid for"),
    Situation.CHARGED_AFTER_CANCEL: gettext_lazy("A renewal is charged after you canceled"),
    Situation.OUTAGE_DAY: gettext_lazy("An outage keeps you from generating for a whole day"),
    Situation.HALF_UNUSED: gettext_lazy("Half of the credits stay unused"),
    Situation.CHANGED_MIND: gettext_lazy("You change your mind once the credits are added"),
    Situation.JOB_FAILED: gettext_lazy("The generation fails"),
    Situation.IMAGE_MISSING: gettext_lazy("One of the images isn’t made"),
    Situation.IMAGE_BROKEN: gettext_lazy("The image is blank or broken"),
    Situation.IMAGE_DISLIKED: gettext_lazy("You don’t like an image’s style"),
}
_BUSINESS = "business"
_OF_IMAGES = frozenset(one for one in Situation if one.value.startswith(("job", "image")))


@dataclass(frozen=True)
class PromiseRow:
    """One line of the table: what may happen, what follows, and the clause that says so."""

    happens: str
    follows: str
    clause: str
    edition_on: date


@dataclass(frozen=True)
class ShownPromise:
    """The table, and the digest by which its form says what was shown."""

    sha256: str
    rows: tuple[PromiseRow, ...]


def shown_promise(lines: Iterable[PromisedLine]) -> ShownPromise:
    """Return the table of *lines*, in the reader's language."""
    lines = tuple(lines)
    return ShownPromise(shown_sha256(lines), tuple(map(_row, lines)))


def _row(line: PromisedLine) -> PromiseRow:
    happens = str(_HAPPENS[line.situation])
    return PromiseRow(happens, _follows(line), line.clause, line.edition.date)


def _follows(line: PromisedLine) -> str:
    if not line.remedies:
        return _nothing_given(line)
    given = "; ".join(map(_given, line.remedies))
    if line.outcome is Outcome.PERSON:
        return _("%(remedy)s, once a team member approves it") % {"remedy": given}
    return given


def _given(one: Remedy) -> str:
    if one.kind in REFUNDS:
        return _("%(amount)s back") % {"amount": money(one.amount_minor, one.currency)}
    if one.credits:
        restored = one.kind is RemedyKind.RESTORED_CREDITS
        words = (
            ngettext("%(n)s credit back", "%(n)s credits back", one.credits)
            if restored
            else ngettext("%(n)s credit added", "%(n)s credits added", one.credits)
        )
        return words % {"n": one.credits}
    if one.kind is RemedyKind.ACCESS_CORRECTION:
        return _("We add what you paid for, or pay all of it back")
    return _("We correct what our records show")


def _nothing_given(line: PromisedLine) -> str:
    return " ".join(_parts_of_nothing(line))


def _parts_of_nothing(line: PromisedLine) -> Iterator[str]:
    if line.draft is Draft.DENIAL:
        currency = str(line.facts.get("charge.currency", ""))
        yield _("%(amount)s back") % {"amount": money(0, currency)}
    elif line.outcome is Outcome.ASK:
        yield _("We ask you first")
    elif line.situation not in _OF_IMAGES and line.facts["buyer.capacity"] != _BUSINESS:
        yield _("Our team looks at the law of your country first")
    else:
        yield _("Our team looks at it")
    if line.situation is Situation.CANCELED:
        yield _("(access and credits stay until the month ends)")

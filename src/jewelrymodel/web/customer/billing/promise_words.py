"""A promise in the reader's words: what may happen, and what is decided then."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jewelrymodel.infra.formats import moment, money
from jewelrymodel.kernel.signing import Signed
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


def shown_promise(
    lines: Iterable[PromisedLine], *, kept_until: datetime | None = None
) -> ShownPromise:
    """Return the table of *lines*, in the reader's language; *kept_until*: when a paid month that
    is canceled ends.
    """
    lines = tuple(lines)
    return ShownPromise(shown_sha256(lines), tuple(_row(one, kept_until) for one in lines))


def promise_file(signed: Signed, subject: str) -> HttpResponse:
    """Return a promise as the file that its customer keeps."""
    text = json.dumps(signed.to_json(), ensure_ascii=False, indent=1)
    name = f'attachment; filename="promise-{subject}.json"'
    return HttpResponse(text, "application/json", headers={"Content-Disposition": name})


def _row(line: PromisedLine, kept_until: datetime | None) -> PromiseRow:
    happens = str(_HAPPENS[line.situation])
    return PromiseRow(happens, _follows(line, kept_until), line.clause, line.edition.date)


def _follows(line: PromisedLine, kept_until: datetime | None) -> str:
    if not line.remedies:
        return " ".join(_nothing_given(line, kept_until))
    given = "; ".join(_given(one, line.is_before_tax) for one in line.remedies)
    if line.outcome is Outcome.PERSON:
        return _("%(remedy)s, once a team member approves it") % {"remedy": given}
    return given


def _given(one: Remedy, is_before_tax: bool) -> str:
    if one.kind in REFUNDS and is_before_tax:
        amount = money(one.amount_minor, one.currency)
        return _("%(amount)s back, plus the tax paid on it") % {"amount": amount}
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


def _nothing_given(line: PromisedLine, kept_until: datetime | None) -> Iterator[str]:
    if line.draft is Draft.DENIAL:
        currency = str(line.facts.get("charge.currency", ""))
        yield _("%(amount)s back") % {"amount": money(0, currency)}
    elif line.outcome is Outcome.ASK:
        yield _("We ask you first")
    elif line.situation not in _OF_IMAGES and line.facts["buyer.capacity"] != _BUSINESS:
        yield _("Our team looks at the law of your country first")
    else:
        yield _("Our team looks at it")
    if line.situation is Situation.CANCELED and kept_until:
        end = {"end": moment(kept_until)}
        yield _("(access and credits stay until %(end)s)") % end
    elif line.situation is Situation.CANCELED:
        yield _("(access and credits stay until the month ends)")

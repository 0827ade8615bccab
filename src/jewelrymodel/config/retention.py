"""What is kept how long, and what clears it: one table for ``doctor`` and the document."""

from dataclasses import dataclass

from django.conf import settings

from jewelrymodel.accounts.operations import people
from jewelrymodel.infra import housekeeping
from jewelrymodel.support.operations import case_visits


@dataclass(frozen=True)
class Term:
    """One kind of thing: *kept* so long, set by *setting* ("" where it is fixed), cleared by the
    queue's *task* ("" where it is never); *why* so long, for the desk.
    """

    what: str
    kept: str
    setting: str
    task: str
    why: str


def terms() -> tuple[Term, ...]:
    """Return every kind that is cleared, and at the end those that never are."""
    return (*_of_sellers(), *_of_people(), *_of_the_machine(), *_for_good())


def _of_sellers() -> tuple[Term, ...]:
    """What sellers uploaded, and what is prepared for them."""
    return (
        Term(
            "deleted pieces, photos, images: their files",
            _days(settings.DELETED_KEPT_DAYS),
            "DELETED_KEPT_DAYS",
            "support.purge_deleted",
            "A seller can bring them back meanwhile; a request or dispute about them keeps them.",
        ),
        Term(
            "uploads that nobody took",
            _days(1),
            "",
            "support.purge_deleted",
            "Whoever uploaded may still be choosing.",
        ),
        Term(
            "drafts at the desk, and who looked at which request",
            _days(case_visits.VISITS_KEPT.days),
            "",
            "support.purge_deleted",
            "Somebody may come back to them.",
        ),
        Term(
            "files with somebody’s data",
            _days(settings.DATA_EXPORTS_KEPT_DAYS),
            "DATA_EXPORTS_KEPT_DAYS",
            "privacy.sweep",
            "Long enough to download it; it holds everything about them.",
        ),
        Term(
            "closed accounts: photos, images, names",
            _days(settings.CLOSING_UNDO_DAYS),
            "CLOSING_UNDO_DAYS",
            "privacy.sweep",
            "Closing can be undone meanwhile; open requests, disputes, and refunds end first.",
        ),
    )


def _of_people() -> tuple[Term, ...]:
    """Who somebody is, and what they did."""
    return (
        Term(
            "models’ agreements, names and addresses, once over",
            _years(settings.AGREEMENTS_KEPT_YEARS),
            "AGREEMENTS_KEPT_YEARS",
            "generation.end_own_models",
            "To show that the person agreed, for as long as a claim can be made.",
        ),
        Term(
            "sign-ins",
            _days(settings.SESSION_COOKIE_AGE // 86_400),
            "",
            "accounts.forget_ended_sessions",
            "Nobody signs in again each day.",
        ),
        Term(
            "the record of sign-ins, failed ones and refusals",
            _days(settings.SECURITY_EVENTS_KEPT_DAYS),
            "SECURITY_EVENTS_KEPT_DAYS",
            "accounts.forget_security_events",
            "To see an attack that began a while ago.",
        ),
        Term(
            "invitations that ended",
            _days(people.KEPT_AFTER.days),
            "",
            "accounts.forget_invitations",
            "So that an owner sees who didn’t answer.",
        ),
    )


def _of_the_machine() -> tuple[Term, ...]:
    """What can be made anew, or is of use for a while only."""
    return (
        Term(
            "previews, downloads in other sizes",
            _days(housekeeping.REMADE_KEPT.days),
            "",
            "infra.clear_files",
            "They are made anew when somebody asks for them.",
        ),
        Term(
            "files that were half written",
            _days(housekeeping.HALVES_KEPT.days),
            "",
            "infra.clear_files",
            "Nobody can use them; a process may still be writing.",
        ),
        Term(
            "jobs that were given up",
            _days(housekeeping.GIVEN_UP_KEPT.days),
            "",
            "infra.clear",
            "To look for the reason in the log.",
        ),
        Term(
            "jobs of a sweeper whose worker died",
            _days(housekeeping.KEYED_KEPT.days),
            "",
            "infra.clear",
            "Another was started long ago.",
        ),
        Term(
            "counters of limits, cached values",
            "until they are over",
            "",
            "infra.clear",
            "They count for nothing afterwards.",
        ),
    )


def _for_good() -> tuple[Term, ...]:
    """What nothing removes."""
    return (
        Term(
            "books, orders, decisions, the audit record",
            "for good",
            "RECORDS_KEPT_YEARS",
            "",
            "Law asks for them for years, and what was decided has to stay provable.",
        ),
        Term(
            "mails to support, as they came",
            "for good",
            "",
            "",
            "What a customer wrote may decide a request.",
        ),
        Term(
            "files that no row names",
            "for good",
            "",
            "",
            "A backup may bring back what names them.",
        ),
    )


def table() -> str:
    """Return the terms as a table of the document, with the defaults of this installation."""
    head = "| What | Kept | Setting | Cleared by |\n|---|---|---|---|\n"
    return head + "".join(
        f"| {one.what} | {one.kept} | {f'`{one.setting}`' if one.setting else '–'} "
        f"| {f'`{one.task}`' if one.task else 'nothing'} |\n"
        for one in terms()
    )


def _days(many: int) -> str:
    return "a day" if many == 1 else f"{many} days"


def _years(many: int) -> str:
    return "a year" if many == 1 else f"{many} years"

"""What is kept how long, and what clears it: one table for ``doctor`` and the document."""

from dataclasses import dataclass

from django.conf import settings

from jewelrymodel.infra import housekeeping


@dataclass(frozen=True)
class Term:
    """One kind of thing: *kept* so long, set by *setting* ("" where it is fixed), cleared by the
    queue's *task* ("" where it is never).
    """

    what: str
    kept: str
    setting: str
    task: str


def terms() -> tuple[Term, ...]:
    """Return every kind that is cleared, and at the end those that never are."""
    return (
        Term(
            "deleted pieces, photos, images: their files",
            _days(settings.DELETED_KEPT_DAYS),
            "DELETED_KEPT_DAYS",
            "support.purge_deleted",
        ),
        Term("uploads that nobody took", _days(1), "", "support.purge_deleted"),
        Term(
            "files with somebody’s data",
            _days(settings.DATA_EXPORTS_KEPT_DAYS),
            "DATA_EXPORTS_KEPT_DAYS",
            "privacy.sweep",
        ),
        Term(
            "closed accounts: photos, images, names",
            _days(settings.CLOSING_UNDO_DAYS),
            "CLOSING_UNDO_DAYS",
            "privacy.sweep",
        ),
        Term(
            "models’ agreements, names and addresses, once over",
            _years(settings.AGREEMENTS_KEPT_YEARS),
            "AGREEMENTS_KEPT_YEARS",
            "generation.end_own_models",
        ),
        Term(
            "sign-ins",
            _days(settings.SESSION_COOKIE_AGE // 86_400),
            "",
            "accounts.forget_ended_sessions",
        ),
        Term(
            "previews, downloads in other sizes",
            _days(housekeeping.REMADE_KEPT.days),
            "",
            "infra.clear_files",
        ),
        Term(
            "files that were half written",
            _days(housekeeping.HALVES_KEPT.days),
            "",
            "infra.clear_files",
        ),
        Term("jobs that were given up", _days(housekeeping.GIVEN_UP_KEPT.days), "", "infra.clear"),
        Term(
            "jobs of a sweeper whose worker died",
            _days(housekeeping.KEYED_KEPT.days),
            "",
            "infra.clear",
        ),
        Term("counters of limits, cached values", "until they are over", "", "infra.clear"),
        Term("books, orders, decisions, the audit record", "for good", "RECORDS_KEPT_YEARS", ""),
        Term("mails to support, as they came", "for good", "", ""),
        Term("files that no row names", "for good", "", ""),
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

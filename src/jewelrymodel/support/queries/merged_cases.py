"""Cases that were merged, or could be."""

from django.db.models import Q

from jewelrymodel.support.models import Case
from jewelrymodel.support.statuses import CaseState


def merged_into(case: Case) -> list[Case]:
    """Return the cases that were merged into this one, by number."""
    return list(Case.objects.filter(merged_into=case).order_by("number"))


def others_of_customer(case: Case, *, limit: int) -> list[Case]:
    """Return the newest other cases of the same proven customer that stand by themselves, and that
    were written from the same address: what we answer goes there.
    """
    if case.identity_level < 2:
        return []
    same = Q(account=case.account_id, email__iexact=case.email)
    rows = Case.objects.filter(same, identity_level__gte=2).exclude(pk=case.pk)
    return list(rows.exclude(state=CaseState.MERGED).order_by("-opened_at")[:limit])

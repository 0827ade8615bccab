"""Requests of unconfirmed senders from before they waited: a promised date holds, others wait."""

import pytest
from django.core.management import call_command

from jewelrymodel.support.models import Case, CaseEntry
from jewelrymodel.support.statuses import CaseState
from tests.support.former_schema import migrate_back
from tests.support.inbound_email import arrive, letter
from tests.support.shop import at_the_desk, now, register_terms

_BEFORE = "0022_closings_are_sampled"
UNDELIVERED, PROMISED, TO_BE_MAILED, ASSIGNED, NOTED, CLOSED = range(6)


@pytest.mark.usefixtures("committing_db")
def test_only_those_to_whom_nothing_was_promised_wait_for_their_sender() -> None:
    register_terms()
    for number in range(6):
        arrive(letter(f"writer{number}@else.example", "Help", "Where is my ring?"))
    cases = list(Case.objects.order_by("number"))
    vera = at_the_desk()
    vera.post(f"/desk/cases/{cases[ASSIGNED].pk}/assign")
    vera.post(f"/desk/cases/{cases[NOTED].pk}/note", {"text": "I called them"})
    vera.post(f"/desk/cases/{cases[CLOSED].pk}/close-silently", {"text": "Spam"})
    migrate_back("support", _BEFORE)
    Case.objects.filter(state=CaseState.UNPROVEN).update(state=CaseState.OPEN, paused_at=None)
    told = CaseEntry.objects.filter(kind="message_out")
    told.exclude(case=cases[TO_BE_MAILED]).update(mail_due=False)
    told.filter(case=cases[PROMISED]).update(mail_due=True, mailed_at=now())
    call_command("migrate", verbosity=0)
    states = dict(Case.objects.values_list("pk", "state"))
    assert [states[one.pk] for one in cases] == ["unproven", *["open"] * 4, "closed"]
    (waiting,) = Case.objects.filter(state=CaseState.UNPROVEN)
    assert waiting.paused_at == waiting.opened_at
    note = CaseEntry.objects.filter(case=waiting, internal=True).latest("pk")
    assert "it waits for its sender" in note.text
    call_command("migrate", verbosity=0)
    assert CaseEntry.objects.filter(text=note.text).count() == 1

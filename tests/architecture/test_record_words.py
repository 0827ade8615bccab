"""Whatever is written into the audit record can be read there in words."""

import re

import pytest

from jewelrymodel.accounts.roles import Role, StaffRole
from jewelrymodel.generation.statuses import OwnModelStatus
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments.statuses import PayoutWay, PlanChangeState, RefundState
from jewelrymodel.web.desk import act_labels, actor_names
from jewelrymodel.web.desk.record import ACTS
from tests.support.audit_acts import SOURCE, acts_in_source

AT_RUN_TIME = {
    "member.*": Role.values,
    "member.invited.*": Role.values,
    "member.joined.*": Role.values,
    "staff.*": StaffRole.values,
    "order.payout_*": PayoutWay.values,
    "order.transfer_*": [
        RefundState.SUCCEEDED.value,
        RefundState.FAILED.value,
        RefundState.CANCELED.value,
    ],
    "subscription.change_*": PlanChangeState.values,
    "own_model.*": [OwnModelStatus.LAPSED.value, OwnModelStatus.EXPIRED.value],
}
"""What stands for the star of an act whose end is only known at run time."""


def acts() -> set[str]:
    """Every act, each star replaced."""
    found, _unread = acts_in_source()
    return {name.replace("*", end) for name in found for end in AT_RUN_TIME.get(name, ("*",))}


def test_every_call_says_which_act_it_writes() -> None:
    _found, unread = acts_in_source()
    assert unread == ()


def test_every_act_has_words_and_no_words_are_left_over() -> None:
    known = acts()
    assert len(known) > 60  # that the calls are found at all
    worded = set(act_labels._ACTS)
    assert known - worded == set()
    assert worded - known == set()


def test_every_act_is_in_a_group_that_the_record_can_be_narrowed_to() -> None:
    groups = tuple(begin for begins in ACTS.values() for begin in begins.begins)
    assert {name for name in acts() if not name.startswith(groups)} == set()


def test_every_kind_of_subject_has_words() -> None:
    text = "\n".join(path.read_text() for path in SOURCE.rglob("*.py"))
    kinds = set(re.findall(r'subject=f"([a-z_]+):', text))
    assert len(kinds) > 10
    assert kinds <= set(act_labels._SUBJECTS)


def test_every_part_of_the_service_that_acts_has_a_name() -> None:
    text = "\n".join(path.read_text() for path in SOURCE.rglob("*.py"))
    parts = {Actor.system(name) for name in re.findall(r'Actor\.system\("([^"]+)"\)', text)}
    assert len(parts) > 15
    assert parts - actor_names._systems().keys() == set()


@pytest.mark.parametrize("text", ["later:1", "odd", ""])
def test_what_a_later_version_wrote_is_shown_by_its_code(text: str) -> None:
    subject = act_labels.subject_of(text)
    assert (str(subject.kind), subject.page) == (text.partition(":")[0], "")
    assert act_labels.act_label("later.done") == "later.done"

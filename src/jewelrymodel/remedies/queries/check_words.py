"""What a decision owes to the automatic check of images: its version, and how often it is wrong."""

from django.utils.translation import gettext as _

from jewelrymodel.infra import formats
from jewelrymodel.policy.decision import Decision
from jewelrymodel.policy.facts import Value

_RESULT = "task.sound"


def uses_check(decision: Decision) -> bool:
    """Return whether the result of the check had a part in a decision: a rule that held read it, or
    a person saw what it had missed.
    """
    if "task.check_version" not in decision.facts:
        return False
    return _damaged(decision) > 0 or any(_RESULT in one.reads for one in decision.held)


def check_words(decision: Decision) -> str:
    """Return what the check said, in which version, and how often that misses damage; empty where
    it had no part in the decision.
    """
    if not uses_check(decision):
        return ""
    values = {name: fact.value for name, fact in decision.facts.items()}
    return f"{_said(decision, values)} {_rate(values)}"


def _said(decision: Decision, values: dict[str, Value]) -> str:
    if _damaged(decision):
        words = _(
            "Our team confirmed visible damage that our automatic check (%(version)s) missed."
        )
    elif values[_RESULT]:
        words = _(
            "Our automatic check (%(version)s) found no damage in these images. It can be wrong, "
            "so it never decides against you."
        )
    else:
        words = _("Our automatic check (%(version)s) found damage in these images.")
    return words % {"version": _version(str(values["task.check_version"]))}


def _version(name: str) -> str:
    if name == "unknown":
        return _("an earlier version")
    return _("version %(name)s") % {"name": name}


def _rate(values: dict[str, Value]) -> str:
    planted = int(values.get("task.check_planted_damages", 0))
    if not planted:
        return _("How often that version misses damage was not measured.")
    missed = int(values["task.check_missed_damages"])
    words = _("In our tests, that version missed %(missed)s of %(planted)s planted damages.")
    return words % {"missed": formats.number(missed), "planted": formats.number(planted)}


def _damaged(decision: Decision) -> int:
    fact = decision.facts.get("task.damaged_images")
    return int(fact.value) if fact else 0

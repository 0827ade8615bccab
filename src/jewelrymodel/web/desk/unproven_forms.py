"""What an agent chooses to close of the requests whose senders haven't confirmed their address."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from jewelrymodel.web.fields import WordsField

CHOSEN, ALL = "chosen", "all"


class CloseUnprovenForm(forms.Form):
    """Some or all of them, and why; *read_up_to* is what was written last when they were listed."""

    what = forms.ChoiceField(choices=[(CHOSEN, ""), (ALL, "")])
    read_up_to = forms.IntegerField(min_value=0)
    reason = WordsField(
        label=_("Reason"),
        help_text=_("Only colleagues read it."),
        max_length=200,
        error_messages={"required": _("Enter a reason.")},
    )

    def __init__(self, posted: QueryDict | None = None, *, initial: dict[str, str] | None = None):
        super().__init__(posted, initial=initial)
        self.chosen = posted.getlist("chosen") if posted else []

    @property
    def case_ids(self) -> list[str] | None:
        """The ids that were chosen; None for all."""
        return None if self.data.get("what") == ALL else self.chosen

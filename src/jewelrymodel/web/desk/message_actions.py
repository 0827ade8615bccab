"""What can be written in a request: a note, a reply, a question, a later day, a closing."""

from dataclasses import dataclass

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from jewelrymodel.web.desk.request_forms import ExtendForm, MessageForm, OutgoingForm, ReasonForm


@dataclass(frozen=True)
class MessageAction:
    """Something to write in a request: its form, its address, its heading, and its button."""

    name: str
    form: type[forms.Form]
    page: str
    title: str | Promise
    hint: str | Promise
    button: str | Promise
    needs_open: bool = True
    ends_it: bool = False
    needs_clock: bool = False


MESSAGE_ACTIONS = (
    MessageAction(
        "note",
        MessageForm,
        "desk_add_note",
        gettext_lazy("Add an internal note"),
        gettext_lazy("Only colleagues read it."),
        gettext_lazy("Add note"),
        needs_open=False,
    ),
    MessageAction(
        "reply",
        OutgoingForm,
        "desk_reply",
        gettext_lazy("Reply to the customer"),
        gettext_lazy("The clock keeps running."),
        gettext_lazy("Send reply"),
        needs_open=False,
    ),
    MessageAction(
        "ask",
        OutgoingForm,
        "desk_ask",
        gettext_lazy("Ask for missing information (7.1–7.5)"),
        gettext_lazy("The clock is paused until the customer replies."),
        gettext_lazy("Send question"),
    ),
    MessageAction(
        "extend",
        ExtendForm,
        "desk_extend",
        gettext_lazy("Extend the deadline (7.7)"),
        gettext_lazy("The customer is emailed the reason and the new date."),
        gettext_lazy("Extend deadline"),
        needs_clock=True,
    ),
    MessageAction(
        "close",
        ReasonForm,
        "desk_close",
        gettext_lazy("Close with a message"),
        gettext_lazy("The customer is emailed the reason."),
        gettext_lazy("Close request"),
        ends_it=True,
    ),
    MessageAction(
        "close_silently",
        ReasonForm,
        "desk_close_silently",
        gettext_lazy("Close silently (spam, not ours)"),
        gettext_lazy("Nobody is emailed. Only colleagues read the reason."),
        gettext_lazy("Close silently"),
        ends_it=True,
    ),
)
"""A note is first, and open: what is written by habit stays inside."""


def message_form(name: str, posted: QueryDict | None = None, *, draft: str = "") -> forms.Form:
    """Return the form of the message action called *name*; unposted, with what was typed before."""
    kind = next(one.form for one in MESSAGE_ACTIONS if one.name == name)
    return kind(posted, initial={"text": draft} if draft else None, auto_id=f"{name}_%s")

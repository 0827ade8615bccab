"""Saved replies: the texts that our team inserts into messages, and who changed them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import clock
from jewelrymodel.infra.languages import LANGUAGES
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import SavedReply
from jewelrymodel.support.models.replies import LONGEST_REPLY, LONGEST_TITLE
from jewelrymodel.web.desk import actor_names
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.act_labels import act_label
from jewelrymodel.web.desk.queue_views import queue_views
from jewelrymodel.web.desk.refusal_messages import CONFLICT, refusal_message
from jewelrymodel.web.fields import WordsField
from jewelrymodel.web.form_addresses import form_of

PLACEHOLDER_LABELS = {
    "name": gettext_lazy("customer’s first name, or the account name"),
    "request": gettext_lazy("number of the request"),
    "order": gettext_lazy("number of the order"),
    "amount": gettext_lazy("amount paid for the order"),
    "date": gettext_lazy("payment date of the order"),
    "deadline": gettext_lazy("deadline for our answer"),
}


class ReplyForm(forms.Form):
    """A reply: its title, its language, and its text with placeholders."""

    seen_at = forms.CharField(widget=forms.HiddenInput, required=False)
    title = WordsField(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("Only colleagues read it. The same title in each language."),
        max_length=LONGEST_TITLE,
        error_messages={"required": gettext_lazy("Enter a title.")},
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=[(one.code, one.name) for one in LANGUAGES]
    )
    text = WordsField(
        label=gettext_lazy("Text"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=LONGEST_REPLY,
        error_messages={"required": gettext_lazy("Enter the text of the reply.")},
    )


@require_safe
@for_staff(Act.DESK)
def index(request: StaffRequest) -> HttpResponse:
    """List the saved replies, with the forms to add and to change one."""
    return _show(request)


@for_staff(Act.SAVED_REPLIES)
@form_of("desk_replies")
def add(request: StaffRequest) -> HttpResponse:
    """Add a reply."""
    return _save(request, None)


@for_staff(Act.SAVED_REPLIES)
@form_of("desk_replies")
def change(request: StaffRequest, reply_id: int) -> HttpResponse:
    """Change a reply; what was sent stays."""
    return _save(request, reply_id)


@for_staff(Act.SAVED_REPLIES)
@form_of("desk_replies")
def remove(request: StaffRequest, reply_id: int) -> HttpResponse:
    """Remove a reply; what it said stays in the record."""
    try:
        operations.remove_reply(reply_id=reply_id, user_id=request.user.pk, now=clock.now())
    except SavedReply.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Reply removed. Its text is kept under Changes."))
    return redirect("desk_replies")


def _save(request: StaffRequest, reply_id: int | None) -> HttpResponse:
    form = _form(reply_id, request.POST)
    if not form.is_valid():
        return _show(request, reply_id, form, status=422)
    data = form.cleaned_data
    try:
        operations.save_reply(
            title=data["title"].strip(),
            language=data["language"],
            text=data["text"].strip(),
            user_id=request.user.pk,
            now=clock.now(),
            reply_id=reply_id,
            seen_at=parse_datetime(data["seen_at"]) if reply_id is not None else None,
        )
    except SavedReply.DoesNotExist:
        raise Http404 from None
    except operations.ReplyRefused as refusal:
        form.add_error(None, refusal_message(refusal))
        return _show(request, reply_id, form, status=CONFLICT)
    messages.success(request, _("Reply saved."))
    return redirect("desk_replies")


def _form(reply_id: int | None, posted: Any = None, *, row: SavedReply | None = None) -> ReplyForm:
    initial = {}
    if row is not None:
        initial = {"title": row.title, "language": row.language, "text": row.text}
        initial["seen_at"] = row.changed_at.isoformat()
    return ReplyForm(posted, initial=initial, auto_id=f"reply_{reply_id or 'new'}_%s")


def _show(
    request: StaffRequest,
    reply_id: int | None = None,
    filled: ReplyForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    rows, changes = queries.saved_replies(), queries.reply_changes()
    names = actor_names.names([one.actor for one in changes] + [one.changed_by for one in rows])
    language_names = {one.code: one.name for one in LANGUAGES}
    context = {
        "views": queue_views("desk_replies"),
        "rows": [
            (
                one,
                language_names.get(one.language, one.language),
                names[one.changed_by],
                filled if filled and one.pk == reply_id else _form(one.pk, row=one),
            )
            for one in rows
        ],
        "form": filled if filled and reply_id is None else _form(None),
        "placeholders": [(f"{{{name}}}", label) for name, label in PLACEHOLDER_LABELS.items()],
        "changes": [(one, act_label(one.action), names[one.actor]) for one in changes],
    }
    return render(request, "desk/saved_replies.html", context, status=status)

"""What is new about a request while an agent has its page open; what they type is kept with it."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import clock
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.responses import or_404

_DRAFT = "draft_"
_MOST_FORMS = 12


@dataclass(frozen=True)
class CaseNews:
    """Who else has a request open, its customer's newest message, and whether it waits for us."""

    case: Case
    colleagues: list[str]
    newest_message: int
    is_confirmed: bool


def case_news(user_id: int, case: Case) -> CaseNews:
    """Return what is new about *case* for the colleague with this id."""
    ids = queries.visitors(case_id=case.pk, but_user_id=user_id, now=clock.now())
    names = accounts.names_of(user_ids=ids)
    return CaseNews(
        case,
        [names.get(one, str(one)) for one in ids],
        queries.newest_message(case_id=case.pk),
        queries.pending_decision(case_id=case.pk) is not None,
    )


@for_staff(Act.CASES)
@form_of("desk_case")
def visit(request: StaffRequest, case_id: str) -> HttpResponse:
    """Note that a colleague has the page open, keep what they typed, and say what is new since.

    The page sends what it shows: its newest message, its state, and whether a decision waits.
    """
    drafts = {
        name.removeprefix(_DRAFT): str(text)
        for name, text in list(request.POST.items())[: _MOST_FORMS + 5]
        if name.startswith(_DRAFT) and len(name) < 40
    }
    or_404(
        lambda: operations.visit(
            case_id=case_id, user_id=request.user.pk, drafts=drafts, now=clock.now()
        )
    )
    news = case_news(request.user.pk, queries.case(case_id=case_id))
    shown = request.POST
    context = {
        "news": news,
        "has_new_message": str(news.newest_message) != shown.get("message"),
        "has_moved": (news.case.state, str(news.is_confirmed))
        != (shown.get("state"), shown.get("confirmed")),
    }
    return render(request, "desk/_case_news.html", context)

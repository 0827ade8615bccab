"""What the policy says of a request now, or the sentence that says why that can't be said."""

from django.utils.translation import gettext as _

from jewelrymodel.infra import clock
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.policy.decision import REFUNDS
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.assessments import Assessment, RequestFacts
from jewelrymodel.support import queries
from jewelrymodel.support.models import Case
from jewelrymodel.web.desk.refusal_messages import (
    FACTS_UNAVAILABLE,
    TERMS_UNAVAILABLE,
    refusal_message,
)


def assessed(case: Case) -> tuple[Assessment | None, str]:
    """Return what the policy says of a case now, or why that can't be said."""
    return assessed_facts(queries.request_facts(case))


def assessed_facts(facts: RequestFacts | None) -> tuple[Assessment | None, str]:
    """Return what the policy says of these facts now, or why that can't be said."""
    if facts is None:
        return None, _(
            "The sender hasn’t verified that an account is theirs, so no records are shown."
        )
    try:
        return deciding.assess(request=facts, now=clock.now()), ""
    except remedies.UnknownSubject:
        return None, _("The order or generation that was named isn’t in this account.")
    except deciding.TermsNotAtHand:
        return None, str(TERMS_UNAVAILABLE)
    except (ProcessorDown, ProcessorRefused):
        return None, str(FACTS_UNAVAILABLE)


def why_not_recommended(assessment: Assessment | None) -> str:
    """Return why what is recommended can't be carried out now; empty where it can."""
    if assessment is None:
        return ""
    if remedies.rests_on_running_outage(assessment.decision):
        return refusal_message(deciding.RemedyUnfit(deciding.Unfit.OUTAGE_RUNS))
    if not any(one.kind in REFUNDS for one in assessment.decision.remedies):
        return ""
    known = {name: fact.value for name, fact in assessment.decision.facts.items()}
    unfit = deciding.why_no_refund(known)
    return refusal_message(unfit) if unfit else ""

"""Why something can't be done with an own model, as its seller reads it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jewelrymodel.generation.operations import own_model_request, own_model_set_up
from jewelrymodel.infra import rate_limiter
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.studio.messages import StudioRefusal
from jewelrymodel.studio.own_model import SetUpUnusable
from jewelrymodel.web.studio_messages.display import refusal_sentence

_SENTENCES: dict[str, Promise] = {
    SetUpUnusable.code: _(
        "Please check the handles and the length: the handles have to be apart and inside of the "
        "photo, and the length one that people have. Nothing was changed."
    ),
    own_model_set_up.NotAgreed.code: _("The person hasn’t agreed, or doesn’t any more."),
    own_model_set_up.FrontUnreadable.code: _("What you painted couldn’t be read."),
    own_model_set_up.NothingToShow.code: _(
        "Approve the cutout of a piece that is worn there, then it is shown here."
    ),
    own_model_request.TermUnlikely.code: _(
        "Choose a last day between tomorrow and five years from now."
    ),
    own_model_request.TooManyModels.code: _(
        "Your account has 20 models already. Remove one that you no longer need."
    ),
    own_model_request.NotAsking.code: _("This request isn’t open any more. Nothing was sent."),
    own_model_request.NothingToEnd.code: _("This model was removed already."),
    rate_limiter.TooOften.code: _(
        "You’ve asked several times today. Please wait until tomorrow. Nothing was sent."
    ),
}


def model_refusal(refusal: CodedError) -> str:
    """Return the sentence for a refusal, ours or the studio's."""
    if isinstance(refusal, StudioRefusal):
        return refusal_sentence(refusal)
    return str(_SENTENCES[refusal.code])

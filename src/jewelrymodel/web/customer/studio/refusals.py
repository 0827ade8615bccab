"""Why something can't be done with a photo, a generation or an image, as its seller reads it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jewelrymodel.generation import operations
from jewelrymodel.infra import rate_limiter
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.ledger import operations as ledger
from jewelrymodel.studio.messages import StudioRefusal
from jewelrymodel.web.studio_messages.display import refusal_sentence
from jewelrymodel.web.studio_messages.scene_labels import words_refusal

DOWNLOAD_SUSPENDED = _(
    "Downloads of this image are suspended because the payment for its credits is disputed or "
    "was returned."
)

_SENTENCES: dict[str, Promise] = {
    operations.AgreementOver.code: _(
        "The person in this image doesn’t agree to its use any more, so it can’t be shown or "
        "downloaded. Please take it down wherever you published it."
    ),
    operations.AspectUnknown.code: _(
        "Please choose at least one format that your looks come in. No credits were charged."
    ),
    operations.BatchFull.code: _(
        "This batch is full: it holds 200 photos. Start another batch for the others."
    ),
    operations.CutoutChanged.code: _(
        "This cutout was changed in another tab or window since you opened this page."
    ),
    operations.DownloadSuspended.code: DOWNLOAD_SUSPENDED,
    operations.FileTooLarge.code: _(
        "One of the files is larger than this marketplace takes. Download the image by itself in a "
        "smaller size."
    ),
    operations.GenerationUnderWay.code: _(
        "A generation of it is under way. Wait until it’s finished, or cancel it; then delete it. "
        "Nothing was deleted."
    ),
    operations.LookUnknown.code: _(
        "One of these looks isn’t available for this piece with this generator. Please choose "
        "again; no credits were charged."
    ),
    ledger.NotEnoughCredits.code: _(
        "The credits were used for something else meanwhile. No generation was started."
    ),
    ledger.LotSuspended.code: _(
        "The credits that this needs are suspended. No generation was started."
    ),
    operations.NoLookChosen.code: _("Please choose at least one look. No credits were charged."),
    operations.NoPhotoChosen.code: _(
        "Please select at least one piece that this look can show. No credits were charged."
    ),
    operations.NotShown.code: _(
        "There is no cutout waiting for your approval. Nothing was changed."
    ),
    operations.OutOfBounds.code: _(
        "The piece was moved farther than this look allows. Nothing was charged; please reset it "
        "or move it less."
    ),
    operations.NothingToUndo.code: _("This can’t be brought back any more."),
    operations.PhotoNotApproved.code: _(
        "Please approve the cutout first. No credits were charged."
    ),
    operations.PhotoKnown.code: _("You have this photo already."),
    operations.PieceFull.code: _(
        "This piece has six photos already. Delete one first, or add this photo as another piece."
    ),
    operations.PriceRisen.code: _(
        "Prices changed since you opened this page. Nothing was made or charged: the new prices "
        "are below, press again if you agree."
    ),
    operations.SizeUnlikely.code: _(
        "Enter the piece’s actual size in millimeters, between 2 and 600. Nothing was changed."
    ),
    operations.SkuTaken.code: _("Another of your pieces has this SKU. Choose another one."),
    operations.CollectionNameTaken.code: _("Another of your collections has this name."),
    operations.SceneNameMissing.code: _("Enter a name for this scene."),
    operations.SceneNameTaken.code: _("Another of your scenes has this name."),
    operations.SceneUnknown.code: _(
        "One of the settings of this scene isn’t offered any more. Please choose again; no credits "
        "were charged."
    ),
    operations.TaskOver.code: _(
        "This generation has already finished; there is nothing to cancel."
    ),
    operations.TooManyWaiting.code: _(
        "400 photos of your batches wait for your approval already. Approve or remove some of them "
        "first."
    ),
    operations.TooManyScenes.code: _("You have saved 50 scenes already. Delete one first."),
    operations.TooManyImages.code: _(
        "That’s more images than one generation can make. No credits were charged; please choose "
        "fewer looks."
    ),
    operations.WordsMissing.code: _(
        "Please describe the scene in a few words. No credits were charged."
    ),
    operations.WordsRefused.code: _(
        "These words can’t be sent to an image model. Nothing was charged; please change them."
    ),
    operations.WordsTooLong.code: _(
        "That’s more than 200 characters. Please describe the scene in fewer words; no credits "
        "were charged."
    ),
    rate_limiter.TooOften.code: _(
        "You’ve done this too many times in a short while. Nothing was charged; please wait a few "
        "minutes and try again."
    ),
}


def refusal_of_code(code: str) -> str:
    """Return the sentence for a refusal of which only the code was kept."""
    return str(_SENTENCES.get(code, _("Your images couldn’t be started.")))


def refusal_text(refusal: CodedError) -> str:
    """Return the sentence for a refusal, ours or the studio's."""
    if isinstance(refusal, StudioRefusal):
        return refusal_sentence(refusal)
    if isinstance(refusal, operations.WordsRefused):
        return words_refusal(refusal)
    return str(_SENTENCES[refusal.code])

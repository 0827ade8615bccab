"""The states of photos, tasks and images as the database keeps them, and why one failed."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PhotoStatus(TextChoices):
    """Where a photo stands between upload and use."""

    WAITING = "waiting", _("waiting for the cutout")
    CUTTING = "cutting", _("making the cutout")
    SHOWN = "shown", _("waiting for your approval")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("can’t be used")


class PhotoView(TextChoices):
    """The side that a photo shows its piece from."""

    FRONT = "front", _("front")
    THREE_QUARTER = "three_quarter", _("three-quarter")
    SIDE = "side", _("side")
    BACK = "back", _("back")
    UNKNOWN = "unknown", _("view not named")


class TaskStatus(TextChoices):
    """Where a task stands; the last three are final."""

    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    SUCCEEDED = "succeeded", _("finished")
    FAILED = "failed", _("failed")
    CANCELED = "canceled", _("canceled")


TASK_OPEN = [TaskStatus.QUEUED, TaskStatus.RUNNING]
PHOTO_OPEN = [PhotoStatus.WAITING, PhotoStatus.CUTTING]


class ItemState(TextChoices):
    """Where one image of a task stands."""

    WAITING = "waiting", _("waiting")
    DELIVERED = "delivered", _("delivered")
    FAILED = "failed", _("failed")
    CANCELED = "canceled", _("canceled")


class GeneratorName(TextChoices):
    """Who makes the images."""

    EMBEDDED = "embedded", _("Our own renderer")
    HOSTED = "hosted", _("Hosted generator")


class Reason(TextChoices):
    """Why an image, or a whole task, did not come to be; the sentence is the customer's."""

    GENERATOR_FAILED = "generator_failed", _("The generator failed before this image was finished.")
    GENERATOR_TIMEOUT = (
        "generator_timeout",
        _("The generator didn’t deliver in time. If the image still arrives, it’s yours for free."),
    )
    GENERATOR_REFUSED = "generator_refused", _("The generator did not accept this image.")
    CONTENT_BLOCKED = (
        "content_blocked",
        _("The generator’s content rules blocked this image. Please try another look or photo."),
    )
    NOT_DELIVERED = "not_delivered", _("The generator finished without delivering this image.")
    BLANK = "blank", _("The generator delivered a blank image, so we discarded it.")
    BROKEN = "broken", _("The generator delivered a damaged file, so we discarded it.")
    NOT_FAITHFUL = "not_faithful", _("The result did not match the cutout you approved.")
    PERSON_SEEN = (
        "person_seen",
        _("The generator added a person to this image, so we discarded it."),
    )
    VIEW_REFUSED = (
        "view_refused",
        _("This view can’t be made faithfully from this photo. Please choose another look."),
    )
    WORKER_LOST = (
        "worker_lost",
        _("Our renderer stopped several times while making this image."),
    )
    CANCELED = "canceled", _("You canceled before this image was made.")
    OUTCOME_UNKNOWN = (
        "outcome_unknown",
        _("The connection to the generator broke, so we can’t tell whether it made this image."),
    )
    GENERATOR_CLOSED = (
        "generator_closed",
        _("No image generator is available right now. We’re sorry. Please try again later."),
    )
    AGREEMENT_OVER = "agreement_over", _("The person in the photo doesn’t agree to it any more.")


class WordsCategory(StrEnum):
    """Why a seller's own words for a scene can't be sent, the gravest first."""

    MINORS = "minors"
    SEXUAL = "sexual"
    PERSON = "person"  # a real one
    BRAND = "brand"
    PEOPLE = "people"  # anybody, or a part of a body


class AttemptState(TextChoices):
    """How one request to a provider of images stands; the first three are open, the rest final.

    The words are for our own staff.
    """

    SENDING = "sending", "being sent"
    RUNNING = "running", "under way at the provider"
    RECEIVED = "received", "received, not yet checked"
    MADE = "made", "made"
    REFUSED = "refused", "request refused by content rules"
    WITHHELD = "withheld", "result withheld by content rules"
    INVALID = "invalid", "request not valid"
    RETIRED = "retired", "model no longer offered"
    LOCKED_OUT = "locked_out", "our account is locked out"
    NOT_NOW = "not_now", "provider busy or unavailable"
    UNKNOWN = "unknown", "outcome unknown"
    EMPTY = "empty", "no usable image in the answer"
    UNFIT = "unfit", "image didn’t pass our check"
    STOPPED = "stopped", "canceled"


ATTEMPT_OPEN = [AttemptState.SENDING, AttemptState.RUNNING, AttemptState.RECEIVED]


class PhotoFailure(TextChoices):
    """Why a photo got no cutout although nothing is wrong with it."""

    NO_MATTING = (
        "no_matting",
        _(
            "Cutouts aren’t available right now because of a problem on our side. We’re sorry. "
            "Please try again later, or contact our team."
        ),
    )
    CUTOUT_LOST = (
        "cutout_lost",
        _(
            "We couldn’t finish the cutout because of a problem on our side. We’re sorry. Please "
            "upload the photo again, and contact our team if this happens again."
        ),
    )


class WorkStep(TextChoices):
    """What a worker does around the studio's own steps."""

    WAITING_FOR_TURN = "waiting_for_turn", _("Waiting for its turn")
    FIRST_OUTLINE = "first_outline", _("Found the piece; making an exact cutout")
    ASKING_GENERATOR = "asking_generator", _("Sending your piece to the generator")
    GENERATING = "generating", _("Generating the image")


class OwnModelStatus(TextChoices):
    """Where a seller's own model stands: nothing is made with it until the person agreed."""

    ASKED = "asked", _("waiting for an answer")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("request withdrawn")
    LAPSED = "lapsed", _("not answered in time")
    AGREED = "agreed", _("agreed")
    REMOVED = "removed", _("removed by you")
    REVOKED = "revoked", _("agreement revoked")
    EXPIRED = "expired", _("agreement expired")


OWN_MODEL_LIVE = [OwnModelStatus.ASKED, OwnModelStatus.AGREED]
"""As long as the photo is kept."""
OWN_MODEL_BOUND = [OwnModelStatus.AGREED, OwnModelStatus.REMOVED]
"""As long as images that were made with it may be used, within the agreed term."""


class OwnModelKind(TextChoices):
    """The part of the body that a photo of an own model shows."""

    HAND = "hand", _("hand")
    EAR = "ear", _("ear")
    NECK = "neck", _("neck")
    WRIST = "wrist", _("wrist")


class OwnModelPlace(TextChoices):
    """Where images of a model may be shown, as far as the person allows it."""

    SHOP = "shop", _("the seller’s own shop and website")
    MARKETPLACES = "marketplaces", _("marketplaces, such as Etsy or Amazon")
    ADS = "ads", _("paid ads")
    SOCIAL = "social", _("social media")

"""The words of this room, as the database keeps them, and the sentences that go with them."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

LEASE = timedelta(seconds=20)
HEARTBEAT_S = 5.0
MAX_LOST_LEASES = 3  # how often a worker may be lost before we stop trying
GENERATOR_LIMIT = timedelta(minutes=10)  # how long a hosted generator may keep a hold waiting
LATE_LIMIT = timedelta(hours=24)  # how long we still ask for what it owed us
MAX_IMAGES = 8  # one task's images


class PhotoStatus(TextChoices):
    """Where a photo stands between upload and use."""

    WAITING = "waiting", _("waiting for the cut-out")
    CUTTING = "cutting", _("being cut out")
    SHOWN = "shown", _("waiting for your approval")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("can't be used")


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
        _("The generator did not deliver in time. If the image still arrives, it is yours, free."),
    )
    GENERATOR_REFUSED = "generator_refused", _("The generator did not accept this order.")
    CONTENT_BLOCKED = (
        "content_blocked",
        _("The generator's content rules blocked this image. Try another look or photo."),
    )
    NOT_DELIVERED = "not_delivered", _("The generator finished without delivering this image.")
    BLANK = "blank", _("The generator delivered an empty picture, so we did not keep it.")
    BROKEN = "broken", _("The generator delivered a damaged file, so we did not keep it.")
    NOT_FAITHFUL = "not_faithful", _("The output did not match the cut-out that you approved.")
    VIEW_REFUSED = (
        "view_refused",
        _("This view can't be made honestly from this photo. Choose another look."),
    )
    WORKER_LOST = "worker_lost", _("Our renderer stopped several times while it made this image.")
    CANCELED = "canceled", _("You canceled before this image was made.")


@dataclass(frozen=True)
class Lease:
    """The right to write to one row until someone else takes it: worth what its fence is worth."""

    subject_id: str
    fence: int


@dataclass(frozen=True)
class Stored:
    """A picture that is durably ours: the full image, a smaller one for pages, and what it is."""

    image_key: str
    view_key: str
    sha256: str
    width_px: int
    height_px: int

"""What is being done with a photo or a generation now."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jewelrymodel.generation.statuses import WorkStep
from jewelrymodel.studio.steps import Step

STEP_LABELS: dict[str, Promise | str] = {
    Step.READING_PHOTO: _("Reading the photo"),
    Step.FINDING_PIECE: _("Finding the piece"),
    Step.CUTTING_OUT: _("Making the cutout"),
    Step.APPLYING_CORRECTIONS: _("Applying your corrections"),
    Step.CLEANING_EDGE: _("Cleaning up the edges"),
    Step.CHOOSING_VIEW: _("Choosing the view"),
    Step.SETTING_SCENE: _("Setting the scene"),
    Step.PLACING_PIECE: _("Placing the piece"),
    Step.LAYING_CHAIN: _("Laying the chain"),
    Step.LIGHTING_PIECE: _("Lighting the piece"),
    Step.CHECKING: _("Checking the image against your cutout"),
    **{step: step.label for step in WorkStep},
}


def step_label(step: str) -> str:
    """Return a stored step for reading; the words of an earlier version as they are."""
    return str(STEP_LABELS.get(step, step))

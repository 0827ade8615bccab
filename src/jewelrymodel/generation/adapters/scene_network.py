"""The network that is asked what stands out in a generated scene."""

import logging

from django.conf import settings

from jewelrymodel.studio.matting import Matting, MattingUnavailable, load_matting
from jewelrymodel.studio.matting_weights import U2NETP

logger = logging.getLogger(__name__)


def scene_network() -> Matting | None:
    """Return the small network, which the limits were set with, else the one that makes cutouts.
    None where neither can be loaded: then scenes are judged without, and the log says so.
    """
    for choice in (U2NETP.name, settings.MATTING_MODEL):
        try:
            return load_matting(settings.MODELS_DIR, choice)
        except MattingUnavailable as lack:
            reason = lack
    logger.warning("no network looks at generated scenes: %s", reason)
    return None

"""The networks that look at a generated scene: what stands out in it, and whether somebody is."""

import logging

from django.conf import settings

from jewelrymodel.generation.gateway import GeneratorUnavailable
from jewelrymodel.studio.matting import Matting, MattingUnavailable, load_matting
from jewelrymodel.studio.matting_weights import U2NETP
from jewelrymodel.studio.people_networks import (
    PeopleNetworks,
    PeopleUnavailable,
    load_people_networks,
)

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


def people_networks() -> PeopleNetworks | None:
    """Return the networks that look for people. None in the demo where they can't be loaded: its
    stand-ins draw nobody. Raises GeneratorUnavailable elsewhere: a file that came waits for them.
    """
    try:
        return load_people_networks(settings.MODELS_DIR)
    except PeopleUnavailable as lack:
        if not settings.DEMO:
            raise GeneratorUnavailable(detail=str(lack)) from lack
        logger.warning("nothing looks for people in the demo's scenes: %s", lack)
        return None

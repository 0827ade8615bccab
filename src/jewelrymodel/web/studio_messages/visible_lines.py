"""The words with which an ad has to say what a picture is, where buyers are in the EU or New York.

They are short, since they may be written into the picture's edge.
"""

from django.utils.translation import gettext as _

from jewelrymodel.generation import queries
from jewelrymodel.generation.models import Asset
from jewelrymodel.generation.statuses import GeneratorName
from jewelrymodel.studio.looks import LookKind


def visible_line(asset: Asset) -> str:
    """Return the line of an image in the reader's language; empty where none is asked for: of a
    retouched photograph, and of a composite of photographs.
    """
    if asset.generator == GeneratorName.HOSTED:
        return _("Photographed piece in an AI-generated scene")
    kind = queries.look_kind(asset.item.look_id)
    if kind is LookKind.PACKSHOT or asset.item.own_model_id:
        return ""
    if kind is LookKind.MODEL:
        return _("Photographed piece on a computer-generated model")
    return _("Photographed piece in a computer-generated scene")

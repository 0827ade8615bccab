"""Photos of sellers' own models, as templates for the renderer."""

from jewelrymodel.generation.adapters import image_files
from jewelrymodel.generation.models import OwnModel
from jewelrymodel.studio.arrays import Floats, floats
from jewelrymodel.studio.model_templates import Template
from jewelrymodel.studio.own_model import Part, set_up_of
from jewelrymodel.studio.own_model_template import template_of


def own_template(model: OwnModel) -> Template:
    """Return an own model's photo as it was set up. Nothing of it is kept: it has to be gone when
    the person revokes. Raises FileNotFoundError and SetUpUnusable.
    """
    set_up = set_up_of(Part(model.kind), model.set_up, (model.width_px, model.height_px))
    return template_of(model.pk, image_files.load(model.image_key), set_up, front_of(model))


def front_of(model: OwnModel) -> Floats | None:
    """Return what was painted as lying in front of a piece (HxW, 0…1), if anything was."""
    return floats(image_files.load(model.mask_key) / 255) if model.mask_key else None

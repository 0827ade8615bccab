"""The skin material: subsurface scattering, mottling, pores, nails and lips."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import bpy

Color = tuple[float, float, float]


@dataclass(frozen=True)
class Tone:
    """Linear base colors of one complexion."""

    name: str
    base: Color
    flush: Color
    nail: Color
    gloss: float


TONES = {
    tone.name: tone
    for tone in (
        Tone("light", (0.64, 0.385, 0.275), (0.58, 0.265, 0.185), (0.66, 0.370, 0.305), 0.46),
        Tone("tan", (0.445, 0.245, 0.150), (0.40, 0.170, 0.100), (0.52, 0.265, 0.195), 0.38),
        Tone("deep", (0.150, 0.070, 0.040), (0.115, 0.045, 0.026), (0.27, 0.125, 0.085), 0.34),
    )
}


class Graph:
    """A few words over Blender's node graph."""

    def __init__(self, material: bpy.types.Material) -> None:
        material.use_nodes = True
        self.tree = material.node_tree
        self.shader = self.tree.nodes["Principled BSDF"]
        self.place = self.node("ShaderNodeTexCoord").outputs["Object"]

    def node(self, kind: str, **settings: object) -> bpy.types.Node:
        made = self.tree.nodes.new(kind)
        for name, value in settings.items():
            setattr(made, name, value)
        return made

    def put(self, socket: bpy.types.NodeSocket, value: object) -> None:
        """Link a socket, or set a constant."""
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        elif isinstance(value, tuple) and len(value) == 3 and socket.type == "RGBA":
            socket.default_value = (*value, 1)
        else:
            socket.default_value = value

    def noise(self, scale: float, detail: float) -> bpy.types.NodeSocket:
        made = self.node("ShaderNodeTexNoise")
        made.inputs["Scale"].default_value = scale
        made.inputs["Detail"].default_value = detail
        made.inputs["Roughness"].default_value = 0.6
        self.put(made.inputs["Vector"], self.place)
        return made.outputs[0]

    def sum(self, operation: str, *values: object) -> bpy.types.NodeSocket:
        made = self.node("ShaderNodeMath", operation=operation)
        for socket, value in zip(made.inputs, values, strict=False):
            self.put(socket, value)
        return made.outputs[0]

    def mix(self, share: object, first: object, second: object) -> bpy.types.NodeSocket:
        made = self.node("ShaderNodeMix", data_type="RGBA")
        for index, value in ((0, share), (6, first), (7, second)):
            self.put(made.inputs[index], value)
        return made.outputs[2]

    def span(self, source: object, low: float, high: float, to: tuple[float, float] = (0, 1)):
        made = self.node("ShaderNodeMapRange")
        for index, value in enumerate((source, low, high, *to)):
            self.put(made.inputs[index], value)
        return made.outputs[0]

    def mask(self, path: Path) -> bpy.types.NodeSocket:
        made = self.node("ShaderNodeTexImage")
        made.image = bpy.data.images.load(str(path))
        made.image.colorspace_settings.name = "Non-Color"
        return made.outputs[0]

    def painted(self, name: str) -> bpy.types.NodeSocket:
        return self.node("ShaderNodeAttribute", attribute_name=name).outputs["Fac"]


def _color(graph: Graph, tone: Tone, nail: object, lips: object) -> bpy.types.NodeSocket:
    broad = graph.span(graph.noise(1.1, 3), 0.35, 0.65)
    fine = graph.span(graph.noise(9, 5), 0.3, 0.7)
    warm = tuple(b * w for b, w in zip(tone.base, (1.03, 0.95, 0.90), strict=True))
    dark = tuple(0.90 * x for x in tone.base)
    light = tuple(min(1.0, 1.07 * x) for x in tone.base)
    color = graph.mix(broad, tone.base, warm)
    color = graph.mix(0.30, color, graph.mix(fine, dark, light))
    spots = graph.span(graph.noise(38, 2), 0.66, 0.74, (0, 0.16))
    color = graph.mix(spots, color, tone.flush)
    color = graph.mix(graph.painted("flush"), color, tone.flush)
    color = graph.mix(graph.sum("MULTIPLY", lips, 0.75), color, tone.flush)
    pale = tuple(min(1.0, 1.18 * x + 0.04) for x in tone.nail)
    plate = graph.mix(graph.painted("nail_tip"), tone.nail, pale)
    return graph.mix(nail, color, plate)


def _folds(graph: Graph) -> bpy.types.NodeSocket:
    """The creases over the finger joints (pores are added after the render)."""
    wander = graph.sum("MULTIPLY_ADD", graph.noise(26, 2), 7.0, graph.painted("fold_phase"))
    ridge = graph.sum("POWER", graph.sum("ABSOLUTE", graph.sum("SINE", wander)), 0.5)
    folds = graph.node("ShaderNodeBump")
    folds.inputs["Distance"].default_value = 0.02
    graph.put(folds.inputs["Strength"], graph.painted("fold"))
    graph.put(folds.inputs["Height"], ridge)
    return folds.outputs[0]


def skin(data: Path, tone: Tone, crease: bool = False) -> bpy.types.Material:
    """The material; the mesh must carry the vertex values `flush`, `nail_tip` (and `fold*`)."""
    material = bpy.data.materials.new("skin")
    graph = Graph(material)
    nail = graph.mask(data / "textures/mpfb_fingernails.jpg")
    lips = graph.mask(data / "textures/mpfb_lips.jpg")
    shader = graph.shader.inputs
    graph.put(shader["Base Color"], _color(graph, tone, nail, lips))
    graph.shader.subsurface_method = "RANDOM_WALK_SKIN"
    shader["Subsurface Weight"].default_value = 1.0
    shader["Subsurface Radius"].default_value = (1.0, 0.36, 0.2)
    shader["Subsurface Scale"].default_value = 0.022
    shader["Specular IOR Level"].default_value = tone.gloss
    rough = graph.span(graph.noise(30, 4), 0.3, 0.7, (0.50, 0.57))
    graph.put(shader["Roughness"], graph.sum("MULTIPLY_ADD", nail, -0.22, rough))
    if crease:
        graph.put(shader["Normal"], _folds(graph))
    return material

"""The passes beside a picture: identity, depth and normals, taken at pixel centers."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np
import OpenEXR
from PIL import Image
from stage import Camera

FAR_STEPS = 65535
SHIFT = 32.0  # light cannot be negative; positions lie within this many dm


def shoot(scene: bpy.types.Scene, camera: Camera, scratch: Path) -> dict[str, np.ndarray]:
    """`part` uint8, `depth_mm` float32 (inf where nothing is) and `normal` float32 HxWx3.

    Normals are in camera space: x right, y down, z away from the camera. The lamps are left
    as they are but unused: every surface glows with its own numbers.
    """
    scene.camera.data.dof.use_dof = False
    scene.cycles.samples = 1
    scene.cycles.use_denoising = scene.cycles.use_adaptive_sampling = False
    scene.cycles.pixel_filter_type = "BOX"
    scene.cycles.filter_width = 0.01
    scene.render.film_transparent = True
    for thing in scene.objects:
        thing.hide_render = thing.name == "paper" or thing.type == "LIGHT"
    part = _glow(scene, "part", scratch)
    place = _glow(scene, "Position", scratch)
    normal = _glow(scene, "Normal", scratch)
    seen = part[..., 3] > 0.5
    depth = np.where(seen, camera.see(place[..., :3].reshape(-1, 3))[:, 2].reshape(seen.shape), 0)
    return {
        "part": np.where(seen, np.rint(part[..., 0]), 0).astype(np.uint8),
        "depth_mm": np.where(seen, depth, np.inf).astype(np.float32),
        "normal": np.where(seen[..., None], normal[..., :3] @ camera.rotation.T, 0),
    }


def _glow(scene: bpy.types.Scene, what: str, scratch: Path) -> np.ndarray:
    """Render one quantity as light, HxWx4 float32."""
    material = bpy.data.materials.new(what)
    material.use_nodes = True
    material.cycles.emission_sampling = "NONE"  # it lights nothing: build no tree of lamps
    tree = material.node_tree
    tree.nodes.clear()
    if what == "part":
        source = tree.nodes.new("ShaderNodeAttribute")
        source.attribute_name = "part"
        value = source.outputs["Fac"]
    else:
        shift = tree.nodes.new("ShaderNodeVectorMath")
        shift.operation = "ADD"
        shift.inputs[1].default_value = (SHIFT, SHIFT, SHIFT)
        tree.links.new(tree.nodes.new("ShaderNodeNewGeometry").outputs[what], shift.inputs[0])
        value = shift.outputs[0]
    lamp = tree.nodes.new("ShaderNodeEmission")
    tree.links.new(value, lamp.inputs["Color"])
    out = tree.nodes.new("ShaderNodeOutputMaterial")
    tree.links.new(lamp.outputs[0], out.inputs["Surface"])
    scene.view_layers[0].material_override = material
    file = scratch / f"{what}.exr"
    scene.render.filepath = str(file)
    scene.render.image_settings.file_format = "OPEN_EXR"
    scene.render.image_settings.color_mode = "RGBA"
    scene.render.image_settings.color_depth = "32"
    bpy.ops.render.render(write_still=True)
    with OpenEXR.File(str(file)) as image:
        pixels = np.array(image.channels()["RGBA"].pixels)
    if what != "part":
        pixels[..., :3] -= SHIFT
    return pixels


def save(folder: Path, passes: dict[str, np.ndarray], half: bool = True) -> dict[str, object]:
    """Write the passes as PNG; depth and normals at half the edge. Returns their description."""
    part, depth, normal = passes["part"], passes["depth_mm"], passes["normal"]
    step = 2 if half else 1
    depth, normal = depth[::step, ::step], normal[::step, ::step]
    near = float(np.floor(depth.min()))
    unit = 0.05
    steps = np.where(np.isfinite(depth), 1 + (depth - near) / unit, 0)
    Image.fromarray(part).save(folder / "parts.png", optimize=True)
    Image.fromarray(np.clip(np.rint(steps), 0, FAR_STEPS).astype(np.uint16)).save(
        folder / "depth.png", optimize=True
    )
    coded = np.where(np.isfinite(depth)[..., None], np.rint(normal * 127) + 128, 0)
    Image.fromarray(coded.astype(np.uint8)).save(folder / "normals.png", optimize=True)
    return {
        "parts": {"file": "parts.png", "scale": 1},
        "depth": {"file": "depth.png", "scale": step, "unit_mm": unit, "near_mm": near},
        "normals": {"file": "normals.png", "scale": step},
    }

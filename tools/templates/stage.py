"""A Blender scene as a photographer's set: a body, lamps, a backdrop, a camera and the shutter."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np
from body import Body
from mathutils import Matrix, Vector

SENSOR_MM = 36.0
Point = np.ndarray | tuple[float, float, float]


@dataclass(frozen=True)
class Lamp:
    """A square soft box; `offset` and `edge` in dm."""

    offset: Point
    edge: float
    watts: float
    color: tuple[float, float, float]


def open_set(samples: int, ambient: float) -> bpy.types.Scene:
    """An empty scene with Cycles on the CPU and a dim even world."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.cycles.device = "CPU"
    scene.cycles.samples = samples
    scene.cycles.use_adaptive_sampling = False  # so few samples leave it nothing to adapt
    scene.cycles.use_denoising = True
    scene.cycles.denoiser = "OPENIMAGEDENOISE"
    scene.cycles.denoising_prefilter = "ACCURATE"
    scene.cycles.max_bounces = 6
    scene.render.threads_mode = "FIXED"
    scene.render.threads = 2
    scene.view_settings.view_transform = "Filmic"
    scene.view_settings.look = "High Contrast"
    world = bpy.data.worlds.new("room")
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs[0].default_value = (0.92, 0.94, 1.0, 1)
    world.node_tree.nodes["Background"].inputs[1].default_value = ambient
    scene.world = world
    return scene


def bring_body(
    body: Body, posed: np.ndarray, wanted: list[int], parts: list[int], levels: int
) -> bpy.types.Object:
    """Subdivide the wanted faces of the posed mesh; `parts` is the identity of each face.

    The result carries a texture map, smooth shading and the face attribute `part`.
    """
    used = sorted({v for face in wanted for v in body.faces.vertices[face]})
    row = {vertex: k for k, vertex in enumerate(used)}
    corners = [[row[v] for v in body.faces.vertices[face]] for face in wanted]
    coarse = bpy.data.meshes.new("coarse")
    coarse.from_pydata([tuple(posed[v]) for v in used], [], corners)
    uv = coarse.uv_layers.new(name="uv")
    flat = [t for face in wanted for t in body.faces.textures[face]]
    uv.data.foreach_set("uv", body.texture[flat].astype(np.float32).ravel())
    attribute = coarse.attributes.new("part", "INT", "FACE")
    attribute.data.foreach_set("value", np.array(parts, np.int32))
    holder = bpy.data.objects.new("coarse", coarse)
    bpy.context.collection.objects.link(holder)
    modifier = holder.modifiers.new("smooth", "SUBSURF")
    modifier.levels = modifier.render_levels = levels
    fine = bpy.data.meshes.new_from_object(
        holder.evaluated_get(bpy.context.evaluated_depsgraph_get())
    )
    bpy.data.objects.remove(holder)
    fine.shade_smooth()
    skin = bpy.data.objects.new("skin", fine)
    bpy.context.collection.objects.link(skin)
    return skin


def points_of(mesh: bpy.types.Mesh) -> tuple[np.ndarray, np.ndarray]:
    """Vertex positions and unit normals of a mesh, as float64 Nx3."""
    points = np.empty(len(mesh.vertices) * 3, np.float32)
    normals = np.empty(len(mesh.vertices) * 3, np.float32)
    mesh.vertices.foreach_get("co", points)
    mesh.vertex_normals.foreach_get("vector", normals)
    return points.reshape(-1, 3).astype(float), normals.reshape(-1, 3).astype(float)


def set_points(mesh: bpy.types.Mesh, points: np.ndarray) -> None:
    mesh.vertices.foreach_set("co", points.astype(np.float32).ravel())
    mesh.update()


def paint(mesh: bpy.types.Mesh, name: str, values: np.ndarray) -> None:
    """A number per vertex that the material reads by `name`."""
    attribute = mesh.attributes.new(name, "FLOAT", "POINT")
    attribute.data.foreach_set("value", values.astype(np.float32))


def hang_lamps(target: Point, lamps: list[Lamp]) -> None:
    for lamp in lamps:
        light = bpy.data.lights.new("lamp", "AREA")
        light.size, light.energy, light.color = lamp.edge, lamp.watts, lamp.color
        holder = bpy.data.objects.new("lamp", light)
        holder.location = Vector(np.asarray(target) + np.asarray(lamp.offset))
        aim = Vector(target) - holder.location
        holder.rotation_euler = aim.to_track_quat("-Z", "Y").to_euler()
        bpy.context.collection.objects.link(holder)


def hang_backdrop(center: Point, towards: Point, color: tuple[float, float, float]) -> None:
    """A large paper far behind the subject, facing `towards`, with a soft spot of light on it."""
    bpy.ops.mesh.primitive_plane_add(size=120, location=Vector(center))
    paper = bpy.context.object
    paper.name = "paper"
    paper.rotation_euler = Vector(towards).to_track_quat("Z", "Y").to_euler()
    material = bpy.data.materials.new("paper")
    material.use_nodes = True
    tree = material.node_tree
    tree.nodes.clear()
    place = tree.nodes.new("ShaderNodeTexCoord").outputs["Object"]
    size = tree.nodes.new("ShaderNodeMapping")
    size.inputs["Scale"].default_value = (1 / 6.5,) * 3
    size.inputs["Location"].default_value = (-0.12, -0.1, 0)
    fall = tree.nodes.new("ShaderNodeTexGradient")
    fall.gradient_type = "QUADRATIC_SPHERE"
    bright = tree.nodes.new("ShaderNodeMapRange")
    bright.inputs[3].default_value, bright.inputs[4].default_value = 0.55, 1.15
    light = tree.nodes.new("ShaderNodeEmission")
    light.inputs["Color"].default_value = (*color, 1)
    out = tree.nodes.new("ShaderNodeOutputMaterial")
    for source, sink in (
        (place, size.inputs["Vector"]),
        (size.outputs[0], fall.inputs["Vector"]),
        (fall.outputs["Fac"], bright.inputs[0]),
        (bright.outputs[0], light.inputs["Strength"]),
        (light.outputs[0], out.inputs["Surface"]),
    ):
        tree.links.new(source, sink)
    material.cycles.emission_sampling = "NONE"
    paper.data.materials.append(material)
    paper.visible_diffuse = paper.visible_glossy = False


@dataclass(frozen=True)
class Camera:
    """A pinhole: `rotation` rows are right, down and forward in the world; lengths in dm.

    `mm_per_unit` is 100 for a body at its own size; a larger figure declares a larger person.
    """

    place: np.ndarray
    rotation: np.ndarray
    focal_px: float
    edge_px: int
    mm_per_unit: float = 100.0

    @classmethod
    def aim(cls, target: Point, towards: Point, up: Point, width: float, lens_mm: float,
            edge_px: int, roll_deg: float = 0.0) -> Camera:  # fmt: skip
        """See `width` dm across at the target, from the direction `towards`."""
        forward = -np.asarray(towards, float) / np.linalg.norm(towards)
        right = np.cross(forward, up)
        right /= np.linalg.norm(right)
        down = np.cross(forward, right)
        c, s = np.cos(np.radians(roll_deg)), np.sin(np.radians(roll_deg))
        right, down = c * right + s * down, c * down - s * right
        distance = width * lens_mm / SENSOR_MM
        place = np.asarray(target, float) - forward * distance
        focal_px = lens_mm / SENSOR_MM * edge_px
        return cls(place, np.array([right, down, forward]), focal_px, edge_px)

    def see(self, points: np.ndarray) -> np.ndarray:
        """World dm to camera millimeters: x right, y down, z away."""
        return (np.atleast_2d(points) - self.place) @ self.rotation.T * self.mm_per_unit

    def project(self, points: np.ndarray) -> np.ndarray:
        """World dm to pixels of the picture, origin at its top left corner."""
        seen = self.see(points)
        return seen[:, :2] / seen[:, 2:] * self.focal_px + self.edge_px / 2

    def install(self, scene: bpy.types.Scene, focus: Point, fstop: float) -> None:
        lens = bpy.data.cameras.new("camera")
        lens.sensor_width = SENSOR_MM
        lens.lens = self.focal_px * SENSOR_MM / self.edge_px
        lens.clip_start, lens.clip_end = 0.1, 500
        lens.dof.use_dof = True
        lens.dof.focus_distance = float((np.asarray(focus) - self.place) @ self.rotation[2])
        lens.dof.aperture_fstop = fstop
        holder = bpy.data.objects.new("camera", lens)
        right, down, forward = self.rotation
        columns = np.c_[right, -down, -forward, self.place]
        holder.matrix_world = Matrix(np.vstack([columns, [0, 0, 0, 1]]).tolist())
        bpy.context.collection.objects.link(holder)
        scene.camera = holder
        scene.render.resolution_x = scene.render.resolution_y = self.edge_px


def expose(scene: bpy.types.Scene, path: Path, percent: int) -> None:
    """Render the picture to a 16-bit PNG at a percentage of the edge.

    Skin under soft lamps has no detail finer than that; pores come later, at the full edge.
    """
    scene.render.resolution_percentage = percent
    scene.render.filepath = str(path)
    scene.render.image_settings.file_format = "PNG"
    scene.render.image_settings.color_mode = "RGB"
    scene.render.image_settings.color_depth = "16"
    bpy.ops.render.render(write_still=True)
    scene.render.resolution_percentage = 100

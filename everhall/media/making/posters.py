"""The poster of a 3D model: what stands on the stage until somebody wishes to turn it.

In: a plain GLB (not compressed, textures PNG). Out: a WebP with a clear ground, 60 kB at most. What must stay true: the view
is that of the viewer when it opens, so that nothing jumps at the click.
"""

from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image

from everhall.engines import raster
from everhall.engines.raster_texture import to_srgb

SIZE: Final = (1200, 900)
BYTES: Final = 60_000
#: Degrees: from the right front and a little above, as `<model-viewer camera-orbit>` on the stage says.
HEADING: Final = 30.0
ELEVATION: Final = 15.0
FOV: Final = 30.0


def draw(source: Path, target: Path) -> dict[str, Any]:
    """Draw and write the poster; its size and its bytes."""
    meshes = meshes_of(source, with_normals=b'"NORMAL"' in source.read_bytes())
    camera = raster.frame(meshes, HEADING, ELEVATION, FOV, SIZE[0] / SIZE[1])
    picture = Image.fromarray(raster.render(meshes, camera, raster.studio(camera), SIZE))
    for quality in (82, 70, 55, 40, 25):
        picture.save(target, "WEBP", quality=quality, alpha_quality=80, method=5)
        if target.stat().st_size <= BYTES:
            break
    return {"width": SIZE[0], "height": SIZE[1], "bytes": target.stat().st_size}


def meshes_of(source: Path, *, with_normals: bool) -> list[raster.Mesh]:
    """Each shape of the scene where its node puts it, with its colour or picture. Without normals each face is flat
    (glTF 2.0 §3.7.2.1)."""
    import trimesh  # noqa: PLC0415 - loads slowly, and only the making needs it

    scene: Any = trimesh.load_scene(source)
    found = []
    for name in scene.graph.nodes_geometry:
        transform, geometry = scene.graph[name]
        shape = scene.geometry[geometry]
        if not isinstance(shape, trimesh.Trimesh) or not len(shape.faces):
            continue
        positions = np.asarray(shape.vertices) @ transform[:3, :3].T + transform[:3, 3]
        # Normals go by the inverse of what moves the positions, transposed.
        normals = np.asarray(shape.vertex_normals) @ np.linalg.inv(transform[:3, :3]) if with_normals else None
        found.append(raster.Mesh(positions, np.asarray(shape.faces), normals=normals, **surface(shape.visual)))
    return found


def surface(visual: Any) -> dict[str, Any]:
    """Colour, picture and gloss of a material, as far as a poster shows them."""
    material = getattr(visual, "material", None)
    if material is None:
        colours = getattr(visual, "vertex_colors", None)
        return {"colours": np.asarray(colours)[:, :3] / 255.0} if colours is not None else {}
    factor = getattr(material, "baseColorFactor", None)
    # glTF's factors are linear light, of which trimesh makes bytes without another word.
    colour = to_srgb(np.asarray(factor[:3], float) / 255.0) if factor is not None else np.ones(3)
    roughness = getattr(material, "roughnessFactor", None)
    made: dict[str, Any] = {
        "colour": tuple(float(part) for part in colour),
        "gloss": 0.35 * (1 - float(roughness if roughness is not None else 0.7)),
    }
    picture = getattr(material, "baseColorTexture", None)
    if picture is not None and visual.uv is not None:
        # trimesh counts v from below.
        made |= {"texture": np.asarray(picture.convert("RGB")), "uvs": np.asarray(visual.uv) * (1, -1) + (0, 1)}
    return made

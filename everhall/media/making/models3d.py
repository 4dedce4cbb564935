"""3D models: checked, made small enough for phones.

In: GLB, a zip with a glTF, or what trimesh reads (STL, OBJ, PLY). Out: `full.glb` for screens, `phone.glb`,
`poster.webp`, and the facts; where the master is no GLB, `master.glb` too. What must stay true: the master is not changed; what is refused is refused
before anything large is allocated.

The phone's limits are Khronos' 3D Commerce publishing targets for a single item on the web (research/exhibition.md §6).
"""

import json
import shutil
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any, Final

from everhall.engines import glb
from everhall.engines.file_kind import HEAD, kind_of
from everhall.engines.glb import Glb, GlbError
from everhall.engines.sheet_words import Refused
from everhall.media.enclosures import Archive, EnclosureLimits
from everhall.media.enclosures import opened as opened_picture
from everhall.media.making import posters
from everhall.media.making.node import MakingError, Progress, run

PHONE: Final = {"triangles": 150_000, "bytes": 3_000_000}
#: What trimesh turns into a GLB: shapes without materials of their own.
SHAPES: Final = frozenset(("stl", "obj", "ply"))
SECONDS: Final = 600.0
#: A zip may unpack to so much, in so many files.
UNPACKED: Final = EnclosureLimits(unpacked_bytes=500_000_000, members=500, file_bytes=300_000_000)
#: Bytes of a shape per triangle, at least: what a number of triangles may be claimed with.
LIMITS: Final = glb.Limits()


def look(path: Path) -> dict[str, Any]:
    """What it is and what drawing it costs, in half a second; `MakingError` for what must not come in."""
    with path.open("rb") as file:
        kind = kind_of(file.read(HEAD))
    if kind in SHAPES:
        return {"kind": kind}
    if kind == "zip":
        return {"kind": kind, "gltf": gltf_in(path)}
    if kind != "glb":
        raise MakingError("not-a-model", **{"is": kind})
    return {"kind": kind, **inspected(path.read_bytes())}


def inspected(data: bytes) -> dict[str, Any]:
    try:
        read = glb.parse(data)
        facts = glb.inspect(read)
        glb.check_textures(texture_sizes(read))
    except GlbError as refused:
        raise MakingError(refused.kind, **refused.values) from refused
    return {"triangles": facts.triangles, "draws": facts.draws, "animations": len(facts.animations)}


def texture_sizes(read: Glb) -> list[tuple[int, int]]:
    """Width and height of each embedded picture, from its header; KTX2, which Pillow does not read, by its own (§3.3)."""
    found = []
    for n, data in enumerate(glb.images(read)):
        if data[:12] == b"\xabKTX 20\xbb\r\n\x1a\n":
            found.append((int.from_bytes(data[20:24], "little"), int.from_bytes(data[24:28], "little")))
            continue
        try:
            found.append(opened_picture(data, f"texture {n + 1}")[1].size)
        except Refused as broken:
            raise MakingError("texture-broken", number=n + 1) from broken
    return found


def make(path: Path, into: Path, progress: Progress) -> dict[str, Any]:
    """`full.glb` and `phone.glb` into the folder; the facts."""
    seen = look(path)
    source = as_glb(path, seen, into)
    try:
        wish = {"from": str(source), "to": str(into), "phone": PHONE}
        facts = run("model.mjs", wish, seconds=SECONDS, progress=progress)["facts"]
        if seen["kind"] != "glb":
            inspected((into / "master.glb").read_bytes())
        facts["poster"] = posters.draw(into / ".plain.glb", into / "poster.webp")
    finally:
        shutil.rmtree(into / ".unpacked", ignore_errors=True)
        (into / ".plain.glb").unlink(missing_ok=True)
    return {**facts, "kind": seen["kind"]}


def as_glb(path: Path, seen: dict[str, Any], into: Path) -> Path:
    """What the tools read: the master itself, the glTF of a zip, or a GLB made of a shape."""
    if seen["kind"] == "zip":
        return unpacked(path, seen["gltf"], into / ".unpacked")
    if seen["kind"] in SHAPES:
        (into / "master.glb").write_bytes(shape_to_glb(path, seen["kind"]))
        return into / "master.glb"
    return path


def shape_to_glb(path: Path, kind: str) -> bytes:
    """A shape as GLB. Such files know no unit; engineers write millimetres, and nothing on a stage is 50 m long."""
    import trimesh  # noqa: PLC0415 - loads slowly, and only the making needs it

    scene: Any
    try:
        with path.open("rb") as file:
            scene = trimesh.load_scene(file, file_type=kind, resolver=None)
    except Exception as broken:  # readers of many formats raise many things
        raise MakingError("unreadable", detail=f"{type(broken).__name__}: {broken}"[:200]) from broken
    triangles = sum(len(getattr(shape, "faces", ())) for shape in scene.geometry.values())
    if not triangles:
        raise MakingError("empty")
    if triangles > LIMITS.triangles:
        raise MakingError("too-many-triangles", count=triangles, limit=LIMITS.triangles)
    if max(scene.extents) > 50:
        scene = scene.scaled(0.001)
    if kind == "stl":
        # STL's z points up, glTF's y.
        scene.apply_transform([[1, 0, 0, 0], [0, 0, 1, 0], [0, -1, 0, 0], [0, 0, 0, 1]])
    for shape in scene.geometry.values():
        shape.merge_vertices()
    # Without normals viewers shade each face by itself, which is what such files mean.
    return bytes(scene.export(file_type="glb", include_normals=False))


def opened(path: Path) -> Archive:
    try:
        return Archive(path, path.name, UNPACKED)
    except Refused as refused:
        raise MakingError("zip", reason=refused.args[0] if refused.args else "") from refused


def gltf_in(path: Path) -> str:
    """The name of the one glTF in a zip, all of whose files lie beside it."""
    archive = opened(path)
    found = [name for name in archive.names if name.lower().endswith(".gltf")]
    if len(found) != 1:
        raise MakingError("zip-gltf", count=len(found))
    with archive.open(found[0]) as file:
        try:
            document = json.load(file)
        except (ValueError, RecursionError, zipfile.BadZipFile) as broken:
            raise MakingError("broken", where=found[0]) from broken
    folder = PurePosixPath(found[0]).parent
    for thing in (*listed(document, "buffers"), *listed(document, "images")):
        uri = thing.get("uri") if isinstance(thing, dict) else None
        if uri is None or str(uri).startswith("data:"):
            continue
        if str(folder / uri) not in archive.names or ".." in PurePosixPath(uri).parts:
            raise MakingError("external", name=str(uri)[:120])
    return found[0]


def listed(document: Any, name: str) -> list[Any]:
    found = document.get(name, []) if isinstance(document, dict) else []
    return found if isinstance(found, list) else []


def unpacked(path: Path, name: str, folder: Path) -> Path:
    """The zip's files in a folder of their own; names were judged by `Archive`."""
    archive = opened(path)
    for member in archive.names:
        target = folder / member
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as file, target.open("wb") as out:
            shutil.copyfileobj(file, out)
    return folder / name

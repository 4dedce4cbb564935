"""3D models in GLB (glTF 2.0, ISO/IEC 12113): the container, what a model would cost, and what must not be let in.

In: bytes of a file. Out: `Glb`, its `Facts`, or `GlbError` with the kind of fault and values for the sentence that tells it.
What must stay true: nothing here trusts a number of the file; memory stays within a few times the file's size. Whether the
model obeys the whole specification is for Khronos' validator to say.
"""

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import numpy as np

MAGIC: Final = b"glTF"
JSON_CHUNK: Final = 0x4E4F534A
BIN_CHUNK: Final = 0x004E4942
#: Triangles by primitive mode (glTF 2.0 §3.7.2.1): of n indices so many; points and lines draw none.
_PER_MODE: Final = {4: lambda n: n // 3, 5: lambda n: max(0, n - 2), 6: lambda n: max(0, n - 2)}
_COMPONENTS: Final = {5120: "i1", 5121: "u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS: Final = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
#: Extensions that viewers of the house know; another one that is *required* would leave the stage empty.
KNOWN: Final = frozenset((
    "KHR_draco_mesh_compression", "EXT_meshopt_compression", "KHR_meshopt_compression", "KHR_mesh_quantization",
    "KHR_texture_basisu", "KHR_texture_transform", "EXT_texture_webp", "EXT_texture_avif", "EXT_mesh_gpu_instancing",
    "KHR_lights_punctual", "KHR_materials_anisotropy", "KHR_materials_clearcoat", "KHR_materials_dispersion",
    "KHR_materials_emissive_strength", "KHR_materials_ior", "KHR_materials_iridescence",
    "KHR_materials_pbrSpecularGlossiness", "KHR_materials_sheen", "KHR_materials_specular",
    "KHR_materials_transmission", "KHR_materials_unlit", "KHR_materials_variants", "KHR_materials_volume",
))  # fmt: skip

T = TypeVar("T")


class GlbError(Exception):
    """`kind` names the fault, `values` fill its sentence."""

    def __init__(self, kind: str, /, **values: Any) -> None:
        super().__init__(kind, values)
        self.kind, self.values = kind, values


@dataclass(frozen=True, slots=True)
class Glb:
    document: Mapping[str, Any]
    body: bytes


@dataclass(frozen=True, slots=True)
class Limits:
    """What a master may have. A phone's version is made smaller; this is what the making can bear."""

    triangles: int = 3_000_000
    vertices: int = 6_000_000
    draws: int = 5_000
    nodes: int = 50_000
    #: A texture's side, and the pixels of all of them together: four bytes each in a visitor's graphics memory.
    side: int = 8192
    pixels: int = 160_000_000


@dataclass(frozen=True, slots=True)
class Facts:
    """`low` and `high` bound the positions of all primitives, before nodes move them; in metres by the format."""

    triangles: int
    vertices: int
    draws: int
    materials: int
    images: int
    animations: tuple[str, ...]
    extensions: tuple[str, ...]
    low: tuple[float, float, float]
    high: tuple[float, float, float]


def parse(data: bytes) -> Glb:
    """Take the container apart (glTF 2.0 §4.4)."""
    if data[:4] != MAGIC:
        raise GlbError("not-a-glb")
    if len(data) < 20:
        raise GlbError("cut-short", have=len(data), want=20)
    version, length = struct.unpack_from("<II", data, 4)
    if version != 2:
        raise GlbError("version", version=version)
    if length > len(data):
        raise GlbError("cut-short", have=len(data), want=length)
    chunks = list(_chunks(data, length))
    if not chunks or chunks[0][0] != JSON_CHUNK:
        raise GlbError("broken", where="JSON")
    try:
        document = json.loads(chunks[0][1].decode("utf-8"))
    except (ValueError, RecursionError) as broken:
        raise GlbError("broken", where="JSON") from broken
    if not isinstance(document, dict):
        raise GlbError("broken", where="JSON")
    body = next((bytes(chunk) for kind, chunk in chunks[1:] if kind == BIN_CHUNK), b"")
    return Glb(document, body)


def _chunks(data: bytes, length: int) -> Iterator[tuple[int, bytes]]:
    at = 12
    while at + 8 <= length:
        size, kind = struct.unpack_from("<II", data, at)
        if at + 8 + size > length:
            raise GlbError("cut-short", have=length, want=at + 8 + size)
        yield kind, data[at + 8 : at + 8 + size]
        at += 8 + size


def assemble(document: Mapping[str, Any], body: bytes) -> bytes:
    """The container around a document and its body."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<II", len(text), JSON_CHUNK) + text
    if body:
        body += b"\x00" * (-len(body) % 4)
        chunks += struct.pack("<II", len(body), BIN_CHUNK) + body
    return MAGIC + struct.pack("<II", 2, 12 + len(chunks)) + chunks


def inspect(glb: Glb, limits: Limits | None = None) -> Facts:
    """Count what drawing the model costs; `GlbError` for what must not come in."""
    most = limits or Limits()
    document = glb.document
    refuse_external(document)
    unknown = sorted(set(_texts(document, "extensionsRequired")) - KNOWN)
    if unknown:
        raise GlbError("extension", names=unknown)
    accessors = _objects(document, "accessors")
    triangles = vertices = draws = 0
    low, high = np.full(3, np.inf), np.full(3, -np.inf)
    for n, primitive in enumerate(_primitives(document)):
        attributes = primitive.get("attributes")
        position = _pick(accessors, attributes.get("POSITION") if isinstance(attributes, dict) else None)
        if position is None:
            continue
        draws += 1
        count = _count(position)
        index = _pick(accessors, primitive.get("indices"))
        mode = primitive.get("mode", 4)
        if mode in _PER_MODE:
            triangles += _PER_MODE[mode](_count(index) if index is not None else count)
        vertices += count
        _within("triangles", triangles, most.triangles)
        _within("vertices", vertices, most.vertices)
        bounds = _bounds(glb, position, n)
        low, high = np.minimum(low, bounds[0]), np.maximum(high, bounds[1])
    _within("draws", draws, most.draws)
    _within("nodes", len(_objects(document, "nodes")), most.nodes)
    if not draws or not np.isfinite(low).all() or not np.isfinite(high).all():
        raise GlbError("empty")
    return Facts(
        triangles, vertices, draws, len(_objects(document, "materials")), len(_objects(document, "images")),
        tuple(str(a.get("name", "")) for a in _objects(document, "animations")),
        tuple(_texts(document, "extensionsUsed")), _triple(low), _triple(high),
    )  # fmt: skip


def refuse_external(document: Mapping[str, Any]) -> None:
    """A model that asks for other files asks for them from every visitor's browser: nothing of it is fetched."""
    for kind in ("buffers", "images"):
        for thing in _objects(document, kind):
            uri = thing.get("uri")
            if uri is not None and not str(uri).startswith("data:"):
                raise GlbError("external", name=str(uri)[:120])


def images(glb: Glb) -> list[bytes]:
    """The embedded pictures as they stand in the body; broken references are a fault."""
    views = _objects(glb.document, "bufferViews")
    found = []
    for n, image in enumerate(_objects(glb.document, "images")):
        view = _pick(views, image.get("bufferView"))
        if view is None:
            continue
        start, size = _number(view, "byteOffset", 0), _number(view, "byteLength", 0)
        if start + size > len(glb.body) or not size:
            raise GlbError("broken", where=f"images[{n}]")
        found.append(glb.body[start : start + size])
    return found


def check_textures(sizes: list[tuple[int, int]], limits: Limits | None = None) -> None:
    """`sizes`: width and height of each picture in pixels."""
    most = limits or Limits()
    for width, height in sizes:
        if max(width, height) > most.side:
            raise GlbError("texture-side", width=width, height=height, limit=most.side)
    _within("pixels", sum(width * height for width, height in sizes), most.pixels)


def _bounds(glb: Glb, position: Mapping[str, Any], n: int) -> tuple[Any, Any]:
    """Least and greatest of the positions, from the bytes themselves where they are not compressed."""
    values = positions(glb, position)
    if values is None:
        low, high = position.get("min"), position.get("max")
        if not (_is_triple(low) and _is_triple(high)):
            return np.zeros(3), np.zeros(3)
        return np.array(low, float), np.array(high, float)
    if not len(values):
        return np.full(3, np.inf), np.full(3, -np.inf)
    if not np.isfinite(values).all():
        raise GlbError("not-a-number", primitive=n)
    return values.min(0).astype(float), values.max(0).astype(float)


def positions(glb: Glb, accessor: Mapping[str, Any]) -> Any:
    """An accessor of three numbers as an array (n, 3), a view on the body; None where the body does not hold it plainly
    (compressed, sparse, or in a data: address)."""
    views = _objects(glb.document, "bufferViews")
    view = _pick(views, accessor.get("bufferView"))
    kind = _COMPONENTS.get(accessor.get("componentType", 0))
    if view is None or "sparse" in accessor or kind is None or accessor.get("type") != "VEC3" or _is_packed(glb, view):
        return None
    item = np.dtype(kind).itemsize * 3
    stride = _number(view, "byteStride", item) or item
    start, count = _number(view, "byteOffset", 0) + _number(accessor, "byteOffset", 0), _count(accessor)
    if count and (stride < item or start + (count - 1) * stride + item > len(glb.body)):
        raise GlbError("broken", where="accessors")
    return np.ndarray((count, 3), kind, glb.body, start, (stride, np.dtype(kind).itemsize)) if count else np.empty((0, 3))


def _is_packed(glb: Glb, view: Mapping[str, Any]) -> bool:
    if _number(view, "buffer", 0) != 0 or not glb.body:
        return True
    extensions = view.get("extensions")
    return isinstance(extensions, dict) and any("meshopt" in str(name) for name in extensions)


def _primitives(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for mesh in _objects(document, "meshes"):
        yield from _objects(mesh, "primitives")


def _objects(holder: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = holder.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise GlbError("broken", where=name)
    return found


def _texts(holder: Mapping[str, Any], name: str) -> list[str]:
    found = holder.get(name, [])
    return [str(one) for one in found] if isinstance(found, list) else []


def _pick(things: list[T], index: object) -> T | None:
    if index is None:
        return None
    if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < len(things):
        raise GlbError("broken", where=f"index {index}"[:60])
    return things[index]


def _number(holder: Mapping[str, Any], name: str, otherwise: int) -> int:
    value = holder.get(name, otherwise)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise GlbError("broken", where=name)
    return value


def _count(accessor: Mapping[str, Any]) -> int:
    return _number(accessor, "count", 0)


def _is_triple(values: object) -> bool:
    return isinstance(values, list) and len(values) == 3 and all(isinstance(v, int | float) for v in values)


def _within(what: str, count: int, most: int) -> None:
    if count > most:
        raise GlbError(f"too-many-{what}", count=count, limit=most)


def _triple(values: Any) -> tuple[float, float, float]:
    x, y, z = (float(value) for value in values)
    return x, y, z

"""Small 3D models for tests."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from everhall.engines import glb


def model(corners: Any, indices: Any, more: Mapping[str, Any] | None = None, tail: bytes = b"") -> bytes:
    """A GLB of one primitive: positions (n, 3), corners of triangles; `more` goes into the document, `tail` into the body."""
    positions = np.ascontiguousarray(corners, "<f4")
    order = np.ascontiguousarray(indices, "<u4")
    body = positions.tobytes() + order.tobytes() + tail
    finite = np.nan_to_num(positions, posinf=0, neginf=0)
    document = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "accessors": [
            {
                "bufferView": 0, "componentType": 5126, "count": len(positions), "type": "VEC3",
                "min": finite.min(0).tolist(), "max": finite.max(0).tolist(),
            },
            {"bufferView": 1, "componentType": 5125, "count": order.size, "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": positions.nbytes, "target": 34962},
            {"buffer": 0, "byteOffset": positions.nbytes, "byteLength": order.nbytes, "target": 34963},
        ],
        "buffers": [{"byteLength": len(body)}],
        **(more or {}),
    }  # fmt: skip
    return glb.assemble(document, body)


def cube(side: float = 1.0) -> bytes:
    """Six faces of their own corners, 24 vertices, twelve triangles."""
    faces = []
    for axis in range(3):
        for sign in (-1, 1):
            u, v = (axis + 1) % 3, (axis + 2) % 3
            face = np.zeros((4, 3))
            face[:, axis] = sign
            face[:, u] = np.array([-1, 1, 1, -1]) * sign
            face[:, v] = [-1, -1, 1, 1]
            faces.append(face)
    corners = np.concatenate(faces) * side / 2
    indices = np.concatenate([np.array([0, 1, 2, 0, 2, 3]) + 4 * n for n in range(6)])
    return model(corners, indices)

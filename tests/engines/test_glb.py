"""3D models: what is let in, what is refused with which words, and that no bytes whatever do harm."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from everhall.engines import glb
from everhall.engines.glb import GlbError, Limits
from tests.models3d import cube, model


def kind(call, *arguments, **named) -> str:
    with pytest.raises(GlbError) as told:
        call(*arguments, **named)
    return told.value.kind


def test_a_cube_is_counted_and_measured():
    facts = glb.inspect(glb.parse(cube(2.0)))
    assert (facts.triangles, facts.vertices, facts.draws, facts.images) == (12, 24, 1, 0)
    assert facts.low == (-1.0, -1.0, -1.0)
    assert facts.high == (1.0, 1.0, 1.0)


def test_the_container_is_read_back_as_it_was_written():
    read = glb.parse(cube())
    again = glb.parse(glb.assemble(read.document, read.body))
    assert again.document == read.document
    assert again.body.startswith(read.body)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x00\x00\x00\x20ftypisom" + bytes(40), "not-a-glb"),
        (b"glTF", "cut-short"),
        (cube()[:-10], "cut-short"),
        (cube()[:4] + b"\x01\x00\x00\x00" + cube()[8:], "version"),
        (glb.assemble({"asset": {"version": "2.0"}}, b""), "empty"),
    ],
)
def test_what_is_no_model_is_refused(data, expected):
    assert kind(lambda: glb.inspect(glb.parse(data))) == expected


@pytest.mark.parametrize("uri", ["https://example.org/a.bin", "../secret.bin", "file:///etc/passwd", "textures/a.png"])
def test_a_model_that_asks_for_other_files_is_refused(uri):
    for where in ("images", "buffers"):
        document = dict(glb.parse(cube()).document)
        document[where] = [{"uri": uri, "byteLength": 8}]
        assert kind(glb.inspect, glb.Glb(document, b"")) == "external"


def test_positions_that_are_no_numbers_are_refused():
    for poison in (np.nan, np.inf, -np.inf):
        corners = np.zeros((3, 3), np.float32)
        corners[1, 2] = poison
        assert kind(glb.inspect, glb.parse(model(corners, np.array([0, 1, 2])))) == "not-a-number"


def test_more_than_visitors_can_bear_is_refused():
    assert kind(glb.inspect, glb.parse(cube()), Limits(triangles=11)) == "too-many-triangles"
    # Five million triangles that nobody wrote down: the count alone is enough.
    document = json.loads(json.dumps(glb.parse(cube()).document))
    document["accessors"][1]["count"] = 15_000_000
    assert kind(glb.inspect, glb.Glb(document, glb.parse(cube()).body)) == "too-many-triangles"
    assert kind(glb.check_textures, [(16_384, 16_384)]) == "texture-side"
    assert kind(glb.check_textures, [(8192, 8192)] * 3) == "too-many-pixels"
    glb.check_textures([(4096, 4096)] * 9)


def test_an_extension_that_no_viewer_knows_is_refused_only_if_required():
    document = dict(glb.parse(cube()).document, extensionsUsed=["ACME_holo"])
    body = glb.parse(cube()).body
    assert glb.inspect(glb.Glb(document, body)).extensions == ("ACME_holo",)
    assert kind(glb.inspect, glb.Glb({**document, "extensionsRequired": ["ACME_holo"]}, body)) == "extension"


@given(st.data())
def test_a_broken_file_never_does_more_than_be_refused(data):
    whole = bytearray(cube())
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        read = glb.parse(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
        glb.inspect(read)
        glb.images(read)
    except GlbError:
        pass


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**40) | st.text(max_size=4) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from((
        "meshes", "primitives", "attributes", "POSITION", "indices", "accessors", "bufferView", "bufferViews", "byteOffset",
        "byteStride", "byteLength", "count", "componentType", "type", "images", "buffers", "uri", "mode", "extensions",
    )), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(("meshes", "accessors", "bufferViews", "images", "buffers", "nodes")), anything))
def test_a_document_of_any_shape_never_does_more_than_be_refused(document):
    base = json.loads(json.dumps(glb.parse(cube()).document))
    try:
        found = glb.Glb({**base, **document}, glb.parse(cube()).body)
        glb.inspect(found)
        glb.images(found)
    except GlbError:
        pass

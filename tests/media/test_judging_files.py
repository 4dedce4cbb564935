"""What an exhibitor may bring, and what is refused with a sentence that tells what to do."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override
from wagtail.documents.forms import get_document_form

from everhall.media.forms import judge
from everhall.media.models import Attachment
from tests.media import masters
from tests.models3d import cube


def refusal(kind: str, name: str, data: bytes, language: str = "en") -> str:
    with override(language), pytest.raises(ValidationError) as told:
        judge(kind, SimpleUploadedFile(name, data))
    return " ".join(told.value.messages)


BAD = [
    ("model", "arm.glb", masters.with_other_files, "asks for another file", "另一个文件"),
    ("model", "arm.glb", masters.not_numbers, "are no numbers", "不是数字"),
    ("model", "arm.glb", masters.many_triangles, "5,000,000 triangles", "5,000,000 个三角形"),
    ("model", "arm.glb", masters.texture_bomb, "30,000 × 30,000 pixels", "30,000 × 30,000 像素"),
    ("model", "film.glb", lambda: masters.MP4, "a film, not a 3D model", "是视频，不是三维模型"),
    ("model", "arm.glb", lambda: cube()[:-9], "its end is missing", "文件不完整"),
    ("model", "picture.glb", masters.poster, "a picture, not a 3D model", "是图片"),
    ("board", "book.pdf", lambda: masters.pdf(2000), "2,000 pages", "2,000 页"),
    ("board", "film.jpg", lambda: masters.MP4, "a film and cannot be a board", "是视频"),
    ("board", "board.pdf", lambda: masters.pdf(1)[:60], "its end is missing", "文件不完整"),
    ("board", "plan.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG", "SVG"),
]


@pytest.mark.parametrize(("kind", "name", "data", "en", "zh"), BAD, ids=[f"{kind}-{en[:24]}" for kind, _, _, en, _ in BAD])
def test_a_bad_file_is_refused_in_both_languages_with_what_to_do(kind, name, data, en, zh):
    told = refusal(kind, name, data())
    assert en in told
    assert told.count(".") >= 2
    assert zh in refusal(kind, name, data(), "zh-hans")


def test_good_ones_are_taken_and_read_from_their_start_again():
    for kind, name, data in (
        ("model", "cube.glb", cube()), ("board", "board.jpg", masters.poster()), ("board", "board.pdf", masters.pdf(3)),
        ("model", "cube.stl", stl()), ("document", "anything.txt", b"hello"),
    ):  # fmt: skip
        file = SimpleUploadedFile(name, data)
        judge(kind, file)
        assert file.read(3) == data[:3]


def stl() -> bytes:
    return b"solid t\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\nendsolid t\n"


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "."), data)
    return out.getvalue()


def test_a_zip_holds_one_gltf_and_all_that_it_names():
    document = b'{"asset": {"version": "2.0"}, "buffers": [{"uri": "shape.bin", "byteLength": 3}]}'
    judge("model", SimpleUploadedFile("a.zip", zipped(model__gltf=document, shape__bin=b"abc")))
    assert "another file: shape.bin" in refusal("model", "a.zip", zipped(model__gltf=document))
    assert "exactly one .gltf; it holds 2" in refusal("model", "a.zip", zipped(a__gltf=document, b__gltf=document))
    outside = document.replace(b"shape.bin", b"../shape.bin")
    assert "another file" in refusal("model", "a.zip", zipped(model__gltf=outside, shape__bin=b"abc"))


@pytest.mark.django_db
def test_the_former_file_stays_when_the_new_one_is_refused(world):
    form_class = get_document_form(Attachment)
    kept = masters.attachment(cube(), "cube.glb", "model")
    before = kept.file.name
    data = {"title": "Cube", "kind": "model", "collection": kept.collection_id, "tags": ""}
    form = form_class(data, {"file": SimpleUploadedFile("new.glb", masters.not_numbers())}, instance=kept)
    assert not form.is_valid()
    assert "file" in form.errors
    assert Attachment.objects.get(pk=kept.pk).file.name == before
    # A document that is called a model later is judged then.
    text = masters.attachment(b"hello", "notes.txt", "document")
    form = form_class({**data, "title": "Notes"}, {}, instance=text)
    assert not form.is_valid()
    assert "file" in form.errors

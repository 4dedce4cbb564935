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
from tests.media import clips, masters
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
    ("video", "film.mp4", cube, "a 3D model, not a film", "是三维模型，不是视频"),
    ("video", "film.mp4", clips.cube, "a zip, not a film", "是压缩包，不是视频"),
    ("video", "film.mp4", lambda: clips.film(".mp4", "320x240", 10, 1)[:3000], "its end is missing", "文件不完整"),
    ("video", "film.mp4", lambda: clips.made(".mp4", "-f", "lavfi", "-i", "sine=d=1"), "only sound in this file", "只有声音"),
    ("video", "film.mkv", lambda: clips.made(".mkv", "-f", "lavfi", "-i", "color=s=64x64:r=1:d=4000", "-c:v", "libx264", "-preset", "ultrafast"), "It lasts 1:06:40; 1:00:00 is the most", "时长 1:06:40"),
    ("video", "film.mkv", lambda: clips.made(".mkv", "-f", "lavfi", "-i", "color=s=9000x5000:r=1:d=1", "-frames:v", "1", "-c:v", "mjpeg"), "9,000 × 5,000 pixels", "9,000 × 5,000 像素"),
    ("video", "list.mp4", lambda: b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "a file of unknown kind, not a film", "无法识别的文件"),
    ("video", "list.mp4", lambda: b"ffconcat version 1.0\nfile /etc/passwd\n", "a file of unknown kind, not a film", "无法识别的文件"),
    ("audio", "talk.mp3", cube, "a 3D model, not a sound", "不是音频"),
    ("audio", "talk.mp3", lambda: clips.film(".webm", "64x64", 5, 1, sound=False), "no sound in this file", "没有声音"),
    ("panorama", "hall.jpg", masters.poster, "1,300 × 900 pixels; it should be twice as wide", "宽度应正好是高度的两倍"),
    ("panorama", "hall.jpg", lambda: masters.MP4, "a film, not a panorama", "不是全景图"),
    ("panorama", "hall.zip", lambda: clips.zipped({"f.jpg": masters.poster(90, 90)}), "missing or there twice: b, d, l, r, u", "缺少或重复了"),
    ("panorama", "hall.zip", lambda: clips.zipped({f"{face}.jpg": masters.poster(90, 60) for face in "frblud"}), "measures 90 × 60 pixels; a face is square", "立方体的面应为正方形"),
    ("panorama", "hall.zip", lambda: clips.zipped({f"{face}.jpg": b"hello" for face in "frblud"}), "is no picture that can be read", "不是可以读取的图片"),
    ("turntable", "turn.zip", lambda: clips.turntable(5), "holds 5 pictures; a turntable has 12 to 72", "压缩包里有 5 张图片"),
    ("turntable", "turn.zip", lambda: clips.turntable()[:-400], "cannot be used", "压缩包无法使用"),
    ("turntable", "turn.jpg", masters.poster, "a picture, not the pictures of a turntable", "不是环拍图片包"),
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
        ("video", "film.mp4", clips.film()), ("audio", "talk.flac", clips.sound(".flac")), ("panorama", "hall.jpg", clips.equirect(512)),
        ("panorama", "hall.zip", clips.cube()), ("turntable", "turn.zip", clips.turntable()),
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


@pytest.mark.django_db
def test_a_film_that_was_left_as_a_document_is_taken_as_what_it_is(world):
    form_class = get_document_form(Attachment)
    collection = masters.attachment(b"x", "x.txt", "document").collection_id
    for name, data, kind in (("film.mp4", clips.film(), "video"), ("talk.mp3", clips.sound(".mp3"), "audio"), ("cube.glb", cube(), "model"), ("notes.txt", b"x", "document")):
        form = form_class({"title": name, "kind": "document", "collection": collection, "tags": ""}, {"file": SimpleUploadedFile(name, data)})
        assert form.is_valid(), form.errors
        assert form.save().kind == kind

"""Files that exhibitors bring: in pieces and in one, judged by the same code as in the desk; what is refused leaves nothing."""

import base64
import datetime as dt
import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from everhall.exhibition.models import Exhibit
from everhall.media import pieces, taking
from everhall.media.models import Attachment, FileUpload, Picture
from everhall.office import queries, services
from everhall.office.models import Material
from tests.office.conftest import Office

pytestmark = pytest.mark.django_db

TUS = {"HTTP_TUS_RESUMABLE": "1.0.0"}
KIND = "application/offset+octet-stream"


def png(size: tuple[int, int] = (640, 427)) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, "PNG")
    return out.getvalue()


def begin(office: Office, exhibit: Exhibit, data: bytes, name: str = "封面.png", kind: str = "picture", size: int | None = None, head: bytes | None = None):
    told = {"filename": name, "kind": kind, "head": base64.b64encode(data[:256] if head is None else head).decode()}
    metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items())
    return office.client("owner").post(
        reverse("office:uploads", args=[office.mine.code, exhibit.code]), HTTP_UPLOAD_LENGTH=str(size or len(data)),
        HTTP_UPLOAD_METADATA=metadata, **TUS,
    )


def patch(office: Office, address: str, offset: int, data: bytes):
    return office.client("owner").patch(address, data, content_type=KIND, HTTP_UPLOAD_OFFSET=str(offset), **TUS)


def take(office: Office, exhibit: Exhibit, address: str, who: str = "owner", **post):
    code = address.rstrip("/").rsplit("/", 1)[1]
    return office.client(who).post(reverse("office:take", args=[office.mine.code, exhibit.code, code]), post, HTTP_ACCEPT="application/json")


def send(office: Office, exhibit: Exhibit, data: bytes, name: str, kind: str):
    address = begin(office, exhibit, data, name, kind)["Location"]
    assert patch(office, address, 0, data).status_code == 204
    return take(office, exhibit, address)


def left() -> list[Path]:
    return [path for path in Path(settings.UPLOADS_ROOT).rglob("*") if path.is_file()]


def draft(exhibit: Exhibit) -> Exhibit:
    return queries.draft_of(Exhibit.objects.get(pk=exhibit.pk))


def test_a_picture_that_was_cut_at_ninety_percent_goes_on_and_becomes_the_cover(office: Office) -> None:
    exhibit, data = office.draft(), png()
    made = begin(office, exhibit, data)
    assert made.status_code == 201
    address, most = made["Location"], len(data) * 9 // 10
    upload = FileUpload.objects.get()

    def cut():
        yield data[:most]
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        pieces.add(upload, 0, cut(), now=timezone.now(), whole=pieces.settle_whole)
    assert office.client("owner").head(address, **TUS)["Upload-Offset"] == str(most)
    early = take(office, exhibit, address)
    assert early.status_code == 409
    assert patch(office, address, most, data[most:])["Upload-Offset"] == str(len(data))
    assert take(office, exhibit, address).json() == {"taken": True}
    (row,) = draft(exhibit).pictures.all()
    picture = Picture.objects.get(pk=row.picture_id)
    with picture.file.open() as file:
        assert file.read() == data
    assert (picture.width, picture.height, picture.title, picture.uploaded_by_user, picture.released_at) == (640, 427, "封面", office.users["owner"], None)
    assert Material.objects.get().picture == picture
    assert left() == []
    # An answer that was lost is asked for again.
    assert take(office, exhibit, address).json() == {"taken": True}
    assert len(draft(exhibit).pictures.all()) == 1


@pytest.mark.parametrize(
    ("kind", "name", "head", "said"),
    [
        ("picture", "a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'>", "SVG"), ("picture", "a.pdf", b"%PDF-1.7", "不是"),
        ("model", "a.step", b"ISO-10303-21;", "不是三维模型"), ("board", "a.mp4", b"\0\0\0\x18ftypmp42", "展板"),
        ("video", "a.mp4", b"glTF\x02\0\0\0", ".mp4"), ("document", "a.exe", b"MZ", ".pdf"),
    ],
)
def test_what_is_plainly_something_else_is_refused_before_it_is_sent(office: Office, kind: str, name: str, head: bytes, said: str) -> None:
    answer = begin(office, office.draft(), head, name, kind)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert left() == []
    assert not FileUpload.objects.exists()


def test_what_is_too_large_is_refused_before_it_is_sent(office: Office) -> None:
    answer = begin(office, office.draft(), png(), size=31 * 1024 * 1024)
    assert (answer.status_code, "30 MB" in answer.content.decode()) == (422, True)
    assert not FileUpload.objects.exists()


@pytest.mark.parametrize(("kind", "name"), [("picture", "halb.png"), ("model", "halb.glb"), ("board", "halb.pdf"), ("document", "halb.pdf")])
def test_what_turns_out_to_be_broken_is_refused_with_what_to_do_and_the_draft_stays(office: Office, kind: str, name: str) -> None:
    exhibit = office.draft()
    good = {"picture": png(), "board": b"%PDX-1.7" + b"x" * 400, "model": b"glTF" + b"\x02\0\0\0" + b"\xff" * 400, "document": b"%PDX-1.7" + b"x" * 400}[kind]
    data = good[: len(good) * 2 // 3]
    address = begin(office, exhibit, data, name, kind, head=b"")["Location"]
    patch(office, address, 0, data)
    answer = take(office, exhibit, address)
    assert answer.status_code == 422, answer.content
    assert len(answer.json()["refused"]) > 10
    assert left() == []
    assert not Picture.objects.exists()
    assert not Attachment.objects.exists()
    page = office.client("owner").get(reverse("office:step", args=[office.mine.code, exhibit.code, "media"])).content.decode()
    assert answer.json()["refused"][:10] in page
    take(office, exhibit, address, forget="1")
    assert not FileUpload.objects.exists()


def test_a_model_of_the_desk_comes_in_pieces_too(office: Office) -> None:
    from tests.models3d import cube

    exhibit = office.draft()
    data = cube()
    assert send(office, exhibit, data, "车.glb", "model").json() == {"taken": True}
    (row,) = draft(exhibit).attachments.all()
    assert (row.attachment.kind, row.attachment.title, row.attachment.file_size) == ("model", "车", len(data))


def test_a_file_of_a_plain_form_is_judged_alike(office: Office) -> None:
    exhibit, client = office.draft(), office.client("member")
    address = reverse("office:files", args=[office.mine.code, exhibit.code])
    client.post(address, {"kind": "picture", "file": SimpleUploadedFile("a.png", png(), "image/png")})
    assert len(draft(exhibit).pictures.all()) == 1
    page = client.post(address, {"kind": "picture", "file": SimpleUploadedFile("b.png", b"<svg/>", "image/png")}, follow=True)
    assert "SVG" in page.content.decode() or "不是" in page.content.decode()
    assert client.post(address, {"kind": "picture"}, follow=True).status_code == 200
    assert len(draft(exhibit).pictures.all()) == 1
    assert left() == []


def test_files_move_and_go_and_the_first_is_the_cover(office: Office) -> None:
    exhibit = office.draft()
    for n in range(3):
        send(office, exhibit, png((300 + n, 200)), f"{n}.png", "picture")
    ids = [row.picture_id for row in sorted(draft(exhibit).pictures.all(), key=queries.order)]
    address = reverse("office:step", args=[office.mine.code, exhibit.code, "media"])
    client = office.client("owner")
    client.post(address, {"do": f"up:p{ids[2]}"})
    client.post(address, {"do": f"up:p{ids[2]}"})
    client.post(address, {"do": f"up:p{ids[2]}"})
    client.post(address, {"do": f"remove:p{ids[0]}"})
    client.post(address, {"do": "remove:p99999"})
    assert [row.picture_id for row in sorted(draft(exhibit).pictures.all(), key=queries.order)] == [ids[2], ids[1]]
    assert Picture.objects.filter(pk=ids[0]).exists()


def test_words_of_a_file_are_kept_until_they_are_public(office: Office) -> None:
    exhibit = office.draft()
    send(office, exhibit, png(), "a.png", "picture")
    (row,) = draft(exhibit).pictures.all()
    name = f"p{row.picture_id}.alt_zh"
    from everhall.office.rules import digest

    address = reverse("office:step", args=[office.mine.code, exhibit.code, "media"])
    save = {name: "一架飞行器", f"was.{name}": digest("")}
    assert office.client("owner").post(address, save, HTTP_ACCEPT="application/json").json()["wrong"] == {}
    assert Picture.objects.get(pk=row.picture_id).alt_zh == "一架飞行器"
    Picture.objects.filter(pk=row.picture_id).update(released_at=timezone.now())
    again = {name: "别的", f"was.{name}": digest("一架飞行器")}
    assert name in office.client("owner").post(address, again, HTTP_ACCEPT="application/json").json()["wrong"]
    assert Picture.objects.get(pk=row.picture_id).alt_zh == "一架飞行器"


def test_an_upload_is_forgotten_after_a_week_with_its_bytes(office: Office) -> None:
    exhibit = office.draft()
    begin(office, exhibit, png())
    now = timezone.now()
    assert pieces.forget(FileUpload, now) == 0
    pieces.forget(FileUpload, now + dt.timedelta(days=7, seconds=1))
    assert left() == []
    pieces.forget(FileUpload, now + dt.timedelta(days=7, seconds=1))
    assert not FileUpload.objects.exists()


def test_an_exhibit_has_room_for_so_many_files(office: Office, monkeypatch) -> None:
    monkeypatch.setattr(services, "MOST_FILES", 1)
    exhibit = office.draft()
    assert send(office, exhibit, png(), "a.png", "picture").status_code == 200
    assert send(office, exhibit, png((301, 200)), "b.png", "picture").status_code == 409
    assert len(draft(exhibit).pictures.all()) == 1


def test_nothing_half_done_stays_when_the_row_cannot_be_written(office: Office, monkeypatch) -> None:
    exhibit, data = office.draft(), png()
    address = begin(office, exhibit, data)["Location"]
    patch(office, address, 0, data)
    upload = FileUpload.objects.get()
    upload.kind = "picture"
    upload.name = "x" * 250 + ".png"

    class StoppedError(Exception):
        pass

    def stop(*args, **kwargs):
        raise StoppedError

    with monkeypatch.context() as patched:
        patched.setattr(Picture, "save", stop)
        with pytest.raises(StoppedError):
            taking.take(upload, None, timezone.now())
    assert [path.read_bytes() for path in left()] == [data]
    assert list(Path(settings.MEDIA_ROOT).rglob("*.png")) == []
    upload.refresh_from_db()
    assert take(office, exhibit, address).json() == {"taken": True}


@pytest.mark.parametrize("metadata", ["kind cGljdHVyZQ==,head !!!", "kind bm9wZQ==", "", "kind cGljdHVyZQ==,head " + base64.b64encode(b"%%%").decode()])
def test_metadata_that_cannot_be_read_is_refused(office: Office, metadata: str) -> None:
    answer = office.client("owner").post(
        reverse("office:uploads", args=[office.mine.code, office.draft().code]), HTTP_UPLOAD_LENGTH="5", HTTP_UPLOAD_METADATA=metadata, **TUS
    )
    assert answer.status_code == 400

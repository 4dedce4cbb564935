"""Plans and labels in the desk: who may, what is refused, and that of two editors the second is told."""

import base64
import io
import json
import re
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from everhall.editions.models import Hall, Zone
from everhall.engines import plan_json
from everhall.engines.plan_layout import lay_out
from everhall.exhibition import label_sheets, queries, services
from everhall.exhibition.models import Exhibit, FloorPlan, Label, LabelScans
from tests.desk.places import Week

pytestmark = pytest.mark.django_db

#: Who changes a hall: whoever may publish at its venue.
MAY = ("national", "bj-organiser")
MAY_NOT = ("bj-editor", "bj-reviewer", "bj-exhibitor", "zz-organiser", "park-editor")
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 200"><rect id="A-01" x="40" y="60" width="30" height="30"/>'
    '<rect id="door-1" x="190" y="190" width="20" height="10"/><text x="10" y="20">咖啡</text></svg>'
)


@pytest.fixture
def hall(week: Week):
    return week.rows["hall", "beijing"]


@pytest.fixture
def zone(week: Week):
    return week.rows["zone", "beijing"]


def address(hall, verb: str = "") -> str:
    return f"/admin/exhibition/plans/hall/{hall.pk}/{verb}"


def drawing(*codes: str, version: int = 0, **values) -> dict:
    return {"version": version, "plan": {**plan_json.written(lay_out([("a", codes)])), **values}}


def saved(client, hall, data) -> tuple[int, dict]:
    response = client.post(address(hall, "save/"), json.dumps(data), content_type="application/json")
    return response.status_code, response.json()


def uploaded(client, hall, text: str | bytes = SVG, metres: str = "40"):
    data = text if isinstance(text, bytes) else text.encode()
    return client.post(address(hall, "upload/"), {"file": SimpleUploadedFile("halle.svg", data), "metres": metres, "up": "90"})


def test_only_who_may_change_a_hall_finds_its_plan_and_labels(week, hall, zone):
    pages = [address(hall), f"/admin/exhibition/labels/{zone.pk}/", f"/admin/exhibition/labels/{zone.pk}/tent.pdf"]
    for name in MAY:
        for page in (*pages, "/admin/exhibition/plans/2021/"):
            assert week.client(name).get(page).status_code == 200, (name, page)
    for name in MAY_NOT:
        client = week.client(name)
        for page in pages:
            assert client.get(page).status_code == 404, (name, page)
        for verb in ("save/", "upload/"):
            assert client.post(address(hall, verb), "{}", content_type="application/json").status_code == 404, (name, verb)
        assert client.post(pages[1]).status_code == 404
    assert not FloorPlan.objects.exists()


def test_lists_show_only_what_is_within_reach(week, hall):
    own = week.client("zz-organiser").get("/admin/exhibition/plans/2021/").content.decode()
    assert address(hall) not in own
    assert address(hall) in week.client("bj-organiser").get("/admin/exhibition/plans/", follow=True).content.decode()
    assert week.client("bj-editor").get("/admin/exhibition/plans/").status_code == 404


def test_a_plan_is_drawn_saved_and_logged(week, hall):
    client = week.client("bj-organiser")
    data = drawing("A-01", "A-02", "B-01")
    del data["plan"]["booths"][0]["front"]
    status, told = saved(client, hall, data)
    assert status == 200
    assert told["version"] == 1
    assert len(told["plan"]["booths"][0]["front"]) == 2
    row = FloorPlan.objects.get(hall=hall)
    assert [booth["code"] for booth in row.data["booths"]] == ["A-01", "A-02", "B-01"]
    assert queries.ground_of(hall.pk).is_drawn
    entry = ModelLogEntry.objects.filter(action="everhall.draw_plan").get()
    assert (entry.object_id, entry.user.email, entry.data["count"]) == (str(hall.pk), week.users["bj-organiser"].email, 3)
    assert "绘制了展馆平面图：3 个展位" in week.client("national").get("/admin/audit/").content.decode()


def test_of_two_editors_the_second_is_told(week, hall):
    first, second = week.client("bj-organiser"), week.client("national")
    assert saved(first, hall, drawing("A-01"))[0] == 200
    status, told = saved(second, hall, drawing("B-01"))
    assert status == 409
    assert "没有保存" in told["message"]
    assert FloorPlan.objects.get().data["booths"][0]["code"] == "A-01"
    assert saved(second, hall, drawing("B-01", version=1))[1]["version"] == 2
    assert saved(first, hall, drawing("C-01", version=1))[0] == 409


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'{"version": 0}', b'{"version": 0, "plan": []}', b'{"version": 0, "plan": {"booths": [7]}}', b"\xff", b"[" * 200_000])
def test_what_is_no_plan_is_refused_in_words(week, hall, body):
    response = week.client("bj-organiser").post(address(hall, "save/"), body, content_type="application/json")
    assert response.status_code == 400
    assert all(one["what"] and one["do"] for one in response.json()["problems"])
    assert not FloorPlan.objects.exists()


def test_what_is_odd_is_said_and_saved(week, hall):
    status, told = saved(week.client("bj-organiser"), hall, drawing("A-01", doors=[]))
    assert status == 200
    assert {one["code"] for one in told["problems"]} >= {"no_door"}


def test_a_drawing_is_reported_on_before_it_replaces(week, hall):
    client = week.client("bj-organiser")
    saved(client, hall, drawing("X-09"))
    page = uploaded(client, hall).content.decode()
    assert "1 个展位" in page
    assert "X-09" in page  # which would be gone
    assert FloorPlan.objects.get().data["booths"][0]["code"] == "X-09"
    fields = dict(re.findall(r'name="(text|metres|up|version)" value="([^"]*)"', page))
    response = client.post(address(hall, "upload/"), fields, follow=True)
    assert "观众现在即可看到" in response.content.decode()
    row = FloorPlan.objects.get()
    assert (row.data["booths"][0]["code"], row.version, row.data["up"], row.metres, row.up) == ("A-01", 2, 90, 40, 90)
    assert "咖啡" in row.drawing
    assert ModelLogEntry.objects.filter(action="everhall.import_plan").count() == 1
    # The page of visitors shows the ground.
    assert "咖啡" in client.get(f"/2021/plan/beijing/{hall.code}/").content.decode()


@pytest.mark.parametrize(("text", "words"), [
    (SVG.replace("<text", "<script>alert(1)</script><text"), "脚本"), (SVG.replace("<text", '<rect onclick="x()"/><text'), "脚本"),
    ('<!DOCTYPE svg [<!ENTITY x "y">]>' + SVG, "DOCTYPE"), (SVG.replace("<text", '<rect id="A-01"/><text'), "不止一次"),
    (SVG.replace("<text", '<image href="https://example.org/x.png"/><text'), "外部文件"), (SVG[:90], "不是完整的 SVG"),
    (SVG.replace("A-01", "shape"), "没有找到任何展位"), (b"\x00" * 2_000_001, "最多 2 MB"), (b"%PDF-1.7", "不是完整的 SVG"),
])
def test_a_refused_drawing_leaves_the_former_alive(week, hall, text, words):
    client = week.client("bj-organiser")
    saved(client, hall, drawing("X-09"))
    response = uploaded(client, hall, text)
    assert response.status_code == 400
    page = response.content.decode()
    assert words in page
    assert 'name="text"' not in page
    # Forged past the report it is refused all the same.
    raw = text if isinstance(text, bytes) else text.encode()
    client.post(address(hall, "upload/"), {"text": base64.b64encode(raw).decode(), "metres": "40", "up": "0", "version": "1"})
    row = FloorPlan.objects.get()
    assert (row.version, row.data["booths"][0]["code"]) == (1, "X-09")


def test_a_drawing_whose_report_is_old_does_not_overwrite(week, hall):
    client = week.client("bj-organiser")
    fields = {"text": base64.b64encode(SVG.encode()).decode(), "metres": "40", "up": "0", "version": "0"}
    saved(week.client("national"), hall, drawing("N-01"))
    assert "以对方的为准" in client.post(address(hall, "upload/"), fields, follow=True).content.decode()
    assert "未能完整送达" in client.post(address(hall, "upload/"), {**fields, "text": "A"}, follow=True).content.decode()
    assert client.post(address(hall, "upload/"), {**fields, "metres": "x"}).status_code == 302
    assert uploaded(client, hall, metres="0").status_code == 400
    assert FloorPlan.objects.get().data["booths"][0]["code"] == "N-01"


def test_labels_of_a_zone_are_listed_with_scans_and_made_when_missing(week, hall, zone):
    client, edition = week.client("bj-organiser"), week.edition
    exhibit = Exhibit.objects.get(code="x-beijing")
    services.place_exhibit(exhibit, week.venues["beijing"], zone=zone, booth="A-01")
    label = Label.objects.get(exhibit=exhibit)
    LabelScans.objects.create(label=label, day=timezone.localdate(), count=41)
    page = client.get(f"/admin/exhibition/labels/{zone.pk}/").content.decode()
    assert "A-01" in page
    assert ">41<" in page
    label.delete()
    assert "还没有展签" in client.get(f"/admin/exhibition/labels/{zone.pk}/").content.decode()
    client.post(f"/admin/exhibition/labels/{zone.pk}/")
    assert Label.objects.filter(exhibit=exhibit, edition=edition).exists()
    assert ModelLogEntry.objects.filter(action="everhall.make_labels", object_id=str(zone.pk)).exists()


@pytest.mark.parametrize("size", sorted(label_sheets.SIZES))
def test_sheets_are_pdfs_with_number_and_names(week, zone, size):
    for n, booth in enumerate(("A-017", "A-018", "A-019")):
        exhibit = Exhibit.objects.create(code=f"sheet-{n}", name_zh=f"量子时钟（第{n}台）样机", name_en="A clock whose name is long " * 4, live=False)
        services.place_exhibit(exhibit, week.venues["beijing"], zone=zone, booth=booth, order=n)
    response = week.client("bj-organiser").get(f"/admin/exhibition/labels/{zone.pk}/{size}.pdf")
    assert response["Content-Type"] == "application/pdf"
    data = response.content
    assert data.startswith(b"%PDF-")
    assert data.rstrip().endswith(b"%%EOF")
    text = b"".join(inflated(data))
    for number in (b"(A-017)", b"(A-018)", b"(A-019)"):
        assert number in text
    pages = 1 if size == "sticker" else 2
    assert len(re.findall(rb"/Type /Page\b", data)) == pages
    assert ModelLogEntry.objects.filter(action="everhall.print_labels").count() == 1
    assert week.client("bj-organiser").get(f"/admin/exhibition/labels/{zone.pk}/huge.pdf").status_code == 404


def inflated(data: bytes):
    """What the PDF's pages say (streams are in Ascii85 and deflated)."""
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        raw = found[1].strip()
        try:
            yield zlib.decompress(base64.a85decode(raw.removesuffix(b"~>")) if raw.endswith(b"~>") else raw)
        except (ValueError, zlib.error):
            continue


def test_an_empty_zone_gives_one_sheet_that_says_so(week, zone):
    look = label_sheets.Look("#b3261e", "届", "Week", "Hall")
    data = label_sheets.sheet_of(label_sheets.SIZES["sticker"], [], look)
    assert len(re.findall(rb"/Type /Page\b", data)) == 1
    assert io.BytesIO(data).read(4) == b"%PDF"


def test_lines_break_between_han_letters_and_between_words():
    lines = label_sheets.wrapped("面向中小设计团队的版图检查工具，画线的同时提示违规 with Incremental Layout", 60, 10)
    assert all(label_sheets.wide(line, 10) <= 62 for line in lines if " " not in line and not line.isascii())
    assert not any(line[0] in "，。）" for line in lines)
    assert "".join(lines).replace(" ", "") == "面向中小设计团队的版图检查工具，画线的同时提示违规withIncrementalLayout"


def test_a_desk_asks_no_more_for_more_halls(week, hall):
    client = week.client("bj-organiser")
    client.get("/admin/exhibition/plans/2021/")
    counts = []
    for extra in (0, 10):
        for number in range(extra):
            more = Hall.objects.create(venue=hall.venue, code=f"h{number}", name_zh=f"{number}号馆")
            Zone.objects.create(hall=more, code="z", name_zh="区")
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/admin/exhibition/plans/2021/").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]

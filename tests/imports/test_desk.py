"""Imports in the desk: check, write, watch, take back, and only within reach."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from everhall.accounts.models import Organisation
from everhall.editions import import_undo, imports
from everhall.editions.models import Appointment, ImportBatch
from everhall.exhibition.models import Exhibit
from everhall.programme.models import Activity, Person, Session
from tests import world
from tests.imports.test_exhibits import check, run, sheet
from tests.kept import once

pytestmark = pytest.mark.django_db


@pytest.fixture
def w(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.IMPORT_INLINE = True
    settings.STAFF_2FA = False
    return once(world.build)


def client_of(w, role: str, venue: str) -> Client:
    user = w.user(f"{role}-{venue}@example.org")
    Appointment.objects.create(user=user, role=role, edition=w.editions["2021"], venue=w.venues[venue])
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def send(client: Client, w, text: str, **extra):
    data = {
        "kind": "exhibits", "place": f"v:{w.venues['beijing'].pk}", "publish": "on",
        "sheet": SimpleUploadedFile("s.csv", text.encode()),
    } | extra
    return client.post(reverse("everhall_import_upload"), data, follow=True)


def test_an_organiser_checks_imports_and_takes_back(w):
    client = client_of(w, "venue_organiser", "beijing")
    assert client.get(reverse("everhall_imports")).status_code == 200
    page = send(client, w, "code,name_zh,name_en\nbj-a-1,芯片,Chip\n")
    batch = ImportBatch.objects.get()
    assert (page.status_code, batch.state, batch.created) == (200, "checked", 1)
    assert not Exhibit.objects.filter(code="bj-a-1").exists()
    client.post(reverse("everhall_import_start", args=[batch.pk]))
    exhibit = Exhibit.objects.get(code="bj-a-1")
    assert exhibit.live
    assert client.get(reverse("everhall_import_status", args=[batch.pk])).json()["state"] == "applied"
    client.post(reverse("everhall_import_undo", args=[batch.pk]))
    assert not Exhibit.objects.filter(code="bj-a-1").exists()


def test_problems_are_shown_and_come_as_a_sheet(w):
    client = client_of(w, "venue_organiser", "beijing")
    page = send(client, w, "code,name_zh\nbj-a-1,\n")
    assert "此格必填" in page.content.decode()
    batch = ImportBatch.objects.get()
    answer = client.get(reverse("everhall_import_report", args=[batch.pk]))
    tab = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    assert [cell.value for cell in tab[1]] == ["问题", "code", "name_zh"]
    assert "此格必填" in tab["A2"].value


def test_a_length_over_the_limit_is_refused_before_it_is_read(w, settings):
    settings.IMPORT_ARCHIVE_BYTES = 1
    client = client_of(w, "venue_organiser", "beijing")
    answer = client.post(
        reverse("everhall_import_upload"), b"x", content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(500 * 1024 * 1024), headers={"Content-Length": str(500 * 1024 * 1024)},
    )
    assert answer.status_code == 413
    assert "500 MB" in answer.content.decode()


def test_another_venues_team_sees_no_batch_of_ours(w):
    send(client_of(w, "venue_organiser", "beijing"), w, "code,name_zh\nbj-a-1,一\n")
    batch = ImportBatch.objects.get()
    other = client_of(w, "venue_organiser", "zhengzhou")
    for name in ("everhall_import", "everhall_import_status", "everhall_import_report"):
        assert other.get(reverse(name, args=[batch.pk])).status_code == 404
    assert other.post(reverse("everhall_import_start", args=[batch.pk])).status_code == 404
    answer = other.get(reverse("everhall_export"), {"kind": "exhibits", "place": f"v:{w.venues['beijing'].pk}"})
    assert answer.status_code == 302 or answer.status_code == 403


def test_an_exported_sheet_comes_as_a_file(w):
    client = client_of(w, "venue_editor", "beijing")
    answer = client.get(reverse("everhall_export"), {"kind": "exhibits", "place": f"v:{w.venues['beijing'].pk}"})
    tab = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    codes = {row[0].value for row in tab.iter_rows(min_row=2)}
    assert {"open-drone", "open-park", "draft-bj"} <= codes
    assert "open-zz" not in codes


# ---------------------------------------------------------------- the other sheets
def test_organisations_are_made_changed_and_taken_back(w, tmp_path):
    path = sheet(
        tmp_path / "s.xlsx", ["new-one", "新单位", "高校"], ["skylark", "云雀改名", "enterprise"],
        head=["code", "name_zh", "类型"],
    )
    batch, found = run(w, path, kind="organisations")
    assert (found.created, found.updated) == (1, 1)
    assert Organisation.objects.get(code="new-one").kind == "university"
    _, again = run(w, path, kind="organisations")
    assert (again.created, again.updated) == (0, 0)
    assert import_undo.undo(batch, timezone.now()) == []
    assert Organisation.objects.get(code="skylark").name_zh == "云雀翼行"
    assert not Organisation.objects.filter(code="new-one").exists()


def test_undo_leaves_an_organisation_that_something_uses_by_now(w, tmp_path):
    batch, _ = run(w, sheet(tmp_path / "s.xlsx", ["new-one", "新单位"], head=["code", "name_zh"]), kind="organisations")
    Exhibit.objects.filter(code="open-drone").update(organisation=Organisation.objects.get(code="new-one"))
    left = import_undo.undo(batch, timezone.now())
    assert [(p.code, p.value) for p in left] == [("used_since", "new-one")]


ACTIVITY = ["code", "kind", "name_zh", "venue", "hosts", "mode", "relay"]
SESSION = ["code", "activity", "stage", "starts_at", "ends_at", "status", "speakers"]


def test_activities_and_sessions_come_with_hosts_stages_and_speakers(w, tmp_path):
    run(w, sheet(tmp_path / "a.xlsx", ["f-1", "论坛", "示例论坛", "beijing", "skylark", "线上线下", "是"], head=ACTIVITY), kind="activities")
    path = sheet(
        tmp_path / "s.xlsx",
        ["f-1-1", "f-1", "main-stage", "2021-10-20 09:00", "2021-10-20 10:00", "confirmed", "张三|Zhang San|主任|Head;李四"],
        head=SESSION,
    )
    batch, _ = run(w, path, kind="sessions")
    activity, session = Activity.objects.get(code="f-1"), Session.objects.get(code="f-1-1")
    assert (activity.live, activity.relay, activity.hosts.get().organisation.code) == (True, True, "skylark")
    assert (session.stage, session.starts_at.hour) == (w.stages["beijing"], 1)
    assert [s.person.name_zh for s in session.speakers.all()] == ["张三", "李四"]
    for kind, name in (("activities", "a.xlsx"), ("sessions", "s.xlsx")):
        _, again = run(w, tmp_path / name, kind=kind)
        assert (again.created, again.updated, again.problems) == (0, 0, [])
    assert import_undo.undo(batch, timezone.now()) == []
    assert not Session.objects.filter(code="f-1-1").exists()
    assert Person.objects.filter(name_zh="张三").exists()


def test_exported_activities_and_sessions_sent_back_change_nothing(w, tmp_path):
    for kind in ("activities", "sessions", "organisations"):
        ask = imports.ask_of(None, w.editions["2021"], None, publish=False, now=timezone.now())
        count = imports.export(imports.kinds()[kind], ask, tmp_path / f"{kind}.csv")
        _, found = run(w, tmp_path / f"{kind}.csv", kind=kind, venue=None)
        assert (found.read, found.created, found.updated, found.problems) == (count, 0, 0, [])


def test_a_session_before_the_edition_or_ending_before_it_begins_is_told(w, tmp_path):
    code = Activity.objects.get(code="open-forum").code if Activity.objects.filter(code="open-forum").exists() else Activity.objects.filter(edition=w.editions["2021"]).first().code
    path = sheet(
        tmp_path / "s.xlsx",
        ["s-1", code, "", "2021-10-01 09:00", "2021-10-01 10:00", "", ""],
        ["s-2", code, "no-stage", "2021-10-20 09:00", "2021-10-20 08:00", "", ""],
        head=SESSION,
    )
    told = {(p.row, p.column, p.code) for p in check(w, path, kind="sessions")}
    assert told == {
        (2, "starts_at", "before_edition"), (3, "ends_at", "ends_before_start"), (3, "stage", "unknown_reference"),
    }

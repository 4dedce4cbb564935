"""An import may do what its asker may do in the desk, and no more; so may taking one back."""

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from everhall.accounts.models import Organisation
from everhall.editions.models import Appointment, ImportBatch
from everhall.exhibition.models import Exhibit, Placement
from everhall.programme.models import Activity, Person, Session, SessionSpeaker
from tests.imports.test_desk import ACTIVITY, SESSION, client_of, send, w
from tests.imports.test_exhibits import check, run, sheet

__all__ = ["w"]
pytestmark = pytest.mark.django_db


def editor_of(w, venue: str):
    user = w.user(f"editor-{venue}@example.org")
    Appointment.objects.create(
        user=user, role="venue_editor", edition=w.editions["2021"], venue=w.venues[venue]
    )
    return user


def test_an_organisation_that_others_use_too_is_not_changed_by_one_venues_sheet(w, tmp_path):
    path = sheet(tmp_path / "s.xlsx", ["skylark", "改名"], head=["code", "name_zh"])
    told = {p.code for p in check(w, path, user=editor_of(w, "park-haidian"), kind="organisations")}
    assert told == {"not_allowed"}
    alone = Organisation.objects.create(code="alone", name_zh="独用")
    Exhibit.objects.filter(code="open-park").update(organisation=alone)
    path = sheet(tmp_path / "t.xlsx", ["alone", "改名"], head=["code", "name_zh"])
    editor = Appointment.objects.get(role="venue_editor").user
    assert check(w, path, user=editor, kind="organisations") == []


def test_a_live_exhibit_is_not_moved_without_the_right_to_publish(w, tmp_path):
    editor = editor_of(w, "beijing")
    head = ["code", "venue", "booth"]
    path = sheet(tmp_path / "s.xlsx", ["open-drone", "beijing", "Z-99"], head=head)
    assert {p.code for p in check(w, path, user=editor) if p.is_error} == {"out_of_reach"}
    Appointment.objects.filter(user=editor).update(role="venue_organiser")
    run(w, path, user=type(editor).objects.get(pk=editor.pk))
    assert Placement.objects.get(exhibit__code="open-drone", edition__code="2021").booth == "Z-99"


def test_a_speaker_keeps_the_title_that_another_venue_gave(w, tmp_path):
    person = Person.objects.create(code="li-si", name_zh="李四", title_zh="院士")
    session = Session.objects.filter(activity__venue=w.venues["zhengzhou"]).first()
    if session is None:
        activity = Activity.objects.create(
            edition=w.editions["2021"], venue=w.venues["zhengzhou"], code="zz-f", name_zh="郑州论坛"
        )
        session = Session.objects.create(
            activity=activity, code="zz-f-1", starts_at="2021-10-20T09:00+08:00", ends_at="2021-10-20T10:00+08:00"
        )
    SessionSpeaker.objects.create(session=session, person=person)
    editor = editor_of(w, "beijing")
    head, row = ACTIVITY, ["f-1", "论坛", "示例论坛", "beijing", "skylark", "线上线下", "是"]
    run(w, sheet(tmp_path / "a.xlsx", row, head=head), kind="activities", user=editor)
    path = sheet(
        tmp_path / "s.xlsx",
        ["f-1-1", "f-1", "main-stage", "2021-10-20 09:00", "2021-10-20 10:00", "confirmed", "李四||骗子|"],
        head=SESSION,
    )
    run(w, path, kind="sessions", user=editor)
    person.refresh_from_db()
    assert (person.title_zh, person.appearances.count()) == ("院士", 2)


def test_taking_back_is_logged_by_name_and_only_while_one_holds_a_role_there(w):
    client = client_of(w, "venue_organiser", "beijing")
    send(client, w, "code,name_zh\nbj-a-1,一\n")
    batch = ImportBatch.objects.get()
    client.post(reverse("everhall_import_start", args=[batch.pk]))
    role = Appointment.objects.get(user=batch.user)
    Appointment.objects.filter(pk=role.pk).update(venue=w.venues["zhengzhou"])
    client.post(reverse("everhall_import_undo", args=[batch.pk]))
    assert Exhibit.objects.filter(code="bj-a-1").exists()
    Appointment.objects.filter(pk=role.pk).update(venue=w.venues["beijing"])
    client.post(reverse("everhall_import_undo", args=[batch.pk]))
    assert not Exhibit.objects.filter(code="bj-a-1").exists()
    assert ModelLogEntry.objects.filter(action="wagtail.delete").get().user == batch.user


def test_a_batch_made_at_the_server_is_not_started_from_the_desk(w):
    client = client_of(w, "venue_organiser", "beijing")
    send(client, w, "code,name_zh\nbj-a-1,一\n")
    ImportBatch.objects.update(user=None)
    batch = ImportBatch.objects.get()
    client.post(reverse("everhall_import_start", args=[batch.pk]))
    assert not Exhibit.objects.filter(code="bj-a-1").exists()

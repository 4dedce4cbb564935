"""The day's work of venue teams: new exhibits, review, publishing, sessions that clash, appointments."""

import datetime as dt

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from wagtail.models import ModelLogEntry, TaskState, WorkflowState
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from everhall.editions import queries as editions
from everhall.editions.models import Appointment, Edition
from everhall.exhibition.models import Exhibit, Placement
from everhall.programme.models import Activity, Session
from tests.desk.places import Week, at


def exhibit_data(**changes):
    data = {
        "code": "x-new", "name_zh": "新展项", "name_en": "New exhibit", "maturity": "pilot",
        "text_zh": rich_text("<p>正文</p>"),
        "text_en": rich_text("<p>Text</p>"), "pictures": inline_formset([]), "attachments": inline_formset([]),
    }
    chosen = {"presentation": ["object", "board"], "seeks": ["capital"]}
    return {**nested_form_data({**data, **changes}), **chosen}


def refused(answer) -> bool:
    """Not there, or Wagtail's way to say no: back to the first page with a message."""
    return answer.status_code in {403, 404} or (
        answer.status_code == 302 and answer.url in {"/admin/", reverse("wagtailadmin_home")}
    )


def url(model, name: str, row=None) -> str:
    return reverse(model.snippet_viewset.get_url_name(name), args=[row.pk] if row else [])


def session_data(week: Week, code: str, **changes):
    data = {
        "activity": week.rows["activity", code].pk, "code": "s-new", "status": "planned", "mode": "both",
        "starts_at": "2021-10-20 14:00", "ends_at": "2021-10-20 15:00", "stage": week.rows["stage", code].pk,
        "speakers": inline_formset([]), "needs": inline_formset([]),
    }
    return nested_form_data({**data, **changes})


def test_a_new_exhibit_is_a_draft_at_its_venue_with_a_place(week: Week) -> None:
    steward = week.venues["beijing"]
    answer = week.client("bj-editor").post(url(Exhibit, "add"), exhibit_data(steward=steward.pk))
    assert answer.status_code == 302, answer.context["form"].errors
    made = Exhibit.objects.get(code="x-new")
    assert not made.live
    assert made.presentation == ["object", "board"]
    assert Placement.objects.get(exhibit=made).venue == steward


@pytest.mark.parametrize("user", ["bj-editor", "bj-organiser"])
def test_a_forged_venue_is_refused(week: Week, user: str) -> None:
    away = week.venues["zhengzhou"].pk
    client = week.client(user)
    client.post(url(Exhibit, "add"), exhibit_data(steward=away))
    assert not Exhibit.objects.filter(code="x-new").exists()
    activity = {
        "code": "a-new", "venue": away, "kind": "forum", "name_zh": "活动", "mode": "both",
        "text_zh": rich_text(""), "text_en": rich_text(""), "hosts": inline_formset([]),
    }
    client.post(url(Activity, "add"), nested_form_data(activity))
    mine = week.rows["activity", "beijing"]
    client.post(url(Activity, "edit", mine), nested_form_data({**activity, "code": mine.code}))
    mine.refresh_from_db()
    assert mine.venue.code == "beijing"
    assert not Activity.objects.filter(code="a-new").exists()
    client.post(url(Session, "add"), session_data(week, "zhengzhou"))
    client.post(url(Session, "add"), session_data(week, "beijing", stage=week.rows["stage", "zhengzhou"].pk))
    assert not Session.objects.filter(code="s-new").exists()
    place = week.rows["placement", "beijing"]
    client.post(url(Placement, "edit", place), {"venue": away, "zone": "", "booth": "", "order": 0})
    client.post(
        url(Placement, "add"),
        {"exhibit": week.rows["exhibit", "zhengzhou"].pk, "venue": week.venues["beijing"].pk, "order": 0},
    )
    place.refresh_from_db()
    assert place.venue.code == "beijing"
    assert week.rows["exhibit", "zhengzhou"].placements.get().venue.code == "zhengzhou"


def test_an_editor_cannot_publish_and_a_button_forged_makes_a_draft(week: Week) -> None:
    row = week.rows["exhibit", "beijing"]
    client = week.client("bj-editor")
    assert b"action-publish" not in client.get(url(Exhibit, "edit", row)).content
    client.post(
        url(Exhibit, "edit", row), {**exhibit_data(code=row.code, name_zh="改过"), "action-publish": "1"}
    )
    row.refresh_from_db()
    assert not row.live
    late = dt.datetime(2021, 1, 1, tzinfo=dt.UTC).strftime("%Y-%m-%d %H:%M")
    client.post(
        url(Exhibit, "edit", row),
        {**exhibit_data(code=row.code, go_live_at=late), "action-publish": "1"},
    )
    row.refresh_from_db()
    assert not row.live
    assert not row.revisions.filter(approved_go_live_at__isnull=False).exists()


def test_who_organises_one_venue_and_edits_another_publishes_only_at_the_first(week: Week) -> None:
    from everhall.editions import services

    user = week.users["park-editor"]
    services.appoint(user, "venue_organiser", week.edition, week.venues["zhengzhou"])
    client = week.client("park-editor")
    client.post(
        url(Exhibit, "add"),
        {**exhibit_data(steward=week.venues["park-haidian"].pk), "action-publish": "1"},
    )
    assert not Exhibit.objects.get(code="x-new").live
    client.post(
        url(Exhibit, "add"),
        {**exhibit_data(code="x-zz", steward=week.venues["zhengzhou"].pk), "action-publish": "1"},
    )
    assert Exhibit.objects.get(code="x-zz").live


def submit(week: Week, user: str, row) -> TaskState:
    client = week.client(user)
    data = {**exhibit_data(code=row.code, name_zh="送审"), "action-submit": "1"}
    assert client.post(url(Exhibit, "edit", row), data).status_code == 302
    return TaskState.objects.get(workflow_state__object_id=str(row.pk), status="in_progress")


def act(week: Week, user: str, row, state: TaskState, action: str = "approve"):
    where = reverse(
        Exhibit.snippet_viewset.get_url_name("workflow_action"), args=[row.pk, action, state.pk]
    )
    return week.client(user).post(where, {"comment": ""})


def test_the_venues_organiser_approves_and_it_is_published(week: Week) -> None:
    row = week.rows["exhibit", "beijing"]
    state = submit(week, "bj-editor", row)
    assert {address for message in mail.outbox for address in message.to} >= {"bj-organiser@example.org"}
    assert not any("zz-" in address for message in mail.outbox for address in message.to)
    home = week.client("bj-organiser").get("/admin/").content.decode()
    assert "送审" in home
    assert "送审" not in week.client("zz-organiser").get("/admin/").content.decode()
    assert week.client("bj-editor").get(url(Exhibit, "edit", row)).status_code == 200
    assert refused(act(week, "bj-editor", row, state))
    assert act(week, "zz-organiser", row, state).status_code == 404
    act(week, "bj-organiser", row, state)
    row.refresh_from_db()
    assert row.live
    assert row.name_zh == "送审"
    assert WorkflowState.objects.get().status == "approved"
    statuses = dict(TaskState.objects.values_list("task__name", "status"))
    assert sorted(statuses.values()) == ["approved", "skipped"]


def test_approving_in_the_editor_publishes_the_approvers_wording(week: Week) -> None:
    row = week.rows["exhibit", "beijing"]
    submit(week, "bj-editor", row)
    data = {
        **exhibit_data(code=row.code, name_zh="定稿"),
        "action-workflow-action": "1", "workflow-action-name": "approve",
    }
    week.client("bj-organiser").post(url(Exhibit, "edit", row), data)
    row.refresh_from_db()
    assert (row.live, row.name_zh) == (True, "定稿")


def test_where_the_venue_asks_for_it_the_nation_approves_too(week: Week) -> None:
    week.venues["beijing"].needs_national_approval = True
    week.venues["beijing"].save()
    row = week.rows["exhibit", "beijing"]
    act(week, "bj-organiser", row, submit(week, "bj-editor", row))
    row.refresh_from_db()
    assert not row.live
    second = TaskState.objects.get(status="in_progress")
    assert refused(act(week, "bj-organiser", row, second))
    act(week, "national", row, second)
    row.refresh_from_db()
    assert row.live


def test_a_task_of_another_venue_cannot_be_approved_through_ones_own_exhibit(week: Week) -> None:
    theirs, mine = week.rows["exhibit", "zhengzhou"], week.rows["exhibit", "beijing"]
    state = submit(week, "zz-editor", theirs)
    submit(week, "bj-editor", mine)
    assert act(week, "bj-organiser", mine, state).status_code == 404
    with pytest.raises(PermissionDenied):
        state.task.specific.on_action(state, week.users["bj-organiser"], "approve")
    theirs.refresh_from_db()
    assert not theirs.live


def test_moving_a_live_exhibit_is_never_undone_by_an_old_draft(week: Week) -> None:
    from everhall.exhibition import services

    row = week.rows["exhibit", "beijing"]
    row.save_revision().publish()
    row.name_zh = "draft"
    row.save_revision()
    services.place_exhibit(Exhibit.objects.get(pk=row.pk), week.venues["park-haidian"])
    draft = Exhibit.objects.get(pk=row.pk).get_latest_revision_as_object()
    assert draft.name_zh == "draft"
    assert draft.steward == week.venues["park-haidian"]


def test_a_clash_is_told_at_once(week: Week) -> None:
    client = week.client("bj-editor")
    data = session_data(
        week, "beijing", starts_at="2021-10-20 09:30", ends_at="2021-10-20 11:00",
        speakers=inline_formset([{"person": week.rows["person", "zhengzhou"].pk, "ORDER": "1"}]),
    )
    text = client.post(url(Session, "add"), data, follow=True).content.decode()
    made = Session.objects.get(code="s-new")
    assert made.starts_at == at(20, 9, 30)
    assert "beijing 秘密场次" in text
    assert "郑州主会场" in text
    assert "zhengzhou 秘密场次" not in text
    page = client.get(reverse("everhall_clashes")).content.decode()
    assert "beijing 秘密场次" in page
    assert "zhengzhou 秘密场次" not in page


def test_times_are_those_on_the_wall_of_the_venue(week: Week) -> None:
    week.venues["beijing"].timezone = "Europe/Paris"
    week.venues["beijing"].save()
    client = week.client("bj-editor")
    assert client.post(url(Session, "add"), session_data(week, "beijing")).status_code == 302
    made = Session.objects.get(code="s-new")
    assert made.starts_at == dt.datetime(2021, 10, 20, 12, 0, tzinfo=dt.UTC)
    assert "2021-10-20 14:00" in client.get(url(Session, "edit", made)).content.decode()


def test_a_session_of_a_published_activity_is_changed_by_who_may_publish(week: Week) -> None:
    week.rows["activity", "beijing"].save_revision().publish()
    row = week.rows["session", "beijing"]
    assert refused(week.client("bj-editor").get(url(Session, "edit", row)))
    assert week.client("bj-organiser").get(url(Session, "edit", row)).status_code == 200


def test_a_day_outside_the_edition_is_told(week: Week) -> None:
    data = session_data(week, "beijing", starts_at="2021-11-20 14:00", ends_at="2021-11-20 15:00")
    answer = week.client("bj-editor").post(url(Session, "add"), data)
    assert answer.context["form"].errors["starts_at"]


@pytest.mark.parametrize(
    ("by", "role", "venue", "allowed"),
    [
        ("bj-organiser", "venue_editor", "beijing", True),
        ("bj-organiser", "reviewer", "park-haidian", True),
        ("bj-organiser", "venue_organiser", "park-haidian", False),
        ("bj-organiser", "national_organiser", "", False),
        ("bj-organiser", "venue_editor", "zhengzhou", False),
        ("bj-organiser", "venue_editor", "", False),
        ("bj-editor", "venue_editor", "beijing", False),
        ("national", "venue_organiser", "zhengzhou", True),
        ("national", "national_organiser", "", True),
    ],
)
def test_who_may_appoint_whom(week: Week, by: str, role: str, venue: str, allowed: bool) -> None:
    client = week.client(by)
    data = {
        "email": "nobody@example.org", "role": role, "edition": week.edition.pk,
        "venue": week.venues[venue].pk if venue else "",
    }
    client.post(url(Appointment, "add"), data)
    assert Appointment.objects.filter(user=week.users["nobody"]).exists() == allowed
    if allowed:
        log = client.get(reverse("everhall_audit")).content.decode()
        assert "nobody@example.org" in log
        mine = Appointment.objects.get(user=week.users["nobody"])
        assert client.post(url(Appointment, "delete", mine)).status_code == 302
        assert not Appointment.objects.filter(user=week.users["nobody"]).exists()


def test_nobody_dismisses_above_or_beside(week: Week) -> None:
    for victim in ("national", "zz-editor", "bj-organiser"):
        row = Appointment.objects.get(user=week.users[victim])
        answer = week.client("bj-organiser").post(url(Appointment, "delete", row))
        assert refused(answer)
        assert Appointment.objects.filter(pk=row.pk).exists()


def test_the_audit_log_reaches_as_far_as_the_reader(week: Week) -> None:
    for code, editor in (("beijing", "bj-editor"), ("zhengzhou", "zz-editor")):
        row = week.rows["exhibit", code]
        week.client(editor).post(url(Exhibit, "edit", row), exhibit_data(code=row.code, name_zh=f"{code}-改"))
    where = reverse("everhall_audit")
    beijing = week.client("bj-organiser").get(where).content.decode()
    assert "beijing" in beijing
    assert "zhengzhou" not in beijing
    exported = b"".join(week.client("bj-organiser").get(where, {"format": "csv"})).decode()
    assert "bj-editor" in exported
    assert "zz-editor" not in exported
    national = week.client("national").get(where).content.decode()
    assert "bj-editor" in national
    assert "zz-editor" in national
    assert refused(week.client("bj-editor").get(where))


def test_the_audit_log_opens_with_an_action_that_nothing_knows_any_more(week: Week) -> None:
    row = week.rows["exhibit", "beijing"]
    data = exhibit_data(code=row.code, name_zh="改名")
    week.client("bj-editor").post(url(Exhibit, "edit", row), data)
    ModelLogEntry.objects.update(action="everhall.of_an_old_release")
    log = week.client("national").get(reverse("everhall_audit"))
    assert log.status_code == 200
    assert "everhall.of_an_old_release" in log.content.decode()


def test_state_and_clone_are_for_the_nation(week: Week) -> None:
    state = reverse("everhall_edition_state", args=[week.edition.pk])
    clone = reverse("everhall_edition_clone", args=[week.edition.pk])
    for where in (state, clone):
        assert week.client("bj-organiser").get(where).status_code in {302, 403}
        assert week.client("national").get(where).status_code == 200
    client = week.client("national")
    client.post(state, {"state": "closed"})
    week.edition.refresh_from_db()
    assert week.edition.state == "closed"
    client.post(clone, {"code": "2022", "year": 2022, "starts_on": "2022-09-15", "with_teams": "on"})
    made = Edition.objects.get(code="2022")
    assert (made.state, made.venues.count()) == ("planning", 3)
    assert editions.may_at(week.users["bj-editor"], "change", made.pk, made.venues.get(code="beijing").path)


def test_a_venue_organiser_neither_moves_the_venue_nor_lifts_the_nations_approval(week: Week) -> None:
    from everhall.editions.models import Venue

    row = week.venues["beijing"]
    row.needs_national_approval = True
    row.save()
    data = {
        "kind": "sub", "order": 0, "name_zh": "北京", "timezone": "Asia/Shanghai", "lat": "", "lon": "",
        "parent": week.venues["zhengzhou"].pk, "needs_national_approval": "",
    }
    answer = week.client("bj-organiser").post(url(Venue, "edit", row), data)
    assert answer.status_code == 302, answer.context["form"].errors
    row.refresh_from_db()
    assert (row.name_zh, row.parent, row.needs_national_approval) == ("北京", None, True)


def assert_opens(answer, name: str, model, page: str) -> None:
    elsewhere = (model._meta.model_name, page) in MADE_ELSEWHERE
    expected = {302, 403} if elsewhere else {200} if name == "root" else {200, 302, 403}
    assert answer.status_code in expected, (name, model, page)


#: Recordings come from stages, uploads through a page of their own; neither has a form to make one.
MADE_ELSEWHERE = {("recording", "add"), ("videoupload", "add")}


@pytest.mark.parametrize("name", ["root", "national", "bj-organiser", "bj-editor"])
def test_every_form_and_list_opens_for_those_who_may(week: Week, name: str) -> None:
    from wagtail.snippets.models import get_snippet_models

    client = week.client(name)
    for model in get_snippet_models():
        viewset = model.snippet_viewset
        for page in ("list", "add"):
            answer = client.get(reverse(viewset.get_url_name(page)))
            assert_opens(answer, name, model, page)
        row = week.rows.get((model._meta.model_name, "beijing"))
        for page in ("edit", "history", "usage", "inspect", "delete") if row else ():
            answer = client.get(reverse(viewset.get_url_name(page), args=[row.pk]))
            assert_opens(answer, name, model, page)

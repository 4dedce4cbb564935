"""Nobody sees, opens, changes or chooses in the desk what lies out of reach: every address of every kind."""

import re

import pytest
from django.urls import reverse
from wagtail.models import Revision, TaskState
from wagtail.snippets.models import get_snippet_models

from everhall.editions.admin_base import DeskViewSet
from tests.desk.places import Week

#: Kinds of rows that belong to a venue; the name of the model is its key in the week.
AT_A_VENUE = (
    "exhibit", "placement", "activity", "session", "venue", "hall", "zone", "stage", "feed", "channel", "recording",
    "videoupload",
)  # fmt: skip


def viewsets():
    return {m._meta.model_name: m.snippet_viewset for m in get_snippet_models()}


def addresses(viewset: DeskViewSet, row, values: dict) -> list[tuple[str, str]]:
    """Every address of the viewset that names a row, from its own urlpatterns."""
    found = []
    for pattern in viewset.get_urlpatterns():
        names = set(pattern.pattern.regex.groupindex) - {"pk"}
        if "pk" not in pattern.pattern.regex.groupindex:
            continue
        kwargs = {"pk": row.pk, **{name: values[name] for name in names}}
        found.append((pattern.name, reverse(viewset.get_url_name(pattern.name), kwargs=kwargs)))
    return found


@pytest.mark.parametrize("kind", AT_A_VENUE)
def test_no_address_of_another_venues_row_opens(week: Week, kind: str) -> None:
    client = week.client("bj-editor")
    row = week.rows[kind, "zhengzhou"]
    if kind in {"exhibit", "activity"}:
        row.get_default_workflow().start(row, week.users["zz-editor"])
    revision = Revision.objects.for_instance(row).first() if kind in {"exhibit", "activity"} else None
    state = TaskState.objects.first()
    values = {
        "revision_id": revision.pk if revision else 1, "revision_id_a": "earliest", "revision_id_b": "latest",
        "action_name": "approve", "task_state_id": state.pk if state else 1,
        "workflow_state_id": state.workflow_state_id if state else 1, "task_id": state.task_id if state else 1,
    }
    tried = addresses(viewsets()[kind], row, values)
    assert len(tried) >= 6
    for name, url in tried:
        for answer in (client.get(url), client.post(url, {"name_zh": "forged"})):
            assert answer.status_code in {403, 404}, (name, url, answer.status_code)
            assert "秘密" not in answer.content.decode()
    row.refresh_from_db()
    assert getattr(row, "name_zh", "") != "forged"


@pytest.mark.parametrize("kind", AT_A_VENUE)
def test_lists_and_choosers_show_only_ones_own_venue_and_below(week: Week, kind: str) -> None:
    client = week.client("bj-editor")
    viewset = viewsets()[kind]
    for name in ("list", "list_results"):
        text = client.get(reverse(viewset.get_url_name(name)), {"q": ""}).content.decode()
        assert "zhengzhou" not in text.replace("/zhengzhou", "")
        assert "beijing" in text
        assert "park-haidian" in text
    chooser = viewset.chooser_viewset
    for name in ("choose", "choose_results"):
        text = client.get(reverse(chooser.get_url_name(name))).content.decode()
        assert "zhengzhou" not in text
    pk = week.rows[kind, "zhengzhou"].pk
    assert client.get(reverse(chooser.get_url_name("chosen"), args=[pk])).status_code == 404
    several = client.get(reverse(chooser.get_url_name("chosen_multiple")), {"id": pk}).content.decode()
    assert "zhengzhou" not in several


@pytest.mark.parametrize("kind", AT_A_VENUE)
def test_exports_searches_and_bulk_deletes_stay_within_reach(week: Week, kind: str) -> None:
    viewset = viewsets()[kind]
    model = viewset.model
    client = week.client("bj-organiser")
    for asked in ({"q": "zhengzhou"}, {"export": "csv"}, {"export": "xlsx"}):
        answer = client.get(reverse(viewset.get_url_name("list")), asked)
        body = b"".join(answer) if answer.streaming else answer.content
        assert "zhengzhou 秘密" not in body.decode("utf-8", "ignore")
    url = reverse("wagtail_bulk_action", args=[model._meta.app_label, model._meta.model_name, "delete"])
    row = week.rows[kind, "zhengzhou"]
    for ids in ([row.pk], ["all"]):
        text = client.get(url, {"id": ids}).content.decode()
        assert "zhengzhou" not in re.sub(r'value="[^"]*"', "", text)
    client.post(f"{url}?id={row.pk}")
    assert model.objects.filter(pk=row.pk).exists()


def test_the_reach_goes_down_the_tree_and_never_up(week: Week) -> None:
    edit = viewsets()["exhibit"].get_url_name("edit")
    down = week.client("bj-editor").get(reverse(edit, args=[week.rows["exhibit", "park-haidian"].pk]))
    up = week.client("park-editor").get(reverse(edit, args=[week.rows["exhibit", "beijing"].pk]))
    assert (down.status_code, up.status_code) == (200, 404)


def test_an_exhibitor_reaches_only_exhibits_of_the_own_organisation(week: Week) -> None:
    from everhall.accounts.models import Membership

    user = week.users["bj-exhibitor"]
    Membership.objects.create(organisation=week.rows["organisation", "park-haidian"], user=user)
    edit = viewsets()["exhibit"].get_url_name("edit")
    client = week.client("bj-exhibitor")
    own = client.get(reverse(edit, args=[week.rows["exhibit", "park-haidian"].pk]))
    other = client.get(reverse(edit, args=[week.rows["exhibit", "beijing"].pk]))
    assert (own.status_code, other.status_code) == (200, 404)
    assert client.get(reverse(viewsets()["exhibit"].get_url_name("add"))).status_code in {302, 403}


def test_a_reviewer_looks_and_changes_nothing(week: Week) -> None:
    client = week.client("bj-reviewer")
    viewset, pk = viewsets()["exhibit"], week.rows["exhibit", "beijing"].pk
    assert client.get(reverse(viewset.get_url_name("inspect"), args=[pk])).status_code == 200
    for name in ("edit", "delete", "history", "unpublish", "lock"):
        assert client.get(reverse(viewset.get_url_name(name), args=[pk])).status_code in {302, 403, 405}


def test_without_a_role_there_is_no_desk(week: Week) -> None:
    assert week.client("nobody").get("/admin/").status_code in {302, 403}


@pytest.mark.parametrize("name", ["national", "bj-organiser", "bj-editor", "bj-reviewer", "root"])
def test_the_first_page_and_reports_open_and_tell_nothing_of_others(week: Week, name: str) -> None:
    client = week.client(name)
    for url in (
        "/admin/", "/admin/reports/locked/", "/admin/reports/workflow/", "/admin/reports/workflow_tasks/",
        "/admin/reports/site-history/", "/admin/pages/", "/admin/images/", "/admin/documents/",
        "/admin/snippets/", "/admin/account/",
    ):
        answer = client.get(url, follow=True)
        assert answer.status_code in {200, 403}, url
        if name.startswith("bj"):
            assert "zhengzhou" not in answer.content.decode(), url


@pytest.mark.parametrize("name", ["national", "bj-organiser", "bj-editor"])
def test_the_list_of_users_is_for_superusers(week: Week, name: str) -> None:
    answer = week.client(name).get("/admin/users/")
    assert answer.status_code in {302, 403}
    assert week.client("root").get("/admin/users/").status_code == 200


def test_editing_sessions_of_others_are_not_told(week: Week) -> None:
    row = week.rows["exhibit", "zhengzhou"]
    url = reverse("wagtailadmin_editing_sessions:ping", args=["exhibition", "exhibit", row.pk, 1])
    assert week.client("bj-editor").post(url).status_code == 404

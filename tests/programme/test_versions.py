"""Numbered versions: what changed is told to everybody, what must not be seen to nobody; of two publishers the second is told."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from everhall.editions.models import Appointment
from everhall.programme import services
from everhall.programme.models import Activity, ProgrammeVersion, Session
from everhall.realtime.models import NewsItem
from tests.world import SECRET, SECRET_EN

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGES = ["/2021/programme/changes/", "/en/2021/programme/changes/", "/2021/programme/changes.atom", "/en/2021/programme/changes.atom"]


def text(client, address):
    cache.clear()
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def publish(world, base, **notes):
    return services.publish_version(world.editions["2021"], base, None, timezone.now(), **notes)


def test_before_the_first_version_everything_is_as_it_was(client, programme):
    assert "还没有发布" in text(client, PAGES[0])
    assert "低空经济论坛" in text(client, "/2021/programme/list/")


def test_a_version_says_what_is_new_moved_cancelled_changed_and_withdrawn(client, programme):
    first = publish(programme, 0)
    assert (first.number, first.changes) == (1, [])
    w = programme.sessions
    w["night-2"].starts_at -= dt.timedelta(hours=1)
    w["night-2"].save()
    w["a"].status = "cancelled"
    w["a"].save()
    w["open-forum-1"] = Session.objects.get(code="open-forum-1")
    w["open-forum-1"].name_en = "Forum of low altitudes"
    w["open-forum-1"].save()
    w["no-stage"].delete()
    Session.objects.create(
        activity=w["a"].activity, code="late", name_zh="加场", name_en="One more", starts_at=w["a"].starts_at, ends_at=w["a"].ends_at
    )
    second = publish(programme, 1, note_zh="调整", note_en="Adjusted")
    assert {c["what"] for c in second.changes} == {"moved", "cancelled", "changed", "new", "withdrawn"}
    page = text(client, PAGES[1])
    for words in ("One more", "Adjusted", "2021-10-31 01:30–02:45", "before: 2021-10-31 02:30–02:45 · Berlin venue · Second floor", "Forum of low altitudes", "Withdrawn"):
        assert words in page, words
    assert "Version 2" in text(client, PAGES[3])
    assert "加场" in text(client, PAGES[2])
    with pytest.raises(services.NothingNew):
        publish(programme, 2)


@pytest.mark.parametrize("address", PAGES)
def test_versions_name_nothing_that_visitors_may_not_see(client, programme, address):
    publish(programme, 0)
    forum = Activity.objects.get(code="embargoed-forum")
    Session.objects.create(activity=forum, code="second", name_zh=f"{SECRET}加场", starts_at=forum.sessions.get().starts_at, ends_at=forum.sessions.get().ends_at)
    gone = Session.objects.create(activity=forum, code="gone", name_zh=f"{SECRET}短命", starts_at=forum.sessions.first().starts_at, ends_at=forum.sessions.first().ends_at)
    publish(programme, 1)
    gone.delete()
    hidden = programme.sessions["open-forum"]
    Session.objects.filter(pk=hidden.pk).update(name_zh=f"{SECRET}改名", name_en=f"{SECRET_EN} renamed")
    publish(programme, 2)
    assert SECRET in str(ProgrammeVersion.objects.get(number=3).changes) or ProgrammeVersion.objects.get(number=3).changes
    Activity.objects.filter(pk=hidden.activity_id).update(live=False)
    found = text(client, address)
    assert SECRET not in found
    assert SECRET_EN not in found
    assert client.get(address.replace("2021", "2030")).status_code == 404


def test_of_two_who_publish_at_once_the_second_is_told(programme):
    publish(programme, 0)
    programme.sessions["a"].delete()
    theirs = publish(programme, 1)
    with pytest.raises(services.Overtaken) as told:
        publish(programme, 1)
    assert told.value.version == theirs
    assert ProgrammeVersion.objects.count() == 2


def test_publishing_is_told_once(programme):
    NewsItem.objects.all().delete()
    publish(programme, 0)
    told = NewsItem.objects.get(kind="ProgrammePublished")
    assert told.payload["tags"] == ["edition-2021"]
    assert told.payload["number"] == 1


def test_the_desk_publishes_and_tells_who_was_faster(client, programme):
    user = programme.user("national@example.org", is_superuser=True)
    client.force_login(user, backend=BACKEND)
    page = client.get(reverse("everhall_versions"))
    assert page.status_code == 200
    address = reverse("everhall_version_publish", args=["2021"])
    assert client.post(address, {"base": "0"}).status_code == 302
    assert ProgrammeVersion.objects.get().published_by == user
    programme.sessions["a"].delete()
    moved = programme.sessions["no-stage"]
    moved.starts_at, moved.ends_at = moved.starts_at + dt.timedelta(hours=1), moved.ends_at + dt.timedelta(hours=1)
    moved.save()
    before = client.get(reverse("everhall_versions")).content.decode()
    # What the next version would say stands there before it is published: where it goes, and where it was.
    assert "2021-10-21 10:00–10:05" in before
    assert "2021-10-21 09:00–09:05" in before
    again = client.post(address, {"base": "0"}, follow=True).content.decode()
    assert "1" in again
    assert ProgrammeVersion.objects.count() == 1
    # A sign that Python calls a digit and that is no number.
    assert client.post(address, {"base": "²"}).status_code == 302
    assert ProgrammeVersion.objects.count() == 1
    client.post(address, {"base": "1", "note_zh": "二"})
    assert ProgrammeVersion.objects.count() == 2


def test_who_may_not_publish_the_edition_may_not_publish_its_programme(client, programme):
    user = programme.user("editor@example.org")
    Appointment.objects.create(user=user, role="venue_organiser", edition=programme.editions["2021"], venue=programme.venues["beijing"])
    client.force_login(user, backend=BACKEND)
    assert client.post(reverse("everhall_version_publish", args=["2021"]), {"base": "0"}).status_code in {302, 403}
    assert not ProgrammeVersion.objects.exists()


def test_clashes_of_a_desk_are_read_in_few_questions(programme, django_assert_max_num_queries):
    from everhall.programme import queries

    with django_assert_max_num_queries(7):
        board = queries.board_of(programme.editions["2021"])
    # Anna speaks through the first night and in what runs at the same time on the second floor.
    told = {(clash.kind, clash.first, clash.second) for clash in board.all()}
    a, second = programme.sessions["a"].pk, programme.sessions["night-2"].pk
    assert ("speaker", a, second) in told
    # The same host opens forums in Beijing and in Zhengzhou at nine; the parts of one long night are no clash of its host.
    forums = tuple(Session.objects.filter(code__in=["open-forum-1", "zz-forum-1"]).order_by("pk").values_list("pk", flat=True))
    assert {clash[1:] for clash in told if clash[0] == "host"} == {forums}

"""What somebody asks for on the page of followed programmes is the worker's, and no look undoes what people changed meanwhile."""

import pytest

from everhall.editions import imports
from everhall.editions.models import ImportBatch
from everhall.programme import following
from everhall.programme.models import ProgrammeSource, Session
from tests.programme.followed import GUIDS, NOW, look, session

pytestmark = pytest.mark.django_db
PAGE = "/admin/follow/"


def press(client, source, verb):
    return client.post(f"{PAGE}{source.pk}/{verb}/", follow=True)


def busy(client):
    return client.get(f"{PAGE}state/").json()["busy"]


@pytest.fixture
def desk(client, source):
    client.force_login(source.user)
    return client


def test_look_now_waits_for_nobody_and_the_worker_does_it(desk, source, there):
    page = press(desk, source, "look").content.decode()
    assert there.asked == []
    assert f'data-busy="{source.pk}"' in page
    assert f"/admin/follow/{source.pk}/look/" not in page
    assert busy(desk) == [source.pk]
    following.follow_due(NOW)
    assert busy(desk) == []
    assert session(1).activity.name_en == "Talk 1"
    assert 'data-busy=""' in desk.get(PAGE).content.decode()


def test_what_waits_is_applied_by_the_worker(desk, source, there):
    ProgrammeSource.objects.update(by_itself=False)
    assert look(source).failure == "waits"
    press(desk, source, "apply")
    assert not Session.objects.filter(guid=GUIDS[0]).exists()
    following.do_asked(NOW)
    found = ProgrammeSource.objects.get()
    assert (found.failure, found.asked, found.batch.state) == ("", "", ImportBatch.State.APPLIED)


def test_what_is_under_way_is_not_asked_for_twice(desk, source):
    press(desk, source, "look")
    page = press(desk, source, "apply").content.decode()
    assert ProgrammeSource.objects.get().asked == "look"
    assert "正在进行中" in page or "under way already" in page


def test_a_failure_ends_what_was_asked_for(desk, source, there):
    there.status = 500
    press(desk, source, "look")
    following.do_asked(NOW)
    found = ProgrammeSource.objects.get()
    assert (found.failure, found.asked) == ("status", "")


def test_what_was_applied_on_the_page_of_its_import_is_not_applied_again(desk, source, there):
    ProgrammeSource.objects.update(by_itself=False)
    batch = look(source).batch
    imports.apply(batch, NOW)
    press(desk, source, "apply")
    following.do_asked(NOW)
    found = ProgrammeSource.objects.get()
    assert (found.failure, found.batch_id) == ("", batch.pk)


def test_a_look_writes_nothing_over_what_was_changed_meanwhile(source, there):
    under_way = following.sources().get(pk=source.pk)
    ProgrammeSource.objects.update(every=1440, publish=False, asked="apply")
    following.look(under_way, NOW)
    found = ProgrammeSource.objects.get()
    assert (found.every, found.publish, found.asked, found.tried_at) == (1440, False, "apply", NOW)


@pytest.mark.parametrize("change", [lambda: ProgrammeSource.objects.update(url="https://other.example/"), lambda: ProgrammeSource.objects.all().delete()])
def test_a_look_says_nothing_of_another_address_or_one_that_was_dropped(source, there, change):
    under_way = following.sources().get(pk=source.pk)
    change()
    following.look(under_way, NOW)
    assert not ProgrammeSource.objects.exclude(tried_at=None).exists()


@pytest.mark.parametrize("change", [
    lambda: ProgrammeSource.objects.update(url="https://other.example/"), lambda: ProgrammeSource.objects.all().delete(),
    lambda: ProgrammeSource.objects.update(on=False), lambda: ProgrammeSource.objects.update(by_itself=False),
])
def test_what_came_while_somebody_dropped_it_or_wants_to_look_first_is_not_written(source, there, change):
    """Others may take half a minute each: the row that a look began with is old by then."""
    under_way = following.sources().get(pk=source.pk)
    change()
    following.look(under_way, NOW)
    assert not Session.objects.filter(guid__in=GUIDS).exists()


def test_what_came_while_somebody_wants_drafts_is_a_draft(source, there):
    under_way = following.sources().get(pk=source.pk)
    ProgrammeSource.objects.update(publish=False)
    following.look(under_way, NOW)
    assert {one.activity.live for one in Session.objects.filter(guid__in=GUIDS)} == {False}

"""What was taken away is found no more, at once."""

import pytest
from django.utils import timezone

from everhall.exhibition.models import Placement
from everhall.programme.models import Activity
from everhall.search import queries

pytestmark = pytest.mark.django_db


def found(text, kind):
    return queries.find(text, edition="2021", now=timezone.now(), kinds=[kind]).total


def test_an_exhibit_that_was_deleted_or_lost_its_place_is_found_no_more(world, django_capture_on_commit_callbacks):
    assert found("巡检无人机", "exhibit") == 1
    assert found("接驳车", "exhibit") == 1
    with django_capture_on_commit_callbacks(execute=True):
        Placement.objects.get(exhibit__code="open-park").delete()
    assert found("接驳车", "exhibit") == 0
    with django_capture_on_commit_callbacks(execute=True):
        world.exhibits["open-drone"].delete()
    assert found("巡检无人机", "exhibit") == 0


def test_an_activity_that_was_deleted_is_found_no_more(world, django_capture_on_commit_callbacks):
    venue = world.venues["beijing"]
    with django_capture_on_commit_callbacks(execute=True):
        activity = Activity.objects.create(
            edition=venue.edition, venue=venue, code="brief", name_zh="短命沙龙", kind="forum", live=True,
            first_published_at=timezone.now(),
        )
    assert found("短命沙龙", "activity") == 1
    with django_capture_on_commit_callbacks(execute=True):
        activity.delete()
    assert found("短命沙龙", "activity") == 0


def test_a_tour_that_was_deleted_is_found_no_more(world, django_capture_on_commit_callbacks):
    tour = world.tours["open-tour"]
    assert found(tour.name_zh, "tour") == 1
    with django_capture_on_commit_callbacks(execute=True):
        tour.delete()
    assert found(tour.name_zh, "tour") == 0

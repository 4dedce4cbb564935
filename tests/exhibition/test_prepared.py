"""Prepared queries give what the plain query set gives, whatever they are asked, and always the rows of now."""

import datetime as dt

import pytest
from django.db import connection
from django.db.models import F, Max, Min, Q, Value
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from everhall.editions.models import Edition
from everhall.editions.prepared import Prepared, padded
from everhall.exhibition.models import Exhibit, Placement
from everhall.programme.models import Session

pytestmark = pytest.mark.django_db


def placements(edition, codes):
    found = Placement.objects.filter(edition=edition, exhibit__code__in=codes)
    return found.select_related("exhibit__organisation", "zone__hall").order_by("pk")


def test_models_come_with_what_was_selected_beside_them(world):
    edition, codes = world.editions["2021"].pk, ["open-drone", "open-park", "embargoed-drone"]
    asked = Prepared(placements)
    for wanted in (codes, codes[:1], codes[1:], ["nobody"]):
        plain = list(placements(edition, wanted))
        found = asked(edition, wanted)
        assert found == plain
        with CaptureQueriesContext(connection) as seen:
            for one, other in zip(found, plain, strict=True):
                assert vars(one.exhibit).keys() >= vars(Exhibit()).keys() - {"_state"}
                assert (one.exhibit.name, one.exhibit.presentation, one.exhibit.is_sample) == (
                    other.exhibit.name, other.exhibit.presentation, other.exhibit.is_sample,
                )  # fmt: skip
                assert one.exhibit.organisation == other.exhibit.organisation
                assert one.zone == other.zone
                assert (one.zone.hall if one.zone else None) == (other.zone.hall if other.zone else None)
                assert not one._state.adding
        assert len(seen) == 0, "nothing is fetched later"


def test_left_out_columns_are_fetched_when_wanted(world):
    asked = Prepared(lambda code: Edition.objects.filter(code=code).defer("notes"))
    (found,) = asked("2021")
    assert found.get_deferred_fields() == {"notes"}
    assert found.notes == world.editions["2021"].notes


def test_moments_truths_and_lists_come_as_python_has_them(world):
    columns = ("pk", "exhibit__embargo_until", "exhibit__live", "exhibit__seeks", "edition__starts_on")

    def build(now):
        hidden = Q(exhibit__embargo_until__isnull=True) | Q(exhibit__embargo_until__lte=now)
        return Placement.objects.filter(hidden).order_by("pk").values_list(*columns)

    asked = Prepared(build)
    now = timezone.now()
    for moment in (now, now + dt.timedelta(days=4000)):
        assert asked(moment) == list(build(moment))
    assert len(asked(now)) < len(asked(now + dt.timedelta(days=4000))), "an embargo stands in the world"
    assert isinstance(asked(now)[0][2], bool)


def test_numbers_of_all_rows(world):
    def build(edition, week):
        return (
            Session.objects.filter(edition=edition).order_by().annotate(all=Value(1)).values("all")
            .annotate(first=Min("starts_at", filter=Q(starts_at__gt=week)), last=Max("ends_at"))
            .values_list("first", "last")
        )

    asked, edition = Prepared(build), world.editions["2021"].pk
    for week in (timezone.now(), dt.datetime(2021, 10, 1, tzinfo=dt.UTC)):
        plain = Session.objects.filter(edition=edition).aggregate(
            first=Min("starts_at", filter=Q(starts_at__gt=week)), last=Max("ends_at")
        )
        assert asked(edition, week) == [(plain["first"], plain["last"])]
    assert asked(0, timezone.now()) == [(None, None)], "one row also where nothing is counted"


def test_lists_of_any_length(world):
    pks = list(Placement.objects.order_by("pk").values_list("pk", flat=True))
    within = Prepared(lambda some: Placement.objects.filter(pk__in=some).order_by("pk").values_list("pk"))
    without = Prepared(lambda some: Placement.objects.exclude(pk__in=some).order_by("pk").values_list("pk"))
    for length in range(len(pks) + 1):
        assert [pk for (pk,) in within(pks[:length])] == pks[:length]
        assert [pk for (pk,) in without(pks[:length])] == pks[length:]
    assert len(within._kept) < len(pks), "few lengths are written"
    assert padded([1, 2, 3]) == (1, 2, 3, 3)


def test_beginnings_of_texts_are_taken_literally(world):
    Exhibit.objects.filter(code="open-drone").update(name_zh="100%_\\ 甲")
    asked = Prepared(lambda text: Exhibit.objects.filter(name_zh__startswith=text).values_list("code"))
    assert asked("100%_\\") == [("open-drone",)]
    assert asked("100__") == []


def test_rows_are_those_of_now(world):
    asked = Prepared(lambda code: Exhibit.objects.filter(code=code).values_list("name_zh"))
    asked("open-drone")
    Exhibit.objects.filter(code="open-drone").update(name_zh="新名字")
    assert asked.first("open-drone") == ("新名字",)
    assert asked.first("nobody") is None


def test_what_cannot_be_made_of_one_row_is_refused(world):
    for build in (
        lambda: Exhibit.objects.prefetch_related("fields"),
        lambda: Exhibit.objects.values("code"),
        lambda: Exhibit.objects.values_list("code", flat=True),
        lambda: Exhibit.objects.order_by(F("name_zh")).distinct().values_list("code"),
    ):
        with pytest.raises(TypeError, match="prepared"):
            Prepared(build)()


def test_what_is_annotated_comes_along(world):
    asked = Prepared(lambda edition: Placement.objects.filter(edition=edition).annotate(shouted=F("exhibit__code")).order_by("pk"))
    found = asked(world.editions["2021"].pk)
    assert found
    assert [row.shouted for row in found] == [row.exhibit.code for row in found]

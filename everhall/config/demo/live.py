"""Cloud video of the demo: three feeds that need no camera, two channels that run round the clock, a recording to
watch. All of it is sample content."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.images import ImageFile
from django.utils import timezone

from everhall.config.demo import films as sample_films
from everhall.config.demo.frame import DEMO_EDITION, document
from everhall.config.demo.pictures import CREDIT, LICENCE
from everhall.config.progress import Bars
from everhall.editions.models import Edition, Stage, Venue
from everhall.live import films, services, slates
from everhall.live.models import Channel, Feed, Recording, RunningOrderItem
from everhall.live.store import Store
from everhall.media.models import Picture
from everhall.programme.models import Session


def load_live(drawings: Path) -> None:
    """Make or renew cloud video of the demo. Films and segments that lie there are kept."""
    found = document("live.json")
    edition = Edition.objects.get(code=DEMO_EDITION)
    store = Store(Path(settings.LIVE_ROOT))
    place = store.root / "films"
    with Bars("films 影片") as bars:
        sample_films.make_all(drawings, place)
        bars.step("films", 1, 3)
        slates.house_slate(store)
        bars.step("films", 2, 3)
        recordings = {one["film"]: load_recording(edition, store, place, one) for one in found["recordings"]}
        bars.step("films", 3, 3)
    feeds = {one["code"]: load_feed(edition, one) for one in found["feeds"]}
    channels: dict[str, Channel] = {}
    for one in found["channels"]:
        channels[one["code"]] = load_channel(edition, one)
        load_items(channels[one["code"]], one["items"], feeds, recordings, channels)
    services.write_access()


def names(one: dict[str, Any]) -> dict[str, Any]:
    return {"name_zh": one["name_zh"], "name_en": one["name_en"], "is_sample": True}


def load_feed(edition: Edition, one: dict[str, Any]) -> Feed:
    venue = Venue.objects.get(edition=edition, code=one["venue"])
    stage = Stage.objects.filter(venue=venue, code=one["stage"]).first()
    feed, _ = Feed.objects.update_or_create(
        edition=edition, code=one["code"],
        defaults={**names(one), "venue": venue, "stage": stage, "kind": one["kind"], "film_name": one["film"], "enabled": True},
    )  # fmt: skip
    return feed


def load_channel(edition: Edition, one: dict[str, Any]) -> Channel:
    channel, _ = Channel.objects.update_or_create(
        edition=edition, code=one["code"],
        defaults={
            **names(one), "venue": Venue.objects.get(edition=edition, code=one["venue"]), "enabled": True,
            "summary_zh": one["summary_zh"], "summary_en": one["summary_en"], "loops": True, "public": True,
            "poster": Picture.objects.filter(code=f"venue-{one['venue']}").first(),
        },
    )  # fmt: skip
    return channel


def load_items(
    channel: Channel, items: list[dict[str, Any]], feeds: dict[str, Feed], recordings: dict[str, Recording],
    channels: dict[str, Channel],
) -> None:  # fmt: skip
    channel.items.all().delete()
    for order, one in enumerate(items):
        RunningOrderItem.objects.create(
            channel=channel, sort_order=order, kind=one["kind"], duration=one["duration"],
            feed=feeds.get(one.get("feed", "")), recording=recordings.get(one.get("recording", "")),
            session=Session.objects.filter(edition=channel.edition, code=one.get("session", "")).first(),
            other=channels.get(one.get("channel", "")), title_zh=one["title_zh"], title_en=one["title_en"],
        )


def load_recording(edition: Edition, store: Store, place: Path, one: dict[str, Any]) -> Recording:
    """A recording made from a film, prepared and published."""
    venue = Venue.objects.get(edition=edition, code=one["venue"])
    session = Session.objects.filter(edition=edition, code=one["session"]).first()
    starts = session.starts_at if session else timezone.now()
    recording, _ = Recording.objects.update_or_create(
        edition=edition, title_zh=one["title_zh"],
        defaults={
            "venue": venue, "session": session, "title_en": one["title_en"], "is_sample": True,
            "starts_at": starts, "ends_at": starts + dt.timedelta(seconds=60),
            "chapters": [{"at": at, "title_zh": zh, "title_en": en} for at, zh, en in one["chapters"]],
        },
    )  # fmt: skip
    key = str(recording.pk)
    if not recording.download:
        films.cut_film(store, key, place / one["film"])
        made = films.prepare(store, key)
        services.ready_for_review(recording, duration=made.duration, files=made.files)
    if recording.state != Recording.State.PUBLISHED:
        hang_poster(recording, store.root / "recordings" / key / recording.thumbnail)
        services.publish_recording(recording, by=None, now=timezone.now())
    return recording


def hang_poster(recording: Recording, thumbnail: Path) -> None:
    code = f"recording-{recording.pk}"
    picture = Picture.objects.filter(code=code).first()
    if picture is None:
        with thumbnail.open("rb") as file:
            picture = Picture(
                code=code, title=recording.title_zh, alt_zh="示例录像的画面", alt_en="A picture from the sample recording",
                credit=CREDIT, licence=LICENCE, source="everhall/config/demo/films.py", is_sample=True,
                file=ImageFile(file, name=f"{code}.jpg"),
            )  # fmt: skip
            picture.save()
    recording.poster = picture
    recording.save()



"""Run by `test_video_walk` in the server's own environment: a week whose three venues send one colour each, a channel
of the main venue that has Zhengzhou planned, a channel of Hubei that shows its own feed, a channel of a phone, a recording
that is red and then blue, and a director."""

import datetime as dt
import os
import subprocess
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everhall.config.settings")
django.setup()

import imageio_ffmpeg  # noqa: E402
from allauth.account.models import EmailAddress  # noqa: E402
from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from everhall.accounts.models import User  # noqa: E402
from everhall.editions import services as editions  # noqa: E402
from everhall.editions.models import Edition, Venue  # noqa: E402
from everhall.live import services, tasks  # noqa: E402
from everhall.live.models import Channel, Feed, Recording, RunningOrderItem  # noqa: E402
from everhall.pages.models import EditionPage  # noqa: E402
from tests.e2e.person import PASSWORD  # noqa: E402
from tests.films import received  # noqa: E402

VENUES = (
    ("zhengzhou", "郑州主会场", "Zhengzhou", "main", "red"),
    ("beijing", "北京会场", "Beijing", "permanent", "blue"),
    ("hubei", "湖北分会场", "Hubei", "sub", "green"),
)


def film(colour: str, tone: int) -> None:
    """Twenty seconds of one colour, so that a picture tells which venue it comes from."""
    path = Path(settings.LIVE_ROOT) / "films" / f"{colour}.mp4"
    path.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", f"color={colour}:s=640x360:r=25",
         "-f", "lavfi", "-i", f"sine={tone}:r=48000", "-t", "20", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "50",
         "-keyint_min", "50", "-sc_threshold", "0", "-preset", "ultrafast", "-c:a", "aac", "-y", str(path)],
        check=True,
    )  # fmt: skip


def recording(edition: Edition, venue: Venue) -> None:
    """Six seconds of red, six of blue: sent in, prepared, published."""
    upload = received(
        edition, venue, "-f", "lavfi", "-i", "color=red:s=640x360:r=25:d=6", "-f", "lavfi", "-i",
        "color=blue:s=640x360:r=25:d=6", "-f", "lavfi", "-i", "sine=300:r=48000:d=12", "-filter_complex",
        "[0][1]concat=n=2[v]", "-map", "[v]", "-map", "2:a",
    )  # fmt: skip
    chapters = [{"at": 0, "title_zh": "红", "title_en": "Red"}, {"at": 6, "title_zh": "蓝", "title_en": "Blue"}]
    made = Recording.objects.create(
        edition=edition, venue=venue, upload=upload, title_zh="两种颜色", title_en="Two colours", chapters=chapters,
    )
    tasks.prepare_next(timezone.now())
    made.refresh_from_db()
    services.publish_recording(made, by=None, now=timezone.now())


def main() -> None:
    edition = Edition.objects.create(
        code="2021", year=2021, name_zh="2021 双创周", name_en="Week 2021",
        starts_on=dt.date(2021, 10, 19), ends_on=dt.date(2021, 10, 25), state="open", is_current=True,
    )  # fmt: skip
    venues, feeds = {}, {}
    for n, (code, zh, en, kind, colour) in enumerate(VENUES):
        film(colour, 300 + 200 * n)
        venue = venues[code] = Venue.objects.create(edition=edition, code=code, name_zh=zh, name_en=en, kind=kind)
        feeds[code] = Feed.objects.create(
            edition=edition, venue=venue, code=f"cam-{code}", name_zh=f"{zh}机位", name_en=f"Camera {en}", kind="file",
            film_name=f"{colour}.mp4",
        )
    feeds["phone"] = Feed.objects.create(
        edition=edition, venue=venues["beijing"], code="phone", name_zh="手机机位", name_en="Phone", kind="push",
    )
    for code, at in (("zhengzhou", "zhengzhou"), ("hubei", "hubei"), ("phone", "beijing")):
        channel = Channel.objects.create(
            edition=edition, venue=venues[at], code=code, name_zh=f"{feeds[code].name_zh.removesuffix('机位')}频道",
            name_en=f"Channel {code}",
        )
        RunningOrderItem.objects.create(
            channel=channel, kind="live", feed=feeds[code], starts_at=timezone.now(), duration=3600,
            title_zh=f"{venues[at].name_zh}开幕", title_en=f"Opening at {venues[at].name_en}",
        )
    recording(edition, venues["beijing"])
    user = User.objects.create_user("director@example.org", name="director")
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    editions.appoint(user, "director", edition, None)
    root = Page.objects.get(depth=1)
    root.add_child(instance=EditionPage(title="2021", slug="2021", edition=edition))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": root})
    services.write_access()


main()

"""What goes with a recording, made by real encoders: files of what is shown, and of nothing that was trimmed away."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from django.utils import timezone

from everhall.live import queries, services, tasks
from everhall.live.models import Recording
from tests.films import FFMPEG, received
from tests.world import World

pytestmark = pytest.mark.django_db
SECONDS = 12
CHAPTERS = [{"at": 0, "title_zh": "开场"}, {"at": 3, "title_zh": "正题"}, {"at": 9, "title_zh": "结尾"}]


@pytest.fixture
def film(world: World) -> Recording:
    """A film of twelve seconds that was uploaded."""
    Recording.objects.update(state=Recording.State.PROCESSING)  # so that nothing else waits
    edition, venue = world.editions["2021"], world.venues["beijing"]
    upload = received(
        edition, venue, "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25", "-f", "lavfi", "-i",
        "sine=frequency=440:sample_rate=48000", "-t", str(SECONDS),
    )  # fmt: skip
    return Recording.objects.create(
        edition=edition, venue=venue, upload=upload, title_zh="短片", chapters=CHAPTERS, is_sample=True
    )


def seconds_of(path: Path) -> float:
    told = subprocess.run([FFMPEG, "-hide_banner", "-i", str(path)], capture_output=True, text=True, check=False).stderr
    hours, minutes, rest = re.search(r"Duration: (\d+):(\d+):([\d.]+)", told).groups()
    return 3600 * int(hours) + 60 * int(minutes) + float(rest)


def test_a_film_is_prepared_and_what_is_trimmed_away_is_in_no_file(film, settings):
    folder = Path(settings.LIVE_ROOT) / "recordings" / str(film.pk)
    tasks.prepare_next(timezone.now())
    film.refresh_from_db()
    assert (film.state, film.fault, film.progress) == ("review", "", 100)
    assert film.duration == pytest.approx(SECONDS, abs=0.3)
    assert seconds_of(folder / film.download) == pytest.approx(SECONDS, abs=0.3)
    peaks = json.loads((folder / film.waveform).read_text())
    assert len(peaks) == 600
    assert max(peaks) > 0.05
    assert (folder / film.storyboard).read_text().count("#xywh=") == 6
    assert set(film.files) == {"thumbnail.jpg", "storyboard.jpg", "storyboard.vtt", "waveform.json", "download.mp4"}
    assert tasks.prepare_next(timezone.now()) is None
    services.publish_recording(film, by=None, now=timezone.now())

    services.trim_recording(film, 4.0, 10.0, by=None)
    film.refresh_from_db()
    assert (film.files, film.download, film.state) == ([], "", "published")
    assert queries.access_of_recordings([film.pk])[film.pk]["files"] == []
    assert [(c["at"], c["title_zh"]) for c in film.shown_chapters] == [(0, "正题"), (5.0, "结尾")]

    tasks.prepare_next(timezone.now())
    film.refresh_from_db()
    assert (film.state, film.fault) == ("published", "")
    assert film.duration == pytest.approx(SECONDS, abs=0.3)
    assert seconds_of(folder / film.download) == pytest.approx(6, abs=0.3)
    assert (folder / film.storyboard).read_text().count("#xywh=") == 3
    assert tasks.prepare_next(timezone.now()) is None


def test_files_that_show_another_trim_do_not_count(film):
    """Somebody trims it in the editor while it is being prepared."""
    film.trim_in = 2.0
    film.save()
    services.ready_for_review(film, duration=12.0, files={"download": "download.mp4"}, trim=(0.0, None))
    assert (film.state, film.files) == ("review", [])
    services.ready_for_review(film, duration=12.0, files={"download": "download.mp4"}, trim=(2.0, None))
    assert film.files == ["download.mp4"]


def test_a_film_that_cannot_be_made_again_stays_as_it_was(film, settings):
    tasks.prepare_next(timezone.now())
    film.refresh_from_db()
    services.publish_recording(film, by=None, now=timezone.now())
    services.trim_recording(film, 4.0, None, by=None)
    (Path(settings.LIVE_ROOT) / "recordings" / f"{film.pk}.jsonl").unlink()
    tasks.prepare_next(timezone.now())
    film.refresh_from_db()
    assert (film.state, film.fault, film.files) == ("published", "empty", [])
    assert tasks.prepare_next(timezone.now()) is None

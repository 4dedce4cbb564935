"""Films that somebody has sent in, made by a real encoder."""

import subprocess

import imageio_ffmpeg
from django.utils import timezone

from everhall.editions.models import Edition, Venue
from everhall.live.models import VideoUpload

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()


def received(edition: Edition, venue: Venue, *arguments: str) -> VideoUpload:
    """An upload that has come whole: what ffmpeg makes of these arguments, as H.264 and AAC."""
    upload = VideoUpload.objects.create(
        edition=edition, venue=venue, name="film.mp4", size=1, state=VideoUpload.State.RECEIVED,
        created_at=timezone.now(), expires_at=timezone.now(),
    )  # fmt: skip
    upload.folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [FFMPEG, "-v", "error", *arguments, "-c:v", "libx264", "-pix_fmt", "yuv420p", "-preset", "ultrafast", "-g", "25",
         "-c:a", "aac", str(upload.path)], check=True,
    )  # fmt: skip
    return upload

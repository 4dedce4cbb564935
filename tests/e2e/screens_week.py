"""Run by `test_screens_walk` in the server's own environment: the small world of all tests, with covers that one can tell apart
and a sound on the tour's first stop."""

import io
import math
import os
import struct
import wave

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everhall.config.settings")
django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402
from django.core.files.base import ContentFile  # noqa: E402

from everhall.media.models import Attachment, Caption  # noqa: E402
from everhall.tours.models import Kiosk  # noqa: E402
from tests.world import build_and_index  # noqa: E402


def main() -> None:
    world = build_and_index()
    Kiosk.objects.update(pin_hash=make_password("4711"), idle_seconds=20, seconds=60)
    sound = Attachment.objects.create(title="讲解", kind="audio", file=ContentFile(tone(), name="tone.mp3"))
    Caption.objects.create(attachment=sound, language="zh-hans", text="WEBVTT\n\n00:00.000 --> 00:09.000\n这是一架无人机\n")
    stop = world.tours["open-tour"].stops.get(exhibit=world.exhibits["open-drone"])
    stop.audio_zh = sound
    stop.save()
    world.tours["open-tour"].save()


def tone(seconds: float = 1.0) -> bytes:
    """A second of a quiet tone as WAV."""
    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"".join(struct.pack("<h", int(2000 * math.sin(n / 5))) for n in range(int(8000 * seconds))))
    return data.getvalue()


main()

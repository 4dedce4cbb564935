"""Films, sounds, panoramas and notes of the demo's exhibits: films of drawn covers, a sound that is computed, panoramas photographed
elsewhere under a clear licence, notes on two robots.

In: pictures that are drawn already, and `build/samples/` (laid there by set-up). Out: attachments with captions in both languages,
each on an exhibit's stage. What must stay true: everything says that it is a sample; a panorama says that it is not of the expo;
without the package the demo has no panoramas and says so.
"""

import io
import subprocess
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import imageio_ffmpeg
import numpy as np
from django.conf import settings
from django.core.files.base import ContentFile, File

from everhall.config.demo import films
from everhall.config.demo.frame import rows
from everhall.config.demo.objects import hang, is_there
from everhall.engines import timed_text
from everhall.engines.timed_text import Cue
from everhall.media import services
from everhall.media.models import Attachment, Note

Say = Callable[[str], None]
#: The exhibit that shows the film, and the exhibits that it shows.
FILM: Final = ("bj-k-013", ("bj-k-013", "bj-k-003", "bj-k-002", "bj-k-006", "bj-k-019"))
SOUND: Final = "bj-k-002"
PANORAMAS: Final = "online-3d-viewer-0.18.0.tgz"
#: Of the package: folder -> (exhibit on whose stage it stands, Chinese, English); the others lie in the library, for scenes.
PLACES: Final = {
    "fishermans_bastion": ("bj-a-003", "渔人堡", "Fisherman's Bastion"), "citadella": ("bj-k-015", "城堡山", "Citadella"),
    "park": ("", "公园", "Park"), "ice_river": ("", "冰河", "Ice river"), "maskonaive": ("", "马斯科内夫", "Maskonaive"),
    "teide": ("", "泰德峰", "Teide"),
}  # fmt: skip
#: Model -> notes: direction in which the part lies farthest out, label and text in both languages.
NOTES: Final[Mapping[str, tuple[tuple[tuple[float, float, float], str, str, str, str], ...]]] = {
    "demo-model-xarm7": (
        ((0, 1, 0.1), "最高处", "Highest point", "静止时整台机械臂的最高点。", "The highest point of the arm at rest."),
        ((0, -1, 0.6), "底座", "Base", "底座用螺栓固定在台面上。", "The base is bolted to its table."),
    ),
    "demo-model-g1": (
        ((0, 1, 0.2), "头部", "Head", "头部装有摄像头和激光雷达。", "The head carries a camera and a laser scanner."),
        ((1, 0, 0.2), "左手", "Left hand", "手指可以单独弯曲。", "The fingers bend one by one."),
        ((0.1, -1, 0.6), "脚掌", "Foot", "脚踝有两个自由度，踩在不平的地面上也站得稳。", "An ankle of two degrees of freedom stands firm on uneven ground."),
    ),
}  # fmt: skip


def samples() -> Path:
    """The package of panoramas, if set-up could fetch it."""
    return Path(settings.PACKAGE).parent / "build" / "samples" / PANORAMAS


def load_masters(place: Path, say: Say) -> None:
    """Bring what is not there yet."""
    load_film(place)
    load_sound(place)
    if samples().exists():
        load_panoramas(samples())
    else:
        say("no sample panoramas (set-up could not fetch them) · 未能下载示例全景图")
    load_notes()


def own(code: str, kind: str, zh: str, en: str, alt_zh: str, alt_en: str) -> Attachment:
    """A sample drawn or computed by us."""
    return Attachment(
        code=code, kind=kind, title=zh, title_en=en, alt_zh=alt_zh, alt_en=alt_en, credit="Everhall", licence="CC0-1.0",
        source="everhall/config/demo/masters.py", is_sample=True,
    )  # fmt: skip


# ---------------------------------------------------------------- a film and a sound
def load_film(place: Path) -> None:
    code, shown = FILM
    if is_there(f"demo-film-{code}"):
        return
    film = films.Film(f"exhibit-{code}", tuple(films.cover("beijing", one) for one in shown), (220, 277, 330))
    films.make(film, place, place)
    made = place / f"{film.name}.mp4"
    attachment = own(
        f"demo-film-{code}", Attachment.Kind.VIDEO, "示例视频：机器人展区巡览", "Sample film: a round of the robots",
        "示例视频：五个展项的封面依次出现", "Sample film: the covers of five exhibits, one after the other",
    )  # fmt: skip
    with made.open("rb") as file:
        attachment.file.save(f"{code}.mp4", File(file), save=False)
    hang(attachment, code)
    made.unlink()
    known = {row["code"]: row for row in rows("exhibits-beijing.csv")}
    for language, column in (("zh-hans", "zh"), ("en", "en")):
        lines = [f"{known[one][f'name_{column}']}\n{known[one][f'summary_{column}'][:160]}" for one in shown]
        caption(attachment, language, lines, films.STILL - films.SHARED)


def caption(attachment: Attachment, language: str, lines: list[str], step: float) -> None:
    cues = [Cue(n * step + 0.2, (n + 1) * step - 0.1, timed_text.cleaned(line)) for n, line in enumerate(lines)]
    services.caption(attachment, language, "captions", timed_text.webvtt(cues).encode())


def load_sound(place: Path) -> None:
    if is_there(f"demo-sound-{SOUND}"):
        return
    made = place / "sound.flac"
    tone = "0.28*sin(2*PI*(140+90*floor(t/3))*t)*min(1,8*mod(t,3))*exp(-1.1*mod(t,3))+0.02*(random(0)-0.5)"
    subprocess.run(  # noqa: S603 - no word of it comes from outside
        [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", f"aevalsrc='{tone}':s=48000:d=12", str(made)],
        check=True, timeout=120,
    )  # fmt: skip
    attachment = own(
        f"demo-sound-{SOUND}", Attachment.Kind.AUDIO, "示例音频：四个关节的音高", "Sample sound: the pitch of four joints",
        "示例音频：由程序生成的四个音", "Sample sound: four tones made by a program",
    )  # fmt: skip
    with made.open("rb") as file:
        attachment.file.save("joints.flac", File(file), save=False)
    hang(attachment, SOUND)
    made.unlink()
    caption(attachment, "zh-hans", ["【肩关节：低音】", "【肘关节：中低音】", "【腕关节：中音】", "【手指：高音】"], 3)
    caption(attachment, "en", ["[Shoulder: a low tone]", "[Elbow: a little higher]", "[Wrist: higher still]", "[Fingers: the highest]"], 3)


# ---------------------------------------------------------------- panoramas
def load_panoramas(package: Path) -> None:
    for folder, (exhibit, zh, en) in PLACES.items():
        code = f"demo-panorama-{folder.replace('_', '-')}"
        if is_there(code):
            continue
        attachment = Attachment(
            code=code, kind=Attachment.Kind.PANORAMA, title=f"示例全景（非本届展会）：{zh}", title_en=f"Sample panorama (not of the expo): {en}",
            alt_zh=f"全景照片：{zh}，与本展项无关，仅作示例", alt_en=f"Panoramic photograph of {en}: a sample, not part of this exhibit",
            credit="Emil Persson (Humus)", licence="CC-BY-3.0", source="npm: online-3d-viewer 0.18.0, www.humus.name", is_sample=True,
        )  # fmt: skip
        attachment.file.save(f"{folder}.zip", ContentFile(faces(package, folder)), save=False)
        if exhibit:
            hang(attachment, exhibit)
        else:
            attachment.save()


def faces(package: Path, folder: str) -> bytes:
    """The six faces of a place as a zip."""
    made = io.BytesIO()
    with tarfile.open(package) as archive, zipfile.ZipFile(made, "w") as out:
        for name in ("posx", "negx", "posy", "negy", "posz", "negz"):
            file = archive.extractfile(f"package/website/assets/envmaps/{folder}/{name}.jpg")
            if file is not None:
                out.writestr(f"{name}.jpg", file.read())
    return made.getvalue()


# ---------------------------------------------------------------- notes
def load_notes() -> None:
    for code, notes in NOTES.items():
        model = Attachment.objects.filter(code=code).first()
        if model is None or model.notes.exists():
            continue
        corners = corners_of(Path(model.file.path))
        for order, (direction, zh, en, text_zh, text_en) in enumerate(notes):
            at = corners[int(np.argmax(corners @ np.asarray(direction)))]
            Note.objects.create(
                attachment=model, label_zh=zh, label_en=en, text_zh=text_zh, text_en=text_en, order=order,
                x=float(at[0]), y=float(at[1]), z=float(at[2]),
                normal_x=direction[0], normal_y=direction[1], normal_z=direction[2],
            )  # fmt: skip


def corners_of(path: Path) -> Any:
    """All corners of a model where they stand."""
    import trimesh  # noqa: PLC0415 - loads slowly, and only this needs it

    scene: Any = trimesh.load_scene(path)
    return np.asarray(scene.to_geometry().vertices)

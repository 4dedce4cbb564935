"""Captions in the sheet of exhibits: they come with their film.

In: file names of the column `captions`, such as `tour.zh.vtt` for `tour.mp4` of the same row. Out: tracks, written when the film has
been taken in. What must stay true: captions that are there already are not touched by a sheet, because they have no draft and
cannot be taken back; those are put right in the desk.
"""

from pathlib import PurePosixPath
from typing import Any, Final

from everhall.engines import timed_text
from everhall.engines.master_words import words
from everhall.engines.sheet_kind import Ask, Plan
from everhall.engines.sheet_words import Problem, Refused
from everhall.media import services as media
from everhall.media.intake import Intake, Wish
from everhall.media.models import Attachment, Caption

LANGUAGES: Final = {
    "zh": Caption.Language.CHINESE.value, "zh-hans": Caption.Language.CHINESE.value, "zh-cn": Caption.Language.CHINESE.value,
    "en": Caption.Language.ENGLISH.value,
}  # fmt: skip
ENDINGS: Final = (".vtt", ".srt")


def names_of(files: list[Any], tracks: dict[int, list[Any]]) -> tuple[str, ...]:
    """What an exhibit's films have, as a sheet names it."""
    return tuple(
        f"{PurePosixPath(file.title).stem}.{'zh' if track.language != 'en' else 'en'}.vtt"
        for file in files for track in tracks.get(file.pk, []) if track.kind == Caption.Kind.CAPTIONS
    )  # fmt: skip


def check(ask: Ask, plan: Plan) -> list[Problem]:
    """Read the caption files of a row; `plan.refs["tracks"]` are (wish of the film, language, bytes)."""
    plan.refs["tracks"], problems = [], []
    held = {PurePosixPath(name).stem for name in plan.held.values["captions"]} if plan.held else set()
    # A film that is there keeps what it has.
    plan.changed -= {"captions"}
    for name in plan.values["captions"]:
        try:
            track = one(ask, plan, name)
        except Refused as refused:
            if PurePosixPath(name).stem not in held:
                problems.append(Problem(refused.code, plan.row.number, "captions", name, refused.params))
        else:
            plan.refs["tracks"].append(track)
    plan.values["captions"] = told(plan)
    return problems


def told(plan: Plan) -> tuple[str, ...]:
    """What a sheet will say of the films that the exhibit shall hold, once they have their tracks."""
    there = plan.held.values["captions"] if plan.held else ()
    titles = {pk: name for pk, name, *_ in plan.held.extra["video"]} if plan.held else {}
    found: list[str] = []
    for ref in plan.refs["video"]:
        if isinstance(ref, Wish):
            languages = {language for film, language, _ in plan.refs["tracks"] if film == ref}
            stem = PurePosixPath(ref.name).stem
            found += [f"{stem}.{word}.vtt" for word in ("zh", "en") if LANGUAGES[word] in languages]
        else:
            stem = PurePosixPath(titles.get(ref, "")).stem
            found += [name for name in there if PurePosixPath(PurePosixPath(name).stem).stem == stem]
    return tuple(found)


def one(ask: Ask, plan: Plan, name: str) -> tuple[Wish, str, bytes]:
    files: Intake = ask.files
    path = PurePosixPath(name)
    stem, _, language = path.stem.rpartition(".")
    film = next((ref for ref in plan.refs["video"] if isinstance(ref, Wish) and PurePosixPath(ref.name).stem == stem), None)
    if path.suffix.lower() not in ENDINGS or language.lower() not in LANGUAGES or film is None:
        raise Refused("caption_without_film", value=name)
    given = files.given(name)
    if given is None:
        raise Refused("file_not_given", value=name, hint="")
    with files.enclosures.open(given) as file:
        data = file.read(timed_text.MOST_BYTES + 1)
    try:
        timed_text.read(timed_text.decoded(data))
    except timed_text.TimedTextError as broken:
        fault = {"kind": broken.kind, **broken.values}
        (what_zh, do_zh), (what_en, do_en) = words(fault, "zh-hans"), words(fault, "en")
        raise Refused("master_refused", value=name, what_zh=what_zh, do_zh=do_zh, what_en=what_en, do_en=do_en) from broken
    return film, LANGUAGES[language.lower()], data


def write(ask: Ask, plan: Plan) -> None:
    """Give films that have just been taken in their tracks."""
    files: Intake = ask.files
    for film, language, data in plan.refs.get("tracks", ()):
        media.caption(Attachment.objects.get(pk=files.ids[film]), language, Caption.Kind.CAPTIONS, data)

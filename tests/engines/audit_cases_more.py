"""For each rule across playlists, of multivariant playlists and of answers one history that breaks it."""

from dataclasses import replace

from everhall.engines.hls.audit import Snapshot
from everhall.engines.hls.audit_answers import Answer
from tests.engines.audit_world import (
    BEGINS,
    INDEX,
    MULTIVARIANT,
    SOUND,
    URL,
    Playlist,
    history,
    index,
    pair,
    parted,
    sliding,
    spoken,
)

VIDEO = sliding(4, discs=[3])
VOICE = spoken(VIDEO)


def reporting(playlists: list[Playlist], other: str, *, behind: int = 0) -> list[Playlist]:
    """Low latency with reports of the other playlist."""
    return [
        p.but(tail=(*p.tail, f'#EXT-X-RENDITION-REPORT:URI="{other}",LAST-MSN={p.segs[-1].uri.partition(".")[0]}'))
        if not behind
        else p.but(tail=(*p.tail, f'#EXT-X-RENDITION-REPORT:URI="{other}",LAST-MSN={(p.msn or 0) + 5 - behind}'))
        for p in playlists
    ]


PARTED = parted(4)
STALE = [
    *index(),
    *history(reporting(PARTED, "sound.m3u8"), every=1.0),
    *history(reporting(spoken(PARTED), "video.m3u8", behind=2), every=1.0, url=SOUND, late=4.0),
]

ACROSS = {
    "renditions-target-duration": pair(VIDEO, [p.but(target=5) for p in VOICE]),
    "renditions-type": pair(
        [p.but(kind="EVENT") for p in [VIDEO[0]]], [VOICE[0]]
    ),
    "renditions-date": pair(
        [VIDEO[0].but(end=True)], [VOICE[0].but(end=True, segs=tuple(replace(s, date=None, disc=False) for s in VOICE[0].segs))]
    ),
    "renditions-control": pair(VIDEO, [p.but(control="HOLD-BACK=13") for p in VOICE]),
    "renditions-discontinuity": pair(VIDEO, spoken(sliding(4))),
    "renditions-span": pair(
        [p.but(end=True) for p in VIDEO[:1]], [p.but(end=True, segs=p.segs[:3]) for p in VOICE[:1]]
    ),
    "renditions-boundary": pair(VIDEO[:1], [VOICE[0].with_seg(2, duration=3.5)]),
    "report-missing": pair(parted(1), reporting(spoken(parted(1)), "video.m3u8")),
    "report-stale": STALE,
}  # fmt: skip


def said(old: str, new: str) -> list[Snapshot]:
    assert old in MULTIVARIANT
    return index(MULTIVARIANT.replace(old, new))


MEDIA = MULTIVARIANT.splitlines()[2]
VARIANT = MULTIVARIANT.splitlines()[3]
SECOND = MEDIA.replace("English", "中文").replace('"en"', '"zh"')

OF_INDEX = {
    "bandwidth-missing": said(":BANDWIDTH=900000,", ":"),
    "average-bandwidth-missing": said("AVERAGE-BANDWIDTH=800000,", ""),
    "codecs-missing": said('CODECS="avc1.64001f,mp4a.40.2",', ""),
    "codecs-incomplete": said(",mp4a.40.2", ""),
    "resolution-missing": said("RESOLUTION=640x360,", ""),
    "frame-rate-missing": said("FRAME-RATE=25.000,", ""),
    "group-unknown": said('AUDIO="snd"\n', 'AUDIO="snd",SUBTITLES="none"\n'),
    "variant-without-uri": said("\nvideo.m3u8", f"\nvideo.m3u8\n{VARIANT}"),
    "media-incomplete": said('GROUP-ID="snd",NAME="English",', 'GROUP-ID="snd",'),
    "media-name-repeated": said(MEDIA, f'{MEDIA}\n{MEDIA.replace("DEFAULT=YES", "DEFAULT=NO")}'),
    "media-default-repeated": said(MEDIA, f"{MEDIA}\n{SECOND}"),
    "media-not-selectable": said("AUTOSELECT=YES", "AUTOSELECT=NO"),
    "media-groups-differ": said(MEDIA, MEDIA + "\n" + SECOND.replace('"snd"', '"other"')),
    "language-missing": said('LANGUAGE="en",', ""),
    "channels-missing": said(',CHANNELS="2"', ""),
}

HEADERS = {"content-type": "application/vnd.apple.mpegurl", "content-encoding": "gzip", "cache-control": "max-age=1"}
SEGMENT = Answer(BEGINS, "https://cdn.example/show/1.ts", "segment", 200, {"cache-control": "max-age=60"}, b"\x47@\0\x10\0", target=4)
PLAYLIST = Answer(BEGINS, URL, "playlist", 200, HEADERS, target=4)
MAP = replace(SEGMENT, kind="map", url="https://cdn.example/show/init.mp4", first=b"\0\0\0\x18ftypiso5", digest="aa")


def without(answer: Answer, name: str) -> Answer:
    return replace(answer, headers={k: v for k, v in answer.headers.items() if k != name})


#: Rule -> answers of which the last breaks it.
ANSWERS = {
    "playlist-unnamed": [replace(PLAYLIST, url="https://cdn.example/play?id=7", headers=HEADERS | {"content-type": "text/plain"})],
    "playlist-plain": [without(PLAYLIST, "content-encoding")],
    "playlist-cached": [replace(PLAYLIST, headers=HEADERS | {"cache-control": "public, max-age=7"})],
    "segment-unavailable": [replace(SEGMENT, status=404)],
    "part-unavailable": [replace(SEGMENT, kind="part", status=0)],
    "map-unavailable": [replace(MAP, status=500, digest="")],
    "map-overwritten": [MAP, replace(MAP, digest="bb")],
    "segment-format": [replace(SEGMENT, first=b"<!doctype html>")],
    "segment-uncached": [replace(SEGMENT, headers={"cache-control": "no-cache"})],
}  # fmt: skip

GOOD_ANSWERS = [
    SEGMENT, PLAYLIST, MAP, MAP,
    replace(SEGMENT, status=206, first=b"\0\0\0\x1cstypmsdh"),
    replace(SEGMENT, first=b"\0\0\x01\x00moof"),
    replace(SEGMENT, first=b"WEBVTT\n"),
    replace(SEGMENT, first=b"\xef\xbb\xbfWEBVTT\n"),
    replace(SEGMENT, first=b"ID3\x04\0"),
    replace(SEGMENT, first=b"\xff\xf1\x50\x80"),
    replace(SEGMENT, headers={"expires": "Thu, 01 Jan 2037 00:00:00 GMT"}),
    replace(SEGMENT, headers={}, target=0),
    replace(SEGMENT, first=b"\x12\x34", encrypted=True),
    replace(SEGMENT, kind="part", headers={}),
    replace(PLAYLIST, headers=HEADERS | {"cache-control": "no-store"}),
    replace(PLAYLIST, headers=HEADERS | {"cache-control": "max-age=600"}, target=0),
    replace(PLAYLIST, headers=HEADERS | {"cache-control": "max-age=24"}, url=f"{URL}?_HLS_msn=7"),
]  # fmt: skip

__all__ = ["ACROSS", "ANSWERS", "GOOD_ANSWERS", "INDEX", "OF_INDEX"]

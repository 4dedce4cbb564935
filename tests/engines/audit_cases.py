"""For each rule about playlists one history that breaks it; the keys are names of rules."""

from dataclasses import replace

from everhall.engines.hls.audit import Snapshot
from tests.engines.audit_world import (
    BEGINS,
    LOW_LATENCY,
    URL,
    Playlist,
    Seg,
    history,
    iso,
    parted,
    segments,
    sliding,
    window,
)

ONE = sliding(1)[0]
LL = parted(1)[0]


def one(playlist: Playlist | str) -> list[Snapshot]:
    return history([playlist])


def then(*playlists: Playlist) -> list[Snapshot]:
    """A correct first version, then these."""
    return history([sliding(1)[0], *playlists])


def parts_then(*playlists: Playlist) -> list[Snapshot]:
    return history(playlists, every=1.0)


def asked(query: str, playlist: Playlist, at: float = BEGINS) -> Snapshot:
    return Snapshot(at, f"{URL}?{query}", playlist.text)


def repeated(playlist: Playlist, seconds: float) -> list[Snapshot]:
    """The same version again and again."""
    return [Snapshot(BEGINS + n, URL, playlist.text) for n in range(int(seconds) + 1)]


def dated(*dates: float | None, discs: tuple[int, ...] = ()) -> Playlist:
    segs = [Seg(f"{n}.ts", date=None if d is None else BEGINS + d, disc=n in discs) for n, d in enumerate(dates)]
    return Playlist(tuple(segs))


def ranged(*ids: str, start: float = 8, more: str = "", msn: int = 0) -> Playlist:
    lines = tuple(f'#EXT-X-DATERANGE:ID="{i}",START-DATE="{iso(BEGINS + start)}",DURATION=4{more}' for i in ids)
    return window(segments(12), msn, head=lines)


def delta(first: int, skipped: int, *, size: int = 12, shift: int = 0) -> Playlist:
    """A window of `size` of which the first `skipped` are left out."""
    whole = window(segments(30), first, size, control=LOW_LATENCY, version=9, part_target=1.0)
    return whole.but(segs=whole.segs[skipped + shift :], head=(f"#EXT-X-SKIP:SKIPPED-SEGMENTS={skipped}",))


def whole(first: int, size: int = 12) -> Playlist:
    return window(segments(30), first, size, control=LOW_LATENCY, part_target=1.0)


def mapped(*maps: str) -> Playlist:
    return Playlist(tuple(Seg(f"{n}.m4s", date=BEGINS + 4 * n, map=m) for n, m in enumerate(maps)))


KEY = '#EXT-X-KEY:METHOD=AES-128,URI="k",KEYFORMAT="identity"'

#: Rule -> a history that breaks it and nothing else.
BY_ITSELF = {
    "not-a-playlist": one("<html>gone</html>"),
    "tags-mixed": one(Playlist(ONE.segs, head=('#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="avc1",AVERAGE-BANDWIDTH=1,RESOLUTION=1x1,FRAME-RATE=1',))),
    "tag-repeated": one(ONE.but(head=("#EXT-X-TARGETDURATION:4",))),
    "attribute-missing": one(ONE.but(tail=("#EXT-X-PRELOAD-HINT:TYPE=MAP",))),
    "version-too-low": one(ONE.but(version=3, head=(KEY,))),
    "target-duration-missing": one(ONE.but(target=None)),
    "segment-too-long": one(ONE.with_seg(5, duration=4.5)),
    "duration-missing": one(ONE.text.replace("#EXTINF:4.0,\n5.ts", "5.ts")),
    "tag-late": one(ONE.but(msn=None, tail=("#EXT-X-MEDIA-SEQUENCE:0",))),
    "map-change": one(mapped("a.mp4", "", "b.mp4", "")),
    "map-missing": one(mapped("", "", "", "")),
    "hold-back-low": one(ONE.but(control="HOLD-BACK=11.9")),
    "skip-until-low": one(ONE.but(control="CAN-SKIP-UNTIL=23.9")),
    "daterange-without-date": one(Playlist(tuple(replace(s, date=None) for s in ONE.segs), end=True, head=ranged("a").head)),
    "discontinuity-sequence-absent": one(sliding(1, discs=[3])[0].but(dsn=None)),
    # ---------------------------------------------------------------- dates
    "date-unreadable": one(ONE.text.replace("#EXT-X-PROGRAM-DATE-TIME:2020", "#EXT-X-PROGRAM-DATE-TIME:the year 2020")),
    "date-missing": one(dated(None, None, None, None)),
    "date-missing-low-latency": one(dated(None, None, None, None).but(control=LOW_LATENCY, part_target=1.0)),
    "date-missing-at-discontinuity": one(dated(0, 4, None, 12, discs=(2,))),
    "date-backwards": one(dated(0, 4, -60, -56, discs=(2,))),
    "date-overlap": one(dated(0, 4, 7, 11)),
    # ---------------------------------------------------------------- parts
    "part-inf-missing": one(LL.but(part_target=None)),
    "part-too-long": one(LL.text.replace('DURATION=1,URI="4.3.mp4"', 'DURATION=1.01,URI="4.3.mp4"')),
    "part-too-short": one(LL.text.replace('DURATION=1,URI="4.1.mp4"', 'DURATION=0.84,URI="4.1.mp4"').replace("#EXTINF:4.0,\n4.ts", "#EXTINF:3.84,\n4.ts")),
    "part-hold-back-missing": one(LL.but(control="CAN-BLOCK-RELOAD=YES")),
    "part-hold-back-low": one(LL.but(control="CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.9")),
    "part-hold-back-tight": one(LL.but(control="CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=2.9")),
    "parts-sum": one(LL.with_seg(4, duration=3.5)),
    "tags-after-part": one(parted(2)[1].but(tail=("#EXT-X-DISCONTINUITY", *parted(2)[1].tail))),
    "part-lingers": one(LL.with_seg(0, parts=("0.0.mp4", "0.1.mp4", "0.2.mp4", "0.3.mp4"))),
    "hint-missing": one(parted(2)[1].but(tail=())),
    "hint-after-end": one(LL.but(end=True)),
    "hint-repeated": one(LL.but(tail=(*LL.tail, '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="6.1.mp4"'))),
    "block-reload-missing": one(LL.but(control="PART-HOLD-BACK=3")),
    # ---------------------------------------------------------------- delivery directives
    "skip-not-offered": [Snapshot(BEGINS, URL, whole(0).text), Snapshot(BEGINS + 4, URL, delta(1, 5).text)],
    "skip-too-near": [Snapshot(BEGINS, URL, whole(0).text), asked("_HLS_skip=YES", delta(1, 8), BEGINS + 4)],
    "skip-wrong": [Snapshot(BEGINS, URL, whole(0).text), asked("_HLS_skip=YES", delta(1, 4, shift=1), BEGINS + 4)],
    "skip-ignored": [Snapshot(BEGINS, URL, whole(0).text), asked("_HLS_skip=YES", whole(1), BEGINS + 4)],
    "block-ignored": [asked("_HLS_msn=6&_HLS_part=2", parted(3)[2])],
    "part-without-msn": [asked("_HLS_part=2", LL)],
}  # fmt: skip

SEGS = segments(12)
DISCS = sliding(5, discs=[2, 4])
ENDED = ONE.but(end=True)
VOD = ENDED.but(kind="VOD")
LL_NEXT = parted(5)

#: The same for what may not change from one version to the next.
CHANGES = {
    "target-duration-changed": then(window(SEGS, 1, target=5)),
    "header-changed": then(window(SEGS, 1, control="HOLD-BACK=12")),
    "media-sequence-decreased": history([window(SEGS, 3), window(SEGS, 0).but(segs=(*segments(6)[:5], Seg("x.ts", date=BEGINS + 20)))]),
    "media-sequence-missing": history([p.but(msn=None) for p in sliding(2)]),
    "media-sequence-wrong": then(window(SEGS, 1).but(msn=2)),
    "playlist-older": history([window(SEGS, 2), window(SEGS, 1), window(SEGS, 3)]),
    "segment-changed": then(window(SEGS, 1).with_seg(2, uri="other.ts")),
    "segment-removed": then(ONE.but(segs=tuple(SEGS[:2] + SEGS[3:7]))),
    "segment-inserted": then(ONE.but(segs=(*SEGS[:2], Seg("advert.ts", duration=0.5), *SEGS[2:6]))),
    "discontinuity-vanished": history([DISCS[0], DISCS[1].with_seg(1, disc=False)]),
    "discontinuity-appeared": then(window(SEGS, 1).with_seg(2, disc=True)),
    "discontinuity-sequence-missing": history([p.but(dsn=None) for p in DISCS[:2]]),
    "discontinuity-sequence-decreased": history([DISCS[3], DISCS[4].but(dsn=0)]),
    "discontinuity-sequence-wrong": history([DISCS[1], DISCS[2].but(dsn=1)]),
    "too-short": then(window(SEGS, 4, size=2)),
    "few-segments": then(window(SEGS, 2, size=5)),
    "type-on-live": history([p.but(kind="EVENT") for p in sliding(2)]),
    "type-vod-changed": history([VOD, VOD.but(segs=VOD.segs[:5])]),
    "end-taken-back": history([ENDED, window(SEGS, 0, size=7).but(end=True)]),
    "date-moved": then(Playlist(tuple(replace(s, date=s.date + 0.1) for s in SEGS[1:7]), msn=1)),
    "no-new-segment": repeated(ONE, 7),
    "part-late": repeated(parted(2)[1], 3),
    "part-changed": parts_then(LL_NEXT[1], LL_NEXT[2].but(segs=LL_NEXT[2].with_seg(5, parts=("5.0.mp4", "other.mp4", "5.2.mp4", "5.3.mp4")).segs)),
    "part-vanished": parts_then(LL_NEXT[1], LL_NEXT[2].with_seg(5, parts=())),
    "hint-broken": parts_then(LL_NEXT[1], LL_NEXT[2].but(airing=Seg("6.ts", date=BEGINS + 24, parts=("6.0.mp4", "surprise.mp4")))),
    "daterange-changed": history([ranged("a"), ranged("a", more=',CLASS="x"', msn=1), ranged("a", more=',CLASS="y"', msn=2)]),
    "daterange-removed": history([ranged("a", "b"), ranged("a", msn=1)]),
    "playlist-unavailable": [*history(sliding(1)), Snapshot(BEGINS + 28, URL, "", 500), *history(sliding(2)[1:], late=4)],
}  # fmt: skip

#: Rules that cannot but be broken together.
TOGETHER = {"discontinuity-sequence-missing": {"discontinuity-sequence-absent"}}

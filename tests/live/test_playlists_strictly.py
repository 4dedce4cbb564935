"""Every version of every playlist of a channel passes npm `hls-parser` in strict mode."""

import pytest

from everhall.engines.hls.model import Kind
from tests.engines.playlist_world import GAP, LIVE, RECORDING, SLATE, Channel, Show, watched
from tests.live.strictly import complaints

OTHER = Show(source="feed/zhengzhou", run="q9", renditions=("v720", "a-zh"))
SHORT = Show(parts=(1.0, 0.44), kind=Kind.SEGMENT)
PROGRAMME = [LIVE, LIVE, LIVE, OTHER, OTHER, SHORT, SLATE, SLATE, LIVE, GAP, RECORDING, RECORDING, LIVE, LIVE] * 2


@pytest.mark.parametrize("fields", [{}, {"low_latency": False}, {"dvr": True, "low_latency": False}])
def test_hls_parser_has_no_complaint(fields):
    # hls-parser does not know delta updates as such: they are playlists like others to it.
    texts = sorted({snapshot.text for snapshot in watched(PROGRAMME, Channel(**fields))})
    assert [(text, said) for text, said in zip(texts, complaints(texts), strict=True) if said] == []


def test_hls_parser_would_complain():
    broken = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:9,\na.ts\n"
    assert complaints([broken, "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\na.ts\n"])[0]

"""HTTP Live Streaming as arithmetic: boxes, segments, playlists and their rules (RFC 8216bis). Bytes and plain
values in, bytes and plain values out; no file, no socket, no clock."""

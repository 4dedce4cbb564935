"""A film (y4m) of a QR code held before a camera, for Chromium's fake video capture."""

from pathlib import Path

from everhall.engines.qr import rows_of

WIDTH, HEIGHT = 640, 480


def film_of(text: str, path: Path, frames: int = 5) -> Path:
    rows = rows_of(text)
    step = (HEIGHT - 40) // len(rows)
    side = step * len(rows)
    left, top = (WIDTH - side) // 2, (HEIGHT - side) // 2
    light = bytearray(b"\xb4" * (WIDTH * HEIGHT))
    for down in range(side):
        line = b"".join((b"\x14" if black else b"\xeb") * step for black in rows[down // step])
        start = (top + down) * WIDTH + left
        light[start : start + side] = line
    frame = b"FRAME\n" + bytes(light) + b"\x80" * (WIDTH * HEIGHT // 2)
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * frames)
    return path

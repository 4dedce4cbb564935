"""Panoramas against directions that one can name."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everhall.engines.panorama import FACES, halved, to_cube, to_equirect, turned, view


def compass(width=512):
    """Red where one looks ahead, green right, blue behind, yellow left; white overhead, black below."""
    picture = np.zeros((width // 2, width, 3), dtype=np.uint8)
    colours = [(0, 0, 255), (255, 255, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255)]
    for n, colour in enumerate(colours):
        left = max(int((n - 0.5) * width / 4), 0)
        picture[:, left : int((n + 0.5) * width / 4)] = colour
    picture[: width // 16], picture[-width // 16 :] = 255, 0
    return picture


@pytest.mark.parametrize(
    ("face", "colour"),
    [("f", (255, 0, 0)), ("r", (0, 255, 0)), ("b", (0, 0, 255)), ("l", (255, 255, 0)), ("u", (255, 255, 255)), ("d", (0, 0, 0))],
)
def test_each_face_looks_its_way(face, colour):
    faces = to_cube(compass(), 32)
    assert tuple(faces[face][16, 16]) == colour


def test_up_and_down_touch_the_front_with_the_right_edge():
    faces = to_cube(compass(), 64)
    assert tuple(faces["u"][-2, 32]) == tuple(faces["f"][1, 32]) == (255, 0, 0)
    assert tuple(faces["d"][1, 32]) == (255, 0, 0)
    assert tuple(faces["u"][32, -2]) == (0, 255, 0)
    assert tuple(faces["d"][32, 1]) == (255, 255, 0)


@pytest.mark.parametrize(("yaw", "pitch", "colour"), [
    (0, 0, (255, 0, 0)), (90, 0, (0, 255, 0)), (180, 0, (0, 0, 255)), (-90, 0, (255, 255, 0)), (30, 89, (255, 255, 255)),
])
def test_a_view_looks_where_it_is_told(yaw, pitch, colour):
    faces = to_cube(compass(), 64)
    assert tuple(view(faces, yaw, pitch, 60, (31, 21))[10, 15]) == colour


def test_a_view_has_right_on_its_right_and_up_above():
    picture = compass()
    seen = view(to_cube(picture, 64), 45, 0, 80, (40, 30))
    assert tuple(seen[15, 2]) == (255, 0, 0)
    assert tuple(seen[15, 37]) == (0, 255, 0)


def test_there_and_back_is_nearly_the_same():
    x, y = np.meshgrid(np.linspace(0, 2 * np.pi, 256, endpoint=False), np.linspace(-1, 1, 128))
    smooth = np.stack([128 + 90 * np.sin(x), 128 + 90 * np.cos(x), 128 + 100 * y], axis=-1).astype(np.uint8)
    back = to_equirect(to_cube(smooth, 128), 256).astype(int)
    assert np.abs(back - smooth).mean() < 3
    assert (turned(turned(smooth, 70), -70) == smooth).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 40), st.integers(2, 60), st.integers(1, 12))
def test_whatever_its_size_a_panorama_becomes_a_cube(height, width, size):
    rng = np.random.default_rng(height * width)
    faces = to_cube(rng.integers(0, 255, (height, width, 3)).astype(np.uint8), size)
    assert set(faces) == set(FACES)
    assert all(face.shape == (size, size, 3) for face in faces.values())


def test_halving_keeps_the_light():
    board = np.zeros((8, 8, 3), dtype=np.uint8)
    board[::2, ::2], board[1::2, 1::2] = 255, 255
    assert np.abs(halved(board).astype(int) - 188).max() <= 1

"""The rasteriser against pictures that one can work out by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from everhall.engines.raster import Camera, Light, Mesh, frame, look, prepare, render, studio
from everhall.engines.raster_texture import to_linear, to_srgb

RED, GREEN, BLUE, WHITE, BLACK = (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1), (0, 0, 0)
#: Colours as they are: no light, no darkening.
PLAIN = Light(contact=0)
AHEAD = look((0, 0, 0), 0, 0, fov=90)


def wall(x: float, y: float, width: float, height: float, z: float, colour=WHITE, **more) -> Mesh:
    """A shining rectangle across the view, its upper left at (x, y)."""
    positions = np.array([[x, y, z], [x + width, y, z], [x + width, y - height, z], [x, y - height, z]], dtype=float)
    uvs = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=float)
    return Mesh(positions, np.array([[0, 2, 1], [0, 3, 2]]), uvs=uvs, colour=colour, **{"glow": 1.0, **more})


def test_a_square_in_the_middle_covers_the_pixels_that_it_covers():
    picture = render([wall(-0.5, 0.5, 1, 1, -1, RED)], AHEAD, PLAIN, (64, 64))
    expected = np.zeros((64, 64), dtype=bool)
    expected[16:48, 16:48] = True
    assert (picture[..., 3] > 0).tolist() == expected.tolist()
    assert (picture[expected] == (255, 0, 0, 255)).all()


def test_what_covers_half_a_pixel_is_half_there():
    picture = render([wall(-2, 0, 4, 2, -1, RED)], AHEAD, PLAIN, (63, 63))
    assert picture[31, 30].tolist() == [255, 0, 0, 128]
    against = render([wall(-2, 0, 4, 2, -1, WHITE)], AHEAD, PLAIN, (63, 63), background=BLACK)
    assert against[31, 30, 0] == 188  # half the light, not half the number
    assert against[31, 30, 3] == 255


def test_the_nearer_hides_the_farther_whatever_comes_first():
    near, far = wall(-0.25, 0.25, 0.5, 0.5, -1, RED), wall(-2, 2, 4, 4, -2, BLUE)
    for meshes in ([near, far], [far, near]):
        picture = render(meshes, AHEAD, PLAIN, (64, 64))
        assert picture[32, 32].tolist() == [255, 0, 0, 255]
        assert picture[4, 4].tolist() == [0, 0, 255, 255]


def test_two_that_cross_each_other_are_seen_in_part():
    slope = Mesh(
        np.array([[-2, 2, -1], [2, 2, -3], [2, -2, -3], [-2, -2, -1]], dtype=float),
        np.array([[0, 2, 1], [0, 3, 2]]), colour=RED, glow=1.0,
    )
    picture = render([slope, wall(-4, 4, 8, 8, -2, BLUE)], AHEAD, PLAIN, (64, 64))
    assert picture[32, 8].tolist() == [255, 0, 0, 255]
    assert picture[32, 56].tolist() == [0, 0, 255, 255]


def quarters() -> np.ndarray:
    """Red, green / blue, white."""
    texture = np.zeros((64, 64, 3), dtype=np.uint8)
    texture[:32, :32], texture[:32, 32:] = (255, 0, 0), (0, 255, 0)
    texture[32:, :32], texture[32:, 32:] = (0, 0, 255), (255, 255, 255)
    return texture


def test_a_texture_hangs_the_right_way_up_and_round():
    picture = render([wall(-1, 1, 2, 2, -1, texture=quarters())], AHEAD, PLAIN, (64, 64))
    assert picture[16, 16, :3].tolist() == [255, 0, 0]
    assert picture[16, 48, :3].tolist() == [0, 255, 0]
    assert picture[48, 16, :3].tolist() == [0, 0, 255]
    assert picture[48, 48, :3].tolist() == [255, 255, 255]


def test_a_texture_keeps_its_colours_and_a_clear_one_lets_the_wall_show():
    grey = np.full((8, 8, 3), 119, dtype=np.uint8)
    assert render([wall(-1, 1, 2, 2, -1, texture=grey)], AHEAD, PLAIN, (8, 8))[4, 4, 0] in (118, 119, 120)
    clear = np.zeros((8, 8, 4), dtype=np.uint8)
    assert render([wall(-1, 1, 2, 2, -1, GREEN, texture=clear)], AHEAD, PLAIN, (8, 8))[4, 4].tolist() == [0, 255, 0, 255]


def test_a_texture_far_away_is_its_mean_and_does_not_shimmer():
    board = np.zeros((256, 256, 3), dtype=np.uint8)
    board[::2, ::2], board[1::2, 1::2] = 255, 255
    picture = render([wall(-1, 1, 2, 2, -1, texture=board)], AHEAD, PLAIN, (32, 32))
    assert abs(int(picture[..., 0].min()) - 188) <= 3
    assert abs(int(picture[..., 0].max()) - 188) <= 3


def test_textures_recede_in_perspective():
    """A floor with a stripe across every metre: twice as far is half as far below the horizon."""
    stripes = np.zeros((1, 64, 3), dtype=np.uint8)
    stripes[:, 32:] = 255
    floor = Mesh(
        np.array([[-50, -1, 0], [50, -1, 0], [50, -1, -100], [-50, -1, -100]], dtype=float),
        np.array([[0, 1, 2], [0, 2, 3]]), uvs=np.array([[0, 0], [0, 0], [12.5, 0], [12.5, 0]], dtype=float),
        texture=stripes, glow=1.0,
    )
    picture = render([floor], AHEAD, PLAIN, (64, 640))[..., 0]
    # Black from 0 to 4 m, white to 8 m, black to 12 m; a row at distance d is 320/d below the horizon.
    column = picture[:, 32]
    assert column[320 + 100] == 0
    assert column[320 + 50] == 255
    assert column[320 + 32] == 0
    edges = np.flatnonzero(np.abs(np.diff(column[350:].astype(int))) > 60) + 350
    assert abs(edges.max() - (320 + 80)) <= 1
    assert abs(edges.min() - (320 + 40)) <= 1


def test_what_passes_the_eye_is_cut_at_the_near_plane():
    floor = Mesh(
        np.array([[-100, -1, 100], [100, -1, 100], [100, -1, -100], [-100, -1, -100]], dtype=float),
        np.array([[0, 1, 2], [0, 2, 3]]), colour=GREEN, glow=1.0,
    )
    picture = render([floor], AHEAD, PLAIN, (64, 64))
    assert (picture[33:, :, 3] == 255).all()
    assert not picture[:31, :, 3].any()
    behind = wall(-1, 1, 2, 2, 1, RED)
    assert not render([behind], AHEAD, PLAIN, (16, 16)).any()
    nearer = wall(-1, 1, 2, 2, -0.01, RED)
    assert not render([nearer], AHEAD, PLAIN, (16, 16)).any()


def test_one_seen_from_behind_may_be_left_out():
    assert render([wall(-1, 1, 2, 2, -1, two_sided=False)], AHEAD, PLAIN, (8, 8)).all()
    behind = look((0, 0, -2), 180, 0, fov=90)
    assert not render([wall(-1, 1, 2, 2, -1, two_sided=False)], behind, PLAIN, (8, 8)).any()
    assert render([wall(-1, 1, 2, 2, -1)], behind, PLAIN, (8, 8)).all()


@pytest.mark.parametrize(
    ("heading", "elevation", "at"),
    [(0, 0, (0, 0, -3)), (90, 0, (3, 0, 0)), (180, 0, (0, 0, 3)), (270, 0, (-3, 0, 0)), (0, 60, (0, 2.6, -1.5))],
)
def test_a_camera_looks_where_it_is_told(heading, elevation, at):
    rng = np.random.default_rng(1)
    ball = Mesh(np.array(at) + rng.uniform(-0.1, 0.1, (30, 3)), np.arange(30).reshape(10, 3), colour=RED, glow=1.0)
    picture = render([ball], look((0, 0, 0), heading, elevation, fov=60), PLAIN, (33, 33))
    rows, columns = np.nonzero(picture[..., 3])
    assert abs(rows.mean() - 16) < 2
    assert abs(columns.mean() - 16) < 2


def test_light_comes_from_above_and_from_where_the_lamp_stands():
    def brightness(normal, **light):
        one = wall(-1, 1, 2, 2, -1, glow=0.0, normals=np.tile(np.array(normal, dtype=float), (4, 1)))
        return int(render([one], AHEAD, Light(contact=0, **light), (8, 8))[4, 4, 0])

    assert brightness((0, 1, 0)) > brightness((0, 0, 1)) > brightness((0, -1, 0))
    assert brightness((1, 0, 0), towards=(1, 0, 0)) > brightness((-1, 0, 0), towards=(1, 0, 0))


def test_shades_and_corners_darken():
    dark = wall(-1, 1, 2, 2, -1, glow=0.0, shades=np.full(4, 0.5))
    bright = wall(-1, 1, 2, 2, -1, glow=0.0)
    assert render([dark], AHEAD, PLAIN, (8, 8))[4, 4, 0] < render([bright], AHEAD, PLAIN, (8, 8))[4, 4, 0]
    floor = Mesh(
        np.array([[-2, -1, -2], [2, -1, -2], [2, -1, 2], [-2, -1, 2]], dtype=float), np.array([[0, 2, 1], [0, 3, 2]])
    )
    corner = [floor, wall(-2, 1, 4, 2, -2, glow=0.0)]
    touching = render(corner, look((0, 0.5, 2), 0, -20, fov=60), Light(contact=1, reach=0.5), (64, 64))[:, 32, 0]
    alone = render(corner, look((0, 0.5, 2), 0, -20, fov=60), Light(contact=0), (64, 64))[:, 32, 0]
    assert (alone.astype(int) - touching).max() > 20
    assert (alone[:4].astype(int) - touching[:4]).max() <= 2


@pytest.mark.parametrize("aspect", [4 / 3, 1.0, 0.5])
@pytest.mark.parametrize(("heading", "elevation"), [(0, 0), (35, 20), (120, -40), (200, 89)])
def test_a_framed_thing_fills_the_picture_and_none_of_it_is_cut(heading, elevation, aspect):
    rng = np.random.default_rng(3)
    cloud = Mesh(rng.normal(size=(300, 3)) * (3, 1, 2) + 70, np.arange(300).reshape(100, 3))
    camera = frame([cloud], heading, elevation, fov=30, aspect=aspect)
    picture = render([cloud], camera, studio(camera), (int(200 * aspect), 200))
    rows, columns = np.nonzero(picture[..., 3])
    width = picture.shape[1]
    assert min(rows.min(), columns.min(), 199 - rows.max(), width - 1 - columns.max()) >= 1
    assert max(np.ptp(rows) / 200, np.ptp(columns) / width) > 0.7


def test_framing_sees_the_side_that_is_asked_for():
    front, right = wall(-1, 1, 2, 2, 1, RED, two_sided=False), Mesh(
        np.array([[1, 1, 1], [1, 1, -1], [1, -1, -1], [1, -1, 1]], dtype=float), np.array([[0, 2, 1], [0, 3, 2]]),
        colour=BLUE, glow=1.0, two_sided=False,
    )
    for heading, colour in ((0, [255, 0, 0]), (90, [0, 0, 255])):
        picture = render([front, right], frame([front, right], heading, 0), PLAIN, (40, 30))
        assert picture[15, 20, :3].tolist() == colour


def test_many_small_triangles_and_few_large_ones_make_the_same_picture():
    """A wall cut into a thousand pieces has no holes and looks like the whole."""
    side = 40
    at = np.stack(np.meshgrid(np.linspace(-1, 1, side + 1), np.linspace(-1, 1, side + 1)), axis=-1).reshape(-1, 2)
    first = (np.arange(side)[:, None] * (side + 1) + np.arange(side)).ravel()
    cells = np.concatenate([np.stack([first, first + 1, first + side + 1], 1),
                            np.stack([first + 1, first + side + 2, first + side + 1], 1)])
    camera = look((0.3, 0.2, 1.3), 7, -9, fov=70)
    pieces = Mesh(np.column_stack([at, np.zeros(len(at))]), cells, glow=1.0, colour=GREEN)
    whole = render([wall(-1, 1, 2, 2, 0, GREEN)], camera, PLAIN, (160, 120))
    assert np.abs(render([pieces], camera, PLAIN, (160, 120)).astype(int) - whole).max() <= 64
    assert (render([pieces], camera, PLAIN, (160, 120)) != whole).any(axis=2).mean() < 0.01


def test_a_prepared_world_is_drawn_like_its_meshes():
    meshes = [wall(-1, 1, 2, 2, -1, texture=quarters()), wall(0, 0, 1, 1, -0.5, RED)]
    assert (render(prepare(meshes), AHEAD, Light(), (32, 32)) == render(meshes, AHEAD, Light(), (32, 32))).all()


def test_nothing_and_nonsense():
    assert not render([], AHEAD, Light(), (8, 8)).any()
    assert not render([Mesh(np.zeros((0, 3)), np.zeros((0, 3), dtype=int))], AHEAD, Light(), (7, 5)).any()
    assert frame([], 0, 0).fov == 30
    with pytest.raises(ValueError, match="mesh 0"):
        render([Mesh(np.zeros((2, 3)), np.array([[0, 1, 2]]))], AHEAD, Light(), (8, 8))


def test_light_is_encoded_and_decoded_as_srgb_says():
    values = np.arange(256) / 255
    assert np.abs(to_srgb(to_linear(values)) - values).max() < 1e-5
    assert float(to_linear(np.array(0.5))) == pytest.approx(0.2140, abs=1e-3)


anything = st.floats(allow_nan=True, allow_infinity=True, width=32)
sensible = st.floats(-3, 3, width=16)


@st.composite
def meshes(draw):
    count = draw(st.integers(3, 9))
    numbers = draw(st.sampled_from([anything, sensible]))
    def values(width, of=numbers):
        return draw(hnp.arrays(np.float64, (count, width), elements=of))
    return Mesh(
        values(3), draw(hnp.arrays(np.int64, (draw(st.integers(0, 6)), 3), elements=st.integers(0, count - 1))),
        uvs=draw(st.sampled_from([None, values(2)])), normals=draw(st.sampled_from([None, values(3)])),
        texture=draw(st.sampled_from([None, np.full((3, 5, 3), 90, dtype=np.uint8), np.zeros((1, 1, 4), dtype=np.uint8)])),
        colours=draw(st.sampled_from([None, values(3)])), gloss=draw(st.floats(0, 1)), glow=draw(st.floats(0, 1)),
    )


@settings(max_examples=120, deadline=None)
@given(
    st.lists(meshes(), max_size=3), st.tuples(st.integers(1, 40), st.integers(1, 40)), st.floats(-360, 360),
    st.floats(-90, 90), st.booleans(),
)
def test_whatever_comes_a_picture_comes_out(some, size, heading, elevation, framed):
    camera: Camera = frame(some, heading, elevation) if framed else look((0, 0, 0), heading, elevation)
    with np.errstate(all="ignore"):
        picture = render(some, camera, Light(), size)
    assert picture.shape == (size[1], size[0], 4)
    assert picture.dtype == np.uint8

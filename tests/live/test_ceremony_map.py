"""Where names of venues stand on the map of a ceremony: on no other dot."""

import pytest

from everhall.live.ceremony_desk import ABOVE, BELOW, name_side

BEIJING, TIANJIN, SHANGHAI = (42.0, 22.0), (45.3, 29.3), (61.0, 92.0)


@pytest.mark.parametrize(
    ("place", "side"),
    [
        pytest.param(BEIJING, ABOVE, id="Tianjin lies below Beijing"),
        pytest.param(TIANJIN, BELOW, id="Beijing lies above Tianjin"),
        pytest.param(SHANGHAI, ABOVE, id="nobody is near Shanghai"),
    ],
)
def test_a_name_keeps_off_the_dots_of_neighbours(place, side) -> None:
    assert name_side(place, [BEIJING, TIANJIN, SHANGHAI]) == side


def test_between_two_it_stands_above() -> None:
    assert name_side(TIANJIN, [BEIJING, TIANJIN, (45.3, 36.0)]) == ABOVE

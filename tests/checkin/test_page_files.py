"""What the door's worker has ready without a network: all that its page loads."""

import re
from pathlib import Path

from everhall.checkin.views.page import FILES, MODULES

FOLDER = Path(__file__).parents[2] / "everhall/checkin/static/checkin"


def loaded(name: str, found: set[str]) -> set[str]:
    """Addresses, as `FILES` has them, of this module and of what it imports."""
    if name not in found:
        found.add(name)
        if name.startswith("checkin/"):
            for step in re.findall(r'(?:from |import\()"(\.[^"]+)"', (FOLDER.parent / name).read_text()):
                loaded(f"checkin/{step[2:]}" if step.startswith("./") else step[3:], found)
    return found


def test_every_module_of_the_page_is_there_without_a_network_and_no_other():
    found = loaded("checkin/page.js", set())
    # Named without "from": it only defines the element.
    found |= loaded("checkin/view.js", set())
    assert found - set(FILES) == set()
    assert {f"checkin/{name}.js" for name in MODULES} - found == set()

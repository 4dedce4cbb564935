"""IIIF's own validator reads a board over HTTP: Image API 3.0, level 0."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.e2e.demo_site import ROOT

pytestmark = pytest.mark.e2e


def test_the_validator_finds_no_fault(own_site: Callable[..., str]) -> None:
    site = own_site(ROOT / "tests" / "e2e" / "iiif_board.py")
    validator = Path(sys.executable).parent / "iiif-validate.py"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(validator), "-s", urlsplit(site).netloc, "--scheme=http", "-p", "iiif/3",
         "-i", "1.1", "--version=3.0", "--level=0", "-v"],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    told = done.stdout + done.stderr
    assert "Done (5 tests, 0 failures)" in told, told[-3000:]
    assert done.returncode == 0

"""Modules for browsers, run in node: the twins of engines on the same vectors, and what stands alone."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def node() -> str:
    """Where node is, or the test is skipped with the reason."""
    found = shutil.which("node") or shutil.which("node", path=str(ROOT / ".venv" / "bin"))
    if not found:
        pytest.skip("there is no node: tools/npm.sh brings it")
    return found


def passes(test: Path, **environment: str) -> str:
    """Run a `.test.mjs`; what it printed. Without --test, which would start a second node for the file."""
    result = subprocess.run(
        [node(), str(test)], env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=120
    )
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr
    return result.stdout

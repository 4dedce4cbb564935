"""The walls bite: a violation planted for each contract is found, and the tree as it stands has none."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

#: contract -> file to add to, line that breaks it
VIOLATIONS = {
    "storeys": ("everhall/exhibition/queries/exhibits.py", "from everhall.pages import models as planted"),
    "neighbours": ("everhall/programme/queries.py", "from everhall.exhibition import models as planted"),
    "rooms": ("everhall/editions/queries.py", "from everhall.editions import services as planted"),
    "purity": ("everhall/engines/facets.py", "import django.db as planted"),
    "purity of rules": ("everhall/programme/rules.py", "import time as planted"),
    "purity of events": ("everhall/exhibition/events.py", "import os as planted"),
    "media path": ("everhall/config/door/__init__.py", "import django as planted"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"],
        cwd=folder, capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(folder), "COLUMNS": "200"},
    )


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(
        ROOT / "everhall", folder / "everhall",
        ignore=shutil.ignore_patterns("__pycache__", "data", "static", "templates", "locale"),
    )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_the_tree_keeps_every_contract(tree):
    result = lint(tree)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("name", VIOLATIONS)
def test_a_planted_violation_is_found(tree, name):
    where, line = VIOLATIONS[name]
    path = tree / where
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{before}\n{line}\n", encoding="utf-8")
    try:
        result = lint(tree)
    finally:
        path.write_text(before, encoding="utf-8")
    assert result.returncode != 0, f"{line} in {where} was not found"
    assert "BROKEN" in result.stdout


def test_an_app_without_a_storey_is_found(tree):
    stray = tree / "everhall" / "common"
    stray.mkdir()
    try:
        (stray / "__init__.py").write_text("")
        result = lint(tree)
    finally:
        shutil.rmtree(stray)
    assert result.returncode != 0
    assert "common" in result.stdout + result.stderr

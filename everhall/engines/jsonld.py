"""JSON-LD inside HTML: no text of ours can end the script element."""

import json
from collections.abc import Mapping
from typing import Any


def dump(data: Mapping[str, Any]) -> str:
    """One object as JSON safe between `<script type="application/ld+json">` tags; empty values left out."""
    kept = {key: value for key, value in data.items() if value not in (None, "", [], {})}
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    # HTML §13.2.5.4: "<!--" and "</script" change the tokeniser's state wherever they stand.
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")

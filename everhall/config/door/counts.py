"""What the door counts; whole numbers only, so that counting costs nothing. Read by `config/metrics.py`."""

from dataclasses import dataclass


@dataclass(slots=True)
class Counts:
    hits: int = 0
    not_modified: int = 0
    misses: int = 0
    joined: int = 0
    passed: int = 0
    kept: int = 0
    overtaken: int = 0
    evicted: int = 0
    purges: int = 0
    purged: int = 0
    bytes_sent: int = 0
    refused_large: int = 0
    refused_busy: int = 0

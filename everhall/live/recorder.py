"""Being written: see docs/decisions/0014-live-path.md."""

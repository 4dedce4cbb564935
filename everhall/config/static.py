"""Static files with the hash of their content in the name, so that a browser may keep them for good."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Before `collectstatic` has run (tests, a fresh clone) the plain name serves instead of an error."""

    manifest_strict = False
    #: Modules that a module imports get their hash too, so that a browser never mixes two versions.
    support_js_module_import_aggregation = True

    def read_manifest(self) -> Any:
        """A data folder that cannot be read is told by `serve` and `check`, not by a traceback here."""
        try:
            return super().read_manifest()
        except OSError:
            return None

    def read_again(self) -> None:
        """Another process has collected: its names are ours from here on, not those that we found when we began."""
        self.hashed_files, self.manifest_hash = self.load_manifest()

    def stored_name(self, name: str) -> Any:
        try:
            return super().stored_name(name)
        except ValueError:
            return name

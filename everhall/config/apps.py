"""The composition root as a Django app: it wires who reacts to which news."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "everhall.config"
    label = "config"

    def ready(self) -> None:
        # Imported here because wiring reaches into every app's models, which exist only now.
        from everhall.config import wiring  # noqa: PLC0415

        wiring.connect()

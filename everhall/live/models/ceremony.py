"""A launch ceremony (启动仪式) as it is kept: the newest state, every event that led to it, when consoles were last heard,
and how exactly displays showed the moment.

The state machine is `engines.ceremony`; only `services.ceremonies` writes here. Must stay true: `version` is that of the
newest entry; an entry is never changed.
"""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from everhall.accounts.models import code_validator
from everhall.editions.models import Edition
from everhall.engines import ceremony as machine
from everhall.engines.bilingual import Bilingual
from everhall.engines.ceremony_json import from_state_json
from everhall.engines.personal import DESK_WORDS, NotPersonal, Personal
from everhall.live import rules
from everhall.live.models.channel import Channel
from everhall.realtime.models import Told


def drafted() -> dict[str, Any]:
    """The state of a ceremony in which nothing has happened."""
    return machine.state_json(machine.Ceremony())


class Ceremony(Told):
    """One launch of an edition. `status` repeats the state's, so that the clerk finds those that run."""

    PERSONAL: ClassVar[Personal] = {
        "state": ("to say who of the staff decided", DESK_WORDS),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "about a launch"}

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="ceremonies", verbose_name=_("edition")
    )
    code = models.SlugField(_("code"), max_length=60, validators=[code_validator])
    name_zh = models.CharField(_("name (Chinese)"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    opens = models.BooleanField(
        _("opens the edition"), default=True,
        help_text=_("At T0 the home of the edition opens, with all that is marked to open with the launch."),
    )
    channel = models.ForeignKey(
        Channel, null=True, blank=True, on_delete=models.SET_NULL, related_name="ceremonies",
        verbose_name=_("channel"), help_text=_("Its picture is shown beside the countdown."),
    )
    cut_source = models.CharField(
        _("cuts at T0 to"), max_length=120, blank=True,
        help_text=_("What the channel shows from T0 on: feed/…, recording/… or channel/…; empty: no cut."),
    )
    is_sample = models.BooleanField(_("sample"), default=False)
    state = models.JSONField(default=drafted, editable=False)
    status = models.CharField(max_length=12, default="drafted", editable=False, db_index=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    name = Bilingual("name", get_language)

    class Meta:
        ordering = ["edition", "code"]
        verbose_name = _("ceremony")
        verbose_name_plural = _("ceremonies")
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="ceremony_code_in_edition"),
            models.UniqueConstraint(
                fields=["edition"], condition=models.Q(opens=True), name="one_ceremony_opens_an_edition"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.channel is not None and self.channel.edition_id != self.edition_id:
            raise ValidationError({"channel": _("This channel belongs to another edition.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding and kwargs.get("update_fields") is None:
            # What somebody read a moment ago must not come back over what has happened since.
            kept = {"id", "state", "status", "version"}
            kwargs["update_fields"] = [f.name for f in self._meta.concrete_fields if f.name not in kept]
        super().save(*args, **kwargs)

    def news_tags(self) -> set[str]:
        return {rules.launch_tag(self.edition.code)}

    @property
    def known(self) -> machine.Ceremony:
        """The state as the engine knows it."""
        return from_state_json(self.state)


class CeremonyEntry(models.Model):
    """An event of the log: `payload` as `ceremony_json.to_json` writes it. The certificate rests on these."""

    PERSONAL: ClassVar[Personal] = {
        "payload": ("to say who of the staff decided", DESK_WORDS),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "about a launch"}

    ceremony = models.ForeignKey(Ceremony, on_delete=models.CASCADE, related_name="entries")
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    payload = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["version"]
        verbose_name = _("entry of a ceremony")
        verbose_name_plural = _("entries of a ceremony")
        constraints = [
            models.UniqueConstraint(fields=["ceremony", "version"], name="one_entry_per_version"),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            msg = "An entry of a ceremony is never changed."
            raise TypeError(msg)
        super().save(*args, **kwargs)


class ConsoleHeard(models.Model):
    """When a console of a venue was last heard of; written every few seconds at most."""

    ceremony = models.ForeignKey(Ceremony, on_delete=models.CASCADE, related_name="heard")
    party = models.CharField(max_length=80)
    heard_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ceremony", "party"], name="one_line_per_venue"),
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.heard_at}"


class ShownMoment(models.Model):
    """How a display showed T0: `late` seconds after it (below zero: before) by its corrected clock, `error` seconds by
    which that clock may have been wrong. `party` "": no venue's. Written once by each display."""

    ceremony = models.ForeignKey(Ceremony, on_delete=models.CASCADE, related_name="shown_moments")
    party = models.CharField(max_length=80, blank=True)
    display = models.CharField(max_length=40)
    t0 = models.FloatField()
    late = models.FloatField()
    error = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ceremony", "t0", "display"], name="one_measure_per_display"),
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.late:+.3f} s"

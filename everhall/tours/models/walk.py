"""Groups that walk together: a guide moves, a class follows in step.

Purpose of what is stored: to tell pages where the group stands. Nothing is known of who follows but how many, and nothing of the
guide but the hash of a secret. A walk ends by itself and is deleted a day later (`services.settle_walks`).
"""

import secrets
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from everhall.editions.models import Edition
from everhall.engines.personal import GROUP_WALK, NotPersonal, Personal
from everhall.tours import rules
from everhall.tours.models.made import MadeTour, new_key
from everhall.tours.models.tour import Tour


def new_code() -> str:
    """What people type from a sign. Short, because it opens nothing that is secret."""
    return "".join(secrets.choice(rules.ALPHABET) for _ in range(rules.CODE_LENGTH))


class GroupWalk(models.Model):
    """One walk. `stop` is the row's number of where the group stands (a `Stop` or a `MadeStop`, as the tour is one or the
    other); None before the first. `version` grows by one with each message on its topic."""

    PERSONAL: ClassVar[Personal] = {
        "secret_hash": ("so that only the guide leads", GROUP_WALK),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "made by chance"}

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+", verbose_name=_("edition"))
    tour = models.ForeignKey(Tour, null=True, on_delete=models.CASCADE, related_name="walks", verbose_name=_("tour"))
    made = models.ForeignKey(MadeTour, null=True, on_delete=models.CASCADE, related_name="walks")
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    key = models.CharField(max_length=20, unique=True, default=new_key, editable=False)
    secret_hash = models.CharField(max_length=64, editable=False)
    stop = models.PositiveBigIntegerField(null=True)
    #: What the guide points at: "picture-2", "spot-17" or nothing.
    point = models.CharField(max_length=30, blank=True)
    paused = models.BooleanField(default=False)
    version = models.PositiveBigIntegerField(default=1)
    opened_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-opened_at"]
        verbose_name = pgettext_lazy("tour", "group walk")
        verbose_name_plural = pgettext_lazy("tour", "group walks")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(tour__isnull=True) ^ models.Q(made__isnull=True), name="walk_of_one_tour"
            )
        ]

    def __str__(self) -> str:
        return f"{self.tour or self.made} · {self.code}"

    @property
    def of(self) -> Any:
        """The tour that is walked."""
        return self.tour or self.made

    @property
    def tag(self) -> str:
        return f"walk-{self.key}"

    @property
    def topic(self) -> str:
        return f"walk.{self.key}"

    @property
    def count_topic(self) -> str:
        return f"followers.{self.key}"


class Followers(models.Model):
    """How many pages follow a walk in one process, at a moment."""

    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "counts"}

    walk = models.ForeignKey(GroupWalk, on_delete=models.CASCADE, related_name="followers")
    source = models.CharField(max_length=20)
    count = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["walk", "source"], name="one_count_of_followers")]

    def __str__(self) -> str:
        return f"{self.walk_id}: {self.count}"

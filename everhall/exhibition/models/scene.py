"""Scenes (场景): panoramas in a hall in which one stands, looks around and walks on.

A generated scene is made of the hall's plan and of what is public there; `made` names what it was made of, `wanted`
what it should be made of now. Its files lie in the data folder under the hash of their content (`files`) and leave only by
`scene_views.tile`, which asks whether all placements that the pictures show (`shows`) may be seen.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from everhall.accounts.models import code_validator
from everhall.editions.models import Hall
from everhall.engines.bilingual import Bilingual
from everhall.exhibition.models.placement import Placement
from everhall.realtime.models import Told

DEGREES = [MinValueValidator(-360), MaxValueValidator(360)]
UPWARDS = [MinValueValidator(-90), MaxValueValidator(90)]


class Scene(Told):
    """One place to stand in a hall. `x`, `y` are metres on the plan; directions are degrees clockwise from the plan's
    upper edge."""

    class Kind(models.TextChoices):
        GENERATED = "generated", pgettext_lazy("scene", "generated from the plan")
        PHOTOGRAPH = "photograph", pgettext_lazy("scene", "photograph")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("scene", "waits")
        MAKING = "making", pgettext_lazy("scene", "is being made")
        READY = "ready", pgettext_lazy("scene", "ready")
        FAILED = "failed", pgettext_lazy("scene", "could not be made")

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="scenes", verbose_name=_("hall"))
    code = models.SlugField(_("code"), max_length=60, validators=[code_validator])
    name_zh = models.CharField(_("name (Chinese)"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.GENERATED)
    order = models.PositiveIntegerField(_("order"), default=0)
    x = models.FloatField(_("metres from the left"), default=0)
    y = models.FloatField(_("metres from the upper edge"), default=0)
    heading = models.FloatField(_("heading"), default=0, validators=DEGREES)
    #: Of a photograph or a panorama: the compass direction of the picture's middle.
    front = models.FloatField(_("heading of the picture's middle"), default=0, validators=DEGREES)
    picture = models.ForeignKey(
        "media.Picture", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("panorama"), help_text=_("All directions in one picture, twice as wide as high."),
    )
    #: Of the media library: shown in place of the picture drawn from the plan.
    panorama = models.ForeignKey(
        "media.Attachment", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("panorama"),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING, editable=False)
    progress = models.PositiveSmallIntegerField(default=0, editable=False)
    fault = models.CharField(max_length=300, blank=True, editable=False)
    wanted = models.CharField(max_length=64, blank=True, editable=False)
    made = models.CharField(max_length=64, blank=True, editable=False)
    hall_key = models.CharField(max_length=64, blank=True, editable=False)
    files = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    #: What a viewer needs to know of the files: cube, tile, levels, extension, bytes.
    facts = models.JSONField(default=dict, blank=True, editable=False)
    #: Ids of the placements whose pictures and names are in the picture, and of those in the next one.
    shows = models.JSONField(default=list, blank=True, editable=False)
    will_show = models.JSONField(default=list, blank=True, editable=False)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    licence = models.CharField(_("licence"), max_length=80, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    is_sample = models.BooleanField(_("sample"), default=False)

    name = Bilingual("name", get_language)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("scene")
        verbose_name_plural = _("scenes")
        constraints = [models.UniqueConstraint(fields=["hall", "code"], name="scene_code_in_hall")]
        indexes = [models.Index(fields=["state", "order"])]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.kind == self.Kind.PHOTOGRAPH and self.picture_id is None and self.panorama_id is None:
            raise ValidationError({"picture": _("A photograph needs its picture.")})

    @property
    def venue(self) -> Any:
        return self.hall.venue

    def news_tags(self) -> set[str]:
        return self.hall.news_tags()


class SceneLink(models.Model):
    """One walks on from a scene to another, straight ahead at `yaw`."""

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="links")
    to = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="+")
    yaw = models.FloatField(validators=DEGREES)
    metres = models.FloatField(default=0)

    class Meta:
        ordering = ["yaw", "pk"]
        constraints = [models.UniqueConstraint(fields=["scene", "to"], name="one_link_to_a_scene")]

    def __str__(self) -> str:
        return f"{self.scene} → {self.to}"


class Hotspot(models.Model):
    """A labelled spot (热点) in a scene: an exhibit, or a text. Those placed by hand stay when the scene is made anew."""

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="hotspots")
    placement = models.ForeignKey(
        Placement, null=True, blank=True, on_delete=models.CASCADE, related_name="hotspots", verbose_name=_("exhibit")
    )
    text_zh = models.CharField(_("text (Chinese)"), max_length=200, blank=True)
    text_en = models.CharField(_("text (English)"), max_length=200, blank=True)
    yaw = models.FloatField(validators=DEGREES)
    pitch = models.FloatField(default=0, validators=UPWARDS)
    metres = models.FloatField(default=0)
    by_hand = models.BooleanField(default=False)

    text = Bilingual("text", get_language)

    class Meta:
        ordering = ["metres", "yaw", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(placement__isnull=False) | ~models.Q(text_zh=""), name="hotspot_says_something"
            )
        ]

    def __str__(self) -> str:
        return self.text or str(self.placement)

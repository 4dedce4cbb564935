"""What feeds and channels have in common: an edition, a venue, a code, and a key that is theirs for ever."""

import secrets
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from everhall.accounts.models import code_validator
from everhall.editions.models import Edition, Venue
from everhall.engines.bilingual import Bilingual
from everhall.live import rules
from everhall.realtime.models import Told

#: Easy to read aloud over a telephone: nothing that looks like something else.
LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


def new_key(length: int = 24) -> str:
    """A secret of 24 letters (more than 118 bits); SRT takes 10 to 79."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


class Source(Told):
    """Something with sound and picture that stands at a venue."""

    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="%(class)ss", verbose_name=_("edition")
    )
    venue = models.ForeignKey(
        Venue, on_delete=models.PROTECT, related_name="%(class)ss", verbose_name=_("venue")
    )
    code = models.SlugField(_("code"), max_length=60, validators=[code_validator])
    #: Names folders and addresses of the live path; given once, so that what was kept is found again.
    key = models.CharField(max_length=90, unique=True, editable=False)
    name_zh = models.CharField(_("name (Chinese)"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    may_be_relayed = models.BooleanField(
        _("may be relayed"), default=True,
        help_text=_("Directors of other venues of the edition may put it on their channels."),
    )
    enabled = models.BooleanField(_("in use"), default=True)
    is_sample = models.BooleanField(_("sample"), default=False)

    name = Bilingual("name", get_language)

    class Meta:
        abstract = True
        ordering = ["venue__order", "code"]

    def __str__(self) -> str:
        return f"{self.name} · {self.venue.name}"

    @property
    def source(self) -> str:
        raise NotImplementedError

    def clean(self) -> None:
        if self.venue_id and self.edition_id and self.venue.edition_id != self.edition_id:
            raise ValidationError({"venue": _("This venue belongs to another edition.")})
        if self.pk is None and self.edition_id and self.code:
            key = rules.key_of(self.edition.code, self.code)
            if type(self)._default_manager.filter(key=key).exists():
                raise ValidationError({"code": _("This code is taken.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.key:
            self.key = rules.key_of(self.edition.code, self.code)
        super().save(*args, **kwargs)

    def news_tags(self) -> set[str]:
        return {rules.video_tag(self.edition.code)}

"""Letters: e-mails on their way, each once; and how members of organisations want to get them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from everhall.accounts.models import User
from everhall.engines.personal import ACCOUNT, Personal


class PostWish(models.Model):
    """How somebody with a login wants to hear of what visitors ask their organisation.

    Personal data: their wish. Deleted with the account.
    """

    PERSONAL: ClassVar[Personal] = {
        "user": ("how often you want letters", ACCOUNT),
        "language": ("how often you want letters", ACCOUNT),
    }

    class Rhythm(models.TextChoices):
        AT_ONCE = "at_once", pgettext_lazy("rhythm", "at once")
        DAILY = "daily", pgettext_lazy("rhythm", "once a day")
        NEVER = "never", pgettext_lazy("rhythm", "never")

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="post_wish")
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    rhythm = models.CharField(_("how often"), max_length=10, choices=Rhythm, default=Rhythm.AT_ONCE)
    digested_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id} {self.rhythm}"

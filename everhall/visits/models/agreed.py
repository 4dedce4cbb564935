"""What somebody agreed to, in the words they saw, and the contacts they gave."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from everhall.accounts.models import Organisation
from everhall.editions.models import Edition
from everhall.engines.personal import CONTACT, PROOF, NotPersonal, Personal
from everhall.exhibition.models import Exhibit
from everhall.visits import rules
from everhall.visits.models.kept import Visitor


class Consent(models.Model):
    """One agreement: to what, towards whom, in exactly which words, from when to when.

    The row is proof, also after it was withdrawn. Personal data: which visitor, until they delete themselves; `text` names the
    organisation and no person. The row itself is deleted three years after it ended (`services.forgetting`).
    """

    PERSONAL: ClassVar[Personal] = {
        "visitor": ("to show and to withdraw what you agreed to", PROOF),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {"text": "the words of the form, the same for everybody", "language": "a language"}

    class Kind(models.TextChoices):
        QUESTION = "question", pgettext_lazy("consent", "question to an exhibitor")
        CONTACT = "contact", pgettext_lazy("consent", "exchange of contacts")
        ATTENDANCE = "attendance", pgettext_lazy("consent", "taking part online is noted")

    visitor = models.ForeignKey(Visitor, null=True, on_delete=models.SET_NULL, related_name="consents")
    kind = models.CharField(max_length=10, choices=Kind)
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.SET_NULL, related_name="consents")
    exhibit = models.ForeignKey(Exhibit, null=True, on_delete=models.SET_NULL, related_name="+")
    language = models.CharField(max_length=10)
    text = models.TextField(_("what was agreed to"), max_length=rules.LONGEST_CONSENT)
    given_at = models.DateTimeField()
    #: Null: whoever gave it has not yet shown that the address is theirs; nothing was passed on.
    confirmed_at = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-given_at", "-pk"]
        indexes = [models.Index(fields=["until"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.given_at:%Y-%m-%d}"

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None


class Contact(models.Model):
    """What is passed on to an organisation as long as the consent stands.

    Personal data: name, organisation, e-mail, telephone, a remark. Purpose: the exhibitor gets in touch. Deleted when the
    consent is withdrawn, at the end it names (a year), or when the visitor deletes all; after three days if the address was never
    confirmed.
    """

    PERSONAL: ClassVar[Personal] = {
        "name": ("so that the exhibitor gets in touch", CONTACT),
        "works_at": ("so that the exhibitor gets in touch", CONTACT),
        "email": ("so that the exhibitor gets in touch", CONTACT),
        "phone": ("so that the exhibitor gets in touch", CONTACT),
        "remark": ("so that the exhibitor gets in touch", CONTACT),
    }

    consent = models.OneToOneField(Consent, on_delete=models.CASCADE, related_name="contact")
    name = models.CharField(_("name"), max_length=rules.LONGEST_NAME)
    works_at = models.CharField(_("organisation"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"))
    phone = models.CharField(_("telephone"), max_length=rules.LONGEST_PHONE, blank=True)
    remark = models.TextField(_("remark"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def __str__(self) -> str:
        return self.name

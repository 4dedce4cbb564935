"""Questions to exhibitors and their answers; words that make one wait."""

from typing import ClassVar

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from everhall.accounts.models import Organisation, User
from everhall.editions.models import Edition
from everhall.engines.bilingual import pick
from everhall.engines.personal import ACCOUNT, QUESTION, NotPersonal, Personal
from everhall.exhibition.models import Exhibit
from everhall.visits import rules
from everhall.visits.models.agreed import Consent
from everhall.visits.models.kept import Visitor


class ExhibitQuestion(models.Model):
    """Somebody asks who shows an exhibit.

    Personal data: name, e-mail address, the words. Purpose: the answer reaches whoever asked; the exhibitor sees name and
    question, never the address. Deleted 180 days after asking, answered or not (`forget_at`), or when the visitor deletes all; what
    stands on the exhibit's page by both sides' wish stays there without a name. A question whose address nobody confirmed is
    deleted after three days.
    """

    PERSONAL: ClassVar[Personal] = {
        "visitor": ("to show you your question", QUESTION),
        "name": ("to say who asks", QUESTION),
        "email": ("to send you the answer", QUESTION),
        "text": ("so that the exhibitor can answer", QUESTION),
        "answered_by": ("to say who answered", ACCOUNT),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {"answer": "said by the exhibitor", "language": "a language"}

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", pgettext_lazy("exhibit question", "waits for its confirmation")
        HELD = "held", pgettext_lazy("exhibit question", "held back")
        OPEN = "open", pgettext_lazy("exhibit question", "waits for an answer")
        ANSWERED = "answered", pgettext_lazy("exhibit question", "answered")
        REFUSED = "refused", pgettext_lazy("exhibit question", "refused")

    exhibit = models.ForeignKey(Exhibit, on_delete=models.CASCADE, related_name="questions")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.SET_NULL, related_name="questions")
    visitor = models.ForeignKey(Visitor, null=True, on_delete=models.SET_NULL, related_name="questions")
    consent = models.OneToOneField(Consent, null=True, on_delete=models.SET_NULL, related_name="question")
    text = models.TextField(_("question"), max_length=rules.LONGEST_QUESTION, blank=True)
    name = models.CharField(_("name"), max_length=rules.LONGEST_NAME, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(max_length=10)
    #: Whether whoever asked wishes that question and answer may stand on the page, without a name.
    may_be_public = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.UNCONFIRMED)
    asked_at = models.DateTimeField()
    passed_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(_("answer"), max_length=rules.LONGEST_ANSWER, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    #: It stands on the exhibit's page: both wished it, and it was answered.
    public = models.BooleanField(default=False)
    #: Somebody of the organisation finds it improper; the venue's team looks at it.
    reported_at = models.DateTimeField(null=True, blank=True)
    forget_at = models.DateTimeField(db_index=True)
    forgotten_at = models.DateTimeField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("question to an exhibitor")
        verbose_name_plural = _("questions to exhibitors")
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(fields=["organisation", "edition", "state"]),
            models.Index(fields=["exhibit", "public"]),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def is_answered(self) -> bool:
        return self.state == self.State.ANSWERED


class WordList(models.Model):
    """Words of an edition that make a question wait for the venue's team before it is passed on."""

    NOT_PERSONAL: ClassVar[NotPersonal] = {"words": "a list of words that organisers made"}

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="question_words")
    words = models.TextField(_("words"), blank=True, max_length=rules.LONGEST_WORDS, help_text=_("One a line, or with commas."))

    class Meta:
        verbose_name = _("word list for questions")
        verbose_name_plural = _("word lists for questions")

    def __str__(self) -> str:
        return pick(self.edition.name_zh, self.edition.name_en, get_language())

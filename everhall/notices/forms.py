"""The form of a notice: both languages, whom it concerns, how weighty it is, from when and until when."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from everhall.editions.models import Edition
from everhall.notices import queries
from everhall.notices.models import Notice


def moment() -> forms.DateTimeInput:
    return forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")


class NoticeForm(forms.ModelForm):
    """What the user may not tell of is not offered, and refused if it comes all the same."""

    class Meta:
        model = Notice
        fields = ["title_zh", "title_en", "text_zh", "text_en", "weight", "venue", "session", "link", "published_at", "until"]
        widgets = {
            "text_zh": forms.Textarea({"rows": 3}), "text_en": forms.Textarea({"rows": 3}), "published_at": moment(),
            "until": moment(),
        }  # fmt: skip
        labels = {"published_at": pgettext_lazy("notice", "from")}
        help_texts = {
            "venue": _("It concerns this venue and all below it. Empty: the whole edition."),
            "session": _("It concerns this session alone, and those who follow it."),
            "link": _("An address of this site (/…) or one with https://. May stay empty."),
            "published_at": _("Empty: as soon as it is published."),
            "until": _("Until then it stands at the top of pages. Empty: for a day. It stays in the list."),
        }

    def __init__(self, *args: Any, edition: Edition, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.edition = edition
        self.user = user
        fields: Any = self.fields
        fields["venue"].queryset = queries.venues_within(user, edition)
        fields["session"].queryset = queries.sessions_within(user, edition)
        if queries.may_tell(user, edition, None, None):
            fields["venue"].empty_label = _("The whole edition")
        if self.instance.told_at is not None:
            # Who has heard of it has heard of it; whoever meant somebody else writes another one.
            for name in ("venue", "session", "published_at"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        edition = self.instance.edition
        venue, session = found.get("venue", self.instance.venue), found.get("session", self.instance.session)
        if not self.errors and not queries.may_tell(self.user, edition, venue, session):
            raise forms.ValidationError(_("You may not tell the whole edition; choose a venue or a session."))
        return found

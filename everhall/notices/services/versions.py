"""A new version of the programme, told to those who follow the edition.

In: `ProgrammePublished`, after its commit. Out: one notice for information that leads to what has changed. Must stay true: it names no
session, so nothing hidden is told; the first version and one that only has details tell nobody; twice is once, by its link.
"""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from everhall.editions.models import Edition
from everhall.notices.models import Notice
from everhall.notices.services.notices import publish
from everhall.programme.events import ProgrammePublished
from everhall.programme.models import ProgrammeVersion
from everhall.programme.versions import shown_versions


def note_version(event: ProgrammePublished) -> None:
    """See the module."""
    version = ProgrammeVersion.objects.filter(edition_id=event.edition_id, number=event.number).select_related("edition").first()
    if version is None or version.number == 1 or version.edition.state != Edition.State.OPEN:
        return
    now = timezone.now()
    public = next((one for one in shown_versions(version.edition, now) if one.number == version.number), None)
    if public is None or not public.count:
        return
    with override("zh-hans"):
        link = f"{reverse('programme:changes', args=[version.edition.code])}#v{version.number}"
    if Notice.objects.filter(edition=version.edition, link=link).exists():
        return
    said = {}
    for language, column in (("zh-hans", "zh"), ("en", "en")):
        with override(language):
            said[f"title_{column}"] = gettext("Programme: version %(number)d") % {"number": version.number}
            said[f"text_{column}"] = version.note or gettext("%(count)d sessions have changed.") % {"count": public.count}
    publish(Notice(edition=version.edition, link=link, **said), None, now)

"""Where a notice leads, in each language."""

from django.urls import reverse
from django.utils.translation import get_language, override

from everhall.engines.bilingual import is_chinese
from everhall.notices.models import Notice


def link_of(notice: Notice, language: str | None = None) -> str:
    """Its own link, else its session's page, else its place in the list. `language`: None for the active one."""
    language = language or get_language() or "zh-hans"
    link, code = str(notice.link), notice.edition.code
    if link:
        # An organiser copies the address of one language; readers of the other one get theirs.
        own = link.startswith(f"/{code}/") and not is_chinese(language)
        back = link.startswith(f"/en/{code}/") and is_chinese(language)
        return f"/en{link}" if own else link.removeprefix("/en") if back else link
    with override(language):
        if notice.session is not None:
            return reverse("programme:session", args=[code, notice.session.code])
        return f"{reverse('notices:list', args=[code])}#notice-{notice.pk}"

"""The programme as files for other platforms. Who may: everyone; drafts, embargoed activities and other editions' sessions
do not exist in them. Kept at the door like pages: the same bytes for everybody, until news or the end of an embargo."""

from collections.abc import Callable
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from everhall.editions.models import Venue
from everhall.editions.public import edition_or_404, mark
from everhall.engines import exchange_calendar, exchange_json, exchange_xml
from everhall.engines.exchange import Schedule
from everhall.programme import queries
from everhall.programme.exchange import schedule_of


def second(schedule: Schedule) -> bytes:
    return exchange_json.write(schedule, second=True)


#: Name of the form -> writer, media type, file name, whether it can say that a session is cancelled.
FORMS: Final[dict[str, tuple[Callable[[Schedule], bytes], str, str, bool]]] = {
    "xml": (exchange_xml.write, exchange_xml.MEDIA_TYPE, "schedule.xml", False),
    "json": (exchange_json.write, "application/json", "schedule.json", False),
    "json2": (second, "application/json", "schedule2.json", False),
    "xcal": (exchange_calendar.write_xcal, "application/calendar+xml", "schedule.xcs", True),
}


def schedule_file(request: HttpRequest, edition: str, form: str, venue: str = "") -> HttpResponse:
    """Who may: everyone. An edition's programme, or that of a venue and everything below it, in one of `FORMS`."""
    found, now = edition_or_404(edition), timezone.now()
    place = Venue.objects.filter(edition=found, code=venue).first() if venue else None
    if venue and place is None:
        raise Http404(_("There is no such venue in this edition."))
    write, media_type, name, cancelled = FORMS[form]
    schedule = schedule_of(found, place, now, cancelled=cancelled)
    response = HttpResponse(write(schedule), content_type=f"{media_type}; charset=utf-8")
    stem = "-".join(["everhall", found.code, *([place.code] if place else [])])
    response["Content-Disposition"] = f'inline; filename="{stem}-{name}"'
    # Apps in browsers of other sites read schedules; there is nothing in them that is not public.
    response["Access-Control-Allow-Origin"] = "*"
    return mark(response, f"edition-{found.code}", until=queries.next_release(found, now))

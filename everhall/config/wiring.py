"""Who reacts to which news. This is the only file that knows both sides."""

from collections.abc import Collection, Sequence
from functools import partial

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from everhall.audience import places
from everhall.audience import services as audience
from everhall.audience.beside import session_talk
from everhall.checkin import queries as doors
from everhall.checkin import services as checkin
from everhall.config.articles import Articles
from everhall.config.channel_rooms import ChannelRooms, channel_talk
from everhall.config.personal import mine
from everhall.config.recordings import Recordings
from everhall.config.tours import Tours, holds_back
from everhall.editions import finding
from everhall.editions import services as editions
from everhall.exhibition import queries as exhibits
from everhall.exhibition import scene_panoramas, ways
from everhall.exhibition import services as exhibition
from everhall.exhibition.beside import exhibits as beside_exhibits
from everhall.exhibition.events import ExhibitsChanged
from everhall.feedback.beside import session_feedback
from everhall.insight import arrivals
from everhall.live import queries as live_queries
from everhall.live import services as live
from everhall.live import viewing
from everhall.live.beside import channels as beside_channels
from everhall.live.beside import session_video
from everhall.live.events import CeremonyChanged, ChannelChanged, FeedsChanged, RecordingsChanged
from everhall.live.services import ceremonies, launching
from everhall.media import deriving
from everhall.media import queries as files
from everhall.myweek import services as myweek
from everhall.myweek.beside import registration_week, session_attendance, session_week
from everhall.notices import services as notices
from everhall.notices import spoken
from everhall.notices.events import NoticesChanged
from everhall.office import queries as office
from everhall.pages import services as pages
from everhall.pages.about import exhibit_about, session_exhibits
from everhall.pages.place import session_place
from everhall.post import services as post
from everhall.programme import queries as activities
from everhall.programme import services as programme
from everhall.programme.beside import sessions as beside_sessions
from everhall.programme.events import ActivitiesChanged, ProgrammePublished, SessionChanged
from everhall.programme.telling_hosts import tell_hosts
from everhall.realtime import bus, news
from everhall.realtime.events import RowsChanged
from everhall.realtime.nats_bus import NatsBus
from everhall.registration import services as registration
from everhall.registration.beside import own as beside_registrations
from everhall.registration.beside import session_registration
from everhall.registration.mails import text_for
from everhall.search import queries as searching
from everhall.search import services as search
from everhall.search import tongue
from everhall.tours import queries as tour_queries
from everhall.tours import services as tours
from everhall.tours.events import ToursChanged
from everhall.tours.services.screens import editions_of
from everhall.visits import services as visits
from everhall.visits.beside import exhibit_questions, exhibit_tools
from everhall.visits.events import QuestionsChanged


def connect() -> None:
    """Called once at start-up."""
    search.register_source(Articles())
    search.register_source(Recordings())
    finding.find_by(partial(searching.ids_matching, limit=500))
    search.register_source(Tours())
    news.on(ExhibitsChanged, exhibits_changed)
    news.on(ActivitiesChanged, activities_changed)
    news.on(ChannelChanged, channel_changed)
    news.on(FeedsChanged, feeds_changed)
    news.on(RecordingsChanged, recordings_changed)
    news.on(RowsChanged, rows_changed)
    news.on(RowsChanged, admissions_changed)
    news.on(CeremonyChanged, ceremonies.tell_ceremony)
    news.on(NoticesChanged, notices.tell_notices)
    news.on(SessionChanged, notices.note_change)
    news.on(SessionChanged, session_changed)
    news.on(ProgrammePublished, tell_hosts)
    news.on(ProgrammePublished, notices.note_version)
    news.on(QuestionsChanged, questions_changed)
    news.on(ToursChanged, tours_changed)
    launching.launch_moves(launch_moves)
    launching.also_opens("tour", tours.follow_launch)
    ways.also("tour", _("Tours"), "route", "tours:list")
    tours.judged_by(holds_back)
    beside_sessions.show(session_video)
    beside_sessions.show(session_attendance)
    beside_sessions.show(session_registration)
    beside_sessions.show(session_week)
    beside_registrations.show(registration_week)
    post.written_by(registration.WRITER, text_for)
    post.written_by(myweek.WRITER, myweek.text_for)
    spoken.spoken_by(myweek.SPEAKER, myweek.told_for)
    spoken.wanted_by(myweek.names_of, Q(leave_bells__isnull=False))
    visits.carry_too(myweek.carry_over)
    visits.withdrawn_too(myweek.delete_minutes)
    viewing.noted_by(myweek.hear)
    mine.connect()
    arrivals.also_count(doors.walked_in)
    checkin.spelled_by(tongue.initials_of)
    beside_sessions.show(session_talk)
    beside_channels.show(channel_talk)
    beside_exhibits.show(exhibit_tools)
    beside_exhibits.show(exhibit_questions)
    beside_exhibits.show(exhibit_about)
    beside_sessions.show(session_exhibits)
    beside_sessions.show(session_place)
    beside_sessions.show(session_feedback)
    places.rooms_in(ChannelRooms())
    files.seen_by(office.may_see_file)
    editions.cloned_too(live.clone_sources)
    if settings.NATS_URL:
        bus.made_by(partial(NatsBus, settings.NATS_URL))


def exhibits_changed(event: ExhibitsChanged) -> None:
    exhibition.settle_release(event.ids)
    search.refresh("exhibit", event.ids)
    settle_tours(tour_queries.tours_with(event.ids))
    tours.tell_screens(editions_of(event.tags))


def activities_changed(event: ActivitiesChanged) -> None:
    programme.settle_release(event.ids)
    search.refresh("activity", event.ids)
    # A recording may be seen no earlier than its session.
    recordings_changed_ids(live_queries.recordings_of_activities(event.ids))
    settle_tours(tour_queries.tours_with((), event.ids))
    # A session of it may be new, or gone.
    registration.tell_change(timezone.now(), activities=event.ids)


def tours_changed(event: ToursChanged) -> None:
    settle_tours(event.ids)
    tours.tell_screens(editions_of(event.tags))


def settle_tours(ids: Collection[int]) -> None:
    """Their files, and whether they are found, follow them and what they lead to."""
    if ids:
        tours.settle_release(ids)
        search.refresh("tour", ids)


def launch_moves(kind: str, ids: Sequence[int]) -> None:
    """In the transaction that moves the launch: the index opens and hides by the same moment. News, which follows, does
    the rest again."""
    search.refresh(kind, ids)


def session_changed(event: SessionChanged) -> None:
    """Whoever is registered, or has kept it, is told by mail; twice is once."""
    registration.tell_change(timezone.now(), sessions=event.ids)
    myweek.tell_change(event.ids, timezone.now())


def admissions_changed(event: RowsChanged) -> None:
    """A quota may have grown: who waits moves up."""
    if event.kind == "registration.admission":
        registration.promote_admissions(event.ids, timezone.now())


def questions_changed(event: QuestionsChanged) -> None:
    """Its tags drop the pages of the exhibits; there is nothing else that shows a question."""


def channel_changed(event: ChannelChanged) -> None:
    live.settle_posters(event.ids)
    live.write_access(channels=event.keys)


def feeds_changed(event: FeedsChanged) -> None:
    live.write_push_marks(event.ids)


def recordings_changed(event: RecordingsChanged) -> None:
    recordings_changed_ids(event.ids)


def recordings_changed_ids(ids: Collection[int]) -> None:
    if not ids:
        return
    live.settle_release(ids)
    live.write_access(recordings=ids)
    search.refresh("recording", ids)


#: Rows that screens show something of, beside exhibits and tours.
ON_SCREENS = frozenset({"editions.edition", "editions.zone", "editions.hall", "tours.kiosk"})


def rows_changed(event: RowsChanged) -> None:
    rows_settled(event)
    if event.kind in ON_SCREENS:
        tours.tell_screens(editions_of(event.tags))


def rows_settled(event: RowsChanged) -> None:
    if event.kind == "editions.edition":
        for edition_id in event.ids:
            editions.settle_release(edition_id)
            exhibition.settle_edition(edition_id)
            programme.settle_edition(edition_id)
            live.settle_edition(edition_id)
            tours.settle_edition(edition_id)
            pages.settle_edition(edition_id)
            live.write_access()
            search.refresh_edition(edition_id)
    elif event.kind.startswith("media."):
        masters_changed(event)
    elif event.kind == "pages.page":
        pages.settle_release(event.ids)
        search.refresh("article", event.ids)
    elif event.kind.startswith("live."):
        video_gone(event)
    elif event.kind == "accounts.organisation":
        search.refresh("organisation", event.ids)
    elif event.kind == "editions.venue":
        editions.settle_venues(event.ids)
        search.refresh("venue", event.ids)
    elif event.kind in {"exhibition.field", "editions.zone", "editions.hall"}:
        search.refresh("exhibit", exhibits.touched_by(event.kind, event.ids))
    elif event.kind == "programme.person":
        search.refresh("activity", activities.with_speakers(event.ids))


def masters_changed(event: RowsChanged) -> None:
    if event.kind == "media.attachment":
        deriving.note(event.ids)
    elif event.kind == "media.derived":
        scene_panoramas.panoramas_made(event.ids)


def video_gone(event: RowsChanged) -> None:
    """Of these, rows are told of only when they were taken away."""
    if event.kind == "live.channel":
        live.settle_posters(event.ids)
        live.write_access()
        audience.forget_places(ChannelRooms.name, event.ids)
    elif event.kind == "live.feed":
        live.write_push_marks(event.ids)
    elif event.kind == "live.recording":
        recordings_changed_ids(event.ids)

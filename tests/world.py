"""A small world: one open edition with Beijing (and a park below it) and Zhengzhou, another edition, one in
planning; live, draft and embargoed things in each, so that a leak has something to leak."""

import datetime as dt
import io
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.images import ImageFile
from django.utils import timezone
from PIL import Image
from wagtail.models import Collection, Locale, Page, Site

from everhall.accounts.models import Organisation, User
from everhall.calls.models import Call, CallVenue, Criterion, Question, Remark, Submission
from everhall.editions.models import Edition, Hall, Stage, Venue, Zone
from everhall.exhibition import services as exhibition
from everhall.exhibition.models import Exhibit, ExhibitPicture, Field
from everhall.feedback.models import Feedback
from everhall.live.models import Channel, Feed, Recording, RunningOrderItem
from everhall.media.models import Picture
from everhall.pages.models import ArticlePage, ColumnPage, EditionPage
from everhall.programme.models import Activity, ActivityHost, Person, Session, SessionSpeaker
from everhall.proposals.models import Proposal
from everhall.search import services as search
from everhall.tours.models import GroupWalk, Kiosk, MadeStop, MadeTour, Stop, Tour

#: A word that stands in everything that visitors must not see.
SECRET = "绝密样机"
SECRET_EN = "Topsecretprototype"


@dataclass
class World:
    editions: dict[str, Edition] = field(default_factory=dict)
    venues: dict[str, Venue] = field(default_factory=dict)
    zones: dict[str, Zone] = field(default_factory=dict)
    stages: dict[str, Stage] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    exhibits: dict[str, Exhibit] = field(default_factory=dict)
    activities: dict[str, Activity] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    pages: dict[str, Any] = field(default_factory=dict)
    feeds: dict[str, Any] = field(default_factory=dict)
    channels: dict[str, Any] = field(default_factory=dict)
    recordings: dict[str, Any] = field(default_factory=dict)
    tours: dict[str, Tour] = field(default_factory=dict)
    kiosks: dict[str, Kiosk] = field(default_factory=dict)
    calls: dict[str, Any] = field(default_factory=dict)

    def user(self, email: str, **kwargs: Any) -> User:
        return User.objects.create_user(email, "a long enough password", **kwargs)


def picture(title: str, colour: str = "#336699", size: tuple[int, int] = (640, 480)) -> Picture:
    """A small real PNG."""
    data = io.BytesIO()
    Image.new("RGB", size, colour).save(data, "PNG")
    data.seek(0)
    return Picture.objects.create(title=title, file=ImageFile(data, name=f"{title}.png"), width=size[0], height=size[1])


def ground() -> None:
    """What Wagtail's migrations make and a transactional test before this one may have flushed."""
    Locale.objects.get_or_create(language_code="zh-hans")
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")
    if Page.get_first_root_node() is None:
        ContentType.objects.clear_cache()
        Page.add_root(title="Root", slug="root")


def build() -> World:
    ground()
    w = World()
    for code, year, state, current in (
        ("2021", 2021, "open", True), ("2020", 2020, "archived", False), ("2030", 2030, "planning", False),
    ):
        w.editions[code] = Edition.objects.create(
            code=code, year=year, name_zh=f"{year}年双创周", name_en=f"Innovation Week {year}",
            theme_zh="高质量创新创造" if code == "2021" else "", theme_en="Quality" if code == "2021" else "",
            starts_on=dt.date(year, 10, 19), ends_on=dt.date(year, 10, 25), state=state, is_current=current,
        )
    build_venues(w)
    w.organisations["skylark"] = Organisation.objects.create(
        code="skylark", name_zh="云雀翼行", name_en="Skylark Wings", is_sample=True
    )
    w.organisations["hidden"] = Organisation.objects.create(
        code="hidden", name_zh=f"{SECRET}公司", name_en=f"{SECRET_EN} Ltd"
    )
    Field.objects.create(code="drones", name_zh="无人机", name_en="Drones", order=1)
    Field.objects.create(code="ai", name_zh="人工智能", name_en="AI", order=2)
    build_exhibits(w)
    build_programme(w)
    build_pages(w)
    build_live(w)
    build_tours(w)
    build_calls(w)
    return w


def build_calls(w: World) -> None:
    """A public call with a submission that nobody outside may see; a call in draft; one of an edition in planning."""
    now = timezone.now()
    for code, edition, venue, zh, en, state in (
        ("cloud", "2021", "beijing", "云上展项征集", "Call for exhibits", "announced"),
        ("secret", "2021", "beijing", f"{SECRET}征集", f"{SECRET_EN} call", "draft"),
        ("planned", "2030", "beijing-2030", f"{SECRET}筹备征集", f"{SECRET_EN} planned call", "announced"),
    ):
        w.calls[code] = call = Call.objects.create(
            edition=w.editions[edition], code=code, name_zh=zh, name_en=en, text_zh=zh, text_en=en, state=state,
            opens_at=now - dt.timedelta(days=5), closes_at=now + dt.timedelta(days=5),
        )
        CallVenue.objects.create(call=call, venue=w.venues[venue])
        Question.objects.create(call=call, text_zh=f"{zh}的问题", text_en=f"Question of {en}")
        Criterion.objects.create(call=call, text_zh=f"{zh}的标准", text_en=f"Criterion of {en}")
    row = Submission.objects.create(
        call=w.calls["cloud"], venue=w.venues["beijing"], organisation=w.organisations["hidden"], subject_kind="exhibit",
        subject_id=w.exhibits["draft-bj"].pk, title_zh=f"{SECRET}申报", title_en=f"{SECRET_EN} submission", state="submitted",
        begun_at=now, changed_at=now, submitted_at=now,
    )
    Remark.objects.create(submission=row, text=f"{SECRET}备注 {SECRET_EN} remark", at=now, from_desk=True)
    build_proposals(w)


def build_proposals(w: World) -> None:
    """A call for activities with a proposal that nobody outside may see, and what somebody wrote of a public session."""
    now = timezone.now()
    call = Call.objects.create(
        edition=w.editions["2021"], code="activities", kind="activity", name_zh="活动征集", name_en="Call for activities", state="announced",
        opens_at=now - dt.timedelta(days=5), closes_at=now + dt.timedelta(days=5),
    )
    w.calls["activities"] = call
    CallVenue.objects.create(call=call, venue=w.venues["beijing"], closes_at=now + dt.timedelta(days=2))
    hidden = f"{SECRET}申报活动 {SECRET_EN} proposal"
    proposal = Proposal.objects.create(
        organisation=w.organisations["hidden"], data={"name_zh": hidden, "purpose_zh": hidden, "s1.name_zh": SECRET}, name_zh=hidden,
        begun_at=now, changed_at=now,
    )
    Submission.objects.create(
        call=call, venue=w.venues["beijing"], organisation=w.organisations["hidden"], subject_kind="activity", subject_id=proposal.pk,
        title_zh=hidden, title_en=SECRET_EN, state="submitted", begun_at=now, changed_at=now, submitted_at=now,
    )
    for session in w.sessions.values():
        for _n in range(5):
            Feedback.objects.create(
                session=session, rating=3, words=f"{SECRET}意见 {SECRET_EN} words", closes_at=now, words_until=now.date()
            )


def build_and_index() -> World:
    """A test's transaction never commits, so the news that fills the index is not told in it."""
    made = build()
    search.rebuild()
    return made


def build_venues(w: World) -> None:
    for code, edition, parent, kind, zh, en in (
        ("beijing", "2021", None, "permanent", "北京会场", "Beijing venue"),
        ("park-haidian", "2021", "beijing", "sub", "海淀园", "Haidian Park"),
        ("zhengzhou", "2021", None, "main", "郑州主会场", "Zhengzhou main venue"),
        ("beijing-2020", "2020", None, "permanent", "北京会场", "Beijing venue"),
        ("beijing-2030", "2030", None, "permanent", "北京会场", "Beijing venue"),
    ):
        venue = Venue.objects.create(
            edition=w.editions[edition], code=code.partition("-20")[0] if "-20" in code else code,
            parent=w.venues.get(parent or ""), kind=kind, name_zh=zh, name_en=en, order=len(w.venues),
        )
        w.venues[code] = venue
        hall = Hall.objects.create(venue=venue, code="indoor", name_zh="室内展馆", name_en="Indoor hall")
        w.zones[code] = Zone.objects.create(hall=hall, code="a", name_zh="科技自立自强", name_en="Self-reliance")
        w.stages[code] = Stage.objects.create(
            venue=venue, hall=hall, code="main-stage", name_zh="主舞台", name_en="Main stage"
        )


def make_exhibit(w: World, code: str, venue: str, zh: str, en: str, **values: Any) -> Exhibit:
    exhibit = Exhibit.objects.create(
        code=code, name_zh=zh, name_en=en, summary_zh=f"{zh}的简介", summary_en=f"About {en}",
        text_zh=f"<p>{zh}的正文。</p>", text_en=f"<p>Text of {en}.</p>",
        organisation=values.pop("organisation", w.organisations["skylark"]),
        presentation=["object", "board"], seeks=["capital"], first_published_at=timezone.now(),
        **values,
    )
    exhibit.fields.add(Field.objects.get(code="drones"))
    ExhibitPicture.objects.create(exhibit=exhibit, picture=picture(f"cover-{code}"), sort_order=0)
    exhibition.place_exhibit(
        exhibit, w.venues[venue], zone=w.zones[venue], booth=f"A-{len(w.exhibits):02}", order=len(w.exhibits)
    )
    exhibit.save()
    w.exhibits[code] = exhibit
    return exhibit


def build_exhibits(w: World) -> None:
    tomorrow = timezone.now() + dt.timedelta(days=1)
    hidden = w.organisations["hidden"]
    make_exhibit(w, "open-drone", "beijing", "六旋翼巡检无人机", "Hexacopter inspection drone")
    make_exhibit(w, "open-park", "park-haidian", "园区接驳车", "Park shuttle")
    make_exhibit(w, "open-zz", "zhengzhou", "智能纺机", "Smart loom")
    make_exhibit(w, "draft-bj", "beijing", f"{SECRET}草稿", f"{SECRET_EN} draft", live=False, organisation=hidden)
    make_exhibit(w, "draft-zz", "zhengzhou", f"{SECRET}郑州草稿", f"{SECRET_EN} Zhengzhou draft", live=False, organisation=hidden)
    make_exhibit(
        w, "embargoed", "beijing", f"{SECRET}禁发", f"{SECRET_EN} embargoed",
        embargo_until=tomorrow, organisation=hidden,
    )
    make_exhibit(w, "other-edition", "beijing-2020", "往届展项", "Exhibit of another edition")
    make_exhibit(w, "planned", "beijing-2030", f"{SECRET}筹备", f"{SECRET_EN} planned", organisation=hidden)


def make_activity(w: World, code: str, venue: str, zh: str, en: str, hour: int, **values: Any) -> Activity:
    place = w.venues[venue]
    activity = Activity.objects.create(
        edition=place.edition, venue=place, code=code, kind="forum", name_zh=zh, name_en=en,
        summary_zh=f"{zh}的简介", summary_en=f"About {en}", text_zh=f"<p>{zh}</p>", text_en=f"<p>{en}</p>",
        first_published_at=timezone.now(), **values,
    )
    host = w.organisations["skylark" if SECRET not in zh else "hidden"]
    ActivityHost.objects.create(activity=activity, organisation=host, sort_order=0)
    start = dt.datetime(place.edition.year, 10, 20, hour, tzinfo=place.zone_of_time)
    session = Session.objects.create(
        activity=activity, code=f"{code}-1", name_zh=zh, name_en=en, stage=w.stages[venue],
        starts_at=start, ends_at=start + dt.timedelta(hours=1), status="confirmed", relay=True,
    )
    person, _ = Person.objects.get_or_create(
        code=f"speaker-{code}", defaults={"name_zh": "示例讲者", "name_en": "Sample Speaker", "title_zh": "示例", "title_en": "Sample"}
    )
    SessionSpeaker.objects.create(session=session, person=person, sort_order=0)
    w.activities[code], w.sessions[code] = activity, session
    return activity


def build_programme(w: World) -> None:
    tomorrow = timezone.now() + dt.timedelta(days=1)
    make_activity(w, "open-forum", "beijing", "低空经济论坛", "Low-altitude forum", 9)
    make_activity(w, "zz-forum", "zhengzhou", "中原制造论坛", "Zhengzhou manufacturing forum", 9)
    make_activity(w, "draft-forum", "beijing", f"{SECRET}论坛草稿", f"{SECRET_EN} forum draft", 11, live=False)
    make_activity(w, "embargoed-forum", "beijing", f"{SECRET}论坛", f"{SECRET_EN} forum", 13, embargo_until=tomorrow)
    make_activity(w, "other-forum", "beijing-2020", "往届论坛", "Forum of another edition", 9)
    make_activity(w, "planned-forum", "beijing-2030", f"{SECRET}筹备论坛", f"{SECRET_EN} planned forum", 9)


def build_live(w: World) -> None:
    """Cloud video: one public channel and recording; names of feeds, and everything of the others, are secret."""
    tomorrow = timezone.now() + dt.timedelta(days=1)
    for code, venue in (("bj-cam", "beijing"), ("zz-cam", "zhengzhou"), ("other-cam", "beijing-2020"), ("planned-cam", "beijing-2030")):
        w.feeds[code] = Feed.objects.create(
            edition=w.venues[venue].edition, venue=w.venues[venue], stage=w.stages[venue], code=code, kind="test",
            name_zh=f"{SECRET}机位", name_en=f"{SECRET_EN} camera",
        )
    for code, venue, zh, en, values in (
        ("bj-main", "beijing", "北京主频道", "Beijing main channel", {"poster": picture("poster-bj-main")}),
        ("private", "beijing", f"{SECRET}频道", f"{SECRET_EN} channel", {"public": False}),
        ("later", "beijing", f"{SECRET}后续频道", f"{SECRET_EN} later channel", {"public_from": tomorrow}),
        ("closed", "zhengzhou", f"{SECRET}停用频道", f"{SECRET_EN} closed channel", {"enabled": False}),
        ("other-channel", "beijing-2020", "往届频道", "Channel of another edition", {}),
        ("planned-channel", "beijing-2030", f"{SECRET}筹备频道", f"{SECRET_EN} planned channel", {}),
    ):
        place = w.venues[venue]
        w.channels[code] = Channel.objects.create(edition=place.edition, venue=place, code=code, name_zh=zh, name_en=en, **values)
    for code, venue, session, values in (
        ("open", "beijing", "open-forum", {"poster": picture("poster-open")}),
        ("film", "zhengzhou", None, {}),
        ("of-draft", "beijing", "draft-forum", {}),
        ("of-embargoed", "beijing", "embargoed-forum", {}),
        ("embargoed", "beijing", None, {"embargo_until": tomorrow, "poster": picture("poster-embargoed")}),
        ("withheld", "beijing", None, {"state": "withheld"}),
        ("in-review", "beijing", "zz-forum", {"state": "review"}),
        ("other", "beijing-2020", "other-forum", {}),
        ("planned", "beijing-2030", "planned-forum", {}),
    ):
        place, names = w.venues[venue], {"open": ("低空论坛录像", "Low-altitude forum, recorded"), "film": ("中原短片", "A film from Zhengzhou"), "other": ("往届录像", "Recording of another edition")}
        zh, en = names.get(code, (f"{SECRET}录像{code}", f"{SECRET_EN} recording {code}"))
        w.recordings[code] = made = Recording.objects.create(**{
            "edition": place.edition, "venue": place, "session": w.sessions[session] if session else None, "title_zh": zh,
            "title_en": en, "starts_at": timezone.now() - dt.timedelta(hours=3), "ends_at": timezone.now() - dt.timedelta(hours=2),
            "state": "published", "published_at": timezone.now() - dt.timedelta(hours=1), "duration": 3600.0,
            "feed": w.feeds["planned-cam" if venue == "beijing-2030" else "bj-cam"], **values,
        })
        made.fields.add(Field.objects.get(code="drones"))
    items = (
        ("slate", {"title_zh": "开场画面", "title_en": "Opening picture"}),
        ("live", {"feed": w.feeds["bj-cam"], "session": w.sessions["embargoed-forum"], "title_zh": f"{SECRET}直播", "title_en": f"{SECRET_EN} live"}),
        ("recording", {"recording": w.recordings["embargoed"]}),
        ("recording", {"recording": w.recordings["withheld"], "title_zh": f"{SECRET}重播", "title_en": f"{SECRET_EN} again"}),
        ("relay", {"other": w.channels["private"]}),
        ("live", {"feed": w.feeds["zz-cam"]}),
        ("live", {"feed": w.feeds["bj-cam"], "session": w.sessions["open-forum"]}),
    )
    for number, (kind, values) in enumerate(items):
        RunningOrderItem.objects.create(
            channel=w.channels["bj-main"], sort_order=number, kind=kind, duration=600,
            starts_at=timezone.now() - dt.timedelta(minutes=5) if number == 0 else None, **values,
        )


def make_tour(w: World, code: str, venue: str, zh: str, en: str, stops: list[tuple[dict[str, Any], str]], **values: Any) -> Tour:
    """`stops`: what each leads to, and what is said there."""
    place = w.venues[venue]
    tour = Tour.objects.create(
        edition=place.edition, venue=place, code=code, name_zh=zh, name_en=en, summary_zh=f"{zh}的简介", summary_en=f"About {en}",
        first_published_at=timezone.now(), **values,
    )
    for number, (leads_to, said) in enumerate(stops):
        Stop.objects.create(tour=tour, sort_order=number, narration_zh=f"{said}的讲解", narration_en=f"Narration {said}", minutes=4, **leads_to)
    w.tours[code] = tour
    return tour


def build_tours(w: World) -> None:
    """Tours of which hidden stops are part, tours that are hidden, a visitor's tour, a group and screens."""
    tomorrow, x = timezone.now() + dt.timedelta(days=1), w.exhibits
    hidden = f"{SECRET} {SECRET_EN}"
    make_tour(w, "open-tour", "beijing", "半小时导览", "Half an hour", [
        ({"exhibit": x["open-drone"]}, "无人机"), ({"exhibit": x["embargoed"]}, hidden), ({"exhibit": x["draft-bj"]}, hidden),
        ({"session": w.sessions["open-forum"]}, "论坛"), ({"session": w.sessions["draft-forum"]}, hidden),
        ({"session": w.sessions["embargoed-forum"]}, hidden), ({"exhibit": x["other-edition"]}, hidden),
        ({"hall": Hall.objects.get(venue=w.venues["beijing"]), "booth": "A-00"}, "展位"), ({"exhibit": x["open-zz"]}, "纺机"),
    ])  # fmt: skip
    seen = [({"exhibit": x["open-drone"]}, hidden)]
    make_tour(w, "draft-tour", "beijing", f"{SECRET}导览草稿", f"{SECRET_EN} draft tour", seen, live=False)
    make_tour(w, "embargoed-tour", "beijing", f"{SECRET}导览", f"{SECRET_EN} tour", seen, embargo_until=tomorrow)
    make_tour(w, "empty-tour", "beijing", f"{SECRET}空导览", f"{SECRET_EN} empty tour", [({"exhibit": x["embargoed"]}, hidden)])
    make_tour(w, "other-tour", "beijing-2020", "往届导览", "Tour of another edition", [({"exhibit": x["other-edition"]}, "往届")])
    make_tour(w, "planned-tour", "beijing-2030", f"{SECRET}筹备导览", f"{SECRET_EN} planned tour", [({"exhibit": x["planned"]}, hidden)])
    for code, venue, kind, values in (
        ("zones", "beijing", "zones", {}), ("wall", "beijing", "wall", {}), ("hour", "beijing", "hour", {}),
        ("tour", "beijing", "tour", {"tour": w.tours["open-tour"]}), ("hidden-tour", "beijing", "tour", {"tour": w.tours["draft-tour"]}),
        ("planned", "beijing-2030", "zones", {}),
    ):
        secret = code == "planned"
        w.kiosks[code] = Kiosk.objects.create(
            venue=w.venues[venue], code=code, kind=kind, name_zh=f"{SECRET}展屏" if secret else f"展屏{code}", name_en=f"{SECRET_EN} screen" if secret else f"Screen {code}", **values
        )
    for code, tour in (("2021", "open-tour"), ("2030", "planned-tour")):
        made = MadeTour.objects.create(
            edition=w.editions[code], key=f"made{code}", secret_hash="0" * 64, title=f"{SECRET}" if code == "2030" else "我的导览",
            made_at=timezone.now(), visited_at=timezone.now(),
        )
        for order, exhibit in enumerate(("open-drone", "embargoed", "draft-bj", "open-zz")):
            MadeStop.objects.create(tour=made, exhibit=x[exhibit], order=order, note=hidden if exhibit not in {"open-drone", "open-zz"} else "我的批注")
        GroupWalk.objects.create(
            edition=w.editions[code], tour=w.tours[tour], code=f"walk{code}", key=f"walk{code}", secret_hash="0" * 64, opened_at=timezone.now(), moved_at=timezone.now()
        )


def build_pages(w: World) -> None:
    root = Page.get_first_root_node()
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "port": 80, "root_page": root, "site_name": "Everhall"},
    )
    root.get_children().filter(slug="home").delete()
    root = Page.objects.get(pk=root.pk)
    for code in ("2021", "2030"):
        edition = w.editions[code]
        home = root.add_child(
            instance=EditionPage(
                edition=edition, slug=code, title=edition.name_zh, title_en=edition.name_en,
                first_published_at=timezone.now(),
            )
        )
        column = home.add_child(
            instance=ColumnPage(kind="policy", slug="policy", title="政策解读", title_en="Policy")
        )
        w.pages[f"home-{code}"], w.pages[f"column-{code}"] = home, column
        hidden = code == "2030"
        w.pages[f"article-{code}"] = make_article(
            column, "open", f"{SECRET}筹备文章" if hidden else "政策问答", f"{SECRET_EN} planned article" if hidden else "Policy questions"
        )
        w.pages[f"draft-{code}"] = make_article(column, "draft", f"{SECRET}文章草稿", f"{SECRET_EN} article draft", live=False)


def make_article(column: ColumnPage, slug: str, zh: str, en: str, **values: Any) -> ArticlePage:
    return column.add_child(
        instance=ArticlePage(
            slug=slug, title=zh, title_en=en, summary_zh=f"{zh}的简介", summary_en=f"About {en}",
            date=dt.date(2021, 10, 20), cover=picture(f"article-{slug}-{column.pk}"),
            body_zh=[("paragraph", f"<p>{zh}的正文</p>")], body_en=[("paragraph", f"<p>Text of {en}</p>")],
            first_published_at=timezone.now(), **values,
        )
    )

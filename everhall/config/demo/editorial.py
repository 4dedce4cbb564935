"""Editorial pages of the demo: home, four columns with articles, standing pages."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Site

from everhall.config.demo.frame import DEMO_EDITION, document
from everhall.editions.models import Edition
from everhall.exhibition.models import Exhibit
from everhall.media.models import Picture
from everhall.pages.models import ArticlePage, ColumnPage, EditionPage, StandardPage
from everhall.pages.services import open_to_editors
from everhall.programme.models import Session

COLUMNS = (
    ("promotion", "宣传推介", "Promotion", "各会场的看点、人物与现场。", "What each venue shows, who is behind it, and what it is like to be there."),
    ("policy", "政策解读", "Policy interpretation", "把政策讲清楚：适用于谁，怎么办理，何时截止。", "Policies made clear: whom they concern, how to apply, by when."),
    ("science", "科普知识", "Science", "展项背后的原理，从一张图、一个实验讲起。", "The principles behind the exhibits, beginning with one picture or one experiment."),
    ("experience", "经验分享", "Experience", "创业者、孵化器和会场团队的一手经验。", "First-hand experience of founders, incubators and venue teams."),
)


class Editor:
    """Turns the demo's JSON blocks into StreamField values."""

    def __init__(self) -> None:
        edition = Edition.objects.get(code=DEMO_EDITION)
        self.exhibits = dict(Exhibit.objects.values_list("code", "pk"))
        self.sessions = dict(Session.objects.filter(edition=edition).values_list("code", "pk"))

    def blocks(self, given: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
        return [made for block in given if (made := self.block(block)) is not None]

    def block(self, block: Mapping[str, Any]) -> dict[str, Any] | None:
        kind, value = block["type"], block["value"]
        if kind == "exhibit":
            value = self.exhibits.get(value)
        elif kind == "session":
            value = self.sessions.get(value)
        elif kind in {"figures", "timeline"}:
            value = list(value)
        return {"type": kind, "value": value} if value is not None else None


@transaction.atomic
def load_pages() -> None:
    """Make or renew all editorial pages of the demo."""
    home = load_home(Edition.objects.get(code=DEMO_EDITION))
    root = home.get_parent()
    open_to_editors(home)
    columns = {kind: load_column(home, kind, *texts) for kind, *texts in COLUMNS}
    editor = Editor()
    for article in document("articles.json"):
        load_article(columns[article["column"]], article, editor)
    for page in document("pages.json"):
        load_standing(root, page, editor)


def site(root: Page) -> None:
    """Wagtail's welcome page goes; the root itself is the site's root: editions stand at /2021/."""
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "port": 80, "root_page": root, "site_name": "Everhall"},
    )
    for page in root.get_children().filter(slug="home", title="Welcome to your new Wagtail site!"):
        page.delete()
    Site.clear_site_root_paths_cache()


def load_home(edition: Edition) -> EditionPage:
    """The edition's home, below the root of the site, which is made where there is none."""
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    site(root)
    home: EditionPage | None = EditionPage.objects.filter(edition=edition).first()
    if home is None:
        home = root.add_child(
            instance=EditionPage(
                edition=edition, slug=edition.code, title=edition.name_zh, title_en=edition.name_en,
                summary_zh=edition.theme_zh, summary_en=edition.theme_en,
                first_published_at=timezone.now(),
            )
        )
    return home


def load_column(
    home: EditionPage, kind: str, zh: str, en: str, summary_zh: str, summary_en: str
) -> ColumnPage:
    column: ColumnPage | None = ColumnPage.objects.child_of(home).filter(kind=kind).first()
    if column is None:
        column = home.add_child(
            instance=ColumnPage(
                kind=kind, slug=kind, title=zh, title_en=en, summary_zh=summary_zh,
                summary_en=summary_en, first_published_at=timezone.now(),
            )
        )
    return column


def load_article(column: ColumnPage, given: Mapping[str, Any], editor: Editor) -> None:
    article = ArticlePage.objects.child_of(column).filter(slug=given["slug"]).first() or ArticlePage(
        slug=given["slug"]
    )
    article.title, article.title_en = given["title_zh"], given["title_en"]
    article.summary_zh, article.summary_en = given["summary_zh"], given["summary_en"]
    article.author_zh, article.author_en = given["author_zh"], given["author_en"]
    article.date = dt.date.fromisoformat(given["date"])
    article.is_sample = given["sample"]
    article.cover = Picture.objects.filter(code=f"article-{given['slug']}").first()
    set_bodies(article, given, editor)
    store(article, column)


def load_standing(root: Page, given: Mapping[str, Any], editor: Editor) -> None:
    page = StandardPage.objects.child_of(root).filter(slug=given["slug"]).first() or StandardPage(
        slug=given["slug"]
    )
    page.title, page.title_en = given["title_zh"], given["title_en"]
    page.summary_zh = given.get("summary_zh", "")
    page.summary_en = given.get("summary_en", "")
    page.is_sample = bool(given.get("sample"))
    set_bodies(page, given, editor)
    store(page, root)


def set_bodies(page: Any, given: Mapping[str, Any], editor: Editor) -> None:
    for name in ("body_zh", "body_en"):
        field = page._meta.get_field(name)
        setattr(page, name, field.stream_block.to_python(editor.blocks(given[name])))


def store(page: Any, parent: Page) -> None:
    if page.pk is None:
        page.first_published_at = timezone.now()
        parent.add_child(instance=page)
    else:
        page.save()

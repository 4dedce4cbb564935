"""Editorial pages: the edition's editors work on them, venue teams see no draft of theirs."""

import pytest
from wagtail.models import Page

from everhall.pages.models import ColumnPage, EditionPage
from everhall.pages.services import open_to_editors
from tests.desk.places import Week

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def home(week: Week) -> EditionPage:
    root = Page.objects.get(depth=1)
    made = root.add_child(instance=EditionPage(title="首页", slug="2021", edition=week.edition))
    open_to_editors(made)
    made.add_child(instance=ColumnPage(title="秘密栏目", slug="policy", kind="policy", live=False))
    return made


def test_national_organisers_edit_pages_and_venue_teams_do_not_see_drafts(week: Week, home) -> None:
    draft = home.get_children().get()
    for name, may in (("national", True), ("bj-organiser", False), ("bj-editor", False)):
        client = week.client(name)
        for where in (f"/admin/pages/{home.pk}/", f"/admin/choose-page/{home.pk}/"):
            text = client.get(where, follow=True).content.decode("unicode_escape", "ignore")
            raw = client.get(where, follow=True).content.decode()
            assert ("秘密栏目" in raw or "\\u79d8\\u5bc6" in raw or "秘密栏目" in text) == may, (name, where)
        answer = client.get(f"/admin/pages/{draft.pk}/edit/")
        assert (answer.status_code == 200) == may
        assert (client.get(f"/admin/pages/{draft.pk}/view_draft/").status_code == 200) == may


def test_a_page_goes_through_the_editorial_workflow(week: Week, home) -> None:
    page = home.get_children().get().specific
    page.save_revision(user=week.users["national"])
    state = page.get_workflow().start(page, week.users["national"])
    task = state.current_task_state.task.specific
    assert task.get_actions(page, week.users["national"])
    assert not task.get_actions(page, week.users["bj-organiser"])
    task.on_action(state.current_task_state, week.users["national"], "approve")
    page.refresh_from_db()
    assert page.live


def test_an_article_or_home_is_previewed_in_both_languages(week: Week, home, rf) -> None:
    from wagtail.models import Site

    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "root_page": Page.objects.get(depth=1)}
    )
    home.title_en = "Home in English"
    for mode, words in (("zh-hans", 'lang="zh'), ("en", 'lang="en"')):
        response = home.make_preview_request(preview_mode=mode)
        assert words in response.content.decode()

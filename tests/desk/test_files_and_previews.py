"""Pictures lie in the drawers of venues; drafts are shown as visitors would see them; editions are cloned."""

import io
import re

import pytest
from django.core.files.images import ImageFile
from django.core.management import CommandError, call_command
from django.http import Http404
from django.test import Client
from django.urls import reverse
from PIL import Image

from everhall.editions import services
from everhall.editions.models import Edition
from everhall.exhibition.models import Exhibit
from everhall.media.models import Attachment, Picture
from everhall.programme.models import Activity
from tests.desk.places import Week
from tests.desk.test_work import exhibit_data, url

#: Wagtail leaves the spooled files of renditions to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def picture(week: Week, code: str) -> Picture:
    data = io.BytesIO()
    Image.new("RGB", (64, 48), "#336699").save(data, "PNG")
    data.seek(0)
    return Picture.objects.create(
        title=f"picture-{code}", file=ImageFile(data, name=f"{code}.png"), width=64, height=48,
        collection=services.collection_of(week.venues[code]),
    )


def test_pictures_of_other_venues_are_neither_listed_nor_chosen_nor_changed(week: Week) -> None:
    mine, below, theirs = (picture(week, code) for code in ("beijing", "park-haidian", "zhengzhou"))
    client = week.client("bj-editor")
    for where in (reverse("wagtailimages:index"), reverse("wagtailimages_chooser:choose")):
        text = client.get(where).content.decode()
        assert "picture-beijing" in text
        assert "picture-park-haidian" in text
        assert "picture-zhengzhou" not in text
        thumbnail = re.search(r'(/images/[^"\\/]+=/\d+/[^"\\]+)', text)
        assert thumbnail
        assert client.get(thumbnail[1]).status_code == 200
        assert Client().get(thumbnail[1]).status_code == 404
    assert client.get(reverse("wagtailimages:edit", args=[mine.pk])).status_code == 200
    for name in ("edit", "delete", "url_generator", "preview"):
        args = [theirs.pk, "width-100"] if name == "preview" else [theirs.pk]
        assert client.get(reverse(f"wagtailimages:{name}", args=args)).status_code in {302, 403, 404}
    assert below.collection.path.startswith(mine.collection.path)


def test_a_picture_out_of_reach_cannot_be_put_into_an_exhibit_by_forging(week: Week) -> None:
    from wagtail.test.utils.form_data import inline_formset

    theirs, row = picture(week, "zhengzhou"), week.rows["exhibit", "beijing"]
    forged = inline_formset([{"picture": theirs.pk, "caption_zh": "", "caption_en": ""}])
    week.client("bj-editor").post(url(Exhibit, "edit", row), exhibit_data(code=row.code, pictures=forged))
    assert not Exhibit.objects.get(pk=row.pk).get_latest_revision_as_object().pictures.exists()
    own = inline_formset([{"picture": picture(week, "beijing").pk, "caption_zh": "", "caption_en": ""}])
    week.client("bj-editor").post(url(Exhibit, "edit", row), exhibit_data(code=row.code, pictures=own))
    assert Exhibit.objects.get(pk=row.pk).get_latest_revision_as_object().pictures.count() == 1


@pytest.mark.parametrize("kind", ["exhibit", "activity"])
def test_a_draft_is_previewed_in_both_languages(week: Week, kind: str) -> None:
    from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

    row = week.rows[kind, "beijing"]
    where = url(type(row), "preview_on_edit", row)
    data = exhibit_data(code=row.code, name_zh="未存之稿", name_en="Unsaved draft")
    if kind == "activity":
        data = nested_form_data(
            {
                "code": row.code, "venue": row.venue_id, "kind": "forum", "mode": "both",
                "name_zh": "未存之稿", "name_en": "Unsaved draft", "text_zh": rich_text(""),
                "text_en": rich_text(""), "hosts": inline_formset([]),
            }
        )
    client = week.client("bj-editor")
    assert client.post(where, data).json() == {"is_valid": True, "is_available": True}
    chinese = client.get(where, {"mode": "zh-hans"}).content.decode()
    english = client.get(where, {"mode": "en"}).content.decode()
    assert "未存之稿" in chinese
    assert 'lang="zh' in chinese
    assert "Unsaved draft" in english
    assert 'lang="en"' in english
    row.refresh_from_db()
    assert row.name_zh != "未存之稿"


def test_an_unreleased_document_is_not_served(week: Week, rf) -> None:
    from everhall.media.wagtail_hooks import only_released

    request = rf.get("/")
    request.user = week.users["nobody"]
    with pytest.raises(Http404):
        only_released(Attachment(title="secret"), request)
    request.user = week.users["bj-editor"]
    assert only_released(Attachment(title="secret"), request) is None


def test_the_command_clones_an_edition_and_says_what_is_wrong(week: Week, capsys) -> None:
    call_command("clone-edition", "2021", "2022", "--starts-on", "2022-09-15")
    assert "2022" in capsys.readouterr().out
    assert Edition.objects.get(code="2022").venues.count() == 3
    for wrong in (["1999", "2023"], ["2021", "2022"]):
        with pytest.raises(CommandError) as refused:
            call_command("clone-edition", *wrong, "--starts-on", "2022-09-15")
        assert refused.value.returncode == 2
    assert Activity.objects.filter(edition__code="2022").count() == 0

"""The office of a sample organisation: an owner, a member, and a draft that is nearly complete.

Must stay true: all of it says that it is a sample; run again, it changes nothing that somebody has written since.
"""

from everhall.accounts.models import Membership, Organisation, User
from everhall.exhibition.models import Exhibit, ExhibitPicture, Field

OWNER, MEMBER = "owner@everhall.example", "member@everhall.example"
DRAFT = "sample-draft-folding-shelter"


def load_office() -> None:
    """Whose office it is: the organisation of the first exhibit, as for the account of an exhibitor."""
    first = Exhibit.objects.filter(organisation__isnull=False, live=True).order_by("code").first()
    if first is None:
        return
    organisation = Organisation.objects.get(exhibits=first)
    for email, role in ((OWNER, Membership.Role.OWNER), (MEMBER, Membership.Role.MEMBER)):
        user = User.objects.get(email=email)
        Membership.objects.get_or_create(user=user, organisation=organisation, defaults={"role": role})
    if not Exhibit.objects.filter(code=DRAFT).exists():
        write_draft(organisation, first)


def write_draft(organisation: Organisation, shown: Exhibit) -> None:
    """What is still missing: the English sentence, and what it seeks. Its picture is one that the demo has drawn."""
    exhibit = Exhibit(
        code=DRAFT, organisation=organisation, live=False, is_sample=True, maturity="prototype", presentation=["object", "board"],
        name_zh="示例草稿：可折叠的应急帐舱", name_en="Sample draft: a folding emergency shelter",
        summary_zh="两个人五分钟撑开、一辆小货车装得下十套的应急帐舱。",
        text_zh=(
            "<p>这是一份示例草稿，用来展示参展工作室的填写过程，不描述任何真实项目。</p>"
            "<p>帐舱由六块带铰链的蜂窝板组成，展开后形成十二平方米的空间，屋面自带光伏膜，可以为照明和手机充电。板材之间用卡扣连接，"
            "不需要工具。拆开后平放，十套叠在一起高一米四。</p><ul><li>五分钟撑开</li><li>零下二十度可用</li><li>可重复使用五十次</li></ul>"
        ),
        text_en=(
            "<p>This is a sample draft that shows how the office is filled in; it describes no real project.</p>"
            "<p>The shelter is made of six hinged honeycomb boards that open into twelve square metres. Its roof carries a solar film for light "
            "and telephones. The boards click together without tools; taken apart, ten of them lie in a stack of one metre forty.</p>"
        ),
    )
    exhibit.save()
    exhibit.fields.set(list(Field.objects.filter(code__in=("smart-equipment", "new-materials"))))
    cover = ExhibitPicture.objects.filter(exhibit=shown).order_by("sort_order").first()
    if cover is not None:
        exhibit.pictures.add(ExhibitPicture(picture=cover.picture, sort_order=0))
    exhibit.save()
    exhibit.save_revision(user=User.objects.get(email=OWNER))

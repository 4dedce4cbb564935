"""What an article is made of.

Cards of exhibits and sessions keep only which one is meant; whether it may be shown is asked when the page
is rendered (`ArticlePage.get_context`), so that an embargo or a withdrawal reaches articles too.
"""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock


class FigureBlock(blocks.StructBlock):
    picture = ImageChooserBlock(label=_("picture"))
    caption = blocks.CharBlock(label=_("caption"), required=False, max_length=300)

    class Meta:
        icon = "image"
        label = _("figure")
        template = "pages/blocks/figure.html"


class VideoBlock(blocks.StructBlock):
    video = DocumentChooserBlock(label=_("video"))
    poster = ImageChooserBlock(label=_("poster"), required=False)
    caption = blocks.CharBlock(label=_("caption"), required=False, max_length=300)

    class Meta:
        icon = "media"
        label = _("video")
        template = "pages/blocks/video.html"


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("quote"))
    source = blocks.CharBlock(label=_("source"), required=False, max_length=200)

    class Meta:
        icon = "openquote"
        label = _("quote")
        template = "pages/blocks/quote.html"


class NumberBlock(blocks.StructBlock):
    number = blocks.CharBlock(label=_("number"), max_length=30)
    label = blocks.CharBlock(label=_("what it counts"), max_length=120)


class MomentBlock(blocks.StructBlock):
    when = blocks.CharBlock(label=_("when"), max_length=60)
    what = blocks.CharBlock(label=_("what"), max_length=300)


class ArticleBlocks(blocks.StreamBlock):
    """The body of articles and standing pages."""

    paragraph = blocks.RichTextBlock(
        label=_("text"), features=["bold", "link", "ol", "ul"], icon="pilcrow"
    )
    heading = blocks.CharBlock(
        label=_("heading"), icon="title", max_length=120, template="pages/blocks/heading.html"
    )
    figure = FigureBlock()
    gallery = blocks.ListBlock(
        FigureBlock(), label=_("gallery"), icon="image", template="pages/blocks/gallery.html"
    )
    video = VideoBlock()
    quote = QuoteBlock()
    figures = blocks.ListBlock(
        NumberBlock(), label=_("figures"), icon="order", template="pages/blocks/figures.html"
    )
    timeline = blocks.ListBlock(
        MomentBlock(), label=_("timeline"), icon="history", template="pages/blocks/timeline.html"
    )
    exhibit = SnippetChooserBlock(
        "exhibition.Exhibit", label=_("exhibit card"), icon="pick",
        template="pages/blocks/exhibit.html",
    )
    session = SnippetChooserBlock(
        "programme.Session", label=_("session card"), icon="calendar",
        template="pages/blocks/session.html",
    )

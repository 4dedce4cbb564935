"""The cloud exhibition in the desk."""

from wagtail.snippets.models import register_snippet

from everhall.exhibition.models import Exhibit
from everhall.exhibition.preview import preview
from everhall.exhibition.viewsets import ExhibitionGroup

Exhibit.previewed_by = staticmethod(preview)
register_snippet(ExhibitionGroup)

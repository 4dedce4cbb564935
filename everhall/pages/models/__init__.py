"""Editorial pages. They stand on the top floor: nothing imports them."""

from everhall.pages.models.about import About
from everhall.pages.models.article import ArticlePage, ColumnPage
from everhall.pages.models.home import EditionPage
from everhall.pages.models.standing import StandardPage

__all__ = ["About", "ArticlePage", "ColumnPage", "EditionPage", "StandardPage"]

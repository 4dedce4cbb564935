"""What others show on an exhibit's page (`editions.beside`): the heart and the share button (slot "tools"), questions and their
answers ("main"), sessions and articles about it ("band")."""

from typing import Final

from everhall.editions.beside import Pieces
from everhall.exhibition.models import Placement

#: Beside exhibits, asked with the placement that visitors look at.
exhibits: Final[Pieces[Placement]] = Pieces()

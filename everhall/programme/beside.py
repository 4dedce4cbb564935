"""What others show on a session's page: its channel and its recording, who takes part, the exhibits it is about
(`editions.beside`)."""

from typing import Final

from everhall.editions.beside import Beside as Beside
from everhall.editions.beside import Pieces as Pieces
from everhall.programme.models import Session

#: Beside sessions.
sessions: Final[Pieces[Session]] = Pieces()

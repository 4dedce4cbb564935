"""A room's word list, made once for each text it has had."""

import functools

from everhall.audience import rules
from everhall.audience.models import Room
from everhall.engines.simplified import folding


@functools.lru_cache(256)
def _list_of(text: str) -> rules.WordList:
    return rules.WordList(rules.words_of(text), folding().fold)


def words_of(room: Room) -> rules.WordList:
    return _list_of(room.words)

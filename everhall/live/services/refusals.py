"""Why something was not done, as a code for programmes and a sentence for people."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy

from everhall.media import pieces

WORDS: Final[Mapping[str, Any]] = {
    "unknown": gettext_lazy("There is no such feed, channel or recording."),
    "other_edition": gettext_lazy("It belongs to another edition."),
    "closed": gettext_lazy("It is closed or withheld."),
    "not_relayed": gettext_lazy("Its venue does not let it be relayed."),
    "not_public": gettext_lazy("It is not public yet, and this channel is."),
    "own_channel": gettext_lazy("The channel would show itself."),
    "no_item": gettext_lazy("This item is not in the running order of this channel."),
    "empty": gettext_lazy("Write something first."),
    "goes_on": gettext_lazy("The recording still goes on."),
    "being_prepared": gettext_lazy("The recording is still being prepared."),
    "nothing_left": gettext_lazy("Nothing would be left between these two seconds."),
    "no_stretch": gettext_lazy("A recording ends after it begins."),
    "too_large": gettext_lazy("The film is larger than what is accepted here (%(limit)s MB)."),
    "disk_full": gettext_lazy("There is not enough room on the disk for this film."),
    "wrong_offset": gettext_lazy("The piece does not go on where the last one ended."),
    "in_use": gettext_lazy("Another piece of this film is being received."),
    "gone": gettext_lazy("The upload has expired or was taken away."),
    "caption_shape": gettext_lazy("A caption needs a text, a language like zh or en, and an end after its beginning."),
}


class Refused(pieces.Refused):
    """`code` is one of `WORDS`."""

    table = WORDS

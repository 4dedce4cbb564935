"""Why a device or the desk was refused, as a code for the page and a sentence for people."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import pgettext_lazy

from everhall.engines.refusal import Refusal

WORDS: Final[Mapping[str, Any]] = {
    "malformed": pgettext_lazy("door", "This was not understood. Load the page anew; if it stays so, tell the organiser."),
    "link_unknown": pgettext_lazy("door", "This link is none of this site's, or was made anew. Ask at the desk for another."),
    "link_used": pgettext_lazy("door", "This link has been used by a device already. Each device needs one of its own: ask at the desk."),
    "link_ended": pgettext_lazy("door", "This link was good for 15 minutes, which are over. Ask at the desk for another."),
    "unknown_device": pgettext_lazy("door", "The site does not know this device. Enrol it anew: ask at the desk for a link."),
    "unsigned": pgettext_lazy("door", "The site could not check who asks. Enrol this device anew: ask at the desk for a link."),
    "revoked": pgettext_lazy("door", "This device was taken out of service. Its roster has been deleted from it."),
    "repeated": pgettext_lazy("door", "This was asked before. Close other windows of this page and try again."),
    "too_fast": pgettext_lazy("door", "A little slower, please. Try again in a moment."),
    "gone": pgettext_lazy("door", "There is nothing of that kind here."),
    "not_listed": pgettext_lazy("door", "This registration is not on this list."),
    "state": pgettext_lazy("door", "This registration holds no seat any more."),
}
STATUS: Final[Mapping[str, int]] = {
    "link_unknown": 404, "link_used": 409, "link_ended": 410, "unknown_device": 401, "unsigned": 401, "revoked": 410, "repeated": 409,
    "too_fast": 429, "gone": 404,
}  # fmt: skip


class Refused(Refusal):
    """`code` is one of `WORDS`."""

    table = WORDS

    @property
    def status(self) -> int:
        """That of the answer."""
        return STATUS.get(self.code, 400)

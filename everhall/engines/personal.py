"""What is personal, said where it is kept: each model names its personal fields, why they are kept and by which rule they go.

In: nothing. Out: the names of the rules, and the shape of what models say. `config/personal` has what each rule means, the words for
people, and the job that keeps it. What must stay true: a rule that is named here has a job there, and each is used (both are tested).
"""

from collections.abc import Mapping
from typing import Final

#: Field -> what for (English, translated where it is shown), and the rule by which it goes.
Personal = Mapping[str, tuple[str, str]]
#: Field -> why it is of nobody, although it looks as if. `"*"`: all that is plain words; an address, a name or a person never is.
NotPersonal = Mapping[str, str]

ACCOUNT: Final = "account"
INVITATION: Final = "accounts.invitation"
LOGIN: Final = "accounts.login"
AFTERWARDS: Final = "admission.forget_on"
REAL_NAMES: Final = "admission.real_names_until"
LETTER: Final = "post.letter"
TALK: Final = "audience.talk"
BROWSER: Final = "notices.browser"
PUSHED: Final = "notices.push"
DOOR: Final = "checkin.door"
DOOR_LINK: Final = "checkin.link"
GIVER: Final = "feedback.giver"
WORDS: Final = "feedback.words"
VISITOR: Final = "visits.visitor"
QUESTION: Final = "visits.question"
CONTACT: Final = "visits.contact"
PROOF: Final = "visits.proof"
WEEK: Final = "myweek.week"
CERTIFICATE: Final = "myweek.certificate"
ATTENDED: Final = "myweek.attended"
MADE_TOUR: Final = "tours.made"
GROUP_WALK: Final = "tours.walk"
SUBMISSION: Final = "calls.submission"
CALL_LETTER: Final = "calls.letter"
UPLOAD: Final = "uploads"
DESK_WORDS: Final = "live.desk"
IMPORT: Final = "editions.import"
LOG: Final = "desk.log"
UNSAVED: Final = "desk.unsaved"
FILE: Final = "file"
PUBLIC: Final = "public"

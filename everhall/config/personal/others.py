"""What is personal in the models of Django, Wagtail and allauth, which cannot be asked themselves; and our models that are about things only.

In: nothing. Out: tables by `app.Model`. What must stay true: a name that stands in `THINGS` covers plain words; what is telling in such a
model (`candidates.TELLING`) has a reason of its own.
"""

from collections.abc import Mapping
from typing import Final

from everhall.engines.personal import (
    ACCOUNT,
    FILE,
    LOG,
    LOGIN,
    UNSAVED,
    NotPersonal,
    Personal,
)

BY: Final = ("to say who did it", ACCOUNT)
#: Fields that models of ours have from Wagtail.
INHERITED: Final[Personal] = {"locked_by": ("to say who locked it", ACCOUNT)}

PERSONAL: Final[Mapping[str, Personal]] = {
    "account.EmailAddress": {"user": ("to let you in and to write to you", ACCOUNT), "email": ("to let you in and to write to you", ACCOUNT)},
    "account.EmailConfirmation": {"key": ("to confirm that an address is yours", LOGIN)},
    "mfa.Authenticator": {"user": ("so that nobody else gets in", ACCOUNT), "data": ("so that nobody else gets in", ACCOUNT)},
    "sessions.Session": {"session_data": ("to keep you logged in", LOGIN)},
    "wagtailusers.UserProfile": {
        "user": ("how you like the desk", ACCOUNT), "avatar": ("how you like the desk", ACCOUNT), "dismissibles": ("how you like the desk", ACCOUNT),
        "preferred_language": ("how you like the desk", ACCOUNT), "current_time_zone": ("how you like the desk", ACCOUNT),
    },
    "wagtaildocs.Document": {"uploaded_by_user": BY},
    "wagtailimages.Image": {"uploaded_by_user": BY},
    "wagtailadmin.EditingSession": {"user": ("to say who edits beside you", UNSAVED)},
    "wagtailadmin.FormState": {"user": ("so that nothing you type is lost", UNSAVED), "data": ("so that nothing you type is lost", UNSAVED)},
    "wagtailcore.APIToken": {"user": ("to let a programme act for you", ACCOUNT), "name": ("to let a programme act for you", ACCOUNT)},
    "wagtailcore.ModelLogEntry": {"user": ("to say who changed what", LOG), "label": ("to say who changed what", LOG), "data": ("to say who changed what", LOG)},
    "wagtailcore.PageLogEntry": {"user": ("to say who changed what", LOG), "label": ("to say who changed what", LOG), "data": ("to say who changed what", LOG)},
    "wagtailcore.Revision": {"user": BY},
    "wagtailcore.UploadedFile": {"uploaded_by_user": ("so that nothing you upload is lost", UNSAVED), "file": ("so that nothing you upload is lost", UNSAVED)},
    "wagtailcore.WorkflowState": {"requested_by": BY},
    "wagtailcore.TaskState": {"finished_by": BY, "comment": ("to say why", LOG)},
    "wagtailcore.Page": {"owner": BY, "locked_by": BY},
    "wagtailcore.Comment": {"user": BY, "text": ("what editors tell each other", ACCOUNT), "resolved_by": BY},
    "wagtailcore.CommentReply": {"user": BY, "text": ("what editors tell each other", ACCOUNT)},
    "wagtailcore.PageSubscription": {"user": ("to write to you about a page", ACCOUNT)},
    "media.Picture": {"file": ("what the file shows", FILE)},
    "media.Attachment": {"file": ("what the file shows", FILE)},
}  # fmt: skip

#: On SQLite only.
NOT_EVERYWHERE: Final = frozenset({"wagtailsearch.SQLiteFTSIndexEntry"})

_CONTENT: Final[NotPersonal] = {"*": "what is shown to the public"}
_SETTING: Final[NotPersonal] = {"*": "a setting"}
_FRAME: Final[NotPersonal] = {"*": "of the framework"}
_NAMED: Final[NotPersonal] = {**_FRAME, "name": "of a thing"}

THINGS: Final[Mapping[str, NotPersonal]] = {
    # Ours.
    **dict.fromkeys([
        "editions.Edition", "editions.Venue", "editions.Hall", "editions.Zone", "editions.Stage", "exhibition.Field", "exhibition.Exhibit",
        "exhibition.ExhibitPicture", "exhibition.ExhibitAttachment", "exhibition.Placement", "exhibition.FloorPlan", "exhibition.Scene",
        "exhibition.SceneLink", "exhibition.Hotspot", "exhibition.Label", "programme.Activity", "programme.Session", "programme.Equipment",
        "pages.EditionPage", "pages.ColumnPage", "pages.ArticlePage", "pages.StandardPage", "tours.Tour", "tours.Stop", "live.Recording",
        "live.RunningOrderItem", "media.Note", "media.PictureRendition", "media.Derived", "calls.Call", "calls.Criterion", "calls.Question",
    ], _CONTENT),
    "media.Caption": {"*": "what a film says"},
    "programme.RoomName": {"name": "of a room, as another platform calls it"},
    "exhibition.PersistentId": {"name": "of an exhibit", "*": "of an exhibit"},
    "live.Feed": {"*": "a setting of a stage", "film_name": "of a file"},
    "live.Channel": _SETTING,
    "live.ConsoleHeard": {"*": "which console was heard"}, "live.ShownMoment": {"*": "which screen was in step"},
    "media.Use": {"*": "which thing shows a file"},
    "search.IndexedDocument": {"*": "what is public, to be found"},
    "realtime.NewsItem": {"*": "numbers of rows that changed, for a day"},
    # Wagtail's and Django's.
    "wagtailembeds.Embed": {"*": "a film of another site", "author_name": "of another site, in public", "provider_name": "of another site"},
    "wagtailsearch.IndexEntry": _CONTENT, "wagtailsearch.SQLiteFTSIndexEntry": _CONTENT,
    "wagtailimages.Rendition": {"*": "of a picture"},
    "wagtailcore.CollectionViewRestriction": {"password": "lets readers of a collection in"},
    "wagtailcore.PageViewRestriction": {"password": "lets readers of a page in"},
    "wagtailcore.Site": {"*": "of the site", "site_name": "of the site"},
    **dict.fromkeys([
        "wagtailcore.Locale", "wagtailcore.WorkflowState", "wagtailcore.TaskState", "wagtailcore.Page", "wagtailcore.Revision",
        "wagtailcore.ReferenceIndex", "wagtailcore.APIToken", "wagtailcore.UploadedFile", "wagtailcore.ModelLogEntry", "wagtailcore.PageLogEntry",
        "wagtailcore.Comment", "wagtailadmin.FormState", "wagtailadmin.EditingSession", "wagtailusers.UserProfile", "contenttypes.ContentType",
        "sessions.Session", "mfa.Authenticator", "wagtaildocs.Document", "wagtailimages.Image",
    ], _FRAME),
    **dict.fromkeys([
        "wagtailcore.Collection", "wagtailcore.Workflow", "wagtailcore.Task", "taggit.Tag", "auth.Permission", "auth.Group",
    ], _NAMED),
}  # fmt: skip

"""Files, who uses them, what is made of them, what is said in them and noted on them."""

from everhall.media.models.captions import Caption
from everhall.media.models.derived import Derived
from everhall.media.models.files import Attachment, Picture, PictureRendition, Use
from everhall.media.models.notes import Note

__all__ = ["Attachment", "Caption", "Derived", "Note", "Picture", "PictureRendition", "Use"]

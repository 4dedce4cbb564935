"""Files, who uses them, what is made of them, what is said in them and noted on them; and those on their way to us."""

from everhall.media.models.captions import Caption
from everhall.media.models.derived import Derived
from everhall.media.models.files import Attachment, Picture, PictureRendition, Use
from everhall.media.models.notes import Note
from everhall.media.models.upload import FileUpload, Pieces

__all__ = ["Attachment", "Caption", "Derived", "FileUpload", "Note", "Picture", "PictureRendition", "Pieces", "Use"]

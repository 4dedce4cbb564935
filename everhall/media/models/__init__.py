"""Files, who uses them, what is made of them, and those on their way to us."""

from everhall.media.models.derived import Derived
from everhall.media.models.files import Attachment, Picture, PictureRendition, Use
from everhall.media.models.upload import FileUpload, Pieces

__all__ = ["Attachment", "Derived", "FileUpload", "Picture", "PictureRendition", "Pieces", "Use"]

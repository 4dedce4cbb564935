"""Files, who uses them, and what is made of them."""

from everhall.media.models.derived import Derived
from everhall.media.models.files import Attachment, Picture, PictureRendition, Use

__all__ = ["Attachment", "Derived", "Picture", "PictureRendition", "Use"]

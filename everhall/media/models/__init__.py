"""Files, who uses them, what is made of them, and what is said in them."""

from everhall.media.models.captions import Caption
from everhall.media.models.derived import Derived
from everhall.media.models.files import Attachment, Picture, PictureRendition, Use

__all__ = ["Attachment", "Caption", "Derived", "Picture", "PictureRendition", "Use"]

"""A Multivariant Playlist, read: lines -> `Multivariant`. Clauses are those of RFC 8216bis."""

from everhall.engines.hls.parse_model import Attributes, Multivariant, Rendition, Variant
from everhall.engines.hls.parse_reader import MEDIA_TAGS, Reader


class MultivariantReader(Reader):
    def __init__(self, url: str, imports: dict[str, str]) -> None:
        super().__init__(url, imports)
        self.pending: Attributes | None = None
        self.variants: list[Variant] = []
        self.renditions: list[Rendition] = []
        self.tags |= {
            "#EXT-X-STREAM-INF": self.variant,
            "#EXT-X-I-FRAME-STREAM-INF": self.iframes,
            "#EXT-X-MEDIA": self.rendition,
        }

    def tag(self, name: str, value: str) -> None:
        if name in MEDIA_TAGS:
            self.complain("tags-mixed", "", f"{name[1:]} stands in a multivariant playlist (line {self.at})")
        super().tag(name, value)

    def variant(self, value: str) -> None:
        self.forgotten()
        self.pending = self.attributes("EXT-X-STREAM-INF", value)

    def forgotten(self) -> None:
        if self.pending is not None:
            self.complain("variant-without-uri", str(self.at), f"a variant has no URI line (before line {self.at})")
            self.pending = None

    def uri(self, uri: str) -> None:
        if self.pending is not None:
            self.variants.append(Variant(uri, self.pending))
        self.pending = None

    def iframes(self, value: str) -> None:
        found = self.attributes("EXT-X-I-FRAME-STREAM-INF", value)
        self.variants.append(Variant(self.address(found), found, iframes=True))

    def rendition(self, value: str) -> None:
        found = self.attributes("EXT-X-MEDIA", value)
        if found.get("INSTREAM-ID", "").startswith("SERVICE"):
            self.need(7, "SERVICE in INSTREAM-ID")
        if "INSTREAM-ID" in found and found.get("TYPE") != "CLOSED-CAPTIONS":
            self.need(13, "INSTREAM-ID for what is no closed caption")
        self.renditions.append(Rendition(self.address(found), found))

    def done(self) -> Multivariant:
        self.forgotten()
        return Multivariant(
            self.url, self.version, tuple(self.variants), tuple(self.renditions), self.needs, self.variables,
            tuple(self.complaints),
        )  # fmt: skip

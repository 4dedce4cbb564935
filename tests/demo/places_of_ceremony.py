"""The venues of the demo's ceremony, in its order."""

VENUES = ("zhengzhou", "beijing", "shanghai", "tianjin", "liaoning")

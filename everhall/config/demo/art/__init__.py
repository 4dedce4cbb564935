"""The code that draws the demo's pictures: a canvas, palettes, and one motif per field."""

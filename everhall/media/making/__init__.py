"""Making what visitors get of a master. No database here: paths and bytes in, files and facts out."""

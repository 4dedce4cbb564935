"""Taking part on the web: `state` and `acts` for pages, `pages` for everybody, `desk` and `exports` for moderators."""

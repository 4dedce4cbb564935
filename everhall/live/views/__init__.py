"""Cloud video on the web: `pages` for everybody; `desk`, `uploads` and `keys` for staff; `captions` for whoever
captions."""

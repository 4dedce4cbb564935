"""Letters by e-mail: written with what they tell of, sent in the background, each once."""

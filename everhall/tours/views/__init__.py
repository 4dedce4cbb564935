"""Pages of tours, walks and screens."""

"""Templates of all pages show what concerns them."""

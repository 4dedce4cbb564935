"""Pages and answers of registration."""

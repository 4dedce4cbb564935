"""Pages and acts of visits."""

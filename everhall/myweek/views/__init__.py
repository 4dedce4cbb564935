"""Views of the week, of its calendar and papers, and of all that is kept of a person."""

"""Answers of the door: to devices, to the desk."""

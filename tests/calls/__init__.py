"""Calls, submissions, reviews, letters."""

"""Addresses that answer."""

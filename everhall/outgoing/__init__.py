"""Requests of this server to addresses that strangers named."""

"""The demo edition: the 2021 week, loaded through the same services and importers that organisers use.

What is real and what is sample stands in README.md here; every sample row carries its flag.
"""

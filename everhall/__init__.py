"""Everhall, the hall that never closes: the self-hosted platform of a hybrid expo week."""

__version__ = "0.1.0"

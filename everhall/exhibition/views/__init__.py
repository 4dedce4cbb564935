"""Public pages of the cloud exhibition and pages of the desk for plans and labels."""

from everhall.exhibition.views.exhibits import Labels

__all__ = ["Labels"]

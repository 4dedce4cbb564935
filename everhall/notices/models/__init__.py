"""Notices, and browsers that asked to be told of them."""

from everhall.notices.models.notice import Notice
from everhall.notices.models.push import Follow, Push, Subscription

__all__ = ["Follow", "Notice", "Push", "Subscription"]

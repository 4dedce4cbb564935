"""Forms of calls: answers of whoever submits, and those of the desk."""

from everhall.calls.forms.answers import AnswersForm

__all__ = ["AnswersForm"]

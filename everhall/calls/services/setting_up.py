"""Calls are made, changed, copied.

Must stay true: a call is saved with its venues, criteria and questions or not at all, in the log, and told once.
"""

import datetime as dt
from typing import Any

from django.db import transaction
from wagtail.log_actions import log

from everhall.calls.models import Call, Criterion, MailTemplate, Question


@transaction.atomic
def save_call(form: Any, parts: list[Any], by: Any) -> Call:
    """`form`: a valid `CallForm`; `parts`: valid form sets of what hangs on it."""
    made = form.instance.pk is None
    call: Call = form.save(commit=False)
    if not made:
        # What a person of the house wrote is no sample any more; a sample that is only moved in time stays one.
        call.is_sample = call.is_sample and not {"text_zh", "text_en", "name_zh"} & set(form.changed_data)
    call.save()
    form.save_venues(call)
    for part in parts:
        part.instance = call
        part.save()
    log(instance=call, action="wagtail.create" if made else "wagtail.edit", user=by)
    return call


@transaction.atomic
def copy_parts(source: Call, call: Call, now: dt.datetime) -> None:
    """Criteria, questions of every venue, and letters of another call."""
    for criterion in Criterion.objects.filter(call=source):
        criterion.pk, criterion.call = None, call
        criterion.save()
    for question in Question.objects.filter(call=source, venue=None):
        question.pk, question.call = None, call
        question.save()
    for template in MailTemplate.objects.filter(call=source):
        template.pk, template.call, template.changed_at = None, call, now
        template.save()

"""The only road to a duty's row, with the rule and the times that it goes by.

A foreign one is 404, and the database hides it anyway.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.http import Http404

from upstander.mandated.clocks import Times
from upstander.mandated.models import Duty
from upstander.people.scope import Viewer
from upstander.states import DutyRule, RuleSet, law

#: What an outside monitor may read of a duty: neither whose it is nor what it is about.
WITHOUT_NAMES: Final = (
    "id",
    "district_id",
    "school_id",
    "matter_id",
    "rule_set",
    "rule",
    "cause_at",
    "opened_at",
    "month",
    "first_due",
    "emergent",
    "first_way",
    "first_at",
    "first_recorded_at",
    "accepted",
    "written_due",
    "written_at",
    "written_recorded_at",
)


def duty_for(viewer: Viewer, duty_id: UUID, *, names: bool = True) -> Duty:
    """Return a duty that the viewer may know of; call inside ``viewing``. Raises Http404.

    Without ``names`` only what a monitor may read of it.
    """
    duties = Duty.objects.all() if names else Duty.objects.only(*WITHOUT_NAMES)
    duty = duties.filter(pk=duty_id).first()
    if duty is None:
        raise Http404
    return duty


def rules_of(duty: Duty) -> tuple[RuleSet, DutyRule]:
    """Return a duty's rule set and rule. Raises KeyError when its file is gone."""
    rules = law(duty.rule_set).duties
    return rules, rules.duties[duty.rule]


def times_of(duty: Duty, signed_at: datetime | None = None) -> Times:
    """Return the moments that a duty's clocks run from and to; ``signed_at``: where it is shown."""
    dues = duty.first_due, duty.written_due
    return Times(duty.cause_at, duty.first_at, duty.written_at, *dues, signed_at)

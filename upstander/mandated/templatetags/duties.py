"""How a duty's pages say times and intervals: ``{% load duties %}``."""

from __future__ import annotations

from datetime import datetime

from django import template

from upstander.states import Deadline
from upstander.ui.moments import due_words, moment_words

register = template.Library()


@register.filter
def moment_in(at: datetime | None, zone: str) -> str:
    """Say when something was, in a district's zone; "–" for nothing."""
    return moment_words(at, zone) if at else "–"


@register.filter
def due(at: datetime | None, zone: str) -> str:
    """Say by when something is due, in a district's zone: fits after "by"."""
    return due_words(at, zone) if at else "–"


@register.filter
def interval(deadline: Deadline) -> str:
    """Say how long a rule gives: "48 hours", "2 school days"."""
    return deadline.interval

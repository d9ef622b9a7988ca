"""Words for spans on the watch's pages: ``{% load watch %}``."""

from __future__ import annotations

from django import template

from upstander.ui.moments import span

register = template.Library()
register.filter(span)

_RHYTHMS = {
    7: "weekly",
    14: "every two weeks",
    30: "monthly",
    60: "every two months",
    90: "every three months",
}


@register.filter
def rhythm(days: int) -> str:
    """Say how often: "monthly"."""
    return _RHYTHMS.get(days, f"every {days} days")

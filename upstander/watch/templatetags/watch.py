"""Words for spans on the watch's pages: ``{% load watch %}``."""

from __future__ import annotations

from django import template

register = template.Library()

_RHYTHMS = {
    7: "weekly",
    14: "every two weeks",
    30: "monthly",
    60: "every two months",
    90: "every three months",
}


@register.filter
def span(seconds: float | None) -> str:
    """Say a span of seconds: "0.4 s", "75 s", "3 min 5 s", "2 h 5 min", "3 days"; "–" for none."""
    if seconds is None:
        return "–"
    if seconds < 10 and seconds % 1:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:
        return f"{round(hours / 24)} days"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


@register.filter
def rhythm(days: int) -> str:
    """Say how often: "monthly"."""
    return _RHYTHMS.get(days, f"every {days} days")

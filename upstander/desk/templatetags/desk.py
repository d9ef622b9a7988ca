"""Words for figures on the desk's pages: ``{% load desk %}``."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def span(seconds: float | None) -> str:
    """Say a span of seconds as people say it: "40 s", "3 min", "2 h 5 min"; "–" for none."""
    if seconds is None:
        return "–"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 120:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:
        return f"{hours // 24} days"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"

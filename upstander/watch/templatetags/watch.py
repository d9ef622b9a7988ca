"""Words for spans on the watch's pages: ``{% load watch %}``."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upstander.ui.moments import span

register = template.Library()
register.filter(span)

_RHYTHMS = {
    7: gettext_lazy("weekly"),
    14: gettext_lazy("every two weeks"),
    30: gettext_lazy("monthly"),
    60: gettext_lazy("every two months"),
    90: gettext_lazy("every three months"),
}


@register.filter
def rhythm(days: int) -> str:
    """Say how often: "monthly"."""
    return str(_RHYTHMS.get(days, _("every %(days)s days") % {"days": days}))

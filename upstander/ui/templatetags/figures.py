"""Published figures in templates: ``{% load figures %}``; any other number is refused."""

from __future__ import annotations

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from upstander.base.published import PublishedInt, passing

register = template.Library()


def hidden() -> SafeString:
    """Say that a figure is hidden."""
    return format_html('<span class="hint">{}</span>', gettext("hidden"))


@register.filter
def published[T](value: T) -> T:
    """Return a published figure as it is, for what follows. Raises TypeError for any other."""
    return passing(value)


@register.simple_tag
def number(count: PublishedInt | None) -> str | SafeString:
    """Return a published number, or that it is hidden. Raises TypeError for any other."""
    return hidden() if passing(count) is None else intcomma(count)

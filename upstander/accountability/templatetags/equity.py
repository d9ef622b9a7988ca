"""Numbers of a report in which small ones are hidden."""

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.html import format_html
from django.utils.safestring import SafeString

from upstander.accountability.suppression import Shown

register = template.Library()

_HIDDEN = format_html('<span class="hint">{}</span>', "hidden")


@register.simple_tag
def number(count: int | None) -> str | SafeString:
    """Return a number, or that it is hidden."""
    return _HIDDEN if count is None else intcomma(count)


@register.simple_tag
def answer(group: Shown, question: str) -> str | SafeString:
    """Return how many of a group, with the share; or that it is hidden."""
    yes = group.yes.get(question)
    if yes is None:
        return _HIDDEN
    share = f" ({round(100 * yes / group.of)} %)" if group.of else ""
    return f"{intcomma(yes)}{share}"

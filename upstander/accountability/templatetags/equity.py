"""Answers of a report in which small numbers are hidden."""

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.safestring import SafeString

from upstander.accountability.words import said
from upstander.base.published import passing
from upstander.base.suppression import Shown
from upstander.plug import published
from upstander.ui.templatetags.figures import hidden

register = template.Library()
register.filter(said)


@register.simple_tag
def answer(group: Shown, question: str) -> str | SafeString:
    """Return how many of a group, with the share; or that it is hidden."""
    yes = passing(group.yes.get(question))
    if yes is None:
        return hidden()
    if not group.of:
        return intcomma(yes)
    share = published("outcomes.share", round(100 * yes / group.of), of=group.of)
    return f"{intcomma(yes)} ({passing(share)} %)"

"""Words of rules, for templates."""

from django import template

from upstander.retention.schedules import schedule_of

register = template.Library()


@register.filter
def rule_words(key: str) -> str:
    """Return what a rule is about; the key itself for one that the schedule no longer has."""
    try:
        return schedule_of().rule(key).words
    except KeyError:
        return key

"""`{% heard %}…{% endheard %}`: what can be heard is followed by what plays it."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from upstander.ui.templatetags.ui import icon

register = template.Library()


@register.simple_block_tag(takes_context=True)
def heard(context: Mapping[str, Any], content: str) -> SafeString:
    """Show what it holds, and where the page has ``recordings`` and its text one, a link to that.

    The text is what can be read of it, spaces as one. After an element, so that the name of what
    is filled in stays as it is.
    """
    shown = mark_safe(content)  # noqa: S308 -- rendered by the engine already
    if (recordings := context.get("recordings")) is None:
        return shown
    words = " ".join(html.unescape(strip_tags(content)).split())
    if not (address := recordings.address(words)):
        return shown
    return format_html(
        '{}<a class="hear" href="{}" target="heard" aria-label="{} {}">{}</a>',
        shown,
        address,
        gettext("Listen:"),
        words,
        icon("speaker"),
    )

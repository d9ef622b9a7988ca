"""The components of both sites as template tags: `{% load ui %}`.

A tag that holds other markup is a pair: `{% notice "warning" %}…{% endnotice %}`. Each has its
template in `ui/components/`; the gallery (`ui/gallery.html`) shows every one in every state.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BoundField
from django.template.loader import get_template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy

from upstander.base.languages import ALWAYS
from upstander.ui import languages, times
from upstander.ui.forms import Renderer
from upstander.ui.icons import LINES, NEUTRAL_ICON
from upstander.ui.moments import due_words

register = template.Library()

NOTICES = {
    "info": gettext_lazy("Note"),
    "success": gettext_lazy("Done"),
    "warning": gettext_lazy("Warning"),
    "error": gettext_lazy("Error"),
}
"""Kind of notice to the word that names it; the word is always there, colour is never alone."""

PRIORITIES = {
    "life_safety": (gettext_lazy("Life safety"), "priority-life-safety"),
    "urgent": (gettext_lazy("Urgent"), "priority-urgent"),
    "routine": (gettext_lazy("Routine"), "priority-routine"),
}
"""Priority to its word and the shape it alone has: octagon, triangle, circle."""

#: How many wait, before a title: told by a tab, and old on paper.
_COUNT = re.compile(r"^\(\d+\) ")

TONES = ("waiting", "working", "done", "late", "closed")
"""How a state looks: dashed ring, half disc, tick, diamond, box."""

VOICES = {
    "reporter": (gettext_lazy("Reporter"), "person"),
    "staff": (gettext_lazy("Center"), "message"),
    "note": (gettext_lazy("Internal note: the reporter never sees this"), "lock"),
    "system": ("", "info"),
}
"""Who speaks in a bubble: the words when no other name is given, and the icon."""

renderer = Renderer()


def _render(component: str, /, **context: object) -> SafeString:
    """Render the template of `component` with `context` and nothing else in reach."""
    if "content" in context:  # rendered by the engine already; its edges are white space
        context["content"] = mark_safe(str(context["content"]).strip())  # noqa: S308
    return mark_safe(get_template(f"ui/components/{component}.html").render(context).strip())  # noqa: S308


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw the icon `name`; with a `label` it is an image with that name, without one decoration.

    Raises `KeyError` on an unknown name, so that a misspelt icon shows in the first test.
    """
    lines = mark_safe(LINES[name])  # noqa: S308 -- literals of our own
    if label:
        return format_html(
            '<svg class="icon icon-{}" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>',
            name,
            label,
            lines,
        )
    return format_html(
        '<svg class="icon icon-{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', name, lines
    )


@register.simple_tag
def neutral_icon() -> SafeString:
    """Give the address of the reporter's tab icon: a grey sheet that tells nothing."""
    return mark_safe(NEUTRAL_ICON)  # noqa: S308 -- a literal of our own


@register.simple_tag
def neutral_url() -> str:
    """Give the address to which the way out leads on a page of the desk; it tells nothing."""
    return str(settings.NEUTRAL_URL)


@register.inclusion_tag("ui/components/languages.html", takes_context=True)
def language_links(context: Mapping[str, Any]) -> dict[str, object]:
    """List this page in each language, by `request` or `language_path`.

    As plain links, or where something may have been typed as buttons of the form with the id
    `language_form`: they send it along to `language_path`, which gives it back in that language.
    """
    request = context.get("request")
    path = context.get("language_path") or (request.path if request else "/")
    links = languages.language_links(path)
    return {
        "links": links,
        "form": context.get("language_form", ""),
        "current": next((link for link in links if link.current), None),
        # All of them would push what a reporter came for off a phone's screen.
        "shown": [link for link in links if link.current or link.code in ALWAYS],
        "folded": [link for link in links if not (link.current or link.code in ALWAYS)],
    }


@register.inclusion_tag("ui/components/button.html")
def button(label: str, kind: str = "primary", **options: object) -> dict[str, object]:
    """Show a button, or with `href` a link that looks like one.

    `kind`: primary, secondary, quiet, danger. Options: `href`, `type` (submit), `name`, `value`,
    `icon`, `key` (the key that presses it on the desk), `disabled`, `wide`, `form`, `opens`
    (id of a dialog).
    """
    return {"label": label, "kind": kind, **options}


@register.simple_tag
def field(bound: BoundField, style: str = "") -> SafeString:
    """Show a form's field with label, hint and errors tied to it; `style` is an extra class."""
    return bound.render(
        "ui/forms/field.html",
        context={"field": bound, "style": style},
        renderer=renderer,
    )


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "", live: bool = False) -> SafeString:
    """Show a notice of `kind` info, success, warning or error; `live` has it read out at once."""
    kind = kind if kind in NOTICES else "info"
    return _render("notice", content=content, kind=kind, word=NOTICES[kind], title=title, live=live)


@register.simple_tag
def priority(value: str, note: str = "") -> SafeString:
    """Show the badge of a priority; `note` stands beside the word ("floor", "raised by …")."""
    value = str(value)
    word, shape = PRIORITIES[value]
    return _render("priority", value=value.replace("_", "-"), word=word, shape=shape, note=note)


@register.simple_tag
def state(label: str, tone: str = "waiting") -> SafeString:
    """Show a state in words with the shape of its `tone` (see TONES)."""
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"state: {tone!r} is none of {TONES}")
    return _render("state", label=label, tone=tone)


@register.simple_block_tag
def card(
    content: str, title: str = "", href: str = "", level: int = 2, **more: object
) -> SafeString:
    """Show a card. With `href` its title is a link whose target is the whole card.

    More: `icon`, `kind` (a class suffix such as "quiet"), `meta` (a line above the title), `id`.
    """
    return _render("card", content=content, title=title, href=href, heading=f"h{level}", **more)


@register.simple_block_tag
def section(content: str, title: str, id: str = "", level: int = 2, **more: object) -> SafeString:  # noqa: A002
    """Show a titled section of a page. More: `hint` under the title, `folded` (open on demand)."""
    return _render("section", content=content, title=title, id=id, heading=f"h{level}", **more)


@register.simple_block_tag
def bubble(content: str, voice: str, at: datetime | None = None, **more: object) -> SafeString:
    """Show one message of a dialog. `voice`: reporter, staff, note or system.

    A note is no bubble at all but a dashed, ruled sheet with a lock and the words "Internal note",
    so that nobody can take it for a reply. More: `name` (who wrote it), `hidden` (the reporter hid
    it), `mine` (written on the side of who is looking: at the end, filled), `state` (words such as
    "Sent"), `id`.
    """
    word, shape = VOICES[voice]
    return _render("bubble", content=content, voice=voice, at=at, word=word, shape=shape, **more)


@register.simple_tag
def countdown(due: datetime, label: str = "", zone: str = "") -> SafeString:
    """Show what is left until an aware `due`, counted down each second where JavaScript is on.

    With a `zone` its exact time is said there, and the end of a day as that day's end (English).
    """
    return _render(
        "countdown",
        due=due,
        left=times.left(due),
        exact=due_words(due, zone) if zone else times.exact(due),
        label=label,
        iso=due.isoformat(timespec="seconds"),
        late=times.left(due).startswith("+"),
    )


@register.simple_tag
def ago(moment: datetime | None, none: str = "–") -> SafeString:
    """Show how long ago an aware `moment` was, with the exact time on hover and in print."""
    if moment is None:
        return format_html("<span>{}</span>", none)
    return format_html(
        '<time class="ago" datetime="{}" title="{}">{}</time>',
        moment.isoformat(timespec="seconds"),
        times.exact(moment),
        times.ago(moment),
    )


@register.simple_block_tag
def empty(content: str, title: str, icon: str = "inbox", level: int = 2) -> SafeString:
    """Show what stands where nothing is yet: what will come here, and what to do meanwhile."""
    return _render("empty", content=content, title=title, icon=icon, heading=f"h{level}")


@register.simple_tag
def facts(pairs: Iterable[tuple[str, object]]) -> SafeString:
    """Show (term, value) pairs as a definition list; an empty value reads "not known"."""
    rows = [(term, value if value not in (None, "") else None) for term, value in pairs]
    return _render("facts", rows=rows)


@register.simple_tag
def timeline(entries: Iterable[Mapping[str, object]]) -> SafeString:
    """Show what happened, in order: each entry `at`, `text`, perhaps `who`, `icon`, `detail`."""
    return _render("timeline", entries=list(entries))


@register.simple_tag
def table(
    caption: str, columns: Sequence[str], rows: Iterable[Sequence[object]], empty: str = ""
) -> SafeString:
    """Show a plain table that becomes a list of cards on a narrow screen.

    The first cell of a row is its header. Tables with more in their cells write the same markup
    themselves, with `{% cell label %}…{% endcell %}`.
    """
    lines = [list(zip(columns, row, strict=True)) for row in rows]
    return _render("table", caption=caption, columns=columns, lines=lines, empty=empty)


@register.simple_block_tag
def cell(content: str, label: str, kind: str = "") -> SafeString:
    """Show one cell of a hand-written `<table class="table">`; `label` is its column's name."""
    return format_html(
        '<td role="cell" data-label="{}"{}>{}</td>',
        label,
        format_html(' class="{}"', kind) if kind else "",
        content,
    )


@register.inclusion_tag("ui/components/pagination.html", takes_context=True)
def pagination(
    context: Mapping[str, Any], page: "Page[Any]", parameter: str = "page"
) -> dict[str, object]:
    """Show the way through the pages of a Django `page`, keeping the other query parameters."""
    request = context.get("request")
    query = request.GET.copy() if request else None

    def url(number: int) -> str:
        if query is None:
            return f"?{parameter}={number}"
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "steps": [
            {"number": n, "url": url(n) if isinstance(n, int) else "", "current": n == page.number}
            for n in numbers
        ],
        "previous": url(page.previous_page_number()) if page.has_previous() else "",
        "next": url(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("ui/components/pager.html")
def pager(newer: str = "", older: str = "", by_time: bool = True) -> dict[str, object]:
    """Show "newer" and "older" for a list without page numbers (its next key is in the address).

    Of a list in another order than of time they are called "back" and "more".
    """
    return {"newer": newer, "older": older, "by_time": by_time}


@register.simple_block_tag
def dialog(content: str, id: str, title: str) -> SafeString:  # noqa: A002
    """Hold a modal dialog, opened by `{% button … opens=id %}` (needs JavaScript: desk only)."""
    return _render("dialog", content=content, id=id, title=title)


@register.simple_block_tag
def toolbar(content: str, label: str, sticky: bool = False) -> SafeString:
    """Hold the buttons of what is on the page, named `label` to a screen reader."""
    return _render("toolbar", content=content, label=label, sticky=sticky)


@register.inclusion_tag("ui/components/return_code.html")
def return_code(code: str) -> dict[str, object]:
    """Show the seven words by which a reporter comes back, with copy and print where JS is on."""
    return {"code": code, "words": str(code).replace("-", " ").split()}


@register.inclusion_tag("ui/components/keys_list.html")
def keys(pairs: Iterable[tuple[str, str]]) -> dict[str, object]:
    """List (key, what it does) pairs for the help dialog's block `keys`."""
    return {"pairs": list(pairs)}


# `{{ at|moment }}`, `|day`, `|clock`, `|weekday`: the one form of dates, in the active time zone.
register.filter("moment", times.exact)
for _say in (times.day, times.clock, times.weekday):
    register.filter(_say.__name__, _say, expects_localtime=True)


@register.filter
def priority_word(value: str) -> str:
    """Give the word of a priority, for titles and emails."""
    return str(PRIORITIES[str(value)][0])


@register.simple_tag(takes_context=True)
def printed(context: template.Context) -> SafeString:
    """Give a staff page what stands on each sheet of it: what it is, by whom printed, as of when.

    What it says is as old as the page, whenever the printer runs. Nothing is given where nobody is
    signed in, or on the codes that somebody prints to come in by (``account.html``).
    """
    name = context.get("viewer_name")
    if not name:
        return SafeString("")
    place = context.get("viewer_place")
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    title = blocks.get_block("title") if blocks else None
    now = timezone.localtime()
    words = gettext("Printed by %(name)s, as of %(moment)s") % {
        "name": f"{name} ({place})" if place else name,
        "moment": f"{times.exact(now)} {now:%Z}",
    }
    return format_html(
        'data-titled="Upstander: {}" data-kept="{}" data-printed="{}" data-sheet="{}" data-of="{}"',
        _COUNT.sub("", title.render(context).strip()) if title else "",
        gettext("Confidential. Shred when no longer needed."),
        words,
        gettext("Page"),
        gettext("of"),
    )

"""Two kinds of page: those that are the same for everybody, and those that are one reporter's."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import gettext as _

from upstander.doors.web.snapshot import Door


class OpenPage(HttpResponse):
    """A page without a word of any reporter: it may be compressed.

    Every other response is taken for private, padded to steps and never compressed, so that
    forgetting to say so is safe.
    """


class AppPage(OpenPage):
    """A page of the app, for which the policy lets in what an app needs, and no other page does."""

    def __init__(self, content: str, *, lets_in: str, **more: Any) -> None:
        """``lets_in``: directives, such as ``worker-src``; each lets in this site alone."""
        super().__init__(content, **more)
        self.lets_in = lets_in


class FramePage(HttpResponse):
    """A private page that our own pages may show in a frame: the live conversation."""


def page_context(request: HttpRequest, door: Door, **more: Any) -> dict[str, Any]:
    """Return what every page of this site needs beside its own."""
    return {
        "request": request,
        "demo": settings.DEMO,
        "door": door,
        "place_name": door.name,
        "home_url": reverse("safety", args=[door.district.slug])
        if door.district
        else reverse("home"),
        "leave_url": reverse("leave"),
        **more,
    }


def from_another_website() -> str:
    """Return what a form says that another site made the browser send."""
    return _(
        "This came from another website, not from this page. If you wrote it, read it again and "
        "send it from here."
    )


def rendered(template: str, context: dict[str, Any]) -> str:
    """Render without context processors: what a page shows is what was handed to it."""
    return get_template(template).render(context)

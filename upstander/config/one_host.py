"""The one name by which each site is asked for.

Django looks at the name and takes any port with it, so that a request for ``desk.example:99999``
had its own links, and a mail for a new password led there. Here the whole of it must be ours; and
whoever scans addresses by the thousand fills no log with it.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from upstander.ui.errors import desk_page, public_page


class OneHost:
    """Refuse a request that names another host or port (400). Outermost, so that nothing is read.

    An empty ``settings.ONE_HOST`` takes every name that Django takes: tests have their own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._refused = public_page if settings.PROCESS == "public" else desk_page

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or refuse."""
        named = request.META.get("HTTP_HOST", "").lower()
        if settings.ONE_HOST and named not in settings.ONE_HOST:
            return self._refused(request, 400)
        return self.get_response(request)

"""The one cookie of this site: set when a tip is sent or a return code is used, never before."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

COOKIE = "talk"
#: What a browser says of a request that another site made it send (``Sec-Fetch-Site``).
ELSEWHERE = frozenset({"cross-site", "same-site"})


def session_in(request: HttpRequest) -> str:
    """Return the conversation's token from the cookie; empty without one."""
    return request.COOKIES.get(COOKIE, "")


def open_session(response: HttpResponse, token: str) -> None:
    """Give the browser the conversation's token: no script reads it, no other site sends it.

    Without an end date it goes with the browser; the database forgets it after 30 idle minutes.
    """
    response.set_cookie(
        COOKIE, token, httponly=True, samesite="Strict", secure=settings.TLS, path="/"
    )


def drop_session(response: HttpResponseBase) -> None:
    """Take the cookie away."""
    response.delete_cookie(COOKIE, path="/", samesite="Strict")


def sent_from_elsewhere(request: HttpRequest) -> bool:
    """Tell whether another site made the browser send this.

    The cookie's SameSite=Strict says it already; browsers say it here a second time (Fetch
    Metadata, https://www.w3.org/TR/fetch-metadata/). What comes without a cookie, the form and the
    return code, has only this. ``Origin`` can't be used: under our no-referrer policy it is "null"
    for our own forms too. No header at all, or none that browsers send, means an old
    browser, or none: no page of another site can write this header.
    """
    return request.headers.get("Sec-Fetch-Site") in ELSEWHERE

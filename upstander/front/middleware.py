"""Headers of every page that the public site gives, and what keeps its length from telling."""

from __future__ import annotations

import gzip
import secrets
from collections.abc import Callable
from http import HTTPStatus

import brotli  # type: ignore[import-untyped]
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation

from upstander.doors.web.responses import AppPage, FramePage, OpenPage

#: Pages carry nothing from elsewhere and are shown nowhere else. The icon is a ``data:`` address.
_CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "media-src 'self'; "
    "form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors {}"
)
_NO_DEVICE = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "hid",
        "idle-detection",
        "local-fonts",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "picture-in-picture",
        "publickey-credentials-get",
        "screen-wake-lock",
        "serial",
        "storage-access",
        "usb",
        "window-management",
        "xr-spatial-tracking",
    )
)

HEADERS = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": _NO_DEVICE,
    "X-Content-Type-Options": "nosniff",
}
"""On every page, whatever it is."""

_HSTS = "max-age=31536000; includeSubDomains"

#: Private pages are this many bytes long, or twice, three times … as many.
STEP = 8192
#: Up to this much of a step is drawn at random, so that a page near an edge does not show it.
BLUR = 1024
#: Below this a page is not worth packing.
SMALLEST = 500


class PathLanguage:
    """Speak the language of the address: its prefix, or English without one.

    Django's own asks the browser and a cookie as well before it decides for the address after all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._prefixes = frozenset(code for code, _ in settings.LANGUAGES)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the address's language, and say which it is."""
        first = request.path_info.lstrip("/").partition("/")[0]
        language = first if first in self._prefixes else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class PublicHeaders:
    """The outermost middleware: whatever goes out passes here, error pages too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with the headers, packed or padded by the kind of page."""
        response = self.get_response(request)
        dressed(response)
        if isinstance(response, OpenPage):
            pack(response, request.headers.get("Accept-Encoding", ""))
        elif isinstance(response, HttpResponse):
            pad(response)
            response["X-Robots-Tag"] = "noindex"
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            # It has no body, and so no length (RFC 9110, 8.6).
            response.headers.pop("Content-Length", None)
        elif isinstance(response, HttpResponse):
            # Set further in, before the page had its last length.
            response["Content-Length"] = str(len(response.content))
        # Django logs each answer from 400 up: a line with the moment of some reporter's request.
        # Faults are logged where they happen; of the rest nothing is worth that.
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response


def dressed(response: HttpResponseBase) -> HttpResponseBase:
    """Set the headers that every page has."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if settings.TLS:
        response.headers.setdefault("Strict-Transport-Security", _HSTS)
    ancestors = "'self'" if isinstance(response, FramePage) else "'none'"
    policy = _CSP.format(ancestors)
    if isinstance(response, AppPage):
        policy += "".join(f"; {directive} 'self'" for directive in response.lets_in.split())
    response.headers["Content-Security-Policy"] = policy
    # The language is in the address; nothing here depends on the reader's own settings.
    response.headers.pop("Vary", None)
    return response


def pack(response: HttpResponse, accepted: str) -> None:
    """Compress a page that holds no reporter's word, unless it is packed already."""
    response.headers["Vary"] = "Accept-Encoding"
    if response.has_header("Content-Encoding") or len(response.content) < SMALLEST:
        return
    if "br" in accepted:
        response.content = brotli.compress(response.content, quality=5)
        response["Content-Encoding"] = "br"
    elif "gzip" in accepted:
        response.content = gzip.compress(response.content, 6, mtime=0)
        response["Content-Encoding"] = "gzip"


def pad(response: HttpResponse) -> None:
    """Fill a private page up to a step, and never compress it.

    Who watches the line sees lengths: how much somebody wrote, or that an answer has come. And a
    compressed page tells by its length what stands in it twice (BREACH, CVE-2013-3587).
    """
    if not response.get("Content-Type", "").startswith("text/html") or not response.content:
        return
    length = len(response.content) + len("<!--  -->") + secrets.randbelow(BLUR)
    missing = -length % STEP + length - len(response.content) - len("<!--  -->")
    response.content += b"<!-- %s -->" % (b"." * missing)

"""In which language a member of staff reads a page: their own, where it is translated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase
from django.urls import ResolverMatch
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from upstander.base.languages import ENGLISH, staff_language

#: Apps whose pages are translated, and what they answer to a press. Their acts keep no words of
#: ours in the record.
WHOLE: Final = frozenset({"helplines"})
#: Pages that are translated as they are read; what follows a press is in English.
READ: Final = frozenset({"mandated:own", "mandated:suspect"})
#: In an address: this page in English, once.
IN_ENGLISH: Final = "english"


def way_to_english(request: HttpRequest) -> dict[str, Any]:
    """Return, for a page shown translated, that nobody has read it yet, and where it is in English.

    A page that answers a press has no such way: what was typed would be lost on it.
    """
    if not getattr(request, "translated", False):
        return {}
    there = request.GET.copy()
    there[IN_ENGLISH] = "1"
    return {
        "not_reviewed": _("This translation has not been reviewed yet."),
        "in_english": f"?{there.urlencode()}" if request.method == "GET" else "",
        "in_english_words": _("Read this page in English"),
    }


class StaffLanguage:
    """Show what is translated in the language that whoever reads it has chosen for themselves.

    The language comes with the account, which is there by then: nothing is asked for it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; whatever the thread answers next begins in English."""
        try:
            return self.get_response(request)
        finally:
            translation.activate(ENGLISH.code)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Turn to the person's language before the view."""
        match, viewer = request.resolver_match, getattr(request, "viewer", None)
        if match is None or viewer is None or not _is_translated(match, request.method):
            return
        language = staff_language(getattr(request.user, "language", ENGLISH.code))
        if language != ENGLISH.code and IN_ENGLISH not in request.GET:
            request.translated = True  # type: ignore[attr-defined]
            translation.activate(language)

    def process_exception(self, _request: HttpRequest, _error: Exception) -> None:
        """Turn back: the pages that say what went wrong are in English."""
        translation.activate(ENGLISH.code)


def _is_translated(match: ResolverMatch, method: str | None) -> bool:
    return match.app_name in WHOLE or (match.view_name in READ and method in {"GET", "HEAD"})

"""All lines of the form that can be heard, as the form itself asks for them."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import get_urlconf, set_urlconf
from django.utils.translation import override

from upstander.doors.recordings import Recordings
from upstander.doors.web.report import rendered_form
from upstander.doors.web.snapshot import Door
from upstander.intake.served import PublicPlaces


def lines(language: str) -> dict[str, bool]:
    """Return each line of the form, to report and to talk, and whether it can be heard.

    As every district has it: what one has worded anew for itself is heard nowhere.
    """
    recordings = Recordings(language)
    nowhere = PublicPlaces({}, {}, {}, 0.0)
    before = get_urlconf()
    # Whoever asks may be a command, which has no addresses of its own.
    set_urlconf("upstander.config.urls_public")
    try:
        with override(language):
            for to_talk in (False, True):
                rendered_form(
                    HttpRequest(),
                    nowhere,
                    Door(),
                    language,
                    token="",
                    to_talk=to_talk,
                    hear=True,
                    heard_by=recordings,
                )
    finally:
        set_urlconf(before)
    return recordings.asked

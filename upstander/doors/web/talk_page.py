"""The page of a conversation. Right after sending it is the thank-you page, with the return code.

The conversation itself stands in a frame that looks for answers by itself, without JavaScript.
The page around it stays: nobody loses what they are typing, and the return code stays in sight.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import escape
from django.utils.timezone import localtime
from django.utils.translation import get_language

from upstander.doors.calls.wishes import line_that_calls
from upstander.doors.web.forms import fields_for, follow_up_questions
from upstander.doors.web.responses import page_context, rendered
from upstander.doors.web.snapshot import Door
from upstander.intake.routing import names_somebody
from upstander.intake.taxonomy import (
    FILES_QUESTION,
    TILES_BY_KEY,
    may_be_life_safety,
    speaks_of_self,
)
from upstander.tips.speed import Shelf, slot
from upstander.ui.times import clock

talks = Shelf()
#: No answer stands in a field yet.
NOTHING_TYPED: Mapping[str, str] = MappingProxyType({})


def talk_page(
    request: HttpRequest,
    door: Door,
    *,
    tile: str,
    answers: Mapping[str, str],
    received: datetime,
    danger: bool = False,
    over: bool = False,
    to_talk: bool = False,
    code: str = "",
    said: str = "",
    text: str = "",
    typed: Mapping[str, str] = NOTHING_TYPED,
    problem: str = "",
    problem_about: str = "",
) -> bytes:
    """Return the page. With a ``code`` it is the thank-you page and its forms carry the code on.

    Whoever may be in danger of their life is told of 911 and 988: where the answers say so, say
    that it happens now or say nothing, and (``danger``) where earlier ones did, since nothing that
    is answered later makes it less.

    Of what is ``over`` nothing is asked that would help to act faster; what was begun stays.

    ``said`` names what was just done; ``text`` is a message that is not sent yet, and ``typed``
    are answers that are not: with a ``problem``, or in another language than they were begun in.
    ``problem_about`` is "file" when the problem is a file's.
    """
    language = get_language() or settings.LANGUAGE_CODE
    questions = () if over and not typed else follow_up_questions(tile, answers, talk=to_talk)
    upload = tile not in TILES_BY_KEY or TILES_BY_KEY[tile].upload_allowed
    urgent = danger or may_be_life_safety(tile, answers)
    # Where nothing at all was said of it, the return code comes first: it is shown only once.
    unsaid = not danger and tile not in TILES_BY_KEY and not answers.get("when")
    named = names_somebody(answers.get("not_see", ""))
    calls = door.district is not None and line_that_calls(door.district.slug) is not None
    me, place_me = speaks_of_self(tile, answers), answers.get("who") == "me"

    filling = {
        "code": code,
        "words": code,
        "clock": _clock(received.replace(second=0, microsecond=0), door.time_zone, language),
        "once": secrets.token_urlsafe(12),
        "since": str(int(time.time() // 60)),
    }

    def render(fill: Mapping[str, str]) -> str:
        return rendered(
            "doors/talk.html",
            page_context(
                request,
                door,
                fields=fields_for(
                    questions, language, door=door, typed=typed, me=me, place_me=place_me
                ),
                upload=upload,
                files_label=FILES_QUESTION.text(language),
                files_hint=FILES_QUESTION.hint(language),
                urgent=urgent,
                unsaid=unsaid,
                named=named,
                to_talk=to_talk,
                calls=calls,
                # A change of language sends the form along, with the code and all that was typed.
                language_form="talk-form",
                language_path=reverse("talk_message"),
                **fill,
                said=said,
                text=text,
                problem=problem,
                problem_about=problem_about,
            ),
        )

    if text or typed or problem:
        # What somebody typed is never kept in memory longer than its answer takes.
        return render(filling).encode()
    key = (
        language,
        door.district,
        tuple(q.key for q in questions),
        me,
        place_me,
        upload,
        urgent,
        unsaid,
        named,
        to_talk,
        calls,
        bool(code),
        said,
    )
    slots = {name: slot(name) if value else "" for name, value in filling.items()}
    return talks.page(key, lambda: render(slots)).filled(
        {name: escape(value) for name, value in filling.items()}
        # Each word stands in a span of its own; the slot lies in the first.
        | {"code": "</span> <span>".join(escape(code).split())}
    )


@lru_cache(maxsize=64)
def _clock(minute: datetime, time_zone: str, _language: str) -> str:
    """Return a time of day as the active language, ``_language``, writes it."""
    zone = ZoneInfo(time_zone) if time_zone else None
    return clock(localtime(minute, zone))

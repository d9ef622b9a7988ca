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
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.utils.formats import time_format
from django.utils.html import escape
from django.utils.timezone import localtime
from django.utils.translation import get_language

from upstander.places.priority import Priority
from upstander.places.taxonomy import (
    FILES_QUESTION,
    TILES_BY_KEY,
    priority_floor,
    speaks_of_self,
)
from upstander.tips.public.forms import fields_for, follow_up_questions
from upstander.tips.public.responses import page_context, rendered
from upstander.tips.public.snapshot import Door
from upstander.tips.speed import Shelf, slot

talks = Shelf()


def talk_page(
    request: HttpRequest,
    door: Door,
    *,
    tile: str,
    answers: Mapping[str, str],
    received: datetime,
    danger: bool = False,
    code: str = "",
    said: str = "",
    text: str = "",
    problem: str = "",
    problem_about: str = "",
) -> bytes:
    """Return the page. With a ``code`` it is the thank-you page and its forms carry the code on.

    Whoever may be in danger of their life is told of 911 and 988: where the answers say so or say
    that it happens now, and (``danger``) where earlier ones did, since nothing that is answered
    later makes it less.

    ``said`` names what was just done; ``text`` is a message that could not be taken, with the
    ``problem``; ``problem_about`` is "file" when it is a file's.
    """
    language = get_language() or settings.LANGUAGE_CODE
    questions = follow_up_questions(tile, answers)
    upload = tile not in TILES_BY_KEY or TILES_BY_KEY[tile].upload_allowed
    # What is ticked as now gets it whatever its floor: nobody has read a word yet.
    urgent = (
        danger
        or answers.get("when") == "now"
        or priority_floor(tile, answers).priority is Priority.LIFE_SAFETY
    )
    me, place_me = speaks_of_self(tile, answers), answers.get("who") == "me"

    def render() -> str:
        return rendered(
            "tips/public/talk.html",
            page_context(
                request,
                door,
                fields=fields_for(questions, language, door=door, me=me, place_me=place_me),
                upload=upload,
                files_label=FILES_QUESTION.text(language),
                files_hint=FILES_QUESTION.hint(language),
                urgent=urgent,
                code=slot("code") if code else "",
                words=slot("words"),
                clock=slot("clock"),
                once=slot("once"),
                since=slot("since"),
                said=said,
                text=text,
                problem=problem,
                problem_about=problem_about,
            ),
        )

    key = (
        language,
        door.district,
        tuple(q.key for q in questions),
        me,
        place_me,
        upload,
        urgent,
        bool(code),
        said,
        "" if code else request.path,
        text,
        problem,
        problem_about,
    )
    # What somebody typed is never kept in memory longer than its answer takes.
    shelf = Shelf(0) if text or problem else talks
    words = escape(code)
    return shelf.page(key, render).filled(
        {
            # Each word stands in a span of its own; the slot lies in the first.
            "code": "</span> <span>".join(words.split()),
            "words": words,
            "clock": _clock(received.replace(second=0, microsecond=0), door.time_zone, language),
            "once": secrets.token_urlsafe(12),
            "since": str(int(time.time() // 60)),
        }
    )


@lru_cache(maxsize=64)
def _clock(minute: datetime, time_zone: str, _language: str) -> str:
    """Return a time of day as the active language, ``_language``, writes it."""
    zone = ZoneInfo(time_zone) if time_zone else None
    return escape(time_format(localtime(minute, zone), "TIME_FORMAT"))

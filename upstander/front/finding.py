"""Finding a helping service: a form that is sent, an answer that nobody keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from upstander.directory.finding import Asked, find
from upstander.directory.spoken import SPOKEN
from upstander.directory.vocabulary import NEEDS
from upstander.directory.why import results
from upstander.doors.web.cookie import sent_from_elsewhere
from upstander.doors.web.forms import in_another_language
from upstander.doors.web.responses import OpenPage, page_context, rendered
from upstander.doors.web.snapshot import Door, door_to, known_places
from upstander.doors.web.words import clean
from upstander.ui.errors import public_page
from upstander.vault.errors import VaultError

#: So many stand on a page: with each more of them it takes a phone longer to load.
SHOWN: Final = 8
_LONGEST: Final = {"words": 80, "place": 60, "town": 60}
_OLDEST: Final = 120


@require_http_methods(["GET", "HEAD", "POST"])
def finding(request: HttpRequest) -> HttpResponse:
    """What do you need? (``?d=<district>``), and who helps with what was sent.

    The answer has words of whoever asked: it is private, never compressed and kept nowhere.
    """
    try:
        places = known_places()
    except (DatabaseError, VaultError):
        return public_page(request, 503)
    given = request.POST if request.method == "POST" else request.GET
    door = door_to(places, district=given.get("d", ""))
    if request.method != "POST" or sent_from_elsewhere(request):
        return OpenPage(_form(request, door, {}))
    asked = _asked(request.POST, door, get_language() or "en")
    fields = _fields(request.POST, door)
    # A form in another language, with what was typed: a page of results says that it is one.
    writing = "change" in request.POST or (
        in_another_language(request.POST) and "found" not in request.POST
    )
    if writing or not (asked.needs or asked.words):
        return HttpResponse(_form(request, door, fields, nothing=not writing))
    try:
        answer = find(asked, now := timezone.now())
    except DatabaseError:
        return public_page(request, 503)
    start = _number(request.POST.get("from", ""), most=200) or 0
    large = "print" in request.POST
    end = start + SHOWN
    shown = slice(None) if large else slice(start, end)
    context = page_context(
        request,
        door,
        answer=answer,
        needs=[need.label(asked.language) for need in answer.needs],
        asked=asked,
        fields=fields,
        results=results(answer.found, asked, now, shown=shown),
        more=None if large or end >= len(answer.found) else end,
        large=large,
        none_open=asked.when == "now" and not any(one.is_open for one in answer.found),
        danger=any(need.dangerous for need in answer.needs),
        language_form="again",
        language_path=request.path,
    )
    return HttpResponse(rendered("front/found.html", context))


def _form(
    request: HttpRequest, door: Door, fields: Mapping[str, str], *, nothing: bool = False
) -> str:
    language = get_language() or "en"
    tiles = [(need.key, need.icon, need.label(language)) for need in NEEDS.values()]
    context = page_context(
        request,
        door,
        tiles=tiles,
        fields=fields,
        spoken=SPOKEN,
        nothing=nothing,
        language_form="find-form",
        language_path=request.path,
    )
    return rendered("front/find.html", context)


def _asked(sent: QueryDict, door: Door, language: str) -> Asked:
    """Read what was sent. What can't be is taken for left out: nobody is sent back for it."""
    needs = (NEEDS.get(key) for key in sent.getlist("need"))
    return Asked(
        district=door.district.slug if door.district else "",
        language=language,
        needs=tuple(need for need in needs if need),
        words=_words(sent, "words"),
        place=_place(sent),
        when="week" if sent.get("when") == "week" else "now",
        spoken=spoken if (spoken := sent.get("spoken", "")) in SPOKEN else "",
        age=_number(sent.get("age", ""), most=_OLDEST),
        free="free" in sent,
        tty="tty" in sent,
        asl="asl" in sent,
    )


def _place(sent: QueryDict) -> str:
    """Return the town that was pressed among those that may be meant; else what was written."""
    return _words(sent, "town") or _words(sent, "place")


def _words(sent: QueryDict, name: str) -> str:
    return " ".join(clean(sent.get(name, "")).split())[: _LONGEST[name]]


def _number(said: str, *, most: int) -> int | None:
    said = said.strip()
    return int(said) if said.isdecimal() and len(said) < 4 and int(said) <= most else None


def _fields(sent: QueryDict, door: Door) -> dict[str, str]:
    """Return what the page's own form sends again: the same question."""
    kept = {"d": door.district.slug if door.district else ""}
    kept |= {"words": _words(sent, "words"), "place": _place(sent)}
    for name in ("need", "when", "spoken", "age", "free", "tty", "asl"):
        kept[name] = sent.get(name, "")[:20]
    return {name: value for name, value in kept.items() if value}

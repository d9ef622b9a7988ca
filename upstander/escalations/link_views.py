"""Answering a page by its signed link: no sign-in, no tip, and never by merely opening it.

Mail scanners and previews open links; so a GET shows how it stands, and buttons, and does nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from upstander.base.languages import staff_language
from upstander.base.moment import database_second
from upstander.carriers import answers, texts
from upstander.carriers.models import Inbound
from upstander.escalations.policy import held_for
from upstander.intake.priority import Priority
from upstander.people.keys import person_mac
from upstander.people.link_pages import link_page
from upstander.people.models import Person
from upstander.ui import times

_ANSWERS = (Inbound.Answer.HAVE_IT, Inbound.Answer.SEEN, Inbound.Answer.CANNOT)


@dataclass(frozen=True, slots=True)
class Standing:
    """How an alert stands for whom the link asks (``api.alert_of_link``)."""

    #: What that person said last, where it still counts.
    said: str = ""
    #: As the text said them; empty for what is no alert, such as a drill.
    priority: str = ""
    code: str = ""
    school: str = ""
    #: The reporter says that it is happening, as the text said.
    now: bool = False
    #: Where it is worked on, behind a sign-in.
    tip: str = ""
    page: str = "tips"
    ended: bool = False
    #: The person has it themselves; ``idle``: and was asked once more.
    mine: bool = False
    idle: bool = False
    holder: str = ""
    since: str = ""
    #: Until when they have it without a next step; empty where no clock runs.
    until: str = ""

    @property
    def choices(self) -> tuple[str, ...]:
        """The answers that still change something."""
        if self.ended or (self.holder and not self.mine):
            return ()
        return _ANSWERS[2:] if self.mine and not self.idle else _ANSWERS


def _over(request: HttpRequest) -> HttpResponse:
    return _show(request, "en", Standing(), over=True)


@csrf_exempt  # The link is the right to answer; there is no session whose right could be misused.
@link_page(_over)
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show how it stands and what can still be answered; take an answer when it is sent."""
    now = database_second()
    try:
        asked = answers.read(token, now=now)
    except answers.NoSuchLink as error:
        raise Http404 from error
    person = Person.objects.filter(pk=asked.person_id, is_active=True).first()
    if person is None:
        raise Http404
    language = staff_language(person.language)
    if request.method == "GET":
        return _show(request, language, _standing(asked, language, now))
    said = request.POST.get("answer", "")
    if said not in _ANSWERS:
        return _show(request, language, _standing(asked, language, now), status=422)
    kind = Inbound.Kind.PUSH if request.POST.get("by") == "push" else Inbound.Kind.LINK
    # The same button pressed twice is one answer; another one, or the same later, is a new one.
    ref = sha256(f"{token}|{said}|{int(now.timestamp()) // 10}".encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.carrier_answer(p_person => %s, p_for => %s, p_kind => %s, p_answer => %s, "
            "p_ref => %s)",
            [asked.person_id, asked.for_id, kind, said, ref],
        )
        row = cursor.fetchone()
    if row is None or not row[0]:
        raise Http404
    return _show(request, language, _standing(asked, language, now))


def _standing(asked: answers.Asked, language: str, now: datetime) -> Standing:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.alert_of_link(p_person => %s, p_for => %s, p_mac => %s)",
            [asked.person_id, asked.for_id, person_mac(asked.person_id)],
        )
        (found,) = cursor.fetchone() or (None,)
    told: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found) or {}
    alert: dict[str, Any] = told.get("alert") or {}
    zone, stage, since, until = (
        alert.pop(key, None) for key in ("zone", "stage", "since", "until")
    )
    holder = Person.objects.filter(pk=alert.pop("holder", None)).first()
    said, pressed = told.get("said", ""), told.get("pressed")
    free = bool(alert) and not alert["ended"] and ((alert["mine"] and until) or holder is None)
    if free and pressed and said == Inbound.Answer.HAVE_IT:
        # The worker reads it within a second, and counts as is said here already.
        held = held_for(Priority(alert["priority"]), stage)
        since, until = pressed, (datetime.fromisoformat(pressed) + held).isoformat()
        alert |= {"mine": True, "idle": False}
    return Standing(
        said=said,
        holder=holder.name if holder else "",
        since=_when(datetime.fromisoformat(since), zone, language, now) if since else "",
        until=_when(datetime.fromisoformat(until), zone, language, now) if until else "",
        **alert,
    )


def _when(moment: datetime, zone: str, language: str, now: datetime) -> str:
    """The district's own clock, with the day unless it is today."""
    with translation.override(language), timezone.override(ZoneInfo(zone)):
        local = timezone.localtime(moment)
        today = timezone.localtime(now).date()
        return times.clock(local) if local.date() == today else times.exact(moment)


def _show(
    request: HttpRequest,
    language: str,
    standing: Standing,
    *,
    status: int = 200,
    over: bool = False,
) -> HttpResponse:
    words = texts.ANSWER_PAGE[language]
    fill = {
        "name": standing.holder,
        "when": standing.since.removesuffix("."),
        "until": standing.until.removesuffix("."),
    }
    if standing.ended:
        state = words["ended"]
    elif standing.mine and standing.said != Inbound.Answer.CANNOT:
        state = words["mine_until" if standing.until else "mine"].format(**fill)
    elif standing.holder and not standing.mine:
        state = words["taken"].format(**fill)
    else:
        state = words.get(f"said_{standing.said}", "")
    with translation.override(language):
        response = render(
            request,
            "escalations/link.html",
            {
                "words": words,
                # Who answered isn't asked again, unless time took it back.
                "title": words["title_said" if state and not standing.idle else "title"],
                "standing": standing,
                "sign_in": f"/{standing.page}/{standing.tip}" if standing.tip else "/",
                "head": texts.HEAD[language].get(standing.priority, ""),
                "state": state,
                "tone": "success" if standing.choices else "info",
                "over": over,
                "choices": [(one, words[one]) for one in standing.choices],
            },
            status=status,
        )
    # The link must not travel on to wherever this page leads.
    response["Referrer-Policy"] = "no-referrer"
    return response

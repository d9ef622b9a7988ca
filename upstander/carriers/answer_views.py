"""Answering a page by its signed link: no sign-in, no tip, and never by merely opening it.

Mail scanners and previews open links; so a GET shows buttons and does nothing.
"""

from __future__ import annotations

from hashlib import sha256

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from upstander.base.moment import database_second
from upstander.carriers import answers, texts
from upstander.carriers.models import Inbound
from upstander.places.link_pages import link_page
from upstander.places.models import Person

_ANSWERS = (Inbound.Answer.HAVE_IT, Inbound.Answer.SEEN, Inbound.Answer.CANNOT)


def _over(request: HttpRequest) -> HttpResponse:
    return _show(request, "en", over=True)


@csrf_exempt  # The link is the right to answer; there is no session whose right could be misused.
@link_page(_over)
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show the three answers; take one of them when it is sent."""
    now = database_second()
    try:
        asked = answers.read(token, now=now)
    except answers.NoSuchLink as error:
        raise Http404 from error
    person = Person.objects.filter(pk=asked.person_id, is_active=True).first()
    if person is None:
        raise Http404
    language = texts.language_of(person)
    if request.method == "GET":
        return _show(request, language)
    said = request.POST.get("answer", "")
    if said not in _ANSWERS:
        return _show(request, language, status=422)
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
    return _show(request, language, said=said)


def _show(
    request: HttpRequest, language: str, *, status: int = 200, said: str = "", over: bool = False
) -> HttpResponse:
    words = texts.ANSWER_PAGE[language]
    with translation.override(language):
        response = render(
            request,
            "carriers/answer.html",
            {
                "words": words,
                "said": words.get(f"said_{said}", ""),
                "over": over,
                "choices": [(one.value, words[one.value]) for one in _ANSWERS],
            },
            status=status,
        )
    # The link must not travel on to wherever this page leads.
    response["Referrer-Policy"] = "no-referrer"
    return response

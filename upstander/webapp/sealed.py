"""The app's form, and what it sends: a report that was sealed where it was written."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from http import HTTPStatus

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upstander.base.languages import BY_CODE
from upstander.doors.web.cookie import open_session, sent_from_elsewhere
from upstander.doors.web.forms import MAX_ANSWERS, read_report
from upstander.doors.web.report import file_sent, rendered_form
from upstander.doors.web.responses import AppPage, from_another_website
from upstander.doors.web.snapshot import door_to, known_places
from upstander.intake.routing import NoCenter
from upstander.tips.reporter import MAX_TEXT, Filed, NotKept
from upstander.vault.errors import Forgotten, KeyFileError, SealBroken, VaultError
from upstander.vault.month_keys import INFO
from upstander.webapp.scope import asks_places, scope_of, with_district


class Refused(Exception):
    """What was written can't be taken; the message says why, to who wrote it."""


@require_http_methods(["GET", "HEAD", "POST"])
@asks_places
def report(request: HttpRequest) -> HttpResponse:
    """The app's form (``?d=<district>``), and what it sends."""
    if request.method == "POST":
        return _take(request)
    return AppPage(form_page(request), lets_in="worker-src connect-src")


def form_page(request: HttpRequest) -> str:
    """Return the form as it is kept on a device: the same for everybody until the month ends.

    Raises DatabaseError, VaultError.
    """
    places = known_places()
    key = settings.APP_KEYS.current()
    return rendered_form(
        request,
        places,
        door_to(places, district=request.GET.get("d", "")),
        get_language() or settings.LANGUAGE_CODE,
        # Made in the page, for each report anew: this page is kept.
        token="",
        template="webapp/report.html",
        month=key.month,
        key=b64encode(key.point).decode(),
        info=INFO.decode(),
        worker=with_district(request, reverse("app_worker")),
        scope=scope_of(),
        most=MAX_TEXT,
        most_answers=MAX_ANSWERS,
    )


def _take(request: HttpRequest) -> HttpResponse:
    """File a sealed report as the form's own; say the code only when it is asked for."""
    if sent_from_elsewhere(request):
        return _no(403, from_another_website())
    try:
        filed = _filed(request)
    except Forgotten:
        # The page has words of its own for it.
        return _no(422, "", gone=True)
    except (SealBroken, Refused) as refused:
        plain = isinstance(refused, Refused)
        return _no(422, str(refused) if plain else _("We could not read what was sent."))
    except (DatabaseError, KeyFileError, NotKept, NoCenter, VaultError):
        response = _no(503, _("We can’t reach our records right now. Nothing was sent."))
        response["Retry-After"] = "30"
        return response
    if not request.POST.get("show"):
        return JsonResponse({})
    response = JsonResponse({"code": filed.code})
    open_session(response, filed.session_token)
    return response


def _filed(request: HttpRequest) -> Filed:
    """File what came. Raises Forgotten, SealBroken, Refused, and what filing raises."""
    places = known_places()
    said = _opened(request.POST)
    with override(_language_of(said)):
        sent = read_report(said, places, door_to(places, district=said.get("district", "")))
        if sent.problems:
            raise Refused(" ".join(sent.problems.values()))
        return file_sent(request, sent, _language_of(said))


def _opened(post: QueryDict) -> QueryDict:
    """Return the form that was sealed. Raises Forgotten, SealBroken, KeyFileError."""
    try:
        sealed = b64decode(post.get("sealed", ""), validate=True)
        said = json.loads(settings.APP_KEYS.open(post.get("month", ""), sealed))
    except (ValueError, RecursionError) as error:
        raise SealBroken("no sealed form") from error
    # Without a token of its own each try would be another tip.
    texts = isinstance(said, dict) and all(isinstance(value, str) for value in said.values())
    if not texts or not said.get("token"):
        raise SealBroken("no sealed form")
    form = QueryDict(mutable=True)
    form.update(said)
    return form


def _language_of(said: QueryDict) -> str:
    """Return the language it was written in: the code's words are of that one, at each try."""
    language = said.get("lang", "")
    return language if language in BY_CODE else settings.LANGUAGE_CODE


def _no(status: int, problem: str, *, gone: bool = False) -> HttpResponse:
    return JsonResponse({"problem": problem, "gone": gone}, status=HTTPStatus(status))

"""The form, and sending it: a tip in, the conversation out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from upstander.places.public import PublicPlaces
from upstander.places.routing import NoCenter
from upstander.places.taxonomy import FILES_QUESTION
from upstander.tips.public.cookie import open_session, sent_from_elsewhere
from upstander.tips.public.files import store_all, take_uploads
from upstander.tips.public.forms import Sent, first_fields, read_report
from upstander.tips.public.responses import (
    OpenPage,
    from_another_website,
    page_context,
    rendered,
)
from upstander.tips.public.snapshot import Door, door_to, known_places
from upstander.tips.public.talk_page import talk_page
from upstander.tips.reporter import Filed, NewTip, NotKept, file_tip, new_form_token
from upstander.tips.speed import Page, Shelf, slot
from upstander.ui.errors import public_page
from upstander.vault.errors import VaultError

#: Where the front leaves what computes a tip's likeness, for tips from the slow lane only.
LIKENESS = "upstander.likeness"
#: … and where what counts equal words, for every tip.
SAME_WORDS = "upstander.same_words"

forms = Shelf()


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The form (``?d=<district>`` for one district's), and its sending."""
    try:
        places = known_places()
    except (DatabaseError, VaultError):
        return _away(request)
    if request.method == "POST":
        return _send(request, places)
    return _form(request, places, door_to(places, district=request.GET.get("d", "")))


@require_safe
def report_from_poster(request: HttpRequest, school: str) -> HttpResponse:
    """The form with the school filled in, as the poster's QR code opens it."""
    try:
        places = known_places()
    except (DatabaseError, VaultError):
        return _away(request)
    door = door_to(places, school=school)
    if door.school is None:
        raise Http404
    return _form(request, places, door)


def _form(request: HttpRequest, places: PublicPlaces, door: Door) -> HttpResponse:
    language = _language()

    def render() -> str:
        return _rendered_form(request, places, door, language, token=slot("token"))

    # `taken_at` names the snapshot: a new school or a renamed tile makes new pages.
    page = forms.page((language, door, request.path, places.taken_at), render)
    return _filled(request, page, {"token": new_form_token()})


def _filled(request: HttpRequest, page: Page, values: Mapping[str, str]) -> HttpResponse:
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        packed = page.gzipped(values)
        if packed is not None:
            return OpenPage(packed, headers={"Content-Encoding": "gzip"})
    return OpenPage(page.filled(values))


def _rendered_form(
    request: HttpRequest,
    places: PublicPlaces,
    door: Door,
    language: str,
    *,
    token: str,
    sent: Sent | None = None,
    away: bool = False,
    elsewhere: bool = False,
) -> str:
    fields = first_fields(
        places,
        door,
        language,
        typed=sent.typed if sent else None,
        problems=sent.problems if sent else None,
    )
    return rendered(
        "tips/public/report.html",
        page_context(
            request,
            door,
            fields=fields,
            wrong=[field for field in fields if field.problem],
            away=away,
            elsewhere=from_another_website() if elsewhere else "",
            again=sent is not None,
            token=token,
            # Whoever changes the language comes from the same place still.
            language_path=request.path
            if door.school or not door.district
            else f"{request.path}?d={door.district.slug}",
            files_words=FILES_QUESTION.hint(language),
        ),
    )


def _send(request: HttpRequest, places: PublicPlaces) -> HttpResponse:
    if request.content_type == "multipart/form-data":
        take_uploads(request)
    try:
        post = request.POST
    except (MultiPartParserError, UnicodeError, LookupError):
        return public_page(request, 400)
    door = door_to(places, district=post.get("district", ""))
    sent = read_report(post, places, door)
    language = _language()
    if sent_from_elsewhere(request):
        # Whoever reads it here and sends it means it; what they wrote is not lost.
        page = _rendered_form(
            request, places, door, language, token=new_form_token(), sent=sent, elsewhere=True
        )
        return HttpResponse(page, status=403)
    if sent.problems:
        page = _rendered_form(request, places, door, language, token=sent.token, sent=sent)
        return HttpResponse(page, status=422)
    likeness: Callable[[str], bytes] | None = request.META.get(LIKENESS)
    try:
        filed = file_tip(
            NewTip(
                token=sent.token,
                text=sent.text,
                language=language,
                tile=sent.tile,
                answers=sent.answers,
                school_id=sent.school_id,
                district_id=sent.district_id,
                likeness=likeness(sent.text) if likeness else None,
                same_words=request.META.get(SAME_WORDS),
            )
        )
    except (NotKept, NoCenter, VaultError):
        page = _rendered_form(
            request, places, door, language, token=sent.token, sent=sent, away=True
        )
        return HttpResponse(page, status=503, headers={"Retry-After": "30"})
    return _thanks(request, sent, filed)


def _thanks(request: HttpRequest, sent: Sent, filed: Filed) -> HttpResponse:
    # Our form has no files: they are asked for on the next page, so that no upload holds up a tip
    # and no tile without files offers them. Those that come all the same come after the words.
    problem = store_all(filed.session_token, request.FILES.getlist("file"))
    response = HttpResponse(
        talk_page(
            request,
            sent.door,
            tile=sent.tile or "",
            answers=sent.answers,
            received=filed.received_at,
            code=filed.code,
            problem=problem,
            problem_about="file" if problem else "",
        )
    )
    open_session(response, filed.session_token)
    return response


def _away(request: HttpRequest) -> HttpResponse:
    response = public_page(request, 503)
    response["Retry-After"] = "30"
    return response


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE

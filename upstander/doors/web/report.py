"""The form, and sending it: a tip in, the conversation out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from upstander.base.languages import language_of
from upstander.doors.recordings import Recordings, state_of
from upstander.doors.web.cookie import open_session, sent_from_elsewhere
from upstander.doors.web.files import store_all
from upstander.doors.web.forms import Sent, first_fields, in_another_language, read_report
from upstander.doors.web.responses import (
    OpenPage,
    from_another_website,
    page_context,
    rendered,
)
from upstander.doors.web.snapshot import Door, door_to, known_places
from upstander.doors.web.talk_page import talk_page
from upstander.intake.routing import NoCenter
from upstander.intake.served import PublicPlaces
from upstander.intake.taxonomy import FILES_QUESTION
from upstander.tips.refused_files import take_uploads
from upstander.tips.reporter import Filed, NewTip, NotKept, file_tip, new_form_token
from upstander.tips.speed import Page, Shelf, slot
from upstander.ui.errors import public_page
from upstander.vault.errors import VaultError

#: Where the front leaves what computes a tip's similarity, for tips from the slow lane only.
SIMILARITY = "upstander.similarity"
#: … and where what counts equal words, for every tip.
SAME_WORDS = "upstander.same_words"
#: … and what counts an asking for somebody to come, and tells whether its place has sent a few.
FROM_A_CROWD = "upstander.from_a_crowd"

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
def report_to_talk(request: HttpRequest, school: str = "") -> HttpResponse:
    """The same form for whoever wants to talk, not report (``?d=<district>``, or of a poster)."""
    try:
        places = known_places()
    except (DatabaseError, VaultError):
        return _away(request)
    door = door_to(places, school=school, district=request.GET.get("d", ""))
    if school and door.school is None:
        raise Http404
    return _form(request, places, door, to_talk=True)


@require_http_methods(["GET", "HEAD", "POST"])
def report_language(request: HttpRequest) -> HttpResponse:
    """Give the form back in another language; nothing is ever filed here.

    An address of its own, because what is sent to ``report`` counts as a tip of its place: a school
    whose students change the language must not look like a flood.
    """
    if request.method != "POST":
        return _see(reverse("report"))
    try:
        places = known_places()
    except (DatabaseError, VaultError):
        return _away(request)
    return _send(request, places, tip=False)


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


def _form(
    request: HttpRequest, places: PublicPlaces, door: Door, *, to_talk: bool = False
) -> HttpResponse:
    language, hear = _language(), request.GET.get("hear") == "yes"

    def render() -> str:
        return rendered_form(
            request, places, door, language, token=slot("token"), to_talk=to_talk, hear=hear
        )

    # `taken_at` names the snapshot: a new school or a renamed tile makes new pages.
    shown = (language, state_of(language), hear)
    page = forms.page((*shown, door, request.path, places.taken_at), render)
    return _filled(request, page, {"token": new_form_token()})


def _filled(request: HttpRequest, page: Page, values: Mapping[str, str]) -> HttpResponse:
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        packed = page.gzipped(values)
        if packed is not None:
            return OpenPage(packed, headers={"Content-Encoding": "gzip"})
    return OpenPage(page.filled(values))


def rendered_form(
    request: HttpRequest,
    places: PublicPlaces,
    door: Door,
    language: str,
    *,
    token: str,
    sent: Sent | None = None,
    away: bool = False,
    elsewhere: bool = False,
    to_talk: bool = False,
    hear: bool = False,
    heard_by: Recordings | None = None,
    template: str = "",
    **more: object,
) -> str:
    """Render the form; by another ``template`` that extends it, which may need ``more``."""
    to_talk, hear = (sent.to_talk, sent.hear) if sent else (to_talk, hear)
    recordings = Recordings(language) if heard_by is None else heard_by
    fields = first_fields(
        places,
        door,
        language,
        typed=sent.typed if sent else None,
        problems=sent.problems if sent else None,
        talk=to_talk,
    )
    return rendered(
        template or ("doors/report_talk.html" if to_talk else "doors/report.html"),
        page_context(
            request,
            door,
            box=next(field for field in fields if field.required),
            more=[field for field in fields if not field.required],
            wrong=[field for field in fields if field.problem],
            away=away,
            elsewhere=from_another_website() if elsewhere else "",
            token=token,
            adult=sent.adult if sent else {},
            # A change of language sends the form along, wherever it was opened.
            language_form="report-form",
            language_path=reverse("report_language"),
            files_words=FILES_QUESTION.hint(language),
            # Of a talk more stands above the box, which is on the first screen whole.
            box_rows=3 if to_talk else 4,
            other_url=_address(door, to_talk=not to_talk),
            recordings=recordings if hear else None,
            can_be_heard=bool(recordings),
            hear_url=_address(door, to_talk=to_talk, hear=True),
            # What an app keeps on the device is read without a line: there it plays nothing.
            app=bool(template),
            language_name=language_of(language).own,
            **more,
        ),
    )


def _send(request: HttpRequest, places: PublicPlaces, *, tip: bool = True) -> HttpResponse:
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
        page = rendered_form(
            request, places, door, language, token=new_form_token(), sent=sent, elsewhere=True
        )
        return HttpResponse(page, status=403)
    if in_another_language(post) or not tip:
        return _translated(request, places, sent, language)
    if sent.problems:
        page = rendered_form(request, places, door, language, token=sent.token, sent=sent)
        return HttpResponse(page, status=422)
    try:
        filed = file_sent(request, sent, language)
    except (NotKept, NoCenter, VaultError):
        page = rendered_form(
            request, places, door, language, token=sent.token, sent=sent, away=True
        )
        return HttpResponse(page, status=503, headers={"Retry-After": "30"})
    return _thanks(request, sent, filed)


def file_sent(request: HttpRequest, sent: Sent, language: str) -> Filed:
    """File what a form sent, with what the gate says of floods.

    Raises NotKept, NoCenter, VaultError.
    """
    similarity: Callable[[str], bytes] | None = request.META.get(SIMILARITY)
    return file_tip(
        NewTip(
            token=sent.token,
            text=sent.text,
            language=language,
            tile=sent.tile,
            answers={**sent.answers, **sent.adult},
            school_id=sent.school_id,
            district_id=sent.district_id,
            to_talk=sent.to_talk,
            similarity=similarity(sent.text) if similarity else None,
            same_words=request.META.get(SAME_WORDS),
        )
    )


def _translated(
    request: HttpRequest, places: PublicPlaces, sent: Sent, language: str
) -> HttpResponse:
    """Give the form back in another language with all that was typed, the same form's token on it.

    Nothing is filed or kept: what was typed goes from the browser to the page and nowhere else.
    Where nothing was typed yet, the form as everybody gets it is lighter, and can be reloaded.
    """
    filled = {key for key, value in sent.typed.items() if value.strip()}
    if filled <= {"school"} and sent.door.school and sent.school_id:
        return _see(_address(sent.door, to_talk=sent.to_talk, hear=sent.hear))
    if not filled:
        return _see(_address(Door(sent.door.district), to_talk=sent.to_talk, hear=sent.hear))
    shown = replace(sent, problems={})
    return HttpResponse(
        rendered_form(request, places, sent.door, language, token=sent.token, sent=shown)
    )


def _address(door: Door, *, to_talk: bool, hear: bool = False) -> str:
    """Return where a door's form stands: to report, or to talk; to be read, or heard."""
    asked = {"hear": "yes"} if hear else {}
    if door.school:
        name = "report_from_poster_to_talk" if to_talk else "report_from_poster"
        return reverse(name, args=[door.school.slug], query=asked)
    place = {"d": door.district.slug} if door.district else {}
    return reverse("report_to_talk" if to_talk else "report", query=place | asked)


def _see(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


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
            to_talk=sent.to_talk,
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

"""The certificate's page, for anybody who has its number; who has read the courses, for admins."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from upstander.base.languages import ENGLISH, language_of, staff_language
from upstander.base.refused import Refused
from upstander.people.limits import too_many
from upstander.people.permissions import Permission, open_to_strangers, requires, viewer_of
from upstander.training.actions.courses import review_course
from upstander.training.certificates import certificate_of
from upstander.training.courses.approving import all_texts
from upstander.training.courses.loading import courses
from upstander.training.courses.offline import shown_card
from upstander.ui.press import tell


@open_to_strangers
@never_cache
@require_http_methods(["GET", "POST"])
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """Show what was completed, and when; confirm whose it is to whoever types the whole name.

    ``in``: a language (ISO 639-1), English where staff's pages have none of it.
    """
    one, status = certificate_of(number), 200
    course = courses().get(one.course)
    titles = [(course.title(code), code) for code in course.languages] if course else []
    context: dict[str, object] = {"one": one, "titles": titles}
    if request.method == "POST":
        typed = request.POST.get("name", "")[:200]
        if too_many("certificate", number):
            context["tired"], status = True, 429
        elif one.is_of(typed):
            context["name"] = " ".join(typed.split())
        else:
            context["wrong"], status = True, 422
    with translation.override(staff_language(request.GET.get("in", ENGLISH.code))):
        return render(request, "training/course/certificate.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(Permission.CONFIRM_RULES)
def readers(request: HttpRequest) -> HttpResponseBase:
    """Show who has read each course as it stands, and keep that two people have."""
    status = 200
    if request.method == "POST":
        key, _, language = request.POST.get("text", "").partition(":")
        names = (request.POST.get("qualified", ""), request.POST.get("second", ""))
        try:
            review_course(
                viewer_of(request),
                key,
                language,
                request.POST.get("digest", ""),
                readers=names,
                stands=request.POST.get("stands") == "yes",
            )
        except Refused as refused:
            tell(request, refused)
            status = refused.status
        else:
            messages.success(request, gettext("Saved."))
            return redirect("training:readers")
    rows = [(one, language_of(one.language)) for one in all_texts()]
    return render(
        request, "training/readers.html", {"rows": rows, "kept": request.POST}, status=status
    )


@require_http_methods(["GET"])
@requires(Permission.CONFIRM_RULES)
def whole(request: HttpRequest, course: str, language: str) -> HttpResponseBase:
    """Show a course whole, as its readers approve it: every part, every card with its answer."""
    for one in all_texts():
        if (one.course.key, one.language) == (course, language):
            spoken = language_of(language)
            shown = {
                "text": one,
                "parts": one.course.parts[language],
                "cards": [shown_card(card, one) for card in one.course.cards],
                "dir": "rtl" if spoken.right_to_left else "ltr",
            }
            return render(request, "training/whole.html", shown)
    raise Http404

"""The pages of students' sessions: plan, begin, slides for the projector, count."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from upstander.base.languages import language_of
from upstander.lessons.actions.leading import Aftercare, begin_session, end_session, plan_session
from upstander.lessons.forms import AftercareForm, CountForm, PlanForm
from upstander.lessons.models import Session
from upstander.lessons.rights import LessonRight
from upstander.people.permissions import requires, viewer_of
from upstander.people.scope import viewing
from upstander.places.models import School
from upstander.training.courses.approving import offered
from upstander.training.courses.loading import courses
from upstander.ui.press import refusal_told


@require_http_methods(["GET", "POST"])
@requires(LessonRight.LEAD)
def sessions(request: HttpRequest) -> HttpResponse:
    """Show one's own sessions, and plan another."""
    viewer = viewer_of(request)
    own = {m.school_id for m in viewer.memberships if m.school_id}
    with viewing(viewer):
        rows = list(Session.objects.filter(led_by=viewer.person_id).order_by("-day", "-pk"))
        schools = list(School.objects.filter(pk__in=own).values_list("pk", "name"))
    texts = [
        (f"{key}:{code}", text.title)
        for key, by_language in offered().items()
        for code, text in by_language.items()
        if text.course.file.band in {"6-8", "9-12"}
    ]
    form = PlanForm(request.POST or None, schools=schools, texts=texts)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        course, _, language = said["text"].partition(":")
        with refusal_told(request):
            made = plan_session(
                viewer, said["school"], course, language, said["grade"], said["day"]
            )
            return redirect("lessons:session", made)
    shown = [(row, courses()[row.course].title(row.language)) for row in rows]
    return render(request, "lessons/sessions.html", {"rows": shown, "form": form})


@require_http_methods(["GET", "POST"])
@requires(LessonRight.LEAD)
def session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Show a session; begin it with aftercare, then count who was there."""
    viewer = viewer_of(request)
    row = _own(request, session_id)
    form = (AftercareForm if row.begun_at is None else CountForm)(request.POST or None)
    if request.method == "POST" and row.ended_at is None and form.is_valid():
        with refusal_told(request):
            if row.begun_at is None:
                begin_session(viewer, row.pk, Aftercare(**form.cleaned_data))
            else:
                end_session(viewer, row.pk, **form.cleaned_data)
        return redirect("lessons:session", row.pk)
    title = courses()[row.course].title(row.language)
    return render(request, "lessons/session.html", {"row": row, "title": title, "form": form})


@require_GET
@requires(LessonRight.LEAD)
def slide(request: HttpRequest, session_id: int, number: int) -> HttpResponse:
    """Show one part of the course in large type, once the session has begun."""
    row = _own(request, session_id)
    text = offered().get(row.course, {}).get(row.language)
    if row.begun_at is None or text is None or text.digest != row.version:
        raise Http404
    parts = text.course.parts[row.language]
    if not 1 <= number <= len(parts):
        raise Http404
    shown = {
        "row": row,
        "part": parts[number - 1],
        "before": number - 1,
        "after": number + 1 if number < len(parts) else 0,
        "minutes": round(text.course.file.minutes / len(parts)),
        "dir": "rtl" if language_of(row.language).right_to_left else "ltr",
    }
    return render(request, "lessons/slide.html", shown)


def _own(request: HttpRequest, session_id: int) -> Session:
    viewer = viewer_of(request)
    with viewing(viewer):
        row = Session.objects.filter(pk=session_id, led_by=viewer.person_id).first()
    if row is None:
        raise Http404
    return row

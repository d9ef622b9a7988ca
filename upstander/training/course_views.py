"""The pages of a course, for somebody signed in and for whoever has a link: text, cards, quiz.

Of what anybody answers nothing is kept: cards and quiz are looked at and forgotten with the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from secrets import SystemRandom
from typing import Final

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from upstander.base.languages import language_of
from upstander.people.link_pages import link_page
from upstander.people.permissions import requires, viewer_of
from upstander.people.scope import Viewer, viewing
from upstander.training.actions.completions import complete_by_link, linked, record_completion
from upstander.training.certificates import number_of
from upstander.training.courses.approving import Text, offered
from upstander.training.courses.loading import DRAWN, ENOUGH, Card, CardText
from upstander.training.courses.offline import zipped
from upstander.training.models import Completion, Employee
from upstander.training.rights import TrainingRight

#: How long a drawn quiz can be answered, in seconds.
QUIZ_SECONDS: Final = 24 * 3600
_SALT: Final = "training.quiz"


@dataclass(frozen=True, slots=True)
class Asked:
    """One card on a page, with what was answered to it: the answer's number from 1, 0 for none."""

    card: Card
    text: CardText
    answered: int = 0

    @property
    def is_right(self) -> bool:
        """Whether the best answer was chosen."""
        return self.answered == self.card.right

    @property
    def best(self) -> str:
        """The best answer."""
        return self.text.choices[self.card.right - 1]

    @property
    def choices(self) -> list[tuple[int, str, bool]]:
        """Each answer's number, its words, and whether it was chosen."""
        return [(n, one, n == self.answered) for n, one in enumerate(self.text.choices, 1)]


@dataclass(frozen=True, slots=True)
class Road:
    """By which road somebody reads a course: signed in, or by a link."""

    text: Text
    #: The course's key, or the link.
    by: str
    viewer: Viewer | None = None

    def to(self, page: str, *more: object) -> str:
        """Return the address of one of the course's pages on this road."""
        name = page if self.viewer else f"link_{page}"
        return reverse(f"training:{name}", args=(self.by, self.text.language, *more))

    def show(
        self, request: HttpRequest, template: str, context: dict[str, object], status: int = 200
    ) -> HttpResponse:
        """Show a page in its frame; around a link's page everything is in the course's language."""
        language = language_of(self.text.language)
        frame = "ui/desk.html" if self.viewer else "ui/account.html"
        shown = {
            "frame": frame,
            "text": self.text,
            "course": self.text.course,
            "dir": "rtl" if language.right_to_left else "ltr",
            "drawn": DRAWN,
            "enough": ENOUGH,
        } | context
        if self.viewer:
            return render(request, template, shown, status=status)
        with translation.override(self.text.language):
            return render(request, template, shown, status=status)


@require_GET
@requires(TrainingRight.OWN_DUES)
def listed(request: HttpRequest) -> HttpResponseBase:
    """Show which courses there are, in which languages, and which of them one has completed."""
    viewer = viewer_of(request)
    with viewing(viewer):
        done = {
            one.course: one
            for one in Completion.objects.filter(employee__person_id=viewer.person_id).order_by(
                "completed_on", "pk"
            )
        }
    rows = []
    for key, texts in offered().items():
        completion = done.get(key)
        rows.append(
            {
                "texts": [(one, language_of(one.language)) for one in texts.values()],
                "course": next(iter(texts.values())).course,
                "title": (texts.get("en") or next(iter(texts.values()))).title,
                "done": completion,
                "certificate": number_of(completion.pk) if completion else "",
            }
        )
    rows.sort(key=lambda row: (row["course"].file.band != "staff", row["title"]))  # type: ignore[attr-defined]
    return render(request, "training/courses.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@requires(TrainingRight.OWN_DUES)
def part(request: HttpRequest, course: str, language: str, number: int) -> HttpResponseBase:
    """Show one part of a course, and what was answered to its cards."""
    return _part(request, Road(_text(course, language), course, viewer_of(request)), number)


@never_cache
@require_http_methods(["GET", "POST"])
@requires(TrainingRight.OWN_DUES)
def quiz(request: HttpRequest, course: str, language: str) -> HttpResponseBase:
    """Ask a quiz, and keep that it was passed."""
    return _quiz(request, Road(_text(course, language), course, viewer_of(request)))


@require_GET
@requires(TrainingRight.OWN_DUES)
def offline(request: HttpRequest, course: str, language: str) -> HttpResponseBase:
    """Give a course as a file that opens without a network."""
    name = f"{course}.{language}"
    return HttpResponse(
        zipped(_text(course, language)),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}.zip"'},
    )


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "training/course/link_over.html")


@link_page(_over)
def link(request: HttpRequest, link: str) -> HttpResponse:
    """Show for which course a link is, and in which languages it can be read."""
    texts = offered().get(linked(link).course, {})
    shown = [(one, language_of(one.language)) for one in texts.values()]
    return render(request, "training/course/link.html", {"texts": shown, "link": link})


@link_page(_over)
def link_part(request: HttpRequest, link: str, language: str, number: int) -> HttpResponse:
    """Show one part of a course to whoever has a link."""
    return _part(request, Road(_text(linked(link).course, language), link), number)


@link_page(_over)
def link_quiz(request: HttpRequest, link: str, language: str) -> HttpResponse:
    """Ask whoever has a link a quiz; passed, the link is used up."""
    return _quiz(request, Road(_text(linked(link).course, language), link))


def _text(key: str, language: str) -> Text:
    found = offered().get(key, {}).get(language)
    if found is None:
        raise Http404
    return found


def _part(request: HttpRequest, road: Road, number: int) -> HttpResponse:
    course, language = road.text.course, road.text.language
    parts = course.parts[language]
    if not 1 <= number <= len(parts):
        raise Http404
    last = number == len(parts)
    cards = course.cards_after(number)
    if last and not course.file.quiz:
        cards += course.cards_after(0)
    asked = [_asked(request, road, card) for card in cards]
    return road.show(
        request,
        "training/course/part.html",
        {
            "part": parts[number - 1],
            "number": number,
            "count": len(parts),
            "asked": asked,
            "before": road.to("part", number - 1) if number > 1 else "",
            "after": "" if last else road.to("part", number + 1),
            "quiz": road.to("quiz") if last and course.file.quiz else "",
            "zip": road.to("offline") if road.viewer else "",
        },
    )


def _asked(request: HttpRequest, road: Road, card: Card) -> Asked:
    text = card.texts[road.text.language]
    said = request.POST.get(card.key, "")
    answered = int(said) if said.isascii() and said.isdigit() and len(said) < 3 else 0
    return Asked(card, text, answered if answered <= len(text.choices) else 0)


def _quiz(request: HttpRequest, road: Road) -> HttpResponse:
    course = road.text.course
    if not course.file.quiz:
        raise Http404
    cards = {one.key: one for one in course.cards}
    asked: list[Asked] = []
    if request.method == "POST":
        try:
            drawn, digest = signing.loads(
                request.POST.get("drawn", ""), salt=_SALT, max_age=QUIZ_SECONDS
            )
        except signing.BadSignature:
            drawn, digest = [], ""
        if digest == road.text.digest:
            asked = [_asked(request, road, cards[key]) for key in drawn]
    right = sum(one.is_right for one in asked)
    if asked and right >= ENOUGH:
        return _passed(request, road)
    context: dict[str, object] = {"right": right, "first": road.to("part", 1)}
    if asked:
        context |= {"missed": [one for one in asked if not one.is_right], "again": road.to("quiz")}
        return road.show(request, "training/course/quiz_again.html", context, 422)
    keys = SystemRandom().sample(sorted(cards), DRAWN)
    context |= {
        "asked": [Asked(cards[key], cards[key].texts[road.text.language]) for key in keys],
        "signed": signing.dumps([keys, road.text.digest], salt=_SALT),
        "stale": request.method == "POST",
    }
    return road.show(
        request, "training/course/quiz.html", context, 422 if context["stale"] else 200
    )


def _passed(request: HttpRequest, road: Road) -> HttpResponse:
    """Keep that the course was completed, and lead to its certificate."""
    if road.viewer is None:
        done = complete_by_link(road.by, road.text.digest)
    else:
        with viewing(road.viewer):
            own = (
                Employee.objects.filter(person_id=road.viewer.person_id, left_on=None)
                .order_by("hired_on")
                .last()
            )
        if own is None:
            return road.show(request, "training/course/unlisted.html", {})
        done = record_completion(
            road.viewer,
            own.pk,
            road.text.course.key,
            way=Completion.Way.HERE,
            version=road.text.digest,
        )
    there = reverse("training:certificate", args=(number_of(done),))
    return redirect(f"{there}?in={road.text.language}")

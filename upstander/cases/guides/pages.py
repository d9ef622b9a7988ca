"""What the guides' pages share: the page that goes on by a POST, and the form of what follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from upstander.cases.case_acts import number
from upstander.cases.guides.loading import Outcome, Step
from upstander.cases.guides.steps import Chosen, Settled, Wanted
from upstander.cases.opening import OpenCase, open_the_case
from upstander.cases.panels import CasePage, read_page
from upstander.cases.support import HOME, Todo, home_said
from upstander.cases.views import typed
from upstander.places.folders import FolderShut
from upstander.places.permissions import Permission, requires, viewer_of
from upstander.tips.actions import NotAllowedNow

type Act = Callable[[HttpRequest, OpenCase], HttpResponseBase | str]
type Show = Callable[[HttpRequest, CasePage, QueryDict], Mapping[str, Any]]


def guide(template: str, acts: Mapping[str, Act]) -> Callable[[Show], Callable[..., Any]]:
    """Make a guide's page of a function that gathers what it shows; ``acts`` by ``do``.

    An act returns a message, after which the page is shown anew, or an answer of its own.
    """

    def decorate(show: Show) -> Callable[..., HttpResponseBase]:
        @require_http_methods(["GET", "POST"])
        @requires(Permission.WORK_CASES)
        @wraps(show)
        def view(request: HttpRequest, /, case_id: UUID) -> HttpResponseBase:
            name, kept, status = show.__name__, QueryDict(), 200
            try:
                opened = open_the_case(viewer_of(request), case_id, purpose=name)
            except FolderShut:
                return render(request, "cases/shut.html", status=403)
            if request.method == "POST" and "look" in request.POST:
                # Only another form of the same page: what was typed comes with it.
                kept = request.POST
            elif request.method == "POST":
                try:
                    act = acts.get(request.POST.get("do", ""))
                    if act is None:
                        raise NotAllowedNow("Choose what to do.")
                    done = act(request, opened)
                except NotAllowedNow as refused:
                    messages.error(request, str(refused))
                    kept, status = request.POST, 422
                else:
                    if not isinstance(done, str):
                        return done
                    messages.success(request, done)
                    return redirect(request.path)
            page = read_page(opened)
            context = {"page": page, "case": page.case, "kept": kept, **show(request, page, kept)}
            return render(request, template, context, status=status)

        return view

    return decorate


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of a form: what is asked, and what was chosen so far."""

    step: Step
    want: Wanted
    #: Home is not safe, so the parents are not told.
    shut: bool


def chosen_in(request: HttpRequest, outcome: Outcome) -> Chosen:
    """Return what a form chose for each of an outcome's steps."""
    return Chosen(
        {
            step.key: Wanted(
                number(request, f"owner-{step.key}"),
                typed(request, f"words-{step.key}"),
                request.POST.get(f"left-{step.key}") == "yes",
                typed(request, f"why-{step.key}"),
            )
            for step in outcome.steps
        },
        request.POST.get("home", ""),
        typed(request, "home_words"),
        request.POST.get("sure") == "yes",
    )


def steps_form(page: CasePage, outcome: Outcome, kept: QueryDict) -> dict[str, Any]:
    """Return an outcome's steps as a form shows them."""
    home = home_said(page.entries)
    rows = []
    for step in outcome.steps:
        owner = kept.get(f"owner-{step.key}", "")
        want = Wanted(
            int(owner) if owner.isdigit() and len(owner) < 16 else page.me,
            kept.get(f"words-{step.key}", ""),
            kept.get(f"left-{step.key}") == "yes",
            kept.get(f"why-{step.key}", ""),
        )
        rows.append(StepRow(step, want, shut=step.kind == "parents" and home == "no"))
    return {
        "outcome": outcome,
        "rows": rows,
        "home": home,
        "home_words": HOME.get(home, ""),
        "asks_home": home in ("", "unknown") and any(r.step.kind == "parents" for r in rows),
        "home_answers": HOME.items(),
    }


def under_way(
    page: CasePage, outcome: Outcome | None, settled: Settled | None
) -> list[tuple[str, Todo | None, str, str]]:
    """Return each step as (label, its action, whose it is, why it is left out)."""
    if settled is None:
        return []
    by_id = {one.action.pk: one for one in page.todos}
    found = []
    for key in (*settled.taken, *settled.left):
        step = outcome.step(key) if outcome else None
        todo = by_id.get(settled.taken[key]) if key in settled.taken else None
        owner = page.name(todo.action.owner_id) if todo else ""
        found.append((step.label if step else key, todo, owner, settled.left.get(key, "")))
    return found

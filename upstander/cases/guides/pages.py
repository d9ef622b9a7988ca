"""What the guides' pages share: the page that goes on by a POST, and the form of what follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise

from upstander.base.refused import Refused
from upstander.cases.case_views import CASE_PAGE
from upstander.cases.guides.loading import Outcome, Step
from upstander.cases.guides.steps import Chosen, Settled, Wanted, left_for_home
from upstander.cases.homes import HOME, AboutHome, Family, homes_said
from upstander.cases.opening import OpenCase
from upstander.cases.panels import CasePage, read_page
from upstander.cases.support import Todo
from upstander.cases.views import typed
from upstander.ui.press import number

type Act = Callable[[HttpRequest, OpenCase], HttpResponseBase | str]
type Show = Callable[[HttpRequest, CasePage, QueryDict], Mapping[str, Any]]


def guide(template: str, acts: Mapping[str, Act]) -> Callable[[Show], Callable[..., Any]]:
    """Make a guide's page of a function that gathers what it shows; ``acts`` by ``do``.

    An act returns a message, after which the page is shown anew, or an answer of its own.
    """

    def decorate(show: Show) -> Callable[..., HttpResponseBase]:
        def shown(
            request: HttpRequest, opened: OpenCase, kept: QueryDict, status: int = 200
        ) -> HttpResponseBase:
            page = read_page(opened)
            context = {"page": page, "case": page.case, "kept": kept, **show(request, page, kept)}
            return render(request, template, context, status=status)

        @wraps(show)
        def do(request: HttpRequest, opened: OpenCase) -> HttpResponseBase:
            if "look" in request.POST:
                # Only another form of the same page: what was typed comes with it.
                return shown(request, opened, request.POST)
            act = acts.get(request.POST.get("do", ""))
            if act is None:
                raise Refused("Choose what to do.")
            done = act(request, opened)
            if not isinstance(done, str):
                return done
            messages.success(request, done)
            return redirect(request.path)

        return replace(
            CASE_PAGE,
            again=lambda request, opened, again: shown(request, opened, again.typed, again.status),
            reads=lambda request, opened: shown(request, opened, QueryDict()),
        ).act(do)

    return decorate


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of a form: what is asked, and what was chosen so far."""

    step: Step
    want: Wanted
    #: Home is not safe, so the parents are not told.
    shut: bool


@dataclass(frozen=True, slots=True)
class HomeRow:
    """The question about one family's home, what is known of it, and what was typed so far."""

    family: Family
    known: Promise | str
    #: It is asked with the steps: nobody has answered it, or nobody knew.
    asked: bool
    answer: str
    words: str
    sure: bool


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
        {
            family.key: AboutHome(
                request.POST.get(f"{family.prefix}home", ""),
                typed(request, f"{family.prefix}home_words"),
                request.POST.get(f"{family.prefix}sure") == "yes",
            )
            for family in outcome.families
        },
    )


def steps_form(page: CasePage, outcome: Outcome, kept: QueryDict) -> dict[str, Any]:
    """Return an outcome's steps as a form shows them."""
    known = homes_said(page.entries)
    rows = []
    for step in outcome.steps:
        owner = kept.get(f"owner-{step.key}", "")
        want = Wanted(
            int(owner) if owner.isdigit() and len(owner) < 16 else page.me,
            kept.get(f"words-{step.key}", ""),
            kept.get(f"left-{step.key}") == "yes",
            kept.get(f"why-{step.key}", ""),
        )
        rows.append(StepRow(step, want, shut=left_for_home(step, known)))
    return {
        "outcome": outcome,
        "rows": rows,
        "homes": [
            HomeRow(
                family,
                HOME.get(known[family.key], ""),
                asked=known[family.key] in ("", "unknown"),
                answer=kept.get(f"{family.prefix}home", "") or known[family.key],
                words=kept.get(f"{family.prefix}home_words", ""),
                sure=kept.get(f"{family.prefix}sure") == "yes",
            )
            for family in outcome.families
        ],
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

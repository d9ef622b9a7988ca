"""What the guides' pages share: the page that goes on by a POST, and the form of what follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.cases.actions.homes import HOME, AboutHome, Family, homes_known
from upstander.cases.actions.opening import OpenCase
from upstander.cases.actions.support import Todo
from upstander.cases.case_views import CASE_PAGE
from upstander.cases.guides.loading import Outcome, Step
from upstander.cases.guides.steps import Chosen, Settled, Wanted, left_for_home, of_step
from upstander.cases.panels import CasePage, read_page
from upstander.cases.views import typed
from upstander.ui.press import number

type Homes = Mapping[str, Sequence[AboutHome]]
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
                raise Refused(gettext("Choose what to do."))
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
    #: What stands before the names of its fields.
    prefix: str
    known: Promise | str
    #: It is asked with the steps: nobody has answered it, or nobody knew.
    asked: bool
    answer: str
    words: str
    sure: bool
    #: Whose home, where there can be several.
    name: str = ""
    #: The first of its family, which says what is asked; the last, after which there can be more.
    first: bool = True
    last: bool = True
    #: How many of its family the form asks about.
    rows: int = 1
    #: What was answered in an earlier assessment.
    before: Sequence[str] = ()


#: For how many of one family homes can be asked on one form.
MOST_HOMES: Final = 30


def _prefixes(family: Family, rows: int) -> list[str]:
    """Return what stands before the fields' names of each one of a family."""
    return [family.prefix, *(f"{family.prefix}{place}_" for place in range(2, rows + 1))]


def _rows_in(form: QueryDict, family: Family) -> int:
    """Return how many of a family a form asked about."""
    rows = form.get(f"{family.prefix}rows", "") if family.several else ""
    return min(max(int(rows), 1), MOST_HOMES) if rows.isdecimal() and len(rows) < 4 else 1


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
            family.key: tuple(
                AboutHome(
                    request.POST.get(f"{prefix}home", ""),
                    typed(request, f"{prefix}home_words"),
                    request.POST.get(f"{prefix}sure") == "yes",
                    typed(request, f"{prefix}name").strip() if family.several else "",
                )
                for prefix in _prefixes(family, _rows_in(request.POST, family))
            )
            for family in outcome.families
        },
    )


def steps_form(
    page: CasePage,
    outcome: Outcome,
    kept: QueryDict,
    known: Homes | None = None,
    before: Homes | None = None,
) -> dict[str, Any]:
    """Return an outcome's steps as a form shows them.

    ``known``: what is known of homes, all that the case says unless it is given; ``before``: what
    was answered in an earlier assessment, to be shown beside the question.
    """
    known, before = known or homes_known(page.entries), before or {}
    rows = []
    for step in outcome.steps:
        owner = kept.get(f"owner-{step.key}", "")
        want = Wanted(
            int(owner) if owner.isdigit() and len(owner) < 16 else page.me,
            kept.get(f"words-{step.key}", ""),
            kept.get(f"left-{step.key}") == "yes",
            kept.get(f"why-{step.key}", ""),
        )
        several = step.family is not None and step.family.several
        rows.append(StepRow(step, want, shut=not several and left_for_home(step, known)))
    return {
        "outcome": outcome,
        "rows": rows,
        "homes": [
            row
            for family in outcome.families
            for row in _home_rows(
                family,
                known[family.key],
                kept,
                before.get(family.key, ()),
            )
        ],
        "home_answers": HOME.items(),
    }


def _in_words(said: AboutHome) -> str:
    name = f"{said.name}: " if said.name else ""
    return f"{name}{HOME[said.answer]}. {said.words}".strip()


def _home_rows(
    family: Family, known: Sequence[AboutHome], kept: QueryDict, before: Sequence[AboutHome]
) -> list[HomeRow]:
    """Return the questions about a family's home: about each one's, where there can be several."""
    if f"{family.prefix}rows" in kept:
        rows = _rows_in(kept, family) + (kept.get("look") == family.prefix)
    else:
        rows = max(len(known), 1)
    found = []
    rows = min(rows, MOST_HOMES)
    for place, prefix in enumerate(_prefixes(family, rows)):
        of = known[place] if place < len(known) else AboutHome()
        found.append(
            HomeRow(
                family,
                prefix,
                HOME.get(of.answer, ""),
                # What was said of one of several stands in its fields: more can be added to them.
                asked=family.several or of.answer in ("", "unknown"),
                answer=kept.get(f"{prefix}home", "") or of.answer,
                words=kept.get(f"{prefix}home_words", of.words if family.several else ""),
                sure=kept.get(f"{prefix}sure") == "yes",
                name=kept.get(f"{prefix}name", of.name),
                first=place == 0,
                last=place == rows - 1,
                rows=rows,
                before=[_in_words(one) for one in before],
            )
        )
    return found


def under_way(
    page: CasePage, outcome: Outcome | None, settled: Settled | None
) -> list[tuple[str, Todo | None, str, str]]:
    """Return each step as (label, its action, whose it is, why it is left out)."""
    if settled is None:
        return []
    by_id = {one.action.pk: one for one in page.todos}
    found = []
    for key in (*settled.taken, *settled.left):
        step = outcome.step(of_step(key)) if outcome else None
        todo = by_id.get(settled.taken[key]) if key in settled.taken else None
        owner = page.name(todo.action.owner_id) if todo else ""
        label = step.label if step else key
        if todo and step and step.family and step.family.several:
            # Whose parents: the line behind the step's own.
            label = ": ".join([label, *todo.words.splitlines()[1:2]])
        found.append((label, todo, owner, settled.left.get(key, "")))
    return found

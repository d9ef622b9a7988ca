"""Setting up a rule of a team's plan, and the plan's time zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from upstander.oncall.access import layer_of, schedule_of, team_to_plan
from upstander.oncall.actions.plans import move_layer, remove_layer, save_layer, set_time_zone
from upstander.oncall.forms import FIRST_HAND_OVER, LayerForm, ZoneForm
from upstander.oncall.models import Layer
from upstander.oncall.queries import plans
from upstander.oncall.reach import names_of, ringable
from upstander.oncall.rights import PlanRight
from upstander.oncall.rota import LayerRule, Plan
from upstander.people.permissions import requires, viewer_of
from upstander.people.scope import viewing
from upstander.ui.press import refusal_on


@require_http_methods(["GET", "POST"])
@requires(PlanRight.PLAN_ON_CALL)
def layer(request: HttpRequest, team_id: int, layer_id: int | None = None) -> HttpResponse:
    """Add a rule or change one. A team's first is filled in already: everybody, by weeks."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        team = team_to_plan(viewer, team_id)
        plan = plans([team_id], now, now + timedelta(seconds=1))[0]
        names = names_of(plan.members)
        reached = ringable(plan.members)
        row = layer_of(team_id, layer_id) if layer_id is not None else None
    people = {
        pk: name if pk in reached else _("%s (no verified phone)") % name
        for pk, name in names.items()
    }
    order, initial = _filled(plan, row, now, [pk for pk in names if pk in reached])
    form = LayerForm(
        people, request.POST if request.method == "POST" else None, order=order, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        with refusal_on(form):
            save_layer(viewer, team_id, form.draft(), layer_id)
            messages.success(request, _("Saved. Here are the next four weeks."))
            return redirect("oncall:plan", team_id=team_id)
    context = {
        "form": form,
        "team": team,
        "row": row,
        "first": plan.schedule_id is None,
        "zone": plan.zone.key.replace("_", " "),
    }
    return render(request, "oncall/layer.html", context)


@require_POST
@requires(PlanRight.PLAN_ON_CALL)
def remove(request: HttpRequest, team_id: int, layer_id: int) -> HttpResponse:
    """Take a rule away."""
    remove_layer(viewer_of(request), team_id, layer_id)
    messages.success(request, _("The rule was removed."))
    return redirect("oncall:plan", team_id=team_id)


@require_POST
@requires(PlanRight.PLAN_ON_CALL)
def move(request: HttpRequest, team_id: int, layer_id: int) -> HttpResponse:
    """Let a rule come before the one above it."""
    move_layer(viewer_of(request), team_id, layer_id)
    return redirect("oncall:plan", team_id=team_id)


@require_http_methods(["GET", "POST"])
@requires(PlanRight.PLAN_ON_CALL)
def zone(request: HttpRequest, team_id: int) -> HttpResponse:
    """Choose in which time zone a team hands over."""
    viewer = viewer_of(request)
    with viewing(viewer):
        team = team_to_plan(viewer, team_id)
        schedule = schedule_of(team_id)
    form = ZoneForm(
        request.POST if request.method == "POST" else None,
        initial={"time_zone": schedule.time_zone},
    )
    if request.method == "POST" and form.is_valid():
        set_time_zone(viewer, team_id, form.cleaned_data["time_zone"])
        messages.success(request, _("Saved."))
        return redirect("oncall:plan", team_id=team_id)
    context = {"form": form, "team": team, "title": _("Time zone"), "send": _("Save")}
    return render(request, "oncall/small_form.html", context)


def _filled(
    plan: Plan, row: Layer | None, now: datetime, reached: list[int]
) -> tuple[tuple[int, ...], dict[str, Any]]:
    """Return a form's order of people and its other values.

    A rule in force is shown from its present turn on, with whoever has it in the first place: what
    is saved unchanged changes nothing from now on.
    """
    today = now.astimezone(plan.zone).date()
    if row is None:
        first = plan.schedule_id is None
        # The day whose hand-over was: before that hour of a Monday its week has not begun.
        begun = now.astimezone(plan.zone) - timedelta(hours=FIRST_HAND_OVER.hour)
        return tuple(reached) if first else (), {
            "starts_on": begun.date(),
            "name": _("Weekly rotation") if first else "",
        }
    rule = next(one for one in plan.layers if one.id == row.pk)
    number, starts = _present_turn(rule, today)
    size = min(rule.at_once, len(rule.members) or 1)
    shift = number * size % (len(rule.members) or 1)
    order = tuple(p for p in rule.members[shift:] + rule.members[:shift] if p in plan.members)
    return order, {
        "name": row.name,
        "duty": row.duty,
        "turn": row.turn,
        "every": row.every,
        "weekday": row.starts_on.weekday(),
        "hand_over": row.hand_over,
        "starts_on": starts,
        "ends_on": row.ends_on,
        "at_once": row.at_once,
        "days": row.days,
        "weekdays": row.weekdays,
        "from_time": row.from_time,
        "to_time": row.to_time,
    }


def _present_turn(rule: LayerRule, today: Any) -> tuple[int, Any]:
    """Return the number and first day of a rule's turn of today, or of its first one."""
    length = rule.every * (7 if rule.turn == "week" else 1)
    number = max(0, (today - rule.starts_on).days // length)
    return number, rule.starts_on + timedelta(days=number * length)

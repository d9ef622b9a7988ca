"""Answering an alert, taking a task, asking sooner: one press each, opening nothing of a tip."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from upstander.base.refused import Refused
from upstander.escalations.actions.alerts import NoSuchAlert, acknowledge
from upstander.escalations.actions.by_hand import page_now, skip_ahead
from upstander.escalations.actions.tasks import (
    OUTCOMES,
    NoSuchTask,
    ReadFirst,
    TaskIsTaken,
    finish_task,
    take_task,
)
from upstander.escalations.models import Acknowledgement, Alert, Task
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.scope import Viewer, viewing
from upstander.ui.press import refusal_told

_SAID: dict[Acknowledgement.Answer, str | Promise] = {
    Acknowledgement.Answer.HAVE_IT: _("You have it. Now record your next step."),
    Acknowledgement.Answer.SEEN: _("Noted: you have seen it. Others are still being asked."),
    Acknowledgement.Answer.CANNOT: _("Noted: you can't. The next people are being asked now."),
}


def in_english(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Show a working page of the desk: English, whatever the browser asks for."""
    with translation.override("en"):
        return render(request, template, context)


@require_POST
@requires(Permission.OPEN_TIPS)
def answer(request: HttpRequest, alert_id: UUID) -> HttpResponseBase:
    """Answer an alert for oneself. Opens nothing of the tip, so it needs no key."""
    said = request.POST.get("answer", "")
    if said not in Acknowledgement.Answer.values:
        raise Http404
    chosen = Acknowledgement.Answer(said)
    viewer = viewer_of(request)
    try:
        alert = acknowledge(viewer, alert_id, chosen)
    except NoSuchAlert as error:
        raise Http404 from error
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("/queue")
    if chosen is Acknowledgement.Answer.HAVE_IT and alert.acknowledged_by != viewer.person_id:
        messages.info(request, gettext("Someone else already took this. Your answer is recorded."))
    else:
        messages.success(request, str(_SAID[chosen]))
    return redirect(f"/tips/{alert.subject_id}")


def _by_hand(
    request: HttpRequest, alert_id: UUID, act: Callable[[Viewer, UUID], None], done: str
) -> HttpResponseBase:
    viewer = viewer_of(request)
    with refusal_told(request):
        try:
            act(viewer, alert_id)
        except NoSuchAlert as error:
            raise Http404 from error
        messages.success(request, done)
    return _to_tip(viewer, alert_id)


def _to_tip(viewer: Viewer, alert_id: UUID) -> HttpResponseBase:
    with viewing(viewer):
        alert = Alert.objects.filter(pk=alert_id).first()
    if alert is None:
        raise Http404
    return redirect(f"/tips/{alert.subject_id}#alert-title")


@require_POST
@requires(Permission.WORK_TIPS)
def now(request: HttpRequest, ringing_id: UUID) -> HttpResponseBase:
    """Ask everybody again who was asked so far, at once."""
    return _by_hand(request, ringing_id, page_now, gettext("They are being asked again now."))


@require_POST
@requires(Permission.WORK_TIPS)
def skip(request: HttpRequest, ringing_id: UUID) -> HttpResponseBase:
    """Ask the next people without waiting for their time."""
    return _by_hand(
        request, ringing_id, skip_ahead, gettext("The next people are being asked now.")
    )


@require_POST
@requires(Permission.WORK_TIPS)
def take(request: HttpRequest, task_id: UUID) -> HttpResponseBase:
    """Take a task, so that nobody else does it too and no phone rings for it."""
    try:
        task = take_task(viewer_of(request), task_id)
    except NoSuchTask as error:
        raise Http404 from error
    except ReadFirst as first:
        messages.info(request, gettext("Read it first: opening it takes the task."))
        return redirect(f"/tips/{first.subject_id}")
    except TaskIsTaken:
        messages.info(request, gettext("A colleague took this task just before you."))
        return _to_task(viewer_of(request), task_id)
    messages.success(request, gettext("You have this task. The numbers and what to say are below."))
    return redirect(f"/tips/{task.subject_id}#task-{task.pk}")


@require_POST
@requires(Permission.WORK_TIPS)
def finish(request: HttpRequest, task_id: UUID) -> HttpResponseBase:
    """Write down how a task ended. Where nobody was reached, it comes again."""
    outcome = request.POST.get("outcome", "")
    if outcome not in OUTCOMES:
        raise Http404
    try:
        task = finish_task(viewer_of(request), task_id, outcome)
    except NoSuchTask as error:
        raise Http404 from error
    except ReadFirst as first:
        messages.info(request, gettext("Read it first, then decide on its page."))
        return redirect(f"/tips/{first.subject_id}")
    messages.success(
        request, gettext("Recorded: %(outcome)s.") % {"outcome": str(OUTCOMES[outcome]).lower()}
    )
    return redirect(f"/tips/{task.subject_id}")


def _to_task(viewer: Viewer, task_id: UUID) -> HttpResponseBase:
    with viewing(viewer):
        task = Task.objects.filter(pk=task_id).first()
    if task is None:
        raise Http404
    return redirect(f"/tips/{task.subject_id}#task-{task.pk}")

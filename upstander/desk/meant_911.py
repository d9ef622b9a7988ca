"""Whom words about 911 may mean, asked about after they went: nothing about 911 waits for it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from upstander.emergency.later import typed_about_911
from upstander.emergency.queries import standing_of
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.scope import viewing
from upstander.tips.access import tip_for
from upstander.tips.actions.writing import add_note
from upstander.tips.asked_later import answer_of
from upstander.tips.models import Note
from upstander.tips.opening import open_tip, read_contents, unasked_on
from upstander.tips.whom_form import answered
from upstander.triage.whom import only_mentioned
from upstander.ui.press import asking


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_TIPS)
@asking
def meant(request: HttpRequest, tip_id: UUID) -> HttpResponseBase:
    """Say whether words about 911 are about whom they may mean; those are kept out then."""
    if request.method == "GET":
        return redirect("tip", tip_id=tip_id)
    viewer = viewer_of(request)
    opened = open_tip(viewer, tip_id, purpose="whom words about 911 mean")
    contents = read_contents(opened)
    with viewing(viewer) as now:
        standing = standing_of(tip_for(viewer, tip_id), now)
    words = typed_about_911(opened, contents, standing)
    people, text = unasked_on(opened).met(words, viewer.person_id)
    form = answered(request.POST, people, text)
    only = only_mentioned(lambda: opened, form)
    if only:
        mentioned = [one for one in people if one.person_id in only]
        add_note(opened, answer_of(mentioned), kind=Note.Kind.MENTIONED)
    if form is not None:
        messages.success(request, gettext("Saved, with your name."))
    return redirect("tip", tip_id=tip_id)

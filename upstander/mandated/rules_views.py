"""The rules that duties follow, for the administrator who compares them with the law."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from upstander.mandated.actions import confirming
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.scope import viewing
from upstander.plug import law_files
from upstander.ui.press import refusal_told


@require_GET
@requires(Permission.CONFIRM_RULES)
def rules(request: HttpRequest) -> HttpResponse:
    """List what each State's rules say, where that is written, and who has confirmed it."""
    with viewing(viewer_of(request)):
        facts = confirming.all_facts()
    sets = [(one, [fact for fact in facts if fact.rule_set == one.key]) for one in law_files()]
    return render(request, "mandated/rules.html", {"sets": sets})


@require_POST
@requires(Permission.CONFIRM_RULES)
def confirm(request: HttpRequest) -> HttpResponse:
    """Keep that a fact was compared with the law in force, or take that back."""
    sent = request.POST
    stands = sent.get("stands") == "yes"
    with refusal_told(request):
        confirming.confirm_fact(
            viewer_of(request),
            sent.get("rule_set", ""),
            sent.get("fact", ""),
            sent.get("digest", ""),
            stands=stands,
        )
        said = gettext("Confirmed: the mark was removed.") if stands else gettext("Withdrawn.")
        messages.success(request, said)
    return redirect("mandated:rules")

"""Who is asked and after how long, as supervisors see and change it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from upstander.escalations.actions.own_policies import (
    add_contact,
    center_of,
    drop_contact,
    empty_steps,
    forget_policy,
    keep_policy,
    kept_plan,
    people_by_team,
    schools_of,
)
from upstander.escalations.actions.reading import name_fallback
from upstander.escalations.forms import ContactForm, FallbackForm, PolicyForm, target_choices
from upstander.escalations.outside_models import ExternalContact, FallbackPhone
from upstander.escalations.policy import (
    CENTER,
    SCHOOL,
    SITUATION_WORDS,
    TARGET_WORDS,
    PolicyStep,
    Situation,
)
from upstander.escalations.views import in_english
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.scope import Viewer, viewing
from upstander.ui.press import refusal_on, refusal_told

STAGE_WORDS: dict[str, str | Promise] = {
    CENTER: _("From receipt until someone claims it"),
    SCHOOL: _("After a hand-off"),
}


@require_GET
@requires(Permission.SUPERVISE)
def policies(request: HttpRequest) -> HttpResponseBase:
    """Show every policy of the center, or of one of its schools, and the outside contacts."""
    return _show(request, ContactForm())


@require_POST
@requires(Permission.SUPERVISE)
def contact(request: HttpRequest) -> HttpResponseBase:
    """Add an outside contact, or remove one."""
    viewer = viewer_of(request)
    gone = request.POST.get("remove", "")
    if gone:
        if not (gone.isascii() and gone.isdigit() and drop_contact(viewer, int(gone))):
            raise Http404
        messages.success(
            request, gettext("Removed. Steps that named them call the school instead.")
        )
        return redirect("escalations:policies")
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _show(request, form)
    add_contact(viewer, form.cleaned_data["name"], form.cleaned_data["phone"])
    messages.success(request, gettext("Saved. Alert rules can name them now."))
    return redirect("escalations:policies")


@require_POST
@requires(Permission.SUPERVISE)
def fallback(request: HttpRequest) -> HttpResponseBase:
    """Name whose phone is the center's last one, or nobody's."""
    viewer = viewer_of(request)
    with viewing(viewer):
        people = _of_center(center_of(viewer))
    form = FallbackForm(request.POST, people=people)
    if not form.is_valid():
        return _show(request, ContactForm(), fallback=form)
    with refusal_told(request):
        name_fallback(viewer, form.person_id)
        messages.success(
            request, gettext("Saved. From now on it rings when nobody opens a tip or decides.")
        )
    return redirect("escalations:policies")


def _of_center(center: int) -> list[tuple[int, str]]:
    """Return the center's own people; call inside ``viewing``."""
    found = {pk: name for _, members in people_by_team(center, None) for pk, name in members}
    return sorted(found.items(), key=lambda one: one[1])


def _show(
    request: HttpRequest, form: ContactForm, *, fallback: FallbackForm | None = None
) -> HttpResponseBase:
    viewer = viewer_of(request)
    center, school = center_of(viewer), _school(request)
    with viewing(viewer):
        schools = schools_of(center)
        if school is not None and school not in {one.pk for one in schools}:
            raise Http404
        contacts = list(ExternalContact.objects.filter(active=True).order_by("pk"))
        people = people_by_team(center, school)
        names = {f"person:{pk}": name for _, members in people for pk, name in members}
        names |= {
            f"external:{one.pk}": gettext("a call to %(name)s") % {"name": one.name}
            for one in contacts
        }
        last = FallbackPhone.objects.filter(center_id=center).first()
        fallback = fallback or FallbackForm(
            initial={"person": str(last.person_id) if last else ""}, people=_of_center(center)
        )
        shown = []
        for stage in (CENTER, SCHOOL) if school is None else (SCHOOL,):
            for situation in Situation:
                plan, own = kept_plan(center, school, stage, situation)
                shown.append(
                    {
                        "stage": stage,
                        "stage_words": STAGE_WORDS[stage],
                        "words": SITUATION_WORDS[situation],
                        "own": own,
                        "steps": [_told(step, names) for step in plan.steps],
                        "every": span(plan.every),
                        "empty": empty_steps(plan, center_id=center, school_id=school),
                        "href": _address(stage, situation, school),
                    }
                )
    context = {
        "policies": shown,
        "schools": schools,
        "school": next((one for one in schools if one.pk == school), None),
        "contacts": contacts,
        "form": form,
        "fallback": fallback,
    }
    return in_english(request, "escalations/policies.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.SUPERVISE)
def policy(request: HttpRequest, stage: str, situation: str) -> HttpResponseBase:
    """Change one policy. What it may not do is said in plain words, and nothing typed is lost."""
    if stage not in STAGE_WORDS or situation not in list(Situation):
        raise Http404
    chosen, school = Situation(situation), _school(request)
    viewer = viewer_of(request)
    if stage == CENTER and school is not None:
        raise Http404
    if request.POST.get("usual"):
        forget_policy(viewer, school_id=school, stage=stage, situation=chosen)
        messages.success(request, gettext("Default steps restored."))
        return _back(school)
    form, context = _form(request, viewer, stage, chosen, school)
    if request.method == "POST" and form.is_valid():
        with refusal_on(form):
            keep_policy(viewer, form.plan, school_id=school, stage=stage, situation=chosen)
            messages.success(request, gettext("Saved. It applies to every alert from now on."))
            return _back(school)
    return in_english(request, "escalations/policy.html", context)


def _form(
    request: HttpRequest, viewer: Viewer, stage: str, situation: Situation, school: int | None
) -> tuple[PolicyForm, dict[str, Any]]:
    center = center_of(viewer)
    with viewing(viewer):
        schools = {one.pk: one for one in schools_of(center)}
        if school is not None and school not in schools:
            raise Http404
        plan, own = kept_plan(center, school, stage, situation)
        contacts = [
            (one.pk, one.name) for one in ExternalContact.objects.filter(active=True).order_by("pk")
        ]
        targets = target_choices(stage, people_by_team(center, school), contacts)
    form = PolicyForm(
        request.POST if request.method == "POST" else None,
        plan=plan,
        stage=stage,
        situation=situation,
        targets=targets,
    )
    return form, {
        "form": form,
        "own": own,
        "stage_words": STAGE_WORDS[stage],
        "words": SITUATION_WORDS[situation],
        "life_safety": situation.life_safety,
        "school": schools.get(school) if school is not None else None,
        "back": _policies_of(school),
    }


def _school(request: HttpRequest) -> int | None:
    typed = request.GET.get("school", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


def _policies_of(school: int | None) -> str:
    return reverse("escalations:policies") + (f"?school={school}" if school is not None else "")


def _address(stage: str, situation: Situation, school: int | None) -> str:
    query = f"?school={school}" if school is not None else ""
    return reverse("escalations:policy", args=[stage, situation.value]) + query


def _back(school: int | None) -> HttpResponseBase:
    return redirect(_policies_of(school))


def _told(step: PolicyStep, names: dict[str, str]) -> tuple[str, str]:
    words = TARGET_WORDS.get(step.target) or names.get(
        step.target, gettext("someone you can’t see")
    )
    return (
        gettext("right away")
        if step.after == 0
        else gettext("after %(span)s") % {"span": span(step.after)}
    ), str(words)


def span(seconds: int) -> str:
    """Say a length of time in words: 480 → ``8 minutes``, 90 → ``90 seconds``."""
    number = seconds
    if seconds and not seconds % 86_400:
        number //= 86_400
        words = ngettext("%(number)d day", "%(number)d days", number)
    elif seconds and not seconds % 3600:
        number //= 3600
        words = ngettext("%(number)d hour", "%(number)d hours", number)
    elif seconds and not seconds % 60:
        number //= 60
        words = ngettext("%(number)d minute", "%(number)d minutes", number)
    else:
        words = ngettext("%(number)d second", "%(number)d seconds", number)
    return words % {"number": number}

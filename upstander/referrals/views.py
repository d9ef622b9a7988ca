"""The desk of a helpline's specialist."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from upstander.base.languages import language_of
from upstander.base.refused import Refused
from upstander.directory.models import Service
from upstander.directory.vocabulary import NEEDS
from upstander.people.permissions import requires, viewer_of
from upstander.people.scope import Viewer, viewing
from upstander.places.law import law_of
from upstander.places.models import District
from upstander.referrals import actions
from upstander.referrals.consent import minors_word
from upstander.referrals.forms import SEALED, ContactForm, HelpedForm, ReferForm
from upstander.referrals.models import Referral
from upstander.referrals.queries import (
    WAITS,
    advocates_among,
    is_silent,
    is_untold,
    labels,
    rows_of,
    services_of,
    suggested,
    town_of,
)
from upstander.referrals.rights import ReferralRight
from upstander.referrals.words import CHANNELS
from upstander.tips.access import tip_for
from upstander.tips.models import Tip
from upstander.ui.press import refusal_on, refusal_told


@require_GET
@requires(ReferralRight.WORK)
def contacts(request: HttpRequest) -> HttpResponse:
    """List whom the center helps: who is to be asked, or whose agency is silent, first."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        current, ended = rows_of(now)
    due = {what: sum(getattr(row, what) for row in current) for what in WAITS}
    return render(request, "referrals/contacts.html", {"rows": current, "ended": ended, **due})


@require_http_methods(["GET", "POST"])
@requires(ReferralRight.WORK)
def new(request: HttpRequest) -> HttpResponse:
    """Take a contact."""
    viewer = viewer_of(request)
    with viewing(viewer):
        districts = _served(viewer)
        tip = _tip(viewer, request.POST.get("tip") or request.GET.get("tip") or "")
    form = ContactForm(request.POST if request.method == "POST" else None, districts=districts)
    if form.is_bound and form.is_valid():
        with refusal_on(form):
            contact_id = actions.take_contact(
                viewer,
                int(form.cleaned_data["district"]),
                form.facts | _town(viewer, form),
                form.words | {"tip": str(tip.pk) if tip else ""},
            )
            return redirect("referrals:contact", contact_id=contact_id)
    status = 422 if form.errors else 200
    return render(request, "referrals/new.html", {"form": form, "tip": tip}, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@requires(ReferralRight.WORK)
def contact(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Show a contact, who could help, and each referral; keep what was learned since."""
    viewer = viewer_of(request)
    opened = actions.open_contact(viewer, contact_id)
    row = opened.row
    with viewing(viewer):
        districts = _served(viewer)
    begins = {
        **opened.words,
        "danger": row.danger or "none",
        "way": row.way,
        "district": str(row.district_id),
        "language": row.language,
        "interpreter": row.interpreter,
        "first": row.needs[0] if row.needs else "",
        "more": row.needs[1:],
    }
    posted = request.POST if request.method == "POST" else None
    form = ContactForm(posted, initial=begins, districts=districts)
    if form.is_bound and form.is_valid():
        with refusal_on(form):
            kept = {"tip": opened.words.get("tip", "")}
            actions.change_contact(opened, form.facts | _town(viewer, form), form.words | kept)
            messages.success(request, gettext("Saved."))
            return redirect("referrals:contact", contact_id=contact_id)
    status = 422 if form.errors else 200
    return render(request, "referrals/contact.html", _shown(opened, form), status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@requires(ReferralRight.WORK)
def refer(request: HttpRequest, contact_id: UUID, service_id: UUID) -> HttpResponse:
    """Refer somebody to a service: what is told, to whom, until when, by whose word."""
    viewer = viewer_of(request)
    opened = actions.open_contact(viewer, contact_id, purpose="refer")
    asked = request.POST.get("need") or request.GET.get("need")
    need = asked or next(iter(opened.row.needs), "")
    with viewing(viewer) as now:
        service = Service.objects.filter(pk=service_id).first()
        minor = minors_word(opened.row.district_id, need)
    if service is None or need not in opened.row.needs:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = ReferForm(
        posted,
        confidential=NEEDS[need].confidential or service.confidential,
        minor=minor,
        initial={"name": opened.words.get("name", "")},
    )
    context: dict[str, Any] = {
        "form": form,
        "one": opened.row,
        "service": service.record.get("name", ""),
        "need": need,
        "need_words": labels([need])[0],
    }
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        with refusal_on(form):
            told = actions.refer(
                opened,
                service_id=service_id,
                need=need,
                consent=given["consent"],
                words=form.words,
                until=now + timedelta(days=given["days"]),
                email=given["email"],
                may_ask=bool(given["channel"]),
            )
            if told.words:
                return render(request, "referrals/told.html", context | {"told": told})
            messages.success(request, gettext("Saved. Give them the number, or call together."))
            return redirect("referrals:contact", contact_id=contact_id)
    return render(request, "referrals/refer.html", context, status=422 if form.errors else 200)


@require_POST
@requires(ReferralRight.WORK)
def helped(request: HttpRequest, contact_id: UUID, referral_id: UUID) -> HttpResponse:
    """Keep what the family says of a referral."""
    form = HelpedForm(request.POST)

    def keep(opened: actions.OpenContact) -> None:
        if not form.is_valid():
            raise Refused(gettext("Nothing was saved: choose what the family says."))
        given = form.cleaned_data
        outcome = "" if given["outcome"] == "waiting" else given["outcome"]
        actions.family_said(
            opened, referral_id, outcome, barrier=given["barrier"], own=given["own"]
        )

    return _done(request, contact_id, keep, gettext("Saved, in their words."))


@require_POST
@requires(ReferralRight.WORK)
def not_reached(request: HttpRequest, contact_id: UUID, referral_id: UUID) -> HttpResponse:
    """Keep that nobody was reached, or that they are given up as lost."""
    lost = "lost" in request.POST
    return _done(
        request,
        contact_id,
        lambda opened: actions.nobody_reached(opened, referral_id, lost=lost),
        gettext("Saved as lost to follow-up: it does not count as met.")
        if lost
        else gettext("Saved. Try again in two days."),
    )


@require_POST
@requires(ReferralRight.WORK)
def take_back(request: HttpRequest, contact_id: UUID, referral_id: UUID) -> HttpResponse:
    """Take a consent back."""
    return _done(
        request,
        contact_id,
        lambda opened: actions.take_back(opened, referral_id),
        gettext("Consent withdrawn. The agency's link no longer opens anything."),
    )


@require_POST
@requires(ReferralRight.WORK)
def place(request: HttpRequest, contact_id: UUID, referral_id: UUID) -> HttpResponse:
    """Keep that a place is held for an hour, or what the family says of it."""
    said = request.POST.get("act", "")
    kept = {
        "hold": gettext("Held for an hour. Ask the family now."),
        "yes": gettext("Saved: they are coming. Tell the agency."),
        "no": gettext("Saved. Tell the agency that the place is open again."),
    }

    def keep(opened: actions.OpenContact) -> None:
        if said not in kept:
            raise Refused(gettext("Nothing was saved: choose what the family says."))
        if said == "hold":
            actions.hold_place(opened, referral_id)
        else:
            actions.answer_place(opened, referral_id, takes=said == "yes")

    return _done(request, contact_id, keep, kept.get(said, ""))


@require_POST
@requires(ReferralRight.WORK)
def end(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """End a contact."""
    return _done(request, contact_id, actions.end_contact, gettext("Ended."))


def _done(
    request: HttpRequest,
    contact_id: UUID,
    act: Callable[[actions.OpenContact], None],
    said: str,
) -> HttpResponse:
    with refusal_told(request):
        act(actions.open_contact(viewer_of(request), contact_id, purpose="work"))
        messages.success(request, said)
    return redirect("referrals:contact", contact_id=contact_id)


def _tip(viewer: Viewer, asked: str) -> Tip | None:
    """Return the tip that a contact begins from, if any. Inside ``viewing``. Raises Http404."""
    try:
        return tip_for(viewer, UUID(asked)) if asked else None
    except ValueError as error:
        raise Http404 from error


def _town(viewer: Viewer, form: ContactForm) -> dict[str, str]:
    """Return near which town somebody is, as the directory calls it."""
    with viewing(viewer) as now:
        district = District.objects.get(pk=form.cleaned_data["district"])
        return {"town": town_of(district, form.words["town"], now)}


def _served(viewer: Viewer) -> list[District]:
    centers = {one.center_id for one in viewer.memberships if one.center_id is not None}
    return list(District.objects.filter(center_id__in=centers).order_by("name"))


def _shown(opened: actions.OpenContact, form: ContactForm) -> dict[str, Any]:
    row, words = opened.row, opened.words
    with viewing(opened.viewer) as now:
        district = District.objects.get(pk=row.district_id)
        law = law_of(district)
        referrals = list(Referral.objects.filter(contact_id=row.pk).order_by("made_at", "pk"))
        names, advocates = services_of(referrals), advocates_among(referrals)
        tips = Tip.objects.filter(pk=words["tip"]) if words.get("tip") else Tip.objects.none()
        # Whoever may not see the tip isn't told that there is one.
        from_tip = tips.first()
        needs = [
            {
                "key": key,
                "words": labels([key])[0],
                "referred": any(one.need == key for one in referrals),
                "suggested": suggested(
                    key,
                    district=district,
                    language=row.language,
                    town=words.get("town", ""),
                    now=now,
                ),
            }
            for key in row.needs
            if key in NEEDS
        ]
    channels = dict(CHANNELS)
    made = [
        {
            "one": one,
            "service": names.get(one.service_id, ""),
            "need": labels([one.need])[0] if one.need in NEEDS else "",
            "words": (read := opened.read(one)),
            "channel": channels.get(read.get("channel", ""), ""),
            "due": one.ask_at is not None and one.ask_at <= now,
            "silent": is_silent(one, now, advocates),
            "untold": is_untold(one, advocates),
            "held": one.held_until is not None and one.held_until > now,
            "reads": one.link_hash is not None
            and one.consent_until is not None
            and one.consent_until > now,
        }
        for one in referrals
    ]
    return {
        "one": row,
        "from_tip": from_tip,
        "language": language_of(row.language).english,
        "words": {name: words[name] for name in SEALED if words.get(name)},
        "form": form,
        "needs": needs,
        "referrals": made,
        "helped": HelpedForm(auto_id=False),
        "abuse_line": law.duties.phoned,
        "open_referrals": any(not one.outcome for one in referrals),
    }

"""The desk's pages: taking down what was said, and the links for adults without an account."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from upstander.base.refused import Refused
from upstander.doors.adult.asked import Taken, form_of, read_taken
from upstander.doors.adult.relay import NotSent, hand_in
from upstander.doors.adult.rights import AdultRight
from upstander.doors.web.snapshot import Door
from upstander.intake.served import PublicDistrict, PublicPlaces, PublicSchool
from upstander.intake.taxonomy import TileChange
from upstander.mandated.actions.consults import TAKEN_DOWN, keep_consult
from upstander.people.permissions import Permission, may, requires, viewer_of
from upstander.people.place_names import schools_told_apart
from upstander.people.scope import Viewer, viewing
from upstander.places.law import law_of
from upstander.places.models import District, School
from upstander.places.models import TileChange as TileChangeRow
from upstander.states import laws
from upstander.tips.actions.adult_links import DAYS, links_of, make_link, open_own, take_back
from upstander.tips.adult_words import ADULT, ADULT_WORDS
from upstander.tips.queries import names_of
from upstander.tips.reporter import new_form_token
from upstander.ui.qr import drawn
from upstander.vault.errors import VaultError

_LANGUAGE: Final = "en"


@never_cache
@require_http_methods(["GET", "POST"])
@requires(AdultRight.TAKE_DOWN)
def take_down(request: HttpRequest) -> HttpResponse:
    """Take down what a child said, on the desk; the answer shows the seven words, once."""
    viewer = viewer_of(request)
    with viewing(viewer):
        places = _places()
        district = _own_district(viewer, places)
        name = _own_name(viewer)
        rules = (law_of(district.id) if district else laws()[0]).duties
    door = Door(district, _own_school(viewer, places))
    around: dict[str, Any] = {"hotline": rules.phoned, "within": rules.phoned_first, "name": name}
    if request.method != "POST":
        shown = {"form": form_of(places, door, _LANGUAGE, name=name), "token": new_form_token()}
        return render(request, "doors/adult/take_down.html", around | shown)
    taken = read_taken(request.POST, places, door)
    away = False
    if not taken.problems:
        own = taken.sent.door
        try:
            place = own.district or district or next(iter(places.districts.values()))
            link = open_own(viewer, district_id=place.id, school_id=taken.sent.school_id)
            code = hand_in(link, _fields(taken, name, place))
        except (NotSent, StopIteration):
            away = True
        else:
            return _sent(request, viewer, taken, code, around | {"district_id": place.id})
    form = form_of(places, door, _LANGUAGE, typed=taken.typed, problems=taken.problems, name=name)
    shown = {"form": form, "token": taken.sent.token, "away": away}
    status = 503 if away else 422
    return render(request, "doors/adult/take_down.html", around | shown, status=status)


def _fields(taken: Taken, name: str, district: PublicDistrict) -> dict[str, str]:
    """Return what is handed in: what was typed, and who typed it."""
    who = " – ".join(filter(None, (name, taken.sent.adult.get(ADULT, ""))))
    return {
        **taken.typed,
        "district": district.slug,
        "token": taken.sent.token,
        ADULT: who,
    }


def _sent(
    request: HttpRequest, viewer: Viewer, taken: Taken, code: str, around: dict[str, Any]
) -> HttpResponse:
    words = {
        "first_words": taken.sent.text,
        "facts": taken.sent.adult.get(ADULT_WORDS, ""),
        "child": taken.sent.answers.get("subject", ""),
        "where": taken.sent.answers.get("place", ""),
    }
    carried = {**words, "school": str(taken.sent.school_id or "")}
    if taken.suspects and may(viewer, Permission.SUSPECT):
        # Whoever leaves the page now finds on their day that their own report is still to be made.
        # The center has the tip by now: whatever fails here, its seven words are shown.
        with suppress(Refused, VaultError, DatabaseError):
            kept = keep_consult(
                viewer,
                {name: text for name, text in words.items() if text} | {TAKEN_DOWN: "yes"},
                district_id=around["district_id"],
                school_id=taken.sent.school_id,
            )
            carried["consult"] = str(kept)
    back = f"{settings.PUBLIC_URL}/back"
    shown = around | {
        "code": code.split(),
        "suspects": taken.suspects,
        "carried": carried,
        "back_url": back,
    }
    return render(request, "doors/adult/taken_down.html", shown)


class LinkForm(forms.Form):
    """Where a link's form begins, and for whom it is."""

    school = forms.TypedChoiceField(label=_("School"), coerce=int, empty_value=None, required=False)
    note = forms.CharField(
        label=_("Who is it for?"),
        help_text=_("For your own list: a driver, a substitute, a coach."),
        max_length=80,
    )


@never_cache
@require_http_methods(["GET", "POST"])
@requires(AdultRight.MAKE_LINK)
def links(request: HttpRequest) -> HttpResponse:
    """One's links for adults without an account; a new one is shown once."""
    viewer = viewer_of(request)
    with viewing(viewer):
        places = _places()
        district = _own_district(viewer, places) or next(iter(places.districts.values()), None)
    own = _own_school(viewer, places)
    form = LinkForm(request.POST or None, initial={"school": own.id if own else None})
    fields: dict[str, Any] = form.fields
    fields["school"].choices = [
        ("", gettext("None, or another")),
        *((one.id, one.name) for one in places.schools.values()),
    ]
    made = ""
    if request.method == "POST" and form.is_valid():
        school = places.schools.get(form.cleaned_data["school"] or 0)
        place = school.district_id if school else district.id if district else None
        if place is None:
            form.add_error(None, gettext("There is no district yet."))
        else:
            secret = make_link(
                viewer,
                district_id=place,
                school_id=school.id if school else None,
                note=form.cleaned_data["note"],
            )
            made = f"{settings.PUBLIC_URL}/adult/{secret}"
            form = LinkForm(initial={"school": own.id if own else None})
            form.fields["school"].choices = fields["school"].choices  # type: ignore[attr-defined]
    with viewing(viewer):
        rows = links_of(viewer)
    shown = {
        "rows": rows,
        "form": form,
        "made": made,
        "qr": drawn(made, scale=4) if made else "",
        "days": DAYS,
        "schools": places.schools,
    }
    return render(request, "doors/adult/links.html", shown)


@require_POST
@requires(AdultRight.MAKE_LINK)
def take_link_back(request: HttpRequest, adult_link_id: UUID) -> HttpResponse:
    """Take a link of one's own back."""
    take_back(viewer_of(request), adult_link_id)
    messages.success(request, gettext("Withdrawn. The link no longer works."))
    return redirect("doors:links")


def _places() -> PublicPlaces:
    """Return the places within view, as the form needs them; inside ``viewing``."""
    changes: dict[int, list[TileChange]] = {}
    for row in TileChangeRow.objects.all():
        change = TileChange(row.tile, row.texts, row.position, row.hidden)
        changes.setdefault(row.district_id, []).append(change)
    districts = {
        one.pk: PublicDistrict(
            one.pk,
            one.slug,
            one.name,
            one.time_zone,
            tuple(one.languages),
            one.center_id,
            tuple(changes.get(one.pk, ())),
        )
        for one in District.objects.order_by("name", "pk")
    }
    rows = list(School.objects.select_related("district").order_by("name", "pk"))
    apart = schools_told_apart(rows)
    schools = {
        one.pk: PublicSchool(
            one.pk, one.slug, one.name, one.town, one.district_id, apart.get(one.pk, "")
        )
        for one in rows
    }
    return PublicPlaces(districts=districts, schools=schools, centers={}, taken_at=0)


def _own_district(viewer: Viewer, places: PublicPlaces) -> PublicDistrict | None:
    """Return the one district that somebody works in; None: several, as at a center."""
    own = {one.district_id for one in viewer.memberships if one.district_id in places.districts}
    return places.districts[own.pop() or 0] if len(own) == 1 else None


def _own_school(viewer: Viewer, places: PublicPlaces) -> PublicSchool | None:
    """Return the one school that somebody works at; None: none, or several."""
    own = {one.school_id for one in viewer.memberships if one.school_id in places.schools}
    return places.schools[own.pop() or 0] if len(own) == 1 else None


def _own_name(viewer: Viewer) -> str:
    """Return who the center calls back, and what they are; inside ``viewing``."""
    name = names_of([viewer.person_id]).get(viewer.person_id, "")
    roles = ", ".join(str(one.label) for one in sorted(viewer.roles))
    return f"{name} ({roles})"

"""Centers, districts, schools and their tiles, as an administrator keeps them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import chain, count
from typing import Any

from django.db import connection
from django.forms import ModelForm
from django.http import Http404
from django.utils.text import slugify
from django.utils.translation import gettext

from upstander.administration.forms.places import NO_SCHOOLS, SchoolForm
from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.intake.taxonomy import TileChange as Wish
from upstander.intake.taxonomy import problems_with
from upstander.mandated.recipients import agency_at
from upstander.people.access import administrators_only, found
from upstander.people.actions.setup import add_office, add_school_teams, free_slug
from upstander.people.models import Team
from upstander.people.place_names import plain_name
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.people.statements import state
from upstander.places.models import Center, District, School, TileChange
from upstander.plug import ask_approval


class NoSuchTileChange(ValueError):
    """A change of tiles that the form should have refused."""


def save_center(viewer: Viewer, form: ModelForm[Center]) -> Center:
    """Save a valid form; a new center comes with its team, which waits for its supervisor."""
    center = form.instance
    new = center.pk is None
    with viewing(viewer):
        administrators_only(viewer)
        if new:
            center.slug = _free(Center, center.name, "center")
        form.save()
        if new:
            state(Team.objects.create(kind=TeamKind.CENTER, name=center.name, center=center))
        _record(viewer, "center", center.pk, new=new, form=form)
    return center


def save_district(viewer: Viewer, form: ModelForm[District]) -> District:
    """Save a valid form; a district comes with its lead's team and its office."""
    district = form.instance
    new = district.pk is None
    with viewing(viewer):
        administrators_only(viewer)
        if new:
            district.slug = _free(District, district.name, "district")
        district.catch_all = form.cleaned_data["catch_all"]
        if district.catch_all:
            others = District.objects.exclude(pk=district.pk).filter(catch_all=True)
            for other in others:
                other.catch_all = False
                other.save(update_fields=["catch_all"])
                state(other)
        if new:
            form.save()
        else:
            # Whom its center is, nobody changes here (triage/moving).
            district.save(update_fields=["name", "slug", "time_zone", "languages", "catch_all"])
        state(district)
        if new:
            state(
                Team.objects.create(kind=TeamKind.DISTRICT, name=district.name, district=district)
            )
        add_office(district)
        _record(viewer, "district", district.pk, new=new, form=form, district_id=district.pk)
    return district


def save_school(viewer: Viewer, form: ModelForm[School], district: District) -> bool:
    """Save a valid form; a school comes with team, office and staff. Its address part stays.

    Posters carry it. A new name waits for a supervisor of the center (``approvals``): a twin with
    the old one could be founded beside it; so does that of a new school, if one of its district is
    called so: until then a number stands behind it. Returns whether one does. Raises Refused.
    """
    school = form.instance
    new = school.pk is None
    name = school.name if "name" in form.changed_data else ""
    with viewing(viewer) as now:
        administrators_only(viewer)
        if new:
            if agency_at(district.pk) is not None:
                raise Refused(str(NO_SCHOOLS))
            school.district = district
            school.name = _name_beside(district, name)
            name = "" if school.name == name else name
            school.slug = free_slug(school.name)
        save_but_name(form)
        state(school)
        add_school_teams(school)
        _record(viewer, "school", school.pk, new=new, form=form, district_id=school.district_id)
        told = _ask_name(viewer, school, name, now) if name else None
    if told:
        told()
    return told is not None


def _name_beside(district: District, name: str) -> str:
    taken = {plain_name(one.name) for one in district.schools.all()}
    numbered = (f"{name[:110]} ({number})" for number in count(2))
    return next(one for one in chain([name], numbered) if plain_name(one) not in taken)


def save_but_name(form: ModelForm[School]) -> None:
    """Save a form; of a school that stands without its name, which then is as it was."""
    school = form.instance
    if school._state.adding:
        form.save()
        return
    school.name = found(School, school.pk).name
    school.save(update_fields=sorted({*SchoolForm.Meta.fields} - {"name"}))


def _ask_name(
    viewer: Viewer, school: School, name: str, now: datetime
) -> Callable[[], None] | None:
    return ask_approval(
        viewer,
        now,
        "school_name",
        subject=f"school:{school.pk}",
        center_id=school.district.center_id,
        district_id=school.district_id,
        value=name,
        words=gettext("%(school)s, %(district)s, is to be called %(name)s")
        % {"school": school.name, "district": school.district, "name": name},
    )


def rename_school(viewer: Viewer, approval: Any) -> None:
    """Give a school the name that ``viewer`` has just agreed to; in that transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.rename_school(p_approval => %s)", [approval.pk])
        (pk,) = cursor.fetchone() or (0,)
    state(found(School, pk))
    record(
        "school changed",
        actor=viewer,
        subject_kind="school",
        subject_id=pk,
        district_id=approval.district_id,
        detail={"fields": ["name"], "approval": str(approval.pk)},
    )


def add_police_team(viewer: Viewer, district_id: int, name: str) -> Team:
    """Add a team of police contacts to a district; its first officer is invited and makes its key.

    Raises Http404.
    """
    with viewing(viewer):
        administrators_only(viewer)
        district = District.objects.filter(pk=district_id).first()
        if district is None:
            raise Http404
        team = Team.objects.create(kind=TeamKind.POLICE, name=name, district=district)
        state(team)
        record(
            "police contacts added",
            actor=viewer,
            subject_kind="team",
            subject_id=team.pk,
            district_id=district.pk,
        )
    return team


def set_tiles(viewer: Viewer, district_id: int, wishes: Sequence[Wish]) -> None:
    """Replace a district's names, order and hiding of tiles. Floors stay the taxonomy's.

    Raises Http404, NoSuchTileChange.
    """
    for wish in wishes:
        problems = problems_with(wish)
        if problems:
            raise NoSuchTileChange(problems[0])
    with viewing(viewer):
        administrators_only(viewer)
        if not District.objects.filter(pk=district_id).exists():
            raise Http404
        TileChange.objects.filter(district_id=district_id).delete()
        TileChange.objects.bulk_create(
            TileChange(
                district_id=district_id,
                tile=wish.tile,
                texts=dict(wish.texts),
                position=wish.position,
                hidden=wish.hidden,
            )
            for wish in wishes
        )
        record(
            "tiles changed",
            actor=viewer,
            subject_kind="district",
            subject_id=district_id,
            district_id=district_id,
            detail={"tiles": [wish.tile for wish in wishes]},
        )


def _free(model: type[Center | District], name: str, fallback: str) -> str:
    base = slugify(name)[:44] or fallback
    taken = set(model._default_manager.values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


def _record(
    viewer: Viewer,
    kind: str,
    pk: int,
    *,
    new: bool,
    form: ModelForm[Any],
    district_id: int | None = None,
) -> None:
    record(
        f"{kind} added" if new else f"{kind} changed",
        actor=viewer,
        subject_kind=kind,
        subject_id=pk,
        district_id=district_id,
        detail={"fields": sorted(form.changed_data)},
    )

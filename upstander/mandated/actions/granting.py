"""Granting a duty to its offices after it began, and taking it back from whom an exclusion names.

The key of a duty lies with its holders alone. So what changes later, who is kept out or what the
center settles, becomes grants only when somebody who holds it does it: its owner, at the latest
when they next open it, or the compliance lead.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID, uuid4

from django.db import connection
from django.http import Http404
from django.utils.translation import gettext as _

from upstander.base.refused import Refused
from upstander.carriers.notices import tell
from upstander.mandated.access import duty_for
from upstander.mandated.actions.events import (
    KIND,
    call,
    names_of_people,
    record_on,
    write_event,
)
from upstander.mandated.actions.unfiled import file_later, file_what_waited
from upstander.mandated.actions.wide import is_wide, keep_out_widely
from upstander.mandated.copying import give_copy, unasked_of
from upstander.mandated.models import Duty, DutyEvent, Routing
from upstander.mandated.recipients import (
    accused_among,
    agency_at,
    depending_on,
    excluded_with,
    officers_of,
    recipients,
)
from upstander.mandated.routing import Route, route_of, who_is_granted
from upstander.mandated.words import pack_round
from upstander.matters.folders import OpenFolder, open_folder, person_holder, share_folder
from upstander.matters.people_near import say_near
from upstander.people.keys import mac_holder, person_mac
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.tips.models import Tip


def may_keep_out(viewer: Viewer, duty: Duty) -> bool:
    """Tell whether somebody who sees a duty may keep others out of it; the database asks again."""
    if viewer.kind is TeamKind.FORMER:
        return False
    return duty.person_id == viewer.person_id or Role.COMPLIANCE_LEAD in viewer.roles


def grant_what_waits(viewer: Viewer, duty: Duty, folder: OpenFolder) -> None:
    """Grant a duty that waited to its offices, as soon as nothing stands against it any more; and
    file what of it the register doesn't have.

    By its owner, whenever they open it. One durable transaction; without anything to do, two
    queries.
    """
    with viewing(viewer):
        if Routing.objects.filter(duty_id=duty.pk, waits=True).exists():
            _grant_now(viewer, duty, folder)
        elif DutyEvent.objects.filter(duty_id=duty.pk, kind=DutyEvent.Kind.UNFILED).exists():
            file_what_waited(viewer, duty, folder)


def grant_and_ring(viewer: Viewer, folder: OpenFolder, told: Sequence[int]) -> None:
    """Grant a duty to persons of the offices, and have the first of them rung at once.

    Call inside ``viewing``, in the transaction that begins or opens it to them. ``told``: in the
    order in which they are told (``recipients``); whose own duty it is needs no ring.
    """
    share_folder(folder, [person_holder(person) for person in told])
    first = next((person for person in told if person != viewer.person_id), None)
    if first is not None:
        of_agency = agency_at(folder.district_id) is not None
        tell(first, "advocate_duty" if of_agency else "duty_begun")


def _grant_now(viewer: Viewer, duty: Duty, folder: OpenFolder) -> None:
    """Grant a duty to whom it goes as things stand; call inside ``viewing``."""
    route = Route(route_of(duty.pk).past_building)
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.duty_granted(%s)", [duty.pk])
        if cursor.fetchone() != (True,):
            return  # somebody was faster, or the center has not settled it yet
    officers = officers_of(duty.district_id)
    accused = accused_among(officers, duty.matter_id) | unasked_of(folder, duty)
    told = who_is_granted(officers, school_id=duty.school_id, accused=accused, route=route)
    grant_and_ring(viewer, folder, told)
    if duty.person_id == viewer.person_id:
        file_what_waited(viewer, duty, folder)
        copied = DutyEvent.objects.filter(duty_id=duty.pk, kind=DutyEvent.Kind.COPY)
        if duty.written_at is not None and not copied.exists():
            give_copy(viewer, folder, duty)


def keep_out_later(
    viewer: Viewer, duty_id: UUID, people: Collection[int], why: str, *, suspects: bool = False
) -> None:
    """Keep persons out of a duty and its whole matter, from now on: its owner or the lead.

    ``suspects``: its owner suspects them, so that their written report names them.
    What was granted to them is taken back, and from whoever depends on them; whoever comes next in
    the offices is granted it instead. It can't be undone. Raises Http404, FolderShut, Refused.
    """
    if not people or not why.strip():
        raise Refused(_("Choose who must not see it, and say why."))
    with viewing(viewer):
        duty = duty_for(viewer, duty_id)
    if not may_keep_out(viewer, duty):
        raise Http404
    if viewer.person_id in people:
        raise Refused(_("You can’t exclude yourself here."))
    if duty.person_id in people:
        raise Refused(
            _("It is their own report, and no one can be excluded from their own report.")
        )
    folder = open_folder(viewer, duty.folder_id, KIND, purpose=DutyEvent.Kind.KEPT_OUT.value)
    event_id = uuid4()
    with viewing(viewer):
        names = ", ".join(_names(people))
        words = {"words": why.strip(), "kept_out": names}
        accuses = suspects and duty.person_id == viewer.person_id
        if accuses:
            words["accused"] = names
        with_them = excluded_with(officers_of(duty.district_id), people)
        call("SELECT api.lock_matter(p_matter => %s)", duty.matter_id)
        out = {*people, *with_them} - {viewer.person_id, duty.person_id}
        of_tip = (
            duty.tip_id is not None
            or duty.case_id is not None
            or Tip.objects.filter(matter_id=duty.matter_id).exists()
        )
        if is_wide(duty.district_id, duty.matter_id, out, of_tip=of_tip):
            write_event(viewer, folder, duty_id, DutyEvent.Kind.WIDE, words)
            keep_out_widely(duty_id, out)
        else:
            say_near(duty.district_id)
            call(
                "SELECT api.keep_out_of_duty(p_duty => %s, p_event => %s, p_macs => %s::bytea[], "
                "p_sealed => %s)",
                duty_id,
                event_id,
                [person_mac(person) for person in sorted(out)],
                folder.seal("event", event_id, pack_round(words)),
            )
            pass_over(duty.matter_id, duty.district_id)
            record_on(viewer, f"duty: {DutyEvent.Kind.KEPT_OUT.value}", duty_id, folder)
        _grant_now(viewer, duty, folder)
        if accuses:
            # Whom the register doesn't name, a letter to somebody who hires calls clear.
            file_later(viewer, folder, duty, names_of_people(people))


def suspect_also(viewer: Viewer, duty_id: UUID, text: str, named: Collection[int]) -> None:
    """Write down in its owner's own words whom they suspect too, and file it in the register.

    ``named``: whom of staff they have just kept out as meant by these words, who is filed by
    account. Words that name nobody so, or somebody else besides, are an entry that the district's
    office gives a name. Raises Http404, FolderShut.
    """
    with viewing(viewer):
        duty = duty_for(viewer, duty_id)
    if duty.person_id != viewer.person_id:
        raise Http404
    folder = open_folder(viewer, duty.folder_id, KIND, purpose=DutyEvent.Kind.NOTE.value)
    with viewing(viewer):
        write_event(viewer, folder, duty_id, DutyEvent.Kind.NOTE, {"suspected": text})
        file_later(viewer, folder, duty, names_of_people(named), text)


def say_known(viewer: Viewer, duty_id: UUID) -> None:
    """Say that it is about nobody in the school's office: from now on they see it. Its owner alone.

    Raises Http404, FolderShut, Refused (there is nothing to say).
    """
    with viewing(viewer):
        duty = duty_for(viewer, duty_id)
    if duty.person_id != viewer.person_id or viewer.kind is TeamKind.FORMER:
        raise Http404
    folder = open_folder(viewer, duty.folder_id, KIND, purpose=DutyEvent.Kind.KNOWN.value)
    with viewing(viewer):
        waits = route_of(duty_id).waits
        with connection.cursor() as cursor:
            cursor.execute("SELECT api.duty_known(%s)", [duty_id])
            if cursor.fetchone() != (True,):
                raise Refused(_("The school’s office is no longer bypassed."))
        write_event(viewer, folder, duty_id, DutyEvent.Kind.KNOWN, {})
        officers = officers_of(duty.district_id)
        accused = accused_among(officers, duty.matter_id)
        route = Route(waits=waits)
        told = who_is_granted(officers, school_id=duty.school_id, accused=accused, route=route)
        grant_and_ring(viewer, folder, told)


def pass_over(matter_id: UUID, district_id: int) -> None:
    """Take a matter's duties and allegations back from whoever depends on somebody it excludes.

    Call inside the ``viewing`` in which the exclusion was set, by the center too.
    """
    officers = officers_of(district_id)
    accused = accused_among(officers, matter_id)
    under = depending_on(officers, accused)
    # Somebody who is two things at once may still be told as the other.
    for school_id in {one.school_id for one in officers}:
        under -= set(recipients(officers, school_id=school_id, accused=accused))
    say_near(district_id)
    call(
        "SELECT api.pass_over(p_matter => %s, p_holders => %s::text[])",
        matter_id,
        # Nobody is taken something from as well: how often something was taken back would tell
        # whether anybody depends on whom it is about.
        [mac_holder(person) for person in sorted(under) or [0]],
    )


def _names(people: Collection[int]) -> list[str]:
    return sorted(names_of_people(people).values())

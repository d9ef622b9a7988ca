"""Exclusions that would leave nobody: for a duty they hold at once, for its tip once two agree.

Whoever presses "I suspect" may name everybody they suspect. But an exclusion on the whole of a
team, or on everybody at the center, would also take a child's tip out of every hand; and it can't
be undone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.http import Http404
from django.utils.translation import gettext as _

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.mandated.actions.events import KIND, call
from upstander.mandated.models import Duty, WideExclusion
from upstander.mandated.recipients import depending_on, officers_of
from upstander.matters.exclusions import Exclusions
from upstander.matters.people_near import people_near, say_near, shuts_out
from upstander.people.keys import person_mac
from upstander.people.scope import Viewer, viewing
from upstander.tips.models import Tip
from upstander.tips.queries import names_of
from upstander.vault.bound import bound


@dataclass(frozen=True, slots=True)
class Waiting:
    """An exclusion that waits for its second person, with whom it names (UTC)."""

    id: UUID
    by: str
    people: tuple[str, ...]
    reference: str
    asked_at: datetime


def is_wide(
    district_id: int, matter_id: UUID | None, people: Collection[int], *, of_tip: bool
) -> bool:
    """Tell whether an exclusion on these waits for a second person; call inside ``viewing``.

    With those who are kept out already: nobody is left either where they go one after another.
    What belongs to no tip or case (``of_tip``) takes nobody's work away: there it never waits.
    """
    if not of_tip or matter_id is None:
        return False
    excluded, near = Exclusions.on([matter_id]), people_near(district_id)
    before = {one.person_id for one in near if person_mac(one.person_id) in excluded}
    return shuts_out(near, {*people, *before}) and not shuts_out(near, before)


def keep_out_widely(duty_id: UUID, people: Collection[int]) -> None:
    """Keep these from a duty at once, and ask a second person about its tip; inside ``viewing``.

    None of whom it names hears of it, nor whoever depends on them or has the matter kept from them.
    """
    duty = Duty.objects.get(pk=duty_id)
    officers, excluded = officers_of(duty.district_id), Exclusions.on([duty.matter_id])
    near = {one.person_id for one in people_near(duty.district_id)}
    out = set(people) | {one for one in near if person_mac(one) in excluded}
    call(
        "SELECT api.keep_out_widely(p_id => %s, p_duty => %s, p_macs => %s::bytea[], "
        "p_tell => %s::bigint[])",
        uuid4(),
        duty_id,
        [person_mac(person) for person in sorted(people)],
        sorted(near - out - depending_on(officers, out)),
    )


def waiting_exclusions(viewer: Viewer) -> list[Waiting]:
    """Return what waits for the viewer's decision, oldest first; call inside ``viewing``."""
    rows = list(
        WideExclusion.objects.filter(decided_at__isnull=True)
        .exclude(asked_by=viewer.person_id)
        .order_by("asked_at", "pk")
    )
    near = {
        person_mac(one.person_id): one.name
        for district in {row.district_id for row in rows}
        for one in people_near(district)
    }
    named = [{bound(code, row.matter_id): name for code, name in near.items()} for row in rows]
    names = names_of({row.asked_by for row in rows})
    tips = Tip.objects.filter(matter_id__in={row.matter_id for row in rows})
    known = dict(tips.values_list("matter_id", "reference"))
    return [
        Waiting(
            row.pk,
            names.get(row.asked_by, _("Someone")),
            tuple(sorted(by.get(bytes(mac), _("someone who left")) for mac in row.person_macs)),
            known.get(row.matter_id, ""),
            row.asked_at,
        )
        for row, by in zip(rows, named, strict=True)
    ]


def decide_wide(viewer: Viewer, exclusion_id: UUID, *, agree: bool) -> None:
    """Agree to such an exclusion for the tip too, or leave it on the duty. One durable transaction.

    Raises Http404, Refused (nobody at the center would be left).
    """
    with viewing(viewer):
        row = WideExclusion.objects.filter(pk=exclusion_id, decided_at__isnull=True).first()
        if row is None or row.asked_by == viewer.person_id:
            raise Http404
        macs = Exclusions((row.matter_id, mac) for mac in row.person_macs)
        center = [one for one in people_near(row.district_id) if one.kind.value == "center"]
        if agree and all(person_mac(one.person_id) in macs for one in center):
            raise Refused(
                _(
                    "No one at the crisis center would be left to act on this tip. Exclude "
                    "the people who are meant by name, on the tip’s own page."
                )
            )
        say_near(row.district_id)
        call(
            "SELECT api.decide_wide_exclusion(p_exclusion => %s, p_agree => %s)",
            exclusion_id,
            agree,
        )
        record(
            "wide exclusion: agreed" if agree else "wide exclusion: refused",
            actor=viewer,
            subject_kind=KIND,
            subject_id=row.duty_id,
            district_id=row.district_id,
            matter_id=row.matter_id,
            detail={"people": len(row.person_macs)},
        )

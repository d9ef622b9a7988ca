"""Every write: holds, numbers of years, and the two steps after which something goes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.cases.models import Case
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.places.law import law_of
from upstander.places.models import District
from upstander.retention.models import Hold, Item, Period
from upstander.retention.queries import districts_of
from upstander.tips.models import Tip

#: Years that a schedule can be set to.
YEARS: Final = range(1, 101)


def place_hold(
    viewer: Viewer,
    district_id: int,
    *,
    reason: str,
    school_id: int | None = None,
    reference: str = "",
    until: datetime | None = None,
) -> Hold:
    """Keep everything of one matter, of a school, or of a district from being destroyed.

    ``reference`` names a tip or case that the viewer sees. Raises Refused, Http404 for a district
    that isn't theirs.
    """
    if not reason.strip():
        raise Refused(_("Say why it must be kept: the person who lifts the hold needs to know."))
    with viewing(viewer) as now:
        district = _district(viewer, district_id)
        if until is not None and until <= now:
            raise Refused(_("The hold must end in the future, or have no end."))
        matter_id = _matter_of(viewer, district, reference) if reference else None
        hold = Hold(
            district_id=district.pk,
            school_id=None if matter_id else school_id,
            matter_id=matter_id,
            reference=reference.strip().upper() if matter_id else "",
            reason=reason.strip(),
            placed_by=viewer.person_id,
            placed_at=now,
            until=until,
        )
        # No RETURNING: the row is seen by who may see its matter.
        Hold.objects.bulk_create([hold])
        record(
            "hold placed",
            actor=viewer,
            subject_kind="hold",
            subject_id=hold.pk,
            district_id=district.pk,
            matter_id=matter_id,
            detail={"of": "matter" if matter_id else "school" if school_id else "district"},
        )
    return hold


def lift_hold(viewer: Viewer, hold_id: UUID) -> Hold:
    """Let a hold go: what it kept may be listed again. Raises Http404."""
    with viewing(viewer) as now:
        hold = Hold.objects.filter(pk=hold_id, lifted_at=None).first()
        if hold is None:
            raise Http404
        Hold.objects.filter(pk=hold.pk, lifted_at=None).update(
            lifted_by=viewer.person_id, lifted_at=now
        )
        record(
            "hold lifted",
            actor=viewer,
            subject_kind="hold",
            subject_id=hold.pk,
            district_id=hold.district_id,
            matter_id=hold.matter_id,
        )
    return hold


def set_years(viewer: Viewer, district_id: int, rule: str, years: int | None) -> None:
    """Set how many years a rule's records schedule says in a district; None: keep everything.

    An administrator's. Raises Refused, Http404.
    """
    if years is not None and years not in YEARS:
        raise Refused(_("Enter a number of years from 1 to 100, or leave it empty."))
    with viewing(viewer) as now:
        district = _district(viewer, district_id)
        if rule not in {one.key for one in law_of(district).retention.rules if one.schedule}:
            raise Refused(_("Choose one of the rules set by a records schedule."))
        Period.objects.bulk_create(
            [
                Period(
                    district_id=district.pk,
                    rule=rule,
                    years=years,
                    set_by=viewer.person_id,
                    set_at=now,
                )
            ]
        )
        record(
            "retention set",
            actor=viewer,
            subject_kind="district",
            subject_id=district.pk,
            district_id=district.pk,
            detail={"rule": rule, "years": years},
        )


def propose(viewer: Viewer, item_ids: Iterable[UUID]) -> int:
    """Propose that things whose time is over go; a second person must agree. Returns how many."""
    if viewer.kind is TeamKind.ADMINISTRATION:
        raise Refused(
            _(
                "Someone who knows what the record is about proposes it; an administrator can "
                "only approve."
            )
        )
    return _move(viewer, item_ids, (Item.State.DUE,), Item.State.PROPOSED, "disposal proposed")


def agree(viewer: Viewer, item_ids: Iterable[UUID]) -> int:
    """Agree that they go, as the second person; a day later they do. Returns how many.

    One's own proposals are passed over.
    """
    return _move(viewer, item_ids, (Item.State.PROPOSED,), Item.State.AGREED, "disposal agreed")


def stop(viewer: Viewer, item_ids: Iterable[UUID]) -> int:
    """Take a proposal or an agreement back: they wait again. Returns how many."""
    before = (Item.State.PROPOSED, Item.State.AGREED)
    return _move(viewer, item_ids, before, Item.State.DUE, "disposal stopped")


def _move(
    viewer: Viewer,
    item_ids: Iterable[UUID],
    before: tuple[Item.State, ...],
    after: Item.State,
    action: str,
) -> int:
    with viewing(viewer):
        found = Item.objects.filter(pk__in=list(item_ids), state__in=before).order_by("pk")
        if after is Item.State.AGREED:
            found = found.exclude(proposed_by=viewer.person_id)
        items = list(found.select_for_update(of=("self",)))
        # Who and when is set by the database's trigger, from the session itself.
        Item.objects.filter(pk__in=[item.pk for item in items]).update(state=after)
        for item in items:
            record(
                action,
                actor=viewer,
                subject_kind=item.kind,
                subject_id=item.subject,
                district_id=item.district_id,
                matter_id=item.matter_id,
                detail={"rule": item.rule},
            )
    return len(items)


def _district(viewer: Viewer, district_id: int) -> District:
    for district in districts_of(viewer):
        if district.pk == district_id:
            return district
    raise Http404


def _matter_of(viewer: Viewer, district: District, reference: str) -> UUID:
    """Return the matter of a tip or case by its reference. Raises Refused."""
    wanted = reference.strip().upper()
    found: UUID | None = None
    if viewer.kind is not TeamKind.ADMINISTRATION:
        found = (
            Tip.objects.filter(reference=wanted, district_id=district.pk)
            .values_list("matter_id", flat=True)
            .first()
        )
        if found is None and viewer.kind is TeamKind.DISTRICT:
            found = (
                Case.objects.filter(reference=wanted, district_id=district.pk)
                .values_list("matter_id", flat=True)
                .first()
            )
    if found is None:
        raise Refused(
            _("You see no tip or case %(wanted)s in %(name)s.")
            % {"wanted": wanted, "name": district.name}
        )
    return found

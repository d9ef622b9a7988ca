"""Asking a colleague to take a shift, and answering. Nothing changes until they say yes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.carriers import notices
from upstander.oncall.access import own_team, schedule_of, swap_to_answer
from upstander.oncall.models import Override, Swap
from upstander.oncall.reach import ringable
from upstander.people.models import Membership
from upstander.people.scope import Viewer, viewing

type Times = tuple[datetime, datetime]

#: Open questions of one person to one team at a time.
MOST_ASKED = 20


def ask_swap(
    viewer: Viewer,
    team_id: int,
    *,
    duty: str,
    taker_id: int,
    gives: Times,
    takes: Times | None = None,
) -> UUID:
    """Ask a colleague to be on call instead of oneself, perhaps for a time of theirs in return.

    They are told. Raises Http404, Refused.
    """
    with viewing(viewer) as now:
        team = own_team(viewer, team_id)
        schedule = schedule_of(team_id)
        if gives[1] <= now:
            raise Refused(_("That shift has ended."))
        colleague = Membership.objects.filter(
            team=team, person_id=taker_id, person__is_active=True
        ).exclude(person_id=viewer.person_id)
        if not colleague.exists():
            raise Refused(_("They are no longer on your team."))
        if not ringable([taker_id]):
            raise Refused(
                _("They have no verified phone or device, so they can’t be on call alone.")
            )
        asked = Swap.objects.filter(
            schedule=schedule, asker_id=viewer.person_id, state=Swap.State.ASKED
        )
        if asked.filter(gives_from__lt=gives[1], gives_to__gt=gives[0]).exists():
            raise Refused(
                _("You have already asked for a swap at this time. Withdraw that one first.")
            )
        if asked.count() >= MOST_ASKED:
            raise Refused(
                _("You have asked for too many swaps. Wait for answers or withdraw some.")
            )
        swap = Swap.objects.create(
            schedule=schedule,
            duty=duty,
            asker_id=viewer.person_id,
            taker_id=taker_id,
            gives_from=gives[0],
            gives_to=gives[1],
            takes_from=takes[0] if takes else None,
            takes_to=takes[1] if takes else None,
            asked_at=now,
        )
        _tell(taker_id, "swap_asked", viewer, swap, schedule.time_zone)
        _record("swap asked for", viewer, swap, team.district_id)
    return swap.pk


def answer_swap(viewer: Viewer, swap_id: UUID, *, accept: bool) -> Swap:
    """Say yes or no to a swap that one was asked for. A yes changes the plan at once.

    The asker is told. Raises Http404, Refused.
    """
    with viewing(viewer) as now:
        swap = _open(viewer, swap_id)
        if swap.taker_id != viewer.person_id:
            raise Refused(_("Only the person who was asked can answer."))
        if accept and swap.gives_to <= now:
            raise Refused(_("That shift has ended."))
        swap.state = Swap.State.ACCEPTED if accept else Swap.State.REFUSED
        swap.answered_at = now
        swap.save(update_fields=["state", "answered_at"])
        if accept:
            _fulfil(swap, viewer.person_id, now)
        _tell(swap.asker_id, "swap_answered", viewer, swap, swap.schedule.time_zone)
        _record(f"swap {swap.state}", viewer, swap, swap.schedule.team.district_id)
    return swap


def withdraw_swap(viewer: Viewer, swap_id: UUID) -> Swap:
    """Take back what one has asked for. Raises Http404, Refused."""
    with viewing(viewer) as now:
        swap = _open(viewer, swap_id)
        if swap.asker_id != viewer.person_id:
            raise Refused(_("Only the person who asked can withdraw it."))
        swap.state, swap.answered_at = Swap.State.WITHDRAWN, now
        swap.save(update_fields=["state", "answered_at"])
        _record("swap withdrawn", viewer, swap, swap.schedule.team.district_id)
    return swap


def _open(viewer: Viewer, swap_id: UUID) -> Swap:
    """Return a swap that waits for an answer, locked: of a yes and a withdrawal one counts."""
    swap_to_answer(viewer, swap_id)
    swap = (
        Swap.objects.select_for_update(of=("self",))
        .select_related("schedule__team")
        .filter(pk=swap_id, state=Swap.State.ASKED)
        .first()
    )
    if swap is None:
        raise Refused(_("This was already answered or withdrawn."))
    return swap


def _fulfil(swap: Swap, person_id: int, now: datetime) -> None:
    """Write the overrides of an accepted swap: exactly what the database's policy lets through."""
    times = [(swap.taker_id, swap.asker_id, swap.gives_from, swap.gives_to)]
    if swap.takes_from is not None and swap.takes_to is not None:
        times.append((swap.asker_id, swap.taker_id, swap.takes_from, swap.takes_to))
    for on, off, start, end in times:
        Override.objects.create(
            schedule_id=swap.schedule_id,
            duty=swap.duty,
            on_person_id=on,
            off_person_id=off,
            starts_at=start,
            ends_at=end,
            swap=swap,
            made_by=person_id,
            made_at=now,
        )


def _tell(person_id: int, kind: str, viewer: Viewer, swap: Swap, zone: str) -> None:
    at = swap.gives_from.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")
    notices.tell(person_id, kind, {"person": viewer.person_id, "at": at})


def _record(action: str, viewer: Viewer, swap: Swap, district_id: int | None) -> None:
    record(
        action,
        actor=viewer,
        subject_kind="swap",
        subject_id=swap.pk,
        district_id=district_id,
        detail={"asker": swap.asker_id, "taker": swap.taker_id},
    )

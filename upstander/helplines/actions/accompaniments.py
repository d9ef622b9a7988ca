"""Going along: asked for, offered to one after the other, accepted, arrived, left, safe home."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django.http import Http404
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.escalations.actions.alerts import answer_alert
from upstander.escalations.actions.offers import end_each, lock_alerts, open_offer
from upstander.escalations.models import Acknowledgement, Alert
from upstander.helplines.actions.clients import KIND, OpenClient, of_folder, open_client, own_teams
from upstander.helplines.models import Accompaniment, Client, Partner
from upstander.helplines.words import pack, unpack
from upstander.oncall.queries import on_call
from upstander.people.scope import System, Viewer, viewing
from upstander.plug import need_may_take

State = Accompaniment.State
#: Advocates are asked so long before: at the same hour of the day, so that nobody is woken for it.
AHEAD: Final = timedelta(hours=24)
#: So long after what was to come nobody has said a word: the desk and its supervisor are rung.
NOT_THERE: Final = timedelta(minutes=30)
NOT_LEFT: Final = timedelta(hours=6)
NOT_HOME: Final = timedelta(hours=1)
#: So many are asked one after the other before the desk phones.
MOST: Final = 6
#: Only meanwhile a partner may know who comes; then the copy is destroyed.
TOLD_WHILE: Final = (State.ACCEPTED, State.ARRIVED)
#: What the worker may read too.
CLEAR: Final = (
    "id",
    "district_id",
    "matter_id",
    "team_id",
    "begins_at",
    "state",
    "held_by",
    "alert_id",
    "due_at",
    "asked_at",
)
#: What is pressed → the state it comes of, the column of its time, what is awaited next.
_STEPS: Final = {
    State.ARRIVED: (State.ACCEPTED, "arrived_at", NOT_LEFT),
    State.LEFT: (State.ARRIVED, "left_at", NOT_HOME),
    State.SAFE: (State.LEFT, "safe_at", None),
}


@dataclass(frozen=True, slots=True)
class OpenAccompaniment:
    """Going along, with its words and its client's folder."""

    row: Accompaniment
    client: OpenClient = field(repr=False)
    words: Mapping[str, str] = field(repr=False)


def ask(opened: OpenClient, begins_at: datetime, words: Mapping[str, str]) -> UUID:
    """Ask for somebody who goes along, from ``begins_at`` (UTC) on; returns its id.

    Within a day advocates are asked at once. Raises Refused for a closed folder.
    """
    viewer = opened.viewer
    with viewing(viewer) as now:
        teams = own_teams(viewer)
        if not teams or not Client.objects.filter(pk=opened.row.pk, ended_at=None).exists():
            raise Refused(gettext("This folder is closed. Nothing was changed."))
        due = max(now, begins_at - AHEAD)
        row = Accompaniment(
            id=uuid4(),
            client_id=opened.row.pk,
            district_id=opened.row.district_id,
            matter_id=opened.row.matter_id,
            team_id=teams[0].pk,
            begins_at=begins_at,
            due_at=due,
            asked_at=now,
        )
        row.sealed = opened.folder.seal("accompaniment", row.pk, pack(words))
        row.save(force_insert=True)
        if due <= now:
            offer(row, now)
        record("accompaniment asked", **of_folder(opened.folder))
    return row.pk


def open_accompaniment(viewer: Viewer, pk: UUID, *, purpose: str = "read") -> OpenAccompaniment:
    """Open one with its client's folder, recorded. Raises Http404, Locked, FolderShut."""
    with viewing(viewer):
        row = Accompaniment.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    client = open_client(viewer, row.client_id, purpose=purpose)
    return OpenAccompaniment(
        row, client, unpack(client.folder.read("accompaniment", row.pk, row.sealed))
    )


def accept(viewer: Viewer, pk: UUID) -> None:
    """Say that one goes, also before anybody was asked. Raises Http404, Refused."""
    with viewing(viewer) as now, locked(pk) as (row, alerts):
        if row.state not in (State.PLANNED, State.WAITING):
            raise Refused(_stands_differently())
        need_may_take(viewer.person_id)
        take(row, alerts, viewer.person_id, now, by=viewer)


def cannot(viewer: Viewer, pk: UUID) -> None:
    """Say that one can't go, or can't after all: the next is asked at once. Raises as accept."""
    me = viewer.person_id
    with viewing(viewer) as now, locked(pk) as (row, alerts):
        alert = alerts.get(row.alert_id) if row.alert_id else None
        if row.state == State.WAITING and alert is not None:
            no = Acknowledgement.Answer.CANNOT
            answer_alert(alert, me, no, actor=viewer, via="desk", now=now)
        elif row.state == State.ACCEPTED and row.held_by == me:
            _keep(row, state=State.WAITING, held_by=None, accepted_at=None)
            _untell(row)
            end_each([*alerts.values()])
            offer(row, now, but=me)
        else:
            raise Refused(_stands_differently())
        _record(row, viewer, "cannot")


def step(viewer: Viewer, pk: UUID, to: State) -> None:
    """Say of one's own that one has arrived, left, or is safe home. Raises Http404, Refused."""
    before, column, wait = _STEPS[to]
    with viewing(viewer) as now, locked(pk) as (row, alerts):
        if row.state != before or row.held_by != viewer.person_id:
            raise Refused(_stands_differently())
        _keep(row, state=to, due_at=wait and now + wait, **{column: now})
        _untell(row)
        end_each([*alerts.values()])
        _record(row, viewer, to.value)


def call_off(viewer: Viewer, pk: UUID) -> None:
    """Call it off: the client wants nobody any more. Raises Http404, Refused."""
    with viewing(viewer), locked(pk) as (row, alerts):
        if row.state not in (State.PLANNED, State.WAITING, State.ACCEPTED):
            raise Refused(_stands_differently())
        _keep(row, state=State.OFF, held_by=None, due_at=None)
        _untell(row)
        end_each([*alerts.values()])
        _record(row, viewer, "off")


@contextmanager
def locked(pk: UUID) -> Iterator[tuple[Accompaniment, dict[UUID, Alert]]]:
    """Lock its alerts, and then have itself read: the order in which all do."""
    alerts = lock_alerts(pk)
    row = Accompaniment.objects.select_for_update().filter(pk=pk).only(*CLEAR).first()
    if row is None:
        raise Http404
    yield row, alerts


def take(
    row: Accompaniment,
    alerts: Mapping[UUID, Alert],
    person: int,
    now: datetime,
    *,
    by: Viewer | System,
) -> None:
    """Let somebody have a locked one that waits; nobody else is asked any more."""
    due = max(now, row.begins_at) + NOT_THERE
    _keep(row, state=State.ACCEPTED, held_by=person, accepted_at=now, due_at=due)
    end_each([*alerts.values()])
    _record(row, by, "accepted")


def offer(row: Accompaniment, now: datetime, *, but: int | None = None) -> None:
    """Ask who is on call then, one after the other, then the desk and its supervisor.

    ``but``: who has just said that they can't.
    """
    found = on_call(row.team_id, max(now, row.begins_at))
    people = [one for one in (*found.primary, *found.backup) if one != but]
    alert = ring(row, list(dict.fromkeys(people))[:MOST], now)
    _keep(row, state=State.WAITING, alert_id=alert.pk, due_at=None)


def ring(row: Accompaniment, people: Sequence[int], now: datetime, **more: int) -> Alert:
    """Open an alert about it; ``more``: as ``open_offer``."""
    return open_offer(
        subject_id=row.pk,
        matter_id=row.matter_id,
        reference=row.reference,
        district_id=row.district_id,
        people=people,
        now=now,
        page="helplines",
        **more,
    )


def keep_due(row: Accompaniment, at: datetime | None) -> None:
    """Say when the worker looks next (UTC)."""
    _keep(row, due_at=at)


def _keep(row: Accompaniment, **columns: Any) -> None:
    Accompaniment.objects.filter(pk=row.pk).update(**columns)
    for name, value in columns.items():
        setattr(row, name, value)


def _untell(row: Accompaniment) -> None:
    if row.state not in TOLD_WHILE:
        Partner.objects.filter(accompaniment_id=row.pk).delete()


def _stands_differently() -> str:
    return gettext("This has changed in the meantime: look again.")


def _record(row: Accompaniment, by: Viewer | System, what: str) -> None:
    record(
        "accompaniment stepped",
        actor=by,
        subject_kind=KIND,
        subject_id=row.pk,
        district_id=row.district_id,
        matter_id=row.matter_id,
        detail={"step": what},
    )

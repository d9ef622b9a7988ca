"""Writing one event of a duty, with its entry in the record: what every action ends in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import ProgrammingError, connection
from django.utils.translation import gettext as _
from psycopg.errors import NoDataFound

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.mandated.clocks import next_about
from upstander.mandated.days import days_of
from upstander.mandated.models import Duty, DutyEvent
from upstander.mandated.words import pack
from upstander.matters.folders import OpenFolder
from upstander.people.models import Person
from upstander.people.scope import Viewer
from upstander.states import Deadline

KIND = "duty"
#: Events that may say whom their owner spoke to, or a reference; and those that say where the
#: written report went. Without both nothing may end as reported (the function mandated_unproved).
_SAYS_WHOM = (DutyEvent.Kind.FIRST, DutyEvent.Kind.ANSWER, DutyEvent.Kind.PROOF)
_SAYS_WHERE = (DutyEvent.Kind.WRITTEN, DutyEvent.Kind.PROOF)
#: Events that come by an action of their own: they change more than the list of events.
OWN_ACTION = frozenset(
    {
        DutyEvent.Kind.STARTED,
        DutyEvent.Kind.FIRST,
        DutyEvent.Kind.WRITTEN,
        DutyEvent.Kind.CORRECTED,
        DutyEvent.Kind.REDATED,
        DutyEvent.Kind.SUSPENDED,
        DutyEvent.Kind.INQUIRY_OVER,
        DutyEvent.Kind.MET,
        DutyEvent.Kind.UNFILED,
        DutyEvent.Kind.FILED,
        DutyEvent.Kind.KEPT_OUT,
        DutyEvent.Kind.KNOWN,
        DutyEvent.Kind.PROOF,
        DutyEvent.Kind.WIDE,
        DutyEvent.Kind.UNCOUNTED,
    }
)


def write_event(
    viewer: Viewer,
    folder: OpenFolder,
    duty_id: UUID,
    kind: DutyEvent.Kind,
    words: Mapping[str, str],
    *,
    happened: datetime | None = None,
    way: str = "",
    flag: bool | None = None,
    remind: datetime | None = None,
    due: datetime | None = None,
    later: Sequence[Deadline] = (),
    now: datetime | None = None,
    detail: Mapping[str, str] | None = None,
) -> int:
    """Write one event of a duty whose folder is open, with its entry in the record.

    Call inside ``viewing``, as part of an action. ``detail`` is the record's: codes and hashes. The
    typed time goes there too, and how the report was made and taken, so that the sealed record
    proves what was said and when. Returns the event's number.
    """
    event_id = uuid4()
    number = call(
        "SELECT api.add_to_duty(p_duty => %s, p_event => %s, p_kind => %s, p_happened => %s, "
        "p_way => %s, p_flag => %s, p_remind => %s, p_sealed => %s, p_due => %s, p_whom => %s, "
        "p_where => %s)",
        duty_id,
        event_id,
        kind.value,
        happened,
        way,
        flag,
        remind,
        folder.seal("event", event_id, pack(words)),
        due,
        kind in _SAYS_WHOM and any(words.get(one, "").strip() for one in ("worker", "reference")),
        kind in _SAYS_WHERE and all(words.get(one, "").strip() for one in ("how", "to")),
    )
    typed = {"typed": happened.astimezone(UTC).isoformat()} if happened else {}
    if way:
        typed["way"] = way
    if kind in (DutyEvent.Kind.FIRST, DutyEvent.Kind.ANSWER):
        # Part of what is proved: the row alone could be changed by whoever owns the database.
        typed["accepted"] = {True: "yes", False: "no", None: _("not said")}[flag]
    record_on(viewer, f"duty: {kind.value}", duty_id, folder, **typed, **(detail or {}))
    if happened is not None and now is not None:
        open_deadlines(folder.district_id, event_id, later, happened, now)
    return number


def open_deadlines(
    district_id: int,
    event_id: UUID,
    later: Iterable[Deadline],
    happened: datetime,
    now: datetime,
) -> None:
    """Open what falls due after an event that was just written down; call in its ``viewing``.

    One that stands already stays as it is: its clock has begun.
    """
    for one in later:
        due = days_of(district_id).due(one, happened)
        call(
            "SELECT api.open_deadline(p_id => %s, p_event => %s, p_key => %s, p_owner => %s, "
            "p_asks_home => %s, p_due => %s, p_remind => %s)",
            uuid4(),
            event_id,
            one.key,
            one.owner,
            one.tells_families,
            due,
            next_about(one.key, due, now).at,
        )


def move_deadlines(
    duty: Duty, later: Iterable[Deadline], happened: datetime, now: datetime
) -> None:
    """Let what fell due after a duty's first report, and is not done, run from its corrected time.

    Call in the ``viewing`` in which the correction was written down; times are UTC.
    """
    for one in later:
        due = days_of(duty.district_id).due(one, happened)
        call(
            "SELECT api.move_deadline(p_duty => %s, p_key => %s, p_due => %s, p_remind => %s)",
            duty.pk,
            one.key,
            due,
            next_about(one.key, due, now).at,
        )


def let_wait(duty_id: UUID) -> None:
    """Have a duty wait from now on for its center; call in its owner's ``viewing``."""
    call("SELECT api.route_duty(p_duty => %s, p_past_building => false)", duty_id)


def call(statement: str, *values: Any) -> int:
    """Call one of the database's functions; return its number, 0 for none.

    Raises Refused where the database says that the duty is not the viewer's to write in: whoever
    reads one by name, or had it before it moved on, is told so.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            row = cursor.fetchone()
    except ProgrammingError as error:
        if not isinstance(error.__cause__, NoDataFound):
            raise
        raise Refused(
            _("Not saved: this report is with others, who record that. You can read it.")
        ) from error
    return int(row[0]) if row and isinstance(row[0], int) else 0


def record_on(
    viewer: Viewer, action: str, duty_id: UUID, folder: OpenFolder, **detail: object
) -> None:
    record(
        action,
        actor=viewer,
        subject_kind=KIND,
        subject_id=duty_id,
        district_id=folder.district_id,
        matter_id=folder.matter_id,
        detail=detail,
    )


def names_of_people(people: Iterable[int]) -> dict[int, str]:
    return {row.pk: row.name for row in Person.objects.filter(pk__in=set(people))}

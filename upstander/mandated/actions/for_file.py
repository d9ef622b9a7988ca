"""Answering for the file: where whoever opened a matter of abuse has gone, or stays silent.

The compliance lead (or who stands in) can't read the words, so they say only what the file proves:
that it was reported, that two who did read it found nothing, or that they report it themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import ProgrammingError, connection
from django.http import Http404
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.mandated.models import FileAnswer
from upstander.matters.people_near import opened_name
from upstander.people.scope import Viewer, viewing


@dataclass(frozen=True, slots=True)
class Owed:
    """A question whose answer an office is asked to give for the file (times are UTC)."""

    id: int
    of_case: bool
    subject: UUID
    reference: str
    school_id: int | None
    district_id: int
    matter_id: UUID
    who: str
    since: datetime
    gone: bool
    #: Whether it is time: they have gone, or were silent for a day.
    may: bool
    own_report: bool
    reported: bool
    read_by_two: bool

    @property
    def grounds(self) -> list[tuple[str, str]]:
        """What the file proves now, as (key, words)."""
        proven = {
            FileAnswer.Ground.OWN_REPORT: self.own_report,
            FileAnswer.Ground.REPORTED: self.reported,
            FileAnswer.Ground.READ_BY_TWO: self.read_by_two,
        }
        return [(ground.value, str(ground.label)) for ground, holds in proven.items() if holds]


def owed(viewer: Viewer) -> list[Owed]:
    """Return what the viewer is asked to answer for the file; call inside ``viewing``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM api.answers_owed()")
        rows = [Owed(*row) for row in cursor.fetchall()]
    # The name lies sealed: the office may not know otherwise whoever opened it.
    return [replace(one, who=opened_name(one.who)) for one in rows]


def owed_one(viewer: Viewer, asked_id: int) -> Owed:
    """Return one of them; call inside ``viewing``. Raises Http404."""
    one = next((one for one in owed(viewer) if one.id == asked_id), None)
    if one is None:
        raise Http404
    return one


def answer_for_file(viewer: Viewer, asked_id: int, ground: str) -> None:
    """Answer for the file; that they were silent stays shown. One durable transaction.

    Raises Http404, Refused (it is not time yet; the file doesn't prove it).
    """
    with viewing(viewer):
        one = owed_one(viewer, asked_id)
        if not one.may:
            raise Refused(
                gettext("Not saved: they can still answer themselves until a day has passed.")
            )
        if ground not in {key for key, _ in one.grounds}:
            raise Refused(
                gettext(
                    "Not saved: the file does not prove that. If nothing else is proved, "
                    "begin the report yourself: reason to suspect is enough."
                )
            )
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT api.answer_for_file(p_asked => %s, p_ground => %s)", [asked_id, ground]
                )
        except ProgrammingError as error:
            raise Refused(gettext("Not saved: you can no longer answer this.")) from error
        record(
            "answered for the file",
            actor=viewer,
            subject_kind="case" if one.of_case else "tip",
            subject_id=one.subject,
            district_id=one.district_id,
            matter_id=one.matter_id,
            detail={"ground": ground},
        )

""" "I suspect: yes or no, and why": whoever opens a tip about abuse answers.

Silence is what failed. The question is written down when the tip's page is shown; it nags until the
person has answered, and whoever answers for them sees how many have not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection

from upstander.audit.actions import record
from upstander.base.published import PublishedInt
from upstander.base.refused import Refused
from upstander.mandated.models import Answer, Asked, Duty
from upstander.places.models import District, School
from upstander.places.roles import TeamKind
from upstander.places.scope import Viewer, viewing
from upstander.plug import published
from upstander.tips.access import tip_for
from upstander.tips.envelopes import open_words, seal_words
from upstander.tips.models import Tip
from upstander.tips.opening import UNREADABLE, OpenTip
from upstander.tips.queries import names_of
from upstander.vault.errors import VaultError
from upstander.vault.seeds import Audience

#: Until somebody is reminded for the first time; then twice as long each time, up to four hours.
FIRST_NAG, MOST_SELDOM = timedelta(minutes=20), timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Said:
    """One answer as a tip's page shows it."""

    who: str
    suspects: bool
    why: str
    duty_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class SuspicionPanel:
    """The question on a tip's page; ``others`` is empty until the viewer has answered."""

    tip_id: UUID
    own: Said | None
    others: tuple[Said, ...]


def suspicion_panel(opened: OpenTip) -> SuspicionPanel | None:
    """Ask whoever has opened a tip about abuse, and return what its page shows.

    None: nobody is asked about such a tip. One durable transaction.
    """
    viewer = opened.viewer
    if not opened.tip.mandated:
        return None
    with viewing(viewer) as now:
        tip = tip_for(viewer, opened.tip.pk)
        _ask(viewer, tip, now)
        given = list(Answer.objects.filter(tip_id=tip.pk).order_by("at", "pk"))
        names = names_of({one.person_id for one in given})
    own = [one for one in given if one.person_id == viewer.person_id]
    if not own:
        return SuspicionPanel(tip.pk, None, ())
    others = tuple(
        _said(opened, one, names)
        for one in given
        if one.person_id != viewer.person_id and _seed(opened, one) is not None
    )
    return SuspicionPanel(tip.pk, _said(opened, own[-1], names), others)


def _ask(viewer: Viewer, tip: Tip, now: datetime) -> None:
    """Write down that they owe an answer, once; call inside ``viewing``."""
    Asked.objects.bulk_create(
        [
            Asked(
                tip_id=tip.pk,
                matter_id=tip.matter_id,
                district_id=tip.district_id,
                school_id=tip.school_id,
                center=viewer.kind is TeamKind.CENTER,
                person_id=viewer.person_id,
                asked_at=now,
                remind_at=now + FIRST_NAG,
            )
        ],
        ignore_conflicts=True,
    )


def answer_suspicion(opened: OpenTip, *, suspects: bool, why: str, duty_id: UUID | None) -> None:
    """Keep somebody's own answer. A yes comes with the duty that it began: it is no answer without.

    One durable transaction. Raises Http404, Refused, NotGranted.
    """
    viewer, tip_id, row_id = opened.viewer, opened.tip.pk, uuid4()
    if suspects and duty_id is None:
        raise Refused("Whoever suspects begins their report: that is the answer.")
    if not suspects and not why.strip():
        raise Refused("Say why not, in a few words.")
    audience = opened.own_audience
    sealed = seal_words(
        opened.seed(audience), purpose="suspicion", tip=tip_id, row=row_id, words=why.strip()
    )
    with viewing(viewer) as now:
        tip = tip_for(viewer, tip_id)
        if (
            duty_id is not None
            and not Duty.objects.filter(
                pk=duty_id, tip_id=tip_id, person_id=viewer.person_id
            ).exists()
        ):
            raise Refused("That report is not yours, or is about something else.")
        _ask(viewer, tip, now)
        Answer.objects.bulk_create(
            [
                Answer(
                    id=row_id,
                    tip_id=tip_id,
                    district_id=tip.district_id,
                    person_id=viewer.person_id,
                    suspects=suspects,
                    duty_id=duty_id,
                    audience=audience,
                    circle=opened.circle,
                    sealed=sealed,
                    at=now,
                )
            ]
        )
        record(
            "suspicion answered",
            actor=viewer,
            subject_kind="tip",
            subject_id=tip_id,
            district_id=tip.district_id,
            matter_id=tip.matter_id,
            detail={"suspects": suspects},
        )


def _seed(opened: OpenTip, one: Answer) -> bytes | None:
    if one.audience == Audience.CENTER:
        return opened.seeds.get(Audience.CENTER)
    return opened.circles.get(one.circle) if opened.own_audience is Audience.CASE else None


def _said(opened: OpenTip, one: Answer, names: Mapping[int, str]) -> Said:
    seed = _seed(opened, one)
    try:
        why = (
            open_words(seed, purpose="suspicion", tip=one.tip_id, row=one.pk, sealed=one.sealed)
            if seed
            else ""
        )
    except VaultError:
        why = UNREADABLE
    return Said(names.get(one.person_id, ""), one.suspects, why, one.duty_id, one.at)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """How many have not answered, where, and since when the first of them was asked (UTC)."""

    where: str
    people: PublishedInt
    oldest: datetime


def unanswered() -> list[Unanswered]:
    """Return counts for whoever answers for those who were asked; call inside ``viewing``.

    Empty for everybody else: the database decides. Three queries.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT center, district_id, school_id, people, oldest FROM api.unanswered()"
        )
        rows = cursor.fetchall()
    if not rows:
        return []
    schools = dict(School.objects.values_list("pk", "name"))
    districts = dict(District.objects.values_list("pk", "name"))
    return [
        Unanswered(
            "The center" if center else schools.get(school, districts.get(district, "")),
            published("answers.missing", people),
            oldest,
        )
        for center, district, school, people, oldest in rows
    ]

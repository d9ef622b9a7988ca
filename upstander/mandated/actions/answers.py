""" "I suspect: yes or no, and why": whoever opens a tip or a case about abuse answers.

Silence is what failed. That somebody is asked comes of the record of their opening it; it nags
until they have answered, a no counts once a second person has read why, and nothing of the matter
ends before (the trigger ``mandated_tip_ends`` and its siblings). Who stays silent: silence.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import F
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upstander.base.published import PublishedInt
from upstander.base.refused import Refused
from upstander.carriers.notices import tell
from upstander.cases.actions.opening import OpenCase
from upstander.mandated.models import Answer, AnswerRead, Asked, Duty, FileAnswer
from upstander.mandated.named import names_of_asked
from upstander.mandated.subjects import Subject, subject_of
from upstander.people.reading import need_opened
from upstander.people.roles import TeamKind
from upstander.people.scope import viewing
from upstander.places.models import District, School
from upstander.plug import published
from upstander.tips.opening import OpenTip

#: Until somebody is reminded for the first time; then twice as long each time, up to four hours.
FIRST_NAG, MOST_SELDOM = timedelta(minutes=20), timedelta(hours=4)
#: How a question stands (the function ``mandated_standing``) when nothing waits any more.
SETTLED = frozenset({"reports", "no", "for_file"})
#: … in words, and how it looks (ui's TONES).
_STANDING = {
    "reports": (gettext_lazy("suspects, and has begun a report"), "working"),
    "no": (gettext_lazy("does not suspect; a second person has read why"), "done"),
    "waits": (gettext_lazy("does not suspect; a second person must still read why"), "waiting"),
    "silent": (gettext_lazy("has not answered"), "late"),
    "for_file": (gettext_lazy("never answered"), "closed"),
}
_SOMEBODY = gettext_lazy("Someone")


@dataclass(frozen=True, slots=True)
class Said:
    """One answer as a page shows it."""

    id: UUID
    who: str
    suspects: bool
    why: str
    duty_id: UUID | None
    at: datetime
    #: Nobody has read this no yet, and the viewer may.
    to_read: bool = False
    #: Who read it; and whether they agreed.
    reader: str = ""
    agreed: bool = False
    #: The reporter has written since, and whoever said it has opened that: it counts no more.
    outdated: bool = False


@dataclass(frozen=True, slots=True)
class Opener:
    """Somebody who opened it, and how the question stands for them; the silence stays shown."""

    who: str
    words: str
    tone: str
    since: datetime
    gone: bool
    #: Who answered for the file instead, and on what ground.
    for_file: str


@dataclass(frozen=True, slots=True)
class SuspicionPanel:
    """The question on a tip's or a case's page; ``others`` is empty until the viewer answered."""

    #: Where answers are sent, and where one's own report is begun.
    post: str
    suspect: str
    #: The viewer owes an answer.
    asks: bool
    own: Said | None
    others: tuple[Said, ...]
    openers: tuple[Opener, ...]
    #: Where they owe it, if that is on another page of this matter.
    elsewhere: str = ""
    #: Up to which turn the page has the conversation; sent along with an answer.
    turn: int | None = None

    @property
    def waits_for(self) -> int:
        """How many of those who opened it keep it from ending."""
        return sum(one.tone in ("late", "waiting") for one in self.openers)


def suspicion_panel(opened: OpenTip | OpenCase) -> SuspicionPanel | None:
    """Return what the page of an opened tip or case shows; None: nobody is asked about such a one.

    Opening it has asked its viewer already. One ``viewing``.
    """
    subject = subject_of(opened)
    with viewing(subject.viewer):
        asked = list(Asked.objects.filter(subject.of_matter).order_by("asked_at", "pk"))
        if not asked:
            return None
        stands = standings(row.pk for row in asked)
        given = list(Answer.objects.filter(**subject.key).order_by("at", "pk"))
        read = {one.answer_id: one for one in AnswerRead.objects.filter(answer_id__in=_ids(given))}
        # Of several the one that counts: by whom it is asked.
        filed = {
            one.asked_id: one
            for one in FileAnswer.objects.filter(asked__in=asked, asked__for_file=F("person_id"))
        }
        me = subject.viewer.person_id
        # Asked about this, or else elsewhere in its matter: one answer of theirs is enough to
        # read what others said.
        mine = _mine(subject, asked, me)
        here = mine is not None and _is_about(subject, mine)
        reports = mine is not None and stands[mine.pk] == "reports"
        duty = _own_duty(subject) if reports else None
        people = {row.person_id for row in asked} | {one.person_id for one in given}
        people |= {one.person_id for one in read.values()}
        people |= {one.person_id for one in filed.values()}
        names = names_of_asked([row.pk for row in asked], people)
    openers = tuple(
        _opener(row, stands[row.pk], filed.get(row.pk), names, here=_is_about(subject, row))
        for row in asked
    )
    owes = mine is not None and mine.answered_at is None
    asks = owes and here
    elsewhere = _page_of(subject, mine) if mine is not None and owes and not here else ""
    new = {row.person_id: row.new_turn for row in asked if _is_about(subject, row)}
    said = {
        one.pk: _said(
            subject,
            one,
            names,
            read.get(one.pk),
            outdated=not one.suspects and (one.turn or 0) < new.get(one.person_id, 0),
        )
        for one in given
    }
    own = [said[one.pk] for one in given if one.person_id == me]
    if mine is not None and reports and not any(one.suspects for one in own):
        # Begun elsewhere in its matter: from a case, from nothing, or on a tip that was linked.
        where = duty.pk if duty else None
        own.append(Said(subject.id, names.get(me, ""), True, "", where, mine.asked_at))
    if owes or mine is None:
        return SuspicionPanel(
            subject.post,
            subject.suspect,
            asks,
            own[-1] if own else None,
            (),
            openers,
            elsewhere,
            subject.turn,
        )
    others = tuple(
        said[one.pk]
        for one in given
        if one.person_id != me and (one.suspects or subject.read(one) is not None)
    )
    return SuspicionPanel(
        subject.post,
        subject.suspect,
        False,
        own[-1] if own else None,
        others,
        openers,
        turn=subject.turn,
    )


def _is_about(subject: Subject, row: Asked) -> bool:
    return subject.id in (row.tip_id, row.case_id)


def _mine(subject: Subject, asked: Sequence[Asked], me: int) -> Asked | None:
    """Return the viewer's own question: about this, else one they owe, else one they answered."""
    own = [row for row in asked if row.person_id == me]
    own.sort(key=lambda row: (not _is_about(subject, row), row.answered_at is not None, row.pk))
    return own[0] if own else None


def _page_of(subject: Subject, row: Asked) -> str:
    if row.case_id is not None:
        return f"/cases/{row.case_id}#suspicion"
    page = "tips" if subject.viewer.kind is TeamKind.CENTER else "team"
    return f"/{page}/{row.tip_id}#suspicion"


def _ids(given: Sequence[Answer]) -> list[UUID]:
    return [one.pk for one in given]


def standings(asked: Iterable[int]) -> dict[int, str]:
    """Return how each question stands, as the database decides it; call inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT asked, stands FROM api.answer_standings(%s)", [list(asked)])
        return dict(cursor.fetchall())


def _own_duty(subject: Subject) -> Duty | None:
    own = Duty.objects.filter(person_id=subject.viewer.person_id)
    return own.filter(matter_id=subject.matter_id).order_by("-opened_at", "pk").first()


def _opener(
    row: Asked, stands: str, filed: FileAnswer | None, names: Mapping[int, str], *, here: bool
) -> Opener:
    said, tone = _STANDING[stands]
    words = str(said)
    if not here:
        words = (
            _("%s (asked about a case in this matter)")
            if row.case_id
            else _("%s (asked about a tip in this matter)")
        ) % words
    return Opener(
        names.get(row.person_id, str(_SOMEBODY)),
        words,
        tone,
        row.climb_since or row.asked_at,
        row.gone_at is not None,
        f"{names.get(filed.person_id, _('the district’s office'))}: {filed.get_ground_display()}"
        if filed is not None
        else "",
    )


def _said(
    subject: Subject,
    one: Answer,
    names: Mapping[int, str],
    read: AnswerRead | None,
    *,
    outdated: bool,
) -> Said:
    return Said(
        one.pk,
        names.get(one.person_id, str(_SOMEBODY)),
        one.suspects,
        subject.read(one) or "",
        one.duty_id,
        one.at,
        to_read=not (one.suspects or outdated)
        and read is None
        and one.person_id != subject.viewer.person_id,
        reader=names.get(read.person_id, str(_SOMEBODY)) if read else "",
        agreed=read.agrees if read else False,
        outdated=outdated,
    )


def answer_suspicion(
    opened: OpenTip | OpenCase,
    *,
    suspects: bool,
    why: str,
    duty_id: UUID | None,
    read_to: int | None = None,
) -> None:
    """Keep somebody's own answer. A yes comes with the duty that it began: it is no answer without.

    A no counts once a second person has read why; whoever can is told. ``read_to``: up to which
    turn the page had the conversation; it is about no more than that (None: all that there is).
    One durable transaction. Raises Http404, Refused, NotGranted.
    """
    subject, row_id = subject_of(opened), uuid4()
    viewer = subject.viewer
    if suspects and duty_id is None:
        raise Refused(_("If you suspect, begin your report: that is the answer."))
    if not suspects and not why.strip():
        raise Refused(_("Say why not, in a few words."))
    sealed = subject.seal(row_id, why.strip())
    turn = subject.turn
    if turn is not None and read_to is not None:
        turn = min(turn, read_to)
    with viewing(viewer) as now:
        subject.look()
        asked = Asked.objects.filter(**subject.key, person_id=viewer.person_id).first()
        if asked is None:
            raise Refused(_("You are not being asked about this."))
        if not suspects and asked.answered_at is not None:
            raise Refused(_("You have already answered. If that has changed, press “I suspect”."))
        if not suspects and turn is not None and turn < asked.new_turn:
            raise Refused(_("The reporter has written since this page was shown. Read it first."))
        own = Duty.objects.filter(person_id=viewer.person_id, **subject.key)
        if duty_id is not None and not own.filter(pk=duty_id).exists():
            raise Refused(_("That report is not yours, or is about something else."))
        Answer.objects.bulk_create(
            [
                Answer(
                    id=row_id,
                    **subject.key,
                    district_id=subject.district_id,
                    person_id=viewer.person_id,
                    suspects=suspects,
                    duty_id=duty_id,
                    audience=sealed.audience,
                    handoff_id=sealed.handoff_id,
                    sealed=sealed.words,
                    at=now,
                    turn=turn,
                )
            ]
        )
        subject.record("suspicion answered", suspects=suspects)
        if not suspects:
            subject.tell_readers(now)


def read_answer(opened: OpenTip | OpenCase, answer_id: UUID, *, agrees: bool) -> None:
    """Say, as the second person, whether one agrees to somebody's no, having read why.

    Who does not agree says so, and the other is asked again. One durable transaction. Raises
    Http404, Refused.
    """
    subject = subject_of(opened)
    me = subject.viewer.person_id
    with viewing(subject.viewer) as now:
        subject.look()
        one = Answer.objects.filter(pk=answer_id, suspects=False, **subject.key).first()
        if one is None or subject.read(one) is None:
            raise Http404
        if one.person_id == me:
            raise Refused(_("A second person must read it, not the person who said it."))
        own = Asked.objects.filter(subject.of_matter, person_id=me)
        if not own.filter(answered_at__isnull=False).exists():
            raise Refused(_("Answer first yourself; then read what others said."))
        if AnswerRead.objects.filter(answer_id=one.pk).exists():
            raise Refused(_("Someone has already read this."))
        if agrees:
            need_opened("tip" if isinstance(opened, OpenTip) else "case", subject.id, one.at)
        AnswerRead.objects.bulk_create(
            [
                AnswerRead(
                    answer_id=one.pk,
                    district_id=one.district_id,
                    person_id=me,
                    agrees=agrees,
                    at=now,
                )
            ]
        )
        subject.record("suspicion: no read", of=one.person_id, agrees=agrees)
        if not agrees:
            tell(one.person_id, "suspicion_again")


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
            _("The center") if center else schools.get(school, districts.get(district, "")),
            published("answers.missing", people),
            oldest,
        )
        for center, district, school, people, oldest in rows
    ]

"""What a counselor does to bring help: sheets, calls, and the second person before police.

Each is one durable transaction with its entry in the record. Police who have not been called yet
need a second person; a call that was made is kept and flagged, never refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db.models import Max
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from upstander.approvals.actions import ask, settle
from upstander.approvals.models import Approval
from upstander.base.refused import Refused
from upstander.decisions.notices import tell_asker, tell_second_people, tell_supervisors
from upstander.emergency.flags import LONGEST_AGO
from upstander.emergency.models import Call, PoliceRequest, Sheet
from upstander.emergency.queries import standing_agreement
from upstander.emergency.sheet import BadSheet, Origins, cleaned
from upstander.emergency.words import center_seed, cut, packed, sealed
from upstander.escalations.actions.alerts import working
from upstander.escalations.actions.reading import Decision, called, decide
from upstander.escalations.actions.tasks import (
    NoSuchTask,
    end_task,
    finish_task,
    hold_tasks,
    open_task,
)
from upstander.escalations.models import Task
from upstander.people.reading import need_opened
from upstander.people.scope import Viewer, viewing
from upstander.plug import need_may_take
from upstander.tips.access import tip_for
from upstander.tips.actions.writing import add_note, notify, record_on, write_turn
from upstander.tips.envelopes import seal_words
from upstander.tips.models import Note, Tip
from upstander.tips.opening import OpenTip
from upstander.tips.states import TipState

#: Help is asked after so long after a call, in minutes, unless the caller says otherwise.
CONFIRM_AFTER: Final = 10
CONFIRM_CHOICES: Final = (5, 10, 15, 20, 30)
#: When help has not come, it is asked again after so many minutes.
CONFIRM_AGAIN: Final = 3
WORDS_LIMIT: Final = 2000
#: Who is told that they are asked as the second person has so long (s) before phones ring for it.
UNANSWERED_AFTER: Final = 60


def save_sheet(opened: OpenTip, lines: Mapping[str, str], told: Origins | None = None) -> Sheet:
    """Keep a sheet as the next numbered version. Raises Http404, NotGranted, Refused.

    ``told``: who says its lines, and since when.
    """
    try:
        found = cleaned(lines)
    except BadSheet as bad:
        raise Refused(str(bad)) from bad
    row_id = uuid4()
    blob = sealed(opened, "dispatch sheet", row_id, packed(found, told or {}))
    with viewing(opened.viewer) as now:
        tip = tip_for(opened.viewer, opened.tip.pk, lock=True)
        sheet = _write_sheet(tip, opened.viewer, row_id, blob, now)
    notify(opened.tip.pk)
    return sheet


def _write_sheet(tip: Tip, viewer: Viewer, row_id: UUID, blob: bytes, now: datetime) -> Sheet:
    """Write a sheet's next version; the tip's lock makes the number its own."""
    last = Sheet.objects.filter(tip_id=tip.pk).aggregate(last=Max("number"))["last"] or 0
    sheet = Sheet.objects.create(
        id=row_id,
        tip_id=tip.pk,
        district_id=tip.district_id,
        number=last + 1,
        person_id=viewer.person_id,
        at=now,
        sealed=blob,
    )
    record_on(tip, "dispatch sheet written", viewer, number=sheet.number)
    return sheet


def ask_for_police(opened: OpenTip, why: str) -> PoliceRequest:
    """Ask a second person to agree that police are sent, where danger is not now.

    It rings as any task that nobody took, until somebody decides or it is taken back. Raises
    Http404, NotGranted, Refused.
    """
    if not why.strip():
        raise Refused(gettext("Say why police, and why nothing less will do."))
    row_id = uuid4()
    blob = sealed(opened, "police request", row_id, {"why": short(why)})
    with viewing(opened.viewer) as now:
        tip = tip_for(opened.viewer, opened.tip.pk, lock=True)
        waiting = PoliceRequest.objects.filter(tip_id=tip.pk, outcome="", lapses_at__gt=now)
        if waiting.exists():
            raise Refused(gettext("A second person has already been asked."))
        ask(
            opened.viewer,
            now,
            "police",
            subject=f"tip:{tip.pk}",
            district_id=tip.district_id,
            words=gettext("May police be sent, where danger is not now?"),
            row=row_id,
            tip_id=tip.pk,
            sealed=blob,
        )
        request = PoliceRequest.objects.get(pk=row_id)
        told = tell_second_people(tip, asked_by=opened.viewer, now=now, kind="second_person")
        open_task(
            Task.Kind.SECOND_POLICE,
            subject_id=tip.pk,
            matter_id=tip.matter_id,
            district_id=tip.district_id,
            due_at=now + timedelta(seconds=UNANSWERED_AFTER),
            now=now,
            actor=opened.viewer,
            detail={"asked_by": opened.viewer.person_id, "told": told},
        )
        record_on(tip, "second person asked: police", opened.viewer)
    notify(opened.tip.pk)
    return request


def decide_police(viewer: Viewer, tip_id: UUID, request_id: UUID, *, agree: bool) -> PoliceRequest:
    """Agree that police are sent, or drop the request. Raises Http404, Refused.

    Whoever asked can take it back and can't agree to it. A second person's no has its reason:
    ``refuse_police``.
    """
    with viewing(viewer) as now:
        tip = tip_for(viewer, tip_id, lock=True)
        request = _decided(tip, viewer, request_id, agree=agree, now=now)
    notify(tip_id)
    return request


def refuse_police(opened: OpenTip, request_id: UUID, why: str) -> PoliceRequest:
    """Say no to police, with the reason, or take back one's own request, which needs none.

    The reason becomes a note of the center, in the same transaction. Raises Http404, NotGranted,
    Refused.
    """
    seed, viewer, row_id = center_seed(opened), opened.viewer, uuid4()
    text = f"{gettext('No police:')} {short(why)}"
    blob = seal_words(seed, purpose="note", tip=opened.tip.pk, row=row_id, words=text)
    with viewing(viewer) as now:
        tip = tip_for(viewer, opened.tip.pk, lock=True)
        request = _decided(tip, viewer, request_id, agree=False, now=now)
        if not why.strip() and request.asked_by != viewer.person_id:
            raise Refused(gettext("Say why no police: whoever asked will read it."))
        if why.strip():
            write_turn(tip, viewer, row_id, blob, now, kind=Note.Kind.HELP)
            tip.changed_at = now
            tip.save(update_fields=["turns", "changed_at"])
    notify(opened.tip.pk)
    return request


def _decided(
    tip: Tip, viewer: Viewer, request_id: UUID, *, agree: bool, now: datetime
) -> PoliceRequest:
    """Write down what was decided on a locked tip's request; call inside ``viewing``."""
    request = get_object_or_404(PoliceRequest, pk=request_id, tip_id=tip.pk)
    own = request.asked_by == viewer.person_id
    if not own:
        need_may_take(viewer.person_id)
    if agree and not own and not request.outcome:
        need_opened("tip", tip.pk, request.asked_at)
    no = Approval.Outcome.WITHDRAWN if own else Approval.Outcome.REFUSED
    settle(viewer, request, Approval.Outcome.APPROVED if agree else no)
    request.refresh_from_db()
    _end_second(tip, viewer, now, "police_agreed" if agree else "police_refused")
    tell_asker(tip, request.asked_by, decided_by=viewer, kind="second_person_said")
    record_on(tip, "police: agreed" if agree else "police: not agreed", viewer)
    return request


def _end_second(tip: Tip, viewer: Viewer, now: datetime, outcome: str) -> None:
    """Let nobody be asked any more as the second person about a locked tip."""
    asked = Task.objects.filter(
        subject_id=tip.pk, kind=Task.Kind.SECOND_POLICE, state=Task.State.OPEN
    )
    for task in hold_tasks(asked, nowait=False):
        end_task(task, viewer.person_id, now, outcome=outcome, actor=viewer)


def record_call(
    opened: OpenTip,
    lines: Mapping[str, str],
    *,
    line: Call.Line,
    police: bool | None,
    danger_now: bool,
    why: str = "",
    dispatcher: str = "",
    incident: str = "",
    said: str = "",
    called_at: datetime | None = None,
    at_typed: str = "",
    confirm_after: int = CONFIRM_AFTER,
    told: Origins | None = None,
) -> Call:
    """Write down "I called", and ask after some minutes whether help arrived.

    ``lines`` is the sheet that was read out: kept as the first version if there is none yet.
    ``called_at`` (UTC) is now unless it is given, and where it has not come yet; ``at_typed`` is a
    time that nobody could read. ``police`` is None where that was not said. The call was made, so
    it is kept, whatever was ticked; what is too long is cut. It is flagged where police were asked
    for without a second person's standing agreement and without danger that is now with its
    reason, where it leaves open what was asked for or when, or where it is written down after
    twelve hours. The center's supervisors are told of a flagged one. Ends what asks about 911 where
    they have read the words, and called somebody who sends help. Raises Http404, NotGranted.
    """
    # Whoever phoned the police asked for police, whatever else was ticked.
    police = True if line == Call.Line.POLICE else police
    call_id, sheet_id = uuid4(), uuid4()
    typed = {"dispatcher": dispatcher, "incident": incident, "said": said, "why": why}
    typed |= {"at": at_typed} if at_typed.strip() else {}
    words = {key: cut(text.strip(), WORDS_LIMIT) for key, text in typed.items()}
    blob = sealed(opened, "call", call_id, words)
    short = cleaned({key: cut(text) for key, text in lines.items()})
    sheet_blob = sealed(opened, "dispatch sheet", sheet_id, packed(short, told or {}))
    viewer = opened.viewer
    with viewing(viewer) as now:
        tip = tip_for(viewer, opened.tip.pk, lock=True)
        at = called_at or now
        to_come = at > now + timedelta(minutes=1)
        at = now if to_come else at
        request = None if danger_now or not police else standing_agreement(tip.pk, now)
        unasked = bool(police) and request is None and not (danger_now and why.strip())
        unsaid = police is None or to_come or "at" in words
        flagged = unasked or unsaid or at < now - LONGEST_AGO
        sheet = Sheet.objects.filter(tip_id=tip.pk).order_by("-number").first()
        sheet = sheet or _write_sheet(tip, viewer, sheet_id, sheet_blob, now)
        call = Call.objects.create(
            id=call_id,
            tip_id=tip.pk,
            district_id=tip.district_id,
            sheet_number=sheet.number,
            person_id=viewer.person_id,
            line=line,
            police=police,
            danger_now=bool(police) and danger_now,
            why_given=bool(words["why"]),
            request=request,
            flagged=flagged,
            called_at=at,
            at=now,
            sealed=blob,
        )
        open_task(
            Task.Kind.CONFIRM_HELP,
            subject_id=tip.pk,
            matter_id=tip.matter_id,
            district_id=tip.district_id,
            due_at=at + timedelta(minutes=confirm_after),
            now=now,
            actor=viewer,
            detail={"call": str(call.pk)},
        )
        if police:
            # They are on their way: whether they may be sent is no question that phones ring for.
            _end_second(tip, viewer, now, "not_needed")
        # Still the center's clock. Once it is the school's, a call from here answers nothing for
        # them: they are asked until one of them says "I have it".
        if tip.state == TipState.CLAIMED and tip.claimed_by == viewer.person_id:
            working(tip.pk, viewer.person_id, now)
        record_on(
            tip,
            "called for help",
            viewer,
            line=line,
            police=police,
            danger_now=call.danger_now,
            seconded=request is not None,
            flagged=flagged,
        )
        # As the database has it: an agreement may have fallen away meanwhile.
        call.refresh_from_db(fields=["flagged", "request_id"])
        if call.flagged:
            tell_supervisors(tip, "call_flagged", but=viewer.person_id)
    if line != Call.Line.OTHER:
        # Of its own: a call that is kept must not be lost because the task was finished meanwhile.
        called(viewer, opened.tip.pk)
    notify(opened.tip.pk)
    return call


def decide_911(opened: OpenTip, decision: Decision, words: str = "") -> None:
    """Decide about 911, having read: call, not now with the reason, or one more fact, and which.

    The reason becomes a note of the center. Police still need their second person: what is decided
    here is that somebody phones. Raises Http404, NotGranted, Refused.
    """
    seed = center_seed(opened)
    if decision is not Decision.CALL and not words.strip():
        raise Refused(
            gettext("Say why not now: the next person will read it.")
            if decision is Decision.NOT_NOW
            else gettext("Say which fact you need first.")
        )
    viewer, row_id = opened.viewer, uuid4()
    text = f"{_DECIDED[decision]} {short(words)}".strip()
    blob = seal_words(seed, purpose="note", tip=opened.tip.pk, row=row_id, words=text)
    with viewing(viewer) as now:
        tip = tip_for(viewer, opened.tip.pk, lock=True)
        decide(
            viewer,
            subject_id=tip.pk,
            matter_id=tip.matter_id,
            district_id=tip.district_id,
            decision=decision,
            now=now,
        )
        write_turn(tip, viewer, row_id, blob, now, kind=Note.Kind.HELP)
        tip.changed_at = now
        tip.save(update_fields=["turns", "changed_at"])
        if tip.state == TipState.CLAIMED and tip.claimed_by == viewer.person_id:
            working(tip.pk, viewer.person_id, now)
    notify(opened.tip.pk)


_DECIDED: Final[Mapping[Decision, Promise]] = {
    Decision.CALL: gettext_lazy("911: decided to call."),
    Decision.NOT_NOW: gettext_lazy("911: not now."),
    Decision.FACT: gettext_lazy("911: one more fact is needed."),
}


def confirm_help(opened: OpenTip, *, arrived: bool, words: str = "") -> None:
    """Write down whether help arrived. If not, it is asked again in a few minutes.

    Raises Http404, NotGranted, Refused.
    """
    center_seed(opened)
    viewer, tip_id = opened.viewer, opened.tip.pk
    told = gettext("Help has arrived.") if arrived else gettext("Help has not arrived.")
    add_note(opened, f"{told} {cut(words.strip(), WORDS_LIMIT)}".strip(), kind=Note.Kind.HELP)
    _finish(viewer, tip_id, Task.Kind.CONFIRM_HELP, "help_there" if arrived else "no_answer")
    if not arrived:
        with viewing(viewer) as now:
            tip = tip_for(viewer, tip_id, lock=True)
            open_task(
                Task.Kind.CONFIRM_HELP,
                subject_id=tip.pk,
                matter_id=tip.matter_id,
                district_id=tip.district_id,
                due_at=now + timedelta(minutes=CONFIRM_AGAIN),
                now=now,
                actor=viewer,
            )
    notify(tip_id)


def _finish(viewer: Viewer, tip_id: UUID, kind: Task.Kind, outcome: str) -> None:
    """Finish the tip's open task of a kind, if there is one."""
    with viewing(viewer):
        task = Task.objects.filter(
            subject_id=tip_id, kind=kind, state__in=(Task.State.OPEN, Task.State.TAKEN)
        ).first()
    if task is not None:
        try:
            finish_task(viewer, task.pk, outcome)
        except NoSuchTask:
            return


def short(words: str) -> str:
    """Return what somebody typed, as it is kept. Raises Refused where it is too long."""
    text = words.replace("\r\n", "\n").strip()
    if len(text) > WORDS_LIMIT:
        raise Refused(
            gettext("That is longer than %(words_limit)s characters. Please shorten it.")
            % {"words_limit": f"{WORDS_LIMIT:,}"}
        )
    return text

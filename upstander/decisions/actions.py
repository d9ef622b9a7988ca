"""Closing and re-opening a tip, and the second opinion without which some may not close."""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.http import Http404
from django.utils.translation import gettext

from upstander.audit.models import Entry
from upstander.base.refused import Refused
from upstander.decisions.dispositions import BY_KEY
from upstander.decisions.models import Closing, SecondOpinion
from upstander.decisions.notices import tell_asker, tell_second_people
from upstander.decisions.refusals import said_in_words
from upstander.escalations.actions.alerts import (
    ask_again,
    end_alerts,
    resume,
    take_back,
)
from upstander.escalations.actions.judging import follow_priority
from upstander.escalations.actions.undone import left_undone
from upstander.escalations.models import Alert
from upstander.intake.priority import Priority
from upstander.intake.routing import RANK
from upstander.people.reading import need_opened
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.places.models import District
from upstander.plug import need_may_take
from upstander.tips.access import tip_for
from upstander.tips.actions.writing import move_tip, notify, record_on, sent_after, turn_read
from upstander.tips.envelopes import seal_words
from upstander.tips.models import Recipient, Tip
from upstander.tips.opening import OpenTip
from upstander.tips.queries import names_of
from upstander.tips.states import TipState
from upstander.ui.moments import clock_words
from upstander.vault.seeds import Audience

#: A second person has this long to agree; then the proposal lapses and things stand as they were.
SECOND_OPINION_TIME = timedelta(minutes=10)


def close_tip(
    opened: OpenTip, disposition: str, words: str, *, read_to: int | None = None
) -> Closing | SecondOpinion:
    """Close a tip with a disposition and the reason for it.

    ``read_to`` is the last turn of the conversation that stood on the page with the form (that of
    the opened tip without it): what the reporter wrote after it must be read first. A life-safety
    tip is never closed by one: it is only proposed, and a second person must agree. One about abuse
    isn't closed while somebody owes an answer or a report (refusals.py). Returns what was written.
    Raises Http404, NotGranted, Refused.
    """
    chosen = BY_KEY.get(disposition)
    if chosen is None:
        raise Refused(gettext("Choose how it ended from the list."))
    viewer = opened.viewer
    if opened.tip.priority == Priority.LIFE_SAFETY:
        return propose(
            opened, SecondOpinion.Kind.CLOSE, words=words, disposition=chosen.key, read_to=read_to
        )
    audience, row_id = opened.own_audience, uuid4()
    sealed = seal_words(
        opened.seed(audience), purpose="closing", tip=opened.tip.pk, row=row_id, words=words
    )
    with viewing(viewer) as now:
        tip = tip_for(viewer, opened.tip.pk, lock=True)
        if tip.priority == Priority.LIFE_SAFETY:
            raise Refused(gettext("This tip became life safety in the meantime. Read it again."))
        _nothing_unread(tip, turn_read(opened, read_to))
        closing = Closing.objects.create(
            id=row_id,
            tip_id=tip.pk,
            district_id=tip.district_id,
            disposition=chosen.key,
            audience=audience,
            handoff_id=opened.handoff_id,
            person_id=viewer.person_id,
            at=now,
            sealed=sealed,
        )
        _close(tip, chosen.key, viewer)
    notify(opened.tip.pk)
    return closing


class AsksFirst(NamedTuple):
    """What a closing asks before it goes on: each is answered with a tick of its own."""

    #: The reporter waits for an answer to what they wrote.
    unanswered: bool
    #: A life may be in danger, and nobody at the center has judged it.
    unassessed: bool
    #: What about 911 and police is still to be done, in words.
    undone: list[str]


def asks_first(tip: Tip) -> AsksFirst:
    """Return what closing a tip asks first; call inside ``viewing``."""
    judged = Entry.objects.filter(
        subject_kind="tip", subject_id=str(tip.pk), action="tip assessed"
    ).exists()
    return AsksFirst(
        tip.waiting_since is not None and not tip.ended_by_reporter,
        tip.priority == Priority.LIFE_SAFETY and not judged,
        left_undone(tip.pk),
    )


def need_asked(opened: OpenTip, ticked: Container[str], *, read_to: int | None = None) -> None:
    """Refuse to close past a question of ``asks_first`` that was not ticked.

    What the reporter wrote after ``read_to`` is read first, as for ``close_tip``. Raises Refused.
    """
    with viewing(opened.viewer):
        tip = tip_for(opened.viewer, opened.tip.pk)
        _nothing_unread(tip, turn_read(opened, read_to))
        asks = asks_first(tip)
    # All at once: who closes must not meet one after the other.
    missing: list[str] = []
    if asks.unanswered and "unanswered" not in ticked:
        missing.append(
            gettext(
                "The reporter is waiting for a reply to what they wrote. Reply first, or tick "
                "that their last message will go unanswered."
            )
        )
    if asks.unassessed and "unassessed" not in ticked:
        missing.append(
            gettext(
                "A life may be in danger, and nobody at the center has assessed this tip. Ask "
                "them to, or tick that your team has assessed it and your note says how."
            )
        )
    if asks.undone and "undone" not in ticked:
        missing.append(
            gettext(
                "Still open: %(undone)s. Finish this first, or tick that you are closing it anyway."
            )
            % {"undone": "; ".join(asks.undone)}
        )
    if missing:
        raise Refused(" ".join(missing))


def _nothing_unread(tip: Tip, turn: int) -> None:
    """Refuse to judge a tip on which the reporter wrote after ``turn``; call inside ``viewing``."""
    if sent_after(tip, turn) is not None:
        raise Refused(gettext("The reporter wrote in the meantime. Read that first."))


def _close(tip: Tip, disposition: str, viewer: Viewer) -> None:
    move_tip(tip, TipState.CLOSED, viewer)
    tip.disposition = disposition
    tip.waiting_since = None
    with said_in_words():
        tip.save(update_fields=["state", "disposition", "waiting_since"])
    end_alerts(tip.pk)
    record_on(tip, "tip closed", viewer, disposition=disposition)


def reopen_tip(viewer: Viewer, tip_id: UUID) -> None:
    """Open a closed tip again; its closings stay as they were.

    Whoever opens it has it, unless a counselor does what the school's team must work on: then the
    team is asked again. Raises Http404, Refused.
    """
    with viewing(viewer) as now:
        tip = tip_for(viewer, tip_id, lock=True)
        handed = Recipient.objects.filter(tip_id=tip.pk).exists()
        counselor = viewer.kind is TeamKind.CENTER
        move_tip(tip, TipState.HANDED_OFF if handed else TipState.CLAIMED, viewer)
        tip.disposition = ""
        tip.changed_at = now
        changed = ["state", "disposition", "changed_at"]
        if not handed:
            need_may_take(viewer.person_id)
            # Theirs from here: whoever had it before it was closed may not be there.
            tip.claimed_by, tip.claimed_at = viewer.person_id, now
            changed += ["claimed_by", "claimed_at"]
        tip.save(update_fields=changed)
        Closing.objects.filter(tip_id=tip.pk, reopened_at__isnull=True).update(
            reopened_at=now, reopened_by=viewer.person_id
        )
        if handed and counselor:
            # The work is the school's team's: they are asked, as when it was handed to them.
            ask_again(tip.pk, now, stage=Alert.Stage.SCHOOL)
        else:
            stage = Alert.Stage.SCHOOL if handed else Alert.Stage.CENTER
            resume(tip.pk, viewer.person_id, now, stage=stage)
        record_on(tip, "tip reopened", viewer)
    notify(tip_id)


def propose(
    opened: OpenTip,
    kind: SecondOpinion.Kind,
    *,
    words: str,
    disposition: str = "",
    to_priority: str = "",
    read_to: int | None = None,
) -> SecondOpinion:
    """Propose to lower a life-safety tip or to close it. Until a second agrees it stands.

    ``read_to`` as for ``close_tip``. Raises Http404, NotGranted, Refused when a proposal is
    open already or the reporter wrote meanwhile.
    """
    viewer, audience, row_id = opened.viewer, opened.own_audience, uuid4()
    sealed = seal_words(
        opened.seed(audience), purpose="second opinion", tip=opened.tip.pk, row=row_id, words=words
    )
    with viewing(viewer) as now:
        tip = tip_for(viewer, opened.tip.pk, lock=True)
        lapse_for(tip.pk, now)
        _none_open(tip)
        _nothing_unread(tip, turn := turn_read(opened, read_to))
        with said_in_words():
            opinion = SecondOpinion.objects.create(
                id=row_id,
                tip_id=tip.pk,
                district_id=tip.district_id,
                kind=kind,
                to_priority=to_priority,
                disposition=disposition,
                proposed_by=viewer.person_id,
                proposed_at=now,
                turn=turn,
                expires_at=now + SECOND_OPINION_TIME,
                audience=audience,
                handoff_id=opened.handoff_id,
                sealed=sealed,
            )
        tell_second_people(tip, asked_by=viewer, now=now)
        record_on(tip, "second opinion asked", viewer, kind=kind, to=to_priority or disposition)
    notify(opened.tip.pk)
    return opinion


def decide(viewer: Viewer, opinion_id: UUID, *, agree: bool) -> SecondOpinion:
    """Agree or refuse as the second person. Raises Http404, Refused.

    The one who proposed can't second it, a proposal that lapsed can't be agreed to, and who can't
    read its reason (the center of a school's, a school of the center's) can't decide it.
    """
    with viewing(viewer) as now:
        opinion = SecondOpinion.objects.filter(pk=opinion_id).first()
        if opinion is None or opinion.audience != audience_of(viewer):
            raise Http404
        # A school's team has no volunteers, nor may its database session read of the centers'.
        if viewer.kind is TeamKind.CENTER and opinion.proposed_by != viewer.person_id:
            need_may_take(viewer.person_id)
        tip = tip_for(viewer, opinion.tip_id, lock=True)
        opinion = SecondOpinion.objects.select_for_update().get(pk=opinion_id)
        if opinion.state != SecondOpinion.State.OPEN or opinion.expires_at <= now:
            raise Refused(gettext("This proposal has ended; the tip has not changed."))
        if agree and opinion.proposed_by == viewer.person_id:
            raise Refused(gettext("A second person must agree, not the one who proposed it."))
        if agree and tip.priority != Priority.LIFE_SAFETY:
            raise Refused(gettext("This tip is no longer life safety. Read it again."))
        if agree and sent_after(tip, opinion.turn) is not None:
            raise Refused(
                gettext(
                    "The reporter wrote after this was proposed. Read it; then the proposal can "
                    "be declined and made again."
                )
            )
        if agree:
            need_opened("tip", tip.pk, opinion.proposed_at)
        opinion.state = SecondOpinion.State.AGREED if agree else SecondOpinion.State.REFUSED
        opinion.decided_by = viewer.person_id
        opinion.decided_at = now
        opinion.save(update_fields=["state", "decided_by", "decided_at"])
        record_on(
            tip,
            "second opinion: agreed" if agree else "second opinion: refused",
            viewer,
            kind=opinion.kind,
        )
        tell_asker(tip, opinion.proposed_by, decided_by=viewer, kind="second_opinion_said")
        if agree and opinion.kind == SecondOpinion.Kind.LOWER:
            set_priority(tip, Priority(opinion.to_priority), viewer, now)
        elif agree:
            Closing.objects.create(
                tip_id=tip.pk,
                district_id=tip.district_id,
                disposition=opinion.disposition,
                audience=opinion.audience,
                handoff_id=opinion.handoff_id,
                person_id=opinion.proposed_by,
                at=now,
                sealed=b"",
            )
            _close(tip, opinion.disposition, viewer)
    notify(opinion.tip_id)
    return opinion


def set_priority(tip: Tip, priority: Priority, viewer: Viewer, now: datetime) -> None:
    """Set a locked tip's priority, with its entry in the record; its alerts follow.

    What is life safety from here on is no junk, whoever set it aside before.
    """
    tip.priority = priority.value
    tip.rank = RANK[priority]
    tip.save(update_fields=["priority", "rank"])
    follow_priority(tip.pk, priority, now)
    record_on(tip, "priority set", viewer, priority=priority.value)
    if tip.junk and priority is Priority.LIFE_SAFETY:
        take_from_junk(tip, viewer, now)


def take_from_junk(tip: Tip, viewer: Viewer, now: datetime) -> None:
    """Put a locked tip back among the others, with its entry in the record; its alert goes on.

    Its mark goes too: a person has said that it is a report, and it waits behind none any more.
    """
    tip.junk, tip.similarity, tip.same_words, tip.said_before = False, None, None, 0
    tip.save(update_fields=["junk", "similarity", "same_words", "said_before"])
    claimed = tip.state == TipState.CLAIMED
    take_back(tip.pk, now, claimed_by=tip.claimed_by if claimed else None)
    record_on(tip, "marked as no junk", viewer)


def audience_of(viewer: Viewer) -> Audience:
    """Return under which seed this viewer's side writes its reasons."""
    return Audience.CENTER if viewer.kind is TeamKind.CENTER else Audience.CASE


def _none_open(tip: Tip) -> None:
    opinion = SecondOpinion.objects.filter(tip_id=tip.pk, state=SecondOpinion.State.OPEN).first()
    if opinion is not None:
        by = names_of([opinion.proposed_by]).get(opinion.proposed_by)
        side = (
            gettext("the center")
            if opinion.audience == Audience.CENTER
            else gettext("the school’s team")
        )
        zone = ZoneInfo(District.objects.get(pk=tip.district_id).time_zone)
        until = clock_words(opinion.expires_at.astimezone(zone))
        raise Refused(
            gettext(
                "%(who)s at %(side)s has already asked for a second opinion on this tip. Their "
                "side decides it, or it ends at %(until)s: make your proposal then."
            )
            % {"who": by or gettext("Someone"), "side": side, "until": until}
        )


def lapse_for(tip_id: UUID, now: datetime, *, handed_off: bool = False) -> None:
    """Mark a tip's proposals that nobody seconded in time; call inside a transaction.

    ``handed_off``: all that are open, for who was asked has given it to others to judge.
    """
    opinions = SecondOpinion.objects.filter(tip_id=tip_id, state=SecondOpinion.State.OPEN)
    if not handed_off:
        opinions = opinions.filter(expires_at__lte=now)
    opinions.update(state=SecondOpinion.State.LAPSED, decided_at=now)

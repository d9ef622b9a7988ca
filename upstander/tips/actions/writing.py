"""What staff write on a tip: replies, notes, drafts. Each is one durable transaction."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection
from django.http import Http404
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.escalations.actions.alerts import reporter_answered, working
from upstander.matters.people_near import near_by_id
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.plug import carry
from upstander.tips.access import attachment_for, mover_of, tip_for
from upstander.tips.envelopes import open_words, seal_words
from upstander.tips.models import Attachment, Draft, Message, Note, Tip
from upstander.tips.opening import OpenTip
from upstander.tips.queries import sent_since
from upstander.tips.states import TipState, may_move
from upstander.tips.whom import people_met
from upstander.vault.errors import VaultError
from upstander.vault.seeds import Audience


def add_reply(opened: OpenTip, text: str, *, read_to: int | None = None) -> Message:
    """Write to the reporter. Raises Http404, NotGranted, Refused.

    ``read_to`` is the last turn of the conversation that stood on the page with the form (that of
    the opened tip without it). What the reporter sent after it is not answered by this: they wait
    on, and phones ring as for any other (``Message.unread`` says so).
    """
    viewer, tip_id = opened.viewer, opened.tip.pk
    row_id = uuid4()
    sealed = seal_words(
        opened.seed(Audience.DIALOG), purpose="message", tip=tip_id, row=row_id, words=text
    )
    with viewing(viewer) as now:
        tip = tip_for(viewer, tip_id, lock=True)
        tip.turns += 1
        message = Message.objects.create(
            id=row_id,
            tip_id=tip.pk,
            district_id=tip.district_id,
            author=Message.Author.CENTER
            if viewer.kind is TeamKind.CENTER
            else Message.Author.SCHOOL,
            person_id=viewer.person_id,
            sealed=sealed,
            at=now,
            turn=tip.turns,
        )
        tip.waiting_since = sent_after(tip, turn_read(opened, read_to))
        tip.changed_at = now
        tip.first_reply_at = tip.first_reply_at or now
        tip.save(update_fields=["waiting_since", "changed_at", "first_reply_at", "turns"])
        Draft.objects.filter(tip_id=tip.pk, kind="reply", person_id=viewer.person_id).delete()
        if tip.waiting_since is None:
            reporter_answered(tip.pk)
        carry(opened, tip, row_id, text)
        _at_work(tip, viewer, now)
        record_on(tip, "reply sent", viewer)
    notify(tip_id)
    message.unread = tip.waiting_since is not None
    return message


def turn_read(opened: OpenTip, read_to: int | None) -> int:
    """Return up to which turn somebody has read who sends a form: no further than they opened."""
    return opened.tip.turns if read_to is None else min(read_to, opened.tip.turns)


def sent_after(tip: Tip, turn: int) -> datetime | None:
    """Return when the reporter first wrote or sent a file after ``turn``; call inside ``viewing``.

    A time (UTC), or None when nothing came.
    """
    wrote = Message.objects.filter(tip_id=tip.pk, author=Message.Author.REPORTER, turn__gt=turn)
    files = Attachment.objects.filter(tip_id=tip.pk, turn__gt=turn)
    times = [
        *wrote.order_by("turn").values_list("at", flat=True)[:1],
        *files.order_by("turn").values_list("at", flat=True)[:1],
    ]
    return min(times, default=None)


def write_turn(
    tip: Tip,
    viewer: Viewer,
    row_id: UUID,
    sealed: bytes,
    now: datetime,
    handoff_id: UUID | None = None,
    audience: Audience = Audience.CENTER,
    kind: str = Note.Kind.NOTE,
) -> Note:
    """Write a sealed note as a locked tip's next turn; the caller saves ``turns``.

    Without ``handoff_id`` it is sealed under the tip itself, as the center's are.
    """
    tip.turns += 1
    return Note.objects.create(
        id=row_id,
        tip_id=tip.pk,
        district_id=tip.district_id,
        audience=audience,
        handoff_id=handoff_id or tip.pk,
        kind=kind,
        person_id=viewer.person_id,
        sealed=sealed,
        at=now,
        turn=tip.turns,
    )


def add_note(opened: OpenTip, text: str, *, kind: str = Note.Kind.NOTE) -> Note:
    """Write an internal note for one's own side; no return code opens it.

    Raises Http404, NotGranted.
    """
    viewer, tip_id, row_id = opened.viewer, opened.tip.pk, uuid4()
    audience = opened.own_audience
    sealed = seal_words(opened.seed(audience), purpose="note", tip=tip_id, row=row_id, words=text)
    with viewing(viewer) as now:
        tip = tip_for(viewer, tip_id, lock=True)
        note = write_turn(tip, viewer, row_id, sealed, now, opened.handoff_id, audience, kind)
        tip.changed_at = now
        tip.save(update_fields=["changed_at", "turns"])
        Draft.objects.filter(tip_id=tip.pk, kind="note", person_id=viewer.person_id).delete()
        _at_work(tip, viewer, now)
        record_on(tip, "note written", viewer, kind=kind)
    notify(tip_id)
    return note


def _at_work(tip: Tip, viewer: Viewer, now: datetime) -> None:
    """Still the center's clock: the counselor who has it is at work on it."""
    if tip.state == TipState.CLAIMED and tip.claimed_by == viewer.person_id:
        working(tip.pk, viewer.person_id, now)


#: What can be half written on a tip.
DRAFT_KINDS = ("reply", "note", "brief", "assessment", "closing")


def save_draft(opened: OpenTip, kind: str, text: str, *, since: str = "") -> None:
    """Keep what somebody has begun to write, sealed. An empty text removes the draft.

    ``since``: when the page was made on which it was begun (``sent_since``). A late save of what
    was sent from there changes nothing: it must not come back, and be sent twice. Raises Http404,
    NotGranted, Refused for an unknown kind.
    """
    if kind not in DRAFT_KINDS:
        raise Refused(gettext("There is no such draft."))
    viewer, tip_id = opened.viewer, opened.tip.pk
    audience = opened.own_audience
    seed = opened.seed(audience)
    with viewing(viewer) as now:
        tip = tip_for(viewer, tip_id, lock=True)
        if sent_since(tip.pk, viewer.person_id, kind, since):
            return
        own = Draft.objects.filter(tip_id=tip.pk, kind=kind, person_id=viewer.person_id)
        if not text.strip():
            own.delete()
            return
        sealed = seal_words(seed, purpose=f"draft {kind}", tip=tip.pk, row=tip.pk, words=text)
        if not own.update(sealed=sealed, at=now, audience=audience):
            Draft.objects.create(
                tip_id=tip.pk,
                district_id=tip.district_id,
                audience=audience,
                kind=kind,
                person_id=viewer.person_id,
                sealed=sealed,
                at=now,
            )


def drafts_of(opened: OpenTip) -> dict[str, list[tuple[int, str]]]:
    """Return the drafts on a tip as kind → [(person, text)]: a new owner finds the old one's.

    But for what may be about the new owner: that stays with who wrote it.
    """
    seed = opened.seeds.get(opened.own_audience)
    found: dict[str, list[tuple[int, str]]] = {}
    if seed is None:
        return found
    with viewing(opened.viewer):
        rows = list(
            Draft.objects.filter(tip_id=opened.tip.pk, audience=opened.own_audience).order_by("at")
        )
        me = opened.viewer.person_id
        others = any(row.person_id != me for row in rows)
        own = near_by_id([me]) if others else []
    for row in rows:
        try:
            words = open_words(
                seed,
                purpose=f"draft {row.kind}",
                tip=opened.tip.pk,
                row=opened.tip.pk,
                sealed=row.sealed,
            )
        except VaultError:
            continue
        if row.person_id == me or not people_met(words, own):
            found.setdefault(row.kind, []).append((row.person_id, words))
    return found


def file_to_open(opened: OpenTip, attachment_id: UUID) -> Attachment:
    """Return a file's row for reading, with its entry in the record. Shut away: Http404."""
    viewer = opened.viewer
    with viewing(viewer):
        tip = tip_for(viewer, opened.tip.pk)
        row = attachment_for(viewer, tip.pk, attachment_id)
        if row.state != Attachment.State.READY:
            raise Http404
        record_on(tip, "file opened", viewer, attachment=str(row.pk))
    return row


def move_tip(tip: Tip, new: TipState, viewer: Viewer) -> None:
    """Set a locked tip's state if the table allows it. Raises Refused. Does not save."""
    old = TipState(tip.state)
    if not may_move(old, new, mover_of(viewer)):
        raise Refused(
            gettext("This tip is %(old)s; it can't become %(new)s now.")
            % {"old": old.label, "new": new.label}
        )
    tip.state = new


def record_on(tip: Tip, action: str, viewer: Viewer, **detail: object) -> None:
    """Add an entry about a tip to the record, in the open transaction."""
    record(
        action,
        actor=viewer,
        subject_kind="tip",
        subject_id=tip.pk,
        district_id=tip.district_id,
        matter_id=tip.matter_id,
        detail=detail,
    )


def notify(tip_id: UUID) -> None:
    """Hint to the live streams, after the commit, that a tip changed. An opaque id, no more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('tips', %s)", [str(tip_id)])


def follow_matter(kept: UUID) -> list[UUID]:
    """Have the tips of what was linked to a matter, and their alerts, name it; returns the tips.

    Call in the ``viewing`` in which it was linked. Nobody but this function moves a tip.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.follow_matter(p_matter => %s)", [kept])
        return [UUID(str(row[0])) for row in cursor.fetchall()]

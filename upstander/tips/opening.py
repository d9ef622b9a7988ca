"""``open_tip``: the only way to a seed. The record is written and committed before it opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied

from upstander.audit.actions import record
from upstander.escalations.actions.reading import words_read
from upstander.people.keys import Locked
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.tips.access import tip_for
from upstander.tips.asked_later import Later, Unasked
from upstander.tips.envelopes import open_about, open_data, open_turn, open_words
from upstander.tips.models import Attachment, Message, Note, Tip
from upstander.vault.envelopes import bind
from upstander.vault.errors import Forgotten, VaultError
from upstander.vault.grants import open_grant
from upstander.vault.holders import open_private
from upstander.vault.models import Grant, SealedKey, ShredKey
from upstander.vault.seeds import Audience, open_inbox, seed_from


class NotGranted(PermissionDenied):
    """The viewer may know of this tip, but none of its secrets was granted to them: 403."""


@dataclass(frozen=True, slots=True)
class OpenTip:
    """A tip with those of its seeds that the viewer holds."""

    tip: Tip
    viewer: Viewer
    #: The time at which it was opened (UTC).
    at: datetime
    seeds: Mapping[Audience, bytes] = field(repr=False)
    #: Every case seed the viewer holds, by the hand-off that began it.
    seeds_by_handoff: Mapping[UUID, bytes] = field(repr=False)
    #: Under which new notes are sealed: the tip's id at the center, the latest hand-off in a team.
    handoff_id: UUID
    shred_key: bytes = field(repr=False)
    secrets: Mapping[Audience, bytes] = field(repr=False)
    #: What it was opened for, as the record has it.
    purpose: str

    def seed(self, audience: Audience) -> bytes:
        """Return one seed. Raises NotGranted."""
        try:
            return self.seeds[audience]
        except KeyError:
            raise NotGranted from None

    @property
    def own_audience(self) -> Audience:
        """Where this viewer's notes go: the center's, or the school's case."""
        return Audience.CENTER if self.viewer.kind is TeamKind.CENTER else Audience.CASE


def open_tip(viewer: Viewer, tip_id: UUID, *, purpose: str = "read") -> OpenTip:
    """Open a tip for somebody: record it, commit, then decrypt what was granted to them.

    Committing first means that a reading that fails later has left its trace all the same.
    ``purpose`` goes into the record (read, reply, note, assess, …). Raises Http404, Locked (this
    sign-in holds no key), NotGranted (nothing was granted to them).
    """
    with viewing(viewer) as now:
        tip = tip_for(viewer, tip_id)
        record(
            "tip opened",
            actor=viewer,
            subject_kind="tip",
            subject_id=tip.pk,
            district_id=tip.district_id,
            matter_id=tip.matter_id,
            detail={"purpose": purpose},
        )
        # Oldest first: of several cases, the latest hand-off's seed is the one to write under.
        names = viewer.names_in(tip.pk)
        grants = list(Grant.objects.filter(tip_id=tip.pk, holder__in=names).order_by("pk"))
        sealed = {
            (row.holder, row.version): row
            for row in SealedKey.objects.filter(
                member=f"person:{viewer.person_id}",
                holder__in={grant.holder for grant in grants},
            )
        }
        shred = ShredKey.objects.filter(subject=tip.pk).first()
    if viewer.private_seed is None:
        raise Locked
    if not grants or shred is None:
        raise NotGranted
    try:
        shred_key = settings.SHRED_FILES.unwrap(
            bytes(shred.wrapped), subject=tip.pk, version=shred.file_version
        )
    except Forgotten as error:
        raise NotGranted from error
    secrets: dict[Audience, bytes] = {}
    seeds_by_handoff: dict[UUID, bytes] = {}
    handoff_id = tip.pk
    for grant in grants:
        audience = Audience(grant.audience)
        private = _private_for(viewer, viewer.private_seed, grant, sealed)
        if private is not None:
            secrets[audience] = secret = open_grant(
                bytes(grant.blob),
                tip=tip.pk,
                audience=audience,
                holder=names[grant.holder],
                version=grant.key_version,
                private=private,
            )
            if audience is not Audience.DIALOG:
                seeds_by_handoff[grant.handoff_id] = seed_from(secret, shred_key)
                handoff_id = grant.handoff_id
    if not secrets:
        raise NotGranted
    seeds = {audience: seed_from(secret, shred_key) for audience, secret in secrets.items()}
    return OpenTip(
        tip, viewer, now, seeds, seeds_by_handoff, handoff_id, shred_key, secrets, purpose
    )


def words_shown(opened: OpenTip) -> bool:
    """Note that a person has the words before them. Returns whether 911 is theirs to decide now.

    Call it once the page is made, outside of any transaction: one that failed shows nobody a word.
    """
    note_read(opened.viewer, opened.tip.pk)
    has = opened.tip.claimed_by if opened.tip.state == "claimed" else None
    return words_read(opened.viewer, opened.tip.pk, claimed_by=has)


def note_read(viewer: Viewer, tip_id: UUID) -> None:
    """Note when the center first had a tip's words before it; later calls change nothing."""
    if viewer.kind is TeamKind.CENTER:
        with viewing(viewer) as now:
            Tip.objects.filter(pk=tip_id, first_read_at=None).update(first_read_at=now)


def _private_for(
    viewer: Viewer, own: bytes, grant: Grant, sealed: Mapping[tuple[str, int], SealedKey]
) -> bytes | None:
    if grant.holder.startswith("own:"):
        return own
    row = sealed.get((grant.holder, grant.key_version))
    if row is None:
        return None
    return open_private(
        bytes(row.blob),
        holder=row.holder,
        version=row.version,
        member=row.member,
        member_version=row.member_version,
        private=own,
    )


def case_seeds(
    viewer: Viewer, tip_id: UUID, grants: Sequence[Grant], shred: ShredKey
) -> dict[UUID, bytes]:
    """Return the seeds of a team's hand-offs, by hand-off, from grants that a caller was given.

    For who answers about what they reach no more; the caller has written the record and committed.
    Raises Locked, NotGranted.
    """
    if viewer.private_seed is None:
        raise Locked
    with viewing(viewer):
        sealed = {
            (row.holder, row.version): row
            for row in SealedKey.objects.filter(
                member=f"person:{viewer.person_id}", holder__in={one.holder for one in grants}
            )
        }
    try:
        shred_key = settings.SHRED_FILES.unwrap(
            bytes(shred.wrapped), subject=tip_id, version=shred.file_version
        )
    except Forgotten as error:
        raise NotGranted from error
    seeds: dict[UUID, bytes] = {}
    for grant in grants:
        private = _private_for(viewer, viewer.private_seed, grant, sealed)
        if private is not None:
            secret = open_grant(
                bytes(grant.blob),
                tip=tip_id,
                audience=Audience.CASE,
                holder=viewer.names_in(tip_id)[grant.holder],
                version=grant.key_version,
                private=private,
            )
            seeds[grant.handoff_id] = seed_from(secret, shred_key)
    return seeds


class Turn(NamedTuple):
    """One turn of the dialog as staff see it (hidden ones too: hiding is the reporter's side)."""

    id: UUID
    author: str
    person_id: int | None
    text: str
    at: datetime
    hidden: bool


class Jotting(NamedTuple):
    """One internal note."""

    id: UUID
    kind: str
    person_id: int
    text: str
    at: datetime


class FileSeen(NamedTuple):
    """A file as staff see it listed; ``about`` is its sealed description."""

    id: UUID
    about: Mapping[str, object]
    state: str
    at: datetime


class Given(NamedTuple):
    """An answer of the reporter's that says something new; the same one sent again does not."""

    key: str
    text: str
    at: datetime


class Contents(NamedTuple):
    """Everything readable of a tip for its viewer."""

    turns: tuple[Turn, ...]
    answers: Mapping[str, str]
    notes: tuple[Jotting, ...]
    files: tuple[FileSeen, ...]
    #: When the reporter gave each answer (UTC).
    answered: Mapping[str, datetime] = MappingProxyType({})
    #: Every answer as it was given, also those that were changed later; oldest first.
    given: tuple[Given, ...] = ()


#: What stands in place of words that don't open: a row was moved, changed or damaged.
UNREADABLE = "[This entry does not open: it was damaged or tampered with. Tell your supervisor.]"


def read_contents(opened: OpenTip) -> Contents:
    """Return the dialog, answers, notes and files of an opened tip, oldest first.

    Without the dialog seed (a hand-off of the brief alone) the dialog is empty. An entry that does
    not open is shown as such, never left out. Words about 911 that may mean the viewer are, until
    somebody has said that they don't.
    """
    tip = opened.tip
    with viewing(opened.viewer):
        messages = list(Message.objects.filter(tip_id=tip.pk).order_by("turn"))
        notes = list(
            Note.objects.filter(tip_id=tip.pk, audience=opened.own_audience).order_by("turn")
        )
        files = list(Attachment.objects.filter(tip_id=tip.pk).order_by("turn", "at", "pk"))
    turns: list[Turn] = []
    answers: dict[str, str] = {}
    changed: list[Given] = []
    listed: list[FileSeen] = []
    dialog = opened.seeds.get(Audience.DIALOG)
    if dialog is not None:
        for m in messages:
            if m.kind == Message.Kind.ANSWERS:
                try:
                    given = open_data(
                        dialog, purpose="message", tip=tip.pk, row=m.pk, sealed=m.sealed
                    )
                except VaultError:
                    turns.append(Turn(m.pk, m.author, m.person_id, UNREADABLE, m.at, m.hidden))
                    continue
                # Sent again unchanged, an answer is as old as it was.
                changed += [
                    Given(key, value, m.at)
                    for key, value in given.items()
                    if answers.get(key) != value
                ]
                answers |= given
                continue
            turns.append(
                Turn(
                    m.pk,
                    m.author,
                    m.person_id,
                    _turn(dialog, m),
                    m.at,
                    m.hidden,
                )
            )
        for f in files:
            try:
                about = open_about(
                    dialog, tip=tip.pk, row=f.pk, sealed=f.sealed, to_inbox=f.to_inbox
                )
            except VaultError:
                about = {"name": UNREADABLE, "size": 0, "kind": "other"}
            listed.append(FileSeen(f.pk, about, f.state, f.at))
    # Notes of a hand-off the viewer was never in belong to another team's case.
    jottings = tuple(
        Jotting(
            n.pk,
            n.kind,
            n.person_id,
            _words(dialog, "note", tip.pk, n.pk, n.sealed)
            if n.kind == Note.Kind.UPDATE
            else _note(opened.seeds_by_handoff[n.handoff_id], tip.pk, n),
            n.at,
        )
        for n in notes
        if n.handoff_id in opened.seeds_by_handoff
    )
    me = opened.viewer.person_id
    if any(one.kind == Note.Kind.HELP and one.person_id != me for one in jottings):
        unasked = unasked_on(opened)
        jottings = tuple(
            one
            for one in jottings
            if one.kind != Note.Kind.HELP
            or not unasked.hides(Later(one.person_id, one.at, one.text), me)
        )
    answered = {one.key: one.at for one in changed}
    return Contents(tuple(turns), answers, jottings, tuple(listed), answered, tuple(changed))


def unasked_on(opened: OpenTip) -> Unasked:
    """Return whom words that were kept without a question may mean; outside ``viewing``."""
    tip, seed = opened.tip, opened.seed(Audience.CENTER)
    with viewing(opened.viewer):
        notes = Note.objects.filter(
            tip_id=tip.pk, audience=Audience.CENTER, kind=Note.Kind.MENTIONED
        )
        said = [
            (one.at, _words(seed, "note", tip.pk, one.pk, one.sealed))
            for one in notes.order_by("turn")
        ]
        return Unasked.on(tip, said)


def words_of(contents: Contents, *more: str) -> str:
    """Return all of a tip that its viewer has open, to be compared with names."""
    return "\n".join(
        [
            *(turn.text for turn in contents.turns),
            *contents.answers.values(),
            *(note.text for note in contents.notes),
            *more,
        ]
    )


def _note(seed: bytes, tip: UUID, note: Note) -> str:
    if note.kind != Note.Kind.RETURNED:
        return _words(seed, "note", tip, note.pk, note.sealed)
    try:
        return open_inbox(seed, bytes(note.sealed), aad=bind(tip, note.pk, "returned")).decode()
    except VaultError:
        return UNREADABLE


def _turn(dialog: bytes, message: Message) -> str:
    try:
        return open_turn(
            dialog,
            purpose="message",
            tip=message.tip_id,
            row=message.pk,
            sealed=message.sealed,
            to_inbox=message.to_inbox,
        )
    except VaultError:
        return UNREADABLE


def _words(
    seed: bytes | None, purpose: str, tip: UUID, row: UUID, sealed: bytes | memoryview
) -> str:
    if seed is None:
        return UNREADABLE
    try:
        return open_words(seed, purpose=purpose, tip=tip, row=row, sealed=sealed)
    except VaultError:
        return UNREADABLE

"""What a specialist does: take a contact, refer with consent, ask the family, end it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.http import Http404
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.directory.models import Service
from upstander.matters.folders import OpenFolder, holders_for, new_folder, open_folder
from upstander.people.actions.invitations import send
from upstander.people.models import Team
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.people.turns import turn
from upstander.referrals.consent import minors_word
from upstander.referrals.due import CONSENT, HELD, SILENT, ask_again, next_ask
from upstander.referrals.mailing import seal_mailbox
from upstander.referrals.models import Contact, Referral
from upstander.referrals.words import pack, unpack
from upstander.vault.envelopes import bind
from upstander.vault.invitations import new_invitation, wrap
from upstander.vault.links import link_hash

KIND = "contact"
Consent, Outcome = Referral.Consent, Referral.Outcome
#: What goes when an agency may not read any more, nor be asked.
UNTOLD: Final = ("link_hash", "wrapped", "silent_at", "mailbox")


@dataclass(frozen=True, slots=True)
class OpenContact:
    """A contact with its words."""

    row: Contact
    folder: OpenFolder = field(repr=False)
    words: Mapping[str, str] = field(repr=False)

    @property
    def viewer(self) -> Viewer:
        """Who opened it."""
        return self.folder.viewer

    def read(self, referral: Referral) -> dict[str, str]:
        """Return the words of one of its referrals. Raises SealBroken."""
        return unpack(self.folder.read("referral", referral.pk, referral.sealed))


@dataclass(frozen=True, slots=True)
class Told:
    """A referral that was made; of one with a link also the words to be spoken, shown once."""

    id: UUID
    words: str = field(default="", repr=False)
    #: False: the mail server did not take it.
    mailed: bool = True


def take_contact(
    viewer: Viewer, district_id: int, facts: Mapping[str, Any], words: Mapping[str, str]
) -> UUID:
    """Keep a new contact, sealed to the viewer's center; returns its id.

    ``facts`` are columns of ``Contact``. Raises Refused, KeySwapped; psycopg's
    InsufficientPrivilege for a district that the center doesn't serve.
    """
    with viewing(viewer) as now:
        own = [one.team_id for one in viewer.memberships if one.center_id is not None]
        teams = Team.objects.filter(pk__in=own, kind=TeamKind.CENTER)
        folder = new_folder(viewer, KIND, district_id=district_id, holders=holders_for(None, teams))
        Contact.objects.create(
            id=folder.id,
            district_id=district_id,
            person_id=viewer.person_id,
            taken_at=now,
            sealed=folder.seal("contact", folder.id, pack(words)),
            **facts,
        )
        record("contact taken", **_of(viewer, folder))
    return folder.id


def open_contact(viewer: Viewer, contact_id: UUID, *, purpose: str = "read") -> OpenContact:
    """Open a contact, recorded. Raises Http404 for another center's, Locked, FolderShut."""
    with viewing(viewer):
        row = Contact.objects.filter(pk=contact_id).first()
    if row is None:
        raise Http404
    folder = open_folder(viewer, contact_id, KIND, purpose=purpose)
    return OpenContact(row, folder, unpack(folder.read("contact", row.pk, row.sealed)))


def change_contact(opened: OpenContact, facts: Mapping[str, Any], words: Mapping[str, str]) -> None:
    """Keep what was learned since. Raises Refused for one that has ended."""
    with viewing(opened.viewer):
        changed = Contact.objects.filter(pk=opened.row.pk, ended_at=None).update(
            **facts, sealed=opened.folder.seal("contact", opened.row.pk, pack(words))
        )
        if not changed:
            raise Refused(gettext("This contact has ended. Nothing was changed."))
        record("contact changed", **_of(opened.viewer, opened.folder))


def end_contact(opened: OpenContact) -> None:
    """End a contact whose referrals have all ended. Raises Refused."""
    with viewing(opened.viewer) as now:
        if Referral.objects.filter(contact_id=opened.row.pk, outcome="").exists():
            raise Refused(gettext("The family has not said yet whether it helped. Ask them first."))
        Contact.objects.filter(pk=opened.row.pk, ended_at=None).update(ended_at=now)
        record("contact ended", **_of(opened.viewer, opened.folder))


def refer(
    opened: OpenContact,
    *,
    service_id: UUID,
    need: str,
    consent: str,
    words: Mapping[str, str],
    until: datetime | None = None,
    email: str = "",
    may_ask: bool = True,
) -> Told:
    """Refer somebody to a service; with consent its agency is told, by a link and four words.

    ``words`` holds ``told``, what the agency may read, and how the family may be reached. The copy
    opens until ``until`` (UTC, 45 days at most), until the consent is taken back, or until the
    family has said how it went. Raises Refused, Busy.
    """
    row = Referral(id=uuid4(), contact_id=opened.row.pk, service_id=service_id, need=need)
    link = None
    if consent != Consent.NUMBERS and email:
        link = new_invitation()
        with turn():
            row.wrapped = wrap(
                pack(words_for_agency(words)).encode(),
                link.link_secret,
                link.words,
                aad=bind("referral", row.pk),
            )
        row.link_hash = link_hash(link.link_secret)
    with viewing(opened.viewer) as now:
        if not Contact.objects.filter(pk=opened.row.pk, ended_at=None).exists():
            raise Refused(gettext("This contact has ended. Nothing was sent."))
        if consent == Consent.MINOR and minors_word(opened.row.district_id, need) is None:
            raise Refused(gettext("A minor can’t consent to this alone: give numbers."))
        row.made_by, row.made_at, row.consent = opened.viewer.person_id, now, consent
        if consent != Consent.NUMBERS:
            row.consent_until = min(until or now + CONSENT, now + CONSENT)
        row.ask_at = next_ask(now, now) if may_ask else None
        # Advocates tell nobody: their silence says nothing, and they are not asked again.
        if link and not Service.objects.filter(pk=service_id, confidential=True).exists():
            row.silent_at, row.mailbox = now + SILENT, seal_mailbox(row.pk, email)
        row.sealed = opened.folder.seal("referral", row.pk, pack(words))
        row.save(force_insert=True)
        done = _of(opened.viewer, opened.folder, row)
        if link:
            record("referral told", **done)
        else:
            record("referral made", **done)
    if link is None:
        return Told(row.pk)
    mailed = send(
        EmailMessage(
            subject=gettext("Upstander: somebody is referred to you"),
            body=gettext(
                "A crisis center refers somebody to you, with their consent.\n\nOpen this:\n"
                "%(link)s\n\nYou need four words, which the center tells you by phone.\n"
            )
            % {"link": f"{settings.DESK_URL}/r/{link.link_secret}"},
            to=[email],
            headers={"Auto-Submitted": "auto-generated"},
        )
    )
    return Told(row.pk, link.words, mailed)


def words_for_agency(words: Mapping[str, str]) -> dict[str, str]:
    """Return of a referral's words those that its agency may read."""
    return {name: words.get(name, "") for name in ("told", "name", "reach", "safe")}


def take_back(opened: OpenContact, referral_id: UUID) -> None:
    """Take a consent back: the agency's copy is destroyed now. Raises Http404, Refused."""
    with viewing(opened.viewer) as now:
        row = _open_one(opened, referral_id)
        row.taken_back_at = now
        _untold(row)
        row.save(update_fields=["taken_back_at", *UNTOLD])
        record("consent taken back", **_of(opened.viewer, opened.folder, row))


def hold_place(opened: OpenContact, referral_id: UUID) -> None:
    """Keep that the agency holds a place for an hour, which lapses by itself. Raises Http404,
    Refused.
    """
    with viewing(opened.viewer) as now:
        row = _open_one(opened, referral_id)
        if row.held_yes_at is not None:
            raise Refused(gettext("The family has said yes to a place already."))
        row.held_until = now + HELD
        row.save(update_fields=["held_until"])
        record("place held", **_of(opened.viewer, opened.folder, row))


def answer_place(opened: OpenContact, referral_id: UUID, *, takes: bool) -> None:
    """Keep what the family says of a place that is held. Raises Http404, Refused once it lapsed."""
    with viewing(opened.viewer) as now:
        row = _open_one(opened, referral_id)
        if takes and (row.held_until is None or row.held_until <= now):
            raise Refused(gettext("The place is no longer held. Call the agency again."))
        row.held_yes_at, row.held_until = (now, row.held_until) if takes else (None, None)
        row.save(update_fields=["held_yes_at", "held_until"])
        if takes:
            record("place taken", **_of(opened.viewer, opened.folder, row))
        else:
            record("place let go", **_of(opened.viewer, opened.folder, row))


def family_said(
    opened: OpenContact, referral_id: UUID, outcome: str, *, barrier: str = "", own: str = ""
) -> None:
    """Keep what the family says of a referral; "" (they wait) asks again later.

    All else ends it, and the agency's copy with it. Raises Http404, Refused.
    """
    if outcome == Outcome.LOST:
        raise Refused(gettext("A family that was reached is not lost to follow-up."))
    if outcome in (Outcome.PARTLY, Outcome.NOT_MET) and not barrier:
        raise Refused("", problems={"barrier": gettext("Say what got in the way.")})
    with viewing(opened.viewer) as now:
        row = _open_one(opened, referral_id)
        words = opened.read(row)
        if own:
            words["own"] = own
        _close(row, opened, now, outcome, barrier, words)
        record("family answered", **_of(opened.viewer, opened.folder, row, outcome=outcome))


def nobody_reached(opened: OpenContact, referral_id: UUID, *, lost: bool = False) -> None:
    """Keep that nobody was reached; they are tried again in two days, or given up as lost.

    Lost takes two tries before. Raises Http404, Refused.
    """
    with viewing(opened.viewer) as now:
        row = _open_one(opened, referral_id)
        if lost and row.tries < 2:
            raise Refused(gettext("Try to reach them twice, on different days, before."))
        if lost:
            _close(row, opened, now, Outcome.LOST, "", opened.read(row))
            record("referral lost", **_of(opened.viewer, opened.folder, row))
            return
        row.tries += 1
        row.ask_at = ask_again(now)
        row.save(update_fields=["tries", "ask_at"])
        record("family asked", **_of(opened.viewer, opened.folder, row))


def _untold(row: Referral) -> None:
    for name in UNTOLD:
        setattr(row, name, None)


def _close(
    row: Referral,
    opened: OpenContact,
    now: datetime,
    outcome: str,
    barrier: str,
    words: Mapping[str, str],
) -> None:
    row.outcome, row.barrier = outcome, barrier
    row.ask_at = None if outcome else next_ask(row.made_at, now)
    if outcome:
        row.outcome_at, row.outcome_by = now, opened.viewer.person_id
        _untold(row)
    row.sealed = opened.folder.seal("referral", row.pk, pack(words))
    row.save(
        update_fields=[
            "outcome",
            "barrier",
            "ask_at",
            "outcome_at",
            "outcome_by",
            "sealed",
            *UNTOLD,
        ]
    )


def _open_one(opened: OpenContact, referral_id: UUID) -> Referral:
    rows = Referral.objects.select_for_update().filter(pk=referral_id, contact_id=opened.row.pk)[:1]
    for row in rows:
        if row.outcome:
            raise Refused(gettext("This referral has ended. Nothing was changed."))
        return row
    raise Http404


def _of(
    viewer: Viewer, folder: OpenFolder, row: Referral | None = None, **more: str
) -> dict[str, Any]:
    """Return what an entry of the record says beside its act."""
    return {
        "actor": viewer,
        "subject_kind": KIND,
        "subject_id": folder.id,
        "district_id": folder.district_id,
        "matter_id": folder.matter_id,
        "detail": {"referral": str(row.pk)} | more if row else more,
    }

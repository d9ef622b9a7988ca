"""Asking somebody into a team. What is sent carries the team's keys; words by phone open it.

Nobody is let in by a row alone: whoever can write the database could add rows. A newcomer gets
the team's keys from somebody who holds them, by a link and four spoken words (secrets.md, joining).
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import DatabaseError, IntegrityError
from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.people.access import is_administrator, team_to_keep
from upstander.people.keys import Locked, team_private
from upstander.people.models import Invitation, Membership, Team
from upstander.people.place_names import schools_told_apart
from upstander.people.roles import LEADING, Role, TeamKind, roles_in
from upstander.people.scope import Viewer, viewing
from upstander.people.turns import turn
from upstander.places.models import School
from upstander.plug import ask_approval
from upstander.vault.envelopes import bind
from upstander.vault.holders import sign_public
from upstander.vault.invitations import CarriedKey, new_invitation, pack, wrap
from upstander.vault.links import link_hash
from upstander.vault.models import HolderKey, SealedKey

#: How long an invitation can be used (secrets.md §3).
DAYS = 7
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Invitee:
    """Whom to ask, and into which role."""

    email: str
    role: Role
    name: str = ""
    phone: str = ""
    language: str = "en"
    reachable_at_night: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """An invitation on its way. The words are spoken, shown once and stored nowhere."""

    id: UUID
    email: str
    team: str
    words: str = field(repr=False)
    #: False when the mail server did not take it: the inviter sends a new one later.
    mailed: bool
    #: A supervisor of the center has to agree before the link lets them in.
    waits: bool = False


def invite(viewer: Viewer, team_id: int, invitee: Invitee) -> Sent:
    """Ask somebody into a team, with all of its keys; an older open invitation of theirs ends.

    A team's lead does it, unlocked. An administrator does it for a team that has no key yet: its
    first lead, who makes the key once a supervisor of the center has agreed (``approvals``). One of
    a further administrator waits for that too. Raises Http404, Locked, Refused, Busy.
    """
    made = new_invitation()
    email = invitee.email.strip().lower()
    with turn(), viewing(viewer) as now:
        team = team_to_keep(viewer, team_id)
        _check(team, invitee.role, email)
        carried = _carried(viewer, team, invitee.role)
        Invitation.objects.filter(team=team, email=email, used_at__isnull=True).delete()
        row = Invitation(
            team=team,
            role=invitee.role,
            email=email,
            name=invitee.name.strip(),
            phone=invitee.phone.strip(),
            language=invitee.language,
            reachable_at_night=invitee.reachable_at_night,
            created_by_id=viewer.person_id,
            created_at=now,
            expires_at=now + timedelta(days=DAYS),
            link_hash=link_hash(made.link_secret),
        )
        row.wrapped = wrap(
            pack(carried), made.link_secret, made.words, aad=place_of(row.id, team.pk, email)
        )
        # The vault signs keys; a claim of another kind is signed under a holder of another kind.
        row.signature = sign_public(f"invitation:{row.id}", 1, claim(row), settings.SIGNING_KEY)
        try:
            row.save(force_insert=True)
        except IntegrityError as error:
            raise Refused(gettext("Someone else is inviting this person right now.")) from error
        record(
            "invited into team",
            actor=viewer,
            subject_kind="team",
            subject_id=team.pk,
            district_id=team.district_id,
            detail={"invitation": str(row.id), "role": invitee.role},
        )
        waits = not carried or team.kind == TeamKind.ADMINISTRATION
        told = _ask_center(viewer, row, now) if waits else None
    mailed = _mail(row, made.link_secret)
    if told:
        told()
    return Sent(row.id, email, team.name, made.words, mailed, waits=told is not None)


def propose(viewer: Viewer, team_id: int, invitee: Invitee) -> Invitation:
    """Put somebody forward for a team whose key the administrator does not hold.

    The team's lead sees it and sends the invitation. Raises Http404, Refused.
    """
    with viewing(viewer) as now:
        return put_forward(viewer, team_to_keep(viewer, team_id), invitee, now)


def put_forward(viewer: Viewer, team: Team, invitee: Invitee, now: datetime) -> Invitation:
    """Do what ``propose`` does, inside a transaction that is open. Raises Refused."""
    email = invitee.email.strip().lower()
    _check(team, invitee.role, email)
    Invitation.objects.filter(team=team, email=email, used_at__isnull=True).delete()
    row = Invitation.objects.create(
        team=team,
        role=invitee.role,
        email=email,
        name=invitee.name.strip(),
        phone=invitee.phone.strip(),
        language=invitee.language,
        reachable_at_night=invitee.reachable_at_night,
        created_by_id=viewer.person_id,
        created_at=now,
    )
    record(
        "proposed for team",
        actor=viewer,
        subject_kind="team",
        subject_id=team.pk,
        district_id=team.district_id,
        detail={"invitation": str(row.id), "role": invitee.role},
    )
    return row


def send_again(viewer: Viewer, team_id: int, invitation_id: UUID) -> Sent:
    """Send what was proposed, has run out or was not received, with a new link and new words.

    Raises Http404, Locked, Refused.
    """
    with viewing(viewer):
        team_to_keep(viewer, team_id)
        row = Invitation.objects.filter(
            pk=invitation_id, team_id=team_id, used_at__isnull=True
        ).first()
        if row is None:
            raise Http404
        invitee = Invitee(
            row.email, Role(row.role), row.name, row.phone, row.language, row.reachable_at_night
        )
    return invite(viewer, team_id, invitee)


def withdraw(viewer: Viewer, team_id: int, invitation_id: UUID) -> None:
    """Take an open invitation back: its link opens nothing any more. Raises Http404."""
    with viewing(viewer):
        team = team_to_keep(viewer, team_id)
        gone, _ = Invitation.objects.filter(
            pk=invitation_id, team=team, used_at__isnull=True
        ).delete()
        if not gone:
            raise Http404
        record(
            "invitation withdrawn",
            actor=viewer,
            subject_kind="team",
            subject_id=team.pk,
            district_id=team.district_id,
            detail={"invitation": str(invitation_id)},
        )


def place_of(invitation_id: UUID | str, team_id: int, email: str) -> bytes:
    """Return what binds the carried keys to their row: moved to another, they do not open."""
    return bind(invitation_id, team_id, email)


def claim(row: Invitation) -> bytes:
    """Return what the desk signs of an invitation: everything that gives it force."""
    return bind(
        "invitation",
        row.id,
        row.team_id,
        row.role,
        row.email,
        bytes(row.link_hash or b""),
        int(row.reachable_at_night),
    )


def _check(team: Team, role: Role, email: str) -> None:
    if role not in roles_in(team.kind, of_school=team.school_id is not None):
        raise Refused(gettext("This kind of team has no such role."))
    locked_out = Membership.objects.filter(team=team, person__email__iexact=email).first()
    if locked_out is not None and locked_out.role in LEADING and role not in LEADING:
        raise Refused(gettext("This person leads the team. Change their role first."))


def _carried(viewer: Viewer, team: Team, role: Role) -> list[CarriedKey]:
    """Return all versions of the team's key that the viewer holds; none for a first lead."""
    if not HolderKey.objects.filter(holder=team.holder).exists():
        if role not in LEADING:
            raise Refused(
                gettext(
                    "This team has no key yet. Invite its lead first: the lead creates the key."
                )
            )
        if not is_administrator(viewer):
            raise Http404
        return []
    if team.pk not in viewer.leads:
        raise Refused(
            gettext("Only the team’s lead can send this: administrators hold no team keys.")
        )
    if not viewer.unlocked:
        raise Locked
    held = SealedKey.objects.filter(holder=team.holder, member=f"person:{viewer.person_id}")
    versions = sorted(held.values_list("version", flat=True))
    if not versions:
        raise Refused(gettext("You don’t hold this team’s key yet. Ask another lead."))
    return [
        CarriedKey(team.holder, version, team_private(viewer, team.holder, version))
        for version in versions
    ]


def _ask_center(viewer: Viewer, row: Invitation, now: datetime) -> Callable[[], None] | None:
    """Ask the center's supervisors to agree to a newcomer; None: they have, or needn't.

    An administrator alone could let a second mailbox of theirs found a team that hand-offs go to,
    or be the second administrator. Raises Refused where no center has a supervisor yet.
    """
    team = row.team
    center_id = team.district.center_id if team.district else _first_center()
    if center_id is None:
        if team.kind == TeamKind.ADMINISTRATION:
            raise Refused(
                gettext(
                    "A supervisor of a crisis center has to agree to this, and none has joined. "
                    "Until then “upstander administrator”, on the server, makes an administrator."
                )
            )
        return None
    place = str(team.school or team.district or team.center or gettext("no place"))
    if team.school and (apart := schools_told_apart(School.objects.select_related("district"))):
        place = ", ".join(filter(None, (place, apart.get(team.school.pk))))
    said = gettext("%(name)s, %(email)s, as the first member (%(role)s) of %(team)s, %(place)s")
    if team.kind == TeamKind.ADMINISTRATION:
        said = gettext("%(name)s, %(email)s, as a further system administrator")
    return ask_approval(
        viewer,
        now,
        "first_key",
        subject=f"team:{team.pk}",
        center_id=center_id,
        district_id=team.district_id,
        about=row.email,
        words=said
        % {
            "name": row.name or gettext("no name given"),
            "email": row.email,
            "role": Role(row.role).label,
            "team": team.name,
            "place": place,
        },
    )


def _first_center() -> int | None:
    """Return the first center that has a key; None: an installation's own first one is founded."""
    centers = Team.objects.filter(kind=TeamKind.CENTER).order_by("center_id")
    holders = {team.holder: team.center_id for team in centers}
    with_key = set(HolderKey.objects.filter(holder__in=holders).values_list("holder", flat=True))
    return next((center for holder, center in holders.items() if holder in with_key), None)


def _mail(row: Invitation, link_secret: str) -> bool:
    with translation.override(row.language):
        message = EmailMessage(
            subject=gettext("Upstander: you are invited to join %(team)s")
            % {"team": row.team.name},
            body=gettext(
                "You are invited to join %(team)s on Upstander, where students’ reports "
                "are answered.\n\nOpen this within %(days)s days:\n%(link)s\n\n"
                "You will also need four words. The person who invited you will tell you "
                "them by phone or in person, never by email. If you were not expecting "
                "an invitation, ignore this and tell your school’s office.\n"
            )
            % {
                "team": row.team.name,
                "days": DAYS,
                "link": f"{settings.DESK_URL}/people/join/{link_secret}/",
            },
            to=[row.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
    return send(message)


def send(message: EmailMessage) -> bool:
    """Send a mail; tell whether a server took it. Never from inside a transaction."""
    # Names of places stand in subjects; a line break in one must not become a header.
    message.subject = " ".join(str(message.subject).split())
    try:
        message.send()
    except (smtplib.SMTPException, OSError, DatabaseError) as error:
        logger.error("a mail did not leave: %s", type(error).__name__)
        return False
    return True

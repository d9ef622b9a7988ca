"""Joining a team: link and spoken words open its keys, which are then sealed to one's own.

All of this happens before there is a session. The database is reached by functions only, and an
invitation that was not signed by the desk, or carries keys that are not the team's, is refused.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.people.actions.invitations import claim, place_of, send
from upstander.people.keys import NewPersonKey, checked_key, new_person_key, sealed_for
from upstander.people.known_names import keep_names
from upstander.people.links import LinkOver
from upstander.people.models import Invitation, Person
from upstander.people.roles import LEADING, Role, TeamKind
from upstander.people.scope import Staff, Viewer
from upstander.people.statements import state_members
from upstander.people.turns import turn
from upstander.vault.errors import InvitationBroken, KeySwapped
from upstander.vault.holders import key_pair_from, new_key_pair, sign_public, verify_public
from upstander.vault.invitations import CarriedKey, unpack, unwrap
from upstander.vault.models import SealedKey

logger = logging.getLogger(__name__)


class InvitationOver(LinkOver):
    """Used, withdrawn, run out, or tried too often: its link opens nothing."""


class InvitationWaits(Exception):
    """An administrator's, or one to a team's first key: no supervisor has agreed to it yet."""


class AccountShut(Exception):
    """The invited address belongs to an account that an administrator has shut."""


class SomebodyElse(Exception):
    """The invited address has an account: its owner must be signed in to accept."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A holder's public key as the database told it; not yet checked."""

    holder: str
    version: int
    public: bytes
    signature: bytes

    def checked(self) -> PublicKey:
        """Return it once the desk's signature is found good. Raises KeySwapped."""
        verify_public(self.holder, self.version, self.public, self.signature, settings.VERIFY_KEY)
        return self

    def newest(self) -> PublicKey:
        """Return it once it is found to be the holder's last one as well. Raises KeySwapped."""
        key = checked_key(self.holder, self.version, self.public, self.signature)
        if key.version != self.version:
            raise KeySwapped(f"This is not the newest key of {self.holder}.")
        return self


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation that can still be used, as its link tells it."""

    row: Invitation
    link: str = field(repr=False)
    team_name: str
    kind: TeamKind
    district_id: int | None
    inviter_name: str
    inviter_email: str
    team_keys: dict[int, PublicKey]
    recovery: PublicKey | None
    #: The account that has the invited address already, if any, and its newest key.
    person_id: int | None
    person_key: PublicKey | None

    @property
    def holder(self) -> str:
        return f"team:{self.row.team_id}"


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody is in. The recovery code is shown once; None when they kept their own key."""

    person_id: int
    team_name: str
    recovery_code: str | None = field(repr=False)
    #: The seed of a key pair that was made for them; None as well.
    seed: bytes | None = field(repr=False)


def open_invitation(link: str) -> OpenInvitation:
    """Return what a link leads to.

    Raises InvitationOver, also for one the desk never signed, and InvitationWaits.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.invitation(%s)", [link])
        found = cursor.fetchone()
    if found is None or found[0] is None:
        raise InvitationOver
    told: dict[str, Any] = json.loads(found[0])
    row = Invitation(
        id=UUID(told["id"]),
        team_id=told["team"],
        role=told["role"],
        email=told["email"],
        language=told["language"],
        reachable_at_night=told["night"],
        link_hash=bytes.fromhex(told["link_hash"]),
        wrapped=bytes.fromhex(told["wrapped"]),
        name=_opened("name", told["name"]),
        phone=_opened("phone", told["phone"]),
    )
    try:
        verify_public(
            f"invitation:{row.id}",
            1,
            claim(row),
            bytes.fromhex(told["signature"] or ""),
            settings.VERIFY_KEY,
        )
    except KeySwapped:
        logger.error("invitation %s was not made by the desk: refused", row.id)
        raise InvitationOver from None
    if not told["approved"]:
        raise InvitationWaits
    person = told["person"]
    inviter = told["inviter"] or {"name": "", "email": ""}
    return OpenInvitation(
        row=row,
        link=link,
        team_name=told["team_name"],
        kind=TeamKind(told["kind"]),
        district_id=told["district"],
        inviter_name=_opened("name", inviter["name"], model=Person) if inviter["name"] else "",
        inviter_email=inviter["email"],
        team_keys={key["version"]: _public_key(f"team:{row.team_id}", key) for key in told["keys"]},
        recovery=_public_key(told["recovery"]["holder"], told["recovery"])
        if told["recovery"]
        else None,
        person_id=person["id"] if person else None,
        person_key=_public_key(f"person:{person['id']}", person["key"])
        if person and person["key"]
        else None,
    )


def join_as_newcomer(
    link: str, words: str, *, name: str, phone: str, language: str, password: str
) -> Joined:
    """Accept an invitation with a new account, key pair and recovery code.

    Raises InvitationOver, InvitationWaits, InvitationBroken (words), SomebodyElse, AccountShut,
    KeySwapped, Busy.
    """
    asked = open_invitation(link)
    if asked.person_id is not None:
        raise SomebodyElse
    with turn():
        carried = _carried(asked, words)
        with connection.cursor() as cursor:
            cursor.execute("SELECT api.new_person_id()")
            fetched = cursor.fetchone()
        person = Person(id=fetched[0] if fetched else None, email=asked.row.email)
        person.set_password(password)
        key = new_person_key(person.pk, password, person.password)
    newcomer = {
        "password": person.password,
        "name": _sealed("name", name.strip()),
        "phone": _sealed("phone", phone.strip()),
        "language": language,
    }
    return _accept(asked, person.pk, carried, key, newcomer=newcomer)


def join_as(viewer: Viewer, person: Person, link: str, words: str, password: str = "") -> Joined:
    """Accept an invitation with the account one is signed in to.

    Unlocked, one's own key stays. Locked (after an email reset, without a recovery code), a new
    key pair is made under ``password``, today's: what was sealed to the old one opens no more.
    Raises InvitationOver, InvitationWaits, InvitationBroken, SomebodyElse, KeySwapped, Busy.
    """
    asked = open_invitation(link)
    if asked.person_id != person.pk or viewer.person_id != person.pk:
        raise SomebodyElse
    own = asked.person_key
    key: NewPersonKey | PublicKey
    with turn():
        carried = _carried(asked, words)
        if viewer.unlocked and own is not None:
            key = own.newest()
        else:
            version = own.version + 1 if own else 1
            key = new_person_key(person.pk, password, person.password, version=version)
    return _accept(asked, person.pk, carried, key, token=viewer.database_token)


def _accept(
    asked: OpenInvitation,
    person_id: int,
    carried: list[CarriedKey],
    key: NewPersonKey | PublicKey,
    *,
    token: str = "",
    newcomer: dict[str, str] | None = None,
) -> Joined:
    public = key.pair.public if isinstance(key, NewPersonKey) else key.public
    given: dict[str, Any] = {"person": person_id}
    if newcomer is not None:
        given["newcomer"] = newcomer
    if isinstance(key, NewPersonKey):
        given["key"] = {
            "version": key.version,
            "public": public.hex(),
            "signature": key.signature.hex(),
            "salt": key.salt.hex(),
            "by_password": key.by_password.hex(),
            "by_recovery": key.by_recovery.hex(),
        }
    founding = not carried
    if founding:
        pair = new_key_pair()
        carried = [CarriedKey(asked.holder, 1, pair.private)]
        signature = sign_public(asked.holder, 1, pair.public, settings.SIGNING_KEY)
        given["founding"] = {"public": pair.public.hex(), "signature": signature.hex()}
    rows = [
        sealed_for(
            asked.holder,
            one.version,
            one.private,
            f"person:{person_id}",
            member_version=key.version,
            public=public,
        )
        for one in carried
    ]
    if asked.recovery is not None:
        paper = asked.recovery.newest()
        rows += [
            sealed_for(
                asked.holder,
                one.version,
                one.private,
                paper.holder,
                member_version=paper.version,
                public=paper.public,
            )
            for one in carried
        ]
    given["sealed"] = [as_json(row) for row in rows]
    with transaction.atomic(durable=True):
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT api.accept_invitation(link => %s, session => %s, given => %s)",
                    [asked.link, token, json.dumps(given)],
                )
                found = cursor.fetchone()
        except IntegrityError as error:
            raise AccountShut from error
        if found is None or found[0] is None:
            raise InvitationOver
        keep_names(person_id, asked.row.name)
        state_members(asked.row.team_id, joined={person_id: asked.row.role})
        record(
            "joined team",
            actor=Staff(person_id),
            subject_kind="team",
            subject_id=asked.row.team_id,
            district_id=asked.district_id,
            detail={"invitation": str(asked.row.id), "role": asked.row.role, "founded": founding},
        )
    _tell_inviter(asked, founding=founding)
    if isinstance(key, NewPersonKey):
        return Joined(person_id, asked.team_name, key.recovery_code, key.pair.private)
    return Joined(person_id, asked.team_name, None, None)


def _carried(asked: OpenInvitation, words: str) -> list[CarriedKey]:
    """Open what the invitation carries and check that these are the team's keys.

    Empty for a team's first lead. Raises InvitationBroken, InvitationOver, KeySwapped.
    """
    row = asked.row
    place = place_of(row.id, row.team_id, row.email)
    try:
        keys = list(unpack(unwrap(bytes(row.wrapped or b""), asked.link, words, aad=place)))
    except InvitationBroken:
        with connection.cursor() as cursor:
            cursor.execute("SELECT api.invitation_missed(%s)", [asked.link])
        raise
    if not keys:
        if asked.team_keys or Role(row.role) not in LEADING:
            raise InvitationOver
        return []
    for key in keys:
        known = asked.team_keys.get(key.version)
        if known is None or key.holder != asked.holder:
            raise KeySwapped(f"The invitation carries a key that {asked.holder} never had.")
        if key_pair_from(key.private).public != known.checked().public:
            raise KeySwapped(f"The invitation carries another key than that of {asked.holder}.")
    if asked.team_keys[max(asked.team_keys)].newest().version not in {key.version for key in keys}:
        raise InvitationOver
    return keys


def as_json(row: SealedKey) -> dict[str, Any]:
    """Return a sealed key as the database's functions take it: bytes as hex."""
    return {
        "version": row.version,
        "member": row.member,
        "member_version": row.member_version,
        "blob": bytes(row.blob).hex(),
        "proof": bytes(row.proof or b"").hex(),
    }


def _tell_inviter(asked: OpenInvitation, *, founding: bool) -> None:
    if not asked.inviter_email:
        return
    text = (
        gettext("%(who)s has joined %(team)s and created its key.")
        if founding
        else gettext("%(who)s has joined %(team)s and holds its keys.")
    )
    told = text % {"who": asked.row.email, "team": asked.team_name}
    send(
        EmailMessage(
            subject=f"Upstander: {told}",
            body=f"{told}\n\n"
            + gettext("If you did not expect this, remove them right away: ")
            + f"{settings.DESK_URL}/people/teams/{asked.row.team_id}/\n",
            to=[asked.inviter_email],
            headers={"Auto-Submitted": "auto-generated"},
        )
    )


def _public_key(holder: str, told: dict[str, Any]) -> PublicKey:
    return PublicKey(
        holder,
        told["version"],
        bytes.fromhex(told["public"]),
        bytes.fromhex(told["signature"]),
    )


def _opened(column: str, sealed: str, *, model: type[Invitation | Person] = Invitation) -> str:
    field_: Any = model._meta.get_field(column)
    text: str = field_.from_db_value(bytes.fromhex(sealed), None, connection)
    return text


def _sealed(column: str, text: str) -> str:
    field_: Any = Person._meta.get_field(column)
    blob: bytes = field_.get_prep_value(text)
    return blob.hex()

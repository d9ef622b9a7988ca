"""Keys of people and teams: made, sealed to members, unlocked. The vault does the sealing."""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings

from upstander.people.models import Person, Team
from upstander.people.scope import Viewer
from upstander.people.statements import key_standing, stated_people, stated_teams
from upstander.vault import passwords, recovery
from upstander.vault.bound import bound
from upstander.vault.envelopes import bind, derive, seal, unseal
from upstander.vault.errors import KeySwapped, VaultError
from upstander.vault.hashers import salt_of
from upstander.vault.holders import (
    KeyPair,
    key_pair_from,
    new_key_pair,
    open_private,
    seal_private,
    sign_public,
)
from upstander.vault.models import HolderKey, PersonKey, SealedKey

logger = logging.getLogger(__name__)


class Locked(Exception):
    """This sign-in holds no key: the person must unlock with their password or recovery code."""


class NotAMember(Exception):
    """The viewer holds no key of this team."""


def person_mac(person_id: int) -> bytes:
    """Return HMAC-SHA-256(person pepper, person): how a person stands where no name may stand."""
    return hmac.new(settings.PERSON_PEPPER, b"person|%d" % person_id, hashlib.sha256).digest()


def mac_holder(person_id: int) -> str:
    """Return the holder name under which a restricted matter is granted to one person."""
    return f"mac:{person_mac(person_id).hex()}"


def name_in(person_id: int, to: UUID) -> str:
    """Return the name under which a folder or tip stands granted to one person."""
    return f"own:{bound(person_mac(person_id), to).hex()}"


def bound_name(holder: str, to: UUID) -> str:
    """Return how a holder stands in a row of ``to``; `matters_name` is the same."""
    if not holder.startswith("mac:"):
        return holder
    return f"own:{bound(bytes.fromhex(holder.removeprefix('mac:')), to).hex()}"


def version_in(holder: str, key: HolderKey) -> int:
    """Return which version of a key a grant's row names: of a team's key which, of a person's none.

    The number of a person's key would tell whose it is, and opens nothing more.
    """
    return 0 if holder.startswith("mac:") else key.version


def edition_seal(*published: str | int) -> bytes:
    """Return HMAC-SHA-256(person pepper, what is published): the desk made it, nobody by SQL."""
    return hmac.digest(settings.PERSON_PEPPER, bind("edition", *published), "sha256")


def publish_key(holder: str, version: int, pair: KeyPair) -> HolderKey:
    """Store a signed public key, so that others can seal to ``holder``."""
    return HolderKey.objects.create(
        holder=holder,
        version=version,
        public=pair.public,
        signature=sign_public(holder, version, pair.public, settings.SIGNING_KEY),
    )


def public_key_of(holder: str) -> HolderKey:
    """Return a holder's newest public key that was signed, and is no older than one seen before.

    Raises HolderKey.DoesNotExist, KeySwapped.
    """
    return _checked(holder, HolderKey.objects.filter(holder=holder).order_by("version").last())


def sealable(holders: Iterable[tuple[str, str]]) -> list[tuple[str, HolderKey]]:
    """Return to whom of (holder, whose key) something may be sealed, with the key; in ``viewing``.

    Left out is a team whose place is not the one that was signed, and whoever is to have it by name
    without being a signed member where the viewer sees them. Raises as ``public_key_of``.
    """
    asked = list(holders)
    by_name = {int(key.removeprefix("person:")) for holder, key in asked if holder != key}
    teams = {int(key.removeprefix("team:")) for _, key in asked if key.startswith("team:")}
    members = stated_people(by_name) if by_name else set()
    signed = {team.holder for team in stated_teams(Team.objects.filter(pk__in=teams))}
    # Whoever makes a folder has it by their own name, and needs nobody's word for who they are.
    may = signed | {f"person:{one}" for one in members}
    found = [
        (holder, key)
        for holder, key in asked
        if key in may or (holder == key and key.startswith("person:"))
    ]
    for _, key in set(asked) - set(found):
        logger.error("nothing is sealed to %s: rows and what was signed differ", key)
    return [(holder, public_key_of(key)) for holder, key in found]


@dataclass(frozen=True, slots=True)
class NewPersonKey:
    """A person's key pair before it is stored, wrapped in the two ways that lead back to it."""

    holder: str
    version: int
    pair: KeyPair = field(repr=False)
    signature: bytes
    salt: bytes
    by_password: bytes
    by_recovery: bytes
    #: Shown once and stored nowhere.
    recovery_code: str = field(repr=False)


def new_person_key(
    person_id: int, password: str, password_hash: str, *, version: int = 1
) -> NewPersonKey:
    """Make a person's key pair, wrapped by their password and by a new recovery code.

    ``password_hash`` is what the login table will hold of ``password``: both use one salt.
    """
    holder, pair, code = f"person:{person_id}", new_key_pair(), recovery.new_recovery_code()
    salt = salt_of(password_hash)
    wrapping = passwords.wrapping_key(password, salt, settings.PASSWORD_PEPPER)
    return NewPersonKey(
        holder=holder,
        version=version,
        pair=pair,
        signature=sign_public(holder, version, pair.public, settings.SIGNING_KEY),
        salt=salt,
        by_password=seal(wrapping, pair.private, aad=_aad(person_id, "password")),
        by_recovery=_by_recovery(person_id, code, pair.private),
        recovery_code=code,
    )


def make_person_key(person: Person, password: str) -> str:
    """Give a person their key pair; returns the recovery code, shown once and stored nowhere.

    ``person.password`` must already hold the hash of ``password``.
    """
    made = new_person_key(person.pk, password, person.password)
    publish_key(made.holder, made.version, made.pair)
    PersonKey.objects.create(
        person_id=person.pk,
        version=made.version,
        password_salt=made.salt,
        by_password=made.by_password,
        by_recovery=made.by_recovery,
    )
    return made.recovery_code


def rewrap_by_password(person: Person, password: str, private: bytes) -> None:
    """Wrap an unlocked private seed by a new password (after ``set_password`` was saved)."""
    salt = salt_of(person.password)
    wrapping = passwords.wrapping_key(password, salt, settings.PASSWORD_PEPPER)
    PersonKey.objects.filter(pk=person.pk).update(
        password_salt=salt,
        by_password=seal(wrapping, private, aad=_aad(person.pk, "password")),
    )


def renew_recovery_code(person_id: int, private: bytes) -> str:
    """Replace a person's recovery code; the old one opens nothing any more."""
    code = recovery.new_recovery_code()
    PersonKey.objects.filter(pk=person_id).update(
        by_recovery=_by_recovery(person_id, code, private)
    )
    return code


def unlock_by_password(person: Person, password: str) -> bytes | None:
    """Return the person's private seed, or None when this password no longer opens it.

    That is so after an email reset: it gives a login and no key.
    """
    key = PersonKey.objects.filter(pk=person.pk).first()
    if key is None or key.by_password is None:
        return None
    wrapping = passwords.wrapping_key(password, bytes(key.password_salt), settings.PASSWORD_PEPPER)
    try:
        return unseal(wrapping, bytes(key.by_password), aad=_aad(person.pk, "password"))
    except VaultError:
        return None


def unlock_by_recovery(person_id: int, code: str) -> bytes | None:
    """Return the person's private seed from their recovery code, or None.

    Raises RecoveryBroken with a message for the person when the code is mistyped.
    """
    key = PersonKey.objects.filter(pk=person_id).first()
    if key is None or key.by_recovery is None:
        return None
    wrapping = recovery.recovery_wrapping_key(code)
    try:
        return unseal(wrapping, bytes(key.by_recovery), aad=_aad(person_id, "recovery"))
    except VaultError:
        return None


def make_team_key(team: Team, members: list[Person]) -> KeyPair:
    """Make a new version of a team's key pair and seal it to ``members``; returns the pair.

    New tips are sealed to the newest version; older versions stay for older tips.
    """
    version = newest_version(team.holder) + 1
    pair = new_key_pair()
    publish_key(team.holder, version, pair)
    for member in members:
        seal_team_key(team.holder, version, pair.private, member.holder)
    return pair


def newest_version(holder: str) -> int:
    """Return the version of a holder's newest key, 0 when there is none. Raises KeySwapped."""
    try:
        return public_key_of(holder).version
    except HolderKey.DoesNotExist:
        return 0


def sealed_for(
    holder: str, version: int, private: bytes, member: str, *, member_version: int, public: bytes
) -> SealedKey:
    """Seal one version of a team's private seed to a member's public key, without storing it.

    The caller has checked that the public key is the one that was signed. The proof beside it says
    that whoever let this member in held the team's key: it is made with that key.
    """
    return SealedKey(
        holder=holder,
        version=version,
        member=member,
        member_version=member_version,
        blob=seal_private(
            private,
            holder=holder,
            version=version,
            member=member,
            member_version=member_version,
            public=public,
        ),
        proof=_proof(private, holder, version, member, member_version, public),
    )


def seal_team_key(holder: str, version: int, private: bytes, member: str) -> None:
    """Seal one version of a team's private seed to a member and store it. Raises KeySwapped."""
    key = public_key_of(member)
    row = sealed_for(
        holder, version, private, member, member_version=key.version, public=bytes(key.public)
    )
    SealedKey.objects.update_or_create(
        holder=holder,
        version=version,
        member=member,
        defaults={
            "member_version": row.member_version,
            "blob": row.blob,
            "proof": row.proof,
        },
    )


def was_let_in(row: SealedKey, private: bytes, public: bytes) -> bool:
    """Tell whether a member was let in by somebody who held this version of the team's key.

    Whoever can write the database can add a membership and a sealed key, but not this proof; so a
    planted member is passed over when the next key is made. ``public`` is the member's own key.
    """
    expected = _proof(private, row.holder, row.version, row.member, row.member_version, public)
    return row.proof is not None and hmac.compare_digest(bytes(row.proof), expected)


def team_private(viewer: Viewer, holder: str, version: int) -> bytes:
    """Return a team's private seed as the viewer may open it; call inside ``viewing``.

    Raises Locked, NotAMember, GrantBroken.
    """
    if viewer.private_seed is None:
        raise Locked
    member = f"person:{viewer.person_id}"
    row = SealedKey.objects.filter(holder=holder, version=version, member=member).first()
    if row is None:
        raise NotAMember
    return open_private(
        bytes(row.blob),
        holder=holder,
        version=version,
        member=member,
        member_version=row.member_version,
        private=viewer.private_seed,
    )


def open_own_teams(viewer: Viewer) -> None:
    """Open the keys of the teams in which somebody acts, for what takes more than a personal key.

    Call inside ``viewing``. Raises Locked, NotAMember, VaultError.
    """
    if not viewer.memberships:
        raise NotAMember
    for holder in {membership.holder for membership in viewer.memberships}:
        team_private(viewer, holder, newest_version(holder))


def pair_of(private: bytes) -> KeyPair:
    """Return the key pair of a private seed."""
    return key_pair_from(private)


def checked_key(holder: str, version: int, public: bytes, signature: bytes) -> HolderKey:
    """Return a key that was told as a holder's newest, checked as ``public_key_of`` does.

    Raises KeySwapped.
    """
    told = HolderKey(holder=holder, version=version, public=public, signature=signature)
    return _checked(holder, told)


def _checked(holder: str, found: HolderKey | None) -> HolderKey:
    key = key_standing(holder, found)
    if key is None and found is None:
        raise HolderKey.DoesNotExist(holder)
    if key is None:
        raise KeySwapped(
            f"The public key of {holder} is not the one that was signed. "
            "Nothing is sealed to it; find out who wrote to the database."
        )
    return key


def _by_recovery(person_id: int, code: str, private: bytes) -> bytes:
    wrapping = recovery.recovery_wrapping_key(code)
    return seal(wrapping, private, aad=_aad(person_id, "recovery"))


def _proof(private: bytes, *claimed: str | int | bytes) -> bytes:
    claim = bind("member proof", *claimed)
    return hmac.digest(derive(private, "member proof"), claim, "sha256")


def _aad(person_id: int, way: str) -> bytes:
    return bind("person key", person_id, way)

"""Keys of people and teams: made, sealed to members, unlocked. The vault does the sealing."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings

from upstander.places.models import Person, Team
from upstander.places.scope import Viewer
from upstander.vault import passwords, recovery
from upstander.vault.envelopes import bind, seal, unseal
from upstander.vault.errors import VaultError
from upstander.vault.hashers import salt_of
from upstander.vault.holders import (
    KeyPair,
    key_pair_from,
    new_key_pair,
    open_private,
    seal_private,
    sign_public,
    verify_public,
)
from upstander.vault.models import HolderKey, PersonKey, SealedKey


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


def publish_key(holder: str, version: int, pair: KeyPair) -> HolderKey:
    """Store a signed public key, so that others can seal to ``holder``."""
    return HolderKey.objects.create(
        holder=holder,
        version=version,
        public=pair.public,
        signature=sign_public(holder, version, pair.public, settings.SIGNING_KEY),
    )


def public_key_of(holder: str) -> HolderKey:
    """Return a holder's newest public key, its signature checked.

    Raises HolderKey.DoesNotExist, KeySwapped.
    """
    key = HolderKey.objects.filter(holder=holder).latest("version")
    verify_public(
        holder, key.version, bytes(key.public), bytes(key.signature), settings.VERIFY_KEY
    )
    return key


def make_person_key(person: Person, password: str) -> str:
    """Give a person their key pair, wrapped by their password and by a new recovery code.

    ``person.password`` must already hold the hash of ``password``. Returns the code, which is
    shown once and stored nowhere.
    """
    pair = new_key_pair()
    publish_key(person.holder, 1, pair)
    code = recovery.new_recovery_code()
    PersonKey.objects.create(
        person_id=person.pk,
        version=1,
        by_recovery=seal(
            recovery.recovery_wrapping_key(code), pair.private, aad=_aad(person.pk, "recovery")
        ),
        **_by_password(person, password, pair.private),
    )
    return code


def rewrap_by_password(person: Person, password: str, private: bytes) -> None:
    """Wrap an unlocked private seed by a new password (after ``set_password`` was saved)."""
    PersonKey.objects.filter(pk=person.pk).update(**_by_password(person, password, private))


def renew_recovery_code(person_id: int, private: bytes) -> str:
    """Replace a person's recovery code; the old one opens nothing any more."""
    code = recovery.new_recovery_code()
    PersonKey.objects.filter(pk=person_id).update(
        by_recovery=seal(
            recovery.recovery_wrapping_key(code), private, aad=_aad(person_id, "recovery")
        )
    )
    return code


def unlock_by_password(person: Person, password: str) -> bytes | None:
    """Return the person's private seed, or None when this password no longer opens it.

    That is so after an email reset: it gives a login and no key.
    """
    key = PersonKey.objects.filter(pk=person.pk).first()
    if key is None or key.by_password is None:
        return None
    wrapping = passwords.wrapping_key(
        password, bytes(key.password_salt), settings.PASSWORD_PEPPER
    )
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
    newest = HolderKey.objects.filter(holder=team.holder).order_by("-version").first()
    version = newest.version + 1 if newest else 1
    pair = new_key_pair()
    publish_key(team.holder, version, pair)
    for member in members:
        seal_team_key(team.holder, version, pair.private, member.holder)
    return pair


def seal_team_key(holder: str, version: int, private: bytes, member: str) -> None:
    """Seal one version of a team's private seed to a member. Raises KeySwapped."""
    key = public_key_of(member)
    SealedKey.objects.update_or_create(
        holder=holder,
        version=version,
        member=member,
        defaults={
            "member_version": key.version,
            "blob": seal_private(
                private,
                holder=holder,
                version=version,
                member=member,
                member_version=key.version,
                public=bytes(key.public),
            ),
        },
    )


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


def pair_of(private: bytes) -> KeyPair:
    """Return the key pair of a private seed."""
    return key_pair_from(private)


def _by_password(person: Person, password: str, private: bytes) -> dict[str, bytes]:
    salt = salt_of(person.password)
    wrapping = passwords.wrapping_key(password, salt, settings.PASSWORD_PEPPER)
    return {
        "password_salt": salt,
        "by_password": seal(wrapping, private, aad=_aad(person.pk, "password")),
    }


def _aad(person_id: int, way: str) -> bytes:
    return bind("person key", person_id, way)

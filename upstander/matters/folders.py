"""Folders: what is sealed to some people and to nobody else, where there is no tip.

A duty, a case, a register's entry: each is a folder with one random secret, granted (vault.grants)
to teams and single persons, and a shred key without which no grant opens. The database shows a
folder's rows only to whom a grant of it stands now: not withdrawn, its time not run out, and its
matter not excluded to them. Whoever opened a folder can't be shut out of it, but of the register:
an allegation may turn out to be about who filed it.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection
from django.http import Http404
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.matters.exclusions import Exclusions
from upstander.matters.models import Folder, FolderGrant
from upstander.matters.people_near import say_near
from upstander.people.keys import (
    Locked,
    NotAMember,
    mac_holder,
    name_in,
    person_mac,
    sealable,
    team_private,
    version_in,
)
from upstander.people.models import Membership, Team
from upstander.people.scope import Viewer, viewing
from upstander.people.statements import stated_teams
from upstander.vault.envelopes import bind, derive, seal, unseal
from upstander.vault.errors import Forgotten, KeyFileError
from upstander.vault.grants import make_grant, open_grant
from upstander.vault.models import HolderKey, ShredKey
from upstander.vault.seeds import Audience, new_secret, seed_from
from upstander.vault.shred import new_shred_key


class FolderShut(PermissionDenied):
    """The viewer may know of this folder, but no grant of it opens for them: 403."""


@dataclass(frozen=True, slots=True)
class OpenFolder:
    """A folder with the seed that its words are sealed under."""

    id: UUID
    kind: str
    district_id: int
    school_id: int | None
    matter_id: UUID
    opened_by: int
    viewer: Viewer
    secret: bytes = field(repr=False)
    seed: bytes = field(repr=False)

    def seal(self, purpose: str, row: UUID, words: str) -> bytes:
        """Seal text so that it opens in its row, for its purpose, in this folder only."""
        return seal(derive(self.seed, purpose), words.encode(), aad=bind(self.id, row, purpose))

    def read(self, purpose: str, row: UUID, sealed: bytes | memoryview) -> str:
        """Return what ``seal`` sealed. Raises SealBroken."""
        key = derive(self.seed, purpose)
        return unseal(key, bytes(sealed), aad=bind(self.id, row, purpose)).decode()


def holders_for(
    matter_id: UUID | None, teams: Iterable[Team], *, but: Collection[int] = ()
) -> list[tuple[str, str]]:
    """Return whom to grant to, as (holder, whose public key): teams, or single persons.

    Call inside ``viewing``. A team any of whose members is excluded from the matter, or one of
    ``but``, is replaced by its other members: they hold the team's key too. Left out is a team that
    stands in a place where nobody signed it.
    """
    excluded = Exclusions.on([] if matter_id is None else [matter_id])

    def may(person: int) -> bool:
        return person not in but and person_mac(person) not in excluded

    found: list[tuple[str, str]] = []
    for team in stated_teams(teams):
        members = list(
            Membership.objects.filter(team_id=team.pk).values_list("person_id", flat=True)
        )
        if all(map(may, members)):
            if members:
                found.append((team.holder, team.holder))
            continue
        found += [person_holder(person) for person in members if may(person)]
    return list(dict.fromkeys(found))


def person_holder(person_id: int) -> tuple[str, str]:
    """Return one person as somebody to grant to: their name in the grant, and whose key it is."""
    return mac_holder(person_id), f"person:{person_id}"


def names_of(viewer: Viewer, folder_id: UUID) -> dict[str, str]:
    """Return every name under which a folder may stand granted to the viewer, with its sealed one.

    A person by name stands in the row by a name that is bound to the folder.
    """
    teams = {membership.holder: membership.holder for membership in viewer.memberships}
    maker = f"person:{viewer.person_id}"
    own = {name_in(viewer.person_id, folder_id): mac_holder(viewer.person_id)}
    return teams | own | {maker: maker}


@dataclass(frozen=True, slots=True)
class SealedFolder:
    """A folder's secret and whom it was granted to, before anything is stored."""

    id: UUID
    secret: bytes = field(repr=False)
    seed: bytes = field(repr=False)
    #: The wrapped shred key, its file's version and mark; holders, their keys' versions, grants.
    columns: tuple[Any, ...] = field(repr=False)

    def seal(self, purpose: str, row: UUID, words: str) -> bytes:
        """Seal text as ``OpenFolder.seal`` does."""
        return seal(derive(self.seed, purpose), words.encode(), aad=bind(self.id, row, purpose))


@contextmanager
def sealed_for_good() -> Iterator[None]:
    """Refuse in words what this machine's shred key file would seal so that nothing opens it.

    The file is lost here, or not the one that the database knows; the watch tells of it.
    """
    try:
        yield
    except (KeyFileError, IntegrityError) as error:
        if isinstance(error, IntegrityError) and "shred key file" not in str(error):
            raise
        raise Refused(
            gettext(
                "This can’t be encrypted now: the key file on this machine is not the "
                "current one. The system administrator has been told; try again in a few "
                "minutes."
            ),
            status=HTTPStatus.SERVICE_UNAVAILABLE,
        ) from error


def seal_folder(holders: Iterable[tuple[str, str]]) -> SealedFolder:
    """Make a folder's secret and grant it to ``holders`` and nobody else; nothing is stored yet.

    For whoever writes what they are not to read again; all others make a ``new_folder``. The
    grants' order is by lot, so that it doesn't tell who is missing. Raises KeySwapped, Refused.
    """
    return seal_folder_to(sealable(dict(holders).items()), uuid4())


def seal_folder_to(keys: Iterable[tuple[str, HolderKey]], folder_id: UUID) -> SealedFolder:
    """Make a folder's secret and grant it by keys that the caller has checked. Raises Refused."""
    secret, shred = new_secret(), new_shred_key()
    made = _grants(folder_id, secret, keys)
    random.SystemRandom().shuffle(made)
    with sealed_for_good():
        wrapped = settings.SHRED_FILES.wrap(shred, subject=folder_id)
    return SealedFolder(
        folder_id,
        secret,
        seed_from(secret, shred),
        (
            wrapped.blob,
            wrapped.version,
            wrapped.mark,
            [holder for holder, _, _ in made],
            [version for _, version, _ in made],
            [blob for _, _, blob in made],
        ),
    )


def new_folder(
    viewer: Viewer,
    kind: str,
    *,
    district_id: int,
    school_id: int | None = None,
    matter_id: UUID | None = None,
    holders: Sequence[tuple[str, str]] = (),
) -> OpenFolder:
    """Make a folder, granted to whoever makes it and to ``holders``; call inside ``viewing``.

    Without a matter it gets one of its own. The database refuses a district or a matter outside
    the viewer's sight (psycopg's InsufficientPrivilege). Raises KeySwapped, Refused.
    """
    # The maker by name, never by a team: so what they opened stays theirs when they change teams.
    maker = f"person:{viewer.person_id}"
    made = seal_folder([(maker, maker), *holders])
    with sealed_for_good(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.new_folder(p_folder => %s, p_kind => %s, p_district => %s, "
            "p_school => %s, p_matter => %s, p_shred => %s, p_shred_version => %s, "
            "p_shred_mark => %s, p_holders => %s::text[], p_versions => %s::int[], "
            "p_blobs => %s::bytea[])",
            [made.id, kind, district_id, school_id, matter_id, *made.columns],
        )
        row = cursor.fetchone()
    if row is None:
        raise RuntimeError("the database made no folder")
    return OpenFolder(
        made.id,
        kind,
        district_id,
        school_id,
        row[0],
        viewer.person_id,
        viewer,
        made.secret,
        made.seed,
    )


def share_folder(
    folder: OpenFolder, holders: Iterable[tuple[str, str]], *, until: datetime | None = None
) -> None:
    """Grant an open folder to others, until a time (UTC) or for good; call inside ``viewing``.

    Whoever holds it already keeps the later of the two times. The database refuses who holds no
    grant themselves, and a person whom the matter excludes.
    """
    made = _grants(folder.id, folder.secret, sealable(holders))
    random.SystemRandom().shuffle(made)  # in no order that tells who is missing
    with connection.cursor() as cursor:
        for holder, version, blob in made:
            cursor.execute(
                "SELECT api.share_folder(p_folder => %s, p_holder => %s, p_version => %s, "
                "p_blob => %s, p_until => %s)",
                [folder.id, holder, version, blob, until],
            )


def withdraw_folder(folder_id: UUID, holder: str) -> bool:
    """Take a folder back from a holder; call inside ``viewing``. False: there was nothing to take.

    Never from whoever opened it: the database refuses.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.withdraw_folder(%s, %s)", [folder_id, holder])
        row = cursor.fetchone()
    return bool(row and row[0])


def keep_out(folder_id: UUID, person_ids: Iterable[int]) -> None:
    """Keep a folder's matter from persons, from this moment; call inside ``viewing``.

    Before it is shared with a team of theirs: what was granted to a team's key before, the
    policies hide from them, but only grants made after the exclusion pass that key by. The database
    refuses who doesn't hold the folder, and to exclude oneself.
    """
    for district_id in Folder.objects.filter(pk=folder_id).values_list("district_id", flat=True):
        say_near(district_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.exclude_from_folder(%s, %s::bytea[])",
            [folder_id, [person_mac(person) for person in person_ids]],
        )


def folder_for(folder_id: UUID, kind: str, *, lock: bool = False) -> Folder:
    """Return a folder that the viewer may know of; call inside ``viewing``. Raises Http404."""
    query = Folder.objects.select_for_update() if lock else Folder.objects.all()
    found = query.filter(pk=folder_id, kind=kind).first()
    if found is None:
        raise Http404
    return found


def open_folder(viewer: Viewer, folder_id: UUID, kind: str, *, purpose: str = "read") -> OpenFolder:
    """Open a folder: record it, commit, then decrypt. The only way to its seed.

    Raises Http404 (none that the viewer may know of), Locked (this sign-in holds no key),
    FolderShut.
    """
    with viewing(viewer):
        folder = folder_for(folder_id, kind)
        record(
            f"{kind} opened",
            actor=viewer,
            subject_kind=kind,
            subject_id=folder.pk,
            district_id=folder.district_id,
            matter_id=folder.matter_id,
            detail={"purpose": purpose},
        )
    with viewing(viewer):
        return open_here(viewer, folder)


def open_here(viewer: Viewer, folder: Folder) -> OpenFolder:
    """Open a folder inside a ``viewing`` whose caller has recorded why. Raises as open_folder."""
    if folder.pk not in (found := open_each_here(viewer, [folder])):
        raise FolderShut
    return found[folder.pk]


def open_each_here(viewer: Viewer, folders: Iterable[Folder]) -> dict[UUID, OpenFolder]:
    """Open as ``open_here`` does, by id and without those that are shut. Raises Locked."""
    if viewer.private_seed is None:
        raise Locked
    every = {one.pk: one for one in folders}
    shreds = {one.subject: one for one in ShredKey.objects.filter(subject__in=every)}
    names = {pk: names_of(viewer, pk) for pk in every}
    held = {holder for some in names.values() for holder in some}
    grants = FolderGrant.objects.filter(folder_id__in=every, holder__in=held)
    privates, found = cache(partial(team_private, viewer)), dict[UUID, OpenFolder]()
    # "own:" and "person:" come before "team:": a grant to oneself needs no team's key.
    for grant in grants.order_by("holder"):
        pk = grant.folder_id
        if pk in found or grant.holder not in names[pk] or pk not in shreds:
            continue
        own = not grant.holder.startswith("team:")
        shred = shreds[pk]
        # Who joined the team, or made a new key, holds none of the team's until a lead seals it.
        with suppress(Forgotten, NotAMember):
            private = viewer.private_seed if own else privates(grant.holder, grant.key_version)
            secret = open_grant(
                bytes(grant.blob),
                tip=pk,
                audience=Audience.CASE,
                holder=names[pk][grant.holder],
                version=grant.key_version,
                private=private,
            )
            shred_key = settings.SHRED_FILES.unwrap(
                bytes(shred.wrapped), subject=pk, version=shred.file_version
            )
            found[pk] = _opened(viewer, every[pk], secret, seed_from(secret, shred_key))
    return found


def _opened(viewer: Viewer, folder: Folder, secret: bytes, seed: bytes) -> OpenFolder:
    return OpenFolder(
        folder.pk,
        folder.kind,
        folder.district_id,
        folder.school_id,
        folder.matter_id,
        folder.opened_by,
        viewer,
        secret,
        seed,
    )


def holders_of(folder_id: UUID) -> list[dict[str, Any]]:
    """Return who holds a folder (holder, since, until), for a holder; call inside ``viewing``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT holder, since, until FROM api.folder_holders(%s)", [folder_id])
        return [
            {"holder": holder, "since": since, "until": until}
            for holder, since, until in cursor.fetchall()
        ]


def _grants(
    folder_id: UUID, secret: bytes, keys: Iterable[tuple[str, HolderKey]]
) -> list[tuple[str, int, bytes]]:
    """Return (holder, the key's version, grant) for each of them."""
    return [
        (
            holder,
            version,
            make_grant(
                secret,
                tip=folder_id,
                audience=Audience.CASE,
                holder=holder,
                version=version,
                public=bytes(key.public),
            ),
        )
        for holder, key, version in ((holder, key, version_in(holder, key)) for holder, key in keys)
    ]

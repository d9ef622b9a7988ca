"""People named in tips, and "this child again": earlier tips about somebody of the same name.

A name and what is known of the person are sealed under the tip's center seed. What is compared are
blind indexes (``blind_indexes.py``) under an index key that comes from the private seed of the
center's team, so whoever has the database alone can neither read a name nor try one.

Each version of the team's key has an index key of its own. New names are marked under the newest
version, and a search tries all versions that the viewer holds: so the index outlives a change of
the key, and whoever has left the team can match nothing that was named after they left.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import F
from django.http import Http404
from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.people.keys import Locked, pair_of, team_private
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.tips.access import tip_for
from upstander.tips.actions.writing import notify, record_on
from upstander.tips.blind_indexes import Closeness, blind_indexes_of, name_parts
from upstander.tips.envelopes import open_data, seal_data
from upstander.tips.models import Subject, SubjectBlindIndex, Tip
from upstander.tips.opening import UNREADABLE, NotGranted, OpenTip
from upstander.vault.envelopes import derive
from upstander.vault.errors import VaultError
from upstander.vault.holders import verify_public
from upstander.vault.models import Grant, HolderKey, SealedKey
from upstander.vault.seeds import Audience

#: Characters of a name, and of what else is known of the person.
NAME_LIMIT: Final = 120
DETAILS_LIMIT: Final = 1000
#: Earlier tips that a page shows at most.
MOST_EARLIER: Final = 20
_PURPOSE: Final = "subject"


class Named(NamedTuple):
    """Somebody named in a tip; UTC."""

    id: UUID
    name: str
    details: str
    at: datetime


class Earlier(NamedTuple):
    """Another tip in which somebody of like name is named; UTC."""

    tip_id: UUID
    reference: str
    received_at: datetime
    closeness: Closeness
    #: The name on this tip by which the other was found.
    name: str
    tip: Tip
    #: It is linked to this tip already.
    linked: bool


def name_subject(opened: OpenTip, name: str, details: str = "") -> Subject:
    """Write down somebody whom a tip names. Raises Http404, Locked, NotGranted, Refused.

    In a matter that is granted to persons instead of the team, since one of the team is accused,
    no blind indexes are made: the accused holds the team's key and could try names on them.
    """
    name, details = " ".join(name.split()), details.strip()
    if not name_parts(name):
        raise Refused(gettext("Enter the name, or as much of it as you know."))
    if len(name) > NAME_LIMIT or len(details) > DETAILS_LIMIT:
        raise Refused(
            gettext(
                "A name can have up to %(name_limit)s characters, and the details up to "
                "%(details_limit)s."
            )
            % {"name_limit": NAME_LIMIT, "details_limit": f"{DETAILS_LIMIT:,}"}
        )
    viewer, row_id = opened.viewer, uuid4()
    seed = _center_seed(opened)
    if any(name_parts(known.name) == name_parts(name) for known in subjects_of(opened)):
        raise Refused(gettext("Someone with this name is already listed."))
    with viewing(viewer) as now:
        tip = tip_for(viewer, opened.tip.pk, lock=True)
        row = Subject.objects.create(
            id=row_id,
            tip_id=tip.pk,
            district_id=tip.district_id,
            sealed=seal_data(
                seed,
                purpose=_PURPOSE,
                tip=tip.pk,
                row=row_id,
                data={"name": name, "details": details},
            ),
            at=now,
        )
        SubjectBlindIndex.objects.bulk_create(
            SubjectBlindIndex(
                subject=row, tip_id=tip.pk, district_id=tip.district_id, blind_index=blind_index
            )
            for holder, keys in _index_keys(viewer, tip).items()
            if Grant.objects.filter(tip_id=tip.pk, holder=holder, audience=Audience.CENTER).exists()
            for blind_index in blind_indexes_of(name, keys[0])
        )
        Tip.objects.filter(pk=tip.pk).update(changed_at=now)
        record_on(tip, "person named", viewer, subject=str(row.pk))
    notify(opened.tip.pk)
    return row


def remove_subject(opened: OpenTip, subject_id: UUID) -> None:
    """Take out who was named by mistake, with their blind indexes. Raises Http404, NotGranted."""
    viewer = opened.viewer
    _center_seed(opened)
    with viewing(viewer) as now:
        tip = tip_for(viewer, opened.tip.pk, lock=True)
        SubjectBlindIndex.objects.filter(subject_id=subject_id, tip_id=tip.pk).delete()
        gone, _ = Subject.objects.filter(pk=subject_id, tip_id=tip.pk).delete()
        if not gone:
            raise Http404
        Tip.objects.filter(pk=tip.pk).update(changed_at=now)
        record_on(tip, "person taken out", viewer, subject=str(subject_id))
    notify(opened.tip.pk)


def forget_indexes(tip: Tip) -> None:
    """Remove the blind indexes of a tip's names, in the open transaction: a member is accused."""
    SubjectBlindIndex.objects.filter(tip_id=tip.pk).delete()


def subjects_of(opened: OpenTip) -> list[Named]:
    """Return the people named in a tip, first named first; empty without the center's seed."""
    seed = opened.seeds.get(Audience.CENTER)
    if seed is None or opened.viewer.kind is not TeamKind.CENTER:
        return []
    with viewing(opened.viewer):
        rows = list(Subject.objects.filter(tip_id=opened.tip.pk).order_by("at", "pk"))
    return [_named(seed, row) for row in rows]


def earlier_matters(opened: OpenTip) -> list[Earlier]:
    """Return other tips in which somebody of like name is named, the closest and newest first.

    Only what the viewer may see is searched: the districts of their center, less the matters that
    are kept from them. A name alone of one word counts within one school, for it says so little.
    Empty for a sign-in that holds no key.
    """
    viewer = opened.viewer
    wanted = [known for known in subjects_of(opened) if known.name != UNREADABLE]
    if not wanted or viewer.private_seed is None:
        return []
    with viewing(viewer):
        tip = tip_for(viewer, opened.tip.pk)
        keys = [key for held in _index_keys(viewer, tip).values() for key in held]
        asked: dict[bytes, tuple[Closeness, str]] = {
            blind_index: (closeness, known.name)
            for known in wanted
            for key in keys
            for blind_index, closeness in blind_indexes_of(known.name, key).items()
        }
        found = SubjectBlindIndex.objects.filter(blind_index__in=list(asked)).exclude(tip_id=tip.pk)
        best: dict[UUID, tuple[Closeness, str]] = {}
        for tip_id, blind_index in found.values_list("tip_id", "blind_index"):
            best[tip_id] = max(best.get(tip_id, (Closeness.INITIAL, "")), asked[bytes(blind_index)])
        others = list(Tip.objects.filter(pk__in=best))
    matches = [
        Earlier(
            other.pk,
            other.reference,
            other.received_at,
            *best[other.pk],
            tip=other,
            linked=other.matter_id == tip.matter_id,
        )
        for other in others
        if other.school_id == tip.school_id or len(name_parts(best[other.pk][1])) > 1
    ]
    matches.sort(key=lambda match: (match.closeness, match.received_at), reverse=True)
    return matches[:MOST_EARLIER]


def _center_seed(opened: OpenTip) -> bytes:
    if opened.viewer.kind is not TeamKind.CENTER:
        raise NotGranted
    return opened.seed(Audience.CENTER)


def _named(seed: bytes, row: Subject) -> Named:
    try:
        data = open_data(seed, purpose=_PURPOSE, tip=row.tip_id, row=row.pk, sealed=row.sealed)
    except VaultError:
        data = {"name": UNREADABLE, "details": ""}
    return Named(row.pk, data["name"], data["details"], row.at)


def _index_keys(viewer: Viewer, tip: Tip) -> Mapping[str, list[bytes]]:
    """Return the index keys of the viewer's teams at the tip's center, newest version first.

    A version counts only if its public half was signed: whoever can write the database could give
    the team a key that they know, and would learn to match all names from then on. Raises Locked.
    """
    if viewer.private_seed is None:
        raise Locked
    holders = [
        membership.holder
        for membership in viewer.memberships
        if membership.kind is TeamKind.CENTER and membership.center_id == tip.center_id
    ]
    sealed = SealedKey.objects.filter(holder__in=holders, member=f"person:{viewer.person_id}")
    keys: dict[str, list[bytes]] = {}
    for holder, version in sealed.order_by(F("version").desc()).values_list("holder", "version"):
        try:
            private = team_private(viewer, holder, version)
            _check_signed(holder, version, pair_of(private).public)
        except VaultError:
            continue
        keys.setdefault(holder, []).append(derive(private, "blind index"))
    return keys


def _check_signed(holder: str, version: int, public: bytes) -> None:
    """Raise KeySwapped unless this is the public key that was signed for the holder."""
    row = HolderKey.objects.filter(holder=holder, version=version).first()
    verify_public(
        holder, version, public, bytes(row.signature) if row else b"", settings.VERIFY_KEY
    )

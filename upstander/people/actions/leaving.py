"""Leaving a team, and what follows: a new key for those who stay.

Somebody who has held a team's key may have copied it. So the next tips are sealed to a key that
they never held; the older tips stay as they are, since what was read cannot be unread.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.people.access import member_of, person_to_keep, team_to_keep
from upstander.people.actions.joining import as_json
from upstander.people.keys import (
    Locked,
    NotAMember,
    newest_version,
    person_mac,
    public_key_of,
    sealed_for,
    team_private,
    was_let_in,
)
from upstander.people.models import Membership, Team
from upstander.people.roles import LEADING
from upstander.people.scope import Viewer, viewing
from upstander.people.statements import state_members
from upstander.plug import held_at
from upstander.vault.errors import KeySwapped
from upstander.vault.holders import new_key_pair, sign_public
from upstander.vault.models import HolderKey, SealedKey


class Held(Exception):
    """Nobody alone shuts this person out; ``path`` is the page on which it is decided."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


@dataclass(frozen=True, slots=True)
class Renewed:
    """A team's new key: its version, and listed members who did not get it.

    Those were never let in by somebody who held the key, or have a key of their own since that
    nobody who holds the team's has vouched for: they need an invitation.
    """

    version: int
    left_out: tuple[int, ...]


def renew_key(viewer: Viewer, team_id: int) -> Renewed:
    """Make a new key for a team that the viewer leads.

    Raises Http404, Locked, NotAMember, Refused (two leads at once).
    """
    with viewing(viewer):
        team = team_to_keep(viewer, team_id)
        renewed = _renew(viewer, team, leaver=None)
        record(
            "team key renewed",
            actor=viewer,
            subject_kind="team",
            subject_id=team.pk,
            district_id=team.district_id,
            detail={"version": renewed.version, "left_out": list(renewed.left_out)},
        )
    return renewed


def remove_member(viewer: Viewer, team_id: int, person_id: int) -> Renewed:
    """Take somebody out of a team and renew its key, in one transaction.

    Their sealed keys and grants by name go, and all their sessions end. Raises Http404, Locked,
    NotAMember, Refused.
    """
    with viewing(viewer):
        team = team_to_keep(viewer, team_id)
        leaver = member_of(team, person_id)
        if person_id == viewer.person_id:
            raise Refused(gettext("You can’t remove yourself. Ask another lead to do it."))
        renewed = _renew(viewer, team, leaver=leaver)
        record(
            "left team",
            actor=viewer,
            subject_kind="team",
            subject_id=team.pk,
            district_id=team.district_id,
            detail={
                "person": person_id,
                "version": renewed.version,
                "left_out": list(renewed.left_out),
            },
        )
    return renewed


def change_member(
    viewer: Viewer, team_id: int, person_id: int, *, role: str, reachable_at_night: bool
) -> None:
    """Change somebody's role in a team, or whether they are called at night.

    Raises Http404, Refused.
    """
    with viewing(viewer):
        team = team_to_keep(viewer, team_id)
        # Locked: two leads who make each other plain members would leave a team without one.
        list(Membership.objects.select_for_update().filter(team=team).order_by("pk"))
        row = member_of(team, person_id)
        others = Membership.objects.filter(team=team, role__in=LEADING).exclude(pk=row.pk)
        if row.role in LEADING and role not in LEADING and not others.exists():
            raise Refused(gettext("A team needs a lead. Make someone else the lead first."))
        changed = Membership.objects.filter(pk=row.pk).update(
            role=role, reachable_at_night=reachable_at_night
        )
        if not changed:
            raise Refused(gettext("Nothing was changed: ask one of the team’s leads."))
        if role != row.role:
            state_members(team.pk, joined={person_id: role})
        record(
            "membership changed",
            actor=viewer,
            subject_kind="team",
            subject_id=team.pk,
            district_id=team.district_id,
            detail={"person": person_id, "role": role, "night": reachable_at_night},
        )


def lock_out(viewer: Viewer, person_id: int) -> list[str]:
    """Shut somebody's account at once, by an administrator: out of all teams, all sessions over.

    Each of their teams keeps its key until its lead renews it; the team's page says so. Returns the
    names of those teams that have no lead any more. Raises Http404, Refused; Held where an app has
    something that nobody is shut out of by one person.
    """
    if person_id == viewer.person_id:
        raise Refused(gettext("You can’t deactivate your own account. Ask another administrator."))
    with viewing(viewer):
        person = person_to_keep(viewer, person_id)
        if path := held_at(viewer, person_id):
            raise Held(path)
        led = teams_led_by(person.pk)
        state_left(person.pk)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT api.lock_out(%s, %s)", [person.pk, person_mac(person.pk)])
        except IntegrityError as error:
            if not is_held(error):
                raise
            raise Refused(
                gettext(
                    "Nothing was done: you can’t deactivate this account. Ask another "
                    "administrator."
                )
            ) from error
        record("account shut", actor=viewer, subject_kind="person", subject_id=person.pk)
        return without_lead(led)


def teams_led_by(person_id: int) -> list[Team]:
    """Return the teams that somebody leads; call inside ``viewing`` of an administrator."""
    return list(
        Team.objects.filter(memberships__person_id=person_id, memberships__role__in=LEADING)
    )


def state_left(person_id: int) -> None:
    """Sign that somebody is in none of their teams any more; call in ``viewing``, before it is so.

    Raises Refused.
    """
    for team in Team.objects.filter(memberships__person_id=person_id).order_by("pk"):
        state_members(team.pk, left=[person_id])


def without_lead(teams: Iterable[Team]) -> list[str]:
    """Return the names of those teams that have no lead now; call inside ``viewing``."""
    return [
        team.name
        for team in teams
        if not Membership.objects.filter(team=team, role__in=LEADING).exists()
    ]


def is_held(error: DatabaseError) -> bool:
    """Tell whether an app's trigger has refused that somebody is shut out."""
    diagnosed = getattr(error.__cause__, "diag", None)
    return getattr(diagnosed, "constraint_name", None) == "leaving_held"


def _renew(viewer: Viewer, team: Team, *, leaver: Membership | None) -> Renewed:
    if not viewer.unlocked:
        raise Locked
    version = newest_version(team.holder)
    if version == 0 or team.pk not in viewer.leads:
        raise NotAMember
    current = team_private(viewer, team.holder, version)
    members = Membership.objects.filter(team=team, person__is_active=True)
    if leaver is not None:
        members = members.exclude(pk=leaver.pk)
    pair, rows, left_out = new_key_pair(), [], []
    for member in members.order_by("person_id"):
        key = _vouched_key(team.holder, version, f"person:{member.person_id}", current)
        if key is None:
            left_out.append(member.person_id)
            continue
        rows.append(_sealed(team.holder, version + 1, pair.private, key))
    rows += _for_paper(viewer, team, version, pair.private)
    if leaver is not None:
        state_members(team.pk, left=[leaver.person_id])
    given: list[Any] = [
        team.pk,
        version + 1,
        pair.public,
        sign_public(team.holder, version + 1, pair.public, settings.SIGNING_KEY),
        json.dumps([as_json(row) for row in rows]),
        leaver.person_id if leaver else None,
        person_mac(leaver.person_id) if leaver else None,
    ]
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                (
                    "SELECT api.renew_team_key(team => %s, version => %s, public => %s, "
                    "signature => %s, sealed => %s, leaver => %s, leaver_mac => %s)"
                ),
                given,
            )
    except IntegrityError as error:
        if is_held(error):
            raise Refused(
                gettext(
                    "Nothing was done: this is their last team, so removing them would "
                    "deactivate their account. Only an administrator can do that, on their "
                    "account page. Is someone else using the account? An administrator can "
                    "deactivate it right away."
                )
            ) from error
        raise Refused(
            gettext(
                "Another lead renewed the key at the same moment. Reload the page and try again."
            )
        ) from error
    return Renewed(version + 1, tuple(left_out))


def _vouched_key(holder: str, version: int, member: str, private: bytes) -> HolderKey | None:
    """Return a member's own key if somebody who held the team's let that very key in."""
    try:
        key = public_key_of(member)
    except (HolderKey.DoesNotExist, KeySwapped):
        return None
    row = SealedKey.objects.filter(holder=holder, version=version, member=member).first()
    if row is None or row.member_version != key.version:
        return None
    return key if was_let_in(row, private, bytes(key.public)) else None


def _for_paper(viewer: Viewer, team: Team, newest: int, private: bytes) -> list[SealedKey]:
    """Seal the new version, and older ones that the paper shares lack, to the recovery holder."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.recovery_holder(%s)", [team.pk])
        found = cursor.fetchone()
    try:
        key = public_key_of(found[0] if found else "")
    except HolderKey.DoesNotExist:
        return []
    rows = [_sealed(team.holder, newest + 1, private, key)]
    covered = SealedKey.objects.filter(
        holder=team.holder, member=key.holder, member_version=key.version
    )
    mine = SealedKey.objects.filter(holder=team.holder, member=f"person:{viewer.person_id}")
    lacking = set(mine.values_list("version", flat=True)) - set(
        covered.values_list("version", flat=True)
    )
    rows += [
        _sealed(team.holder, version, team_private(viewer, team.holder, version), key)
        for version in sorted(lacking)
    ]
    return rows


def _sealed(holder: str, version: int, private: bytes, key: HolderKey) -> SealedKey:
    return sealed_for(
        holder,
        version,
        private,
        key.holder,
        member_version=key.version,
        public=bytes(key.public),
    )

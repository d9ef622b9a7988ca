"""What keeps somebody out, as it stands: written down beside the backups, and set again by restore.

An older backup knows nothing of an exclusion that was set since, of who left a team or was shut
out, of a share that was taken back or a team's key that was renewed. Whoever restores it would undo
all that, by mistake or on purpose. Only what protects is set again: nobody gets anything by the
list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from upstander.base.moment import database_now
from upstander.base.refused import Refused
from upstander.matters.models import FolderGrant
from upstander.people.keys import person_mac
from upstander.people.models import Invitation, Membership, Person, Team, WayIn
from upstander.people.roles import LEADING
from upstander.people.statements import state_members, stated
from upstander.vault.models import HolderKey


@dataclass(slots=True)
class SetAgain:
    """What a restored database lacked and has again, each as a number."""

    exclusions: int = 0
    #: Accounts that were shut, and people who were out of a team or led it no longer.
    shut: int = 0
    left: int = 0
    withdrawn: int = 0
    #: Teams whose key was renewed since: their leads are asked to do it again.
    renew: int = 0
    #: Links that let somebody in, which ended: who used one since is not known.
    links: int = 0
    #: What could not be set again, for whoever restores.
    refused: list[str] = field(default_factory=list)


def protections(since: datetime) -> list[str]:
    """Return a line for each thing that keeps somebody out; shares that were taken back since."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM api.protections(p_since => %s)", [since])
        lines = [line for (line,) in cursor.fetchall()]
    return lines + [f"key {team} {version}" for team, version in sorted(_newest_keys().items())]


def set_again(lines: Iterable[str]) -> SetAgain:
    """Set again what an older database lost; as its owner, before it is opened to anybody."""
    told: dict[str, list[list[str]]] = defaultdict(list)
    for line in lines:
        kind, *rest = line.split()
        told[kind].append(rest)
    done = SetAgain()
    with transaction.atomic():
        _shut(told["shut"], done)
        if told["in"]:  # there is always somebody: else it is a list that doesn't tell
            _take_out(told["in"], done)
        _exclude(told["exclusion"], done)
        _withdraw(told["withdrawn"], done)
        _ask_for_keys(told["key"], done)
        # Whoever leads a team sends its invitations again.
        done.links = Invitation.objects.filter(used_at=None, link_hash__isnull=False).update(
            link_hash=None, wrapped=None, signature=None, expires_at=None
        ) + WayIn.objects.filter(used_at=None, link_hash__isnull=False).update(link_hash=None)
    return done


def _shut(lines: Iterable[list[str]], done: SetAgain) -> None:
    wanted = {int(person) for (person,) in lines}
    for person in Person.objects.filter(pk__in=wanted, is_active=True).order_by("pk"):
        teams = list(Membership.objects.filter(person=person).values_list("team_id", flat=True))
        try:
            with transaction.atomic():
                _call(
                    "SELECT people_shut_out(p_person => %s, p_mac => %s)",
                    [person.pk, person_mac(person.pk)],
                )
                for team in teams:
                    state_members(team, left=[person.pk])
        except (IntegrityError, Refused) as error:
            done.refused.append(f"person {person.pk} is not shut out again ({_why(error)})")
        else:
            done.shut += 1


def _take_out(lines: Iterable[list[str]], done: SetAgain) -> None:
    """Take out who is in a team no longer; who led it and does so no more, leads it no more."""
    now = {(int(team), int(person)): role for team, person, role in lines}
    for row in Membership.objects.select_related("team").order_by("pk"):
        role = now.get((row.team_id, row.person_id))
        if role == row.role or (role is not None and row.role not in LEADING):
            continue
        try:
            with transaction.atomic():
                if role is None:
                    _leave(row)
                else:
                    _step_down(row, role)
        except (IntegrityError, Refused) as error:
            done.refused.append(
                f"person {row.person_id} stays in team {row.team_id} ({_why(error)})"
            )
        else:
            done.left += 1


def _leave(row: Membership) -> None:
    _call(
        "SELECT people_take_out(team => %s, leaver => %s, leaver_mac => %s)",
        [row.team_id, row.person_id, person_mac(row.person_id)],
    )
    state_members(row.team_id, left=[row.person_id])
    _to_be_renewed(row.team_id)


def _step_down(row: Membership, role: str) -> None:
    Membership.objects.filter(pk=row.pk).update(role=role)
    subject = f"team:{row.team_id}"
    # Whom nobody ever signed is signed by no list either.
    if str(row.person_id) in stated([subject]).get(subject, {}).get("members", {}):
        state_members(row.team_id, joined={row.person_id: role})


def _exclude(lines: Iterable[list[str]], done: SetAgain) -> None:
    """Set exclusions again as they stood: each by its mark, bound to the matter it was set on."""
    with connection.cursor() as cursor:
        # By the codes it is found what they were granted by name, which goes with it.
        codes = [person_mac(person).hex() for person in Person.objects.values_list("pk", flat=True)]
        cursor.execute("SELECT set_config('upstander.near', %s, true)", [",".join(codes)])
        cursor.execute(
            "SELECT m.id, m.district_id, x.bound_to, array_agg(decode(x.mark, 'hex'))"
            " FROM unnest(%s::uuid[], %s::uuid[], %s::text[]) AS x (matter, bound_to, mark)"
            " JOIN matters_matter m ON m.id = x.matter"
            " WHERE NOT EXISTS (SELECT FROM matters_exclusion b WHERE b.matter_id = m.id"
            "   AND b.person_mac = decode(x.mark, 'hex'))"
            " GROUP BY 1, 2, 3 ORDER BY 1, 3",
            [list(column) for column in zip(*lines, strict=True)] or [[], [], []],
        )
        for matter, district, bound_to, marks in cursor.fetchall():
            _call(
                "SELECT matters_exclude_bound(p_matter => %s, p_district => %s, p_marks => %s,"
                " p_to => %s)",
                [matter, district, marks, bound_to],
            )
            done.exclusions += len(marks)


def _withdraw(lines: Iterable[list[str]], done: SetAgain) -> None:
    told: dict[str, list[str]] = defaultdict(list)
    for folder, holder in lines:
        told[folder].append(holder)
    there = FolderGrant.objects.filter(folder_id__in=list(told))
    for folder in sorted({str(one) for one in there.values_list("folder_id", flat=True)}):
        names = list(there.filter(folder_id=folder, holder__in=told[folder]).values_list("holder"))
        if names:
            _call(
                "SELECT matters_take_back(p_folder => %s, p_holders => %s::text[])",
                [folder, [name for (name,) in names]],
            )
            done.withdrawn += len(names)


def _ask_for_keys(lines: Iterable[list[str]], done: SetAgain) -> None:
    """Ask the leads for a new key where the newest one is lost: the older may be a leaver's."""
    here = _newest_keys()
    for team, version in lines:
        if here.get(int(team), int(version)) < int(version):
            done.renew += _to_be_renewed(int(team))


def _newest_keys() -> dict[int, int]:
    """Return the version of each team's newest key."""
    keys = HolderKey.objects.filter(holder__startswith="team:").order_by("holder", "version")
    return {
        int(holder.partition(":")[2]): at for holder, at in keys.values_list("holder", "version")
    }


def _to_be_renewed(team: int) -> int:
    without = Team.objects.filter(pk=team, renew_key_since=None)
    return without.update(renew_key_since=database_now()) if team in _newest_keys() else 0


def _call(statement: str, values: Sequence[Any]) -> None:
    """Call one of this app's functions, which no role may but the owner."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _why(error: Exception) -> str:
    return str(error).splitlines()[0]

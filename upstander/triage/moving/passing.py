"""What a center that gave a district up can open of its tips, sealed to the one that has it now.

Nothing is read by it: a secret goes from one key to another.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import Http404
from django.utils.translation import gettext

from upstander.approvals.models import Approval
from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.matters.exclusions import Exclusions
from upstander.people import keys
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.people.statements import stated
from upstander.vault.grants import make_grant, open_grant
from upstander.vault.models import HolderKey
from upstander.vault.seeds import Audience


def pass_on(viewer: Viewer, move_id: UUID) -> int:
    """Seal what the viewer can open of a district that was given up to the center that has it now.

    Also what came in while the reporters' site still knew the old one. Nothing is read: a secret
    goes from one key to another. Returns of how many tips. Raises Http404, Locked, Refused.
    """
    if not viewer.unlocked:
        raise keys.Locked
    with viewing(viewer):
        move = Approval.objects.filter(pk=move_id, kind="district_center").first()
        if move is None or not gives(viewer, move):
            raise Http404
        members = check_team(move)
    done = set[UUID]()
    while True:
        with viewing(viewer):
            rows = left_behind(move, members)
            for row in rows:
                _seal_on(viewer, move, members, row)
            passed = {row["tip"]: row["matter"] for row in rows}
            for tip in sorted(passed.keys() - done):
                record(
                    "tip passed on",
                    actor=viewer,
                    subject_kind="tip",
                    subject_id=tip,
                    district_id=move.district_id,
                    matter_id=passed[tip],
                    detail={"center": getting(move)[0]},
                )
        if not passed.keys() - done:
            return len(done)
        done |= passed.keys()


def members_of(move: Approval) -> list[int]:
    """Return who is signed as a member of the center that gets something; in ``viewing``."""
    signed = _signed(move)
    return sorted(map(int, signed["members"])) if signed else []


def left_behind(move: Approval, members: Iterable[int], *, most: int = 100) -> list[dict[str, Any]]:
    """Return grants that the viewer could pass on; call inside ``viewing``."""
    holders = [f"team:{getting(move)[1]}", *map(keys.mac_holder, members)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tip, audience, handoff_id, holder, version, blob, excluded, matter FROM "
            "api.left_behind("
            "p_move => %s, p_holders => %s::text[], p_most => %s)",
            [move.pk, holders, most],
        )
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def gives(viewer: Viewer, move: Approval) -> bool:
    """Tell whether the viewer is a supervisor of the center that gives something up."""
    return any(
        membership.role is Role.CENTER_SUPERVISOR and membership.center_id == move.center_id
        for membership in viewer.memberships
    )


def getting(move: Approval) -> tuple[int, int]:
    """Return the center that gets something, and its team, which whoever signs compares."""
    center, team = move.value.split(":")
    return int(center), int(team)


def _signed(move: Approval) -> dict[str, Any]:
    subject = f"team:{getting(move)[1]}"
    return stated([subject]).get(subject, {})


def check_team(move: Approval) -> list[int]:
    """Return the signed members of a team that is signed as that center's. Raises Refused."""
    signed = _signed(move)
    if (signed.get("kind"), signed.get("center")) != (TeamKind.CENTER, getting(move)[0]):
        raise Refused(
            gettext(
                "Nothing was done: that center's team does not match what was signed. Have your "
                "system administrator run “upstander doctor” now."
            )
        )
    return sorted(map(int, signed["members"]))


def _seal_on(viewer: Viewer, move: Approval, members: list[int], row: dict[str, Any]) -> None:
    own = not row["holder"].startswith("team:")
    private = (
        viewer.private_seed if own else keys.team_private(viewer, row["holder"], row["version"])
    )
    if private is None:
        raise keys.Locked
    secret = open_grant(
        bytes(row["blob"]),
        tip=row["tip"],
        audience=Audience(row["audience"]),
        holder=keys.mac_holder(viewer.person_id) if own else row["holder"],
        version=row["version"],
        private=private,
    )
    for holder, seal_as in _holders(move, members, Exclusions.told(row["excluded"])):
        try:
            key = keys.public_key_of(seal_as)
        except HolderKey.DoesNotExist:
            continue
        version = keys.version_in(holder, key)
        blob = make_grant(
            secret,
            tip=row["tip"],
            audience=Audience(row["audience"]),
            holder=holder,
            version=version,
            public=bytes(key.public),
        )
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT api.pass_on(p_move => %s, p_tip => %s, p_audience => %s, p_holder => %s, "
                "p_version => %s, p_blob => %s)",
                [move.pk, row["tip"], row["audience"], holder, version, blob],
            )


def _holders(move: Approval, members: list[int], excluded: Exclusions) -> list[tuple[str, str]]:
    """Return to whom of the center a tip goes: its team, or all of it whom no exclusion means."""
    if not any(keys.person_mac(one) in excluded for one in members):
        return [(f"team:{getting(move)[1]}", f"team:{getting(move)[1]}")]
    return [
        (keys.mac_holder(one), f"person:{one}")
        for one in members
        if keys.person_mac(one) not in excluded
    ]

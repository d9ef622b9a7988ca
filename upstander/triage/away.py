"""A no about what went back to the center: sealed for the center, whose people read why.

Whoever opened a tip about abuse is asked, also once their team has it no more. The page shows them
no word of it; their team's key opens one thing only, the center's inbox, and the reason goes there.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

from django.db import ProgrammingError, connection
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.carriers.notices import tell
from upstander.mandated.away import Away, away_one
from upstander.matters.exclusions import Exclusions
from upstander.matters.people_near import people_near
from upstander.people.keys import person_mac
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.tips.envelopes import open_data
from upstander.tips.opening import NotGranted, case_seeds
from upstander.vault.envelopes import bind
from upstander.vault.errors import VaultError
from upstander.vault.models import Grant, ShredKey
from upstander.vault.seeds import seal_to_inbox

#: Longer than anybody types a reason.
LONGEST = 2000


def answer_away(viewer: Viewer, tip_id: UUID, why: str) -> None:
    """Keep the viewer's no, and why, about a tip that they opened and reach no more.

    It counts once somebody of the center has read it; the center's supervisors are told. Raises
    Http404, Locked, NotGranted, Refused.
    """
    if not why.strip():
        raise Refused(gettext("Say why not, in a few words."))
    if len(why) > LONGEST:
        raise Refused(
            gettext("Not saved: that is longer than %(longest)s characters. Please shorten it.")
            % {"longest": f"{LONGEST:,}"}
        )
    with viewing(viewer):
        one = away_one(viewer, tip_id)
        grants, shred = _keys(one)
        inboxes = _inboxes(one)
        record(
            "suspicion answered",
            actor=viewer,
            subject_kind="tip",
            subject_id=one.tip_id,
            district_id=one.district_id,
            matter_id=one.matter_id,
            detail={"suspects": False, "away": True},
        )
    if shred is None:
        raise NotGranted
    inbox = _inbox(one, case_seeds(viewer, one.tip_id, grants, shred), inboxes)
    row = uuid4()
    sealed = seal_to_inbox(inbox, why.strip().encode(), aad=bind(one.tip_id, row, "suspicion"))
    with viewing(viewer):
        away_one(viewer, tip_id)
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT api.answer_away(p_asked => %s, p_answer => %s, p_sealed => %s)",
                    [one.id, row, sealed],
                )
                found = cursor.fetchone()
        except ProgrammingError as error:
            raise Refused(
                gettext("Not saved: you are no longer being asked about this.")
            ) from error
        _tell_center(one, Exclusions.told((found or [()])[0]))


def _keys(one: Away) -> tuple[list[Grant], ShredKey | None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT holder, key_version, handoff_id, blob, wrapped, file_version "
            "FROM api.away_keys(p_asked => %s)",
            [one.id],
        )
        rows = cursor.fetchall()
    grants = [
        Grant(
            tip_id=one.tip_id, holder=holder, key_version=version, handoff_id=handoff_id, blob=blob
        )
        for holder, version, handoff_id, blob, _wrapped, _file in rows
    ]
    if not rows:
        return grants, None
    return grants, ShredKey(subject=one.tip_id, wrapped=rows[0][4], file_version=rows[0][5])


def _inboxes(one: Away) -> list[tuple[UUID, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT handoff_id, sealed FROM api.away_inbox(p_asked => %s)", [one.id])
        return [(handoff_id, bytes(sealed)) for handoff_id, sealed in cursor.fetchall()]


def _inbox(one: Away, seeds: dict[UUID, bytes], inboxes: Sequence[tuple[UUID, bytes]]) -> bytes:
    for handoff_id, sealed in inboxes:
        seed = seeds.get(handoff_id)
        if seed is None:
            continue
        try:
            handed = open_data(
                seed, purpose="handoff", tip=one.tip_id, row=handoff_id, sealed=sealed
            )
        except VaultError:
            continue
        return bytes.fromhex(handed["center_inbox"])
    raise NotGranted


def _tell_center(one: Away, excluded: Exclusions) -> None:
    """Have the center's supervisors told that a no waits for its reader; inside ``viewing``."""
    for near in people_near(one.district_id):
        supervises = near.kind is TeamKind.CENTER and near.role == Role.CENTER_SUPERVISOR
        if supervises and person_mac(near.person_id) not in excluded:
            tell(near.person_id, "suspicion_no", {"reference": one.reference})

"""Finding where one child lives, for one tip, with a reason, on the record.

Nothing here lists a roster: the database has two functions, one that looks for a name by its keyed
blind indexes and one that opens an entry, and each writes down first who asked and for which tip.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf.locale import LANG_INFO
from django.db import Error, connection
from django.http import Http404
from django.utils.translation import gettext
from psycopg import errors

from upstander.base.refused import Refused
from upstander.emergency.actions.roster_import import indexes_for
from upstander.emergency.models import Roster, RosterKey, RosterOpening
from upstander.people.keys import Locked, NotAMember, team_private
from upstander.people.scope import EVERY_NAME, viewing
from upstander.tips.access import tip_for
from upstander.tips.actions.writing import notify
from upstander.tips.blind_indexes import name_parts
from upstander.tips.envelopes import open_data, seal_data
from upstander.tips.opening import UNREADABLE, OpenTip
from upstander.vault.envelopes import bind, derive, unseal
from upstander.vault.errors import VaultError
from upstander.vault.grants import open_grant
from upstander.vault.seeds import Audience

#: More than this many of one name are not listed: somebody must know more of the child first.
MOST_ALIKE: Final = 5
NAME_LIMIT: Final = 120
REASON_LIMIT: Final = 300


@dataclass(frozen=True, slots=True)
class Found:
    """A student whose name matches; their address is not opened yet."""

    entry_id: UUID
    name: str
    grade: str
    school: str


@dataclass(frozen=True, slots=True)
class Home:
    """One student's entry, opened."""

    entry_id: UUID
    data: dict[str, Any]
    imported_at: datetime | None

    @property
    def language(self) -> str:
        """The language at home in words; exports have it as a code or as they like."""
        told = str(self.data.get("language", ""))
        return str(LANG_INFO.get(told.lower(), {}).get("name", told))


@dataclass(frozen=True, slots=True)
class Opening:
    """Who opened whose entry, when and why, as somebody of the same side reads it."""

    person_id: int
    at: datetime
    name: str
    reason: str


def find_student(opened: OpenTip, name: str, reason: str) -> list[Found]:
    """Look for a student by name, with the reason on the record.

    Both given and family name are needed, as the school spells them; usual short forms match.
    Raises Http404, Locked, Refused (no name, no reason, not this tip or not now, too many
    alike, too many looked up).
    """
    name, reason = _checked(name, reason)
    secrets = _secrets(opened)
    blind_indexes = [
        m for s in secrets.values() for m in indexes_for(derive(s, "roster marks"), name)
    ]
    if not blind_indexes:
        raise Refused(gettext("Enter a first name and a last name."))
    rows = _call(
        opened,
        name,
        reason,
        (
            "SELECT entry, roster, label FROM api.roster_find(p_tip => %s, p_opening => %s, "
            "p_audience => %s, p_handoff_id => %s, p_sealed => %s, p_indexes => %s::bytea[])"
        ),
        blind_indexes,
    )
    if len(rows) > MOST_ALIKE:
        raise Refused(gettext("Too many students have this name. Add a middle name."))
    found = []
    for entry, roster, label in rows:
        data = _opened(secrets.get(roster), roster, entry, "label", label)
        if data is not None:
            found.append(Found(entry, data["name"], data["grade"], data["org"]))
    # Somebody's every name is theirs alone; given and family name may be shared with a longer one.
    whole = name_parts(name)
    same = [one for one in found if name_parts(one.name) == whole]
    found = same if same and len(whole) > 2 else found
    return sorted(found, key=lambda one: (one.name, one.school, one.grade))


def open_home(opened: OpenTip, entry_id: UUID, name: str, reason: str) -> Home:
    """Open one student's entry, with the reason on the record. Raises as ``find_student``."""
    name, reason = _checked(name, reason)
    secrets = _secrets(opened)
    rows = _call(
        opened,
        name,
        reason,
        (
            "SELECT roster, label, sealed FROM api.roster_open(p_tip => %s, p_opening => %s, "
            "p_audience => %s, p_handoff_id => %s, p_sealed => %s, p_entry => %s)"
        ),
        entry_id,
    )
    if not rows:
        raise Http404
    roster, _, blob = rows[0]
    data = _opened(secrets.get(roster), roster, entry_id, "all", blob)
    if data is None:
        raise Refused(gettext("This entry can’t be opened: it was damaged or tampered with."))
    with viewing(opened.viewer):
        imported = Roster.objects.filter(pk=roster).values_list("imported_at", flat=True).first()
    notify(opened.tip.pk)
    return Home(entry_id, data, imported)


def openings_shown(opened: OpenTip, rows: list[RosterOpening]) -> list[Opening]:
    """Return openings with their names and reasons where the viewer's side may read them."""
    shown = []
    for row in rows:
        if row.entry_id is None:
            continue
        seed = opened.seeds_by_handoff.get(row.handoff_id)
        data = {"name": "", "reason": ""}
        if seed is not None and row.audience == opened.own_audience:
            try:
                data = open_data(
                    seed, purpose="roster", tip=opened.tip.pk, row=row.pk, sealed=row.sealed
                )
            except VaultError:
                data = {"name": UNREADABLE, "reason": ""}
        shown.append(Opening(row.person_id, row.at, data["name"], data["reason"]))
    return shown


def _checked(name: str, reason: str) -> tuple[str, str]:
    name, reason = " ".join(name.split()), " ".join(reason.split())
    if len(name_parts(name)) < 2:
        raise Refused(gettext("Enter a first name and a last name."))
    if len(reason) < 3:
        raise Refused(gettext("Say why the address is needed. It stays on the record."))
    if len(name) > NAME_LIMIT or len(reason) > REASON_LIMIT:
        raise Refused(
            gettext("A reason can have up to %(reason_limit)s characters.")
            % {"reason_limit": REASON_LIMIT}
        )
    return name, reason


def _call(
    opened: OpenTip, name: str, reason: str, query: str, last: UUID | list[bytes]
) -> list[tuple[Any, ...]]:
    """Ask one of the two functions; what it writes down is committed before anything opens."""
    opening, audience = uuid4(), opened.own_audience
    blob = seal_data(
        opened.seed(audience),
        purpose="roster",
        tip=opened.tip.pk,
        row=opening,
        data={"name": name, "reason": reason},
    )
    try:
        with viewing(opened.viewer), connection.cursor() as cursor:
            tip_for(opened.viewer, opened.tip.pk)
            cursor.execute(query, [opened.tip.pk, opening, audience, opened.handoff_id, blob, last])
            return list(cursor.fetchall())
    except Error as error:
        cause = error.__cause__
        if isinstance(cause, errors.InsufficientPrivilege):
            raise Refused(
                gettext(
                    "Only the person who has a life-safety or urgent tip can open addresses, so "
                    "claim it first. If you have it, no roster has been imported for this "
                    "district."
                )
            ) from error
        if isinstance(cause, errors.ProgramLimitExceeded):
            raise Refused(
                gettext(
                    "You have looked up many students today. Ask your supervisor to do this one."
                )
            ) from error
        raise


def _secrets(opened: OpenTip) -> dict[UUID, bytes]:
    """Return the keys of the rosters of the tip's district that the viewer holds."""
    viewer = opened.viewer
    if viewer.private_seed is None:
        raise Locked
    found: dict[UUID, bytes] = {}
    privates: dict[tuple[str, int], bytes | None] = {}
    with viewing(viewer):
        rows = RosterKey.objects.filter(district_id=opened.tip.district_id, holder__in=EVERY_NAME)
        for row in rows:
            known = (row.holder, row.key_version)
            if known not in privates:
                try:
                    privates[known] = team_private(viewer, *known)
                except (NotAMember, VaultError):
                    privates[known] = None
            private = privates[known]
            if private is not None and row.roster_id not in found:
                found[row.roster_id] = open_grant(
                    bytes(row.blob),
                    tip=row.roster_id,
                    audience=Audience.CASE,
                    holder=row.holder,
                    version=row.key_version,
                    private=private,
                )
    return found


def _opened(
    secret: bytes | None, roster: UUID, entry: UUID, part: str, blob: bytes | memoryview
) -> dict[str, Any] | None:
    if secret is None:
        return None
    try:
        raw = unseal(derive(secret, "roster"), bytes(blob), aad=bind("roster", roster, entry, part))
    except VaultError:
        return None
    data = json.loads(raw)
    return data if isinstance(data, dict) else None

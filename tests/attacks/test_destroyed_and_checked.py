"""`audit verify` after a tip's time was over: no false alarm, and a forged destruction is named.

Destroying a tip takes rows that the record had sealed. Two persons' doing it must not look like an
owner's; and who deletes beside the product must not pass for two persons.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from conftest import Cast
from tests.attacks.test_old_backup import START
from upstander.audit.rows import accept_rows, check_rows
from upstander.cases.actions.ending import close_case
from upstander.cases.actions.opening import NewCase, open_case, open_the_case
from upstander.cases.actions.support import finish_action
from upstander.cases.models import Case, CaseAction
from upstander.decisions.actions import close_tip
from upstander.people.scope import System
from upstander.retention import actions, sweeps
from upstander.retention.models import Item
from upstander.retention.tests.setup import as_worker, closed, confirm_keeping, file, set_clock
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import claim_tip
from upstander.vault.models import Tombstone

pytestmark = pytest.mark.slow

#: When each period of the tips and the case here is over.
OVER = START + timedelta(days=1000)


@pytest.fixture
def ended(committed_cast: Cast) -> tuple[UUID, UUID, UUID]:
    """Two tips and a case whose time is over; the cast was there before the record was."""
    set_clock(START)
    found = closed(committed_cast).tip_id, closed(committed_cast).tip_id, a_case(committed_cast)
    set_clock(OVER)
    confirm_keeping(committed_cast)
    sweeps.list_due()
    # What the owner's own login did here has no entry of its own.
    accept_rows("the tests' cast, told as the owner", System())
    return found


@pytest.fixture
def owner(ended: tuple[UUID, UUID, UUID]) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """Whoever owns the server, with every guard off."""
    password = (settings.HOME.passwords / "superuser").read_text("ascii").strip()
    name = connection.settings_dict["NAME"]
    where = f"host={settings.HOME.socket} user=postgres dbname={name} password={password}"
    with psycopg.connect(where, autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")
        yield owner


def a_case(cast: Cast) -> UUID:
    """A case that a school's team opened from a tip; both are closed, with nothing left to do."""
    filed = file(cast)
    alice, tara = cast.viewer("alice"), cast.viewer("tara")
    claim_tip(alice, filed.tip_id)
    hand_off(open_tip(alice, filed.tip_id), [cast.teams["cedar"].pk], "A brief.")
    tip = open_tip(tara, filed.tip_id)
    new = NewCase(Case.Concern.BULLYING, "From a tip.", cast.teams["cedar"].pk, tips=(tip,))
    case = open_case(tara, new)
    close_case(open_the_case(tara, case), "resolved", "Over.")
    close_tip(open_tip(tara, filed.tip_id), "unfounded", "Nobody there.")
    for action in CaseAction.objects.filter(case_id=case):
        done = CaseAction.Ending.NOT_NEEDED
        finish_action(open_the_case(tara, case), action.pk, "Old.", ending=done)
    return case


def let_go(cast: Cast, subject: UUID, by: str = "sam", day: int = 1) -> None:
    """Two persons agree, and a day later the worker destroys it."""
    item = Item.objects.get(subject=subject)
    assert actions.propose(cast.viewer(by), [item.pk]) == 1
    assert actions.agree(cast.viewer("ada"), [item.pk]) == 1
    set_clock(OVER + timedelta(days=day, minutes=day))
    assert as_worker(sweeps.dispose) == 1
    assert Tombstone.objects.filter(subject=subject).exists()


def test_what_two_let_go_is_no_alarm(committed_cast: Cast, ended: tuple[UUID, UUID, UUID]) -> None:
    tip, _, case = ended
    let_go(committed_cast, tip)
    let_go(committed_cast, case, by="dee", day=2)
    assert check_rows() == []


#: How a tip could be made to look as if it had been let go.
FORGED = {
    "its rows go": "DELETE FROM vault_grant WHERE tip_id = %(tip)s;"
    "DELETE FROM vault_shredkey WHERE subject = %(tip)s; DELETE FROM tips_tip WHERE id = %(tip)s",
    "and a tombstone is put there": "DELETE FROM vault_shredkey WHERE subject = %(tip)s;"
    "DELETE FROM vault_grant WHERE tip_id = %(tip)s;"
    "INSERT INTO vault_tombstone (subject, district_id, at)"
    " VALUES (%(tip)s, 1, now())",
    "and two are made up who agreed": "DELETE FROM vault_grant WHERE tip_id = %(tip)s;"
    "UPDATE retention_item SET state = 'gone', proposed_by = 1, agreed_by = 2, gone_at = now()"
    " WHERE subject = %(tip)s",
}


@pytest.mark.parametrize("attack", FORGED)
def test_a_forged_destruction_is_named(
    committed_cast: Cast,
    ended: tuple[UUID, UUID, UUID],
    owner: psycopg.Connection[tuple[Any, ...]],
    attack: str,
) -> None:
    let_go(committed_cast, ended[0])
    for statement in FORGED[attack].split(";"):
        owner.execute(statement.encode(), {"tip": ended[1]})
    told = check_rows()
    assert ("deleted", "vault_grant") in {(one.kind, one.says.split()[1]) for one in told}
    # Only what was forged: nothing of what two persons let go is named beside it.
    assert str(ended[0]) not in " ".join(one.says for one in told)

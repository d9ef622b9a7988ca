"""The record takes what an app declares, and nothing reads it by a word's ending."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.db import connection

from tests.architecture.acts_read import looked_for, looked_for_by_sql, written, written_by_sql
from upstander.audit.actions import record
from upstander.audit.models import Entry
from upstander.cases.actions.timeline import KINDS
from upstander.escalations.models import Acknowledgement
from upstander.mandated.models import DutyEvent
from upstander.oncall.models import Swap
from upstander.people.scope import System
from upstander.plug import Counts, acts, acts_that_count

#: What `LIKE '%opened'` and `LIKE '%note%'` found of a tip or a case, until names were declared.
LIKE_OPENED = {
    "case opened",
    "case: reopened",
    "file opened",
    "home address opened",
    "task opened",
    "tip opened",
    "tip reopened",
}
LIKE_NOTE = {"case note added", "note written"}
#: Entries that end so, but are of a duty or the register, so the duty's clock didn't find them.
OF_FOLDERS = {
    "callout opened",
    "client opened",
    "contact opened",
    "duty opened",
    "register opened",
}


def test_what_is_written_is_declared_and_what_is_declared_is_written() -> None:
    found = written()
    assert found.unread == []
    named = found.names | written_by_sql()
    assert named - set(acts()) == set()
    for shape in found.shapes:
        assert any(re.fullmatch(shape, name) for name in acts()), shape
    unwritten = {
        name
        for name in set(acts()) - named
        if not any(re.fullmatch(shape, name) for shape in found.shapes)
    }
    assert unwritten == set()


def test_what_is_looked_for_is_declared() -> None:
    by_sql = looked_for_by_sql()
    assert {"tip opened", "case begun", "tip claimed"} <= by_sql
    assert looked_for() | by_sql <= set(acts())


def test_what_enumerations_make_is_declared() -> None:
    made = {f"alert answered: {answer.label}" for answer in Acknowledgement.Answer}
    made |= {f"swap {state.value}" for state in Swap.State if state is not Swap.State.ASKED}
    made |= {f"case: {key}" for key, kind in KINDS.items() if not kind.note}
    made |= {f"duty: {kind.value}" for kind in DutyEvent.Kind if kind is not DutyEvent.Kind.STARTED}
    made |= {
        f"{place} {done}"
        for place in ("center", "district", "school")
        for done in ("added", "changed")
    }
    assert made - set(acts()) == set()


@pytest.mark.django_db
def test_the_record_takes_nothing_else() -> None:
    with pytest.raises(KeyError):
        record("tip peeked at", actor=System(), subject_kind="tip", subject_id=uuid4())
    record("tip filed", actor=System(), subject_kind="tip", subject_id=uuid4())
    assert Entry.objects.filter(action="tip filed").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("counts_as", [*Counts, "at will", "nothing"])
def test_the_database_counts_as_the_apps_declare(counts_as: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_acts(p_counts_as => %s)", [counts_as])
        said = cursor.fetchall()[0][0]
    declared = (
        [act.name for act in acts().values() if act.at_will]
        if counts_as == "at will"
        else [act.name for act in acts().values() if act.counts_as == counts_as]
    )
    assert said == sorted(declared)


def test_a_dutys_clock_finds_what_it_found_by_the_words_endings() -> None:
    assert set(acts_that_count(Counts.OPENING, Counts.AT_WORK)) - OF_FOLDERS == LIKE_OPENED
    assert set(acts_that_count(Counts.NOTE)) == LIKE_NOTE
    of_others = OF_FOLDERS | {"account reopened", "consult opened"}
    assert {name for name in acts() if name.endswith("opened")} == LIKE_OPENED | of_others
    of_duties = {"duty: note", "suspicion noted"}
    assert {name for name in acts() if "note" in name} == LIKE_NOTE | of_duties

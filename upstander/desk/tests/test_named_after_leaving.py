"""Whoever wrote something and has left stays named by it, for those who may read it."""

from __future__ import annotations

from uuid import UUID

import pytest

from conftest import Cast
from upstander.cases.actions.timeline import add_item
from upstander.cases.tests.story import begin, opened
from upstander.desk.tests.story import Handed, handed_off
from upstander.people.actions.leaving import lock_out
from upstander.people.models import Person
from upstander.people.scope import viewing
from upstander.tips.actions.writing import add_note
from upstander.tips.opening import open_tip
from upstander.tips.queries import names_in_record

pytestmark = pytest.mark.django_db


def uma_wrote(cast: Cast) -> tuple[Handed, UUID]:
    """Have Uma write a note on a tip and one in a case, and leave."""
    handed, case = handed_off(cast), begin(cast, "tara")
    add_note(open_tip(cast.viewer("uma"), handed.tip_id), "He was calm at noon.")
    add_item(opened(cast, "uma", case), "note", {"words": "She was calm at noon."})
    Person.objects.filter(pk=cast.people["uma"].pk).update(name="Uma Quist")
    lock_out(cast.viewer("ada"), cast.people["uma"].pk)
    return handed, case


def test_notes_history_and_a_cases_entries_name_who_has_left(cast: Cast) -> None:
    handed, case = uma_wrote(cast)
    for who, page in (
        ("tom", f"/team/{handed.tip_id}"),
        ("tom", f"/cases/{case}"),
        ("bea", f"/tips/{handed.tip_id}"),
    ):
        text = cast.client(who).get(page).content.decode()
        if who == "tom":
            assert "calm at noon" in text
        assert "Uma Quist" in text, page
        assert "no longer here" not in text, page


def test_nobody_is_named_elsewhere_nor_who_did_nothing_there(cast: Cast) -> None:
    handed, _case = uma_wrote(cast)
    other, uma = handed_off(cast), cast.people["uma"].pk
    with viewing(cast.viewer("tom")):
        assert names_in_record("tip", handed.tip_id, [uma]) == {uma: "Uma Quist"}
        assert names_in_record("tip", other.tip_id, [uma]) == {}
    with viewing(cast.viewer("charlie")):
        assert names_in_record("tip", handed.tip_id, [uma]) == {}
    lock_out(cast.viewer("ada"), cast.people["tara"].pk)
    with viewing(cast.viewer("tom")):
        assert names_in_record("tip", handed.tip_id, [cast.people["tara"].pk]) == {}

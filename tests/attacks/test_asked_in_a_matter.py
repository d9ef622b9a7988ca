"""One matter, one question: answers count across it, and who may not know of it learns nothing."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import Error, connection, transaction

from conftest import Cast
from tests.attacks.test_ends_unseen import no_by
from upstander.base.refused import Refused
from upstander.cases.actions.ending import close_case
from upstander.cases.actions.together import add_tip
from upstander.cases.models import Case
from upstander.cases.tests.story import begin, opened
from upstander.mandated.actions.answers import answer_suspicion, standings, suspicion_panel
from upstander.mandated.models import Answer, Asked
from upstander.mandated.tests.test_reminders import as_worker
from upstander.people.scope import viewing
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import exclude_people
from upstander.triage.tests.test_suspicion_answers import abuse_tip

pytestmark = pytest.mark.django_db


def case_with(cast: Cast, tip: UUID, who: str = "tom") -> UUID:
    """Open a case for a tip that its opener was asked about already."""
    return begin(cast, who, concern=Case.Concern.ABUSE, tips=[open_tip(cast.viewer(who), tip)])


def asked_of(cast: Cast, name: str) -> Asked:
    return Asked.objects.filter(person_id=cast.people[name].pk).latest("pk")


def test_who_answered_on_the_tip_reads_what_was_said_on_the_case(cast: Cast) -> None:
    tip = abuse_tip(cast)
    no_by(cast, tip, "tom", "tara")
    case = case_with(cast, tip)
    # Uma opens the case and not the tip: she is asked there.
    uma = cast.client("uma")
    assert b"Yes, I suspect" in uma.get(f"/cases/{case}").content
    answer_suspicion(opened(cast, "uma", case), suspects=False, why="Not so.", duty_id=None)
    page = cast.client("tom").get(f"/cases/{case}").content.decode()
    assert "Not so." in page
    assert "You are the second person" in page
    with pytest.raises(Refused, match="not everyone"):
        close_case(opened(cast, "tom", case), "resolved", "Over.")
    answer = Answer.objects.get(case_id=case)
    said = {"of": str(answer.pk), "agrees": "yes"}
    page = cast.client("tom").post(f"/cases/{case}/suspicion", said, follow=True).content.decode()
    assert "Answer first yourself" not in page
    assert standings([asked_of(cast, "uma").pk]) == {asked_of(cast, "uma").pk: "no"}


def test_a_case_shows_who_is_missing_and_leads_to_where_one_was_asked(cast: Cast) -> None:
    tip = abuse_tip(cast)
    case = case_with(cast, tip)
    page = cast.client("tom").get(f"/cases/{case}").content.decode()
    assert "Everyone who opened it" in page
    assert "has not answered (asked about a tip in this matter)" in page
    assert f"/team/{tip}#suspicion" in page
    assert "Somebody noted a suspicion" not in page
    assert "no report is on record" in page
    panel = suspicion_panel(opened(cast, "tom", case))
    assert panel is not None
    assert not panel.asks
    assert not panel.others


def test_nobody_reads_a_no_before_they_answered_anywhere(cast: Cast) -> None:
    tip = abuse_tip(cast)
    case = case_with(cast, tip)
    answer_suspicion(opened(cast, "uma", case), suspects=False, why="Not so.", duty_id=None)
    answer = Answer.objects.get(case_id=case)
    said = {"of": str(answer.pk), "agrees": "yes"}
    page = cast.client("tom").post(f"/cases/{case}/suspicion", said, follow=True).content.decode()
    assert "Answer first yourself" in page


def test_a_tip_about_abuse_that_comes_to_a_case_asks_who_had_opened_the_case(cast: Cast) -> None:
    case = begin(cast, "tara", concern=Case.Concern.BULLYING)
    opened(cast, "uma", case)
    assert not Asked.objects.exists()
    tip = abuse_tip(cast)
    add_tip(opened(cast, "tara", case), open_tip(cast.viewer("tara"), tip))
    row = asked_of(cast, "uma")
    assert (row.case_id, row.answered_at) == (case, None)
    no_by(cast, tip, "tara", "tom")
    no_by(cast, tip, "alice", "bea")
    with pytest.raises(Refused, match="not everyone"):
        close_case(opened(cast, "tara", case), "resolved", "Over.")


def test_a_concern_that_becomes_abuse_asks_them_too(cast: Cast) -> None:
    case = begin(cast, "tara", concern=Case.Concern.BULLYING)
    opened(cast, "uma", case)
    Case.objects.filter(pk=case).update(concern=Case.Concern.ABUSE)
    asked = Asked.objects.filter(case_id=case).values_list("person_id", flat=True)
    assert set(asked) == {cast.people["uma"].pk, cast.people["tara"].pk}


# --- Who may not know of it -----------------------------------------------------------------------


def _stands(cast: Cast, name: str, ids: list[int]) -> dict[int, str]:
    with viewing(cast.viewer(name)):
        return standings(ids)


def test_standings_are_given_of_what_a_session_may_see(cast: Cast) -> None:
    tip = abuse_tip(cast)
    open_tip(cast.viewer("tom"), tip)
    ids = list(Asked.objects.values_list("pk", flat=True))
    for name in ("bob", "cora", "charlie"):
        assert _stands(cast, name, ids) == {}, name
    for name in ("tom", "tara", "alice"):
        assert set(_stands(cast, name, ids)) == set(ids), name
    exclude_people(open_tip(cast.viewer("alice"), tip), [cast.people["tom"].pk])
    assert _stands(cast, "tom", ids) == {}
    with as_worker():
        assert set(standings(ids)) == set(ids)


def test_whoever_is_kept_out_does_not_learn_it_from_their_own_question(cast: Cast) -> None:
    tip = abuse_tip(cast)
    open_tip(cast.viewer("tom"), tip)
    exclude_people(open_tip(cast.viewer("alice"), tip), [cast.people["tom"].pk])
    with viewing(cast.viewer("tom")):
        assert not Asked.objects.exists()
    assert str(tip) not in cast.client("tom").get("/duties").content.decode()


@pytest.mark.parametrize("column", ["climb_at", "remind_at"])
def test_no_question_is_pushed_out_of_sight(cast: Cast, column: str) -> None:
    open_tip(cast.viewer("alice"), abuse_tip(cast))
    row = Asked.objects.latest("pk")
    late = row.asked_at + timedelta(days=3)
    with pytest.raises(Error), transaction.atomic(), as_worker(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE mandated_asked SET {column} = %s", [late])

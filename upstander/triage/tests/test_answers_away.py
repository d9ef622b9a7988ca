"""Whoever opened a tip about abuse answers also once their team has it no more."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection
from django.http import Http404

from conftest import Cast, LoginRole
from upstander.audit.models import Entry
from upstander.base.refused import Refused
from upstander.carriers.models import Notice
from upstander.mandated.actions.answers import (
    answer_suspicion,
    read_answer,
    standings,
    suspicion_panel,
)
from upstander.mandated.models import Answer, Asked, Duty
from upstander.mandated.tests.test_duties import offices
from upstander.matters.models import Exclusion
from upstander.people.keys import person_mac
from upstander.people.models import Membership
from upstander.people.scope import Viewer, viewing
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import hand_off, send_back
from upstander.triage.away import answer_away
from upstander.triage.tests.test_suspicion_answers import abuse_tip

WHY = "It was a scene of the school play, which I watched."


def as_staff(
    staff: psycopg.Connection[tuple[Any, ...]], role: str, viewer: Viewer, query: str
) -> Any:
    """Ask as the desk's own login role, in a viewer's active role; taken back after."""
    with staff.transaction(force_rollback=True):
        staff.execute("SELECT set_config('role', %s, true)", [role])
        staff.execute("SELECT set_config('upstander.token', %s, true)", [viewer.scope])
        return staff.execute(query.encode()).fetchall()


def sent_back(cast: Cast, *openers: str) -> UUID:
    """File a tip about abuse that some of Cedar's team open and then send back."""
    tip = abuse_tip(cast)
    for name in openers:
        open_tip(cast.viewer(name), tip)
    send_back(open_tip(cast.viewer("tom"), tip), "Not our student: Words of the sender.")
    return tip


def stands(cast: Cast, tip: UUID, name: str) -> str:
    asked = Asked.objects.get(tip_id=tip, person_id=cast.people[name].pk)
    return standings([asked.pk])[asked.pk]


@pytest.mark.django_db
def test_they_answer_without_a_word_of_it_and_the_center_reads_why(cast: Cast) -> None:
    tip = sent_back(cast)
    tom = cast.client("tom")
    assert tom.get(f"/team/{tip}").status_code == 404
    reference = Tip.objects.get(pk=tip).reference
    mine = tom.get("/duties").content.decode()
    assert f"/answers/away/{tip}" in mine
    assert reference in mine
    page = tom.get(f"/answers/away/{tip}").content.decode()
    assert reference in page
    for word in ("Words.", "A brief.", "Words of the sender"):
        assert word not in page
    assert tom.post(f"/answers/away/{tip}", {"why": " "}).status_code == 422
    assert stands(cast, tip, "tom") == "silent"
    assert tom.post(f"/answers/away/{tip}", {"why": WHY}).status_code == 302
    assert stands(cast, tip, "tom") == "waits"
    answer = Answer.objects.get()
    assert WHY.encode() not in bytes(answer.sealed)
    # The center's people read it, once they have answered themselves, and it counts.
    told = Notice.objects.filter(kind="suspicion_no", detail={"reference": reference})
    assert set(told.values_list("person_id", flat=True)) == {cast.people["sam"].pk}
    alice = open_tip(cast.viewer("alice"), tip)
    answer_suspicion(alice, suspects=False, why="A play.", duty_id=None)
    panel = suspicion_panel(alice)
    assert panel is not None
    assert [(one.why, one.to_read) for one in panel.others] == [(WHY, True)]
    read_answer(alice, answer.pk, agrees=True)
    assert stands(cast, tip, "tom") == "no"
    assert f"/answers/away/{tip}" not in tom.get("/duties").content.decode()
    assert tom.get(f"/answers/away/{tip}").status_code == 404
    with pytest.raises(Http404):
        answer_away(cast.viewer("tom"), tip, "Again.")


@pytest.mark.django_db
def test_a_no_that_is_not_agreed_to_is_asked_again_there(cast: Cast) -> None:
    tip = sent_back(cast)
    answer_away(cast.viewer("tom"), tip, WHY)
    alice = open_tip(cast.viewer("alice"), tip)
    answer_suspicion(alice, suspects=False, why="A play.", duty_id=None)
    read_answer(alice, Answer.objects.get(person_id=cast.people["tom"].pk).pk, agrees=False)
    assert stands(cast, tip, "tom") == "silent"
    assert cast.client("tom").get(f"/answers/away/{tip}").status_code == 200


@pytest.mark.django_db
def test_a_no_of_before_that_nobody_of_the_team_can_read_is_said_again(cast: Cast) -> None:
    tip = abuse_tip(cast)
    answer_suspicion(open_tip(cast.viewer("tom"), tip), suspects=False, why="Old.", duty_id=None)
    send_back(open_tip(cast.viewer("tom"), tip), "Not ours.")
    assert "is waiting for a second person" in (
        cast.client("tom").get(f"/answers/away/{tip}").content.decode()
    )
    answer_away(cast.viewer("tom"), tip, WHY)
    alice = open_tip(cast.viewer("alice"), tip)
    answer_suspicion(alice, suspects=False, why="A play.", duty_id=None)
    panel = suspicion_panel(alice)
    assert panel is not None
    assert [one.why for one in panel.others] == [WHY]
    read_answer(alice, panel.others[0].id, agrees=True)
    assert stands(cast, tip, "tom") == "no"


@pytest.mark.django_db
def test_a_yes_begins_their_report_in_the_same_matter(cast: Cast) -> None:
    offices(cast)
    tip = sent_back(cast)
    asked = Asked.objects.get(tip_id=tip, person_id=cast.people["tom"].pk)
    tom = cast.client("tom")
    assert f"/suspect?asked={asked.pk}" in tom.get(f"/answers/away/{tip}").content.decode()
    form = tom.get(f"/suspect?asked={asked.pk}")
    assert b"Words." not in form.content
    sent = tom.post(
        "/suspect", {"rule": "abuse", "since": "now", "about": "nobody", "asked": asked.pk}
    )
    assert sent.status_code == 302
    assert Duty.objects.get().matter_id == Tip.objects.get(pk=tip).matter_id
    assert stands(cast, tip, "tom") == "reports"
    # Nobody else's question is theirs.
    other = Asked.objects.exclude(person_id=cast.people["tom"].pk).first()
    if other is not None:
        assert b'name="asked"' not in tom.get(f"/suspect?asked={other.pk}").content


@pytest.mark.django_db
def test_nobody_else_and_nothing_else(cast: Cast) -> None:
    tip = sent_back(cast, "tara")
    # Uma never opened it; Charlie is elsewhere; Alice has it, and is led to its page.
    for name, code in (("uma", 404), ("charlie", 404), ("alice", 302)):
        assert cast.client(name).get(f"/answers/away/{tip}").status_code == code
        with pytest.raises(Http404):
            answer_away(cast.viewer(name), tip, WHY)
    assert cast.client("tom").get(f"/answers/away/{uuid4()}").status_code == 404
    # What their team has again is answered on its own page.
    hand_off(open_tip(cast.viewer("alice"), tip), [cast.teams["cedar"].pk], "Theirs after all.")
    led = cast.client("tara").get(f"/answers/away/{tip}")
    assert (led.status_code, led.headers["Location"]) == (302, f"/team/{tip}")
    send_back(open_tip(cast.viewer("tom"), tip), "No.")
    assert cast.client("tara").get(f"/answers/away/{tip}").status_code == 200
    # Whoever is kept out since is asked no more; who left the team holds no key.
    matter = Tip.objects.get(pk=tip).matter_id
    Exclusion.objects.create(
        matter_id=matter, district_id=cast.maple.pk, person_mac=person_mac(cast.people["tara"].pk)
    )
    assert cast.client("tara").get(f"/answers/away/{tip}").status_code == 404
    tom = cast.viewer("tom")
    Membership.objects.filter(person_id=cast.people["tom"].pk).delete()
    with pytest.raises((Http404, Refused, DatabaseError)):
        answer_away(tom, tip, WHY)
    assert not Answer.objects.exists()


@pytest.mark.django_db
def test_it_is_in_the_record_without_a_word(cast: Cast) -> None:
    tip = sent_back(cast)
    answer_away(cast.viewer("tom"), tip, WHY)
    entry = Entry.objects.get(action="suspicion answered", subject_id=str(tip))
    assert (entry.actor_id, entry.detail) == (
        cast.people["tom"].pk,
        {"suspects": False, "away": True},
    )
    # To answer is not to open: nobody is said to have read it.
    opened = Entry.objects.filter(action="tip opened", subject_id=str(tip)).count()
    cast.client("tom").get(f"/answers/away/{tip}")
    assert Entry.objects.filter(action="tip opened", subject_id=str(tip)).count() == opened


def test_the_database_gives_keys_to_their_opener_alone_and_no_dialog(
    committed_cast: Cast, real_database: Any
) -> None:
    cast = committed_cast
    tip = sent_back(cast)
    asked = Asked.objects.get(tip_id=tip, person_id=cast.people["tom"].pk).pk
    staff = real_database(LoginRole.STAFF)
    count = (
        f"SELECT (SELECT count(*) FROM api.answers_away()),"
        f" (SELECT count(*) FROM api.away_keys({asked})),"
        f" (SELECT count(*) FROM api.away_inbox({asked})),"
        f" (SELECT count(*) FROM tips_tip), (SELECT count(*) FROM tips_message),"
        f" (SELECT count(*) FROM tips_note), (SELECT count(*) FROM triage_handoff)"
    )

    def counts(name: str, role: str = "upstander_school") -> tuple[int, ...]:
        ((*row,),) = as_staff(staff, role, cast.viewer(name), count)
        return tuple(row)

    assert counts("tom") == (1, 1, 1, 0, 0, 0, 0)
    for name in ("tara", "bob", "charlie"):
        assert counts(name)[:3] == (0, 0, 0)
    assert counts("dee", "upstander_district")[:3] == (0, 0, 0)
    forged = (
        f"SELECT api.answer_away(p_asked => {asked}, p_answer => gen_random_uuid(),"
        " p_sealed => decode(repeat('00', 40), 'hex'))"
    )
    for name in ("tara", "charlie"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_staff(staff, "upstander_school", cast.viewer(name), forged)
    for role in ("upstander_center", "upstander_admin", "upstander_monitor"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_staff(staff, role, cast.viewer("alice"), forged)
    with viewing(cast.viewer("tom")), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM api.away_keys(%s)", [asked])
        assert cursor.fetchone() == (1,)

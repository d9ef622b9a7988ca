"""A no counts once another has read why; silence climbs, and an office answers for the file."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import Error, connection, transaction
from django.http import Http404

from conftest import Cast
from upstander.base.refused import Refused
from upstander.carriers.models import Notice
from upstander.carriers.notices import KINDS
from upstander.escalations.tests.alerts import Clock, clock
from upstander.mandated.actions.answers import (
    answer_suspicion,
    read_answer,
    standings,
    suspicion_panel,
)
from upstander.mandated.actions.for_file import answer_for_file, owed
from upstander.mandated.models import Answer, AnswerRead, Asked, FileAnswer
from upstander.mandated.silence import Step, reached, sweep_silence
from upstander.mandated.tests.test_duties import offices, right_now, suspect
from upstander.mandated.tests.test_reminders import as_worker
from upstander.matters.models import Exclusion
from upstander.people import factories
from upstander.people.keys import person_mac
from upstander.people.models import Membership, Person
from upstander.people.roles import Role
from upstander.people.scope import viewing
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.triage.tests.test_suspicion_answers import abuse_tip

__all__ = ["clock"]

pytestmark = pytest.mark.django_db
HOUR = 3600.0


def asked(cast: Cast, name: str, tip: UUID) -> Asked:
    return Asked.objects.get(tip_id=tip, person_id=cast.people[name].pk)


def stands(cast: Cast, name: str, tip: UUID) -> str:
    pk = asked(cast, name, tip).pk
    return standings([pk])[pk]


def no(cast: Cast, name: str, tip: UUID) -> UUID:
    answer_suspicion(
        open_tip(cast.viewer(name), tip), suspects=False, why=f"By {name}.", duty_id=None
    )
    read = AnswerRead.objects.values("answer_id")
    own = Answer.objects.filter(tip_id=tip, person_id=cast.people[name].pk)
    return own.exclude(pk__in=read).get().pk


def sweep() -> int:
    with as_worker():
        return sweep_silence()


def told(cast: Cast, since: int = 0) -> list[tuple[str, str]]:
    names = {person.pk: name for name, person in cast.people.items()}
    rows = Notice.objects.filter(pk__gt=since, kind__startswith="suspicion").order_by("pk")
    return [(names[row.person_id], row.kind) for row in rows]


def last() -> int:
    return Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def exclude(cast: Cast, name: str, tip: UUID) -> None:
    Exclusion.objects.create(
        matter_id=Tip.objects.get(pk=tip).matter_id,
        district_id=cast.maple.pk,
        person_mac=person_mac(cast.people[name].pk),
    )


def test_whoever_opens_is_asked_by_the_record_whichever_page_they_take(cast: Cast) -> None:
    tip = abuse_tip(cast)
    assert asked(cast, "alice", tip).center
    open_tip(cast.viewer("tom"), tip, purpose="note")
    assert not asked(cast, "tom", tip).center
    assert Asked.objects.filter(tip_id=tip).count() == 2


def test_those_who_opened_it_before_it_was_judged_abuse_are_asked_then(cast: Cast) -> None:
    tip = abuse_tip(cast, tile="sad")
    open_tip(cast.viewer("tom"), tip)
    assert not Asked.objects.exists()
    Tip.objects.filter(pk=tip).update(mandated=True)
    assert {row.person_id for row in Asked.objects.all()} == {
        cast.people["alice"].pk,
        cast.people["tom"].pk,
    }


def test_a_no_counts_once_another_who_answered_has_read_why(cast: Cast) -> None:
    tip = abuse_tip(cast)
    answer = no(cast, "tom", tip)
    assert stands(cast, "tom", tip) == "waits"
    tom, tara = cast.viewer("tom"), cast.viewer("tara")
    with pytest.raises(Refused, match="not the person who said it"):
        read_answer(open_tip(tom, tip), answer, agrees=True)
    with pytest.raises(Refused, match="Answer first yourself"):
        read_answer(open_tip(tara, tip), answer, agrees=True)
    # The center can't read a school's reason, so it is nobody's there to agree to.
    no(cast, "alice", tip)
    with pytest.raises(Http404):
        read_answer(open_tip(cast.viewer("alice"), tip), answer, agrees=True)
    no(cast, "tara", tip)
    read_answer(open_tip(tara, tip), answer, agrees=True)
    assert stands(cast, "tom", tip) == "no"
    with pytest.raises(Refused, match="already read this"):
        read_answer(open_tip(tara, tip), answer, agrees=False)


def test_who_reads_it_on_the_page_agrees_or_has_them_asked_again(cast: Cast) -> None:
    tip = abuse_tip(cast)
    answer = no(cast, "tom", tip)
    assert ("tara", "suspicion_no") in told(cast)
    assert ("tom", "suspicion_no") not in told(cast)
    no(cast, "tara", tip)
    client = cast.client("tara")
    assert b"do you agree that there is no reason" in client.get(f"/team/{tip}").content
    client.post(f"/tips/{tip}/suspicion", {"of": str(answer), "agrees": "no"})
    assert stands(cast, "tom", tip) == "silent"
    assert ("tom", "suspicion_again") in told(cast)
    page = cast.client("tom").get(f"/team/{tip}").content.decode()
    assert "does not count" in page
    assert "Yes, I suspect" in page
    second = no(cast, "tom", tip)
    client.post(f"/tips/{tip}/suspicion", {"of": str(second), "agrees": "yes"})
    assert stands(cast, "tom", tip) == "no"


def test_ones_own_report_of_the_matter_is_the_answer_wherever_it_was_begun(cast: Cast) -> None:
    offices(cast)
    tip = abuse_tip(cast)
    open_tip(cast.viewer("tom"), tip)
    suspect(cast, who="tom", matter_id=Tip.objects.get(pk=tip).matter_id)
    row = asked(cast, "tom", tip)
    assert row.answered_at is not None
    assert (row.remind_at, row.climb_at) == (None, None)
    assert stands(cast, "tom", tip) == "reports"
    assert b"Your own report" in cast.client("tom").get(f"/team/{tip}").content


@pytest.mark.parametrize(
    ("hours", "step"),
    [(0.99, 0), (1, 1), (3.7, 1), (3.75, 2), (4, 2), (5, 3), (23.9, 3), (24, 4), (999, 4)],
)
def test_how_far_a_silence_has_climbed(hours: float, step: int) -> None:
    assert reached(timedelta(hours=hours)) is Step(step)


def test_silence_is_told_to_those_above_then_by_phone_then_to_the_office(
    cast: Cast, clock: Clock
) -> None:
    offices(cast)
    tip = abuse_tip(cast)
    open_tip(cast.viewer("tom"), tip)
    assert sweep() == 0
    heard = []
    for hours in (1.0, 2.75, 1.25, 19.0, 12.0):
        clock.move(hours * HOUR)
        before = last()
        assert sweep() == 2
        assert sweep() == 0, "told once"
        heard.append(sorted(told(cast, before)))
    # Alice's is her center's supervisor; Tom's the lead of his team.
    assert heard[0] == [("sam", "suspicion_silent"), ("tara", "suspicion_silent")]
    assert heard[1] == [
        ("alice", "suspicion_asked_now"),
        ("sam", "suspicion_silent_now"),
        ("tara", "suspicion_silent_now"),
        ("tom", "suspicion_asked_now"),
    ]
    assert heard[2] == [("cleo", "suspicion_office")] * 2
    again = [
        ("cleo", "suspicion_file"),
        ("cleo", "suspicion_file"),
        ("sam", "suspicion_silent"),
        ("tara", "suspicion_silent"),
    ]
    assert heard[3:] == [again, again]
    assert "voice" in KINDS["suspicion_silent_now"].ways


def test_a_no_that_nobody_reads_climbs_as_silence_does(cast: Cast, clock: Clock) -> None:
    offices(cast)
    tip = abuse_tip(cast)
    no(cast, "tom", tip)
    clock.move(HOUR)
    sweep()
    assert ("tara", "suspicion_silent") in told(cast)
    clock.move(24 * HOUR)
    sweep()
    assert asked(cast, "tom", tip).for_file == cast.people["cleo"].pk


@pytest.mark.parametrize(
    ("kept_out", "answers"),
    [([], "cleo"), (["cleo"], "sol"), (["sol"], "bo"), (["cleo", "sol"], "bo")],
)
def test_who_answers_for_the_file(
    cast: Cast, clock: Clock, kept_out: list[str], answers: str
) -> None:
    offices(cast)
    tip = abuse_tip(cast)
    reference = Tip.objects.get(pk=tip).reference
    for name in kept_out:
        exclude(cast, name, tip)
    clock.move(25 * HOUR)
    sweep()
    assert asked(cast, "alice", tip).for_file == cast.people[answers].pk
    assert not {name for name, _ in told(cast)} & set(kept_out)
    viewer = cast.viewer(answers)
    with viewing(viewer):
        assert [one.reference for one in owed(viewer)] == [reference]
    for other in {"cleo", "sol", "bo"} - {answers}:
        viewer = cast.viewer(other)
        with viewing(viewer):
            assert not owed(viewer)
        with pytest.raises(Http404):
            answer_for_file(viewer, asked(cast, "alice", tip).pk, "reported")


def test_whoever_owes_the_answer_never_gives_it_for_the_file(cast: Cast, clock: Clock) -> None:
    offices(cast)
    factories.join(cast.people["cleo"], cast.teams["cedar"], Role.TEAM_MEMBER, cast.keys)
    tip = abuse_tip(cast)
    open_tip(cast.viewer("cleo"), tip)
    clock.move(25 * HOUR)
    sweep()
    assert asked(cast, "cleo", tip).for_file == cast.people["sol"].pk


def test_the_file_is_answered_for_by_what_it_proves_and_the_silence_stays(
    cast: Cast, clock: Clock
) -> None:
    offices(cast)
    tip = abuse_tip(cast)
    row = asked(cast, "alice", tip)
    clock.move(5 * HOUR)
    sweep()
    cleo = cast.viewer("cleo")
    page = cast.client("cleo").get("/answers").content.decode()
    # The name lies sealed: what stands on the page is the person, not what the table holds.
    assert cast.people["alice"].name in page
    assert "\\x" not in page
    assert "After a day, you can answer" in page
    with pytest.raises(Refused, match="until a day has passed"):
        answer_for_file(cleo, row.pk, "reported")
    clock.move(20 * HOUR)
    sweep()
    cleo = cast.viewer("cleo")
    for ground in ("reported", "read_by_two", "own_report", "any", ""):
        with pytest.raises(Refused, match="does not prove"):
            answer_for_file(cleo, row.pk, ground)
    # They can't read it, and begin the report all the same.
    client = cast.client("cleo")
    assert f"/suspect?asked={row.pk}" in client.get("/answers").content.decode()
    client.post(
        "/suspect", {"rule": "abuse", "since": "now", "about": "nobody", "asked": str(row.pk)}
    )
    client.post("/answers", {"asked": str(row.pk), "ground": "own_report"})
    filed = FileAnswer.objects.get()
    assert (filed.asked_id, filed.person_id) == (row.pk, cast.people["cleo"].pk)
    row.refresh_from_db()
    assert (row.answered_at, row.climb_at) == (None, None)
    shown = suspicion_panel(open_tip(cast.viewer("bea"), tip))
    assert shown is not None
    mine = next(one for one in shown.openers if "Alice" in one.who)
    assert mine.words == "never answered"
    assert "report of their own" in mine.for_file


def test_whoever_has_gone_is_answered_for_at_once(cast: Cast, clock: Clock) -> None:
    offices(cast)
    tip = abuse_tip(cast)
    answer = no(cast, "tara", tip)
    no(cast, "uma", tip)
    read_answer(open_tip(cast.viewer("uma"), tip), answer, agrees=True)
    open_tip(cast.viewer("tom"), tip)
    assert sweep() == 0
    Membership.objects.filter(person_id=cast.people["tom"].pk).delete()
    Person.objects.filter(pk=cast.people["tom"].pk).update(is_active=False)
    assert sweep() == 1
    row = asked(cast, "tom", tip)
    assert row.gone_at is not None
    assert row.for_file == cast.people["cleo"].pk
    answer_for_file(cast.viewer("cleo"), row.pk, "read_by_two")
    assert stands(cast, "tom", tip) == "for_file"


def test_whoever_is_kept_out_owes_no_more_and_the_office_does(cast: Cast) -> None:
    offices(cast)
    tip = abuse_tip(cast)
    open_tip(cast.viewer("tom"), tip)
    exclude(cast, "tom", tip)
    sweep()
    assert asked(cast, "tom", tip).for_file == cast.people["cleo"].pk


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE mandated_asked SET climb_at = NULL",
        "UPDATE mandated_asked SET climb_since = NULL",
        "UPDATE mandated_asked SET for_file = person_id",
        "INSERT INTO mandated_answerread (id, answer_id, district_id, person_id, agrees, at)"
        " SELECT gen_random_uuid(), id, district_id, person_id, true, now() FROM mandated_answer",
        "UPDATE tips_tip SET mandated = false",
        "DELETE FROM mandated_answerread",
        "TRUNCATE mandated_fileanswer",
    ],
)
def test_not_even_the_databases_owner_ends_the_wait(cast: Cast, attack: str) -> None:
    tip = abuse_tip(cast)
    no(cast, "tom", tip)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)


def test_times_are_right_now(cast: Cast) -> None:
    tip = abuse_tip(cast)
    row = asked(cast, "alice", tip)
    assert row.climb_at == row.asked_at + timedelta(hours=1)
    assert row.asked_at <= right_now()

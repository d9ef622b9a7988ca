"""The reporter said who must not see it: a hand-off waits until that is settled, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from psycopg import errors

from conftest import Cast, LoginRole
from upstander.audit.models import Entry as RecordEntry
from upstander.base.moment import database_second
from upstander.base.refused import Refused
from upstander.carriers.models import Notice
from upstander.desk.tests.tips import a_life_safety_tip, a_tip
from upstander.intake.priority import Priority
from upstander.intake.routing import names_somebody
from upstander.mandated.actions import duties as actions
from upstander.mandated.models import Duty, DutyEvent, Routing
from upstander.mandated.register.models import Entry
from upstander.mandated.suspicion import Suspicion
from upstander.mandated.tests.test_duties import offices
from upstander.mandated.tests.test_reminders import as_worker
from upstander.mandated.tests.test_who_of_staff import granted
from upstander.mandated.waiting import sweep_waiting
from upstander.matters.models import Exclusion
from upstander.matters.tests.test_people_near import one_of_each
from upstander.people.roles import Role
from upstander.people.scope import viewing
from upstander.tips import reporter
from upstander.tips.actions.not_see import dismiss_not_see, settle_meant
from upstander.tips.actions.writing import add_reply
from upstander.tips.models import Recipient, Settled, Tip
from upstander.tips.opening import open_tip, read_contents
from upstander.triage.actions.handoff import exclude_people, hand_off, recuse
from upstander.triage.actions.work import assess_tip, claim_tip, link_tips
from upstander.vault.models import Grant

SignIn = Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]]

BRIEF = "A student needs help today. Cedar, library."
COACH = "Mr. T., who coaches"


def claimed(cast: Cast, said: str = COACH, **more: Any) -> UUID:
    filed = a_tip(cast, answers={"not_see": said}, **more)
    claim_tip(cast.viewer("alice"), filed.tip_id)
    return filed.tip_id


def hand(cast: Cast, tip: UUID, who: str = "alice") -> None:
    # Whom "Mr. T." may mean is asked about too, and answered here (test_handoff_names.py).
    only = [person.pk for person in cast.people.values()]
    opened = open_tip(cast.viewer(who), tip)
    hand_off(opened, [cast.teams["cedar"].pk], BRIEF, mentioned=only)


def suspects(cast: Cast, tip: UUID, who: str = "alice", **more: Any) -> UUID:
    row = Tip.objects.get(pk=tip)
    return actions.start_duty(
        cast.viewer(who),
        Suspicion(
            "us-ct",
            more.pop("rule", "employee"),
            cast.maple.pk,
            database_second(),
            cast.cedar.pk,
            tip_id=tip,
            matter_id=row.matter_id,
            words={"first_words": "He told me not to tell."},
            **more,
        ),
    )


@pytest.mark.django_db
def test_a_hand_off_waits_and_says_why_and_keeps_what_was_typed(cast: Cast) -> None:
    tip, alice = claimed(cast), cast.client("alice")
    page = alice.get(f"/tips/{tip}").content.decode()
    assert "Settle this before the hand-off" in page
    given = {"teams": [cast.teams["cedar"].pk], "brief": BRIEF, "confirmed": "yes"}
    sent = alice.post(f"/tips/{tip}/handoff", given)
    page = sent.content.decode()
    assert "First keep them out" in page
    assert BRIEF in page
    with pytest.raises(Refused):
        hand(cast, tip)
    assert not Recipient.objects.exists()
    # The center reads, replies and assesses as ever.
    opened = open_tip(cast.viewer("alice"), tip)
    assert read_contents(opened).answers["not_see"] == COACH
    add_reply(opened, "I am here.")
    assess_tip(opened, {}, Priority.URGENT)
    assert alice.get(f"/tips/{tip}/911").status_code == 200


@pytest.mark.django_db
def test_the_centers_own_pages_go_out_all_the_same(cast: Cast) -> None:
    filed = a_life_safety_tip(cast)
    quiet = a_tip(
        cast, answers={"who": "someone", "when": "now", "hurt_today": "yes", "not_see": COACH}
    )
    for tip in (filed.tip_id, quiet.tip_id):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM escalations_step s JOIN escalations_alert a"
                " ON a.id = s.alert_id WHERE a.subject_id = %s AND s.due_at IS NOT NULL",
                [tip],
            )
            assert cursor.fetchone() == (1,)


def meant(cast: Cast, tip: UUID, *names: str, who: str = "bea") -> None:
    """Keep these out, and say that they are who the reporter means."""
    people = [cast.people[name].pk for name in names]
    exclude_people(open_tip(cast.viewer(who), tip), people)
    settle_meant(open_tip(cast.viewer(who), tip), people)


@pytest.mark.django_db
def test_saying_by_name_who_is_meant_settles_it_in_two_presses(cast: Cast) -> None:
    tip, alice = claimed(cast), cast.client("alice")
    at, tom = f"/tips/{tip}/keep-out", cast.people["tom"].pk
    assert "Say whether these are" in alice.post(at, {"people": [tom]}).content.decode()
    assert not Exclusion.objects.exists()
    first = alice.post(at, {"people": [tom], "is_meant": "yes"})
    page = first.content.decode()
    assert "is not settled yet" in page
    assert COACH in page
    # They are out at once, and nothing goes anywhere before the second press.
    with pytest.raises(Http404):
        open_tip(cast.viewer("tom"), tip)
    assert not Settled.objects.exists()
    with pytest.raises(Refused):
        hand(cast, tip)
    sure = str(first.context["about"])
    # What was asked about other people counts for these no more.
    uma = cast.people["uma"].pk
    alice.post(at, {"people": [tom, uma], "is_meant": "yes", "sure": sure})
    assert not Settled.objects.exists()
    alice.post(at, {"people": [tom], "is_meant": "yes", "sure": sure})
    settled = Settled.objects.get(tip_id=tip)
    assert (settled.how, settled.person_id) == ("kept_out", cast.people["alice"].pk)
    notes = [note.text for note in read_contents(open_tip(cast.viewer("bea"), tip)).notes]
    assert notes == ["Whom the reporter means, kept out: Tom"]
    hand(cast, tip)
    with pytest.raises(Http404):
        open_tip(cast.viewer("tom"), tip)


@pytest.mark.django_db
def test_a_exclusion_for_another_reason_settles_nothing_whoever_sets_it(cast: Cast) -> None:
    offices(cast)
    tip, alice = claimed(cast), cast.client("alice")
    uma = cast.people["uma"].pk
    sent = alice.post(f"/tips/{tip}/keep-out", {"people": [uma], "is_meant": "no"})
    assert sent["Location"] == f"/tips/{tip}/keep-out"
    suspects(cast, tip, accused=(cast.people["hana"].pk,))
    assert Exclusion.objects.count() == 2
    assert not Settled.objects.exists()
    with pytest.raises(Refused):
        hand(cast, tip)
    # Nobody says of somebody who isn't kept out that they are who is meant.
    for people in ([], [cast.people["tom"].pk], [uma, cast.people["tom"].pk]):
        with pytest.raises(Refused):
            settle_meant(open_tip(cast.viewer("alice"), tip), people)
    settle_meant(open_tip(cast.viewer("alice"), tip), [uma])
    with pytest.raises(Refused):
        settle_meant(open_tip(cast.viewer("alice"), tip), [uma])
    hand(cast, tip)


@pytest.mark.django_db
def test_it_is_dismissed_by_name_with_a_reason_in_two_presses(cast: Cast) -> None:
    tip, alice = claimed(cast), cast.client("alice")
    at, why = f"/tips/{tip}/keep-out", "Her uncle; nobody at school knows him."
    assert "Say why no one" in alice.post(at, {"did": "dismiss"}).content.decode()
    first = alice.post(at, {"did": "dismiss", "reason": why}).content.decode()
    assert "Not settled yet" in first
    assert why in first
    assert COACH in first
    assert not Settled.objects.exists()
    alice.post(at, {"did": "dismiss", "reason": why, "sure": "yes"})
    settled = Settled.objects.get(tip_id=tip)
    assert (settled.how, settled.person_id) == ("dismissed", cast.people["alice"].pk)
    notes = [note.text for note in read_contents(open_tip(cast.viewer("bea"), tip)).notes]
    assert notes == [f"Nobody has to be kept out: {why}"]
    assert RecordEntry.objects.filter(action="who must not see it: settled").count() == 1
    hand(cast, tip)
    with pytest.raises(Refused):
        dismiss_not_see(open_tip(cast.viewer("alice"), tip), why)


@pytest.mark.django_db
def test_stepping_aside_or_a_exclusion_on_another_tip_settles_nothing_by_itself(cast: Cast) -> None:
    tip, other = claimed(cast), a_tip(cast).tip_id
    recuse(cast.viewer("bea"), tip)
    with pytest.raises(Refused):
        hand(cast, tip)
    exclude_people(open_tip(cast.viewer("alice"), other), [cast.people["tom"].pk])
    link_tips(cast.viewer("alice"), tip, other)
    with pytest.raises(Refused):
        hand(cast, tip)
    settle_meant(open_tip(cast.viewer("alice"), tip), [cast.people["tom"].pk])
    assert Settled.objects.get(tip_id=tip).how == "kept_out"
    hand(cast, tip)


@pytest.mark.django_db
def test_what_a_counselor_hears_counts_as_the_reporters_own_answer(cast: Cast) -> None:
    tip = claimed(cast, said="no")
    assert not Tip.objects.get(pk=tip).not_see
    assess_tip(open_tip(cast.viewer("alice"), tip), {"must_not_see": "unknown"}, Priority.URGENT)
    assert not Tip.objects.get(pk=tip).not_see
    opened = open_tip(cast.viewer("alice"), tip)
    assess_tip(opened, {"must_not_see": "Mr. T."}, Priority.URGENT)
    with pytest.raises(Refused):
        hand(cast, tip)


@pytest.mark.parametrize(
    ("answer", "names"),
    [("No.", False), ("nobody", False), ("Nadie", False), ("لا أحد", False), ("  ", False)]
    + [(one, True) for one in ("no idea who", "Mr. No", "el coach", "?", "my dad")],
)
def test_only_a_plain_no_names_nobody(answer: str, names: bool) -> None:
    assert names_somebody(answer) is names


@pytest.mark.django_db
def test_a_follow_up_answer_counts_too(cast: Cast) -> None:
    filed = a_tip(cast)
    reporter.add_answers(filed.session_token, {"not_see": COACH})
    assert Tip.objects.get(pk=filed.tip_id).not_see


@pytest.mark.django_db
def test_i_suspect_begins_at_once_and_is_its_owners_alone_until_it_is_settled(cast: Cast) -> None:
    offices(cast)
    tip = claimed(cast)
    duty = suspects(cast, tip)
    row = Duty.objects.get(pk=duty)
    assert row.remind_at is not None
    assert row.first_due > row.cause_at
    assert granted(cast, duty) == ["alice"]
    assert not Entry.objects.exists()
    for name in ("hana", "cleo", "sol", "bea"):
        assert cast.client(name).get(f"/duties/{duty}").status_code == 404
    page = cast.client("alice").get(f"/duties/{duty}").content.decode()
    assert "Only you see this report for now" in page
    assert granted(cast, duty) == ["alice"]
    # The center is asked, over and over.
    with as_worker():
        sweep_waiting()
    asked = Notice.objects.filter(kind="settle_asked").values_list("person_id", flat=True)
    assert set(asked) == {cast.people[name].pk for name in ("alice", "bea", "sam")}
    assert Routing.objects.get(duty_id=duty).remind_at is not None

    meant(cast, tip, "hana")
    with as_worker():
        sweep_waiting()
    told = Notice.objects.filter(kind="duty_to_share").values_list("person_id", flat=True)
    assert list(told) == [cast.people["alice"].pk]
    cast.client("alice").get(f"/duties/{duty}")
    assert granted(cast, duty) == ["alice", "cleo", "sol"]
    assert Entry.objects.filter(duty_id=duty).count() == 1
    assert DutyEvent.objects.filter(duty_id=duty, kind="filed").count() == 1
    assert Routing.objects.get(duty_id=duty).remind_at is None


@pytest.mark.django_db
def test_both_reports_can_be_made_meanwhile_and_the_copy_goes_afterwards(cast: Cast) -> None:
    offices(cast)
    tip = claimed(cast)
    duty, alice, now = suspects(cast, tip, rule="abuse"), cast.viewer("alice"), database_second()
    actions.report_first(alice, duty, way="careline", at=now, words={})
    actions.send_written(alice, duty, at=now, words={})
    assert granted(cast, duty) == ["alice"]
    assert not Notice.objects.filter(kind="duty_copy").exists()
    dismiss_not_see(open_tip(cast.viewer("bea"), tip), "A neighbor, she says.")
    actions.open_duty(alice, duty)
    assert granted(cast, duty) == ["alice", "hana", "dino", "cleo", "sol"]
    copies = Notice.objects.filter(kind="duty_copy").values_list("person_id", flat=True)
    assert list(copies) == [cast.people["hana"].pk]


@pytest.mark.django_db
def test_whoever_names_them_in_their_report_has_settled_nothing_until_they_say_so(
    cast: Cast,
) -> None:
    offices(cast)
    tip = claimed(cast)
    duty = suspects(cast, tip, accused=(cast.people["hana"].pk,))
    assert granted(cast, duty) == ["alice"]
    meant(cast, tip, "hana", who="alice")
    actions.open_duty(cast.viewer("alice"), duty)
    assert granted(cast, duty) == ["alice", "cleo", "sol"]
    hand(cast, tip)


@pytest.mark.django_db
def test_a_exclusion_of_the_center_takes_a_report_back_from_the_head_and_who_depends_on_them(
    cast: Cast,
) -> None:
    offices(cast)
    tip = claimed(cast, said="no")
    duty = suspects(cast, tip, rule="abuse")
    assert granted(cast, duty) == ["alice", "hana", "dino", "cleo", "sol"]
    exclude_people(open_tip(cast.viewer("bea"), tip), [cast.people["hana"].pk])
    assert granted(cast, duty) == ["alice", "cleo", "sol"]
    for name in ("hana", "dino"):
        assert cast.client(name).get(f"/duties/{duty}").status_code == 404
        assert f"/duties/{duty}" not in cast.client(name).get("/ledger").content.decode()


@pytest.mark.django_db
def test_a_grant_by_name_goes_with_the_exclusion(cast: Cast) -> None:
    tip = claimed(cast)
    exclude_people(open_tip(cast.viewer("alice"), tip), [cast.people["bea"].pk])
    assert Grant.objects.filter(tip_id=tip).count() == 4, "two audiences for each of the others"
    exclude_people(open_tip(cast.viewer("alice"), tip), [cast.people["sam"].pk])
    assert Grant.objects.filter(tip_id=tip).count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE tips_tip SET not_see = false",
        "UPDATE tips_settled SET how = 'dismissed'",
        "INSERT INTO tips_settled (tip_id, district_id, how, person_id, at)"
        " SELECT id, district_id, 'dismissed', 1, now() FROM tips_tip",
        "INSERT INTO tips_settled (tip_id, district_id, how, person_id, at)"
        " SELECT id, district_id, 'kept_out', 1, now() FROM tips_tip",
    ],
)
def test_not_even_the_databases_owner_settles_it_by_hand(cast: Cast, attack: str) -> None:
    if "UPDATE tips_settled" in attack:
        tip = claimed(cast)
        meant(cast, tip, "tom")
    else:
        claimed(cast)
    with (
        pytest.raises((IntegrityError, Exception)) as refused,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(attack)
    assert isinstance(refused.value.__cause__, errors.InsufficientPrivilege | errors.CheckViolation)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE tips_tip SET state = 'handed_off' WHERE id = '{tip}'",
        "INSERT INTO tips_recipient (tip_id, district_id, holder, since, since_turn, with_words)"
        " SELECT id, district_id, 'team:1', now(), 0, true FROM tips_tip WHERE id = '{tip}'",
        "INSERT INTO vault_grant (tip_id, district_id, audience, handoff_id, holder, key_version,"
        " blob) SELECT id, district_id, 'case', id, 'team:1', 1, '' FROM tips_tip WHERE id='{tip}'",
    ],
)
def test_the_database_hands_nothing_off_meanwhile(cast: Cast, attack: str) -> None:
    tip = claimed(cast)
    with (
        pytest.raises(IntegrityError) as refused,
        viewing(cast.viewer("alice")),
        connection.cursor() as cursor,
    ):
        cursor.execute(attack.format(tip=tip))
    assert isinstance(refused.value.__cause__, errors.CheckViolation)
    assert "who must not see this" in str(refused.value)


@pytest.mark.django_db
def test_every_role_there_is_can_be_kept_out_by_the_center_in_a_report_and_of_one(
    cast: Cast,
) -> None:
    made = one_of_each(cast)
    # Whoever has left is in no team.
    assert made.keys() == set(Role) - {Role.FORMER}
    everybody, tip = {person.pk for person in made.values()}, claimed(cast)
    duty = suspects(cast, tip, rule="abuse")
    alice = cast.client("alice")
    forms = {
        "the tip": alice.get(f"/tips/{tip}/keep-out").context["form"].fields["people"],
        "I suspect": alice.get("/suspect").context["form"].fields["accused"],
        "a report": alice.get(f"/duties/{duty}").context["forms"]["keep_out"].fields["people"],
    }
    for where, field in forms.items():
        offered = {int(person) for _team, people in field.choices for person, _name in people}
        assert everybody <= offered, where
    exclude_people(open_tip(cast.viewer("alice"), tip), sorted(everybody))
    matter = Tip.objects.get(pk=tip).matter_id
    assert Exclusion.objects.filter(matter_id=matter).count() == len(everybody)

"""Two matters that were linked are one, for whomever either is kept from, whatever names which."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from conftest import Cast
from upstander.audit.models import Entry
from upstander.carriers.models import Notice
from upstander.cases.actions.opening import NewCase, open_case, open_the_case
from upstander.cases.actions.timeline import QuestionsWait, add_item
from upstander.cases.models import Case
from upstander.escalations.actions.tasks import NoSuchTask, open_task, take_task
from upstander.escalations.models import Task
from upstander.escalations.task_panel import to_do
from upstander.mandated.actions.duties import report_first, send_written
from upstander.mandated.tests.test_duties import offices, right_now, sees, suspect
from upstander.matters.exclusions import Exclusions
from upstander.matters.folders import keep_out
from upstander.matters.models import Exclusion, Folder, Matter
from upstander.people.keys import person_mac
from upstander.people.scope import viewing
from upstander.tips import reporter
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import exclude_people, hand_off
from upstander.triage.actions.work import claim_tip, link_tips

pytestmark = pytest.mark.django_db


def a_tip(cast: Cast) -> UUID:
    return reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text="He comes to my room.",
            language="en",
            tile="abuse",
            school_id=cast.cedar.pk,
        )
    ).tip_id


def handed(cast: Cast) -> UUID:
    tip, alice = a_tip(cast), cast.viewer("alice")
    claim_tip(alice, tip)
    hand_off(open_tip(alice, tip), [cast.teams["cedar"].pk], "A brief.")
    return tip


def matter_of(tip: UUID) -> UUID:
    return Tip.objects.get(pk=tip).matter_id


def a_duty_from(cast: Cast, tip: UUID) -> UUID:
    """Tom of Cedar's team begins a duty; its head of school is granted it."""
    return suspect(cast, "tom", tip_id=tip, matter_id=matter_of(tip))


@pytest.mark.parametrize("when", ["before the link", "after it"])
def test_a_duty_is_kept_from_whom_the_other_tip_accuses(cast: Cast, when: str) -> None:
    offices(cast)
    tip, other, alice = handed(cast), a_tip(cast), cast.viewer("alice")
    duty = a_duty_from(cast, tip)
    hana = cast.people["hana"].pk
    assert sees(cast.viewer("hana"), duty)
    if when == "before the link":
        exclude_people(open_tip(alice, other), [hana])
    link_tips(alice, tip, other)
    if when == "after it":
        exclude_people(open_tip(alice, other), [hana])
    assert not sees(cast.viewer("hana"), duty)
    tom = cast.viewer("tom")
    report_first(tom, duty, way="careline", at=right_now(), words={"worker": "M."}, accepted=True)
    send_written(tom, duty, at=right_now(), words={"how": "fax"})
    told = Notice.objects.filter(kind="duty_copy").values_list("person_id", flat=True)
    assert list(told) == [cast.people["cleo"].pk], "not Hana, nor who is under her"


def test_what_the_duty_excludes_is_excluded_from_the_tips_and_from_linked_ones(cast: Cast) -> None:
    offices(cast)
    tip, other, third, alice = handed(cast), a_tip(cast), a_tip(cast), cast.viewer("alice")
    duty = a_duty_from(cast, tip)
    link_tips(alice, tip, other)
    link_tips(alice, other, third)
    named = cast.people["uma"].pk
    folder = Folder.objects.get(kind="duty")
    with viewing(cast.viewer("tom")):
        keep_out(folder.pk, [named])
    matters = Matter.objects.values_list("pk", flat=True)
    excluded = {matter for matter in matters if person_mac(named) in Exclusions.on([matter])}
    assert len(excluded) == Exclusion.objects.count() == 3
    assert set(Matter.objects.filter(restricted=True).values_list("pk", flat=True)) == excluded
    assert {matter_of(one) for one in (tip, other, third)} == {matter_of(third)}
    with viewing(cast.viewer("uma")):
        assert not Tip.objects.filter(pk=tip).exists()
    assert sees(cast.viewer("tom"), duty)


def test_questioning_waits_in_a_case_that_is_opened_after_the_link(cast: Cast) -> None:
    offices(cast)
    tip, other, alice, tara = handed(cast), handed(cast), cast.viewer("alice"), cast.viewer("tara")
    a_duty_from(cast, tip)
    link_tips(alice, tip, other)
    first = open_tip(tara, other)
    case = open_case(
        tara, NewCase(Case.Concern.ABUSE, "From a tip.", cast.teams["cedar"].pk, tips=(first,))
    )
    with pytest.raises(QuestionsWait):
        add_item(open_the_case(tara, case), "questioning", {"words": "What did he do?"})


def test_an_open_task_is_hidden_from_a_excluded_counselor(cast: Cast) -> None:
    tip, other, alice = a_tip(cast), a_tip(cast), cast.viewer("alice")
    with viewing(alice) as now:
        task = open_task(
            Task.Kind.CONFIRM_HELP,
            subject_id=tip,
            matter_id=matter_of(tip),
            district_id=cast.maple.pk,
            due_at=now,
            now=now,
            actor=alice,
        )
    exclude_people(open_tip(alice, other), [cast.people["bea"].pk])
    link_tips(alice, tip, other)
    with viewing(cast.viewer("bea")):
        assert not to_do().exists()
    with pytest.raises(NoSuchTask):
        take_task(cast.viewer("bea"), task.pk)
    assert take_task(cast.viewer("sam"), task.pk).state == "taken"


def test_the_record_of_what_was_linked_is_hidden_too(cast: Cast) -> None:
    tip, other, alice = a_tip(cast), a_tip(cast), cast.viewer("alice")
    link_tips(alice, tip, other)
    exclude_people(open_tip(alice, other), [cast.people["bea"].pk])
    with viewing(cast.viewer("bea")):
        assert not Entry.objects.filter(subject_id=str(tip)).exists()


def test_two_districts_matters_are_never_one(cast: Cast) -> None:
    """A counselor's session with SQL of an attacker's own: no other center loses a matter."""
    theirs = Matter.objects.create(district_id=cast.harbor.pk)
    tip, alice = a_tip(cast), cast.viewer("alice")
    mine, pine = matter_of(tip), Matter.objects.create(district_id=cast.pine.pk)
    attacks: list[tuple[str, list[Any]]] = [
        ("SELECT api.merge_matters(%s, %s)", [mine, theirs.pk]),
        ("SELECT api.merge_matters(%s, %s)", [theirs.pk, mine]),
        ("SELECT api.merge_matters(%s, %s)", [mine, pine.pk]),
        ("SELECT matters_merge(%s, %s)", [mine, mine]),
        ("UPDATE matters_matter SET merged_into_id = %s WHERE id = %s", [mine, mine]),
        (
            "INSERT INTO matters_matter (id, district_id, restricted, merged_into_id)"
            " VALUES (gen_random_uuid(), %s, false, %s)",
            [cast.maple.pk, theirs.pk],
        ),
    ]
    for statement, values in attacks:
        with pytest.raises(DatabaseError), viewing(alice), connection.cursor() as cursor:
            cursor.execute(statement, values)
    another = matter_of(a_tip(cast))
    exclude_people(open_tip(alice, tip), [cast.people["bea"].pk])
    with pytest.raises(ProgrammingError), viewing(cast.viewer("bea")), connection.cursor() as row:
        row.execute("SELECT api.merge_matters(%s, %s)", [mine, another])


def test_a_chain_is_none_and_a_circle_neither(cast: Cast) -> None:
    tips, alice = [a_tip(cast) for _ in range(4)], cast.viewer("alice")
    were = [matter_of(tip) for tip in tips]
    link_tips(alice, tips[0], tips[1])
    link_tips(alice, tips[2], tips[3])
    link_tips(alice, tips[1], tips[2])
    kept = were[3]
    assert {matter_of(tip) for tip in tips} == {kept}
    into = dict(Matter.objects.filter(pk__in=were).values_list("pk", "merged_into_id"))
    assert into == {were[0]: kept, were[1]: kept, were[2]: kept, kept: None}
    with viewing(alice), connection.cursor() as cursor:
        cursor.execute("SELECT api.merge_matters(%s, %s)", [kept, were[0]])
        assert cursor.fetchone() == (kept,), "they are one already"
    for attack in ([were[1], kept], [were[0], were[1]]):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE matters_matter SET merged_into_id = %s WHERE id = %s", attack)

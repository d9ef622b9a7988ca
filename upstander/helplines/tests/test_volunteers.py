"""A volunteer takes something new only when allowed, on a shift, beside staff who can be rung."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, ProgrammingError

from conftest import Cast
from upstander.approvals.models import Approval
from upstander.audit.models import Entry
from upstander.base.moment import database_now
from upstander.base.refused import Refused
from upstander.decisions.actions import decide, propose
from upstander.decisions.models import SecondOpinion
from upstander.desk.tests.tips import a_tip
from upstander.doors.calls.ears import center_now
from upstander.emergency.actions.help import ask_for_police, decide_police
from upstander.emergency.tests.story import claimed
from upstander.escalations.models import Alert
from upstander.escalations.targets import people_for
from upstander.escalations.tests.alerts import a_tip_s_alert, as_worker, work
from upstander.helplines.actions import clients, volunteers
from upstander.helplines.actions.accompaniments import accept
from upstander.helplines.actions.handing_over import handed
from upstander.helplines.models import Client, Volunteer
from upstander.helplines.tests.setup import agency, asked, client_of
from upstander.oncall.actions.plans import save_layer
from upstander.oncall.tests.setup import phones, weekly
from upstander.people.models import Person
from upstander.people.scope import viewing
from upstander.plug import may_not_take
from upstander.referrals.models import Contact
from upstander.referrals.tests.setup import contact
from upstander.referrals.tests.test_contacts import FORM
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.triage.actions.work import claim_tip, mark_junk

pytestmark = pytest.mark.django_db


def volunteer(cast: Cast, who: str = "alice", by: str = "sam", *, may: bool = True) -> int:
    """Let somebody be a volunteer; ``may``: who may take contacts."""
    person = cast.people[who].pk
    volunteers.mark(cast.viewer(by), person)
    if may:
        volunteers.let_take(cast.viewer(by), person, may=True)
    return person


def why(cast: Cast, who: str = "alice") -> str:
    """Return why somebody may take nothing new now; "" where they may."""
    with viewing(cast.viewer(who)):
        return may_not_take([cast.people[who].pk]).get(cast.people[who].pk, "")


def test_supervisor_marks_by_the_page(cast: Cast) -> None:
    person, sam = cast.people["alice"].pk, cast.client("sam")
    assert 'href="/volunteers"' in sam.get("/supervisor").content.decode()
    for what, words in (
        ("mark", "Volunteer, takes no contacts yet"),
        ("may", "Volunteer, may take contacts"),
        ("may_not", "Volunteer, takes no contacts yet"),
    ):
        assert sam.post(f"/volunteers/{person}", {"do": what}).status_code == 302
        assert words in sam.get("/volunteers").content.decode()
    assert sam.post(f"/volunteers/{person}", {"do": "end"}).status_code == 302
    assert "Volunteer, " not in sam.get("/volunteers").content.decode()
    row = Volunteer.objects.get()
    assert (row.begun_by, row.ended_at is not None) == (cast.people["sam"].pk, True)


def test_nobody_says_it_of_themselves(cast: Cast) -> None:
    person = volunteer(cast, may=False)
    assert cast.client("alice").get("/volunteers").status_code == 403
    assert cast.client("alice").post(f"/volunteers/{person}", {"do": "may"}).status_code == 403
    with pytest.raises(ProgrammingError), viewing(cast.viewer("alice")) as now:
        Volunteer.objects.create(
            id=uuid4(), center_id=1, person_id=person, begun_by=person, begun_at=now
        )
    with viewing(cast.viewer("alice")) as now:
        mine = Volunteer.objects.filter(person_id=person)
        assert not mine.update(may_take_by=person, may_take_at=now)
    with pytest.raises(IntegrityError):
        Volunteer.objects.filter(person_id=person).update(may_take_by=person, may_take_at=now)


def test_another_center_s_supervisor_is_refused(cast: Cast) -> None:
    person = volunteer(cast, may=False)
    assert cast.client("cora").post(f"/volunteers/{person}", {"do": "may"}).status_code in (
        403,
        404,
    )
    with viewing(cast.viewer("cora")):
        assert not Volunteer.objects.exists()


@pytest.mark.parametrize("missing", ["word", "shift", "backup"])
def test_nothing_new_is_taken_without(cast: Cast, missing: str) -> None:
    """By each address by which something is taken: the tip, its alert, a contact, a client."""
    volunteer(cast, may=missing != "word")
    if missing != "backup":
        phones(cast, "sam")
    if missing == "shift":
        phones(cast, "bea")
        lone = weekly(cast.people["bea"].pk)
        save_layer(cast.viewer("sam"), cast.teams["lakeside"].pk, lone)
    tip, alice = a_tip(cast).tip_id, cast.client("alice")
    told = {"word": "No supervisor has recorded", "shift": "only on a shift", "backup": "No staff"}
    assert told[missing] in why(cast)
    assert "Sam" in why(cast)
    for path in ("claim", "claim-alike", "reply"):
        alice.post(f"/tips/{tip}/{path}", {"text": "Hello."})
        assert Tip.objects.get(pk=tip).claimed_by is None
    claim_tip(cast.viewer("sam"), tip)
    alice.get(f"/tips/{tip}")
    alice.post(f"/tips/{tip}/take", {"reason": "Mine."})
    assert Tip.objects.get(pk=tip).claimed_by == cast.people["sam"].pk
    answer: Any = alice.post("/contacts/new", {**FORM, "district": cast.maple.pk})
    assert told[missing] in answer.content.decode()
    assert not Contact.objects.exists()


def test_volunteer_takes_on_a_shift_beside_staff(cast: Cast) -> None:
    volunteer(cast)
    phones(cast, "sam")
    both = weekly(cast.people["alice"].pk)
    phones(cast, "alice")
    save_layer(cast.viewer("sam"), cast.teams["lakeside"].pk, both)
    assert why(cast) == ""
    assert claim_tip(cast.viewer("alice"), a_tip(cast).tip_id).claimed_by == cast.people["alice"].pk


def test_backup_gone_leaves_what_one_has(cast: Cast) -> None:
    volunteer(cast)
    phones(cast, "sam")
    alice, tip, other = cast.client("alice"), a_tip(cast).tip_id, a_tip(cast).tip_id
    claim_tip(cast.viewer("alice"), tip)
    Person.objects.get(pk=cast.people["sam"].pk).contact_methods.all().delete()
    assert alice.post(f"/tips/{tip}/reply", {"text": "I am here."}).status_code == 302
    assert Tip.objects.get(pk=tip).claimed_by == cast.people["alice"].pk
    with pytest.raises(Refused, match="No staff"):
        claim_tip(cast.viewer("alice"), other)


def test_phones_ask_no_volunteer_without_backup(cast: Cast) -> None:
    person = volunteer(cast)
    alert = a_tip_s_alert(cast)
    with as_worker():
        assert person not in people_for(alert, "center", database_now())
        assert person not in people_for(alert, "supervisor", database_now())
        circles = center_now(cast.maple.center_id, database_now()).circles
        assert person not in frozenset().union(*circles)
    phones(cast, "sam")
    with as_worker():
        assert person in people_for(alert, "center", database_now())


def test_volunteer_without_the_word_is_no_second(cast: Cast) -> None:
    """Of neither: police, a life-safety tip's lowering. View, action and database."""
    person = volunteer(cast, may=False)
    opened = claimed(cast, "bea")
    police = ask_for_police(opened, "Nobody answers at home.")
    lower = propose(opened, SecondOpinion.Kind.LOWER, words="Safe now.", to_priority="urgent")
    alice = cast.viewer("alice")
    open_tip(alice, opened.tip.pk)
    for agree in (True, False):
        with pytest.raises(Refused, match="No supervisor has recorded"):
            decide_police(alice, opened.tip.pk, police.pk, agree=agree)
        with pytest.raises(Refused, match="No supervisor has recorded"):
            decide(alice, lower.pk, agree=agree)
    for rows, given in (
        (Approval.objects.filter(pk=police.pk), {"outcome": "approved"}),
        (SecondOpinion.objects.filter(pk=lower.pk), {"state": "agreed"}),
    ):
        with pytest.raises(ProgrammingError, match="row-level security"), viewing(alice):
            rows.update(**given, decided_by=person)
    volunteers.let_take(cast.viewer("sam"), person, may=True)
    phones(cast, "alice", "sam")
    save_layer(cast.viewer("sam"), cast.teams["lakeside"].pk, weekly(person))
    assert decide_police(alice, opened.tip.pk, police.pk, agree=True).agreed
    assert decide(alice, lower.pk, agree=True).state == SecondOpinion.State.AGREED


def test_volunteer_without_the_word_marks_no_junk(cast: Cast) -> None:
    volunteer(cast, may=False)
    tip = a_tip(cast, tile="", answers={}).tip_id
    with pytest.raises(Refused, match="No supervisor has recorded"):
        mark_junk(cast.viewer("alice"), tip, junk=True)
    cast.client("alice").post(f"/tips/{tip}/junk", {"junk": "yes"})
    assert not Tip.objects.get(pk=tip).junk
    assert Alert.objects.get(subject_id=tip).state == Alert.State.OPEN


def test_agency_s_volunteer_takes_nobody_on_alone(cast: Cast) -> None:
    here = agency(cast)
    waits = asked(here, client_of(here, "joss"))
    volunteer(cast, "wren", "ines")
    with pytest.raises(Refused, match="No staff"):
        client_of(here)
    with pytest.raises(Refused, match="No staff"):
        accept(cast.viewer("wren"), waits)
    assert Client.objects.count() == 1
    phones(cast, "joss")
    client_of(here)
    accept(cast.viewer("wren"), waits)
    assert clients.list_clients(cast.viewer("wren"))


def test_hand_over_lets_go_once_the_backup_has_it(cast: Cast) -> None:
    volunteer(cast)
    phones(cast, "sam", "bea")
    one = weekly(cast.people["alice"].pk)
    phones(cast, "alice")
    save_layer(cast.viewer("sam"), cast.teams["lakeside"].pk, one)
    tip, alice, sam = a_tip(cast).tip_id, cast.client("alice"), cast.client("sam")
    claim_tip(cast.viewer("alice"), tip)
    assert "Hand over to the backup" in alice.get(f"/tips/{tip}").content.decode()
    assert alice.post(f"/handovers/{tip}", {"do": "ask"}).status_code == 302
    alert = Alert.objects.get(page="handovers")
    work()
    assert set(alert.pages.values_list("person_id", flat=True)) == {cast.people["sam"].pk}
    alice.post(f"/tips/{tip}/reply", {"text": "I am still here."})
    alice.post(f"/handovers/{tip}", {"do": "ask"})
    assert Alert.objects.get(page="handovers").state == Alert.State.OPEN
    assert Tip.objects.get(pk=tip).claimed_by == cast.people["alice"].pk
    page = f"/handovers/{alert.subject_id}"
    assert "I have it" in sam.get(page).content.decode()
    assert sam.post(page, {"do": "have"}).headers["Location"] == f"/tips/{tip}"
    assert Tip.objects.get(pk=tip).claimed_by == cast.people["sam"].pk
    assert Alert.objects.get(page="handovers").state == Alert.State.ENDED
    for name in ("cora", "charlie", "tara"):
        assert cast.client(name).get(page).status_code in (403, 404)


def test_contact_is_handed_to_the_supervisor(cast: Cast) -> None:
    one, alice = contact(cast), cast.client("alice")
    assert f"/handovers/{one}" in alice.get(f"/contacts/{one}").content.decode()
    alice.post(f"/handovers/{one}", {"do": "supervisor"})
    alert = Alert.objects.get(page="handovers")
    first = alert.steps.order_by("number").values_list("target", flat=True)[0]
    assert first == f"person:{cast.people['sam'].pk}"
    sam = cast.client("sam")
    assert sam.post(f"/handovers/{alert.subject_id}", {"do": "have"}).status_code == 302
    assert Alert.objects.get(pk=alert.pk).state == Alert.State.ENDED


def test_hand_over_is_kept_by_whose_it_is_alone(cast: Cast) -> None:
    """A colleague silences no phones that ring for another's tip, nor for their contact."""
    tip, folder = a_tip(cast).tip_id, contact(cast)
    claim_tip(cast.viewer("alice"), tip)
    for thing, kind in ((tip, "tip"), (folder, "contact")):
        cast.client("alice").post(f"/handovers/{thing}", {"do": "supervisor"})
        alert = Alert.objects.get(matter_id=handed_matter(cast, thing), page="handovers")
        page, bea = f"/handovers/{alert.subject_id}", cast.client("bea")
        assert "Nobody needs to" not in bea.get(page).content.decode()
        bea.post(page, {"do": "keep"})
        alert.refresh_from_db()
        assert alert.state == Alert.State.OPEN
        assert "Nobody needs to" in cast.client("alice").get(page).content.decode()
        cast.client("alice").post(page, {"do": "keep"})
        alert.refresh_from_db()
        assert alert.state == Alert.State.ENDED
        kept = Entry.objects.get(action="hand-over kept", subject_id=str(thing))
        assert (kept.actor_id, kept.subject_kind) == (cast.people["alice"].pk, kind)


def handed_matter(cast: Cast, thing: UUID) -> UUID:
    """Return the matter of a tip or a contact."""
    with viewing(cast.viewer("alice")):
        return handed(thing).row.matter_id

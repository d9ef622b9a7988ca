"""A hand-off compares the reporter's words with who would get it, and asks before it goes."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.http import Http404

from conftest import Cast
from upstander.desk.tests.tips import a_tip
from upstander.escalations.models import Alert, Step, Task
from upstander.escalations.targets import people_for
from upstander.mandated.models import Duty
from upstander.mandated.tests.test_duties import offices
from upstander.mandated.tests.test_who_of_staff import granted, rename
from upstander.matters.models import Exclusion
from upstander.people import factories
from upstander.people.models import Membership
from upstander.people.roles import Role
from upstander.places.models import School
from upstander.tips import reporter
from upstander.tips.actions.not_see import dismiss_not_see
from upstander.tips.actions.writing import add_note
from upstander.tips.models import Recipient
from upstander.tips.opening import open_tip, read_contents
from upstander.triage.actions.handoff import exclude_people
from upstander.triage.actions.work import claim_tip

pytestmark = pytest.mark.django_db

BRIEF = "A student needs help today. Cedar, library."


def claimed(cast: Cast, text: str, **more: Any) -> UUID:
    filed = a_tip(cast, text=text, **more)
    claim_tip(cast.viewer("alice"), filed.tip_id)
    return filed.tip_id


def form(cast: Cast, *teams: str, **more: Any) -> dict[str, Any]:
    chosen = [cast.teams[team].pk for team in teams or ("cedar",)]
    return {"teams": chosen, "brief": BRIEF, "confirmed": "yes", **more}


def asked_about(cast: Cast, tip: UUID, **more: Any) -> list[str]:
    """Return whom the check before a hand-off names, by their name in the cast; none is ticked."""
    shown = {key: value for key, value in form(cast, **more).items() if key != "confirmed"}
    answer = cast.client("alice").post(f"/tips/{tip}/handoff", shown)
    assert answer.status_code == 200
    assert not Recipient.objects.exists()
    whom = answer.context["whom"]
    if whom is None:
        return []
    assert whom["meant_people"].value() == []
    return [name for name, one in cast.people.items() if one.pk in whom.people]


def send(cast: Cast, tip: UUID, *teams: str, **more: Any) -> Any:
    return cast.client("alice").post(f"/tips/{tip}/handoff", form(cast, *teams, **more))


def reads(cast: Cast, who: str, tip: UUID) -> bool:
    return cast.client(who).get(f"/team/{tip}").status_code == 200


def rung(tip: UUID) -> set[int]:
    """Let the worker ask whom it asks at each step; return who is or will be called."""
    alert = Alert.objects.get(subject_id=tip, stage="school")
    targets = ("holders", "backups", "team", "district")
    return {one for target in targets for one in people_for(alert, target, alert.opened_at)}


@pytest.mark.parametrize(
    "text",
    ["Mr. Tomson hits us", "tomson hits us", "mr tompson hits us", "T. Tomson"],
)
def test_whom_the_words_name_is_asked_about_and_is_kept_out_before_it_goes(
    cast: Cast, text: str
) -> None:
    rename(cast, "tom", "Theo Tomson")
    tip, tom = claimed(cast, text), cast.people["tom"].pk
    assert asked_about(cast, tip) == ["tom"]
    assert send(cast, tip, meant="out", meant_people=[tom], asked_about=str(tom)).status_code == 302
    assert Exclusion.objects.count() == 1
    assert not Task.objects.filter(kind=Task.Kind.ASK_NAMED).exists()
    with pytest.raises(Http404):
        open_tip(cast.viewer("tom"), tip)
    open_tip(cast.viewer("uma"), tip)


def test_unanswered_name_gets_nothing_others_have_it_at_once(cast: Cast) -> None:
    rename(cast, "tom", "Theo Tomson")
    now = {"who": "someone", "when": "now", "hurt_today": "yes"}
    tip, tom = claimed(cast, "Mr. Tomson hits us", answers=now), cast.people["tom"].pk
    assert send(cast, tip).status_code == 302
    assert reads(cast, "uma", tip)
    assert not reads(cast, "tom", tip)
    assert not Exclusion.objects.exists()
    assert cast.people["uma"].pk in rung(tip)
    assert tom not in rung(tip)
    task = Task.objects.get(kind=Task.Kind.ASK_NAMED)
    assert [name[:4] for name in task.detail["own"]] == ["own:"], "no id, no name"
    assert task.due_at == task.opened_at + timedelta(minutes=5)
    steps = Step.objects.filter(task=task).order_by("due_at")
    assert [step.target for step in steps] == ["supervisor", "center"]
    page = cast.client("bea").get(f"/tips/{tip}").content.decode()
    assert re.search(r"Theo Tomson \([^)]*\), because of “Tomson”", unescape(page))


def test_no_case_made_of_it_is_given_to_a_name_without_an_answer(cast: Cast) -> None:
    rename(cast, "tom", "Theo Tomson")
    tip = claimed(cast, "Mr. Tomson hits us")
    send(cast, tip)
    sent: dict[str, Any] = {
        "tips": [str(tip)],
        "concern": "bullying",
        "why": "It goes on",
        "meant": "not",
    }
    sent |= {"team": cast.teams["cedar"].pk, "school": cast.cedar.pk}
    case = cast.client("uma").post("/cases/new", sent)["Location"]
    assert cast.client("tara").get(case).status_code == 200
    assert cast.client("tom").get(case).status_code == 404


@pytest.mark.parametrize("answer", ["not", "out"])
def test_the_answer_lets_them_in_and_rings_them_or_keeps_them_out(cast: Cast, answer: str) -> None:
    rename(cast, "tom", "Theo Tomson")
    tip, tom = claimed(cast, "Mr. Tomson saw it"), cast.people["tom"].pk
    send(cast, tip)
    add_note(open_tip(cast.viewer("uma"), tip), "She sits in the library.")
    said = {"meant": answer, "meant_people": [tom] * (answer == "out"), "asked_about": str(tom)}
    assert cast.client("bea").post(f"/tips/{tip}/named", said).status_code == 302
    assert reads(cast, "tom", tip) is (answer == "not")
    assert (tom in rung(tip)) is (answer == "not")
    asked = Step.objects.filter(target=f"person:{tom}", alert__stage="school")
    assert asked.exists() is (answer == "not")
    assert Exclusion.objects.exists() is (answer == "out")
    assert Task.objects.get(kind=Task.Kind.ASK_NAMED).state == Task.State.DONE
    if answer == "not":
        team = cast.client("tom").get(f"/team/{tip}").content.decode()
        assert BRIEF in team
        assert "She sits in the library." in team


def test_of_two_the_one_who_is_not_answered_waits_on(cast: Cast) -> None:
    rename(cast, "tom", "Theo Tomson")
    rename(cast, "uma", "Una Marsh")
    tip, tom = claimed(cast, "Mr. Tomson and Ms. Marsh"), cast.people["tom"].pk
    send(cast, tip, meant="not", asked_about=str(tom))
    assert reads(cast, "tom", tip)
    assert not reads(cast, "uma", tip)
    # Nobody says anything by saying nothing.
    assert cast.client("bea").post(f"/tips/{tip}/named", {"meant": ""}).status_code == 302
    assert Task.objects.get(kind=Task.Kind.ASK_NAMED).state == Task.State.OPEN
    assert not reads(cast, "uma", tip)


def test_person_kept_out_meanwhile_is_asked_about_no_more(cast: Cast) -> None:
    rename(cast, "tom", "Theo Tomson")
    tip = claimed(cast, "Mr. Tomson hits us")
    send(cast, tip)
    exclude_people(open_tip(cast.viewer("alice"), tip), [cast.people["tom"].pk])
    cast.client("bea").post(f"/tips/{tip}/named", {"meant": "not"})
    assert Task.objects.get(kind=Task.Kind.ASK_NAMED).state == Task.State.DONE
    assert not reads(cast, "tom", tip)


def test_alert_stays_with_center_where_nobody_on_call_is_left(cast: Cast) -> None:
    rename(cast, "tara", "Theo Tomson")
    rename(cast, "tom", "Tess Tomson")
    rename(cast, "uma", "Tim Tomson")
    tip = claimed(cast, "It was one of the Tomsons, Mr. or Ms. Tomson")
    told = send(cast, tip)
    assert told.status_code == 422
    assert "Your center keeps the alert" in unescape(told.content.decode())
    assert len(told.context["whom"].people) == 3
    assert not Recipient.objects.exists()
    alert = Alert.objects.get(subject_id=tip)
    assert (alert.stage, alert.state) == (Alert.Stage.CENTER, Alert.State.ACKNOWLEDGED)


def test_the_districts_office_waits_too_until_it_is_answered(cast: Cast) -> None:
    lead = Membership.objects.filter(team__kind="district", team__district=cast.maple).first()
    assert lead is not None
    dora = lead.person_id
    rename(cast, next(name for name, one in cast.people.items() if one.pk == dora), "D. Lindqvist")
    tip = claimed(cast, "Mrs Lindkvist knows and does nothing")
    send(cast, tip)
    assert dora not in rung(tip)
    cast.client("alice").post(f"/tips/{tip}/named", {"meant": "not", "asked_about": str(dora)})
    assert dora in rung(tip)


def test_only_mentioned_is_said_by_name_and_kept_with_the_tip(cast: Cast) -> None:
    rename(cast, "tom", "Theo Tomson")
    tip, tom = claimed(cast, "Mr. Tomson saw it"), cast.people["tom"].pk
    said = {"meant": "not", "asked_about": str(tom)}
    cast.client("alice").post(f"/tips/{tip}/handoff", form(cast, **said))
    assert not Exclusion.objects.exists()
    open_tip(cast.viewer("tom"), tip)
    notes = [note.text for note in read_contents(open_tip(cast.viewer("bea"), tip)).notes]
    assert "Named, and it is not about them: Theo Tomson." in notes


def test_all_that_whoever_hands_it_off_has_open_is_compared(cast: Cast) -> None:
    rename(cast, "tom", "Theo Tomson")
    words = "It was Mr. Tomson"
    filed = a_tip(cast)
    reporter.add_message(filed.session_token, words)
    claim_tip(cast.viewer("alice"), filed.tip_id)
    assert asked_about(cast, filed.tip_id) == ["tom"]
    in_answers = claimed(cast, "Help", answers={"where": words})
    assert asked_about(cast, in_answers) == ["tom"]
    in_note = claimed(cast, "Help")
    add_note(open_tip(cast.viewer("alice"), in_note), words)
    assert asked_about(cast, in_note) == ["tom"]
    assert asked_about(cast, claimed(cast, "Help"), brief=f"{BRIEF} {words}") == ["tom"]


def test_whoever_holds_an_office_that_is_named_is_asked_about_if_they_would_get_it(
    cast: Cast,
) -> None:
    offices(cast)
    tip = claimed(cast, "It is the boss of the school")
    # The head is of the office, not of the team: they would not get it.
    assert asked_about(cast, tip) == []
    factories.join(cast.people["hana"], cast.teams["cedar"], Role.TEAM_MEMBER, cast.keys)
    assert asked_about(cast, tip) == ["hana"]


def test_an_office_that_nobody_is_known_to_hold_may_be_anybody_of_the_team(cast: Cast) -> None:
    assert asked_about(cast, claimed(cast, "I told the principal")) == []
    tip = claimed(cast, "The principal did it", tile="adult")
    team = Membership.objects.filter(team=cast.teams["cedar"]).values_list("person_id", flat=True)
    named = [name for name, one in cast.people.items() if one.pk in set(team)]
    assert asked_about(cast, tip) == named


def test_the_districts_office_gets_it_too_and_is_asked_about(cast: Cast) -> None:
    lead = Membership.objects.filter(team__kind="district", team__district=cast.maple).first()
    assert lead is not None
    name = next(name for name, one in cast.people.items() if one.pk == lead.person_id)
    rename(cast, name, "Dora Lindqvist")
    assert asked_about(cast, claimed(cast, "Mrs Lindkvist knows and does nothing")) == [name]


def test_whoever_is_kept_out_already_is_not_asked_about_again(cast: Cast) -> None:
    rename(cast, "tom", "Theo Tomson")
    tip = claimed(cast, "Mr. Tomson hits us")
    exclude_people(open_tip(cast.viewer("alice"), tip), [cast.people["tom"].pk])
    assert cast.client("alice").post(f"/tips/{tip}/handoff", form(cast)).status_code == 302


def test_whoever_is_only_mentioned_in_a_report_sees_it_once_the_tip_is_settled(cast: Cast) -> None:
    offices(cast)
    tip, alice = claimed(cast, "Help", answers={"not_see": "my uncle"}), cast.client("alice")
    sent = {"rule": "abuse", "since": "now", "about": "nobody", "school": cast.cedar.pk}
    sent |= {"tip": str(tip), "facts": "The principal was there"}
    asked = alice.post("/suspect", sent).context["form"]["asked_about"].value()
    alice.post("/suspect", {**sent, "asked_about": asked, "meant": "not"})
    duty = Duty.objects.get().pk
    assert granted(cast, duty) == ["alice"]
    dismiss_not_see(open_tip(cast.viewer("bea"), tip), "He is of another town.")
    page = alice.get(f"/duties/{duty}").content.decode()
    assert granted(cast, duty) == ["alice", "hana", "dino", "cleo", "sol"]
    assert "mentioned" not in page.partition("The principal was there")[2][:200]


def test_the_names_of_places_are_nobodys(cast: Cast) -> None:
    rename(cast, "tom", "Miriam Vale")
    place = {"address": "12 Orchard Lane", "town": "Maple Valley"}
    School.objects.filter(pk=cast.cedar.pk).update(**place)
    said = {"school": "Cedar Middle School, Maple Valley"}
    tip, alice = claimed(cast, "Help, in Maple Valley", answers=said), cast.client("alice")
    brief = alice.get(f"/tips/{tip}/handoff").context["form"].initial["facts"]
    assert "Maple Valley" in brief
    assert alice.post(f"/tips/{tip}/handoff", form(cast, brief=brief)).status_code == 302
    # Whoever is called like a place is asked about, and a part of its name is no place.
    for words in ("miriam vale, in Maple Valley", "valey hits us"):
        Recipient.objects.all().delete()
        assert asked_about(cast, claimed(cast, words)) == ["tom"]


def facts_shown(cast: Cast, tip: UUID) -> str:
    facts = cast.client("alice").get(f"/tips/{tip}/handoff").context["form"].initial["facts"]
    return str(facts)


def test_the_briefs_own_form_names_nobody_and_what_is_written_in_it_does(cast: Cast) -> None:
    """The form makes the first letter a capital, and says who says so: none of it is a name."""
    rename(cast, "tom", "Grace Hallam")
    rename(cast, "uma", "Nate Hazard")
    tip = claimed(cast, "He is sad", answers={"subject": "grade 8, plays drums", "place": "gym"})
    facts = facts_shown(cast, tip)
    assert "WHO: Grade 8, plays drums\n" in facts
    assert "SOURCE: the reporter, not verified, " in facts
    alice = cast.client("alice")
    assert alice.post(f"/tips/{tip}/handoff", form(cast, facts=facts)).status_code == 302
    # Whoever is named in the same lines is asked about, however it is spelled.
    for words, whom in (
        ("mr halam, grade 8", "tom"),
        ("grade 8, in grase hallam’s class", "tom"),
        ("Hazard, with a counselor", "uma"),
    ):
        Recipient.objects.all().delete()
        named = claimed(cast, "He is sad", answers={"subject": words, "place": "gym"})
        assert asked_about(cast, named, facts=facts_shown(cast, named)) == [whom]

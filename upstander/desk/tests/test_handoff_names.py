"""A hand-off compares the reporter's words with who would get it, and asks before it goes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.http import Http404

from conftest import Cast
from upstander.base.refused import Refused
from upstander.desk.tests.tips import a_tip
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
from upstander.triage.actions.handoff import exclude_people, hand_off
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
    """Return whom the question names, by their name in the cast; nothing goes meanwhile."""
    answer = cast.client("alice").post(f"/tips/{tip}/handoff", form(cast, **more))
    assert answer.status_code == 422
    assert BRIEF in answer.content.decode()
    assert not Recipient.objects.exists()
    people = set(answer.context["form"].people)
    return [name for name, one in cast.people.items() if one.pk in people]


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
    with pytest.raises(Refused, match="Theo Tomson"):
        hand_off(open_tip(cast.viewer("alice"), tip), [cast.teams["cedar"].pk], BRIEF)
    said = {"meant": "out", "meant_people": [tom], "asked_about": str(tom)}
    cast.client("alice").post(f"/tips/{tip}/handoff", form(cast, **said))
    assert Recipient.objects.filter(tip_id=tip).exists()
    assert Exclusion.objects.count() == 1
    with pytest.raises(Http404):
        open_tip(cast.viewer("tom"), tip)
    open_tip(cast.viewer("uma"), tip)


def test_only_mentioned_is_said_by_name_and_kept_with_the_tip(cast: Cast) -> None:
    rename(cast, "tom", "Theo Tomson")
    tip, tom = claimed(cast, "Mr. Tomson saw it"), cast.people["tom"].pk
    said = {"meant": "not", "asked_about": str(tom)}
    cast.client("alice").post(f"/tips/{tip}/handoff", form(cast, **said))
    assert not Exclusion.objects.exists()
    open_tip(cast.viewer("tom"), tip)
    notes = [note.text for note in read_contents(open_tip(cast.viewer("bea"), tip)).notes]
    assert "Named, and it is not about them: Theo Tomson." in notes


def test_an_answer_about_one_is_none_about_another(cast: Cast) -> None:
    rename(cast, "tom", "Theo Tomson")
    rename(cast, "uma", "Una Marsh")
    tip, tom = claimed(cast, "Mr. Tomson and Ms. Marsh"), cast.people["tom"].pk
    assert asked_about(cast, tip, meant="not", asked_about=str(tom)) == ["tom", "uma"]
    assert asked_about(cast, tip, asked_about="1 2 3", meant="out") == ["tom", "uma"]
    with pytest.raises(Refused, match="Una Marsh"):
        hand_off(
            open_tip(cast.viewer("alice"), tip),
            [cast.teams["cedar"].pk],
            BRIEF,
            mentioned=[tom],
        )


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
    given = cast.client("alice").post(f"/tips/{tip}/handoff", form(cast))
    assert given.status_code == 302
    factories.join(cast.people["hana"], cast.teams["cedar"], Role.TEAM_MEMBER, cast.keys)
    other = claimed(cast, "It is the boss of the school")
    Recipient.objects.all().delete()
    assert asked_about(cast, other) == ["hana"]


def test_an_office_that_nobody_is_known_to_hold_may_be_anybody_of_the_team(cast: Cast) -> None:
    tip = claimed(cast, "The principal did it")
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
    assert "WHO: Grade 8, plays drums (the reporter" in facts
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


def test_the_head_of_the_question_says_that_nothing_went(cast: Cast) -> None:
    rename(cast, "tom", "Theo Tomson")
    tip = claimed(cast, "Mr. Tomson hits us")
    page = cast.client("alice").post(f"/tips/{tip}/handoff", form(cast)).content.decode()
    assert "<h1>Not handed off yet: one question first</h1>" in page

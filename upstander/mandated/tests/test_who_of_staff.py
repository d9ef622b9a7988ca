"""Whom a suspicion is about never hangs on a tick that can be overlooked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from django.db import DatabaseError, connection
from django.http import Http404

from conftest import Cast
from upstander.base.moment import database_second
from upstander.base.refused import Refused
from upstander.desk.tests.tips import a_tip
from upstander.mandated.actions import duties as actions
from upstander.mandated.actions.granting import say_known
from upstander.mandated.models import Duty, DutyEvent, Routing
from upstander.mandated.register.actions import entries as register
from upstander.mandated.register.models import BlindIndex, Entry
from upstander.mandated.register.tests.test_register import (
    accuse,
    change,
    hand,
    opened,
    told,
    who_sees,
)
from upstander.mandated.suspicion import About
from upstander.mandated.tests.test_duties import offices, sees, suspect
from upstander.matters.models import FolderGrant
from upstander.people.keys import name_in
from upstander.people.models import Person

pytestmark = pytest.mark.django_db

WORDS = "A boy told me that she locks him in."


def rename(cast: Cast, name: str, full: str) -> None:
    Person.objects.filter(pk=cast.people[name].pk).update(name=full)


def form(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "rule": "employee",
        "since": "now",
        "school": cast.cedar.pk,
        "first_words": WORDS,
        **more,
    }


def granted(cast: Cast, duty_id: UUID) -> list[str]:
    """Return who of the cast has anything in the database that opens a duty, key in hand."""
    duty = Duty.objects.get(pk=duty_id)
    holders = set(
        FolderGrant.objects.filter(folder_id=duty.folder_id)
        .exclude(blob=b"")
        .values_list("holder", flat=True)
    )
    return [
        name
        for name, person in cast.people.items()
        if holders & {name_in(person.pk, duty.folder_id), f"person:{person.pk}"}
    ]


def test_where_it_is_about_staff_it_is_asked_whom_and_nothing_typed_is_lost(cast: Cast) -> None:
    offices(cast)
    client = cast.client("tess")
    page = client.post("/suspect", form(cast)).content.decode()
    assert "Say who it is about" in page
    assert WORDS in page
    assert not Duty.objects.exists()
    sent = client.post("/suspect", form(cast, about="unknown"))
    assert sent.status_code == 302
    duty = Duty.objects.get()
    assert granted(cast, duty.pk) == ["cleo", "sol", "tess"]
    # "Nobody" is an answer, silence is none, whatever the kind; about an employee it can't be.
    assert b"Say who it is about" in client.post("/suspect", form(cast, rule="abuse")).content
    assert (
        b"it is about someone on staff"
        in client.post("/suspect", form(cast, about="nobody")).content
    )
    tom = cast.people["tom"].pk
    both = form(cast, rule="abuse", about="nobody", accused=[tom])
    assert b"it is about someone on staff" in client.post("/suspect", both).content
    assert Duty.objects.count() == 1
    assert client.post("/suspect", form(cast, rule="abuse", about="nobody")).status_code == 302


@pytest.mark.parametrize("name", ["tess", "alice"])
@pytest.mark.parametrize("from_tip", [False, True])
def test_abuse_by_the_principal_is_a_duty_about_an_employee_wherever_it_begins(
    cast: Cast, name: str, from_tip: bool
) -> None:
    offices(cast)
    client = cast.client(name)
    tip = {"tip": str(a_tip(cast, tile="home").tip_id)} if from_tip and name == "alice" else {}
    typed = form(cast, rule="abuse", about="named", suspected="Ms. Lee, a coach", **tip)
    page = client.get("/suspect", tip).content.decode()
    assert "Is the person you suspect a school employee?" in page
    asked = client.post("/suspect", typed).content.decode()
    assert "Say whether they are a school employee" in asked
    assert WORDS in asked
    assert not Duty.objects.exists()
    assert client.post("/suspect", {**typed, "employee": "yes"}).status_code == 302
    assert Duty.objects.get().rule == "employee"
    # A parent who teaches elsewhere, and a kind that is about staff already, are what was chosen.
    assert client.post("/suspect", {**typed, "employee": "no"}).status_code == 302
    assert client.post("/suspect", {**typed, "rule": "employee_student"}).status_code == 302
    rules = Duty.objects.order_by("cause_at").values_list("rule", flat=True)
    assert sorted(rules) == ["abuse", "employee", "employee_student"]
    nobody = client.post("/suspect", {**typed, "about": "nobody", "employee": "yes"})
    assert b"it is about someone on staff" in nobody.content


@pytest.mark.parametrize("more", [{"about": "head"}, {"about": "designee"}, {"accused": "hana"}])
def test_who_holds_an_office_of_the_school_is_its_employee_unless_it_is_said_otherwise(
    cast: Cast, more: dict[str, Any]
) -> None:
    offices(cast)
    if "accused" in more:
        more = {"about": "named", "accused": [cast.people[more["accused"]].pk]}
    client, typed = cast.client("tess"), form(cast, rule="abuse", **more)
    assert client.post("/suspect", typed).status_code == 302
    assert Duty.objects.get().rule == "employee"
    assert client.post("/suspect", {**typed, "employee": "no"}).status_code == 302
    assert Duty.objects.filter(rule="abuse").count() == 1


def test_a_refused_form_says_so_at_its_top_and_leads_to_each_field(cast: Cast) -> None:
    offices(cast)
    wrong = form(cast, rule="", since="earlier", about="named")
    sent = cast.client("tess").post("/suspect", wrong)
    page = BeautifulSoup(sent.content, "html.parser")
    (summary,) = page.select("main > [data-summary][tabindex='-1'][role=alert]")
    assert "Not saved yet" in summary.get_text()
    assert page.select(".page-head + [data-summary]"), "right below the heading"
    links = [str(link["href"]) for link in summary.select("a")]
    assert links == ["#id_rule", "#id_since_at", "#id_about"]
    assert all(page.select(link) for link in links)
    assert not cast.client("tess").get("/suspect").content.count(b"data-summary")


def test_not_knowing_beside_a_chosen_name_passes_the_building_by_as_it_does_alone(
    cast: Cast,
) -> None:
    offices(cast)
    tom = cast.people["tom"].pk
    cast.client("tess").post("/suspect", form(cast, about="unknown", accused=[tom]))
    duty = Duty.objects.get()
    assert granted(cast, duty.pk) == ["cleo", "sol", "tess"]
    assert Routing.objects.get(duty=duty).past_building
    assert not sees(cast.viewer("tom"), duty.pk)
    for name in ("hana", "dino"):
        assert not sees(cast.viewer(name), duty.pk)
    tess = cast.viewer("tess")
    actions.report_first(tess, duty.pk, way="careline", at=database_second(), words={})
    actions.send_written(tess, duty.pk, at=database_second(), words={})
    assert told(cast, "duty_copy") == ["cleo"]


@pytest.mark.parametrize("words", ["ms rener", "Mrs. Rennner", "P. R.", "the boss of the school"])
def test_a_near_spelling_and_a_paraphrase_are_asked_about(cast: Cast, words: str) -> None:
    offices(cast)
    rename(cast, "hana", "Paula Renner")
    typed = form(cast, rule="abuse", about="nobody", facts=f"It was {words}")
    page = cast.client("tess").post("/suspect", typed).content.decode()
    assert "Your words name someone on staff" in page
    assert "Paula Renner (Cedar" in page
    assert not Duty.objects.exists()


def test_the_head_named_in_free_text_alone_is_asked_about_and_never_sees_it(cast: Cast) -> None:
    offices(cast)
    rename(cast, "hana", "Paula Renner")
    client = cast.client("tess")
    typed = form(cast, about="named", suspected="Paula Renner, our principal")
    asked = client.post("/suspect", typed)
    page = asked.content.decode()
    assert "Your words name someone on staff" in page
    assert "Paula Renner (Cedar" in page
    assert WORDS in page
    assert "our principal" in page
    assert not Duty.objects.exists()
    known = asked.context["form"]["asked_about"].value()
    # Pressed again without an answer: it is asked again, and nothing is kept.
    assert client.post("/suspect", {**typed, "asked_about": known}).status_code == 200
    assert not Duty.objects.exists()
    hana = cast.people["hana"].pk
    client.post(
        "/suspect",
        {**typed, "asked_about": known, "meant": "out", "meant_people": [hana]},
    )
    duty = Duty.objects.get()
    assert granted(cast, duty.pk) == ["cleo", "sol", "tess"]
    for name in ("hana", "dino"):
        assert not sees(cast.viewer(name), duty.pk)
        assert cast.client(name).get(f"/duties/{duty.pk}").status_code == 404
    assert BlindIndex.objects.filter(strength=BlindIndex.Strength.PERSON).count() == 1


@pytest.mark.parametrize("rule", ["abuse", "employee"])
@pytest.mark.parametrize("field", ["first_words", "facts", "suspected", "where", "child"])
@pytest.mark.parametrize("words", ["our principal did it", "Ms. Renner did it"])
def test_every_field_of_words_and_every_kind_is_looked_at(
    cast: Cast, rule: str, field: str, words: str
) -> None:
    offices(cast)
    rename(cast, "hana", "Paula Renner")
    typed = form(cast, **{"rule": rule, "about": "named", "suspected": "A woman", field: words})
    page = cast.client("tess").post("/suspect", typed).content.decode()
    assert "Your words name someone on staff" in page
    assert not Duty.objects.exists()


def test_an_answer_counts_for_the_words_that_it_was_given_to(cast: Cast) -> None:
    offices(cast)
    client = cast.client("tess")
    typed = form(cast, rule="abuse", about="nobody", facts="Uma told me.")
    asked = client.post("/suspect", typed).context["form"]["asked_about"].value()
    said = {**typed, "asked_about": asked, "meant": "not"}
    changed = {**said, "facts": "Uma told me. Tom did it."}
    assert "Your words name" in client.post("/suspect", changed).content.decode()
    assert not Duty.objects.exists()
    assert client.post("/suspect", said).status_code == 302
    assert granted(cast, Duty.objects.get().pk) == ["hana", "dino", "cleo", "sol", "tess"]


def test_not_being_sure_passes_the_building_by(cast: Cast) -> None:
    offices(cast)
    client = cast.client("tess")
    typed = form(cast, rule="abuse", about="nobody", facts="The principal was there.")
    asked = client.post("/suspect", typed).context["form"]["asked_about"].value()
    client.post("/suspect", {**typed, "asked_about": asked, "meant": "unknown"})
    duty = Duty.objects.get()
    assert granted(cast, duty.pk) == ["cleo", "sol", "tess"]
    assert Routing.objects.get(duty=duty).past_building


@pytest.mark.parametrize(
    ("about", "seen_by"),
    [
        (About.HEAD, ["cleo", "sol", "tess"]),
        (About.DESIGNEE, ["hana", "cleo", "sol", "tess"]),
        (About.UNKNOWN, ["cleo", "sol", "tess"]),
        (About.UNSAID, ["cleo", "sol", "tess"]),
        (About.NAMED, ["cleo", "sol", "tess"]),
    ],
)
def test_each_answer_routes_it(cast: Cast, about: About, seen_by: list[str]) -> None:
    offices(cast)
    duty = suspect(cast, rule="employee", about=about, words={"suspected": "The bus driver"})
    assert granted(cast, duty) == seen_by
    assert [n for n in cast.people if sees(cast.viewer(n), duty)] == seen_by


def test_the_copy_goes_past_the_building_too(cast: Cast) -> None:
    offices(cast)
    duty, tess, now = suspect(cast, rule="employee"), cast.viewer("tess"), database_second()
    actions.report_first(tess, duty, way="careline", at=now, words={})
    actions.send_written(tess, duty, at=now, words={})
    assert DutyEvent.objects.filter(duty_id=duty, kind="copy").exists()
    assert told(cast, "duty_copy") == ["cleo"]
    assert granted(cast, duty) == ["cleo", "sol", "tess"]


def test_once_it_is_known_the_building_sees_it_and_only_its_owner_says_so(cast: Cast) -> None:
    offices(cast)
    duty = suspect(cast, rule="employee")
    for name in ("cleo", "sol", "hana", "tom", "charlie"):
        with pytest.raises((Http404, DatabaseError, Refused)):
            say_known(cast.viewer(name), duty)
    assert granted(cast, duty) == ["cleo", "sol", "tess"]
    page = cast.client("tess").get(f"/duties/{duty}").content.decode()
    assert "No one at the school sees this report" in page
    cast.client("tess").post(f"/duties/{duty}/known")
    assert granted(cast, duty) == ["hana", "dino", "cleo", "sol", "tess"]
    with pytest.raises(Refused):
        say_known(cast.viewer("tess"), duty)


def test_the_database_hides_it_from_the_building_whatever_is_granted(cast: Cast) -> None:
    offices(cast)
    duty = suspect(cast, rule="abuse")
    assert sees(cast.viewer("hana"), duty)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO mandated_routing (duty_id, district_id, matter_id, past_building, waits,"
            " since, reminded) SELECT id, district_id, matter_id, true, false, opened_at, 0"
            " FROM mandated_duty"
        )
    assert [n for n in cast.people if sees(cast.viewer(n), duty)] == ["cleo", "sol", "tess"]


def test_the_register_finds_who_was_typed(cast: Cast) -> None:
    offices(cast)
    rename(cast, "tom", "Rey Marlow")
    suspect(cast, rule="employee", words={"suspected": "Rey Marlow, the driver"})
    assert who_sees(cast) == ["cleo", "sol", "bo"]
    assert told(cast) == []
    accuse(cast, "tom", "uma", school_id=cast.birch.pk)
    assert told(cast) == ["cleo", "sol"], "an account of today and a name that was typed"


def test_somebody_typed_beside_who_was_chosen_is_filed_too(cast: Cast) -> None:
    offices(cast)
    accuse(cast, "tom", words={"suspected": "Also Rey Marlow, a substitute"})
    assert Entry.objects.count() == 2
    accuse(cast, "uma", words={"suspected": "Uma, who teaches art"})
    assert Entry.objects.count() == 3


def test_whoever_an_entry_names_later_reads_it_no_more(cast: Cast) -> None:
    offices(cast)
    rename(cast, "sol", "Solveig Aune")
    duty = suspect(cast, rule="employee", words={"suspected": "Somebody at the district"})
    assert who_sees(cast) == ["cleo", "sol", "bo"]
    found = opened(cast, "cleo", Entry.objects.get())
    with pytest.raises(Refused):
        change(cast, opened(cast, "sol", found.entry), name="aune, solveig")
    change(cast, found, name="aune, Solveig")
    assert "sol" not in who_sees(cast)
    assert not sees(cast.viewer("sol"), duty)
    filed = hand(cast, name="Solveig Aune")
    register.file_by_hand(cast.viewer("bo"), filed)
    assert "sol" not in who_sees(cast)
    assert Entry.objects.count() == 2

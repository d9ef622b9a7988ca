"""Who is accused goes by another name than the one that is written: they are met all the same."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.db import connection

from conftest import Cast
from upstander.approvals import actions
from upstander.approvals.models import Approval
from upstander.audit.models import Entry
from upstander.carriers.models import Notice
from upstander.desk.tests.story import handed_off
from upstander.mandated.tests.test_duties import offices
from upstander.matters.people_near import people_near
from upstander.people import factories
from upstander.people.actions import invitations, joining
from upstander.people.actions.invitations import Invitee
from upstander.people.keys import unlock_by_password
from upstander.people.models import Membership, Person
from upstander.people.roles import Role
from upstander.people.scope import viewing
from upstander.tips.whom import met_in

pytestmark = pytest.mark.django_db

BRIEF = "Maria Lopez, who starts in the fall, grabs pupils by the arm."
PASSWORD = "seven plain words stand here in a row"


def invited(cast: Cast, called: str, joins_as: str, email: str = "new1@maple.example") -> int:
    """Have Tara invite somebody by one name, who joins Cedar's team by another."""
    sent = invitations.invite(
        cast.viewer("tara"), cast.teams["cedar"].pk, Invitee(email, Role.TEAM_MEMBER, called)
    )
    link = re.search(r"/people/join/([\w-]+)/", str(mail.outbox[-1].body))
    assert link is not None
    joined = joining.join_as_newcomer(
        link[1], sent.words, name=joins_as, phone="", language="en", password=PASSWORD
    )
    known(cast, joined.person_id)
    seed = unlock_by_password(cast.people["rolf"], PASSWORD)
    assert seed is not None
    cast.keys.people[joined.person_id] = seed
    return joined.person_id


def known(cast: Cast, person_id: int) -> int:
    cast.people["rolf"] = Person.objects.get(pk=person_id)
    return person_id


def made(cast: Cast, name: str, **changed: Any) -> int:
    person = factories.make_person(name, cast.keys)
    Person.objects.filter(pk=person.pk).update(**changed)
    factories.join(person, cast.teams["cedar"], Role.TEAM_MEMBER, cast.keys)
    factories.sign_what_stands()
    return known(cast, person.pk)


def compared(cast: Cast, person_id: int, tip: UUID) -> bool:
    """Have Tom press Compare; tell whether the newcomer stays out."""
    assert cast.client("rolf").get(f"/team/{tip}").status_code == 404
    cast.client("tom").post("/cases/joined", {"person": person_id, "do": "compare"})
    return cast.client("rolf").get(f"/team/{tip}").status_code == 404


def rename(cast: Cast, name: str) -> str:
    """Have the newcomer give themselves another name; returns the page that follows."""
    sent = {"name": name, "phone": "", "language": "en"}
    return cast.client("rolf").post("/people/me/", sent, follow=True).content.decode()


def test_invited_under_the_accused_name_and_joined_under_another(cast: Cast) -> None:
    tip = handed_off(cast, brief=BRIEF)
    person = invited(cast, "Maria Lopez", "M. Ortega")
    assert compared(cast, person, tip.tip_id)
    page = cast.client("tom").get("/cases/joined").content.decode()
    assert "M. Ortega" in page
    assert "Maria Lopez" in page
    assert "new1@maple.example" in page


def test_the_unaccused_is_let_in(cast: Cast) -> None:
    tip = handed_off(cast, brief=BRIEF)
    assert not compared(cast, invited(cast, "Dora Quist", "Dora Quist-Hale"), tip.tip_id)


def test_the_invited_name_of_whoever_has_an_account_already(cast: Cast) -> None:
    uma = cast.people["uma"]
    sent = invitations.invite(
        cast.viewer("tara"),
        cast.teams["cedar"].pk,
        Invitee(uma.email, Role.TEAM_MEMBER, "Maria Lopez"),
    )
    link = re.search(r"/people/join/([\w-]+)/", str(mail.outbox[-1].body))
    assert link is not None
    joining.join_as(cast.viewer("uma"), uma, link[1], sent.words)
    with viewing(cast.viewer("tom")):
        assert uma.pk in met_in(BRIEF, people_near(cast.maple.pk)).people


def test_renamed_from_the_accused_name(cast: Cast) -> None:
    tip = handed_off(cast, brief=BRIEF)
    person = made(cast, "Maria Lopez")
    rename(cast, "Maria Ortega")
    rename(cast, "M. Ortega")
    assert Person.objects.get(pk=person).name == "M. Ortega"
    assert compared(cast, person, tip.tip_id)


def test_renamed_by_an_administrator(cast: Cast) -> None:
    tip = handed_off(cast, brief=BRIEF)
    person = made(cast, "Maria Lopez")
    row = Person.objects.get(pk=person)
    sent = {"name": "Ilka Ortega", "email": row.email, "phone": "", "language": "en"}
    cast.client("ada").post(f"/people/{person}/", sent)
    assert Person.objects.get(pk=person).name == "Ilka Ortega"
    assert compared(cast, person, tip.tip_id)


@pytest.mark.parametrize("local", ["maria.lopez7", "lopez_m", "MLopez", "m-lopez"])
def test_the_address_that_says_it(cast: Cast, local: str) -> None:
    tip = handed_off(cast, brief=BRIEF)
    assert compared(cast, made(cast, "Ilka Ortega", email=f"{local}@maple.example"), tip.tip_id)


def test_an_address_that_an_administrator_changed(cast: Cast) -> None:
    tip = handed_off(cast, brief=BRIEF)
    person = made(cast, "Ilka Ortega", email="maria.lopez@maple.example")
    sent = {"name": "Ilka Ortega", "email": "io@maple.example", "phone": "", "language": "en"}
    cast.client("ada").post(f"/people/{person}/", sent)
    asked = Approval.objects.get(kind="address")
    actions.decide(cast.viewer("tara"), [asked.pk], Approval.Outcome.APPROVED)
    assert Person.objects.get(pk=person).email == "io@maple.example"
    assert compared(cast, person, tip.tip_id)


def test_an_address_of_an_office_says_no_name(cast: Cast) -> None:
    tip = handed_off(cast, brief="Somebody left a message at the front desk of Cedar.")
    person = made(cast, "Ilka Ortega", email="cedar.frontdesk@maple.example")
    assert not compared(cast, person, tip.tip_id)


def test_nobody_gives_themselves_a_name_without_a_word_of_theirs(cast: Cast) -> None:
    person = made(cast, "Maria Lopez")
    assert "administrator can change it" in rename(cast, "Ilka Ortega")
    assert Person.objects.get(pk=person).name == "Maria Lopez"
    # Accents and case are no other name, nor is a title one's own word.
    assert "administrator can change it" not in rename(cast, "María LÓPEZ-Hale")
    assert Person.objects.get(pk=person).name == "María LÓPEZ-Hale"


def test_the_leads_are_told_and_it_is_recorded_and_a_phone_tells_nobody(cast: Cast) -> None:
    person = made(cast, "Maria Lopez")
    rename(cast, "Maria Lopez")
    assert not Notice.objects.filter(kind="renamed").exists()
    rename(cast, "Maria Ortega")
    told = Notice.objects.filter(kind="renamed")
    assert {one.person_id for one in told} == {cast.people["tara"].pk}
    assert told[0].detail == {"person": str(person)}
    entry = Entry.objects.filter(action="own details changed").latest("pk")
    assert entry.detail == {"name": True}


def told_of(cast: Cast, who: str) -> set[int]:
    """Have somebody of the cast, who is called Lopez, change that; return who is told."""
    person = known(cast, cast.people[who].pk)
    Person.objects.filter(pk=person).update(name=f"{who} Lopez")
    sent = {"name": f"{who} Lopez-Hale", "phone": "", "language": "en"}
    cast.client(who).post("/people/me/", sent)
    assert Person.objects.get(pk=person).name == f"{who} Lopez-Hale"
    return set(Notice.objects.filter(kind="renamed").values_list("person_id", flat=True))


@pytest.mark.parametrize("who", ["tara", "tess"])
def test_whose_team_has_nobody_else_to_lead_it_is_not_renamed_unsaid(cast: Cast, who: str) -> None:
    offices(cast)  # Nobody leads the list of Cedar's staff, whom Tess is on; Tara leads alone.
    assert told_of(cast, who) == {cast.people["dee"].pk, cast.people["ada"].pk}


def test_who_leads_a_district_alone_is_known_to_the_administrator(cast: Cast) -> None:
    assert told_of(cast, "dee") == {cast.people["ada"].pk}


def test_with_a_second_lead_nobody_further_is_told(cast: Cast) -> None:
    Membership.objects.filter(person=cast.people["tom"]).update(role=Role.TEAM_LEAD)
    assert told_of(cast, "tara") == {cast.people["tom"].pk}


def test_a_name_of_before_is_asked_about_in_notes_too(cast: Cast) -> None:
    tip = handed_off(cast)
    person = made(cast, "Maria Lopez")
    rename(cast, "Maria Ortega")
    rename(cast, "M. Ortega")
    cast.client("tom").post("/cases/joined", {"person": person, "do": "compare"})
    sent = {"text": "Ms. Lopez grabbed a pupil."}
    page = cast.client("tom").post(f"/team/{tip.tip_id}/note", sent).content.decode()
    assert "M. Ortega" in page
    assert "Your words may mean" in page


def test_names_of_before_lie_sealed(cast: Cast) -> None:
    person = made(cast, "Maria Lopez")
    rename(cast, "Maria Ortega")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(p)::text FROM people_person p WHERE id = %s", [person])
        row = cursor.fetchone()[0]
    for name in ("Lopez", b"Lopez".hex()):
        assert name not in row


def test_names_of_places_are_left_out_of_a_newcomers_comparison(cast: Cast) -> None:
    tip = handed_off(cast, brief="It happened at Cedar Middle, behind the gym.")
    assert not compared(cast, made(cast, "Cedar Holm"), tip.tip_id)

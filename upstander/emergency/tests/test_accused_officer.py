"""A brief for police names people to whom it is granted: not one whom the tip may be about."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import IntegrityError
from django.utils.html import strip_tags

from conftest import Cast
from upstander.base.refused import Refused
from upstander.emergency.actions.briefs import hand_to_police
from upstander.emergency.actions.help import ask_for_police
from upstander.emergency.models import Brief, BriefPage, Call
from upstander.emergency.tests.story import LINES, around, read_and_agree
from upstander.matters.models import Exclusion
from upstander.people import factories
from upstander.people.models import Person
from upstander.people.roles import Role
from upstander.people.scope import viewing
from upstander.tips import reporter
from upstander.tips.actions.not_see import dismiss_not_see
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip, read_contents
from upstander.triage.actions.work import claim_tip

BRIEF = "A student was hurt behind the gym. Please look at it."
WORDS = "Officer Rosa Ferreira hit him behind the gym"


@pytest.fixture
def rosa(cast: Cast) -> int:
    """Otto is Rosa Ferreira; Pat is the other officer of Maple Valley."""
    cast.people["pat"] = factories.make_person("Pat", cast.keys)
    factories.join(cast.people["pat"], cast.teams["maple_police"], Role.OFFICER, cast.keys)
    rosa = cast.people["otto"].pk
    Person.objects.filter(pk=rosa).update(name="Rosa Ferreira")
    return int(rosa)


def claimed(cast: Cast, text: str = WORDS, **answers: str) -> UUID:
    new = reporter.NewTip(
        token=reporter.new_form_token(),
        text=text,
        language="en",
        tile="adult",
        answers=answers,
        school_id=cast.cedar.pk,
    )
    tip_id = reporter.file_tip(new).tip_id
    claim_tip(cast.viewer("alice"), tip_id)
    return tip_id


def send(cast: Cast, tip: UUID, **more: Any) -> Any:
    sent = {"team": cast.teams["maple_police"].pk, "words": BRIEF, "danger_now": "yes"} | more
    return cast.client("alice").post(f"/tips/{tip}/911/police", sent)


def asked_about(answer: Any) -> list[str]:
    return re.findall(r'name="meant_people" value="(\d+)"', answer.content.decode())


def reads(cast: Cast, who: str, brief: UUID) -> bool:
    return cast.client(who).get(f"/police/{brief}").status_code == 200


def test_the_officer_whom_it_names_is_kept_out_first_and_the_others_get_it(
    cast: Cast, rosa: int
) -> None:
    tip = claimed(cast, "Rosa Ferreira hit him behind the gym")
    asked = send(cast, tip)
    assert asked.status_code == 422
    page = asked.content.decode()
    assert "Rosa Ferreira" in page
    assert "Pat" not in strip_tags(page.split("Is this about one of them?")[1].split("</form>")[0])
    assert BRIEF in page
    assert 'id="script"' in page, "asked on the sheet: the script and the numbers stay in sight"
    assert not Brief.objects.exists()
    call = {"line": "psap", "police": "yes", "danger_now": "on", "why": "Said so."}
    cast.client("alice").post(f"/tips/{tip}/911/call", call)
    assert Call.objects.exists(), "a call waits for nothing"
    send(cast, tip, meant="out", meant_people=[rosa], asked_about=str(rosa))
    brief = Brief.objects.get()
    assert not reads(cast, "otto", brief.pk)
    assert reads(cast, "pat", brief.pk)


def test_the_act_itself_refuses_and_only_mentioned_is_kept_by_name(cast: Cast, rosa: int) -> None:
    tip = claimed(cast, "Rosa Ferreira saw it")
    opened = open_tip(cast.viewer("alice"), tip)
    team, place = cast.teams["maple_police"].pk, around(cast, opened)
    with pytest.raises(Refused, match="Rosa Ferreira"):
        hand_to_police(opened, team, BRIEF, LINES, place, danger_now=True)
    send(cast, tip, meant="not", asked_about=str(rosa))
    assert Brief.objects.exists()
    assert not Exclusion.objects.exists()
    notes = [one.text for one in read_contents(open_tip(cast.viewer("bea"), tip)).notes]
    assert any("not about them: Rosa Ferreira" in one for one in notes)


def test_an_officer_without_a_name_may_be_any_of_them(cast: Cast, rosa: int) -> None:
    asked = send(cast, claimed(cast, "a cop hit him behind the gym"))
    assert asked.status_code == 422
    assert len(asked_about(asked)) == 2


def test_lines_of_the_sheet_and_the_brief_are_compared_too(cast: Cast, rosa: int) -> None:
    tip = claimed(cast, "Help")
    assert send(cast, tip, words=f"{BRIEF} Ferreira was there.").status_code == 422
    cast.client("alice").post(f"/tips/{tip}/911/sheet", {"who": "Ferreira", "subject": "Ferreira"})
    assert send(cast, tip).status_code == 422


def test_an_update_is_asked_about_as_the_brief_was(cast: Cast, rosa: int) -> None:
    tip = claimed(cast, "Help")
    assert send(cast, tip).status_code == 302
    path = f"/tips/{tip}/911/police/{Brief.objects.get().pk}"
    client, words = cast.client("alice"), "It was Rosa Ferreira who did it."
    asked = client.post(path, {"words": words})
    assert asked.status_code == 422
    assert words in asked.content.decode()
    assert BriefPage.objects.count() == 1
    said = {"meant": "out", "meant_people": [rosa], "asked_about": str(rosa)}
    assert client.post(path, {"words": words, **said}).status_code == 302
    assert BriefPage.objects.count() == 2
    assert not reads(cast, "otto", Brief.objects.get().pk)


def test_who_must_not_see_it_is_settled_first_unless_danger_is_now(cast: Cast, rosa: int) -> None:
    tip = claimed(cast, "Help", not_see="the track coach")
    assert Tip.objects.get(pk=tip).not_see
    alice = cast.viewer("alice")
    opened = open_tip(alice, tip)
    request = ask_for_police(opened, "Nobody else can look.")
    read_and_agree(cast, "bea", request)
    refused = send(cast, tip, danger_now="")
    assert refused.status_code == 422
    assert "Settle this on the tip’s page first" in refused.content.decode()
    team, place = cast.teams["maple_police"].pk, around(cast, opened)
    with pytest.raises(Refused, match="Settle this"):
        hand_to_police(opened, team, BRIEF, LINES, place)
    asked = send(cast, tip)
    assert asked.status_code == 422, "in danger it is asked once, whoever the coach is"
    people = asked_about(asked)
    assert send(cast, tip, meant="not", asked_about=" ".join(people)).status_code == 302
    dismiss_not_see(open_tip(alice, tip), "The coach left years ago.")


def test_the_database_wants_it_settled_too(cast: Cast, rosa: int) -> None:
    tip = claimed(cast, "Help")
    opened = open_tip(cast.viewer("alice"), tip)
    request = ask_for_police(opened, "Nobody else can look.")
    read_and_agree(cast, "bea", request)
    send(cast, tip, danger_now="")
    brief = Brief.objects.get()
    assert not brief.danger_now
    Tip.objects.filter(pk=tip).update(not_see=True)
    with pytest.raises(IntegrityError) as refused, viewing(opened.viewer):
        BriefPage.objects.create(
            brief=brief,
            tip_id=tip,
            district_id=brief.district_id,
            number=2,
            person_id=opened.viewer.person_id,
            at=brief.at,
            sealed=b"",
            center_key=b"",
        )
    assert isinstance(refused.value.__cause__, psycopg.errors.CheckViolation)


@pytest.mark.parametrize(
    ("text", "because"),
    [("Ferreira hit him", ["Ferreira"]), ("a cop hit him", ["cop", "cop"])],
)
def test_the_question_names_the_words_that_met_an_officer(
    cast: Cast, rosa: int, text: str, because: list[str]
) -> None:
    page = send(cast, claimed(cast, f"I write this. Behind the gym {text}")).content.decode()
    assert re.findall(r"because of “([^”]*)”", page) == because

"""The team member's list and tip page: what stands there, and in which order."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conftest import Cast
from upstander.desk.tests.story import Handed, handed_off
from upstander.escalations.actions.alerts import acknowledge
from upstander.escalations.models import Acknowledgement, Alert
from upstander.escalations.sending import sweep_pages
from upstander.escalations.sweeps import sweep_steps
from upstander.escalations.tests.alerts import Clock, clock
from upstander.tips import reporter
from upstander.tips.models import Note, Tip
from upstander.ui.times import weekday


@pytest.fixture
def handed(cast: Cast) -> Handed:
    return handed_off(cast)


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return unescape(response.content.decode())


def test_the_list_says_what_is_here_and_who_has_it(cast: Cast, handed: Handed) -> None:
    html = page(cast.client("tom"), "/team")
    assert handed.reference in html
    assert "Nobody has it yet" in html
    assert "Asks your team in" in html
    for secret in (handed.text, handed.brief):
        assert secret not in html
    sweep_steps()
    assert "Asks your team's backups in" in page(cast.client("tom"), "/team")


def test_life_safety_stands_first_and_then_what_nobody_has(cast: Cast) -> None:
    routine = handed_off(cast, tile="bullying", when="past")
    urgent = handed_off(cast, tile="home", when="past")
    life = handed_off(cast)
    html = page(cast.client("tom"), "/team")
    places = [html.index(tip.reference) for tip in (life, urgent, routine)]
    assert places == sorted(places)


def test_a_routine_tip_s_clock_is_told_in_half_days(cast: Cast) -> None:
    handed_off(cast, tile="bullying", when="past")
    html = page(cast.client("tom"), "/team")
    assert "data-countdown" not in html
    assert "morning" in html or "afternoon" in html


def test_no_page_of_a_school_holds_an_exact_time(cast: Cast) -> None:
    tip = handed_off(cast, tile="bullying", when="past")
    reporter.add_message(tip.session_token, "One thing more.")
    client = cast.client("tom")
    client.post(f"/team/{tip.tip_id}/words", {"text": "To find her."})
    received = Tip.objects.get(pk=tip.tip_id).received_at
    for path in ("/team", f"/team/{tip.tip_id}", "/record", "/record.jsonl"):
        # On paper it says when it was printed: that is now, and no tip's.
        html = re.sub(r'data-printed="[^"]*"', "", page(client, path))
        assert "<time" not in html, path
        for moment in (received, received + timedelta(minutes=1)):
            assert moment.strftime("%H:%M") not in html, path
            assert f"{moment.astimezone():%-I:%M}" not in html, path


def test_own_step_is_told_to_the_minute(cast: Cast, handed: Handed, clock: Clock) -> None:
    """But where something of the reporter came in the same ten minutes, it would narrow that."""
    path = f"/team/{handed.tip_id}"

    def step() -> str:
        cast.client("tom").post(f"{path}/next", {"step": "visit"})
        last = Note.objects.filter(tip_id=handed.tip_id, kind=Note.Kind.NEXT_STEP).latest("at")
        return weekday(last.at.astimezone(ZoneInfo(cast.cedar.time_zone)))

    clock.move(1200)
    assert (exact := step()) in page(cast.client("tom"), path)
    clock.move(1200)
    reporter.add_message(handed.session_token, "She is back.")
    second = step()
    html = page(cast.client("tom"), path)
    assert exact in html
    assert second not in html


def test_an_empty_list_teaches(cast: Cast) -> None:
    assert "No tips for you" in page(cast.client("tom"), "/team")


def test_as_many_queries_for_one_as_for_ten(cast: Cast) -> None:
    client = cast.client("tom")
    handed_off(cast)
    with CaptureQueriesContext(connection) as one:
        page(client, "/team")
    for _ in range(9):
        handed_off(cast)
    with CaptureQueriesContext(connection) as ten:
        page(client, "/team")
    assert len(one) == len(ten)


def test_the_brief_comes_first_and_their_own_words_do_not(cast: Cast, handed: Handed) -> None:
    html = page(cast.client("tom"), f"/team/{handed.tip_id}")
    assert handed.brief in html
    assert handed.text not in html
    assert html.index(handed.brief) < html.index("I have it") < html.index("Write to them")


def test_three_buttons_with_one_key_each(cast: Cast, handed: Handed) -> None:
    html = page(cast.client("tom"), f"/team/{handed.tip_id}")
    for value, key in (("have_it", "i"), ("seen", "s"), ("cannot", "n")):
        assert f'value="{value}" data-key="{key}"' in html
    assert html.count("csrfmiddlewaretoken") >= 4


def test_the_page_warns_before_one_writes(cast: Cast, handed: Handed) -> None:
    html = page(cast.client("tom"), f"/team/{handed.tip_id}")
    assert "Don't promise to keep it secret" in html
    assert "Don't ask or guess who they are" in html


def test_the_mailed_address_leads_here(cast: Cast, handed: Handed) -> None:
    response = cast.client("tom").get(f"/tips/{handed.tip_id}")
    assert (response.status_code, response["Location"]) == (302, f"/team/{handed.tip_id}")


@pytest.mark.parametrize("name", ["bob", "paul", "charlie", "pia"])
def test_another_s_tip_is_404(cast: Cast, handed: Handed, name: str) -> None:
    client = cast.client(name)
    assert client.get(f"/team/{handed.tip_id}").status_code == 404
    assert handed.reference not in page(client, "/team")
    for act in ("next", "reply", "note", "words", "back", "close", "reopen"):
        response = client.post(
            f"/team/{handed.tip_id}/{act}", {"text": "x", "step": "visit", "disposition": "police"}
        )
        assert response.status_code == 404, act
    assert client.post(f"/team/{handed.tip_id}/aside", {"sure": "yes"}).status_code == 404


@pytest.mark.parametrize("name", ["alice", "cora", "ada"])
def test_others_than_teams_have_no_such_page(cast: Cast, handed: Handed, name: str) -> None:
    client = cast.client(name)
    assert client.get("/team").status_code == 403
    assert client.get(f"/team/{handed.tip_id}").status_code == 403


def test_a_stranger_signs_in_first_and_comes_back(cast: Cast, handed: Handed) -> None:
    response = Client(HTTP_HOST="localhost").get(f"/team/{handed.tip_id}")
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/?next=")


def test_without_a_key_one_is_told_how_to_unlock(cast: Cast, handed: Handed) -> None:
    client = cast.client("tom", unlocked=False)
    for path in ("/team", f"/team/{handed.tip_id}"):
        response = client.get(path)
        assert (response.status_code, "unlock" in response["Location"]) == (302, True)


class TestDistrictLead:
    """Sees where a tip stands; reads it only once the escalation has come to them."""

    def test_the_state_without_the_words(self, cast: Cast, handed: Handed) -> None:
        client = cast.client("dee")
        html = page(client, f"/team/{handed.tip_id}")
        assert "Its contents were not handed to you" in html
        assert handed.brief not in html
        assert handed.reference not in page(client, "/team")
        assert client.post(f"/team/{handed.tip_id}/words", {"text": "why"}).status_code == 403

    def test_once_asked_they_read_and_act(self, cast: Cast, handed: Handed) -> None:
        alert = Alert.objects.exclude(state="ended").get(subject_id=handed.tip_id)
        for step in alert.steps.all():
            type(step).objects.filter(pk=step.pk).update(
                due_at=step.due_at - timedelta(seconds=400)
            )
        sweep_steps()
        sweep_pages()
        client = cast.client("dee")
        assert handed.reference in page(client, "/team")
        html = page(client, f"/team/{handed.tip_id}")
        assert handed.brief in html
        assert handed.text not in html
        client.post(f"/alerts/{alert.pk}/answer", {"answer": "have_it"})
        assert "You have it" in page(client, "/team")

    def test_a_tip_that_reached_no_school_is_not_there(self, cast: Cast) -> None:
        filed = reporter.file_tip(
            reporter.NewTip(
                token=reporter.new_form_token(), text="x", language="en", school_id=cast.cedar.pk
            )
        )
        assert cast.client("dee").get(f"/team/{filed.tip_id}").status_code == 404


def test_whoever_does_not_have_it_reads_who_does_and_comes_to_it_by_the_list(
    cast: Cast, handed: Handed
) -> None:
    alert = Alert.objects.get(subject_id=handed.tip_id, stage=Alert.Stage.SCHOOL)
    acknowledge(cast.viewer("tom"), alert.pk, Acknowledgement.Answer.HAVE_IT)
    tara = cast.client("tara")
    listed = page(tara, "/team")
    assert "Tom has it" in listed
    assert f'href="/team/{handed.tip_id}"' in listed
    html = page(tara, f"/team/{handed.tip_id}")
    assert "Tom has it" in html
    assert "What happens next?" in html
    for asked in ("What will you do next?", 'value="have_it"', "You have it"):
        assert asked not in html
    # They can help all the same: what they note is theirs, and whose it is stays.
    tara.post(f"/team/{handed.tip_id}/next", {"step": "visit"})
    alert.refresh_from_db()
    assert alert.acknowledged_by == cast.people["tom"].pk
    assert "You have it" in page(cast.client("tom"), f"/team/{handed.tip_id}")


def test_the_lines_for_911_are_there_before_anybody_has_a_tip_that_is_now(cast: Cast) -> None:
    tip = handed_off(cast, when="now")
    html = page(cast.client("tom"), f"/team/{tip.tip_id}")
    assert "Nobody has it yet" in html
    help_card = html.split('id="help-title"')[1].split("</section>")[0]
    assert 'href="tel:911"' in help_card
    assert "PLACE NOT KNOWN: read the brief" in help_card
    assert "Number missing: dial 911 and ask for its town" in help_card
    alert = Alert.objects.get(subject_id=tip.tip_id, stage=Alert.Stage.SCHOOL)
    acknowledge(cast.viewer("tom"), alert.pk, Acknowledgement.Answer.HAVE_IT)
    assert page(cast.client("tom"), f"/team/{tip.tip_id}").count('href="tel:911"') == 1
    routine = handed_off(cast, tile="bullying", when="past")
    assert 'href="tel:911"' not in page(cast.client("tom"), f"/team/{routine.tip_id}")

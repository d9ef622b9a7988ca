"""What the reporter writes after a "no" is new: whoever opens it is asked again."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import Error, connection, transaction

from conftest import Cast
from upstander.base.refused import Refused
from upstander.decisions.actions import close_tip
from upstander.mandated.actions.answers import (
    answer_suspicion,
    read_answer,
    standings,
    suspicion_panel,
)
from upstander.mandated.models import Answer, Asked
from upstander.mandated.tests.test_duties import offices
from upstander.mandated.tests.test_reminders import as_worker
from upstander.tips import reporter
from upstander.tips.models import Draft, Tip
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import claim_tip

pytestmark = pytest.mark.django_db


def told(cast: Cast) -> tuple[UUID, str]:
    """File a tip about abuse, handed to Cedar; return it with its reporter's session."""
    filed = reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text="Words.",
            language="en",
            tile="home",
            school_id=cast.cedar.pk,
        )
    )
    claim_tip(cast.viewer("alice"), filed.tip_id)
    hand_off(open_tip(cast.viewer("alice"), filed.tip_id), [cast.teams["cedar"].pk], "A brief.")
    return filed.tip_id, filed.session_token


def no(cast: Cast, tip: UUID, *names: str) -> None:
    """Have each say no, and the next of them read why."""
    for name in names:
        answer_suspicion(open_tip(cast.viewer(name), tip), suspects=False, why="Old.", duty_id=None)
    for place, name in enumerate(names):
        given = Answer.objects.filter(tip_id=tip, person_id=cast.people[name].pk)
        reader = names[(place + 1) % len(names)]
        read_answer(open_tip(cast.viewer(reader), tip), given.latest("at", "turn").pk, agrees=True)


def stands(cast: Cast, tip: UUID, name: str) -> str:
    asked = Asked.objects.get(tip_id=tip, person_id=cast.people[name].pk)
    return standings([asked.pk])[asked.pk]


@pytest.mark.parametrize("how", ["text", "answers", "file"])
def test_new_words_reopen_the_question_for_who_opens_them(cast: Cast, how: str) -> None:
    tip, dialog = told(cast)
    no(cast, tip, "alice", "bea")
    no(cast, tip, "tom", "tara")
    if how == "text":
        reporter.add_message(dialog, "He did it again, and it was no game.")
    elif how == "answers":
        reporter.add_answers(dialog, {"hurt_today": "yes"})
    else:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO tips_attachment (id, tip_id, district_id, state, sealed, at, turn)"
                " SELECT gen_random_uuid(), id, district_id, 'ready', '', api.clock_now(),"
                " turns + 1 FROM tips_tip WHERE id = %s",
                [tip],
            )
            cursor.execute("UPDATE tips_tip SET turns = turns + 1 WHERE id = %s", [tip])
    assert {stands(cast, tip, name) for name in ("alice", "bea", "tom", "tara")} == {"no"}
    panel = suspicion_panel(open_tip(cast.viewer("tom"), tip))
    assert panel is not None
    assert panel.asks
    assert panel.own is not None
    assert (panel.own.why, panel.own.outdated) == ("Old.", True)
    assert stands(cast, tip, "tom") == "silent"
    assert stands(cast, tip, "tara") == "no", "she has not opened what is new"
    row = Asked.objects.get(tip_id=tip, person_id=cast.people["tom"].pk)
    assert row.answered_at is None
    assert row.remind_at is not None
    assert row.climb_at is not None
    # It can't end before they have answered, and their new no is read anew.
    alice = open_tip(cast.viewer("alice"), tip)
    with pytest.raises(Refused):
        close_tip(alice, "no_action", "Done.")
    no(cast, tip, "tom", "tara")
    assert stands(cast, tip, "tom") == stands(cast, tip, "tara") == "no"
    assert Answer.objects.filter(tip_id=tip, person_id=cast.people["tom"].pk).count() == 2
    # The same words ask nobody twice.
    for name in ("tom", "tara"):
        open_tip(cast.viewer(name), tip)
        assert stands(cast, tip, name) == "no"


def test_the_page_says_so_shows_the_old_answer_and_its_time(cast: Cast) -> None:
    tip, dialog = told(cast)
    no(cast, tip, "tom", "tara")
    client = cast.client("tom")
    assert b"Yes, I suspect" not in client.get(f"/team/{tip}").content
    reporter.add_message(dialog, "It was no game.")
    page = client.get(f"/team/{tip}").content.decode()
    assert "The reporter has written since" in page
    assert "Old." in page
    assert "does not agree" not in page
    turns = Tip.objects.get(pk=tip).turns
    assert f'name="turns" value="{turns}"' in page
    # Another colleague reads the old no as one of before.
    answer_suspicion(open_tip(cast.viewer("tom"), tip), suspects=False, why="New.", duty_id=None)
    shown = cast.client("tara").get(f"/team/{tip}").content.decode()
    assert "Yes, I suspect" in shown
    answer_suspicion(open_tip(cast.viewer("tara"), tip), suspects=False, why="Same.", duty_id=None)
    shown = cast.client("tara").get(f"/team/{tip}").content.decode()
    assert "before the reporter’s latest words" in shown
    assert "Old." in shown
    assert "New." in shown


def test_a_page_of_before_the_words_answers_no_more_than_it_showed(cast: Cast) -> None:
    tip, dialog = told(cast)
    no(cast, tip, "tom", "tara")
    before = Tip.objects.get(pk=tip).turns
    reporter.add_message(dialog, "It was no game.")
    client = cast.client("tom")
    client.get(f"/team/{tip}")
    sent = client.post(
        f"/tips/{tip}/suspicion", {"suspects": "no", "why": "Still a game.", "turns": before}
    )
    assert sent.status_code == 302
    assert stands(cast, tip, "tom") == "silent"
    assert Draft.objects.filter(tip_id=tip).exists(), "what was typed is kept"
    # Words that come between the page and the press: it counts for what the page had.
    tip, dialog = told(cast)
    client.get(f"/team/{tip}")
    before = Tip.objects.get(pk=tip).turns
    reporter.add_message(dialog, "Wait.")
    client.post(f"/tips/{tip}/suspicion", {"suspects": "no", "why": "A game.", "turns": before})
    assert stands(cast, tip, "tom") == "waits"
    client.get(f"/team/{tip}")
    assert stands(cast, tip, "tom") == "silent"


def test_staffs_own_words_ask_nobody_and_a_report_is_not_asked_again(cast: Cast) -> None:
    offices(cast)
    tip, dialog = told(cast)
    no(cast, tip, "tom", "tara")
    client = cast.client("tom")
    client.get(f"/team/{tip}")
    client.post(f"/team/{tip}/note", {"text": "A note."})
    client.get(f"/team/{tip}")
    assert stands(cast, tip, "tom") == "no"
    alice = cast.client("alice")
    alice.get(f"/tips/{tip}")
    alice.post("/suspect", {"rule": "abuse", "since": "now", "about": "nobody", "tip": str(tip)})
    reporter.add_message(dialog, "More.")
    alice.get(f"/tips/{tip}")
    assert stands(cast, tip, "alice") == "reports"


@pytest.mark.parametrize(
    "attack",
    [
        # To be asked about words that are not there, or to have it taken back.
        "UPDATE mandated_asked SET new_turn = 9000, answered_at = NULL,"
        " remind_at = api.clock_now(), climb_at = api.clock_now()",
        "UPDATE mandated_asked SET new_turn = 0 WHERE new_turn > 0",
        "UPDATE mandated_asked SET new_turn = new_turn + 1",
    ],
)
def test_the_database_refuses(cast: Cast, attack: str) -> None:
    tip, dialog = told(cast)
    no(cast, tip, "tom", "tara")
    reporter.add_message(dialog, "It was no game.")
    open_tip(cast.viewer("tom"), tip)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)
    with pytest.raises(Error), transaction.atomic(), as_worker(), connection.cursor() as cursor:
        cursor.execute("UPDATE mandated_asked SET new_turn = 0")
    # Nobody answers ahead: about words that are still to come.
    answer_suspicion(
        open_tip(cast.viewer("tom"), tip), suspects=False, why="No.", duty_id=None, read_to=9_999
    )
    latest = Answer.objects.filter(tip_id=tip, person_id=cast.people["tom"].pk).latest("turn")
    assert latest.turn == Tip.objects.get(pk=tip).turns

"""The supervisor's page: load, what is stuck, times; numbers of the work and no ranking."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db.models import F
from django.db.models.functions import Now

from conftest import Cast
from upstander.base.moment import database_now
from upstander.desk.templatetags.desk import span
from upstander.desk.tests.tips import a_life_safety_tip, a_tip
from upstander.escalations.actions.tasks import open_task
from upstander.escalations.models import Alert, Task
from upstander.people.models import StaffSession
from upstander.tips.actions.writing import add_reply
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.triage import load
from upstander.triage.actions.work import claim_tip, mark_junk


def test_it_shows_who_is_on_and_what_each_holds(cast: Cast) -> None:
    sam = cast.client("sam")
    bea = cast.viewer("bea")
    StaffSession.objects.filter(person_id=bea.person_id).update(
        used_at=F("used_at") - timedelta(minutes=16)
    )
    claim_tip(cast.viewer("alice"), a_tip(cast).tip_id)
    people = {
        one.name: (one.on, one.holds, one.waiting)
        for one in sam.get("/supervisor").context["people"]
    }
    assert people == {"Alice": (True, 1, 1), "Bea": (False, 0, 0), "Sam": (True, 0, 0)}


def test_tiles_lead_to_lists_of_what_they_count(cast: Cast) -> None:
    sam = cast.client("sam")
    unread, late, held = a_life_safety_tip(cast), a_tip(cast), a_tip(cast)
    claim_tip(cast.viewer("alice"), held.tip_id)
    tip, now = Tip.objects.get(pk=late.tip_id), database_now()
    open_task(
        Task.Kind.DECIDE_911,
        subject_id=tip.pk,
        matter_id=tip.matter_id,
        district_id=tip.district_id,
        due_at=now - timedelta(minutes=1),
        now=now,
    )
    page = sam.get("/supervisor")
    tiles = BeautifulSoup(page.content, "html.parser").select_one("dl.figures")
    assert tiles is not None
    assert [one.text.strip() for one in tiles.select("dd")[:2]] == ["1", "1"]
    assert tiles.select("dd a")[1]["href"] == "#eyes"
    assert late.reference in [row.reference for row in page.context["stuck"]]
    first = sam.get(str(tiles.select("dd a")[0]["href"]))
    assert [row.reference for row in first.context["rows"]] == [unread.reference]
    on = sam.get(f"/queue?holder={cast.people['alice'].pk}")
    assert f'"/queue?holder={cast.people["alice"].pk}"' in page.content.decode()
    assert [row.reference for row in on.context["rows"]] == [held.reference]


@pytest.mark.parametrize("name", ["alice", "tom", "dee", "ada"])
def test_others_have_no_such_page(cast: Cast, name: str) -> None:
    assert cast.client(name).get("/supervisor").status_code == 403


def test_what_waits_too_long_needs_somebodys_eyes(cast: Cast) -> None:
    fresh, old = a_life_safety_tip(cast), a_life_safety_tip(cast)
    Tip.objects.filter(pk=old.tip_id).update(
        waiting_since=F("waiting_since") - timedelta(minutes=3)
    )
    stuck = cast.client("sam").get("/supervisor").context["stuck"]
    assert [row.reference for row in stuck] == [old.reference]
    assert fresh.reference not in [row.reference for row in stuck]


def test_what_is_cut_off_of_what_is_stuck_is_said(cast: Cast) -> None:
    for number in range(load.SHOWN + 2):
        a_life_safety_tip(cast, text=f"Words of {number}.")
    Tip.objects.update(waiting_since=F("waiting_since") - timedelta(minutes=3))
    page = cast.client("sam").get("/supervisor")
    assert len(page.context["stuck"]) == load.SHOWN
    said = re.search(r'<a href="/queue">\s*(2 or more others.+?)\s*</a>', page.content.decode())
    assert said
    assert said[1] == "2 or more others need attention: see the queue"


def test_urgent_words_without_a_topic_are_counted_from_the_first_moment(cast: Cast) -> None:
    client = cast.client("sam")
    assert client.get("/supervisor").context["only_words"] == (0, None)
    first, second = a_tip(cast, tile="", answers={}), a_tip(cast, tile="", answers={})
    Tip.objects.filter(pk=first.tip_id).update(received_at=F("received_at") - timedelta(seconds=9))
    a_tip(cast)
    mark_junk(cast.viewer("alice"), a_tip(cast, tile="", answers={}).tip_id, junk=True)
    answer = client.get("/supervisor")
    number, oldest = answer.context["only_words"]
    assert (number, oldest.pk) == (2, first.tip_id)
    page = answer.content.decode().split("Urgent, no topic, unread")[1][:200]
    assert f'<a href="/tips/{first.tip_id}">' in page
    assert client.get(f"/tips/{first.tip_id}").status_code == 200
    number, oldest = client.get("/supervisor").context["only_words"]
    assert (number, oldest.pk) == (1, second.tip_id), "somebody has read the first"
    assert cast.client("cora").get("/queue").status_code == 200


def test_now_stands_before_soon_however_long_that_has_waited(cast: Cast) -> None:
    """With 911 to decide or without: as on the queue, not by the wait alone."""
    soon = {"who": "someone", "when": "soon"}
    told = [a_tip(cast, answers=soon) for _ in range(3)]
    ticked = a_tip(cast, tile="attack", answers={"when": "now"})
    waits = F("waiting_since")
    for minutes, tip in zip((9, 8, 7, 3), (*told, ticked), strict=True):
        Tip.objects.filter(pk=tip.tip_id).update(waiting_since=waits - timedelta(minutes=minutes))
    phoned = Tip.objects.get(pk=told[2].tip_id)
    open_task(
        Task.Kind.CALL_SCHOOL,
        subject_id=phoned.pk,
        matter_id=phoned.matter_id,
        district_id=phoned.district_id,
        due_at=database_now(),
        now=database_now(),
    )
    stuck = cast.client("sam").get("/supervisor").context["stuck"]
    first = [told[2], ticked, told[0], told[1]]
    assert [row.reference for row in stuck] == [tip.reference for tip in first]
    assert [row.place for row in stuck] == sorted(row.place for row in stuck)


def test_the_times_cannot_be_bettered_by_not_reading(cast: Cast) -> None:
    quick = a_tip(cast)
    a_tip(cast)
    Tip.objects.update(received_at=F("received_at") - timedelta(minutes=30))
    add_reply(open_tip(cast.viewer("alice"), quick.tip_id), "We are here.")
    Tip.objects.filter(pk=quick.tip_id).update(
        first_read_at=F("received_at") + timedelta(minutes=1),
        first_reply_at=F("received_at") + timedelta(minutes=2),
    )
    day = cast.client("sam").get("/supervisor").context["times"][0]
    assert day.tips == 2
    assert day.read_median == pytest.approx((60 + 1800) / 2, abs=5)
    assert day.reply_p90 > 1600


def test_the_times_cost_no_more_when_there_are_many(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "TIMED", 3)
    for _ in range(5):
        a_tip(cast)
    page = cast.client("sam").get("/supervisor")
    assert [span.tips for span in page.context["times"]] == [3, 3]
    assert "newest 3" in page.content.decode()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "–"),
        (4.4, "4 s"),
        (61, "1 min"),
        (7500, "2 h 5 min"),
        (7200, "2 h"),
        (900000, "10 days"),
    ],
)
def test_spans_in_words(seconds: float | None, words: str) -> None:
    assert span(seconds) == words


def test_it_keeps_itself_up_to_date_and_names_the_longest_wait(cast: Cast) -> None:
    first, second = a_tip(cast), a_life_safety_tip(cast)
    Tip.objects.filter(pk=second.tip_id).update(waiting_since=Now() - timedelta(hours=3))
    page = cast.client("sam").get("/supervisor").content.decode()
    assert 'data-at="supervisor"' in page
    assert 'id="supervised"' in page
    assert "desk/supervisor" in page, "the script that keeps it up to date"
    assert f'<a href="/tips/{second.tip_id}">' in page.split("Longest wait since")[1][:200]
    assert f'<a href="/tips/{first.tip_id}">' not in page.split("Longest wait since")[1][:200]
    assert "not up to date" in page, "said where a countdown passes without news"


def test_who_has_had_no_break_is_named(cast: Cast) -> None:
    client = cast.client("alice")
    client.get("/queue")
    assert "No break since" not in cast.client("sam").get("/supervisor").content.decode()
    mine = StaffSession.objects.filter(person_id=cast.people["alice"].pk)
    mine.update(working_since=Now() - timedelta(hours=3))
    page = cast.client("sam").get("/supervisor").content.decode()
    assert re.search(r"No break since 3.hours ago", page)
    # A pause of ten minutes is one, and begins the time anew.
    mine.update(used_at=Now() - timedelta(minutes=11))
    client.get("/queue")
    assert "No break since" not in cast.client("sam").get("/supervisor").content.decode()


def test_what_is_late_needs_somebodys_eyes_whoever_has_the_tip(cast: Cast) -> None:
    """A call was made and nobody asks whether help came; whoever claimed it has fallen silent."""
    held, quiet, well = (a_life_safety_tip(cast) for _ in range(3))
    for filed in (held, quiet, well):
        claim_tip(cast.viewer("alice"), filed.tip_id)
    now = database_now()
    for filed, minutes in ((held, -1), (well, 5)):
        tip = Tip.objects.get(pk=filed.tip_id)
        open_task(
            Task.Kind.CONFIRM_HELP,
            subject_id=tip.pk,
            matter_id=tip.matter_id,
            district_id=tip.district_id,
            due_at=now + timedelta(minutes=minutes),
            now=now,
        )
    alerts = Alert.objects.filter(subject_id=quiet.tip_id)
    alerts.update(state=Alert.State.OPEN, opened_at=F("opened_at") - timedelta(minutes=3))
    stuck = cast.client("sam").get("/supervisor").context["stuck"]
    assert {row.reference for row in stuck} == {held.reference, quiet.reference}

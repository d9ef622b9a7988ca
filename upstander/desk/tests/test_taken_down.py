"""A tip that an adult took down, from the queue to the school's team."""

from __future__ import annotations

import html

import pytest

from conftest import Cast
from upstander.desk.one_source import places_around
from upstander.escalations.models import Step
from upstander.people.scope import viewing
from upstander.tips import reporter
from upstander.tips.actions.adult_links import make_link
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip, read_contents
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import claim_tip

SAID = "She said: he waits for me behind the gym again."
OWN = "She would not sit down. This was at 12 Mill Street, at the bus stop."


def taken_down(cast: Cast, maker: str = "tara", *, tile: str = "threat") -> reporter.Filed:
    """File what a driver took down by somebody's link."""
    link = make_link(
        cast.viewer(maker), district_id=cast.maple.pk, school_id=cast.cedar.pk, note="Driver"
    )
    return reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text=SAID,
            language="en",
            tile=tile,
            answers={
                "when": "now",
                "means": "yes",
                "taken_from": "child",
                "adult_words": OWN,
                "adult": "Pat Moss, bus 4",
                "suspects": "unsure",
            },
            school_id=cast.cedar.pk,
            channel="staff",
            link=link,
        )
    )


def test_the_page_shows_the_exact_words_and_the_adults_apart(cast: Cast) -> None:
    filed = taken_down(cast)
    page = html.unescape(cast.client("alice").get(f"/tips/{filed.tip_id}").content.decode())
    assert "taken down by an adult" in page
    exact, own = page.index(SAID), page.index(OWN)
    assert exact < own
    assert "Exact words, taken down by an adult" in page[:exact]
    assert "Internal note: the reporter never sees this" in page[exact:own]
    assert "Pat Moss, bus 4" in page[exact:own]


def test_nobody_waits_for_a_reply_that_nobody_may_read(cast: Cast) -> None:
    filed = taken_down(cast)
    claim_tip(cast.viewer("alice"), filed.tip_id)
    assert Tip.objects.get().waiting_since is None
    assert not Step.objects.filter(cause="unanswered").exists()
    reporter.add_message(filed.session_token, "It is me. I have the words.")
    assert Tip.objects.get().waiting_since is not None


def test_one_that_a_child_has_written_to_waits_like_any(cast: Cast) -> None:
    filed = taken_down(cast)
    reporter.add_message(filed.session_token, "It is me. I have the words.")
    claim_tip(cast.viewer("alice"), filed.tip_id)
    assert Tip.objects.get().waiting_since is not None
    assert Step.objects.filter(cause="unanswered").exists()


@pytest.mark.parametrize("words", [False, True])
def test_the_team_gets_it_past_whoever_made_the_link(cast: Cast, *, words: bool) -> None:
    filed = taken_down(cast)
    alice = cast.viewer("alice")
    claim_tip(alice, filed.tip_id)
    hand_off(
        open_tip(alice, filed.tip_id),
        [cast.teams["cedar"].pk],
        "A girl is afraid of somebody behind the gym.",
        with_words=words,
        words_reason="The team must know how she said it." if words else "",
    )
    team = cast.client("tom").get(f"/team/{filed.tip_id}")
    assert team.status_code == 200
    page = html.unescape(team.content.decode())
    assert (SAID in page, OWN in page) == (words, words)
    assert "Pat Moss" not in page
    assert cast.client("tara").get(f"/team/{filed.tip_id}").status_code == 404
    lead = cast.viewer("tara")
    with viewing(lead):
        assert not Tip.objects.exists()


def test_a_place_in_the_adults_words_is_a_place(cast: Cast) -> None:
    filed = taken_down(cast)
    opened = open_tip(cast.viewer("alice"), filed.tip_id)
    contents = read_contents(opened)
    with viewing(opened.viewer):
        around = places_around(opened.tip, contents)
    assert any("12 Mill Street" in str(one) for one in around.wrote)

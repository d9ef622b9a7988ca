"""What a reporter sends while staff type is not answered, closed over or left lying."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from conftest import Cast
from upstander.base.refused import Refused
from upstander.decisions.actions import close_tip
from upstander.desk.tests.story import close_by_two
from upstander.desk.tests.test_nobody_waits import alert_of, asked, filed, pass_time
from upstander.escalations.models import Alert
from upstander.escalations.sweeps import sweep_news
from upstander.tips import reporter
from upstander.tips.actions.writing import add_reply
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.tips.states import TipState
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import claim_tip


class TestWroteMeanwhile:
    """The page showed one message; the child sent another while the answer was being typed."""

    @pytest.fixture
    def late(self, cast: Cast) -> tuple[reporter.Filed, int]:
        tip = filed(cast)
        alice = cast.viewer("alice")
        claim_tip(alice, tip.tip_id)
        add_reply(open_tip(alice, tip.tip_id), "Where are you?")
        return tip, Tip.objects.get(pk=tip.tip_id).turns

    def send(self, tip: reporter.Filed, what: str) -> None:
        if what == "words":
            reporter.add_message(tip.session_token, "He is here.")
        else:
            reporter.attach(
                tip.session_token, uuid4(), {"name": "p.jpg", "size": 1, "kind": "image"}
            )

    @pytest.mark.parametrize("what", ["words", "a file"])
    def test_an_answer_to_what_was_before_is_none_to_it(
        self, cast: Cast, late: tuple[reporter.Filed, int], what: str
    ) -> None:
        tip, shown = late
        self.send(tip, what)
        sent = add_reply(open_tip(cast.viewer("alice"), tip.tip_id), "Stay there.", read_to=shown)
        assert sent.unread
        assert Tip.objects.get(pk=tip.tip_id).waiting_since is not None
        alert = alert_of(tip.tip_id)
        sweep_news()
        waits = alert.steps.filter(cause="unanswered", state="due")
        assert waits.exists()
        # Whoever has seen it answers it.
        assert not add_reply(open_tip(cast.viewer("alice"), tip.tip_id), "I see.").unread
        assert Tip.objects.get(pk=tip.tip_id).waiting_since is None
        assert not waits.exists()

    @pytest.mark.parametrize("what", ["words", "a file"])
    def test_nobody_closes_over_it(
        self, cast: Cast, late: tuple[reporter.Filed, int], what: str
    ) -> None:
        tip, shown = late
        opened = open_tip(cast.viewer("alice"), tip.tip_id)
        self.send(tip, what)
        with pytest.raises(Refused):
            close_tip(opened, "support_given", "Done.", read_to=shown)

    @pytest.mark.parametrize("what", ["words", "a file"])
    def test_a_closed_tip_is_the_center_s_again(
        self, cast: Cast, late: tuple[reporter.Filed, int], what: str
    ) -> None:
        tip, _shown = late
        close_by_two(cast, "alice", "bea", tip.tip_id)
        self.send(tip, what)
        assert Tip.objects.get(pk=tip.tip_id).state == TipState.RETURNED
        alert = alert_of(tip.tip_id)
        assert alert.state == Alert.State.OPEN
        pass_time(alert, 3600)
        assert asked(alert)

    @pytest.mark.parametrize("who", ["alice", "tom"])
    def test_the_page_says_so(self, cast: Cast, late: tuple[reporter.Filed, int], who: str) -> None:
        tip, shown = late
        path = f"/tips/{tip.tip_id}/reply"
        if who == "tom":
            hand_off(
                open_tip(cast.viewer("alice"), tip.tip_id), [cast.teams["cedar"].pk], "Please."
            )
            path = f"/team/{tip.tip_id}/reply"
        client = cast.client(who)
        page = client.get(path.removesuffix("/reply")).content.decode()
        shown = int(re.findall(r'name="turns" value="(\d+)"', page)[0])
        self.send(tip, "words")
        answer = client.post(path, {"text": "Stay there.", "turns": shown}, follow=True)
        assert "wrote while you were replying" in answer.content.decode()

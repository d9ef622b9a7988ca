"""The system's own test tips are on no real desk: no row, no count, no sound, no stream."""

from __future__ import annotations

from conftest import Cast
from upstander.desk import live_rows
from upstander.escalations.models import Alert, Task
from upstander.people import public
from upstander.people.scope import viewing
from upstander.tips import reporter
from upstander.tips.models import Tip
from upstander.triage import load
from upstander.triage.queries import QueueFilter, counts_for, queue_tips
from upstander.watch.place import ensure_place
from upstander.watch.trial import ANSWERS, TEXT


def test_no_real_desk_sees_counts_or_hears_it(cast: Cast) -> None:
    place = ensure_place("+18605550170")
    assert place is not None
    public._kept.clear()
    tip = reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text=TEXT,
            language="en",
            tile="suicide",
            answers=dict(ANSWERS),
            district_id=place.district_id,
        )
    ).tip_id
    for name in ("alice", "sam", "cora", "tara", "dee"):
        viewer = cast.viewer(name)
        assert live_rows.visible(viewer, [tip]) == set()
        if name in ("alice", "sam", "cora"):
            # What the sound is rung by.
            assert live_rows.alarms(viewer) == []
            assert live_rows.render_rows(viewer, [tip]) == {}
            with viewing(viewer) as now:
                assert queue_tips(viewer, QueueFilter()) == []
                assert counts_for(viewer).unread == 0
                assert load.needing_eyes(viewer, now) == []
                assert not Task.objects.exists()
                assert not Alert.objects.filter(subject_id=tip).exists()
    assert Tip.objects.get(pk=tip).priority == "life_safety"

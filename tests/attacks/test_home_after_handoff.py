"""What the center learns of home after a hand-off reaches the team that has the tip."""

from __future__ import annotations

from uuid import UUID

import pytest

from conftest import Cast
from upstander.base.refused import Refused
from upstander.desk.tests.story import handed_off
from upstander.escalations.actions.alerts import acknowledge
from upstander.escalations.models import Acknowledgement, Alert, Cause, News, Page
from upstander.escalations.tests.alerts import Clock, clock, hear
from upstander.intake.priority import Priority
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import send_back
from upstander.triage.actions.work import assess_tip
from upstander.triage.models import Handoff

__all__ = ["clock"]

pytestmark = pytest.mark.django_db
WARNED = "Home may not be safe"


def assessed(cast: Cast, tip: UUID, home: str, priority: Priority = Priority.LIFE_SAFETY) -> None:
    assess_tip(open_tip(cast.viewer("alice"), tip), {"home_unsafe": home}, priority)


def page(cast: Cast, tip: UUID, name: str = "tom") -> str:
    return cast.client(name).get(f"/team/{tip}").content.decode()


def told(tip: UUID) -> list[int]:
    """Return who was paged because something is new."""
    hear()
    pages = Page.objects.filter(alert__subject_id=tip, cause=Cause.NEWS)
    return sorted(set(pages.values_list("person_id", flat=True)))


def taken(cast: Cast, tip: UUID) -> Alert:
    alert = Alert.objects.get(subject_id=tip, stage=Alert.Stage.SCHOOL)
    return acknowledge(cast.viewer("tom"), alert.pk, Acknowledgement.Answer.HAVE_IT)


def test_their_page_says_it_and_whoever_has_it_is_paged_once(cast: Cast, clock: Clock) -> None:
    tip = handed_off(cast, home_safe="yes").tip_id
    alert = taken(cast, tip)
    assert WARNED not in page(cast, tip)
    assert told(tip) == []
    clock.move(3600)
    assessed(cast, tip, "yes")
    for name in ("tom", "tara"):
        assert WARNED in page(cast, tip, name)
    assert told(tip) == [cast.people["tom"].pk]
    alert.refresh_from_db()
    assert alert.next_step_due_at is not None, "and a next step is wanted anew"
    # Judged again the same way: nothing is new. The call home is asked about all the same.
    Page.objects.all().delete()
    assessed(cast, tip, "yes")
    assert told(tip) == []
    answer = cast.client("tom").post(f"/team/{tip}/next", {"step": "family"}, follow=True)
    assert "we don&#x27;t know if home is safe" in answer.content.decode()


@pytest.mark.parametrize("home", ["no", "unknown"])
def test_a_judgement_that_says_nothing_grave_pages_nobody(cast: Cast, home: str) -> None:
    tip = handed_off(cast, home_safe="yes").tip_id
    taken(cast, tip)
    assessed(cast, tip, home)
    assert WARNED not in page(cast, tip)
    assert told(tip) == []


def test_what_the_reporter_said_or_was_known_before_is_not_told_as_new(cast: Cast) -> None:
    tip = handed_off(cast, home_safe="no").tip_id
    taken(cast, tip)
    assessed(cast, tip, "yes")
    assert WARNED in page(cast, tip)
    assert told(tip) == []


def test_a_judgement_that_takes_it_back_leaves_what_the_reporter_said(cast: Cast) -> None:
    tip = handed_off(cast, home_safe="no").tip_id
    assessed(cast, tip, "no")
    assert WARNED in page(cast, tip)
    other = handed_off(cast, home_safe="yes").tip_id
    assessed(cast, other, "yes")
    assessed(cast, other, "no")
    assert WARNED not in page(cast, other)


def test_nobody_has_it_yet_and_each_team_reads_it(cast: Cast) -> None:
    tip = handed_off(cast, teams=("cedar", "birch")).tip_id
    assessed(cast, tip, "yes")
    assert told(tip) == []
    for name in ("tom", "bob"):
        assert WARNED in page(cast, tip, name)


def test_a_tip_that_was_sent_back_tells_the_school_nothing(cast: Cast) -> None:
    tip = handed_off(cast).tip_id
    send_back(open_tip(cast.viewer("tom"), tip), "Not our student.")
    assessed(cast, tip, "yes")
    assert not News.objects.filter(kind=News.Kind.LEARNED).exists()


def test_it_stands_in_clear_nowhere_and_a_closed_tip_takes_none(cast: Cast) -> None:
    tip = handed_off(cast).tip_id
    rows = []
    for home in ("no", "yes"):
        assessed(cast, tip, home)
        rows.append(bytes(_since(tip)))
    assert rows[0] != rows[1]
    assert b"home" not in rows[1]
    with pytest.raises(Refused):
        assess_tip(open_tip(cast.viewer("alice"), tip), {"home_unsafe": "?"}, Priority.URGENT)


def _since(tip: UUID) -> bytes:
    since = Handoff.objects.get(tip_id=tip).home_since
    assert since is not None
    return bytes(since)

"""Times are gathered from what happened, for real tips only, and obey the exclusions of now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, ProgrammingError, connection

from conftest import Cast
from upstander.accountability.models import Gathered, Journey
from upstander.accountability.sweeps import gather
from upstander.audit.models import Entry
from upstander.base.moment import database_second
from upstander.decisions.models import Closing, SecondOpinion
from upstander.editions.halves import Half, halves
from upstander.escalations.models import Acknowledgement, Alert, Page
from upstander.matters.models import Exclusion
from upstander.people.keys import mac_holder
from upstander.people.scope import viewing
from upstander.places.models import School
from upstander.tips import reporter
from upstander.tips.models import Recipient, Tip
from upstander.triage.models import Assessment, Handoff
from upstander.watch.place import ensure_place

ZONE = ZoneInfo("America/New_York")
#: A Tuesday, 22:30 in New York.
CAME = datetime(2026, 3, 11, 2, 30, tzinfo=UTC)


def a_tip(
    cast: Cast,
    *,
    school: str = "cedar",
    came: datetime = CAME,
    tile: str = "attack",
    **steps: int,
) -> Tip:
    """File a tip for real, then let its steps have happened so many seconds after it came."""
    filed = reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text="A tip.",
            language="en",
            tile=tile,
            answers={"when": "now"} if tile == "attack" else {},
            school_id=getattr(cast, school).pk,
        )
    )
    tip = Tip.objects.get(pk=filed.tip_id)
    tip.received_at = came
    common: dict[str, Any] = {"tip_id": tip.pk, "district_id": tip.district_id}
    at = {step: came + timedelta(seconds=after) for step, after in steps.items()}
    if steps:
        tip.claimed_at = at.get("claimed")
        move(tip, "claimed")
    if "assessed" in at:
        Assessment.objects.create(
            **common,
            person_id=1,
            priority="life_safety",
            suggested="life_safety",
            sealed=b"",
            at=at["assessed"],
        )
    if "handed" in at:
        hand_over(cast, tip, school, at)
    if "closed" in at:
        # A life-safety tip is closed by two, of whom the second has opened it.
        tip.disposition = "support_given"
        Entry.objects.create(
            actor_kind="staff",
            actor_id=2,
            action="tip opened",
            subject_kind="tip",
            subject_id=str(tip.pk),
            detail={"purpose": "read"},
        )
        SecondOpinion.objects.create(
            **common,
            kind="false",
            disposition=tip.disposition,
            proposed_by=1,
            proposed_at=at["closed"],
            expires_at=at["closed"],
            state="agreed",
            decided_by=2,
            decided_at=database_second(),
            audience="case",
            sealed=b"",
        )
        move(tip, "closed")
        Closing.objects.create(
            **common,
            disposition="support_given",
            audience="case",
            person_id=1,
            at=at["closed"],
            sealed=b"",
        )
    tip.save()
    return tip


def move(tip: Tip, state: str) -> None:
    tip.state = state
    tip.save()


def hand_over(cast: Cast, tip: Tip, school: str, at: dict[str, datetime]) -> None:
    move(tip, "handed_off")
    holder = cast.teams[school].holder
    common: dict[str, Any] = {"tip_id": tip.pk, "district_id": tip.district_id}
    Handoff.objects.create(**common, holders=[holder], by=1, at=at["handed"], sealed=b"")
    Recipient.objects.create(**common, holder=holder, since=at["handed"], since_turn=2)
    alert = Alert.objects.create(
        subject_id=tip.pk,
        matter_id=tip.matter_id,
        reference=tip.reference,
        district_id=tip.district_id,
        priority=tip.priority,
        holders=[holder],
        opened_at=at["handed"],
        stage="school",
    )
    if "paged" in at:
        Page.objects.create(
            alert=alert,
            district_id=tip.district_id,
            step_number=1,
            person_id=1,
            channel="sms",
            state="sent",
            due_at=at["handed"],
            sent_at=at["paged"],
        )
    if "had" in at:
        Acknowledgement.objects.create(
            alert=alert,
            district_id=tip.district_id,
            person_id=1,
            answer="have_it",
            at=at["had"],
            number=1,
        )


def exclude(tip: Tip, person_id: int) -> None:
    Exclusion.objects.create(
        matter_id=tip.matter_id,
        district_id=tip.district_id,
        person_mac=bytes.fromhex(mac_holder(person_id).removeprefix("mac:")),
    )


def test_each_step_counts_from_the_tip_and_the_schools_from_its_hand_off(cast: Cast) -> None:
    tip = a_tip(cast, claimed=40, assessed=90, handed=150, paged=152, had=210, closed=123_456)
    assert gather(100) == 1
    found = Journey.objects.get(pk=tip.pk)
    assert (found.claimed, found.assessed, found.handed_off) == (40, 90, 150)
    assert (found.paged, found.acknowledged) == (152, 210)
    assert (found.paged_after, found.acknowledged_after) == (2, 60)
    # Above a thousand seconds three figures are kept.
    assert (found.ended, found.ended_after) == (123_000, 123_000)
    # By the school's own clock.
    assert (found.hour, found.weekday, found.handed_hour) == (22, 1, 22)
    assert found.closed
    assert not found.waiting


def test_what_changed_nothing_is_written_once_and_what_came_later_is_found(cast: Cast) -> None:
    tip = a_tip(cast, claimed=40, handed=150)
    assert gather(100) == 1
    assert gather(100) == 0
    # A page is sent and answered without the tip's own row changing.
    Gathered.objects.update(changed_at=datetime(2099, 1, 1, tzinfo=UTC))
    alert = Alert.objects.get(subject_id=tip.pk, stage="school")
    Acknowledgement.objects.create(
        alert=alert,
        district_id=tip.district_id,
        person_id=1,
        answer="seen",
        at=CAME + timedelta(seconds=200),
        number=1,
    )
    assert gather(100) == 0, "seen is no acknowledgement"
    Acknowledgement.objects.create(
        alert=alert,
        district_id=tip.district_id,
        person_id=1,
        answer="have_it",
        at=CAME + timedelta(seconds=300),
        number=2,
    )
    assert gather(100) == 1
    assert Journey.objects.get(pk=tip.pk).acknowledged == 300


def test_a_piece_at_a_time_leaves_none_out(cast: Cast) -> None:
    tips = {a_tip(cast, claimed=n).pk for n in range(7)}
    # Long enough ago that the mark moves on.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tips_tip SET changed_at = api.clock_now() - interval '1 hour'")
    assert sum(gather(3) for _ in range(4)) == 7
    assert set(Journey.objects.values_list("pk", flat=True)) == tips


def test_junk_and_the_systems_own_tips_are_in_no_figure(cast: Cast) -> None:
    place = ensure_place()
    assert place is not None
    # No danger: what is one can't be set aside.
    tip = a_tip(cast, tile="other", claimed=40)
    gather(100)
    assert Journey.objects.exists()
    Tip.objects.filter(pk=tip.pk).update(junk=True)
    Tip.objects.filter(pk=a_tip(cast).pk).update(district_id=place.district_id)
    gather(100)
    assert not Journey.objects.exists()


@pytest.mark.parametrize(("name", "sees"), [("sam", 2), ("tara", 1), ("dee", 2), ("pia", 0)])
def test_each_counts_their_own_and_nothing_that_they_are_excluded_from(
    cast: Cast, name: str, sees: int
) -> None:
    now = datetime.now(UTC) - timedelta(hours=1)
    mine = a_tip(cast, came=now, claimed=5, handed=10)
    a_tip(cast, school="birch", came=now, claimed=5, handed=10)
    gather(100)
    viewer = cast.viewer(name)

    def tips() -> int:
        with viewing(viewer):
            return Journey.objects.values("tip_id").count()

    assert tips() == sees
    # Set after the figures were gathered: it holds at once.
    exclude(mine, viewer.person_id)
    assert tips() == max(0, sees - 1)


@pytest.mark.parametrize("name", ["tara", "dee"])
@pytest.mark.parametrize("column", ["received_at", "hour", "claimed", "handed_off", "acknowledged"])
def test_the_database_keeps_from_schools_what_tells_when_a_tip_came(
    cast: Cast, name: str, column: str
) -> None:
    a_tip(cast, claimed=40, handed=150)
    gather(100)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        viewing(cast.viewer(name)),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"SELECT {column} FROM accountability_journey")


def latest(back: int = 0) -> Half:
    """Return the latest half-year that is published, or one before it."""
    return halves(datetime.now(UTC), ZONE)[back]


def settled_half(back: int = 0) -> datetime:
    """Return a moment in the latest half-year that is published, or in one before it."""
    return latest(back).span(ZONE)[1] - timedelta(days=5)


def before(
    cast: Cast, name: str, school: int = 0, half: str | None = None
) -> dict[str, tuple[Any, ...]]:
    with viewing(cast.viewer(name)), connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM api.times_before_handoff(p_district => %s, p_school => %s,"
            " p_half => %s)",
            [cast.maple.pk, school, half or latest().key],
        )
        return {row[0]: row[1:] for row in cursor.fetchall()}


@pytest.mark.parametrize("back", [-1, 8])
def test_the_database_tells_of_no_half_year_that_is_not_published(cast: Cast, back: int) -> None:
    half = latest().next() if back < 0 else latest(7).before()
    with pytest.raises(DatabaseError, match=r"thirty days|last eight"):
        before(cast, "tara", cast.cedar.pk, half.key)


def test_what_reached_a_team_later_is_in_no_half_year_that_is_over(cast: Cast) -> None:
    over = settled_half()
    for _ in range(9):
        a_tip(cast, came=over, claimed=41, handed=170)
    late = a_tip(cast, came=over, claimed=41, handed=90 * 86_400)
    gather(100)
    assert before(cast, "tara", cast.cedar.pk) == {}, "nine had reached it"
    with viewing(cast.viewer("tara")):
        assert Tip.objects.filter(pk=late.pk).exists(), "theirs all the same"


def test_a_school_is_told_of_the_centers_part_only_coarsely(cast: Cast) -> None:
    over, cedar = settled_half(), cast.cedar.pk
    for _ in range(9):
        a_tip(cast, came=over, claimed=41, handed=170)
    a_tip(cast, came=datetime.now(UTC) - timedelta(minutes=9), claimed=41, handed=170)
    gather(100)
    assert before(cast, "tara", cedar) == {}
    last = a_tip(cast, came=over, claimed=99, handed=400)
    gather(100)
    told = {"claimed": (1, 90), "handed_off": (3, 90)}
    assert before(cast, "tara", cedar) == before(cast, "dee") == told
    # Of another's school, of a district as a school's lead, as somebody who leads nothing: nothing.
    for name, school in (("bob", cedar), ("tara", 0), ("dee", cedar), ("tom", cedar)):
        assert before(cast, name, school) == {}
    exclude(last, cast.people["tara"].pk)
    assert before(cast, "tara", cedar) == {}


def test_the_center_has_no_use_for_the_schools_function(cast: Cast) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        before(cast, "sam")


def journeys(
    cast: Cast,
    count: int,
    *,
    school: School | None = None,
    priority: str = "life_safety",
    back: int = 0,
    **steps: Any,
) -> list[UUID]:
    """Write journeys of a half-year as the sweep would: for pages that count many."""
    at, to = settled_half(back), school or cast.cedar
    made = [
        Journey(
            tip_id=uuid4(),
            district_id=to.district_id,
            school_id=to.pk,
            priority=priority,
            closed=False,
            received_at=at,
            handed_off_at=at,
            hour=n % 24,
            handed_hour=n % 24,
            weekday=n % 7,
            handed_weekday=n % 7,
            waiting=False,
            **steps,
        )
        for n in range(count)
    ]
    Journey.objects.bulk_create(made)
    return [one.tip_id for one in made]

"""Whoever waits is told how long it usually takes: in whole minutes, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from statistics import median_low
from typing import Any

import pytest
from django.db import Error, connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Cast
from upstander.accountability.tests.test_gathering import a_tip
from upstander.base.published import PublishedInt
from upstander.carriers.models import ContactMethod
from upstander.doors import waits
from upstander.doors.models import UsualWait
from upstander.doors.tests.site import Site, text_of
from upstander.escalations.tests.alerts import taken_back
from upstander.oncall.actions.plans import save_layer
from upstander.oncall.tests.setup import phones, weekly
from upstander.people.models import StaffSession
from upstander.plug import figures
from upstander.retention.tests.setup import as_worker, set_clock
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip, words_shown
from upstander.triage.actions.work import claim_tip

pytestmark = pytest.mark.django_db

#: A Thursday, 22:40 in New York.
NOW = datetime(2026, 3, 27, 2, 40, tzinfo=UTC)
NOBODY = "We can’t say how soon."


@pytest.fixture(autouse=True)
def _anew() -> None:
    waits.forget()


def read_after(cast: Cast, *seconds: int | None, came: datetime | None = None, **more: Any) -> None:
    """Let tips have come yesterday at this hour, read after so long (None: by nobody yet)."""
    at = came or NOW - timedelta(days=1)
    for after in seconds:
        tip = a_tip(cast, came=at, tile="bullying")
        read = at + timedelta(seconds=after) if after is not None else None
        Tip.objects.filter(pk=tip.pk).update(first_read_at=read, **more)


def at_work(cast: Cast, *names: str) -> None:
    """Let these be signed in and at work now, and nobody else."""
    for name in names:
        cast.viewer(name)
    StaffSession.objects.exclude(person_id__in=[cast.people[n].pk for n in names]).delete()


def told(site: Site, path: str = "/talk/live") -> str:
    """What a reporter who has just sent a tip is told, once the worker has been there."""
    if not Tip.objects.filter(received_at=NOW).exists():
        site.send("/report?d=maple-valley", tile="bullying")
    as_worker(waits.keep_waits)
    waits.forget()
    return " ".join(text_of(site.get(path)).split())


def test_the_median_of_this_hour_in_whole_minutes_with_both_numbers_beside_it(
    site: Site, cast: Cast
) -> None:
    set_clock(NOW)
    read_after(cast, *[30] * 8, *[130] * 6, *[900] * 6)
    at_work(cast, "alice")
    page = told(site)
    assert "half of all messages are read within 3 minutes" in page
    assert NOBODY not in page
    assert 'href="tel:911"' in page
    assert 'href="tel:988"' in page


@pytest.mark.parametrize(
    ("seconds", "said"), [(1, "within 1 minute."), (60, "1 minute."), (61, "2 m")]
)
def test_minutes_are_rounded_up_and_never_none(
    site: Site, cast: Cast, seconds: int, said: str
) -> None:
    set_clock(NOW)
    read_after(cast, *[seconds] * 21)
    at_work(cast, "alice")
    assert said in told(site)


def test_from_twenty_tips_on(site: Site, cast: Cast) -> None:
    set_clock(NOW)
    read_after(cast, *[40] * 18)
    at_work(cast, "alice")
    # The reporter's own is the nineteenth.
    page = told(site)
    assert NOBODY in page
    assert "half of all" not in page
    assert 'href="tel:911"' in page
    assert 'href="tel:988"' in page
    read_after(cast, 40)
    assert "within 1 minute" in told(site)


def test_nobody_on_shift_and_no_number_is_promised(site: Site, cast: Cast) -> None:
    set_clock(NOW)
    read_after(cast, *[40] * 25)
    at_work(cast)
    assert NOBODY in told(site)
    at_work(cast, "tara", "ada")  # of a school's team, and an administrator
    assert NOBODY in told(site)
    at_work(cast, "alice")
    assert "within 1 minute" in told(site)


def test_whom_the_rota_calls_is_on_shift_unless_nothing_rings_them(site: Site, cast: Cast) -> None:
    set_clock(NOW)
    read_after(cast, *[40] * 25)
    phones(cast, "alice")
    alice = cast.people["alice"].pk
    save_layer(cast.viewer("sam"), cast.teams["lakeside"].pk, weekly(alice))
    at_work(cast)
    assert "within 1 minute" in told(site)
    ContactMethod.objects.all().delete()
    assert NOBODY in told(site), "a gap of the rota is nobody"


@pytest.mark.parametrize(
    "more",
    [
        {"came": NOW - timedelta(days=31)},
        {"came": NOW - timedelta(days=1, hours=1)},
        {"came": NOW - timedelta(days=1) + timedelta(hours=1)},
        {"junk": True},
        {"channel": "import"},
        {"channel": "staff"},
    ],
)
def test_other_hours_older_ones_junk_and_what_staff_brought_count_for_nothing(
    site: Site, cast: Cast, more: dict[str, Any]
) -> None:
    set_clock(NOW)
    at_work(cast, "alice")
    read_after(cast, *[40] * 30, **more)
    assert NOBODY in told(site)


def test_a_flood_that_nobody_reads_makes_no_figure_better(site: Site, cast: Cast) -> None:
    set_clock(NOW)
    at_work(cast, "alice")
    read_after(cast, *[600] * 21)
    assert "within 10 minutes" in told(site)
    read_after(cast, *[None] * 40, came=NOW - timedelta(seconds=5))
    assert NOBODY in told(site), "half of them are not read at all"


def test_what_the_worker_has_not_made_lately_is_not_told(site: Site, cast: Cast) -> None:
    set_clock(NOW)
    at_work(cast, "alice")
    read_after(cast, *[40] * 25)
    assert "within 1 minute" in told(site)
    set_clock(NOW + timedelta(minutes=6))
    waits.forget()
    assert NOBODY in text_of(site.get("/talk/live"))


def test_once_it_is_read_nobody_is_told_to_wait(site: Site, cast: Cast) -> None:
    set_clock(NOW)
    at_work(cast, "alice")
    read_after(cast, *[40] * 25)
    assert "within 1 minute" in told(site)
    tip = Tip.objects.get(received_at=NOW).pk
    claim_tip(cast.viewer("alice"), tip)
    assert "within 1 minute" in told(site), "claimed and not yet opened"
    words_shown(open_tip(cast.viewer("alice"), tip))
    page = told(site)
    assert "half of all" not in page
    assert NOBODY not in page


@pytest.mark.parametrize(("language", "word"), [("es", "minutos"), ("ar", "دقائق")])
def test_in_every_language_of_reporters(site: Site, cast: Cast, language: str, word: str) -> None:
    set_clock(NOW)
    at_work(cast)
    read_after(cast, *[400] * 25)
    nobody = told(site, f"/{language}/talk/live")
    assert NOBODY not in nobody
    assert 'href="tel:988"' in nobody
    at_work(cast, "alice")
    page = told(site, f"/{language}/talk/live")
    assert word in page
    assert "half of" not in page


def test_the_public_site_reads_one_function_and_no_number_of_tips(cast: Cast) -> None:
    set_clock(NOW)
    at_work(cast, "alice")
    read_after(cast, *[40] * 33)
    as_worker(waits.keep_waits)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE upstander_public")
        cursor.execute("SELECT api.public_waits()")
        [(found,)] = cursor.fetchall()
        cursor.execute("RESET ROLE")
    assert "33" not in str(found)
    for role, attack in (
        ("upstander_public", "SELECT * FROM doors_usualwait"),
        ("upstander_public", "SELECT api.keep_waits('{}')"),
        ("upstander_worker", "SELECT * FROM doors_usualwait"),
        ("upstander_center", "SELECT api.keep_waits('{}')"),
    ):
        with pytest.raises(Error), taken_back(), connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {role}; {attack}")


def test_it_is_the_one_figure_that_reporters_read_and_has_passed_the_register(cast: Cast) -> None:
    assert [key for key, one in figures().items() if one.apart] == ["reporter.wait"]
    figure = figures()["reporter.wait"]
    assert (figure.least, figure.readers, figure.on) == (20, frozenset(), ("/talk/live",))
    assert figure.apart
    set_clock(NOW)
    UsualWait.objects.create(center_id=cast.maple.center_id, minutes=4, tips=19, at=NOW)
    assert waits.usual_wait(cast.maple.pk) is None, "of too few, whoever wrote the row"
    UsualWait.objects.update(tips=20)
    waits.forget()
    found = waits.usual_wait(cast.maple.pk)
    assert isinstance(found, PublishedInt)
    assert found.figure == "reporter.wait"


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seconds=st.lists(st.none() | st.integers(0, 40_000), min_size=18, max_size=23))
def test_the_figure_is_what_it_says(cast: Cast, seconds: list[int | None]) -> None:
    set_clock(NOW)
    Tip.objects.update(junk=True)
    at_work(cast, "alice")
    read_after(cast, *seconds)
    as_worker(waits.keep_waits)
    found = UsualWait.objects.get(center_id=cast.maple.center_id)
    middle = median_low([float("inf") if one is None else one for one in seconds])
    if len(seconds) < 20 or middle == float("inf"):
        assert found.minutes is None
    else:
        assert found.minutes == max(1, -(-int(middle) // 60))

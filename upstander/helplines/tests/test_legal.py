"""Legal aid: what is asked first, what it says of it, and what falls due."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from conftest import Cast
from upstander.base.moment import database_now
from upstander.base.refused import Refused
from upstander.callouts.tests.setup import set_clock
from upstander.carriers.models import Notice
from upstander.carriers.notices import KINDS
from upstander.directory.actions.loading import load_services
from upstander.escalations.tests.alerts import as_worker
from upstander.helplines.actions import clients
from upstander.helplines.actions.deadlines import (
    AHEAD,
    deadlines_of,
    end_deadline,
    next_told,
    note_deadline,
)
from upstander.helplines.legal_models import Deadline
from upstander.helplines.models import Client
from upstander.helplines.prescreen import screened
from upstander.helplines.sweeps import sweep_deadlines
from upstander.helplines.tests.setup import CONTACT, Agency, agency, client_of
from upstander.mandated.actions.confirming import confirm_fact, facts_of
from upstander.states import law, law_files
from upstander.states.legal import LegalAid

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/New_York")
TODAY = date(2026, 3, 4)
WHAT = "Answer to the court, room 4"
ASKED = {"problem": "order", "county": "Hartford", "people": "3", "income": "30000"}


def rules(*, confirmed: bool = False) -> LegalAid:
    """Return the State's file; ``confirmed``: as if an administrator had compared it."""
    found = law("us-ct").legal
    assert found is not None
    return structs.replace(found, income=structs.replace(found.income, confirmed=confirmed))


def confirm(cast: Cast) -> None:
    """Let an administrator compare the line with what is in force."""
    (file,) = (one for one in law_files() if one.key == "legal-us-ct")
    (fact,) = facts_of(file)
    confirm_fact(cast.viewer("ada"), file.key, fact.key, fact.digest, stands=True)


def noted(here: Agency, one: Any, ahead: timedelta) -> Deadline:
    opened = clients.open_client(here.cast.viewer("wren"), one)
    return Deadline.objects.get(pk=note_deadline(opened, database_now() + ahead, WHAT))


@pytest.mark.parametrize(
    ("income", "confirmed", "likely"),
    [
        ("34150", True, True),
        ("34151", True, False),
        ("34150", False, None),
        ("99999", False, None),
        ("", True, None),
    ],
)
def test_line_speaks_once_confirmed(income: str, confirmed: bool, likely: bool | None) -> None:
    told = screened({**ASKED, "income": income}, rules(confirmed=confirmed), TODAY)
    assert (told.line, told.likely) == (34150, likely), "125% of 15,960 and two times 5,680"
    assert bool(told.mark) is not confirmed


@pytest.mark.parametrize(("days", "near"), [(-1, False), (0, True), (7, True), (8, False)])
def test_day_in_court_within_a_week_is_near(days: int, near: bool) -> None:
    court = TODAY + timedelta(days=days)
    told = screened({"court": court.isoformat()}, None, TODAY)
    assert (told.court, told.days, told.near, told.line) == (court, days, near, None)


def test_prescreen_is_kept_in_the_folder_alone(cast: Cast) -> None:
    here = agency(cast)
    load_services()
    one, wren = client_of(here), cast.client("wren")
    path = f"/clients/{one}/legal"
    blank = wren.get(path).content.decode()
    assert blank.index("When are they in court?") < blank.index("What it is about")
    assert "The line for their household" not in blank
    court = database_now().astimezone(ZONE).date() + timedelta(days=2)
    assert wren.post(path, {**ASKED, "court": court.isoformat()}).status_code == 302
    shown = cast.client("joss").get(path).content.decode()
    assert "In court in 2 days. Call now." in shown
    assert "800-453-3320" in shown
    assert "The office decides" in shown
    assert "$34,150" in shown
    assert "Not yet confirmed" in shown
    assert "Likely" not in shown
    confirm(cast)
    shown = wren.get(path).content.decode()
    assert "Likely: their income" in shown
    assert "Not yet confirmed" not in shown
    assert wren.post(path, {**ASKED, "income": "99999"}).status_code == 302
    shown = wren.get(path).content.decode()
    assert "ask all the same" in shown
    assert "Call now" not in shown
    assert bytes(Client.objects.get().legal or b"").count(b"Hartford") == 0
    assert wren.post(path, {**ASKED, "county": "Narnia"}).status_code == 422


def test_nobody_needs_to_answer(cast: Cast) -> None:
    here = agency(cast)
    one, wren = client_of(here), cast.client("wren")
    assert wren.post(f"/clients/{one}/legal", {"problem": "other"}).status_code == 302
    shown = wren.get(f"/clients/{one}/legal").content.decode()
    assert "Ask it in any case" in shown
    assert "no office of legal aid" in shown


@given(
    due=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
    hours=st.integers(0, 24 * 20),
)
def test_somebody_is_told_in_the_morning(due: datetime, hours: int) -> None:
    at = due.replace(tzinfo=UTC)
    now = at - timedelta(hours=hours)
    told = next_told(at, now, "America/New_York")
    if told is None:
        assert at - now < AHEAD[-1] + timedelta(days=1)
        return
    here = told.astimezone(ZONE)
    assert told > now
    assert here.time() == time(9)
    assert at.astimezone(ZONE).date() - here.date() in AHEAD


def told_of() -> list[tuple[int, str]]:
    return list(Notice.objects.order_by("pk").values_list("person_id", "kind"))


def test_deadline_is_told_of_twice_and_names_nobody(cast: Cast) -> None:
    here = agency(cast)
    one = client_of(here)
    row = noted(here, one, timedelta(days=10))
    wren = here.id_of("wren")
    for ahead, so_far in ((AHEAD[0], 1), (AHEAD[1], 2)):
        day = row.due_at.astimezone(ZONE).date() - ahead
        set_clock(datetime.combine(day, time(8, 59), tzinfo=ZONE))
        with as_worker():
            sweep_deadlines()
        assert len(told_of()) == so_far - 1
        set_clock(datetime.combine(day, time(9, 1), tzinfo=ZONE))
        for _ in range(2):
            with as_worker():
                sweep_deadlines()
        assert told_of() == [(wren, "client_due")] * so_far
    row.refresh_from_db()
    assert row.remind_at is None
    assert not any(Notice.objects.values_list("detail", flat=True))
    for text in KINDS["client_due"].texts.values():
        assert not {"client", "legal", "court"} & set(text.lower().split())


def test_list_of_the_agency_shows_what_falls_due(cast: Cast) -> None:
    here = agency(cast)
    one = client_of(here)
    noted(here, one, timedelta(days=3))
    noted(here, one, timedelta(days=30))
    for who, many in (("wren", 1), ("joss", 1), ("alice", 0), ("dee", 0)):
        page = cast.client(who).get("/clients").content.decode()
        assert page.count(f"/clients/{one}/legal#due") == many, who


def test_done_is_told_of_no_more(cast: Cast) -> None:
    here = agency(cast)
    one = client_of(here)
    row = noted(here, one, timedelta(days=10))
    opened = clients.open_client(cast.viewer("joss"), one)
    with pytest.raises(Refused, match="still due"):
        clients.end_client(opened)
    end_deadline(opened, row.pk)
    set_clock(row.due_at - timedelta(hours=1))
    with as_worker():
        assert sweep_deadlines() == 0
    assert not Notice.objects.exists()
    assert [what for _, what in deadlines_of(opened)] == [WHAT]
    clients.end_client(opened)
    with pytest.raises(DatabaseError, match="deadline_done"), transaction.atomic():
        Deadline.objects.update(remind_at=database_now())


def test_deadline_page_says_how_they_are_reached(cast: Cast) -> None:
    here = agency(cast)
    one, other = client_of(here), client_of(here, channel="", hours="", words="")
    wren = cast.client("wren")
    assert CONTACT["words"] in wren.get(f"/clients/{one}/legal").content.decode()
    assert "Don’t get in touch" in wren.get(f"/clients/{other}/legal").content.decode()
    path = f"/clients/{one}/deadlines"
    soon = (database_now() + timedelta(days=2)).astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")
    sent = {"due-what": WHAT, "due-due_at": soon, "due-due_at_which": "1"}
    assert wren.post(path, sent).status_code == 302
    row = Deadline.objects.get()
    shown = cast.client("joss").get(f"/clients/{one}/legal").content.decode()
    assert WHAT in shown
    assert cast.client("joss").post(f"{path}/{row.pk}").status_code == 302
    assert Deadline.objects.get().done_at is not None
    assert wren.post(f"/clients/{other}/deadlines/{row.pk}").status_code == 404
    late = sent | {"due-due_at": "2020-01-01T10:00"}
    assert wren.post(path, late).status_code == 422

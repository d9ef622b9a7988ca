"""What hours a keeper and families see, and what a save keeps: by the month, by date, later."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

import upstander.command
from conftest import Cast
from upstander.directory.actions.loading import load_services
from upstander.directory.actions.neighborhood import load_neighborhood
from upstander.directory.actions.towns import load_towns
from upstander.directory.cards import card_for
from upstander.directory.hours import rule_lines
from upstander.directory.queries import facts_of
from upstander.directory.tests.test_editing import edit, filled, service

DEMO = Path(upstander.command.__file__).parent
#: A Wednesday.
NOON = datetime(2026, 9, 16, 16, 0, tzinfo=UTC)
TIMES = {"opens_at": "10:00", "closes_at": "13:00"}


@pytest.fixture
def _neighborhood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    load_services()
    load_towns(DEMO / "demo_towns.csv")
    load_neighborhood(
        DEMO / "demo_services.csv",
        DEMO / "demo_services_texts.csv",
        state="us-ct",
        today=NOON.date(),
    )


@pytest.mark.parametrize(
    ("slug", "lines", "now"),
    [
        (
            "bridge-street-garden-share",
            (
                "First Saturday of the month: 10:00 a.m. to 1:00 p.m.",
                "Third Saturday of the month: 10:00 a.m. to 1:00 p.m.",
            ),
            "Closed now, opens Saturday, 10:00 a.m.",
        ),
        (
            "greenway-soup-kitchen",
            ("Last Friday of the month: 2:00 p.m. to 6:00 p.m.",),
            "Closed now, opens Sept. 25, 2026, 2:00 p.m.",
        ),
    ],
)
@pytest.mark.django_db
@pytest.mark.usefixtures("_neighborhood")
def test_a_keeper_sees_what_families_see_and_a_save_keeps_it(
    cast: Cast, slug: str, lines: tuple[str, ...], now: str
) -> None:
    card = card_for(facts_of(service(slug)), "en", NOON)
    assert card.hours == lines
    assert now in card.hours_words
    ada, path = cast.client("ada"), f"/services/{slug}"
    pages = [ada.get(one).content.decode() for one in (f"/services?name={slug[:6]}", path)]
    assert all(words in page for page in pages for words in (*lines, now))
    form = ada.get(f"{path}/edit").content
    assert all(f"<li>{line}</li>" in form.decode() for line in lines)
    before = service(slug).record["schedules"]
    sent = filled(form) | {"source_url": "https://example.org/", "cost_en": "Nothing"}
    assert ada.post(f"{path}/edit", sent).status_code == 302
    assert service(slug).record["schedules"] == before
    assert card_for(facts_of(service(slug)), "en", NOON).hours == lines


@pytest.mark.django_db
def test_hours_that_are_said_still_stay_as_others_wrote_them(cast: Cast) -> None:
    load_services()
    row = service()
    own = str(row.pk)
    weekly = {"id": own, "freq": "WEEKLY", "byday": "MO,TU", "notes": "Ring", **TIMES}
    fortnightly = weekly | {"id": own[::-1], "interval": 2, "dtstart": "2026-09-01"}
    row.record |= {"schedules": [weekly | {"timezone": -5}, fortnightly]}
    row.save()
    before = service().record["schedules"]
    assert edit(cast, cost_en="Nothing").status_code == 302
    assert service().record["schedules"] == before
    new: dict[str, Any] = {
        "hours-1-days": ["4"],
        "hours-1-opens": "9:00",
        "hours-1-closes": "12:00",
    }
    assert edit(cast, **new).status_code == 302
    assert service().record["schedules"][:2] == before
    assert len(facts_of(service()).hours) == 3
    fewer: dict[str, Any] = {"hours-0-days": ["0"]}
    assert edit(cast, **fewer).status_code == 302
    assert fortnightly in service().record["schedules"]
    assert {rule.weekday for rule in facts_of(service()).hours} == {0, 4}


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        ({"freq": "MONTHLY", "byday": "2TH"}, ["Second Thursday of the month: {}"]),
        (
            {"freq": "MONTHLY", "byday": "-1FR", "valid_from": "2026-11-01"},
            ["From Nov. 1, 2026: Last Friday of the month: {}"],
        ),
        ({"freq": "MONTHLY", "byday": "-1FR", "valid_to": "2026-01-01"}, []),
        (
            {"freq": "MONTHLY", "bymonthday": "1"},
            ["Oct. 1, 2026: {}", "Nov. 1, 2026: {}", "Dec. 1, 2026: {}"],
        ),
        ({"dtstart": "2026-12-24"}, ["Dec. 24, 2026: {}"]),
        ({"freq": "HOURLY"}, []),
    ],
)
def test_rules_in_words(schedule: dict[str, str], said: list[str]) -> None:
    lines = list(rule_lines(schedule | TIMES, date(2026, 9, 16)))
    assert lines == [one.format("10:00 a.m. to 1:00 p.m.") for one in said]


@pytest.mark.parametrize(
    ("language", "words"),
    [("es", "Último viernes del mes"), ("ar", "يوم الجمعة الأخير من الشهر")],
)
def test_rules_are_said_in_the_readers_language(language: str, words: str) -> None:
    with override(language):
        (line,) = rule_lines({"freq": "MONTHLY", "byday": "-1FR", **TIMES}, date(2026, 9, 16))
    assert line.startswith(words)


@pytest.mark.django_db
def test_hours_that_begin_later_are_said_with_their_day(cast: Cast) -> None:
    load_services()
    row = service()
    winter = {"id": str(row.pk), "freq": "WEEKLY", "byday": "MO", "valid_from": "2026-11-01"}
    row.record |= {"schedules": [winter | TIMES]}
    row.save()
    card = card_for(facts_of(service()), "en", NOON)
    assert card.hours == ("From Nov. 1, 2026: Monday: 10:00 a.m. to 1:00 p.m.",)
    assert "Closed now" in card.hours_words

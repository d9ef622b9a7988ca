"""An agency's counts: in an edition that its supervisor releases, with no small number."""

from __future__ import annotations

import csv
import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from conftest import Cast
from upstander.base.moment import database_now
from upstander.editions.halves import halves
from upstander.editions.models import PublishedEdition
from upstander.helplines.models import Accompaniment, Client
from upstander.helplines.tests.setup import OTHERS, Agency, agency, client_of

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/New_York")


def taken_on(here: Agency, many: int, at: datetime, *, went: int) -> None:
    """Let so many have been taken on at a time, with some of whom somebody went along."""
    for number in range(many):
        one = Client.objects.get(pk=client_of(here))
        Client.objects.filter(pk=one.pk).update(begun_at=at)
        if number < went:
            Accompaniment.objects.create(
                client=one,
                district_id=one.district_id,
                matter_id=one.matter_id,
                team_id=here.cast.teams["advocates"].pk,
                begins_at=at,
                state="safe",
                held_by=here.id_of("joss"),
                asked_at=at,
                accepted_at=at,
                arrived_at=at,
                left_at=at,
                safe_at=at,
                sealed=b"x",
            )


def test_counts_are_released_by_the_supervisor_once(cast: Cast) -> None:
    here = agency(cast)
    half = halves(database_now(), ZONE)[0]
    at = half.span(ZONE)[0] + timedelta(days=20)
    taken_on(here, 30, at, went=12)
    taken_on(here, 4, at + timedelta(days=100), went=1)
    ines, file = cast.client("ines"), f"/clients/figures.csv?half={half.key}"
    page = ines.get("/clients/figures").content.decode()
    assert "nobody has seen these numbers" in page
    assert ines.get(file).status_code == 302
    assert not PublishedEdition.objects.exists(), "looking releases nothing"
    assert ines.post("/clients/figures", {"half": half.key}).status_code == 302
    told = {
        (one["figure"], one["quarter"]): (one["number"], one["somebody there"])
        for one in csv.DictReader(ines.get(file).content.decode().splitlines())
    }
    assert told["clients.taken", ""] == ("34", "13")
    cells = {cell for pair in told.values() for cell in pair}
    assert not cells & {"4", "1", "30", "12"}, "neither what is small nor what gives it away"
    taken_on(here, 20, at, went=0)
    assert "34" in ines.get("/clients/figures").content.decode(), "and it never changes"


def test_counts_are_the_supervisor_s_alone(cast: Cast) -> None:
    here = agency(cast)
    half = halves(database_now(), ZONE)[0]
    taken_on(here, 40, half.span(ZONE)[0] + timedelta(days=20), went=20)
    ines, pages = cast.client("ines"), ("/clients/figures", f"/clients/figures.csv?half={half.key}")
    ines.post("/clients/figures", {"half": half.key})
    for path in pages:
        assert "40" in words_of(ines.get(path)), path
        for who in ("wren", *OTHERS):
            answer = cast.client(who).get(path)
            assert answer.status_code in (302, 403, 404) or "40" not in words_of(answer), (
                who,
                path,
            )


def words_of(answer: Any) -> list[str]:
    """Return a page's words and numbers, each whole: 40 is not in 6:40, nor in a token."""
    return re.split(r'[\s,<>"]+', answer.content.decode())

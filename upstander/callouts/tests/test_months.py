"""The monthly report as the center's supervisor and its monitor read it: whole, and no name."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pypdfium2
import pytest
from django.db import ProgrammingError

from conftest import Cast
from upstander.base.moment import database_now
from upstander.callouts.actions import callouts as actions
from upstander.callouts.models import Callout
from upstander.callouts.tests.setup import CHILD, Mobile, asked, going, mobile, step
from upstander.people import factories
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import viewing

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(cast: Cast) -> Mobile:
    """Somebody was there in time, somebody gave it back first, one was helped by phone."""
    here = mobile(cast)
    team = factories.make_team(TeamKind.MONITOR, "Region", cast.keys, district=here.district)
    cast.teams["region"] = team
    cast.people["moni"] = factories.make_person("Moni", cast.keys)
    factories.join(cast.people["moni"], team, Role.MONITOR, cast.keys)
    one = going(here)
    step(here, "mia", one, "arrived")
    step(here, "mia", one, "ended", code="stayed")
    other = going(here)
    actions.cannot(cast.viewer("mia"), other, "far")
    step(here, "lou", asked(here, language="es"), "phone", to_id=here.id_of("lou"))
    return here


def file_of(cast: Cast, who: str) -> list[dict[str, str]]:
    sent = cast.client(who).get("/callouts/month.csv")
    assert sent.status_code == 200
    return list(csv.DictReader(io.StringIO(sent.content.decode())))


@pytest.mark.parametrize("who", ["lou", "moni"])
def test_month_is_whole_and_names_nobody(cast: Cast, here: Mobile, who: str) -> None:
    page = cast.client(who).get("/callouts/month").content.decode()
    for name in ("Mia", "Max", "Noor", CHILD):
        assert name not in page.split("<main", 1)[1]
    assert re.search(r">[A-Z][a-z]+ 20\d\d</option>", page)
    assert not re.search(r">20\d\d-\d\d</option>", page)
    rows = {(one["table"], one["group"]): one for one in file_of(cast, who)}
    whole = rows["all", ""]
    assert (whole["episodes"], whole["by_phone"], whole["in_person"]) == ("3", "1", "1")
    assert (whole["timed"], whole["in_time"], whole["share"]) == ("1", "1", "100")
    assert (whole["0–15 min"], whole["0–15 min from call"]) == ("1", "1")
    assert rows["language", "Spanish"]["episodes"] == "1"
    assert rows["site", "River north"]["episodes"] == "3"


def test_month_is_printed_as_tagged_pdf(cast: Cast, here: Mobile) -> None:
    sent = cast.client("moni").get("/callouts/month.pdf")
    assert sent["Content-Type"] == "application/pdf"
    paper = pypdfium2.PdfDocument(sent.content)
    text = " ".join(page.get_textpage().get_text_range() for page in paper)
    assert "River north" in text
    assert "0–15" in text
    assert "Mia" not in text


def test_late_one_says_what_went_before(cast: Cast, here: Mobile) -> None:
    late = Callout.objects.get(state="waiting")
    Callout.objects.filter(pk=late.pk).update(
        asked_at=database_now() - timedelta(minutes=50),
        go_at=database_now() - timedelta(minutes=50),
    )
    actions.accept(cast.viewer("noor"), late.pk)
    step(here, "noor", late.pk, "arrived")
    page = cast.client("moni").get("/callouts/month").content.decode()
    assert "Given back: I am too far away: 1" in page


@pytest.mark.parametrize(
    ("who", "status"), [("mia", 403), ("tara", 403), ("dee", 403), ("ada", 403)]
)
def test_month_is_shown_to_nobody_else(cast: Cast, here: Mobile, who: str, status: int) -> None:
    assert cast.client(who).get("/callouts/month").status_code == status


def test_monitor_reads_no_word_and_nobody_s_name(cast: Cast, here: Mobile) -> None:
    for hidden in ("sealed", "safety", "held_by", "link_hash", "subject_id", "asked_by"):
        with pytest.raises(ProgrammingError), viewing(cast.viewer("moni")):
            list(Callout.objects.values_list(hidden))


def test_another_centers_supervisor_sees_no_month(cast: Cast, here: Mobile) -> None:
    page = cast.client("sam").get("/callouts/month").content.decode()
    assert "No team responds from here" in page
    assert cast.client("sam").get("/callouts/month.csv").status_code == 404

"""Whose word lets somebody go, as a table; and danger, which waits for nobody's."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Cast
from upstander.base.refused import Refused
from upstander.callouts.actions import callouts as actions
from upstander.callouts.models import Event
from upstander.callouts.tests.setup import asked, mobile, row
from upstander.escalations.tests.alerts import taken_back
from upstander.mandated.actions.confirming import confirm_fact, facts_of
from upstander.plug import law_files

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("consent.csv")
ROWS = list(csv.DictReader(TABLE.open()))


def confirm_minors_word(cast: Cast) -> None:
    """Confirm the State's rule as an administrator does."""
    (file,) = (one for one in law_files() if one.key == "word-us-ct")
    (fact,) = (one for one in facts_of(file) if one.key == "visit")
    confirm_fact(cast.viewer("ada"), file.key, fact.key, fact.digest, stands=True)


@pytest.mark.parametrize("case", ROWS, ids=lambda case: "-".join(case.values()))
def test_go_is_as_the_table_says(cast: Cast, case: dict[str, str]) -> None:
    here = mobile(cast)
    if case["confirmed"] == "yes":
        confirm_minors_word(cast)
    one = asked(here, danger=case["danger"] == "yes")
    go = Event.Kind.GO
    if not case["goes"]:
        with pytest.raises(Refused):
            actions.step(cast.viewer("lou"), one, go, code=case["word"])
        assert row(one).state == "asked"
        return
    actions.step(cast.viewer("lou"), one, go, code=case["word"])
    assert row(one).state == "waiting"
    assert Event.objects.get(callout_id=one, kind=go).code == case["goes"], "whose word is kept"


def test_database_takes_no_go_without_a_word(cast: Cast) -> None:
    one = asked(mobile(cast))
    district = row(one).district_id
    with pytest.raises(IntegrityError, match="event_has_a_reason"), transaction.atomic():
        Event.objects.create(callout_id=one, district_id=district, kind="go", person_id=1)


@pytest.mark.parametrize("confirmed", [False, True])
def test_unconfirmed_rule_is_offered_to_nobody(cast: Cast, *, confirmed: bool) -> None:
    here = mobile(cast)
    if confirmed:
        confirm_minors_word(cast)
    page = cast.client("lou").get(f"/callouts/{asked(here)}").content.decode()
    assert ("the minor’s own consent, from 16 years on" in page.lower()) is confirmed


@settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(danger=st.booleans(), word=st.text(max_size=12) | st.sampled_from(["minor", "guardian"]))
def test_danger_goes_whatever_is_said_of_consent(cast: Cast, *, danger: bool, word: str) -> None:
    """Without a word danger goes; what is no word of the list lets nobody go by itself."""
    with taken_back():
        here = mobile(cast)
        one = asked(here, danger=danger)
        try:
            actions.step(cast.viewer("lou"), one, Event.Kind.GO, code=word)
        except Refused:
            assert word not in ("guardian", "danger")
            if danger:
                actions.step(cast.viewer("lou"), one, Event.Kind.GO)
        assert (row(one).state == "waiting") is (danger or word in ("guardian", "danger"))

"""When a written report went: a typed time beside the server's, marked where both can't be so."""

from __future__ import annotations

import csv
from datetime import timedelta
from uuid import UUID

import pytest

from conftest import Cast
from upstander.base.refused import Refused
from upstander.mandated import actions
from upstander.mandated.models import Duty
from upstander.mandated.tests.test_duties import offices, right_now, suspect, typed_now
from upstander.places.tests.test_monitors import monitor

pytestmark = pytest.mark.django_db

MARK = "Dated before the first report"


def sent(cast: Cast, minutes: int) -> UUID:
    """A written report that is typed as sent so many minutes after the first (or before it)."""
    offices(cast)
    tess, first = cast.viewer("tess"), right_now() - timedelta(hours=2)
    duty = suspect(cast, cause_at=first - timedelta(hours=1))
    actions.report_first(tess, duty, way="careline", at=first, words={})
    actions.send_written(tess, duty, at=first + timedelta(minutes=minutes), words={})
    return duty


def test_one_dated_before_the_call_is_kept_and_marked_everywhere(cast: Cast) -> None:
    duty = sent(cast, -40)
    cast.people["mona"] = monitor(cast)
    for who, page in (
        ("tess", f"/duties/{duty}"),
        ("cleo", "/ledger"),
        ("mona", "/monitor"),
        ("cleo", f"/duties/{duty}/proofs"),
    ):
        text = cast.client(who).get(page).content.decode()
        assert MARK in text, page
        assert "later" in text, page
    for who, page in (("cleo", "/ledger.csv"), ("mona", "/monitor.csv")):
        text = cast.client(who).get(page).content.decode()
        line = next(csv.DictReader(text.splitlines()))
        assert line["written dated before the first"] == "yes"
        assert line["first written down after (min)"] == "120"
        assert line["written written down after (min)"] == "160"


def test_one_that_follows_is_not_marked(cast: Cast) -> None:
    duty = sent(cast, 40)
    assert MARK not in cast.client("tess").get(f"/duties/{duty}").content.decode()


def test_its_time_is_corrected_by_its_owner_and_both_stand(cast: Cast) -> None:
    duty, client = sent(cast, -40), cast.client("tess")
    before = Duty.objects.get(pk=duty)
    assert before.written_at is not None
    form = {"which": "written", "redate-at": typed_now(), "redate-words": "A slip."}
    assert client.post(f"/duties/{duty}/correct", form).status_code == 302
    after = Duty.objects.get(pk=duty)
    assert after.written_at is not None
    assert after.written_at > before.written_at
    assert after.written_recorded_at == before.written_recorded_at
    assert after.first_at == before.first_at
    page = client.get(f"/duties/{duty}").content.decode()
    assert MARK not in page
    assert "Time corrected" in page
    assert "first typed as" in page
    line = next(
        csv.DictReader(cast.client("cleo").get("/ledger.csv").content.decode().splitlines())
    )
    assert line["written, as first typed"] == before.written_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert cast.client("hana").post(f"/duties/{duty}/correct", form).status_code == 404
    with pytest.raises(Refused):
        actions.redate_written(
            cast.viewer("tess"), duty, at=right_now() + timedelta(hours=1), words={}
        )

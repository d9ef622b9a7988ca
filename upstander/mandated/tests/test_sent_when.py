"""When a written report went: a typed time beside the server's, marked where both can't be so."""

from __future__ import annotations

import csv
import re
from datetime import timedelta
from uuid import UUID

import pytest

from conftest import Cast
from upstander.base.refused import Refused
from upstander.mandated.actions import duties as actions
from upstander.mandated.models import Duty
from upstander.mandated.tests.test_duties import offices, right_now, suspect, typed_now
from upstander.mandated.tests.test_ledger import read
from upstander.mandated.written.actions import open_writing, sign_report
from upstander.mandated.written.paper import proof_pdf
from upstander.mandated.written.tests.test_paper import text_of
from upstander.mandated.written.tests.test_written import filled
from upstander.people.tests.monitor import monitor

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
    assert "first given as" in page
    line = next(
        csv.DictReader(cast.client("cleo").get("/ledger.csv").content.decode().splitlines())
    )
    assert line["written, as first typed"] == before.written_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert cast.client("hana").post(f"/duties/{duty}/correct", form).status_code == 404
    with pytest.raises(Refused):
        actions.redate_written(
            cast.viewer("tess"), duty, at=right_now() + timedelta(hours=1), words={}
        )


UNSIGNED = "Said to be sent before it was signed"
UNCAUSED = "Said to be made before the cause"


def signed(cast: Cast, duty: UUID) -> None:
    filled(cast, duty)
    sign_report(open_writing(cast.viewer("tess"), duty), "Tess")


def marked(cast: Cast, duty: UUID, mark: str, column: str) -> None:
    """It stands on every page that tells the times, for a monitor too, in the files and the proof.

    And it counts as kept in time nowhere.
    """
    cast.people["mona"] = monitor(cast)
    for who, page in (
        ("tess", f"/duties/{duty}"),
        ("cleo", "/ledger"),
        ("mona", "/monitor"),
        ("cleo", f"/duties/{duty}/proofs"),
    ):
        text = cast.client(who).get(page).content.decode()
        assert mark in text, page
        assert "reports made on time" not in text, page
    for who, page in (("cleo", "/ledger.csv"), ("mona", "/monitor.csv")):
        text = cast.client(who).get(page).content.decode()
        line = next(csv.DictReader(text.splitlines()))
        late = line["first late (min)"], line["written late (min)"]
        assert "" in late, "no number of minutes reads as in time"
        assert line[column] == "yes"
        assert line["standing"] == "both reports made; their times can’t all be right"
    paper = text_of(proof_pdf(cast.viewer("cleo"), duty))
    assert "".join(mark.split()) in re.sub(r"[\s\u00ad\ufffe-]", "", paper)
    figures = read(cast, "cleo").all
    assert (figures.finished, figures.share) == (1, 0)


def test_sent_before_it_was_signed(cast: Cast) -> None:
    duty = sent(cast, 40)
    assert read(cast, "cleo").all.share == 100
    assert UNSIGNED not in cast.client("tess").get(f"/duties/{duty}").content.decode()
    # Figures that were kept already know it too, whatever else proved the report by then.
    signed(cast, duty)
    marked(cast, duty, UNSIGNED, "written dated before it was signed")


def test_sent_in_the_minute_of_the_signature_is_sent_after_it(cast: Cast) -> None:
    offices(cast)
    tess = cast.viewer("tess")
    duty = suspect(cast, cause_at=right_now() - timedelta(hours=1))
    actions.report_first(tess, duty, way="careline", at=right_now(), words={})
    signed(cast, duty)
    minute = right_now().replace(second=0, microsecond=0)
    actions.correct_first(tess, duty, at=minute, words={})
    actions.send_written(tess, duty, at=minute, words={})
    page = cast.client("tess").get(f"/duties/{duty}").content.decode()
    assert UNSIGNED not in page
    assert MARK not in page
    assert read(cast, "cleo").all.share == 100


def test_a_first_report_from_before_its_cause(cast: Cast) -> None:
    offices(cast)
    tess, cause = cast.viewer("tess"), right_now() - timedelta(hours=3)
    duty = suspect(cast, cause_at=cause)
    actions.report_first(tess, duty, way="careline", at=cause - timedelta(hours=20), words={})
    assert UNCAUSED in cast.client("cleo").get("/ledger").content.decode()
    assert read(cast, "cleo").all.half_first is None, "nothing is reported before it is suspected"
    actions.send_written(tess, duty, at=right_now(), words={})
    marked(cast, duty, UNCAUSED, "first dated before the cause")
    assert read(cast, "cleo").all.half_first is None
    actions.correct_first(tess, duty, at=cause + timedelta(minutes=1), words={})
    assert UNCAUSED not in cast.client("tess").get(f"/duties/{duty}").content.decode()
    assert read(cast, "cleo").all.share == 100


def test_before_the_first_counts_as_in_time_no_more(cast: Cast) -> None:
    marked(cast, sent(cast, -40), MARK, "written dated before the first")
    assert read(cast, "cleo").all.half_written is None
    assert read(cast, "cleo").all.written_late == 1


def test_no_correction_to_before_the_cause_makes_a_late_report_timely(cast: Cast) -> None:
    offices(cast)
    tess, cause = cast.viewer("tess"), right_now() - timedelta(hours=60)
    duty = suspect(cast, cause_at=cause)
    actions.report_first(tess, duty, way="careline", at=right_now(), words={})
    assert read(cast, "cleo").all.first_late == 1
    actions.correct_first(tess, duty, at=cause - timedelta(hours=1), words={})
    assert read(cast, "cleo").all.first_late == 1, "while it is open"
    actions.send_written(tess, duty, at=right_now(), words={})
    figures = read(cast, "cleo").all
    assert (figures.first_late, figures.in_time) == (1, 0)
    # What is put right counts as what it is.
    actions.correct_first(tess, duty, at=cause + timedelta(minutes=1), words={})
    assert read(cast, "cleo").all.first_late == 0

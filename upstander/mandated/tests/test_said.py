"""What pages, files, papers and proofs say of a duty is what was said and done, in plain words."""

from __future__ import annotations

import csv
import json
from datetime import datetime, timedelta
from io import StringIO
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import Error, ProgrammingError, connection, transaction
from django.http import Http404

from conftest import Cast
from upstander.audit.models import Entry
from upstander.audit.queries import is_whole
from upstander.base.refused import Refused
from upstander.carriers.notices import bundle
from upstander.cases.actions.opening import NewCase, open_case
from upstander.cases.models import Case
from upstander.escalations.tests.alerts import clock
from upstander.mandated import proving
from upstander.mandated.actions import deadlines as later
from upstander.mandated.actions import duties as actions
from upstander.mandated.models import Asked, Duty, DutyEvent
from upstander.mandated.sweeps import _local as code_of
from upstander.mandated.tests.test_duties import offices, right_now, suspect
from upstander.mandated.written import actions as writing
from upstander.mandated.written.paper import proof_pdf
from upstander.mandated.written.tests.test_paper import text_of
from upstander.people.scope import viewing
from upstander.people.tests.monitor import monitor
from upstander.places.models import District

__all__ = ["clock"]

pytestmark = pytest.mark.django_db


def report(cast: Cast, duty_id: UUID, **more: object) -> datetime:
    at = right_now()
    said = {"way": "careline", "at": at, "words": {"advice": "Take her to a doctor."}}
    actions.report_first(cast.viewer("tess"), duty_id, **said | more)  # type: ignore[arg-type]
    return at


def test_intervals_and_ends_of_days_read_right(cast: Cast) -> None:
    offices(cast)
    duty_id = suspect(cast, rule="bullying")
    client = cast.client("tess")
    page = client.get(f"/duties/{duty_id}").content.decode()
    assert "2 school days after the first report" in page
    assert "2 hours" not in page
    assert "by end of " in " ".join(page.split())
    assert "midnight" not in page
    report(cast, duty_id, way="climate")
    later.note_event(
        cast.viewer("hana"), duty_id, DutyEvent.Kind.INQUIRY_OVER, at=right_now(), words={}
    )
    page = " ".join(client.get(f"/duties/{duty_id}").content.decode().split())
    assert "owed by the head of the school" in page
    assert "head_of_school" not in page
    assert "by end of " in page
    proofs = client.get(f"/duties/{duty_id}/proofs").content.decode()
    assert "by end of " in " ".join(proofs.split())
    assert "by end of" in " ".join(text_of(proof_pdf(cast.viewer("tess"), duty_id)).split())


def test_answers_about_urgency_are_shown_with_their_questions(cast: Cast) -> None:
    offices(cast)
    duty_id = suspect(cast)
    actions.answer_urgency(cast.viewer("tess"), duty_id, {"immediate_harm": False})
    page = cast.client("tess").get(f"/duties/{duty_id}").content.decode()
    listed = page[page.index('id="events"') :]
    assert "be in immediate harm?" in listed
    assert "immediate_harm" not in listed


def test_the_list_of_rules_has_no_codes(cast: Cast) -> None:
    page = cast.client("ada").get("/rules").content.decode()
    assert "1 school day after the reason to suspect, owed by whoever reports" in page
    for code in ("head_of_school", "“cause”", "school_days", "1 school days"):
        assert code not in page, code


def test_a_notice_says_the_end_of_the_day(cast: Cast) -> None:
    offices(cast)
    duty = Duty.objects.get(pk=suspect(cast, rule="bullying"))
    code = code_of(duty.first_due, ZoneInfo(cast.maple.time_zone))
    assert "T24:00" in code
    for language, words in (("en", "by end of "), ("es", "final del ")):
        cast.people["tess"].language = language
        told = bundle(cast.people["tess"], [("duty_due", {"at": code})], urgent=False)
        assert words in told.short
        assert "00:00" not in told.short


@pytest.mark.parametrize(
    ("accepted", "words"),
    [(True, "accepted"), (False, "not accepted"), (None, "they didn’t say whether")],
)
def test_way_and_acceptance_stand_on_page_paper_proof_and_record(
    cast: Cast, accepted: bool | None, words: str
) -> None:
    offices(cast)
    monitor(cast)
    duty_id = suspect(cast)
    report(cast, duty_id, accepted=accepted)
    for name, path in (
        ("tess", f"/duties/{duty_id}"),
        ("cleo", "/ledger"),
        ("moni", "/monitor"),
        ("moni", f"/duties/{duty_id}/proofs"),
    ):
        page = cast.client(name).get(path).content.decode()
        assert "DCF Careline, by phone" in page, path
        assert words in page.lower(), path
        assert "careline," not in page, "a code"
    for name in ("tess", "moni"):
        text = " ".join(text_of(proof_pdf(cast.viewer(name), duty_id)).split())
        assert "How it was reported" in text
        assert "DCF Careline, by phone" in text
        assert words in text.replace("'", "’")
    entry = Entry.objects.get(action="duty: first", subject_id=str(duty_id))
    said = json.loads(entry.canonical)["detail"]
    assert said["way"] == "careline"
    assert said["accepted"] == {True: "yes", False: "no", None: "not said"}[accepted]
    values = writing.open_writing(cast.viewer("tess"), duty_id).values
    assert values["oral_way"] == "DCF Careline, by phone"
    assert words in values["oral_accepted"]


def test_an_answer_says_whether_it_is_accepted_and_takes_nothing_back(cast: Cast) -> None:
    offices(cast)
    duty_id = suspect(cast)
    report(cast, duty_id)
    client = cast.client("tess")
    sent = {"words": "A letter came.", "kind": "answer", "accepted": "yes"}
    client.post(f"/duties/{duty_id}/note", sent)
    assert Duty.objects.get(pk=duty_id).accepted is True
    client.post(f"/duties/{duty_id}/note", {"words": "They rang.", "kind": "answer"})
    assert Duty.objects.get(pk=duty_id).accepted is True
    assert [
        entry.detail["accepted"]
        for entry in Entry.objects.filter(action="duty: answer").order_by("id")
    ] == ["yes", "not said"]


def test_the_form_is_filled_in_with_what_is_true_alone(cast: Cast) -> None:
    offices(cast)
    duty_id = suspect(
        cast,
        rule="employee",
        accused=(cast.people["tom"].pk, cast.people["tara"].pk),
        words={"suspected": "The driver of bus 7", "facts": "Marks."},
    )
    report(cast, duty_id)
    values = writing.open_writing(cast.viewer("tess"), duty_id).values
    assert "doctor" not in json.dumps(values), "what they advised is not what was done"
    assert not values.get("action")
    for name in ("Tom", "Tara", "The driver of bus 7"):
        assert name in values["suspect_name"]
    duty = Duty.objects.get(pk=duty_id)
    assert values["cause_at"].startswith(f"{duty.cause_at:%b}"[:3])
    assert values["cause_at"].endswith(("a.m.", "p.m.", "EDT", "EST"))
    assert values["oral_at"]


def test_a_corrected_time_is_marked_wherever_the_time_stands(cast: Cast) -> None:
    offices(cast)
    monitor(cast)
    plain, duty_id = suspect(cast), suspect(cast)
    at = report(cast, plain)
    report(cast, duty_id)
    corrected = at - timedelta(minutes=40)
    actions.correct_first(cast.viewer("tess"), duty_id, at=corrected, words={})
    for name, path in (
        ("cleo", "/ledger"),
        ("moni", "/monitor"),
        ("tess", f"/duties/{duty_id}"),
        ("moni", f"/duties/{duty_id}/proofs"),
    ):
        page = cast.client(name).get(path).content.decode()
        assert "Time corrected" in page, path
        assert "first given as" in page, path
    assert "Time corrected" not in cast.client("tess").get(f"/duties/{plain}").content.decode()
    for name, path in (("cleo", "/ledger.csv"), ("moni", "/monitor.csv")):
        lines = csv.DictReader(StringIO(cast.client(name).get(path).content.decode()))
        rows = {row["duty"]: row for row in lines}
        assert rows[str(plain)]["first corrected (server)"] == ""
        row = rows[str(duty_id)]
        assert row["first corrected (server)"]
        typed = datetime.fromisoformat(row["first made, as first typed"])
        assert typed - datetime.fromisoformat(row["first made (typed)"]) >= timedelta(minutes=39)
    assert "first typed" in " ".join(text_of(proof_pdf(cast.viewer("moni"), duty_id)).split())
    # Who may not know of the duty learns of no correction either.
    with viewing(cast.viewer("tom")), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM api.duty_corrections(%s)", [[plain, duty_id]])
        assert cursor.fetchone() == (0,)


def test_a_monitors_proofs_join_no_two_duties_of_one_reporter(cast: Cast) -> None:
    offices(cast)
    monitor(cast)
    duties = [suspect(cast), suspect(cast)]
    for duty_id in duties:
        report(cast, duty_id)
    viewer = cast.viewer("moni")
    seen: list[set[str]] = []
    with viewing(viewer):
        for duty_id in duties:
            entries = proving.entries_of(Duty.objects.only("id").get(pk=duty_id))
            assert len(entries) == 2
            for entry in entries:
                said = json.loads(entry.canonical)
                assert "actor_id" not in said
                seen.append({str(v) for v in (said["actor"], said["blind"])})
    assert len(set.union(*seen)) == 8, "each entry says something else of who acted"
    for column in ("actor_id", "actor_nonce"):
        with pytest.raises(ProgrammingError), viewing(viewer), connection.cursor() as cursor:
            cursor.execute(f"SELECT {column} FROM audit_entry")
    # Whoever keeps the record still knows who it was, and that nobody was exchanged.
    entry = Entry.objects.filter(action="duty: first").latest("id")
    assert entry.actor_id == cast.people["tess"].pk
    assert is_whole(entry)
    entry.actor_id += 1
    assert not is_whole(entry)


@pytest.mark.parametrize("when", ["2099-01-01", "now() + interval '49 hours'"])
def test_no_reminder_is_pushed_out_of_sight(cast: Cast, when: str) -> None:
    offices(cast)
    duty_id = suspect(cast, rule="employee", accused=(cast.people["uma"].pk,))
    at = right_now()
    later.note_event(cast.viewer("sol"), duty_id, DutyEvent.Kind.SUSPENDED, at=at, words={})
    when = f"'{when}'" if when.startswith("2099") else when
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE mandated_duty SET remind_at = {when}")
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE mandated_deadline SET remind_at = due_at + interval '2 days'")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE mandated_duty SET remind_at = now() + interval '23 hours'")


@pytest.mark.parametrize("column", ["remind_at", "climb_at"])
@pytest.mark.parametrize("when", ["2099-01-01", "now() + interval '25 hours'"])
def test_no_question_is_pushed_out_of_sight(cast: Cast, column: str, when: str) -> None:
    offices(cast)
    case = open_case(
        cast.viewer("tom"), NewCase(Case.Concern.ABUSE, "Words.", cast.teams["cedar"].pk)
    )
    asked = Asked.objects.get(case_id=case)
    when = f"'{when}'" if when.startswith("2099") else when
    for role in ("upstander_owner", "upstander_worker"):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {role}; UPDATE mandated_asked SET {column} = {when}")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE mandated_asked SET {column} = now() + interval '23 hours'")
        cursor.execute("UPDATE mandated_asked SET reminded = 7")
    assert Asked.objects.get(pk=asked.pk).reminded == 7


def test_no_report_that_waits_is_pushed_out_of_sight(cast: Cast) -> None:
    offices(cast)
    suspect(cast, rule="employee")
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE mandated_routing SET remind_at = '2099-01-01'")


def test_a_head_of_school_ends_no_investigation_of_the_agencys(cast: Cast) -> None:
    offices(cast)
    duty_id = suspect(cast, rule="employee", accused=(cast.people["uma"].pk,))
    over = DutyEvent.Kind.INQUIRY_OVER
    for name in ("hana", "dino"):
        page = cast.client(name).get(f"/duties/{duty_id}").content.decode()
        assert "Investigation ended" not in page
        with pytest.raises(Http404):
            later.note_event(cast.viewer(name), duty_id, over, at=right_now(), words={})
        # Past the view, by the database's function.
        with (
            pytest.raises(Error),
            viewing(cast.viewer(name)),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "SELECT api.office_event(p_duty => %s, p_event => gen_random_uuid(), "
                "p_kind => 'inquiry', p_happened => %s, p_sealed => '')",
                [duty_id, right_now()],
            )
    later.note_event(cast.viewer("cleo"), duty_id, over, at=right_now(), words={})


def test_a_report_in_the_doubled_hour_is_taken(cast: Cast) -> None:
    offices(cast)
    client = cast.client("tess")
    sent = {"rule": "abuse", "since": "earlier", "about": "nobody", "since_at": "2025-11-02T01:30"}
    asked = client.post("/suspect", {**sent, "facts": "Kept, please."})
    page = asked.content.decode()
    assert "The second 1:30 a.m." in page
    assert "Kept, please." in page
    assert not Duty.objects.exists()
    taken = client.post("/suspect", {**sent, "since_at_which": "2"})
    assert taken.status_code == 302
    duty = Duty.objects.get()
    assert f"{duty.cause_at:%Y-%m-%dT%H:%M}" == "2025-11-02T06:30"
    assert duty.first_due - duty.cause_at == timedelta(hours=12)
    page = client.get(f"/duties/{duty.pk}").content.decode()
    assert "Nov. 2, 2025, 1:30 a.m. EST" in page


@pytest.mark.parametrize("school", ["birch", None])
def test_a_head_begins_nothing_at_another_school(cast: Cast, school: str | None) -> None:
    offices(cast)
    of_school = getattr(cast, school).pk if school else None
    duty = suspect(cast, "hana", rule="bullying", school_id=of_school)
    client = cast.client("hana")
    assert 'value="inquiry"' not in client.get(f"/duties/{duty}").content.decode()
    words = {"kind": "inquiry", "at": f"{right_now():%Y-%m-%dT%H:%M}", "words": "It has ended."}
    assert client.post(f"/duties/{duty}/event", words).status_code == 404
    assert not DutyEvent.objects.filter(duty_id=duty, kind="inquiry").exists()


def test_what_the_database_calls_nobody_s_is_refused_in_words(cast: Cast) -> None:
    from upstander.mandated.actions.events import call  # noqa: PLC0415

    offices(cast)
    duty = suspect(cast)
    dino = cast.viewer("dino")
    with pytest.raises(Refused, match="Not saved"), viewing(dino):
        call(
            "SELECT api.office_event(p_duty => %s, p_event => gen_random_uuid(), "
            "p_kind => 'suspended', p_happened => api.clock_now(), p_sealed => '')",
            duty,
        )


def test_the_time_that_stands_is_no_correction_whatever_the_calendar_says(cast: Cast) -> None:
    offices(cast)
    duty = suspect(cast)
    at = report(cast, duty)
    tess = cast.viewer("tess")
    District.objects.filter(pk=cast.maple.pk).update(time_zone="Pacific/Honolulu")
    with pytest.raises(Refused, match="already recorded"):
        actions.correct_first(tess, duty, at=at, words={})
    assert not DutyEvent.objects.filter(duty_id=duty, kind="corrected").exists()
    answer = cast.client("tess").post(
        f"/duties/{duty}/correct", {"at": f"{at:%Y-%m-%dT%H:%M}", "words": "The same."}
    )
    assert answer.status_code == 422
    assert not DutyEvent.objects.filter(duty_id=duty, kind="corrected").exists()

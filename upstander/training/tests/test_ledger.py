"""Certifying lists everybody late; nobody but the offices sees a name; old courses meet nothing."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.test import Client

from conftest import Cast
from upstander.base.moment import database_now
from upstander.base.refused import Refused
from upstander.carriers.models import Notice
from upstander.escalations.tests.alerts import Clock, clock
from upstander.mandated.tests.test_duties import offices
from upstander.people import factories
from upstander.people.links import LinkOver
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import viewing
from upstander.training import queries
from upstander.training.actions.certifying import certify_district, certify_school, outdate
from upstander.training.actions.completions import (
    complete_by_link,
    linked,
    make_link,
    record_completion,
)
from upstander.training.actions.employees import import_employees
from upstander.training.days import day_in
from upstander.training.models import Certification, Completion, Due, Employee, Finding
from upstander.training.tests.setup import employ, remind, renew

__all__ = ["clock"]

DAY = 86_400.0
FULL, SHORT = "mandated-reporter", "mandated-reporter-refresher"
pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger(cast: Cast) -> Cast:
    """Cedar with three who are late, one who is not, and somebody of Birch who is late."""
    offices(cast)
    hired = today(cast) - timedelta(days=100)
    for name in ("Robin Fell", "Sam Weir", "Noor Dale"):
        employ(cast.maple, cast.cedar, name, hired)
    employ(cast.maple, cast.cedar, "Kit Lowe", today(cast) - timedelta(days=1))
    employ(cast.maple, cast.birch, "Ash Brook", hired)
    renew()
    return cast


def today(cast: Cast) -> date:
    return day_in(cast.maple.pk, database_now())


def named(name: str) -> Employee:
    return next(row for row in Employee.objects.all() if row.name == name)


def test_certification_lists_everybody_late(ledger: Cast) -> None:
    pk = certify_school(ledger.viewer("hana"), ledger.cedar.pk, "We are three behind.")
    row = Certification.objects.get(pk=pk)
    late = [one["name"] for one in json.loads(row.list)["list"] if one["state"] == "late"]
    assert sorted(late) == ["Noor Dale", "Robin Fell", "Sam Weir"]
    assert row.employees == 4


@pytest.mark.parametrize("left_out", ["late_ids", "employees"])
def test_certification_with_somebody_left_out(ledger: Cast, left_out: str) -> None:
    hana = ledger.viewer("hana")
    pk = certify_school(hana, ledger.cedar.pk, "")
    row = Certification.objects.get(pk=pk)
    row.pk = None
    if left_out == "late_ids":
        row.late_ids = row.late_ids[1:]
    else:
        row.employees -= 1
    with pytest.raises(DatabaseError, match="lists everybody"), viewing(hana):
        row.save(force_insert=True)


def test_certification_before_the_worker_has_seen_to_all(ledger: Cast) -> None:
    employ(ledger.maple, ledger.cedar, "New One", today(ledger) - timedelta(days=90))
    with pytest.raises(Refused):
        certify_school(ledger.viewer("hana"), ledger.cedar.pk, "")


def test_certification_found_wrong_later(ledger: Cast) -> None:
    """It is outdated and not edited, by anybody; the superintendent signs what stands."""
    hana, sol = ledger.viewer("hana"), ledger.viewer("sol")
    pk = certify_school(hana, ledger.cedar.pk, "")
    outdate(sol, pk, "A driver was missing in the file.")
    for change in ("employees = 9", "late_ids = '{}'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE training_certification SET {change}")
    with pytest.raises(DatabaseError), transaction.atomic():
        Finding.objects.all().delete()
    empty = Certification.objects.get(pk=certify_district(sol, ledger.maple.pk, ""))
    assert empty.schools == []
    again = certify_school(hana, ledger.cedar.pk, "")
    whole = Certification.objects.get(pk=certify_district(sol, ledger.maple.pk, ""))
    assert whole.schools == [again]
    said = {one["school"]: one["signed_on"] for one in json.loads(whole.list)["schools"]}
    assert said[ledger.cedar.name]
    assert not said[ledger.birch.name]


def test_certification_by_whom_it_is_not(ledger: Cast) -> None:
    for who in ("dino", "cleo", "sol", "tara"):
        with pytest.raises(Http404):
            certify_school(ledger.viewer(who), ledger.cedar.pk, "")
    with pytest.raises(Http404):
        certify_school(ledger.viewer("hana"), ledger.birch.pk, "")
    with pytest.raises(Http404):
        certify_district(ledger.viewer("cleo"), ledger.maple.pk, "")


def test_ledger_in_the_database_by_role(ledger: Cast) -> None:
    team = factories.make_team(TeamKind.MONITOR, "Monitor", ledger.keys, district=ledger.maple)
    ledger.people["moni"] = factories.make_person("Moni", ledger.keys)
    factories.join(ledger.people["moni"], team, Role.MONITOR, ledger.keys)
    whole = {"hana": 4, "dino": 4, "cleo": 5, "sol": 5}
    nothing = ("tess", "tara", "dee", "bo", "charlie", "alice", "ada", "moni", "otto")
    for who in (*whole, *nothing):
        for table in ("training_employee", "training_due"):
            seen = 0
            with viewing(ledger.viewer(who)), connection.cursor() as cursor:
                try:
                    with transaction.atomic():
                        cursor.execute(f"SELECT count(*) FROM {table}")
                        [(seen,)] = cursor.fetchall()
                except DatabaseError:
                    seen = 0
            assert seen == whole.get(who, 0), (who, table)
    with viewing(ledger.viewer("moni")):
        counts = {one.name: (one.employees, one.late) for one in queries.monitored_counts()}
    assert counts == {ledger.cedar.name: (4, 3), ledger.birch.name: (1, 1)}


def test_completion_that_is_old(ledger: Cast) -> None:
    """Hired again: what was completed before meets nothing, and is refused."""
    dino, again = ledger.viewer("dino"), today(ledger) - timedelta(days=40)
    row = employ(ledger.maple, ledger.cedar, "Lou Marsh", again - timedelta(days=900))
    Employee.objects.filter(pk=row.pk).update(left_on=again - timedelta(days=100))
    record_completion(dino, row.pk, FULL, way="sheet", on=row.hired_on, proof="R. Fell, S. Weir")
    new = employ(ledger.maple, ledger.cedar, "Lou Marsh", again)
    renew()
    assert not Due.objects.filter(employee=row, ended_on=None, met_by=None).exists()
    due = Due.objects.get(employee=new)
    assert (due.course, due.met_by) == (FULL, None)
    with pytest.raises(Refused):
        record_completion(dino, new.pk, FULL, way="sheet", on=again - timedelta(days=1), proof="-")
    done = record_completion(dino, new.pk, FULL, way="sheet", on=again, proof="R. Fell, S. Weir")
    due.refresh_from_db()
    assert due.met_by_id == done, "at once"
    renew()
    following = Due.objects.get(employee=new, met_by=None)
    assert (following.course, following.since) == (SHORT, again + timedelta(days=1))


def test_completion_is_never_changed(ledger: Cast) -> None:
    record_completion(
        ledger.viewer("hana"), named("Robin Fell").pk, FULL, way="certificate", proof="No. 7"
    )
    for sql in ("UPDATE training_completion SET course = 'x'", "DELETE FROM training_completion"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_completion_of_ones_own_on_paper(ledger: Cast) -> None:
    hana = ledger.viewer("hana")
    row = employ(ledger.maple, ledger.cedar, "Hana", today(ledger), person=ledger.people["hana"])
    renew()
    with pytest.raises(Refused):
        record_completion(hana, row.pk, FULL, way="sheet", proof="Hana, Hana")
    with pytest.raises(DatabaseError), viewing(hana) as now:
        Completion.objects.create(
            employee_id=row.pk,
            course=FULL,
            completed_on=today(ledger),
            recorded_at=now,
            way="sheet",
            recorded_by=hana.person_id,
        )
    record_completion(hana, row.pk, FULL, way="here")
    with pytest.raises(Refused):
        record_completion(hana, named("Robin Fell").pk, FULL, way="here")


def test_link_completes_one_course_once(ledger: Cast) -> None:
    due = Due.objects.get(employee=named("Robin Fell"))
    with pytest.raises(Http404):
        make_link(ledger.viewer("charlie"), due.pk)
    old = make_link(ledger.viewer("hana"), due.pk)
    link = make_link(ledger.viewer("hana"), due.pk)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE upstander_signin")
    try:
        with pytest.raises(LinkOver):
            linked(old)
        assert linked(link).course == FULL
        complete_by_link(link, "v1")
        with pytest.raises(LinkOver):
            complete_by_link(link, "v1")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
    due.refresh_from_db()
    assert due.met_by is not None
    assert (due.met_by.way, due.met_by.completed_on) == ("link", today(ledger))


def test_personnel_file_read_in_twice(ledger: Cast) -> None:
    table = io.StringIO()
    out = csv.writer(table)
    out.writerow(["number", "name", "email", "school", "job", "hired_on", "left_on"])
    out.writerow(["11", "Dana Reed", "", ledger.cedar.name, "Driver", "2026-01-05", ""])
    out.writerow(["12", "Tess Own", ledger.people["tess"].email, "", "Aide", "1/6/2026", ""])
    out.writerow(["13", "Nobody There", "", "No Such School", "Aide", "2026-01-05", ""])
    cleo = ledger.viewer("cleo")
    assert import_employees(cleo, table.getvalue()) == {"new": 2, "wrong": 1}
    assert import_employees(cleo, table.getvalue()) == {"same": 2, "wrong": 1}
    renew()
    dana, tess = named("Dana Reed"), named("Tess Own")
    assert (dana.school_id, dana.job, dana.person_id) == (ledger.cedar.pk, "driver", None)
    assert tess.person_id == ledger.people["tess"].pk
    left = table.getvalue().replace("2026-01-05,\r\n12", "2026-01-05,2026-02-01\r\n12")
    assert import_employees(cleo, left)["changed"] == 1
    renew()
    assert not Due.objects.filter(employee=dana, met_by=None, ended_on=None).exists()
    back = left.replace("2026-01-05,2026-02-01", "2026-03-01,")
    assert import_employees(cleo, back)["new"] == 1, "hired again"
    assert sum(row.name == "Dana Reed" for row in Employee.objects.all()) == 2
    for who in ("hana", "ada"):
        with pytest.raises((Refused, DatabaseError)):
            import_employees(ledger.viewer(who), table.getvalue())


def test_reminders_by_step(cast: Cast, clock: Clock) -> None:
    """60 (at once, as 30 days are left), 7 and 0 days before; late the head, then the lead."""
    people = offices(cast)
    employ(cast.maple, cast.cedar, "Tess", today(cast), person=people["tess"])
    employ(cast.maple, cast.cedar, "Dana Reed", today(cast), email="dana@maple.example")
    names = {person.pk: name for name, person in cast.people.items()}
    heard: list[Any] = []
    for _ in range(64):
        renew()
        before = Notice.objects.count()
        mails = len(mail.outbox)
        for _ in range(6):
            clock.move(DAY / 6)
            remind()
        rows = Notice.objects.order_by("pk")[before:]
        if told := {(names[row.person_id], row.kind) for row in rows}:
            heard.append(told)
            assert len(mail.outbox) == mails + 1, "who has no account gets a mail"
    due, late = ("tess", "training_due"), ("tess", "training_late")
    school = {("hana", "training_late_school"), ("dino", "training_late_school")}
    lead = {("cleo", "training_late_district")}
    assert heard == [{due}, {due}, {due}, {late, *school}, {late, *school, *lead}]
    assert all("/training/link/" in str(one.body) for one in mail.outbox)


def test_school_page_names_only_its_own(ledger: Cast) -> None:
    def page(client: Client, path: str) -> tuple[int, str]:
        answer = client.get(path)
        return answer.status_code, answer.content.decode()

    hana = ledger.client("hana")
    status, text = page(hana, f"/training/schools/{ledger.cedar.pk}")
    assert status == 200
    assert "Robin Fell" in text
    assert "not yet confirmed" in text
    assert "Ash Brook" not in text
    assert page(hana, f"/training/schools/{ledger.birch.pk}")[0] == 404
    assert page(ledger.client("tara"), f"/training/schools/{ledger.cedar.pk}")[0] == 403
    status, text = page(ledger.client("cleo"), f"/training/districts/{ledger.maple.pk}")
    assert status == 200
    assert "Ash Brook" in text
    pk = certify_school(ledger.viewer("hana"), ledger.cedar.pk, "")
    assert hana.get(f"/training/certifications/{pk}.pdf").content.startswith(b"%PDF")
    rows = list(csv.reader(page(hana, f"/training/certifications/{pk}.csv")[1].splitlines()))
    assert [row[0] for row in rows[1:4]] == ["Noor Dale", "Robin Fell", "Sam Weir"]

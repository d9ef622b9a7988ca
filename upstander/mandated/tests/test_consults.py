"""What a teacher asks themselves first: theirs alone, until it becomes their own report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import ProgrammingError, connection
from django.http import Http404
from psycopg import errors

from conftest import Cast
from upstander.audit.models import Entry
from upstander.config.database import Role as LoginRole
from upstander.mandated.actions.consults import consults_of, keep_consult, open_consult
from upstander.mandated.actions.duties import open_duty
from upstander.mandated.models import Consult, Duty, DutyEvent
from upstander.mandated.queries import events_of
from upstander.mandated.tests.releases import released
from upstander.mandated.tests.test_duties import offices, right_now
from upstander.matters.models import Folder, FolderGrant
from upstander.people.scope import viewing
from upstander.people.tests.monitor import monitor
from upstander.retention.actions import place_hold
from upstander.retention.sweeps import YEAR, dispose
from upstander.retention.tests.setup import set_clock
from upstander.vault.models import ShredKey, Tombstone

SignIn = Callable[[LoginRole], "psycopg.Connection[tuple[Any, ...]]"]

SEEN = "A bruise on her arm, and she would not say."
SAID = "I fell again."
#: The head of her school, its designee, the district's office, another teacher, the center, its
#: supervisor, an administrator, and a stranger's school.
OTHERS = ("hana", "dino", "cleo", "sol", "bo", "dee", "tom", "alice", "sam", "ada", "charlie")


def keep(cast: Cast, who: str = "tess") -> UUID:
    return keep_consult(
        cast.viewer(who),
        {"facts": SEEN, "first_words": SAID},
        district_id=cast.maple.pk,
        school_id=cast.cedar.pk,
    )


@pytest.mark.django_db
def test_asking_is_not_reporting_and_is_kept_with_its_time(cast: Cast) -> None:
    offices(cast)
    client = cast.client("tess")
    shown = client.get("/consults").content.decode()
    assert "Asking here is not reporting." in shown
    assert shown.count("Asking here is not reporting.") > 11, "with each answer"
    before = right_now()
    sent = client.post("/consults", {"facts": SEEN, "first_words": SAID})
    assert sent.status_code == 302
    one = Consult.objects.get()
    assert before <= one.asked_at <= right_now()
    assert sent["Location"] == f"/consults/{one.pk}"
    page = client.get(sent["Location"]).content.decode()
    assert "Asking here is not reporting." in page
    assert SEEN in page
    assert SAID in page
    assert SEEN not in client.get("/consults").content.decode()
    assert not Duty.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/consults", "/suspect", "/duties"])
def test_no_page_of_the_desk_reads_as_a_release(cast: Cast, path: str) -> None:
    offices(cast)
    consult_id = keep(cast)
    client = cast.client("tess")
    for one in (path, f"/consults/{consult_id}"):
        page = client.get(one).content.decode()
        assert released(page) == []
        assert "/suspect" in page


@pytest.mark.django_db
def test_an_empty_one_is_not_kept(cast: Cast) -> None:
    offices(cast)
    sent = cast.client("tess").post("/consults", {"facts": " ", "first_words": ""})
    assert sent.status_code == 200
    assert "Write a few words." in sent.content.decode()
    assert not Consult.objects.exists()


@pytest.mark.django_db
def test_it_becomes_their_report_and_the_time_goes_along(cast: Cast) -> None:
    offices(cast)
    client = cast.client("tess")
    sent = client.post("/consults", {"facts": SEEN, "first_words": SAID, "report": "yes"})
    one = Consult.objects.get()
    assert sent["Location"] == f"/suspect?consult={one.pk}"
    form = client.get(sent["Location"]).content.decode()
    assert SEEN in form
    assert SAID in form
    told = {"rule": "abuse", "since": "now", "about": "nobody", "facts": SEEN}
    client.post("/suspect", told | {"consult": str(one.pk)})
    duty, one = Duty.objects.get(), Consult.objects.get()
    assert one.duty_id == duty.pk
    # The duty's clocks are those of every duty: from the reason to suspect, as its owner says.
    assert duty.cause_at >= one.asked_at
    assert duty.first_due - duty.cause_at == timedelta(hours=12)
    viewer = cast.viewer("tess")
    found, folder = open_duty(viewer, duty.pk)
    with viewing(viewer):
        (began,) = (e for e in events_of(found, folder) if e.event.kind == DutyEvent.Kind.STARTED)
    assert began.words["facts"] == SEEN
    assert began.words["consulted"]
    page = client.get(f"/duties/{duty.pk}").content.decode()
    assert "Asked themselves first whether to report" in page
    # Another report of theirs doesn't take it over.
    client.post("/suspect", told | {"consult": str(one.pk)})
    assert Consult.objects.get().duty_id == duty.pk
    assert f"/duties/{duty.pk}" in client.get(f"/consults/{one.pk}").content.decode()


@pytest.mark.django_db
def test_nobody_else_opens_lists_or_counts_it(cast: Cast) -> None:
    offices(cast)
    monitor(cast)
    consult_id = keep(cast)
    for name in OTHERS:
        client = cast.client(name)
        assert client.get(f"/consults/{consult_id}").status_code in (403, 404), name
        assert client.get(f"/suspect?consult={consult_id}").status_code in (403, 404), name
        told = {"rule": "abuse", "since": "now", "about": "nobody", "consult": str(consult_id)}
        assert client.post("/suspect", told).status_code in (403, 404), name
        viewer = cast.viewer(name)
        with viewing(viewer):
            if name != "ada":  # who has no right on folders at all
                assert not Folder.objects.filter(pk=consult_id).exists(), name
                assert not FolderGrant.objects.filter(folder_id=consult_id).exists(), name
            assert not Entry.objects.filter(subject_kind="consult").exists(), name
        with pytest.raises((Http404, ProgrammingError)):
            open_consult(viewer, consult_id)
        for path in ("/consults", "/duties", "/ledger", "/record", "/today", "/queue"):
            page = client.get(path).content.decode()
            assert str(consult_id) not in page, (name, path)
            assert SEEN not in page, (name, path)
    assert not Duty.objects.exists()
    viewer = cast.viewer("tess")
    with viewing(viewer):
        assert [one.pk for one in consults_of(viewer)] == [consult_id]
    (recorded,) = Entry.objects.filter(subject_kind="consult", subject_id=str(consult_id))
    assert (recorded.action, recorded.actor_id) == ("consult kept", viewer.person_id)
    assert open_consult(viewer, consult_id).words == {"facts": SEEN, "first_words": SAID}


def test_no_login_reaches_it_past_its_asker(committed_cast: Cast, real_database: SignIn) -> None:
    cast = committed_cast
    offices(cast)
    consult_id = keep(cast)
    asked = "SELECT count(*) FROM mandated_consult"
    staff = real_database(LoginRole.STAFF)
    for name, role in (
        ("hana", "school"),
        ("tom", "school"),
        ("cleo", "district"),
        ("dee", "district"),
        ("sam", "center"),
        ("tess", "school"),
    ):
        scope = cast.viewer(name).scope
        with staff.transaction():
            staff.execute(f"SELECT set_config('role', 'upstander_{role}', true)".encode())
            staff.execute("SELECT set_config('upstander.token', %s, true)", [scope])
            assert staff.execute(asked.encode()).fetchone() == (int(name == "tess"),), name
            other = "UPDATE mandated_consult SET duty_id = gen_random_uuid() WHERE id = %s"
            if name != "tess":
                assert staff.execute(other, [consult_id]).rowcount == 0, name
    for attack in (
        "INSERT INTO mandated_consult DEFAULT VALUES",
        "UPDATE mandated_consult SET asked_at = now()",
        "DELETE FROM mandated_consult",
    ):
        staff.execute("BEGIN")
        staff.execute("SELECT set_config('role', 'upstander_school', true)")
        staff.execute("SELECT set_config('upstander.token', %s, true)", [cast.viewer("tess").scope])
        with pytest.raises(errors.InsufficientPrivilege):
            staff.execute(attack.encode())
        staff.execute("ROLLBACK")
    for login in (LoginRole.WORKER, LoginRole.PUBLIC):
        # The reporters' site knows of no table at all.
        with pytest.raises((errors.InsufficientPrivilege, errors.UndefinedTable)):
            real_database(login).execute(asked.encode())
    for role in ("admin", "monitor", "police", "former"):
        staff.execute("BEGIN")
        staff.execute(f"SELECT set_config('role', 'upstander_{role}', true)".encode())
        with pytest.raises(errors.InsufficientPrivilege):
            staff.execute(asked.encode())
        staff.execute("ROLLBACK")


@pytest.mark.django_db
def test_it_goes_after_a_year_unless_it_is_held(cast: Cast) -> None:
    offices(cast)
    kept = keep(cast)
    now = right_now()
    set_clock(now + YEAR - timedelta(days=1))
    dispose()
    assert Consult.objects.filter(pk=kept).exists()
    set_clock(now)
    hold = place_hold(cast.viewer("dee"), cast.maple.pk, reason="Asked by a court.")
    set_clock(now + YEAR + timedelta(days=1))
    dispose()
    assert Consult.objects.filter(pk=kept).exists()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE retention_hold SET lifted_at = now() WHERE id = %s", [hold.pk])
    assert dispose() == 1
    assert not Consult.objects.filter(pk=kept).exists()
    assert not ShredKey.objects.filter(subject=kept).exists()
    assert not FolderGrant.objects.filter(folder_id=kept).exists()
    assert Tombstone.objects.filter(subject=kept).exists()

"""An exclusion that comes later: by whose duty it is, by the compliance lead, by the center."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, connection
from django.http import Http404
from psycopg import errors

from conftest import Cast, LoginRole
from upstander.base.refused import Refused
from upstander.mandated.actions import duties as actions
from upstander.mandated.actions.events import call
from upstander.mandated.actions.granting import keep_out_later
from upstander.mandated.models import Duty, DutyEvent, Routing
from upstander.mandated.register.tests.test_register import who_sees
from upstander.mandated.tests.test_duties import offices, sees, suspect
from upstander.mandated.tests.test_reminders import as_worker
from upstander.mandated.tests.test_who_of_staff import granted
from upstander.mandated.waiting import sweep_waiting
from upstander.matters.folders import keep_out
from upstander.matters.models import Exclusion, FolderGrant
from upstander.people.keys import mac_holder, name_in
from upstander.people.scope import viewing

SignIn = Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]]


def out(cast: Cast, who: str, duty: UUID, *names: str) -> None:
    people = [cast.people[name].pk for name in names]
    keep_out_later(cast.viewer(who), duty, people, "It is about them.")


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["tess", "cleo"])
@pytest.mark.parametrize(
    ("accused", "left"),
    [
        ("hana", ["cleo", "sol", "tess"]),
        ("dino", ["hana", "cleo", "sol", "tess"]),
        ("tom", ["hana", "dino", "cleo", "sol", "tess"]),
    ],
)
def test_it_takes_back_what_was_granted_to_them_and_to_those_under_them(
    cast: Cast, who: str, accused: str, left: list[str]
) -> None:
    offices(cast)
    duty, other = suspect(cast), suspect(cast, "uma")
    actions.open_duty(cast.viewer("hana"), duty)
    out(cast, who, duty, accused)
    assert granted(cast, duty) == left
    assert [n for n in cast.people if sees(cast.viewer(n), duty)] == left
    assert accused not in left
    with pytest.raises(Http404):
        actions.open_duty(cast.viewer(accused), duty)
    assert DutyEvent.objects.filter(duty_id=duty, kind="kept_out").count() == 1
    assert accused == "tom" or sees(cast.viewer(accused), other), "another matter stays theirs"


@pytest.mark.django_db
def test_whoever_comes_next_is_granted_it_instead(cast: Cast) -> None:
    offices(cast)
    duty = suspect(cast)
    out(cast, "tess", duty, "sol")
    assert granted(cast, duty) == ["bo", "tess"]
    assert [n for n in cast.people if sees(cast.viewer(n), duty)] == ["bo", "tess"]
    assert not Routing.objects.filter(waits=True).exists()


@pytest.mark.django_db
def test_the_lead_under_an_accused_superintendent_loses_the_register_too(cast: Cast) -> None:
    offices(cast)
    duty = suspect(cast, rule="employee")
    assert who_sees(cast) == ["cleo", "sol", "bo"]
    out(cast, "tess", duty, "sol")
    assert who_sees(cast) == ["bo"]
    assert granted(cast, duty) == ["bo", "tess"]


@pytest.mark.django_db
def test_only_its_owner_and_the_lead_keep_others_out(cast: Cast) -> None:
    offices(cast)
    duty = suspect(cast)
    for name in ("hana", "dino", "sol", "tom", "charlie"):
        with pytest.raises((Http404, DatabaseError)):
            out(cast, name, duty, "cleo")
        assert "Someone must not see this" not in (
            cast.client(name).get(f"/duties/{duty}").content.decode()
        )
    # Nor past the page: whoever holds it could shut out the lead who watches over it.
    folder = Duty.objects.get(pk=duty).folder_id
    with pytest.raises(DatabaseError), viewing(cast.viewer("hana")):
        keep_out(folder, [cast.people["cleo"].pk])
    assert not Exclusion.objects.exists()
    for who, whom in (("cleo", "cleo"), ("cleo", "tess"), ("tess", "tess")):
        with pytest.raises(Refused):
            out(cast, who, duty, whom)
    with pytest.raises(Refused):
        keep_out_later(cast.viewer("tess"), duty, [cast.people["hana"].pk], "  ")
    assert not Exclusion.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["tess", "cleo"])
def test_the_page_does_it_and_keeps_what_was_typed(cast: Cast, who: str) -> None:
    offices(cast)
    duty, client = suspect(cast), cast.client(who)
    at = f"/duties/{duty}"
    page = client.get(at).content.decode()
    for name in ("Hana", "Dino", "Sol", "Alice", "Ada", "Dee", "Tom"):
        assert f"{name}\n" in page or f">{name}<" in page or f" {name}" in page
    back = client.post(f"{at}/keep-out", {"why": "She runs the school."})
    assert back.status_code == 422
    assert "She runs the school." in back.content.decode()
    hana = cast.people["hana"].pk
    assert client.post(f"{at}/keep-out", {"people": [hana], "why": "It is her."}).status_code == 302
    assert cast.client("hana").get(at).status_code == 404
    assert "It is her." in client.get(at).content.decode()


@pytest.mark.django_db
def test_the_owner_is_asked_to_grant_it_where_another_kept_somebody_out(cast: Cast) -> None:
    offices(cast)
    duty = suspect(cast)
    matter = Duty.objects.get(pk=duty).matter_id
    # A second duty of the same matter: its owner can't be shut out, and holds their own alone.
    second = suspect(cast, "hana", matter_id=matter)
    out(cast, "hana", second, "sol")
    assert granted(cast, duty) == ["tess"]
    with as_worker():
        sweep_waiting()
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM carriers_notice WHERE kind = 'duty_to_share'")
        assert cursor.fetchall() == [(cast.people["tess"].pk,)]
    actions.open_duty(cast.viewer("tess"), duty)
    assert granted(cast, duty) == ["bo", "tess"]
    assert not Routing.objects.filter(remind_at__isnull=False).exists()


@pytest.mark.django_db
def test_passing_over_takes_nothing_from_whose_report_it_is(cast: Cast) -> None:
    offices(cast)
    duty = suspect(cast)
    row = Duty.objects.get(pk=duty)
    statement = "SELECT api.pass_over(%s, %s::text[])"
    for who in ("alice", "cleo"):
        with viewing(cast.viewer(who)):
            call(statement, row.matter_id, [f"person:{row.person_id}"])
    assert "tess" in granted(cast, duty)
    with pytest.raises(DatabaseError), viewing(cast.viewer("hana")):
        call(statement, row.matter_id, [mac_holder(cast.people["cleo"].pk)])
    assert "cleo" in granted(cast, duty)


def test_nothing_that_is_left_in_the_database_opens_it_for_them(
    committed_cast: Cast, real_database: SignIn
) -> None:
    offices(committed_cast)
    duty = suspect(committed_cast)
    hana = committed_cast.people["hana"]
    out(committed_cast, "cleo", duty, "hana")
    folder = Duty.objects.get(pk=duty).folder_id
    # Nothing of hers stands there any more.
    rows = FolderGrant.objects.filter(folder_id=folder)
    assert not rows.filter(holder=name_in(hana.pk, folder)).exists()
    staff, viewer = real_database(LoginRole.STAFF), committed_cast.viewer("hana")
    for statement in (
        "SELECT count(*) FROM mandated_duty",
        "SELECT count(*) FROM mandated_dutyevent",
        "SELECT count(*) FROM mandated_routing",
        "SELECT count(*) FROM matters_foldergrant",
        "SELECT count(*) FROM matters_folder",
    ):
        with staff.transaction():
            staff.execute("SELECT set_config('role', 'upstander_school', true)")
            staff.execute("SELECT set_config('upstander.token', %s, true)", [viewer.scope])
            assert staff.execute(statement.encode()).fetchone() == (0,), statement
    for attack in (
        f"SELECT api.keep_out_of_duty(p_duty => '{duty}', p_event => gen_random_uuid(),"
        " p_macs => '{}', p_sealed => '')",
        f"SELECT api.duty_granted('{duty}')",
        f"SELECT api.duty_known('{duty}')",
        f"SELECT api.pass_over('{folder}', '{{}}')",
        f"SELECT api.share_folder(p_folder => '{folder}', p_holder => '{mac_holder(hana.pk)}',"
        " p_version => 1, p_blob => '', p_until => NULL)",
        "UPDATE mandated_routing SET past_building = false",
    ):
        staff.execute("BEGIN")
        staff.execute("SELECT set_config('role', 'upstander_school', true)")
        staff.execute("SELECT set_config('upstander.token', %s, true)", [viewer.scope])
        try:
            found = staff.execute(attack.encode()).fetchone()
        except (errors.InsufficientPrivilege, errors.NoDataFound):
            found = (False,)
        assert found == (False,), attack
        staff.execute("ROLLBACK")

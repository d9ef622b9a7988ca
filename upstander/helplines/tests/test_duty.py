"""What an advocate suspects: their own duty, kept in their agency; it runs as everybody's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection
from django.test import Client

from conftest import Cast
from upstander.carriers.models import Notice
from upstander.escalations.tests.alerts import as_worker
from upstander.helplines.tests.setup import OTHERS, Agency, agency, client_of
from upstander.helplines.tests.test_unseen import seen_by
from upstander.mandated.access import rules_of
from upstander.mandated.actions import duties as actions
from upstander.mandated.actions.confirming import confirm_fact, facts_of
from upstander.mandated.leaving.notices import sweep_leaving
from upstander.mandated.models import Duty
from upstander.mandated.proving import entries_of
from upstander.mandated.recipients import agency_at, officers_of
from upstander.mandated.register.models import Entry
from upstander.mandated.sweeps import sweep_later, sweep_reminders
from upstander.people import factories
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import viewing
from upstander.places.models import School
from upstander.plug import law_files
from upstander.retention.tests.setup import set_clock

pytestmark = pytest.mark.django_db
_SUSPECT = {
    "rule": "employee",
    "since": "now",
    "about": "unknown",
    "facts": "Their child has marks of a belt.",
    "first_words": "He did it again.",
}
#: Everybody whom it is kept from, though some would hear of it at any other place.
_OUTSIDE = (*OTHERS, "mona", "cody")


def watched(cast: Cast) -> Agency:
    """Let there be an agency whose district has what others have: a monitor and an office."""
    here = agency(cast)
    for name, kind, role in (
        ("mona", TeamKind.MONITOR, Role.MONITOR),
        ("cody", TeamKind.OFFICE, Role.COMPLIANCE_LEAD),
    ):
        cast.teams[name] = factories.make_team(kind, name, cast.keys, district=here.district)
        cast.people[name] = factories.make_person(name.capitalize(), cast.keys)
        factories.join(cast.people[name], cast.teams[name], role, cast.keys)
    return here


def suspects(client: Client) -> Duty:
    """Press "I suspect" as from a client's folder, about somebody at a school."""
    told = client.post("/suspect", _SUSPECT)
    assert told.status_code == 302, told.content.decode()
    return Duty.objects.get()


def told() -> set[tuple[int, str]]:
    """Return who was told what."""
    return set(Notice.objects.values_list("person_id", "kind"))


def test_duty_of_advocate_is_seen_in_their_agency_alone(cast: Cast) -> None:
    watched(cast)
    joss = cast.client("joss")
    before = {who: seen_by(cast, who) for who in _OUTSIDE}
    duty = suspects(joss)
    assert duty.first_due == duty.cause_at + timedelta(hours=12), "as everybody's"
    assert told() == {(cast.people["ines"].pk, "advocate_duty")}
    set_clock(duty.first_due + timedelta(minutes=1))
    with as_worker():
        sweep_reminders()
        sweep_later()
        sweep_leaving()
    late = {person for person, kind in told() if kind == "advocate_duty_late"}
    assert late == {cast.people["ines"].pk}
    assert {person for person, _ in told()} == {cast.people[one].pk for one in ("ines", "joss")}
    for who in _OUTSIDE:
        after = seen_by(cast, who)
        assert {name for name in after if after[name] != before[who].get(name)} == set(), who
    for who in _OUTSIDE:
        assert cast.client(who).get(f"/duties/{duty.pk}").status_code in (302, 403, 404), who
    assert not Entry.objects.exists(), "and nothing of it stands in a register"
    assert cast.client("wren").get(f"/duties/{duty.pk}").status_code == 404, "nor a colleague"
    assert "Joss" in cast.client("ines").get("/duties").content.decode()
    assert cast.client("ines").get(f"/duties/{duty.pk}").status_code == 200


def test_duty_of_a_supervisor_is_nobody_else_s(cast: Cast) -> None:
    watched(cast)
    ines = cast.client("ines")
    before = seen_by(cast, "mona")
    suspects(ines)
    assert told() == set(), "no monitor hears that nobody sees it"
    assert seen_by(cast, "mona") == before


def test_proof_of_an_advocate_s_report_is_everybody_s(cast: Cast) -> None:
    watched(cast)
    duty, joss = suspects(cast.client("joss")), cast.viewer("joss")
    way = next(iter(rules_of(duty)[1].ways))
    actions.report_first(joss, duty.pk, way=way, at=duty.cause_at, words={"worker": "Bay"})
    actions.send_written(joss, duty.pk, at=duty.cause_at, words={"how": "fax", "to": "them"})
    duty.refresh_from_db()
    assert duty.written_due == duty.cause_at + timedelta(hours=48)
    assert duty.written_at is not None
    with viewing(joss):
        assert {"suspicion noted", "duty: first", "duty: written"} <= {
            one.action for one in entries_of(duty)
        }


def test_page_of_client_says_first_what_ends_no_privilege(cast: Cast) -> None:
    here = agency(cast)
    page = cast.client("wren").get("/clients/new").content.decode()
    assert "privilege ends no duty" in page
    assert "not yet confirmed" in page
    one = client_of(here)
    assert "privilege ends no duty" in cast.client("wren").get(f"/clients/{one}").content.decode()
    file = next(one for one in law_files() if one.key == "us-ct")
    fact = next(one for one in facts_of(file) if one.key == "reporters.advocates")
    confirm_fact(cast.viewer("ada"), "us-ct", fact.key, fact.digest, stands=True)
    assert "not yet confirmed" not in cast.client("wren").get("/clients/new").content.decode()


def test_district_with_schools_is_no_agencys_own(cast: Cast) -> None:
    here = watched(cast)
    cody, monitors = cast.people["cody"].pk, "SELECT mandated_monitors(p_district => %s)"
    with connection.cursor() as cursor:
        cursor.execute(monitors, [here.district.pk])
        assert cursor.fetchone() == ([],)
        School.objects.create(district=here.district, name="Elm", slug="elm")
        cursor.execute(monitors, [here.district.pk])
        assert cursor.fetchone() == ([cast.people["mona"].pk],)
    assert [one.person_id for one in officers_of(here.district.pk)] == [cody]


def test_agencys_district_takes_no_school(cast: Cast) -> None:
    """Else an administrator's one form ends that its supervisors hear of what advocates report."""
    here, ada = agency(cast), cast.client("ada")
    given = {"name": "Elm", "time_zone": "America/New_York", "languages": ["en"]}
    at = f"/places/districts/{here.district.pk}/schools/new/"
    assert "An agency of advocates has no schools" in ada.post(at, given).content.decode()
    table = {"table": f"district,name\n{here.district.slug},Elm\n"}
    shown = ada.post("/places/import/", table).content.decode()
    assert "An agency of advocates has no schools" in shown
    ada.post("/places/import/", {**table, "confirm": "yes"})
    with pytest.raises(ProgrammingError, match="row-level security"), viewing(cast.viewer("ada")):
        School.objects.create(district=here.district, name="Elm", slug="elm")
    assert agency_at(here.district.pk) == here.district.center_id

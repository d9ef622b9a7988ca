"""`doctor`, as an administrator runs it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from upstander.command.tests.systems import made, upstander, with_django
from upstander.states import laws

__all__ = ["made"]

pytestmark = [pytest.mark.servers, pytest.mark.slow]


def test_the_doctor_names_what_is_wrong_and_the_mend(made: tuple[Path, str]) -> None:
    home, _ = made
    (home / "keys" / "field").chmod(0o644)
    try:
        done = upstander(home, "doctor")
    finally:
        (home / "keys" / "field").chmod(0o600)
    assert done.returncode == 1
    findings = dict(re.findall(r"^(?:well|NOT WELL) +([^:]+): (.+)$", done.stdout, re.MULTILINE))
    wrong = set(re.findall(r"^NOT WELL +([^:]+):", done.stdout, re.MULTILINE))
    assert {"keys", "worker", "public site", "desk site"} <= wrong
    assert "chmod 600" in findings["keys"]
    assert re.match(r"1, \d+ hours old", findings["shred key file"])
    assert "second place" in wrong
    assert "lies on one disk" in findings["second place"]
    for well in ("shred key file", "database roles", "rights", "durability", "clock", "disk"):
        assert well in findings
        assert well not in wrong


WHERE_TIPS_GO = """
import django
django.setup()
from upstander.command.doctor import check_places
from upstander.command.postgres import EmbeddedPostgres
from upstander.config.home import Home
from upstander.places.models import Center, District
home = Home.from_env()
with EmbeddedPostgres(home):
    for do in (
        lambda: None,
        lambda: District.objects.create(
            center=Center.objects.create(name="Far Center", slug="far"),
            name="Far", slug="far", state="us-ct"),
        lambda: District.objects.filter(slug="far").update(catch_all=True),
        lambda: (District.objects.filter(slug="far").delete(),
                 Center.objects.filter(slug="far").delete()),
    ):
        do()
        for finding in check_places(home):
            print(finding.says, "/", finding.mend or "well")
"""


def test_the_doctor_asks_where_tips_without_a_place_go(made: tuple[Path, str]) -> None:
    """The center that the system writes test tips to is none of those that it counts."""
    home, _ = made
    done = with_django(home, WHERE_TIPS_GO)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "go to the only center / well",
        "go to the first district by name / an administrator names a district under Places",
        "go to Far (Far Center) / well",
        "go to the only center / well",
    ]


WHOSE_LAW = """
import django
django.setup()
from upstander.command.doctor import check_states
from upstander.command.postgres import EmbeddedPostgres
from upstander.config.home import Home
from upstander.places.models import Center, District
home = Home.from_env()
with EmbeddedPostgres(home):
    center = Center.objects.create(name="Far Center", slug="far")
    District.objects.create(center=center, name="Far", slug="far", state="us-ct")
    for state in ("us-ct", "us-none"):
        District.objects.filter(slug="far").update(state=state)
        for finding in check_states(home):
            print(finding.says, "/", finding.mend[:19] or "well")
    District.objects.filter(slug="far").delete()
    Center.objects.filter(slug="far").delete()
"""


def test_the_doctor_misses_the_folder_of_a_districts_state(made: tuple[Path, str]) -> None:
    home, _ = made
    done = with_django(home, WHOSE_LAW)
    assert done.returncode == 0, done.stderr
    said = [f"read: {len(laws())} / well", "no folder for us-none / put the folder back"]
    assert done.stdout.splitlines() == said


WHO_READS = """
import django
django.setup()
from upstander.command.doctor_offices import check_offices
from upstander.command.postgres import EmbeddedPostgres
from upstander.config.home import Home
from upstander.people.models import Membership, Person, Team
from upstander.places.models import Center, District, School
home = Home.from_env()
with EmbeddedPostgres(home):
    center = Center.objects.create(name="Far Center", slug="far")
    far = District.objects.create(center=center, name="Far", slug="far", state="us-ct")
    school = School.objects.create(district=far, name="Far School", slug="far-school")
    staff = Team.objects.create(kind="staff", name="Far staff", district=far, school=school)
    office = Team.objects.create(kind="office", name="Far office", district=far)
    one = Person.objects.create(email="one@far.example", name="One")
    other = Person.objects.create(email="other@far.example", name="Other")
    for do in (
        lambda: None,
        lambda: Membership.objects.create(person=one, team=staff, role="staff_member"),
        lambda: Membership.objects.create(person=one, team=office, role="superintendent"),
        lambda: Membership.objects.create(person=other, team=office, role="board_chair"),
        lambda: Person.objects.filter(pk__in=(one.pk, other.pk)).update(is_active=False),
    ):
        do()
        for finding in check_offices(home):
            print(finding.says, "/", "mend" if finding.mend else "well")
    Membership.objects.filter(team__in=(staff, office)).delete()
    Team.objects.filter(pk__in=(staff.pk, office.pk)).delete()
    Person.objects.filter(pk__in=(one.pk, other.pk)).delete()
    school.delete()
    far.delete()
    center.delete()
"""


def test_the_doctor_asks_who_could_read_an_allegation(made: tuple[Path, str]) -> None:
    home, _ = made
    done = with_django(home, WHO_READS)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "somebody could read one in each district / well",
        "nobody could read one in Far / mend",
        "no chair of the board, so one about the superintendent finds no reader, in Far / mend",
        "somebody could read one in each district / well",
        "nobody could read one in Far / mend",
    ]

"""Where nobody may read an allegation its reporter hears so, and files it once somebody may."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError
from django.http import Http404

from conftest import Cast
from upstander.base.refused import Refused
from upstander.mandated import unfiled
from upstander.mandated.models import DutyEvent
from upstander.mandated.register.models import Entry, Mark
from upstander.mandated.register.tests.test_register import accuse, opened
from upstander.mandated.tests.test_duties import offices, suspect
from upstander.places import factories
from upstander.places.models import Membership, Team
from upstander.places.roles import Role

pytestmark = pytest.mark.django_db

SAYS = "does not have this allegation yet"


def without_chair(cast: Cast) -> Team:
    offices(cast)
    seat = Membership.objects.get(role=Role.BOARD_CHAIR)
    team: Team = seat.team
    seat.delete()
    return team


def seat_chair(cast: Cast, team: Team) -> None:
    cast.people["zora"] = factories.make_person("Zora", cast.keys)
    factories.join(cast.people["zora"], team, Role.BOARD_CHAIR, cast.keys)


def test_the_superintendent_accused_and_no_chair_is_said_and_filed_later(cast: Cast) -> None:
    team = without_chair(cast)
    duty = accuse(cast, "sol", disability=True)
    assert not Entry.objects.exists()
    page = cast.client("tess").get(f"/duties/{duty}").content.decode()
    assert SAYS in page
    assert "to_file" not in page
    # Still nobody: it stays as it was, aloud.
    page = cast.client("tess").post(f"/duties/{duty}/file", follow=True).content.decode()
    assert "nothing is lost" in page
    assert SAYS in page
    assert not DutyEvent.objects.filter(kind=DutyEvent.Kind.FILED).exists()

    seat_chair(cast, team)
    page = cast.client("tess").post(f"/duties/{duty}/file", follow=True).content.decode()
    assert SAYS not in page
    entry = Entry.objects.get()
    assert (entry.duty_id, entry.disability, entry.kind) == (duty, True, "unknown")
    assert opened(cast, "zora", entry).words["name"] == cast.people["sol"].name
    assert Mark.objects.filter(entry=entry, strength__gte=2).exists()
    # The accused and who depends on them see none of it.
    for name in ("sol", "cleo"):
        with pytest.raises((Http404, ProgrammingError)):
            opened(cast, name, entry)
    with pytest.raises(Refused):
        unfiled.file_again(cast.viewer("tess"), duty)
    assert Entry.objects.count() == 1


def test_an_office_without_anybody_loses_no_allegation_about_somebody_unknown(cast: Cast) -> None:
    team = without_chair(cast)
    Membership.objects.filter(team=team).delete()
    duty = suspect(cast, rule="employee", words={"suspected": "The man of the blue van"})
    assert not Entry.objects.exists()
    seat_chair(cast, team)
    unfiled.file_again(cast.viewer("tess"), duty)
    assert opened(cast, "zora", Entry.objects.get()).words["person"] == "The man of the blue van"


def test_only_its_owner_files_what_was_kept(cast: Cast) -> None:
    team = without_chair(cast)
    duty, other = accuse(cast, "sol"), suspect(cast)
    seat_chair(cast, team)
    for name in ("hana", "sol", "cleo", "zora", "charlie"):
        with pytest.raises((Http404, ProgrammingError)):
            unfiled.file_again(cast.viewer(name), duty)
    with pytest.raises(Refused):
        unfiled.file_again(cast.viewer("tess"), other)
    assert not Entry.objects.exists()
    assert SAYS not in cast.client("hana").get(f"/duties/{duty}").content.decode()

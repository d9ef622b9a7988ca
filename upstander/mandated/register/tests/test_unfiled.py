"""Where nobody may read an allegation its reporter hears so, and files it once somebody may."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection
from django.http import Http404

from conftest import Cast
from upstander.base.refused import Refused
from upstander.carriers.models import Notice
from upstander.mandated.actions import unfiled
from upstander.mandated.models import DutyEvent
from upstander.mandated.register.actions import disclosing
from upstander.mandated.register.models import BlindIndex, Entry
from upstander.mandated.register.tests.test_left_out import text_of
from upstander.mandated.register.tests.test_register import accuse, opened
from upstander.mandated.register.tests.test_register_pages import question
from upstander.mandated.tests.test_duties import offices, suspect
from upstander.people import factories
from upstander.people.models import Membership, Team
from upstander.people.roles import Role
from upstander.people.scope import viewing
from upstander.people.tests.monitor import monitor

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
    assert BlindIndex.objects.filter(entry=entry, strength__gte=2).exists()
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


def asked(cast: Cast, name: str, who: str, **more: object) -> tuple[str, str]:
    """Return what a letter about somebody says, and the page on which it is written."""
    sent = {"district": cast.maple.pk, "name": name, "asker": "Lake", "reason": "Consent"}
    sent |= {"asked_on": "2021-03-05", "school": more.get("school_id", "")}
    page = cast.client(who).post("/register/disclosures", sent).content.decode()
    kept = disclosing.answer(cast.viewer(who), question(cast, name, **more), [])
    return text_of(cast, who, kept), page


def test_no_letter_says_nothing_while_a_report_is_unfiled_as_nobody_may_read_it(cast: Cast) -> None:
    team = without_chair(cast)
    # By a whole name, as accounts have: half a name would leave whoever is asked about open.
    cast.people["sol"].name = "Solveig Marlow"
    cast.people["sol"].save()
    duty = accuse(cast, "sol")
    for who in ("cleo", "sol"):
        letter, page = asked(cast, "Terry Voss", who)
        assert "nothing" not in letter.lower()
        assert str(disclosing.NOT_CLEAR) in page
    seat_chair(cast, team)
    assert "nothing" not in asked(cast, "Terry Voss", "zora")[0].lower()
    unfiled.file_again(cast.viewer("tess"), duty)
    assert "Nothing." in asked(cast, "Terry Voss", "zora")[0]


def test_who_leaves_before_it_is_filed_is_found_by_the_name_that_they_had(cast: Cast) -> None:
    team = without_chair(cast)
    sol = cast.people["sol"]
    sol.name = "Solveig Marlow"
    sol.save()
    duty = accuse(cast, "sol")
    Membership.objects.filter(person=sol).delete()
    sol.is_active = False
    sol.save()
    seat_chair(cast, team)
    unfiled.file_again(cast.viewer("tess"), duty)
    entry = Entry.objects.get()
    assert opened(cast, "zora", entry).words["name"] == "Solveig Marlow"
    assert BlindIndex.objects.filter(entry=entry, strength=BlindIndex.Strength.SAME).exists()
    assert "Nothing." in asked(cast, "Terry Voss", "zora")[0]
    # The letter finds it: it is told, or left out with a reason.
    with pytest.raises(Refused, match="disclosed, or left out"):
        asked(cast, "Solveig Marlow", "zora")


def test_only_who_keeps_the_register_asks_whether_anything_waits(cast: Cast) -> None:
    without_chair(cast)
    accuse(cast, "sol")
    statement = "SELECT api.allegations_wait(p_district => %s, p_school => NULL, p_last => NULL)"
    found = {}
    for name in ("cleo", "hana", "dino", "dee", "tess", "alice", "charlie", "ada"):
        try:
            with viewing(cast.viewer(name)), connection.cursor() as cursor:
                cursor.execute(statement, [cast.maple.pk])
                found[name] = cursor.fetchone()[0]
        except ProgrammingError:  # no right on it at all
            found[name] = False
    assert [name for name, waits in found.items() if waits] == ["cleo"]
    with viewing(cast.viewer("cleo")), connection.cursor() as cursor:
        cursor.execute(statement, [cast.pine.pk])
        assert cursor.fetchone() == (False,)


def test_opening_the_report_files_it_and_its_owner_is_asked_for_nothing_more(cast: Cast) -> None:
    team = without_chair(cast)
    duty, client = accuse(cast, "sol"), cast.client("tess")
    page = client.get(f"/duties/{duty}").content.decode()
    assert "only need to make your own report" in page
    assert "fill" not in page.split(SAYS)[1].split("</form>")[0]
    watching = Notice.objects.filter(kind="register_unread")
    assert not watching.exists(), "nobody watches yet"
    seat_chair(cast, team)
    assert SAYS not in client.get(f"/duties/{duty}").content.decode()
    assert Entry.objects.count() == 1


def test_the_outside_monitor_is_told_that_nobody_may_read_an_allegation(cast: Cast) -> None:
    without_chair(cast)
    mona = monitor(cast)
    accuse(cast, "sol")
    notice = Notice.objects.get(kind="register_unread")
    assert (notice.person_id, notice.detail) == (mona.pk, {})


def test_the_accused_learns_neither_school_nor_day_by_asking(cast: Cast) -> None:
    """About anybody, any school and any time they are told the same: no answer yet."""
    without_chair(cast)
    accuse(cast, "sol")
    ask = "SELECT api.allegations_wait(p_district => %s, p_school => %s, p_last => %s)"
    for who in ("sol", "cleo"):
        with viewing(cast.viewer(who)), connection.cursor() as cursor:
            found = set()
            for school in (None, cast.cedar.pk, cast.cedar.pk + 1000):
                for last in (None, "2001-01-01", "2036-01-01"):
                    cursor.execute(ask, [cast.maple.pk, school, last])
                    found.add(cursor.fetchone())
        assert found == {(True,)}, who

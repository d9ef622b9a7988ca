"""Officers see briefs of their own and nothing else: attacked over their role's own connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.http import Http404
from psycopg import errors

from conftest import Cast
from upstander.base.refused import Refused
from upstander.carriers.models import Notice
from upstander.config.database import Role as LoginRole
from upstander.emergency.actions.briefs import (
    add_page,
    contents_of,
    hand_to_police,
    outcome_words,
    pages_for_center,
)
from upstander.emergency.actions.help import ask_for_police
from upstander.emergency.actions.officers import (
    acknowledge_brief,
    briefs_of,
    open_brief,
    record_outcome,
)
from upstander.emergency.models import Brief, BriefPage
from upstander.emergency.tests.story import LINES, WORDS, again, around, claimed, read_and_agree
from upstander.emergency.words import opened_data
from upstander.people import factories
from upstander.people.models import Membership
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import viewing
from upstander.tips.actions.subjects import name_subject
from upstander.tips.actions.writing import add_note
from upstander.tips.models import Recipient
from upstander.tips.opening import UNREADABLE, NotGranted, OpenTip, open_tip
from upstander.triage.actions.handoff import exclude_people, hand_off
from upstander.vault.models import ShredKey

type SignIn = Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]]

ACTIVE_ROLES = ("center", "school", "district", "admin", "police")
BRIEF = "Please see whether somebody is at the gym door."


def brief_on(cast: Cast, opened: OpenTip, **more: Any) -> Brief:
    given = {"danger_now": True} | more
    return hand_to_police(
        opened, cast.teams["maple_police"].pk, BRIEF, LINES, around(cast, opened), **given
    )


def test_an_officer_reads_answers_and_the_center_reads_the_answer(cast: Cast) -> None:
    opened = claimed(cast)
    brief = brief_on(cast, opened)
    add_page(opened, brief.pk, "They have gone to the library.", LINES, around(cast, opened))
    otto = cast.viewer("otto")
    read = open_brief(otto, brief.pk)
    assert [(page.number, page.words) for page in read.pages] == [
        (2, "They have gone to the library."),
        (1, BRIEF),
    ]
    assert read.pages[1].lines == LINES
    assert read.pages[1].around["callback"] == "555-0100"
    acknowledge_brief(otto, brief.pk)
    with pytest.raises(Refused):
        acknowledge_brief(otto, brief.pk)
    record_outcome(otto, brief.pk, Brief.Outcome.SAFE, "Spoke with them; a friend is with them.")
    ended = Brief.objects.get(pk=brief.pk)
    assert ended.outcome_by == cast.people["otto"].pk
    assert b"friend" not in bytes(ended.outcome_sealed or b"")
    sam = again(cast, opened, "sam")
    assert outcome_words(sam, ended) == "Spoke with them; a friend is with them."
    assert [page.words for page in pages_for_center(sam, brief.pk)] == [
        "They have gone to the library.",
        BRIEF,
    ]
    with pytest.raises(Refused):
        record_outcome(otto, brief.pk, Brief.Outcome.OTHER, "Something else.")


def test_without_danger_now_a_second_person_agrees(cast: Cast) -> None:
    opened = claimed(cast)
    with pytest.raises(Refused, match="second person"):
        brief_on(cast, opened, danger_now=False)
    request = ask_for_police(opened, "Nobody answers at home.")
    read_and_agree(cast, "bea", request)
    assert brief_on(cast, opened, danger_now=False).request_id == request.pk
    with pytest.raises(Refused, match="update"):
        brief_on(cast, opened)


def test_officers_are_told(cast: Cast) -> None:
    brief_on(cast, claimed(cast))
    told = Notice.objects.filter(kind="police_brief").values_list("person_id", flat=True)
    assert set(told) == {cast.people["otto"].pk}


def test_other_police_other_teams_and_other_districts_get_nothing(cast: Cast) -> None:
    cast.teams["harbor_police"] = factories.make_team(
        TeamKind.POLICE, "Harbor police", cast.keys, district=cast.harbor
    )
    cast.people["hugo"] = factories.make_person("Hugo", cast.keys)
    factories.join(cast.people["hugo"], cast.teams["harbor_police"], Role.OFFICER, cast.keys)
    opened = claimed(cast)
    for team in ("harbor_police", "cedar", "lakeside", "maple"):
        with pytest.raises(Http404):
            hand_to_police(
                opened, cast.teams[team].pk, BRIEF, LINES, around(cast, opened), danger_now=True
            )
    brief = brief_on(cast, opened)
    hugo = cast.viewer("hugo")
    with pytest.raises(Http404):
        open_brief(hugo, brief.pk)
    with pytest.raises(Http404):
        acknowledge_brief(hugo, brief.pk)
    with viewing(hugo):
        assert briefs_of(hugo) == []


def test_a_tip_is_never_handed_to_police(cast: Cast) -> None:
    opened = claimed(cast)
    with pytest.raises(Refused, match="Choose a team"):
        hand_off(opened, [cast.teams["maple_police"].pk], "A brief.")
    with pytest.raises(IntegrityError, match="briefs, not tips"), transaction.atomic():
        Recipient.objects.create(
            tip_id=opened.tip.pk,
            district_id=cast.maple.pk,
            since=opened.at,
            since_turn=0,
            holder=cast.teams["maple_police"].holder,
        )


def test_an_officer_who_is_kept_out_sees_no_brief_and_holds_no_key_of_it(cast: Cast) -> None:
    cast.people["olga"] = factories.make_person("Olga", cast.keys)
    factories.join(cast.people["olga"], cast.teams["maple_police"], Role.OFFICER, cast.keys)
    opened = claimed(cast)
    exclude_people(opened, [cast.people["otto"].pk])
    brief = brief_on(cast, opened)
    otto, olga = cast.viewer("otto"), cast.viewer("olga")
    with pytest.raises(Http404):
        open_brief(otto, brief.pk)
    assert open_brief(olga, brief.pk).pages[0].words == BRIEF
    told = set(Notice.objects.filter(kind="police_brief").values_list("person_id", flat=True))
    assert told == {cast.people["olga"].pk}
    # Nothing of it is sealed to the team's key, which the one who is kept out holds too.
    team = cast.teams["maple_police"].holder
    assert team not in brief.pages.get().keys.values_list("holder", flat=True)


def test_a_exclusion_that_comes_later_hides_the_brief(cast: Cast) -> None:
    opened = claimed(cast)
    brief = brief_on(cast, opened)
    exclude_people(opened, [cast.people["otto"].pk])
    with pytest.raises(Http404):
        open_brief(cast.viewer("otto"), brief.pk)


def test_an_officer_is_nothing_else(cast: Cast) -> None:
    for person, team, role in (
        ("otto", "cedar", Role.TEAM_MEMBER),
        ("tom", "maple_police", Role.OFFICER),
        ("uma", "maple_police", Role.TEAM_LEAD),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(team=cast.teams[team], person=cast.people[person], role=role)


def test_a_brief_is_forgotten_with_its_tip(cast: Cast) -> None:
    """Not even an old copy of its rows opens: the page needs the tip's shred key as well."""
    opened = claimed(cast)
    brief = brief_on(cast, opened)
    assert open_brief(cast.viewer("otto"), brief.pk).pages[0].words == BRIEF
    ShredKey.objects.filter(subject=opened.tip.pk).delete()
    with pytest.raises(NotGranted):
        open_brief(cast.viewer("otto"), brief.pk)
    page = BriefPage.objects.get(brief=brief)
    kept = opened_data(opened, "brief key", page.pk, page.center_key)
    assert kept
    for guess in (bytes(32), bytes.fromhex(kept["key"])):
        found = contents_of(brief.pk, page, bytes.fromhex(kept["key"]), guess)
        assert found.words == UNREADABLE


def test_an_officers_session_sees_nothing_but_briefs_under_any_role_of_the_desk(
    committed_cast: Cast, real_database: SignIn
) -> None:
    cast = committed_cast
    opened = claimed(cast)
    add_note(opened, "For the center alone.")
    name_subject(opened, "Somebody Named")
    hand_off(opened, [cast.teams["cedar"].pk], "The school's brief.")
    brief_on(cast, opened)
    officer = cast.viewer("otto")
    owner, desk = real_database(LoginRole.OWNER), real_database(LoginRole.STAFF)
    tables = [
        name
        for (name,) in owner.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind = 'r' AND relrowsecurity ORDER BY 1"
        )
    ]
    assert "tips_tip" in tables
    seen: dict[str, set[str]] = {}
    for active_role in ACTIVE_ROLES:
        desk.execute(f"SET ROLE upstander_{active_role}".encode())
        desk.execute("SELECT set_config('upstander.token', %s, false)", [officer.scope])
        for table in tables:
            try:
                count = f"SELECT count(*) FROM {table}"
                found = desk.execute(count.encode()).fetchone()
            except errors.InsufficientPrivilege:
                continue
            if found != (0,):
                seen.setdefault(active_role, set()).add(table)
        desk.execute("RESET ROLE")
    # Centers' names, services and public keys are public. The rest is the officer's own team.
    harmless = {"places_center", "vault_holderkey", "carriers_providerhealth"}
    own_keys = {"vault_sealedkey", "vault_personkey"}
    mine = {name for name in tables if name.startswith("directory_")} | harmless | own_keys
    for active_role in set(ACTIVE_ROLES) - {"police"}:
        assert seen.get(active_role, set()) <= mine, active_role
    assert seen["police"] <= mine | {
        "emergency_brief",
        "emergency_briefpage",
        "emergency_briefkey",
        # Of the tips that they have a brief of: alone it opens nothing.
        "vault_shredkey",
        "people_team",
        "people_membership",
        # What is signed of their own team and district: ids and roles.
        "vault_signedstatement",
        "people_person",
        "places_district",
        "carriers_contactmethod",
    }
    desk.execute("SET ROLE upstander_police")
    people = desk.execute("SELECT id FROM people_person").fetchall()
    assert people == [(cast.people["otto"].pk,)]
    for column in ("by", "request_id", "outcome_sealed"):
        with pytest.raises(errors.InsufficientPrivilege):
            desk.execute(f'SELECT "{column}" FROM emergency_brief'.encode())
    with pytest.raises(errors.InsufficientPrivilege):
        desk.execute("SELECT center_key FROM emergency_briefpage")
    for attack in (
        "UPDATE emergency_brief SET danger_now = false",
        "INSERT INTO emergency_brief SELECT * FROM emergency_brief",
        "DELETE FROM emergency_brief",
        "INSERT INTO tips_recipient (tip_id, district_id, holder, since, since_turn, with_words)"
        " SELECT tip_id, district_id, 'x', now(), 0, true FROM emergency_brief",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            desk.execute(attack.encode())
    # An answer in somebody else's name.
    with pytest.raises(errors.InsufficientPrivilege):
        desk.execute(
            "UPDATE emergency_brief SET state = 'acknowledged', acknowledged_by = %s",
            [cast.people["tara"].pk],
        )
    raw = b"".join(
        bytes(blob) for (blob,) in desk.execute("SELECT sealed FROM emergency_briefpage").fetchall()
    )
    assert BRIEF.encode() not in raw
    assert WORDS.encode() not in raw


def test_no_road_of_the_code_leads_an_officer_to_a_tip(cast: Cast) -> None:
    opened = claimed(cast)
    with pytest.raises(ProgrammingError, match="permission denied"):
        open_tip(cast.viewer("otto"), opened.tip.pk)

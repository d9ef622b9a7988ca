"""Attacks on the database's own walls, with SQL of the attacker's over the desk's login role.

Whoever injects SQL into a query of the desk may change the role to any that the desk takes on, and
every setting; what they can't know is another session's token. So each wall must hold for every
such role, within the attacker's own scope.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors

from conftest import Cast
from upstander.cases.tests.story import read_and_agree
from upstander.config.database import Role as LoginRole
from upstander.decisions.actions import close_tip, decide, propose, reopen_tip
from upstander.decisions.models import SecondOpinion
from upstander.people import sessions
from upstander.people.keys import name_in, person_mac
from upstander.people.scope import DATABASE_ROLE, Viewer
from upstander.tips import reporter
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import exclude_people, hand_off
from upstander.triage.actions.work import claim_tip, link_tips
from upstander.vault.sessions import row_key

type Line = psycopg.Connection[tuple[Any, ...]]
SignIn = Callable[[LoginRole], Line]
DatabaseRefuses = (errors.InsufficientPrivilege, errors.CheckViolation, errors.RaiseException)


def a_tip(cast: Cast, *, school: str = "cedar", now: bool = False) -> UUID:
    return reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text="A tip.",
            language="en",
            tile="attack" if now else "bullying",
            answers={"when": "now"} if now else {},
            school_id=getattr(cast, school).pk,
        )
    ).tip_id


def handed(cast: Cast, *, team: str = "cedar") -> UUID:
    alice, tip = cast.viewer("alice"), a_tip(cast)
    claim_tip(alice, tip)
    hand_off(open_tip(alice, tip), [cast.teams[team].pk], "A brief.")
    return tip


def attack(line: Line, viewer: Viewer, sql: str, *values: object, active_role: str = "") -> int:
    """Run an attacker's SQL within a viewer's scope; return how many rows it met."""
    line.execute("RESET ROLE")
    line.execute("SELECT set_config('upstander.token', %s, false)", [viewer.scope])
    line.execute(f"SET ROLE {active_role or DATABASE_ROLE[viewer.kind]}".encode())
    try:
        return line.execute(sql.encode(), values).rowcount
    finally:
        line.execute("RESET ROLE")


def holders_of(owner: Line, tip: UUID) -> set[str]:
    rows = owner.execute("SELECT holder FROM vault_grant WHERE tip_id = %s", [tip])
    return {holder for (holder,) in rows.fetchall()}


# --- Whoever takes on the administrators' role ----------------------------------------------------
@pytest.mark.parametrize("name", ["tom", "alice", "dee"])
def test_the_administrators_role_is_worth_nothing_to_others(
    name: str, committed_cast: Cast, real_database: SignIn
) -> None:
    staff, viewer = real_database(LoginRole.STAFF), committed_cast.viewer(name)
    for sql in (
        "UPDATE people_person SET is_active = false",
        "UPDATE places_district SET name = 'Mine'",
        "UPDATE people_team SET name = 'Mine'",
        "UPDATE directory_service SET confirmed = true",
    ):
        assert attack(staff, viewer, sql, active_role="upstander_admin") == 0, sql


@pytest.mark.parametrize("name", ["tom", "alice", "ada"])
def test_nobody_writes_themselves_into_a_team(
    name: str, committed_cast: Cast, real_database: SignIn
) -> None:
    staff, viewer = real_database(LoginRole.STAFF), committed_cast.viewer(name)
    with pytest.raises(DatabaseRefuses):
        attack(
            staff,
            viewer,
            "INSERT INTO people_membership (team_id, person_id, role, reachable_at_night)"
            " VALUES (%s, %s, 'counselor', false)",
            committed_cast.teams["northern"].pk,
            viewer.person_id,
            active_role="upstander_admin",
        )


# --- The token that opens a session's key ---------------------------------------------------------
def test_the_cookie_that_opens_a_key_never_reaches_the_database(
    committed_cast: Cast, real_database: SignIn
) -> None:
    """Who reads statements at the server (a log of slow ones, a monitor) would open the seed."""
    viewer = committed_cast.viewer("alice")
    cookie = viewer.token
    assert cookie != viewer.database_token
    for function in ("staff_session", "end_session"):
        real_database(LoginRole.SIGN_IN).execute(f"SELECT api.{function}(%s)".encode(), [cookie])
    assert sessions.read(cookie) is not None, "the database took the cookie itself"
    assert sessions.read(viewer.database_token) is None, "what the database was told is a cookie"


# --- A district's lead ----------------------------------------------------------------------------
def test_a_districts_lead_learns_nothing_of_what_has_not_reached_the_district(
    committed_cast: Cast, real_database: SignIn
) -> None:
    a_tip(committed_cast)
    dee, staff = committed_cast.viewer("dee"), real_database(LoginRole.STAFF)
    for table in ("escalations_alert", "escalations_step", "audit_entry"):
        where = " WHERE subject_kind = 'tip'" if table == "audit_entry" else ""
        assert attack(staff, dee, f"SELECT * FROM {table}{where}") == 0, table
    assert attack(staff, dee, "UPDATE escalations_alert SET state = 'ended'") == 0


def test_a_districts_lead_changes_no_tip_that_was_not_handed_to_them(
    committed_cast: Cast, real_database: SignIn
) -> None:
    tip = handed(committed_cast)
    dee, staff = committed_cast.viewer("dee"), real_database(LoginRole.STAFF)
    assert attack(staff, dee, "SELECT * FROM tips_tip") == 1
    for sql in (
        "DELETE FROM tips_recipient",
        "UPDATE tips_recipient SET with_words = true",
        "UPDATE tips_tip SET state = 'closed'",
    ):
        assert attack(staff, dee, sql) == 0, sql
    with pytest.raises(DatabaseRefuses):
        attack(
            staff,
            dee,
            "INSERT INTO tips_note (id, tip_id, district_id, audience, handoff_id, kind, person_id,"
            " sealed, at, turn) VALUES (%s, %s, %s, 'case', %s, 'note', %s, '', now(), 9)",
            uuid4(),
            tip,
            committed_cast.maple.pk,
            tip,
            dee.person_id,
        )


def test_who_can_not_read_a_proposals_reason_does_not_second_it(committed_cast: Cast) -> None:
    alice, tip = committed_cast.viewer("alice"), a_tip(committed_cast, now=True)
    claim_tip(alice, tip)
    hand_off(open_tip(alice, tip), [committed_cast.teams["cedar"].pk], "A brief.")
    tom, dee = committed_cast.viewer("tom"), committed_cast.viewer("dee")
    opinion = close_tip(open_tip(tom, tip), "unfounded", "He says so.")
    assert isinstance(opinion, SecondOpinion)
    with pytest.raises(Exception, match=r"^$"):
        decide(dee, opinion.pk, agree=True)
    with pytest.raises(Exception, match=r"^$"):
        reopen_tip(dee, tip)


# --- The center -----------------------------------------------------------------------------------
def test_a_center_destroys_no_key_but_its_own(committed_cast: Cast, real_database: SignIn) -> None:
    """DELETE without WHERE asks no SELECT policy: the DELETE policy alone must hold."""
    tip = handed(committed_cast)
    staff, owner = real_database(LoginRole.STAFF), real_database(LoginRole.OWNER)
    attack(staff, committed_cast.viewer("bea"), "DELETE FROM vault_grant")
    assert committed_cast.teams["cedar"].holder in holders_of(owner, tip)


def test_who_is_excluded_finds_no_trace_in_any_table(
    committed_cast: Cast, real_database: SignIn
) -> None:
    tip = handed(committed_cast)
    exclude_people(open_tip(committed_cast.viewer("alice"), tip), [committed_cast.people["bea"].pk])
    bea, staff = committed_cast.viewer("bea"), real_database(LoginRole.STAFF)
    for table in (
        "tips_tip",
        "tips_message",
        "tips_note",
        "tips_recipient",
        "tips_draft",
        "vault_grant",
        "vault_shredkey",
        "matters_matter",
        "matters_exclusion",
        "triage_handoff",
        "audit_entry",
        "escalations_alert",
        "escalations_step",
        "escalations_page",
        "decisions_closing",
    ):
        assert attack(staff, bea, f"SELECT * FROM {table}") == 0, table
    assert attack(staff, bea, "DELETE FROM tips_recipient") == 0
    assert attack(staff, bea, "DELETE FROM vault_grant") == 0


def test_a_center_moves_no_tip_and_sets_no_exclusion_in_anothers_district(
    committed_cast: Cast, real_database: SignIn
) -> None:
    ours, theirs = a_tip(committed_cast), a_tip(committed_cast, school="quay")
    alice = committed_cast.viewer("alice")
    staff, owner = real_database(LoginRole.STAFF), real_database(LoginRole.OWNER)
    ((matter,),) = owner.execute(
        "SELECT matter_id FROM tips_tip WHERE id = %s", [theirs]
    ).fetchall()
    maple = committed_cast.maple.pk
    for sql, values in (
        ("UPDATE tips_tip SET matter_id = %s", [matter]),
        ("UPDATE tips_tip SET district_id = %s", [committed_cast.pine.pk]),
        (
            "INSERT INTO matters_exclusion (matter_id, district_id, person_mac)"
            " VALUES (%s, %s, %s)",
            [matter, maple, person_mac(committed_cast.people["cora"].pk)],
        ),
        (
            "INSERT INTO vault_grant (tip_id, district_id, audience, handoff_id, holder,"
            " key_version, blob) VALUES (%s, %s, 'case', %s, 'team:1', 1, '')",
            [theirs, maple, theirs],
        ),
        (
            "INSERT INTO tips_recipient (tip_id, district_id, holder, since, since_turn,"
            " with_words) VALUES (%s, %s, 'team:1', now(), 0, true)",
            [theirs, maple],
        ),
    ):
        with pytest.raises(DatabaseRefuses):
            attack(staff, alice, sql, *values)
    assert owner.execute("SELECT 1 FROM tips_tip WHERE id = %s", [ours]).rowcount == 1


@pytest.mark.parametrize(("name", "author"), [("tom", "reporter"), ("alice", "reporter")])
def test_nobody_writes_in_anothers_name(
    name: str, author: str, committed_cast: Cast, real_database: SignIn
) -> None:
    tip = handed(committed_cast)
    viewer, staff = committed_cast.viewer(name), real_database(LoginRole.STAFF)
    maple, uma = committed_cast.maple.pk, committed_cast.people["uma"].pk
    side = "school" if name == "tom" else "center"
    message = (
        "INSERT INTO tips_message (id, tip_id, district_id, author, person_id, kind, sealed, at,"
        " turn, hidden) VALUES (%s, %s, %s, %s, %s, 'text', '', now(), 99, false)"
    )
    with pytest.raises(DatabaseRefuses):
        attack(staff, viewer, message, uuid4(), tip, maple, author, viewer.person_id)
    with pytest.raises(DatabaseRefuses):
        attack(staff, viewer, message, uuid4(), tip, maple, side, uma)
    with pytest.raises(DatabaseRefuses):
        attack(
            staff,
            viewer,
            "INSERT INTO escalations_acknowledgement (alert_id, district_id, person_id, answer,"
            " at, number) SELECT id, district_id, %s, 'have_it', now(), 9 FROM escalations_alert",
            uma,
        )
    with pytest.raises(DatabaseRefuses):
        attack(
            staff,
            viewer,
            "INSERT INTO decisions_secondopinion (id, tip_id, district_id, kind, to_priority,"
            " disposition, proposed_by, proposed_at, expires_at, state, audience, sealed) VALUES"
            " (%s, %s, %s, 'lower', 'routine', '', %s, now(), now(), 'open', 'center', '')",
            uuid4(),
            tip,
            maple,
            uma,
        )
    with pytest.raises(DatabaseRefuses):
        attack(
            staff,
            viewer,
            "INSERT INTO audit_entry (actor_kind, actor_id, action, subject_kind, subject_id,"
            " detail) VALUES ('reporter', %s, 'tip filed', 'tip', 'x', '{}')",
            viewer.person_id,
        )


def test_one_person_alone_lowers_no_life_safety_tip(
    committed_cast: Cast, real_database: SignIn
) -> None:
    a_tip(committed_cast, now=True)
    staff, alice = real_database(LoginRole.STAFF), committed_cast.viewer("alice")
    with pytest.raises(DatabaseRefuses):
        attack(staff, alice, "UPDATE tips_tip SET priority = 'routine', rank = 2")


def test_a_second_person_may_still_agree_to_lower(committed_cast: Cast) -> None:
    alice, bea = committed_cast.viewer("alice"), committed_cast.viewer("bea")
    tip = a_tip(committed_cast, now=True)
    opened = open_tip(alice, tip)
    opinion = propose(opened, SecondOpinion.Kind.LOWER, words="Old.", to_priority="routine")
    read_and_agree(bea, opinion.pk)
    assert open_tip(bea, tip).tip.priority == "routine"


# --- A matter that is kept from somebody ----------------------------------------------------------
def test_a_exclusion_takes_the_teams_key_from_every_tip_of_the_matter(
    committed_cast: Cast, real_database: SignIn
) -> None:
    alice, owner = committed_cast.viewer("alice"), real_database(LoginRole.OWNER)
    first, second, late = (a_tip(committed_cast) for _ in range(3))
    link_tips(alice, second, first)
    exclude_people(open_tip(alice, first), [committed_cast.people["bea"].pk])
    link_tips(alice, late, first)
    team = committed_cast.teams["lakeside"].holder
    for tip in (first, second, late):
        assert team not in holders_of(owner, tip), tip
        assert name_in(committed_cast.people["sam"].pk, tip) in holders_of(owner, tip)
        assert open_tip(committed_cast.viewer("sam"), tip).seeds


def test_whoever_has_an_alert_and_is_excluded_by_a_link_has_it_no_more(
    committed_cast: Cast, real_database: SignIn
) -> None:
    alice, bea = committed_cast.viewer("alice"), committed_cast.viewer("bea")
    kept, theirs = a_tip(committed_cast), a_tip(committed_cast)
    claim_tip(bea, theirs)
    exclude_people(open_tip(alice, kept), [bea.person_id])
    link_tips(alice, theirs, kept)
    state = real_database(LoginRole.OWNER).execute(
        "SELECT state FROM escalations_alert WHERE subject_id = %s", [theirs]
    )
    assert state.fetchone() == ("open",)


# --- Functions with the owner's rights ------------------------------------------------------------
def test_a_lead_takes_nobody_out_who_is_not_in_the_team(
    committed_cast: Cast, real_database: SignIn
) -> None:
    tara, alice = committed_cast.viewer("tara"), committed_cast.viewer("alice")
    with pytest.raises(DatabaseRefuses):
        attack(
            real_database(LoginRole.STAFF),
            tara,
            (
                "SELECT api.renew_team_key(team => %s, version => 2, public => '', "
                "signature => '', sealed => '[]', leaver => %s, leaver_mac => %s)"
            ),
            committed_cast.teams["cedar"].pk,
            alice.person_id,
            alice.person_mac,
        )
    assert sessions.read(alice.token) is not None


def test_an_odd_rank_changes_nothing(committed_cast: Cast, real_database: SignIn) -> None:
    filed = reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text="x",
            language="en",
            school_id=committed_cast.cedar.pk,
        )
    )
    talk = row_key(filed.session_token)
    done = real_database(LoginRole.PUBLIC).execute(
        "SELECT api.talk_raise(p_talk => %s, p_priority => 'whatever', p_rank => -1::smallint, "
        "p_now => false, p_mandated => false, p_not_see => false)",
        [talk],
    )
    assert done.fetchone() == (False,)


def test_a_tip_waits_for_the_disk_whatever_the_servers_default(
    committed_cast: Cast, real_database: SignIn
) -> None:
    public, owner = real_database(LoginRole.PUBLIC), real_database(LoginRole.OWNER)
    sources = owner.execute(
        "SELECT proname, prosrc FROM pg_proc WHERE proname IN"
        " ('file_tip', 'talk_add', 'talk_attach', 'talk_raise')"
    ).fetchall()
    assert len(sources) == 4
    for name, source in sources:
        assert "set_config('synchronous_commit', 'on', true)" in source, name
    with public.transaction():
        public.execute("SET LOCAL synchronous_commit = off")
        public.execute(
            "SELECT api.talk_add(p_talk => '', p_message => gen_random_uuid(), p_kind => 'text', "
            "p_sealed => '')"
        )
        assert public.execute("SHOW synchronous_commit").fetchone() == ("on",)

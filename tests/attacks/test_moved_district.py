"""An administrator alone founds a center, moves a district to it, and reads nothing of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from django.core import mail
from django.db import ProgrammingError, connection
from django.http import Http404

from conftest import Cast
from conftest import LoginRole as Role
from tests.attacks.test_whose_key import a_tip, opens, sealed_to
from upstander.approvals.actions import decide
from upstander.approvals.models import Approval
from upstander.audit.models import Entry
from upstander.audit.tests.owner import SignIn
from upstander.base.refused import Refused
from upstander.carriers.models import Notice
from upstander.matters.models import Exclusion
from upstander.people import factories, keys, public
from upstander.people.actions.recovery import make_recovery
from upstander.people.comparing import differences
from upstander.people.models import Person
from upstander.people.roles import Role as StaffRole
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.places.models import Center, District
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import exclude_people
from upstander.triage.actions.work import claim_tip
from upstander.triage.moving import actions, passing
from upstander.vault.errors import RecoveryBroken

APPROVED = Approval.Outcome.APPROVED


@pytest.fixture
def nina(committed_cast: Cast) -> Person:
    """The administrator's second mailbox: a supervisor of the other center, who holds its key."""
    person = factories.make_person("Nina", committed_cast.keys)
    northern = committed_cast.teams["northern"]
    factories.join(person, northern, StaffRole.CENTER_SUPERVISOR, committed_cast.keys)
    return person


def asked(cast: Cast) -> UUID:
    return actions.ask_move(cast.viewer("ada"), cast.maple.pk, cast.harbor.center_id)


def sign(viewer: Viewer, move: UUID) -> None:
    decide(viewer, [move], APPROVED)


def to(cast: Cast, team: str) -> set[tuple[str, int]]:
    return {(cast.teams[team].holder, 1)}


def test_an_administrator_alone_moves_nothing(committed_cast: Cast, nina: Person) -> None:
    cast = committed_cast
    ada = cast.client("ada")
    page = f"/places/districts/{cast.maple.pk}/"
    given = {"name": "Maple", "time_zone": "America/New_York", "languages": ["en"]}
    ada.post(page, {**given, "center": cast.harbor.center_id})
    assert sealed_to(a_tip(cast)) == to(cast, "lakeside")
    # Nor do tips without a place, which the other center gets, come to a district of this one.
    ada.post(page, {**given, "center": cast.center.pk, "catch_all": "on"})
    assert not District.objects.filter(catch_all=True).exists()
    move = asked(cast)
    for who in ("ada", "alice", "dee"):
        cast.client(who).post("/approvals/decide", {"approval": str(move), "outcome": "approved"})
        assert cast.client(who).post(f"/moves/{move}/pass-on").status_code in (403, 404), who
    with pytest.raises(Refused):
        sign(factories.viewer(nina, cast.keys), move)
    assert sealed_to(a_tip(cast)) == to(cast, "lakeside")


def test_a_new_center_gets_no_district_from_a_form(committed_cast: Cast) -> None:
    cast = committed_cast
    center = Center.objects.create(name="Mine", slug="mine")
    factories.make_team(TeamKind.CENTER, "Mine", cast.keys, center=center)
    cast.client("ada").post(
        "/places/districts/new/",
        {
            "name": "Elm",
            "center": center.pk,
            "state": "us-ct",
            "time_zone": "America/New_York",
            "languages": ["en"],
            "catch_all": "on",
        },
    )
    assert not District.objects.filter(name="Elm").exists()


@pytest.mark.parametrize("active_role", ["upstander_admin", "upstander_center"])
def test_no_session_moves_a_district_by_sql(
    active_role: str, committed_cast: Cast, real_database: SignIn
) -> None:
    staff, ada = real_database(Role.STAFF), committed_cast.viewer("ada")
    with staff.transaction():
        staff.execute(f"SET LOCAL ROLE {active_role}".encode())
        staff.execute("SELECT set_config('upstander.token', %s, true)", [ada.scope])
        with pytest.raises(psycopg.errors.InsufficientPrivilege), staff.transaction():
            staff.execute(b"UPDATE places_district SET center_id = 2")
        with pytest.raises(psycopg.Error), staff.transaction():
            staff.execute(b"SELECT api.move_district(gen_random_uuid())")


def test_signed_it_holds_at_once_and_what_is_open_goes_along(
    committed_cast: Cast, nina: Person
) -> None:
    cast = committed_cast
    before, alice = a_tip(cast), cast.viewer("alice")
    claim_tip(alice, before)
    mail.outbox.clear()
    move = asked(cast)
    told = {address for message in mail.outbox for address in message.to}
    assert told == {cast.people["sam"].email, cast.people["dee"].email, nina.email}
    assert Notice.objects.filter(kind="move_asked").count() == 3
    with pytest.raises(keys.Locked):
        sign(cast.viewer("sam", unlocked=False), move)
    sign(cast.viewer("sam"), move)
    public._kept.clear()
    assert sealed_to(a_tip(cast)) == to(cast, "northern")
    northern = cast.teams["northern"]
    assert opens(before, northern.holder, 1, cast.keys.teams[northern.pk])
    tip = Tip.objects.get(pk=before)
    assert (tip.state, tip.claimed_by) == ("new", None)
    claim_tip(cast.viewer("cora"), before)
    assert open_tip(cast.viewer("cora"), before).secrets
    actions_kept = set(Entry.objects.values_list("action", flat=True))
    assert {"approval asked", "approval approved", "move signed", "tip passed on"} <= actions_kept
    # With its matter: whoever is kept from it, and an administrator, reads no entry about it.
    assert not Entry.objects.filter(subject_kind="tip", matter_id=None).exists()
    assert differences() == []
    # Once: what took effect is not done again by its function.
    back = actions.ask_move(cast.viewer("ada"), cast.maple.pk, cast.center.pk)
    Approval.objects.filter(pk=move).update(decided_at=tip.received_at - timedelta(minutes=1))
    sign(factories.viewer(nina, cast.keys), back)
    with (
        pytest.raises(ProgrammingError),
        viewing(cast.viewer("sam")),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT api.move_district(%s)", [move])


def test_what_came_in_meanwhile_is_passed_on_by_who_can_open_it(
    committed_cast: Cast, nina: Person
) -> None:
    """The reporters' site knows the old center for half a minute more. So when moving back."""
    cast = committed_cast
    public.public_places(fresh=True)
    move = asked(cast)
    sign(cast.viewer("sam"), move)
    late = a_tip(cast, fresh=False)
    assert sealed_to(late) == to(cast, "lakeside")
    assert passing.pass_on(cast.viewer("sam"), move) == 1
    assert sealed_to(late) == to(cast, "lakeside") | to(cast, "northern")
    own = a_tip(cast)
    assert sealed_to(own) == to(cast, "northern")
    back = actions.ask_move(cast.viewer("ada"), cast.maple.pk, cast.center.pk)
    sign(factories.viewer(nina, cast.keys), back)
    assert sealed_to(own) == to(cast, "lakeside") | to(cast, "northern")
    claim_tip(cast.viewer("alice"), own)
    assert open_tip(cast.viewer("alice"), own).secrets
    with pytest.raises(Http404):
        passing.pass_on(cast.viewer("cora"), move)


def test_who_must_not_see_a_tip_is_passed_by_in_the_other_center_too(
    committed_cast: Cast, nina: Person
) -> None:
    cast, tip = committed_cast, a_tip(committed_cast)
    claim_tip(cast.viewer("sam"), tip)
    exclude_people(open_tip(cast.viewer("sam"), tip), [cast.people["bea"].pk])
    Exclusion.objects.create(
        matter_id=Tip.objects.get(pk=tip).matter_id,
        district_id=cast.maple.pk,
        person_mac=keys.person_mac(cast.people["cora"].pk),
    )
    sign(cast.viewer("sam"), asked(cast))
    holders = {holder for holder, _ in sealed_to(tip)}
    assert keys.name_in(nina.pk, tip) in holders
    assert keys.name_in(cast.people["cora"].pk, tip) not in holders
    assert cast.teams["northern"].holder not in holders


def test_the_team_that_is_signed_for_is_the_one_that_was_signed(
    committed_cast: Cast, nina: Person, real_database: SignIn
) -> None:
    """Whoever writes the database puts another team under a move that waits."""
    cast, move = committed_cast, asked(committed_cast)
    owner = real_database(Role.OWNER)
    value = f"{cast.harbor.center_id}:{cast.teams['quay'].pk}"
    owner.execute("UPDATE approvals_approval SET value = %s", [value])
    with pytest.raises(Refused):
        sign(cast.viewer("sam"), move)
    public._kept.clear()
    assert sealed_to(a_tip(cast)) == to(cast, "lakeside")


def test_refused_or_silent_the_districts_shares_decide(
    committed_cast: Cast, nina: Person, real_database: SignIn
) -> None:
    cast, northern = committed_cast, Center.objects.get(slug="northern")
    maple = District.objects.get(pk=cast.maple.pk)
    shares = make_recovery([maple], {})
    others = make_recovery([District.objects.get(pk=cast.pine.pk)], {})
    with pytest.raises(Refused, match="not requested"):
        actions.force_move(maple, northern, *shares)
    move = Approval.objects.get(pk=asked(cast))
    with pytest.raises(Refused, match="may still sign"):
        actions.force_move(maple, northern, *shares)
    decide(cast.viewer("sam"), [move.pk], Approval.Outcome.REFUSED)
    with pytest.raises(RecoveryBroken):
        actions.force_move(maple, northern, *others)
    told = actions.force_move(maple, northern, *shares)
    assert cast.people["sam"].email in told
    public._kept.clear()
    assert sealed_to(a_tip(cast)) == to(cast, "northern")
    assert differences() == []


def test_when_the_shares_may_decide(committed_cast: Cast, nina: Person) -> None:
    cast = committed_cast
    move = Approval.objects.get(pk=asked(cast))
    with viewing(cast.viewer("ada")) as now:
        assert not actions.may_be_forced(move, now)
        assert not actions.may_be_forced(move, now + timedelta(days=6))
        assert actions.may_be_forced(move, now + timedelta(days=7, seconds=1))
    Person.objects.filter(pk=cast.people["sam"].pk).update(is_active=False)
    with viewing(cast.viewer("ada")) as now:
        assert actions.may_be_forced(move, now)


def test_tips_without_a_place_stay_where_they_go_until_their_supervisor_signs(
    committed_cast: Cast, nina: Person
) -> None:
    cast = committed_cast
    # By name the first district is Harbor: its center gets them.
    ask = actions.ask_move(cast.viewer("ada"), cast.maple.pk, 0, "catch_all")
    public._kept.clear()
    assert public.public_places(fresh=True).catch_all is None
    with pytest.raises(Refused):
        sign(cast.viewer("sam"), ask)
    sign(factories.viewer(nina, cast.keys), ask)
    found = public.public_places(fresh=True).catch_all
    assert found is not None
    assert found.id == cast.maple.pk
    assert differences() == []

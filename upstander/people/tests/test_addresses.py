"""An entered sign-in address waits: for the person, for a lead of theirs, or for two shares."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.db import ProgrammingError, connection
from django.test import Client

from conftest import Cast
from upstander.approvals import actions
from upstander.approvals.models import Approval
from upstander.audit.models import Entry
from upstander.base.refused import Refused
from upstander.command import recover
from upstander.command.errors import PlainError
from upstander.config.home import Home
from upstander.people import factories, keys
from upstander.people.actions.people import confirm_address
from upstander.people.actions.recovery import make_recovery
from upstander.people.models import Membership, Person
from upstander.people.roles import LEADING, Role
from upstander.people.scope import Viewer, viewing
from upstander.people.tests.cast import sign_in, with_password

pytestmark = pytest.mark.django_db
NEW = "tom@example.net"
APPROVED = Approval.Outcome.APPROVED


def enter(cast: Cast, name: str = "tom", address: str = NEW, *, by: str = "ada") -> UUID:
    """Enter another address of somebody, as an administrator; returns what waits."""
    person = Person.objects.get(pk=cast.people[name].pk)
    sent = {"name": person.name, "email": address, "phone": "", "language": "en"}
    assert cast.client(by).post(f"/people/{person.pk}/", sent).status_code == 302
    return Approval.objects.get(kind="address", subject=f"person:{person.pk}", outcome="").pk


def email_of(cast: Cast, name: str = "tom") -> str:
    return Person.objects.get(pk=cast.people[name].pk).email


def told() -> set[str]:
    return {address for one in mail.outbox for address in one.to}


def by_sql(viewer: Viewer, one: UUID) -> None:
    with viewing(viewer), connection.cursor() as cursor:
        cursor.execute("SELECT api.change_email(p_approval => %s)", [one])


def test_old_address_stands_until_confirmed(cast: Cast) -> None:
    tom = with_password(cast, "tom")
    one, at_work = enter(cast), sign_in(tom)
    assert told() == {"tom@example.org", cast.people["tara"].email}, "nothing to the new one"
    page = at_work.get("/people/me/").content.decode()
    assert NEW in page
    assert str(one) in page
    done: Any = at_work.post("/people/me/address/", {"approval": str(one)}, follow=True)
    assert b"Sign in with your new address" in done.content
    assert email_of(cast) == NEW
    assert at_work.get("/people/me/").status_code == 302, "signed out"
    tom.refresh_from_db()
    assert sign_in(tom).get("/people/me/").status_code == 200
    row = Approval.objects.get(pk=one)
    assert (row.outcome, row.decided_by) == ("approved", tom.pk)
    entry = Entry.objects.get(action="sign-in address changed")
    assert (entry.actor_id, entry.detail) == (tom.pk, {"approval": str(one)})


def test_lead_agrees_to_many_at_once(cast: Cast) -> None:
    ones = [enter(cast, name, f"{name}@district.example") for name in ("tom", "uma")]
    mail.outbox.clear()
    shown = cast.client("tara").get("/approvals").content.decode()
    assert "tom@district.example instead of tom@example.org" in shown
    cast.client("tara").post(
        "/approvals/decide", {"approval": [str(one) for one in ones], "outcome": "approved"}
    )
    assert [email_of(cast, name) for name in ("tom", "uma")] == [
        "tom@district.example",
        "uma@district.example",
    ]
    assert {"tom@example.org", "uma@example.org", cast.people["tara"].email} == told()


@pytest.mark.parametrize("who", ["ada", "sam", "dee", "bob", "otto", "uma", "tom", "quinn"])
def test_no_other_lead_agrees(cast: Cast, who: str) -> None:
    cast.people["quinn"] = factories.make_person("Quinn", cast.keys)
    factories.join(cast.people["quinn"], cast.teams["quay"], Role.TEAM_LEAD, cast.keys)
    one = enter(cast)
    cast.client(who).post("/approvals/decide", {"approval": str(one), "outcome": "approved"})
    if who != "tom":
        with pytest.raises(ProgrammingError, match="nobody agreed"):
            by_sql(cast.viewer(who), one)
    assert email_of(cast) == "tom@example.org"


def test_locked_sign_in_confirms_nothing(cast: Cast) -> None:
    one = enter(cast)
    with pytest.raises(keys.Locked):
        confirm_address(cast.viewer("tom", unlocked=False), str(one))
    with pytest.raises(ProgrammingError, match="nobody agreed"):
        by_sql(cast.viewer("tom", unlocked=False), one)
    assert email_of(cast) == "tom@example.org"


def test_old_yes_changes_nothing_again(cast: Cast) -> None:
    """Not even once the address that it was given for stands again."""
    first = enter(cast)
    actions.decide(cast.viewer("tara"), [first], APPROVED)
    back = enter(cast, address="tom@example.org")
    actions.decide(cast.viewer("tara"), [back], APPROVED)
    Approval.objects.filter(pk=first).update(decided_at="2030-01-01T00:00Z")
    with pytest.raises(ProgrammingError, match="nobody agreed"):
        by_sql(cast.viewer("tara"), first)
    with pytest.raises(Refused):
        confirm_address(cast.viewer("tom"), str(first))
    assert email_of(cast) == "tom@example.org"
    assert enter(cast) not in (first, back), "the same is asked anew"


def test_lapsed_asking_is_not_confirmed(cast: Cast) -> None:
    one = enter(cast)
    Approval.objects.filter(pk=one).update(lapses_at="2020-01-01T00:00Z")
    with pytest.raises(Refused):
        confirm_address(cast.viewer("tom"), str(one))
    with pytest.raises(ProgrammingError, match="nobody agreed"):
        by_sql(cast.viewer("tom"), one)


def test_taken_address_is_refused_in_words(cast: Cast) -> None:
    one = enter(cast)
    Person.objects.filter(pk=cast.people["uma"].pk).update(email=NEW)
    with pytest.raises(Refused, match="someone else signs in with it"):
        actions.decide(cast.viewer("tara"), [one], APPROVED)
    assert Approval.objects.get(pk=one).outcome == ""


def test_address_is_written_by_no_administrator_in_sql(cast: Cast) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), viewing(cast.viewer("ada")):
        Person.objects.filter(pk=cast.people["tom"].pk).update(email=NEW)


def test_own_address_takes_another(cast: Cast) -> None:
    """An administrator's open session does not turn their mailbox into somebody else's."""
    one = enter(cast, "ada", "ada@example.net")
    with pytest.raises(Refused):
        confirm_address(cast.viewer("ada"), str(one))
    assert email_of(cast, "ada") == "ada@example.org"


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is typed on the machine, where the database runs already."""
    typed: list[str] = []
    monkeypatch.setattr(recover, "ask", lambda what: typed.pop(0))
    monkeypatch.setattr(recover, "running_system", lambda home: nullcontext())
    return typed


@pytest.mark.parametrize(
    ("name", "team", "in_charge"),
    [("sam", "lakeside", {"ada@example.org", "sam@example.org"}), ("ada", "administration", set())],
)
def test_shares_change_it_where_no_lead_is_left(
    cast: Cast, terminal: list[str], name: str, team: str, in_charge: set[str]
) -> None:
    """A center with one supervisor, and an administration of one."""
    of, old = cast.teams[team], email_of(cast, name)
    one = enter(cast, name, NEW)
    assert Membership.objects.filter(team=of, role__in=LEADING).count() == 1
    for who in ("ada", "sam", "dee"):
        cast.client(who).post("/approvals/decide", {"approval": str(one), "outcome": "approved"})
    assert Approval.objects.get(pk=one).outcome == ""
    mail.outbox.clear()
    terminal += make_recovery([cast.maple], {})
    with pytest.raises(PlainError):
        recover.recover(Home.from_env(), person=old, reason="nobody-left", address=NEW)
    assert (email_of(cast, name), told()) == (old, set())
    seeds = {of: {1: cast.keys.teams[of.pk]}}
    terminal += make_recovery([of.center], seeds)
    recover.recover(Home.from_env(), person=old, reason="nobody-left", address=NEW.upper())
    assert email_of(cast, name) == NEW
    assert {old, *in_charge} <= told()
    assert all(NEW in str(one.body) for one in mail.outbox)
    entry = Entry.objects.get(action="sign-in address changed")
    assert (entry.actor_kind, entry.detail) == ("system", {"reason": "nobody-left"})
    assert Entry.objects.filter(action="recovery shares used").count() == 1


def test_shares_give_nobody_an_address_of_another(cast: Cast, terminal: list[str]) -> None:
    of = cast.teams["lakeside"]
    terminal += make_recovery([of.center], {of: {1: cast.keys.teams[of.pk]}})
    taken = cast.people["uma"].email
    with pytest.raises(PlainError, match="someone else signs in"):
        recover.recover(
            Home.from_env(), person="sam@example.org", reason="nobody-left", address=taken
        )
    assert not Entry.objects.filter(action="recovery shares used").exists()


def test_new_address_gets_no_reset_meanwhile(cast: Cast) -> None:
    with_password(cast, "tom")
    enter(cast)
    mail.outbox.clear()
    Client().post("/account/password/reset/", {"email": NEW})
    assert told() == set()


def test_yes_of_a_lead_without_the_key_is_none(cast: Cast) -> None:
    """By a membership row alone: in SQL too."""
    Membership.objects.create(
        team=cast.teams["cedar"], person=cast.people["bob"], role=Role.TEAM_LEAD
    )
    one, bob = enter(cast), cast.viewer("bob")
    with viewing(bob):
        assert not Approval.objects.filter(pk=one).exists()

"""Joining a team: link by mail, words by phone, once, within seven days."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.db import ProgrammingError, connection
from django.http import Http404
from django.test import Client

from upstander.approvals.models import Approval
from upstander.audit.models import Entry
from upstander.base.moment import database_now
from upstander.base.refused import Refused
from upstander.people import keys, sessions
from upstander.people.actions import invitations, joining, leaving, people
from upstander.people.actions.invitations import Invitee, Sent
from upstander.people.models import Invitation, Membership, Person
from upstander.people.roles import Role
from upstander.people.scope import viewing
from upstander.people.tests.cast import PASSWORD, Cast, sign_in, with_password
from upstander.vault.errors import InvitationBroken, KeySwapped
from upstander.vault.holders import new_key_pair
from upstander.vault.models import HolderKey, SealedKey

pytestmark = pytest.mark.django_db
VERA = Invitee("vera@example.org", Role.TEAM_MEMBER)


def link_in_mail() -> str:
    """Return the link's secret part from the last mail that has one."""
    found = [re.search(r"/people/join/([\w-]+)/", str(one.body)) for one in mail.outbox]
    return next(one[1] for one in reversed(found) if one)


def join(link: str, words: str) -> joining.Joined:
    """Accept as somebody new."""
    return joining.join_as_newcomer(
        link, words, name="Vera Test", phone="555 010 0188", language="en", password=PASSWORD
    )


def test_a_newcomer_gets_the_teams_keys_all_versions(cast: Cast) -> None:
    tara, team = cast.viewer("tara"), cast.teams["cedar"]
    keys.make_team_key(team, [cast.people["tara"]])
    sent = invitations.invite(tara, team.pk, VERA)
    joined = join(link_in_mail(), sent.words)
    vera = Person.objects.get(pk=joined.person_id)
    assert (vera.email, vera.name, vera.phone) == ("vera@example.org", "Vera Test", "555 010 0188")
    assert Membership.objects.get(person=vera).role == Role.TEAM_MEMBER
    seed = keys.unlock_by_password(vera, PASSWORD)
    assert seed is not None
    assert joined.recovery_code is not None
    assert keys.unlock_by_recovery(vera.pk, joined.recovery_code) == seed
    row = sessions.read(sessions.begin(vera, seed, complete=True))
    assert row is not None
    with viewing(row.viewer):
        first = keys.team_private(row.viewer, team.holder, 1)
        second = keys.team_private(row.viewer, team.holder, 2)
    assert first == cast.keys.teams[team.pk]
    assert keys.pair_of(second).public == bytes(
        HolderKey.objects.get(holder=team.holder, version=2).public
    )
    assert [e.action for e in Entry.objects.filter(subject_id=str(team.pk)).order_by("id")] == [
        "invited into team",
        "joined team",
    ]


def test_it_is_good_for_one(cast: Cast) -> None:
    sent = invitations.invite(cast.viewer("tara"), cast.teams["cedar"].pk, VERA)
    link = link_in_mail()
    join(link, sent.words)
    with pytest.raises(joining.InvitationOver):
        join(link, sent.words)
    row = Invitation.objects.get(pk=sent.id)
    assert (row.wrapped, row.link_hash) == (None, None)


def test_two_at_once_let_one_in(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = invitations.invite(cast.viewer("tara"), cast.teams["cedar"].pk, VERA)
    link = link_in_mail()
    asked = joining.open_invitation(link)
    join(link, sent.words)
    monkeypatch.setattr(joining, "open_invitation", lambda _link: asked)
    with pytest.raises(joining.InvitationOver):
        join(link, sent.words)
    assert Person.objects.filter(email="vera@example.org").count() == 1


def test_it_ends_after_seven_days(cast: Cast) -> None:
    sent = invitations.invite(cast.viewer("tara"), cast.teams["cedar"].pk, VERA)
    Invitation.objects.update(expires_at="2020-01-01T00:00Z")
    with pytest.raises(joining.InvitationOver):
        join(link_in_mail(), sent.words)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE upstander_worker")
        cursor.execute("SELECT api.sweep_people()")
        cursor.execute("RESET ROLE")
    assert Invitation.objects.get(pk=sent.id).wrapped is None


def test_words_of_another_invitation_do_not_open_it_and_ten_tries_end_it(cast: Cast) -> None:
    tara, team = cast.viewer("tara"), cast.teams["cedar"].pk
    other = invitations.invite(tara, team, Invitee("walt@example.org", Role.TEAM_MEMBER))
    sent = invitations.invite(tara, team, VERA)
    link = link_in_mail()
    for _ in range(10):
        with pytest.raises(InvitationBroken):
            join(link, other.words)
    with pytest.raises(joining.InvitationOver):
        join(link, sent.words)


def test_a_stolen_database_and_the_mail_do_not_open_it(cast: Cast) -> None:
    sent = invitations.invite(cast.viewer("tara"), cast.teams["cedar"].pk, VERA)
    link = link_in_mail()
    assert sent.words not in mail.outbox[-1].body
    row = Invitation.objects.get(pk=sent.id)
    kept = "".join(str(value) for value in Invitation.objects.values().get(pk=sent.id).values())
    assert link not in kept
    assert sent.words not in kept
    assert link.encode() not in bytes(row.wrapped or b"")


def test_taken_back_it_opens_nothing(cast: Cast) -> None:
    tara, team = cast.viewer("tara"), cast.teams["cedar"].pk
    sent = invitations.invite(tara, team, VERA)
    invitations.withdraw(tara, team, sent.id)
    with pytest.raises(joining.InvitationOver):
        join(link_in_mail(), sent.words)


@pytest.mark.parametrize("name", ["charlie", "tom", "dee", "alice", "cora"])
def test_only_its_lead_invites_into_a_team(cast: Cast, name: str) -> None:
    with pytest.raises(Http404):
        invitations.invite(cast.viewer(name), cast.teams["cedar"].pk, VERA)


def test_the_database_refuses_it_too(cast: Cast) -> None:
    for name in ("charlie", "tom", "dee", "alice"):
        viewer = cast.viewer(name)
        with pytest.raises(ProgrammingError, match="row-level security"), viewing(viewer):
            Invitation.objects.create(
                team=cast.teams["cedar"],
                role=Role.TEAM_LEAD,
                email="x@example.org",
                created_at="2030-01-01T00:00Z",
            )


def test_a_lead_without_keys_cannot_invite(cast: Cast) -> None:
    with pytest.raises(Http404):
        invitations.invite(cast.viewer("tara", unlocked=False), cast.teams["cedar"].pk, VERA)


def test_an_administrator_holds_no_key_to_hand_on(cast: Cast) -> None:
    with pytest.raises(Refused):
        invitations.invite(cast.viewer("ada"), cast.teams["cedar"].pk, VERA)


def founded(cast: Cast) -> Sent:
    """Take a team's key away, as if it were new, and have an administrator invite its lead."""
    team = cast.teams["birch"]
    Membership.objects.filter(team=team).delete()
    SealedKey.objects.filter(holder=team.holder).delete()
    HolderKey.objects.filter(holder=team.holder).delete()
    sent = invitations.invite(
        cast.viewer("ada"), team.pk, Invitee("vera@example.org", Role.TEAM_LEAD)
    )
    Approval.objects.update(
        outcome=Approval.Outcome.APPROVED,
        decided_by=cast.people["sam"].pk,
        decided_at=database_now(),
    )
    return sent


def test_a_teams_first_lead_makes_its_key(cast: Cast) -> None:
    sent = founded(cast)
    joined = join(link_in_mail(), sent.words)
    vera = Person.objects.get(pk=joined.person_id)
    row = sessions.read(
        sessions.begin(vera, keys.unlock_by_password(vera, PASSWORD), complete=True)
    )
    assert row is not None
    holder = cast.teams["birch"].holder
    with viewing(row.viewer):
        private = keys.team_private(row.viewer, holder, 1)
    assert keys.pair_of(private).public == bytes(keys.public_key_of(holder).public)


def test_a_first_lead_comes_too_late_when_the_team_has_a_key(cast: Cast) -> None:
    sent = founded(cast)
    keys.make_team_key(cast.teams["birch"], [])
    with pytest.raises(joining.InvitationOver):
        join(link_in_mail(), sent.words)


def test_whoever_writes_the_database_invents_no_invitation(cast: Cast) -> None:
    """An invitation for a team of mine, moved to theirs: link and words are mine to know."""
    mine = invitations.invite(
        cast.viewer("dee"),
        cast.teams["maple"].pk,
        Invitee("mallory@example.org", Role.DISTRICT_LEAD),
    )
    link = link_in_mail()
    Invitation.objects.filter(pk=mine.id).update(team=cast.teams["cedar"], role=Role.TEAM_LEAD)
    with pytest.raises(joining.InvitationOver):
        join(link, mine.words)


def test_an_invitation_that_carries_a_strangers_key_is_refused(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = invitations.invite(cast.viewer("tara"), cast.teams["cedar"].pk, VERA)
    other = new_key_pair()
    HolderKey.objects.filter(holder=cast.teams["cedar"].holder).update(public=other.public)
    with pytest.raises(KeySwapped):
        join(link_in_mail(), sent.words)


def test_a_planted_membership_gives_no_key(cast: Cast) -> None:
    charlie, team = cast.people["charlie"], cast.teams["cedar"]
    Membership.objects.create(team=team, person=charlie, role=Role.TEAM_LEAD)
    viewer = cast.viewer("charlie")
    assert team.pk not in viewer.leads, "a role without its team's key is none"
    with viewing(viewer), pytest.raises(keys.NotAMember):
        keys.team_private(viewer, team.holder, 1)
    with pytest.raises(Http404):
        invitations.invite(viewer, team.pk, VERA)
    sign_in(with_password(cast, "charlie"))
    assert not SealedKey.objects.filter(holder=team.holder, member=charlie.holder).exists()


def test_somebody_with_an_account_accepts_with_it(cast: Cast) -> None:
    paul = cast.people["paul"]
    sent = invitations.invite(
        cast.viewer("tara"), cast.teams["cedar"].pk, Invitee(paul.email, Role.TEAM_MEMBER)
    )
    link = link_in_mail()
    with pytest.raises(joining.SomebodyElse):
        join(link, sent.words)
    with pytest.raises(joining.SomebodyElse):
        joining.join_as(cast.viewer("charlie"), cast.people["charlie"], link, sent.words)
    joined = joining.join_as(cast.viewer("paul"), paul, link, sent.words)
    assert joined.recovery_code is None
    viewer = cast.viewer("paul")
    with viewing(viewer):
        private = keys.team_private(viewer, cast.teams["cedar"].holder, 1)
    assert private == cast.keys.teams[cast.teams["cedar"].pk]


def test_a_new_invitation_is_the_way_back_without_password_and_code(cast: Cast) -> None:
    tom = with_password(cast, "tom")
    sent = invitations.invite(
        cast.viewer("tara"), cast.teams["cedar"].pk, Invitee(tom.email, Role.TEAM_MEMBER)
    )
    locked = cast.viewer("tom", unlocked=False)
    joined = joining.join_as(locked, tom, link_in_mail(), sent.words, PASSWORD)
    assert joined.recovery_code is not None
    seed = keys.unlock_by_password(tom, PASSWORD)
    assert seed is not None
    assert seed != cast.keys.people[tom.pk]
    cast.keys.people[tom.pk] = seed
    viewer = cast.viewer("tom")
    with viewing(viewer):
        assert keys.team_private(viewer, cast.teams["cedar"].holder, 1)


def test_the_pages_from_invitation_to_the_printed_code(cast: Cast) -> None:
    lead, team = cast.client("tara"), cast.teams["cedar"].pk
    shown = lead.post(
        f"/people/teams/{team}/invite/",
        {"email": "Vera@Example.org", "role": "team_member", "language": "en"},
        follow=True,
    )
    words = re.search(r'id="words">([^<]+)<', shown.content.decode())
    assert words is not None
    link = link_in_mail()
    stranger = Client()
    assert b"tara" in stranger.get(f"/people/join/{link}/").content.lower()
    form = {"name": "Vera Test", "phone": "555 010 0188", "language": "en", "password1": PASSWORD}
    wrong = stranger.post(f"/people/join/{link}/", {**form, "words": "abandon ability able about"})
    assert wrong.status_code == 200
    done = stranger.post(f"/people/join/{link}/", {**form, "words": words[1]})
    assert re.search(rb'id="recovery-code">[0-9A-Z-]{39}<', done.content)
    assert "no-store" in done.headers["Cache-Control"]
    assert stranger.get(f"/people/join/{link}/").status_code == 410
    with connection.cursor() as cursor:
        cursor.execute("SELECT p::text FROM people_person p WHERE email = 'vera@example.org'")
        row = cursor.fetchone()
    assert row is not None
    assert "Vera Test" not in row[0]
    assert "010 0188" not in row[0]


def test_a_shut_account_is_opened_before_it_joins_again(cast: Cast) -> None:
    tom, tara, team = cast.people["tom"], cast.viewer("tara"), cast.teams["cedar"].pk
    leaving.lock_out(cast.viewer("ada"), tom.pk)
    sent = invitations.invite(tara, team, Invitee(tom.email, Role.TEAM_MEMBER))
    form = {"words": sent.words, "name": "Tom", "phone": "860-555-0134", "language": "en"}
    url = f"/people/join/{link_in_mail()}/"
    answer = Client().post(url, {**form, "password1": PASSWORD})
    assert answer.status_code == 409
    assert b"account is deactivated" in answer.content
    people.reopen_account(cast.viewer("ada"), tom.pk)
    assert b"has an account here" in Client().get(url).content


def test_a_lead_without_keys_is_told_how_to_get_them_back(cast: Cast) -> None:
    client, team = cast.client("tara", unlocked=False), cast.teams["cedar"].pk
    form = {"email": "vera@example.org", "role": "team_member", "language": "en"}
    for url in (f"/people/teams/{team}/invite/", f"/people/teams/{team}/renew-key/"):
        answer = client.post(url, form)
        assert answer.headers["Location"].startswith("/people/unlock/?next="), url
    assert b"recovery code" in client.get("/people/unlock/").content


@pytest.mark.parametrize("link", ["x", "%00", "a" * 3000, "..", "%F0%9F%98%80"])
def test_hostile_links_are_no_error(cast: Cast, link: str) -> None:
    assert Client().get(f"/people/join/{link}/").status_code in (404, 410)

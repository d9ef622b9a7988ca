"""Leaving a team: what was read can't be unread, what comes stays closed."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection
from django.http import Http404

from upstander.audit.models import Entry
from upstander.base.refused import Refused
from upstander.people import keys, sessions
from upstander.people.actions import invitations, leaving
from upstander.people.actions.invitations import Invitee
from upstander.people.models import Invitation, Membership, Team
from upstander.people.roles import Role
from upstander.people.scope import viewing
from upstander.people.tests.cast import Cast
from upstander.vault.errors import VaultError
from upstander.vault.grants import make_grant, open_grant
from upstander.vault.holders import open_private
from upstander.vault.models import Grant, HolderKey, SealedKey
from upstander.vault.seeds import Audience, new_secret

pytestmark = pytest.mark.django_db


def grant_to(team: Team, secret: bytes) -> Grant:
    """Grant a new tip's secret to a team, as filing and hand-off do."""
    key = keys.public_key_of(team.holder)
    tip = uuid4()
    blob = make_grant(
        secret,
        tip=tip,
        audience=Audience.DIALOG,
        holder=team.holder,
        version=key.version,
        public=bytes(key.public),
    )
    return Grant(
        tip_id=tip, audience=Audience.DIALOG, holder=team.holder, key_version=key.version, blob=blob
    )


def can_open(grant: Grant, private: bytes) -> bool:
    """Try a team's private seed on a grant."""
    try:
        open_grant(
            bytes(grant.blob),
            tip=grant.tip_id,
            audience=Audience(grant.audience),
            holder=grant.holder,
            version=grant.key_version,
            private=private,
        )
    except VaultError:
        return False
    return True


def loot(person_seed: bytes, member: str, dump: list[SealedKey]) -> list[bytes]:
    """Return every private seed that somebody gets out of a dump with their own key."""
    found = []
    for row in dump:
        try:
            private = open_private(
                bytes(row.blob),
                holder=row.holder,
                version=row.version,
                member=member,
                member_version=row.member_version,
                private=person_seed,
            )
        except VaultError:
            continue
        found.append(private)
    return found


def test_the_leavers_key_and_every_dump_open_no_new_tip(cast: Cast) -> None:
    team, tom = cast.teams["cedar"], cast.people["tom"]
    old = grant_to(team, new_secret())
    before = list(SealedKey.objects.all())
    leaving.remove_member(cast.viewer("tara"), team.pk, tom.pk)
    after = list(SealedKey.objects.all())
    new = grant_to(team, new_secret())
    copied = loot(cast.keys.people[tom.pk], tom.holder, before + after)
    assert any(can_open(old, private) for private in copied), "the old tip was theirs to read"
    assert not any(can_open(new, private) for private in [*copied, cast.keys.people[tom.pk]])
    viewer = cast.viewer("uma")
    with viewing(viewer):
        assert can_open(new, keys.team_private(viewer, team.holder, new.key_version))
        assert can_open(old, keys.team_private(viewer, team.holder, 1)), "old tips stay open"


def test_the_leaver_is_out_at_once(cast: Cast) -> None:
    team, tom = cast.teams["cedar"], cast.people["tom"]
    client = cast.client("tom")
    token = client.cookies[sessions.COOKIE].value
    district = team.district
    assert district is not None
    held = Grant.objects.create(
        tip_id=uuid4(),
        district_id=district.pk,
        audience="dialog",
        handoff_id=uuid4(),
        holder=keys.mac_holder(tom.pk),
        key_version=1,
        blob=b"x",
    )
    leaving.remove_member(cast.viewer("tara"), team.pk, tom.pk)
    assert not Membership.objects.filter(team=team, person=tom).exists()
    assert not SealedKey.objects.filter(holder=team.holder, member=tom.holder).exists()
    assert not Grant.objects.filter(pk=held.pk).exists()
    assert sessions.read(token) is None
    entry = Entry.objects.get(action="left team")
    assert entry.detail["person"] == tom.pk


class TestWithoutALead:
    def test_an_administrator_makes_one_and_it_is_so(self, cast: Cast) -> None:
        team, uma = cast.teams["cedar"], cast.people["uma"]
        assert leaving.lock_out(cast.viewer("ada"), cast.people["tara"].pk) == ["Cedar's team"]
        answer = cast.client("ada").post(
            f"/people/teams/{team.pk}/members/{uma.pk}/",
            {"role": Role.TEAM_LEAD, "reachable_at_night": "on"},
            follow=True,
        )
        assert answer.status_code == 200
        assert Membership.objects.get(team=team, person=uma).role == Role.TEAM_LEAD
        renewed = leaving.renew_key(cast.viewer("uma"), team.pk)
        assert renewed.version == 2, "what the leaver knew opens nothing new"

    def test_the_page_of_who_was_shut_out_says_so(self, cast: Cast) -> None:
        person = cast.people["tara"].pk
        answer = cast.client("ada").post(f"/people/{person}/shut/", follow=True)
        assert "These teams have no lead now: Cedar" in answer.content.decode()

    def test_nobody_else_changes_a_team_that_they_do_not_lead(self, cast: Cast) -> None:
        for name in ("uma", "bob", "charlie", "dee", "alice"):
            with pytest.raises(Http404):
                leaving.change_member(
                    cast.viewer(name),
                    cast.teams["cedar"].pk,
                    cast.people["uma"].pk,
                    role=Role.TEAM_LEAD,
                    reachable_at_night=True,
                )
            with connection.cursor() as cursor, viewing(cast.viewer(name)):
                cursor.execute(
                    "UPDATE people_membership SET role = 'team_lead' WHERE person_id = %s",
                    [cast.people["uma"].pk],
                )
                assert cursor.rowcount == 0, name


def test_a_planted_member_does_not_get_the_next_key(cast: Cast) -> None:
    team, charlie = cast.teams["cedar"], cast.people["charlie"]
    Membership.objects.create(team=team, person=charlie, role=Role.TEAM_MEMBER)
    # Whoever writes the database can copy another's row, proof and all, under another name.
    copied = SealedKey.objects.get(holder=team.holder, version=1, member=cast.people["tom"].holder)
    SealedKey.objects.create(
        holder=team.holder,
        version=1,
        member=charlie.holder,
        member_version=1,
        blob=copied.blob,
        proof=copied.proof,
    )
    renewed = leaving.renew_key(cast.viewer("tara"), team.pk)
    assert renewed.left_out == (charlie.pk,)
    assert not SealedKey.objects.filter(
        holder=team.holder, version=2, member=charlie.holder
    ).exists()


def test_a_members_swapped_key_does_not_get_the_next_key(cast: Cast) -> None:
    team, tom = cast.teams["cedar"], cast.people["tom"]
    other = HolderKey.objects.get(holder=cast.people["charlie"].holder)
    HolderKey.objects.filter(holder=tom.holder).update(public=other.public)
    renewed = leaving.renew_key(cast.viewer("tara"), team.pk)
    assert renewed.left_out == (tom.pk,)


def test_renewing_ends_invitations_on_their_way(cast: Cast) -> None:
    tara, team = cast.viewer("tara"), cast.teams["cedar"].pk
    sent = invitations.invite(tara, team, Invitee("vera@example.org", Role.TEAM_MEMBER))
    leaving.renew_key(tara, team)
    row = Invitation.objects.get(pk=sent.id)
    assert (row.wrapped, row.link_hash) == (None, None)
    assert invitations.send_again(tara, team, sent.id).mailed


@pytest.mark.parametrize("name", ["charlie", "bob", "tom", "dee", "alice"])
def test_only_the_lead_takes_somebody_out(cast: Cast, name: str) -> None:
    with pytest.raises(Http404):
        leaving.remove_member(cast.viewer(name), cast.teams["cedar"].pk, cast.people["uma"].pk)
    with (
        pytest.raises(ProgrammingError, match="only the lead"),
        viewing(cast.viewer(name)),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "SELECT api.renew_team_key(team => %s, version => 2, public => 'x', signature => 'x', "
            "sealed => '[]', leaver => %s, leaver_mac => 'x')",
            [cast.teams["cedar"].pk, cast.people["uma"].pk],
        )


def test_a_lead_hands_the_new_key_to_members_only(cast: Cast) -> None:
    """An injected call in a lead's own transaction can't seal the key to a stranger."""
    sealed = (
        f'[{{"version": 2, "member": "person:{cast.people["charlie"].pk}", "member_version": 1,'
    )
    with (
        pytest.raises(ProgrammingError, match="somebody else"),
        viewing(cast.viewer("tara")),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "SELECT api.renew_team_key(team => %s, version => 2, public => 'x', signature => 'x', "
            "sealed => %s, leaver => NULL, leaver_mac => NULL)",
            [cast.teams["cedar"].pk, sealed + '"blob": "00", "proof": "00"}]'],
        )


def test_a_lead_without_keys_or_of_another_team_renews_nothing(cast: Cast) -> None:
    with pytest.raises(Http404):
        leaving.renew_key(cast.viewer("tara", unlocked=False), cast.teams["cedar"].pk)
    with pytest.raises(Http404):
        leaving.renew_key(cast.viewer("tara"), cast.teams["quay"].pk)
    with pytest.raises(keys.NotAMember):
        leaving.renew_key(cast.viewer("ada"), cast.teams["cedar"].pk)


def test_a_team_keeps_a_lead(cast: Cast) -> None:
    tara, team = cast.viewer("tara"), cast.teams["cedar"].pk
    with pytest.raises(Refused):
        leaving.remove_member(tara, team, tara.person_id)
    with pytest.raises(Refused):
        leaving.change_member(
            tara, team, tara.person_id, role=Role.TEAM_MEMBER, reachable_at_night=True
        )
    leaving.change_member(
        tara, team, cast.people["uma"].pk, role=Role.TEAM_LEAD, reachable_at_night=True
    )
    leaving.change_member(
        tara, team, tara.person_id, role=Role.TEAM_MEMBER, reachable_at_night=False
    )
    assert Membership.objects.get(person=cast.people["tara"]).role == Role.TEAM_MEMBER


def test_no_role_outside_its_kind_of_team(cast: Cast) -> None:
    with pytest.raises(Exception, match="no such role"):
        Membership.objects.filter(person=cast.people["tom"]).update(role=Role.ADMINISTRATOR)


def test_a_shut_account_opens_nothing_and_its_teams_are_told(cast: Cast) -> None:
    team, tom = cast.teams["cedar"], cast.people["tom"]
    client = cast.client("tom")
    leaving.lock_out(cast.viewer("ada"), tom.pk)
    assert client.get("/people/me/").status_code == 302
    tom.refresh_from_db()
    assert not tom.is_active
    assert not SealedKey.objects.filter(member=tom.holder).exists()
    page = cast.client("tara").get(f"/people/teams/{team.pk}/").content.decode()
    assert "key must be renewed" in page
    leaving.renew_key(cast.viewer("tara"), team.pk)
    team.refresh_from_db()
    assert team.renew_key_since is None


def test_only_an_administrator_shuts_an_account(cast: Cast) -> None:
    for name in ("tara", "sam", "dee", "alice"):
        with pytest.raises(Http404):
            leaving.lock_out(cast.viewer(name), cast.people["tom"].pk)
        with (
            pytest.raises(ProgrammingError),
            viewing(cast.viewer(name)),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT api.lock_out(%s, 'x')", [cast.people["tom"].pk])
    with pytest.raises(Refused):
        leaving.lock_out(cast.viewer("ada"), cast.people["ada"].pk)


def test_the_page_of_a_team(cast: Cast) -> None:
    client, team = cast.client("tara"), cast.teams["cedar"].pk
    page = client.get(f"/people/teams/{team}/").content.decode()
    assert page.count("Has it") == 3
    client.post(
        f"/people/teams/{team}/members/{cast.people['tom'].pk}/",
        {"role": "team_member", "reachable_at_night": ""},
    )
    assert not Membership.objects.get(person=cast.people["tom"]).reachable_at_night
    client.post(f"/people/teams/{team}/members/{cast.people['tom'].pk}/remove/")
    client.post(f"/people/teams/{team}/renew-key/")
    assert keys.newest_version(cast.teams["cedar"].holder) == 3
    stranger = cast.client("sam")
    assert stranger.get(f"/people/teams/{team}/").status_code == 404
    assert cast.client("tom").get(f"/people/teams/{team}/").status_code == 302
    assert cast.client("uma").get(f"/people/teams/{team}/").status_code == 403

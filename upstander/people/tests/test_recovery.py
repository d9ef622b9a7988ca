"""Two shares on paper bring keys back, loudly; and a system is set up from nothing."""

from __future__ import annotations

import pytest
from django.core import mail

from upstander.audit.models import Entry
from upstander.people import keys
from upstander.people.actions import leaving
from upstander.people.actions.recovery import make_recovery, use_recovery
from upstander.people.actions.setup import (
    AlreadySetUp,
    FirstPerson,
    FirstSchool,
    ShownOnce,
    add_administrator,
    set_up_installation,
)
from upstander.people.models import Membership, Person, Team
from upstander.people.roles import Role
from upstander.people.scope import viewing
from upstander.people.tests.cast import Cast, enrol, sign_in
from upstander.places.models import Center, School
from upstander.vault.errors import RecoveryBroken
from upstander.vault.models import SealedKey

pytestmark = pytest.mark.django_db


@pytest.fixture
def shares(cast: Cast) -> tuple[str, str]:
    """The two shares of Maple Valley, made while all its keys were at hand."""
    seeds = {
        cast.teams[name]: {1: cast.keys.teams[cast.teams[name].pk]}
        for name in ("maple", "cedar", "birch")
    }
    district = cast.teams["maple"].district
    assert district is not None
    return make_recovery([district], seeds)


def test_both_shares_give_a_teams_keys_to_a_named_person(
    cast: Cast, shares: tuple[str, str]
) -> None:
    uma = cast.people["uma"]
    SealedKey.objects.filter(holder=cast.teams["cedar"].holder, member=uma.holder).delete()
    done = use_recovery(*shares, person=uma, reason="lost-keys")
    assert done.teams == ("Cedar's team",)
    viewer = cast.viewer("uma")
    with viewing(viewer):
        private = keys.team_private(viewer, cast.teams["cedar"].holder, 1)
    assert private == cast.keys.teams[cast.teams["cedar"].pk]
    # Whoever brings a key back must be able to renew it, and to invite the others.
    assert cast.teams["cedar"].pk in viewer.leads


def test_everybody_in_charge_hears_of_it(cast: Cast, shares: tuple[str, str]) -> None:
    done = use_recovery(*shares, person=cast.people["uma"], reason="lost-keys")
    told = {message.to[0] for message in mail.outbox}
    assert told == {cast.people[name].email for name in ("tara", "uma", "dee", "ada")}
    assert done.told == 4, "and whoever has them now: it may not have been them"
    entry = Entry.objects.get(action="recovery shares used")
    assert entry.detail == {"person": cast.people["uma"].pk, "reason": "lost-keys"}
    assert "Reason given: lost keys." in mail.outbox[0].body


def test_used_shares_open_nothing_any_more_and_new_ones_do(
    cast: Cast, shares: tuple[str, str]
) -> None:
    done = use_recovery(*shares, person=cast.people["uma"], reason="lost-keys")
    with pytest.raises(RecoveryBroken):
        use_recovery(*shares, person=cast.people["uma"], reason="lost-keys")
    again = use_recovery(*done.shares, person=cast.people["bob"], reason="lost-keys")
    assert again.teams == ("Birch's team",)


def test_one_share_or_two_that_do_not_belong_open_nothing(
    cast: Cast, shares: tuple[str, str]
) -> None:
    district = cast.teams["pine"].district
    assert district is not None
    others = make_recovery([district], {})
    for pair in ((shares[0], shares[0]), (shares[0], others[1]), others):
        with pytest.raises(RecoveryBroken):
            use_recovery(*pair, person=cast.people["uma"], reason="lost-keys")
    assert not mail.outbox


def test_a_stranger_gets_no_team_by_default(cast: Cast, shares: tuple[str, str]) -> None:
    with pytest.raises(RecoveryBroken):
        use_recovery(*shares, person=cast.people["charlie"], reason="lost-keys")
    done = use_recovery(
        *shares, person=cast.people["charlie"], reason="lost-keys", teams=[cast.teams["cedar"]]
    )
    assert done.teams == ("Cedar's team",)
    seat = Membership.objects.get(team=cast.teams["cedar"], person=cast.people["charlie"])
    assert seat.role == Role.TEAM_LEAD


def test_a_renewed_key_is_covered_too(cast: Cast, shares: tuple[str, str]) -> None:
    leaving.renew_key(cast.viewer("tara"), cast.teams["cedar"].pk)
    use_recovery(*shares, person=cast.people["uma"], reason="lost-keys")
    held = SealedKey.objects.filter(
        holder=cast.teams["cedar"].holder, member=cast.people["uma"].holder
    )
    assert sorted(held.values_list("version", flat=True)) == [1, 2]


def test_a_recovery_made_later_gets_older_versions_at_the_next_renewal(cast: Cast) -> None:
    tara, team = cast.viewer("tara"), cast.teams["cedar"]
    district = team.district
    assert district is not None
    shares = make_recovery([district], {})
    leaving.renew_key(tara, team.pk)
    done = use_recovery(*shares, person=cast.people["tom"], reason="lost-keys")
    assert done.teams == ("Cedar's team",)


def a_system() -> ShownOnce:
    """Set one up."""
    return set_up_installation(
        center="Harbor Center",
        district="Alder Valley",
        administrator=FirstPerson("ada@example.org", "Ada"),
        supervisor=FirstPerson("sam@example.org", "Sam"),
        lead=FirstPerson("lee@example.org", "Lee"),
        schools=[FirstSchool("Alder Valley High"), FirstSchool("Alder Valley High")],
    )


def test_a_system_from_nothing(nobody: None) -> None:
    shown = a_system()
    assert Center.objects.get().slug == "harbor-center"
    assert sorted(School.objects.values_list("slug", flat=True)) == [
        "alder-valley-high",
        "alder-valley-high-2",
    ]
    for one in shown.people:
        person = Person.objects.get(email=one.email)
        enrol(person)
        client = sign_in(person, one.passphrase)
        assert client.get("/people/me/").status_code == 200
        assert keys.unlock_by_recovery(person.pk, one.recovery_code) is not None
    with pytest.raises(AlreadySetUp):
        a_system()


def test_the_first_shares_bring_back_every_first_team(nobody: None) -> None:
    shown = a_system()
    sam = Person.objects.get(email="sam@example.org")
    done = use_recovery(*shown.shares, person=sam, reason="lost-keys", teams=Team.objects.all())
    assert set(done.teams) == {"Harbor Center", "Alder Valley", "System administration"}


def test_an_administrator_is_added_when_none_is_left(nobody: None) -> None:
    a_system()
    Person.objects.filter(email="ada@example.org").update(is_active=False)
    new = add_administrator(FirstPerson("eve@example.org", "Eve"))
    person = Person.objects.get(email="eve@example.org")
    assert keys.unlock_by_password(person, new.passphrase) is not None
    holder = Team.objects.get(kind="administration").holder
    assert list(SealedKey.objects.filter(holder=holder, version=2).values_list("member", flat=True))

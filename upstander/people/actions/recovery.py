"""The last way back to keys: two shares on paper, held by two people. Run as the owner.

A center's and its districts' team keys are sealed to a recovery holder as well, whose private key
exists only as two shares. Using them is loud: it is recorded, and everybody in charge is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.people import keys
from upstander.people.actions.invitations import send
from upstander.people.actions.people import refused_in_words
from upstander.people.known_names import keep_names
from upstander.people.models import Membership, Person, Team
from upstander.people.roles import LEADING, TeamKind, roles_in
from upstander.people.scope import System
from upstander.people.statements import state_members
from upstander.places.models import Center, District
from upstander.vault.errors import RecoveryBroken
from upstander.vault.holders import KeyPair, new_key_pair, open_private
from upstander.vault.models import HolderKey, SealedKey
from upstander.vault.recovery import join, split

#: A place that has recovery shares; None stands for the administration.
Place = Center | District | None

#: Why shares may be used. It goes into the record, which holds no words.
REASONS = ("lost-keys", "nobody-left", "emergency", "court-order")

#: Private seeds of a team's key by version, as only a process that holds them can give them.
TeamSeeds = Mapping[int, bytes]


@dataclass(frozen=True, slots=True)
class Recovered:
    """What two shares brought back, and the shares that take their place."""

    teams: tuple[str, ...]
    #: Shown once. The old shares have been in one place together, so they are worth nothing now.
    shares: tuple[str, str] = field(repr=False)
    told: int


def holder_of(place: Place) -> str:
    """Return the recovery holder's name of a place (api.recovery_holder says the same by team)."""
    if place is None:
        return "recovery:administration"
    return f"recovery:{_kind(place)}:{place.pk}"


def make_recovery(places: Iterable[Place], seeds: Mapping[Team, TeamSeeds]) -> tuple[str, str]:
    """Make a recovery key for places and return its two shares, to be shown once.

    ``seeds`` are the keys of their teams that the caller holds; teams whose keys are made later
    are sealed to it then. One pair of shares may serve several places.
    """
    pair = new_key_pair()
    with transaction.atomic():
        for place in places:
            holder = holder_of(place)
            keys.publish_key(holder, keys.newest_version(holder) + 1, pair)
            record(
                "recovery shares made",
                actor=System(),
                subject_kind=_kind(place),
                subject_id=place.pk if place else 0,
                district_id=place.pk if isinstance(place, District) else None,
            )
        for team, versions in seeds.items():
            for version, private in versions.items():
                keys.seal_team_key(team.holder, version, private, _holder_for(team))
    return split(pair.private)


def use_recovery(
    share_a: str,
    share_b: str,
    *,
    person: Person,
    reason: str,
    teams: Iterable[Team] | None = None,
    address: str = "",
) -> Recovered:
    """Bring keys back with both shares and seal them to one named person; tell all in charge.

    ``teams``: those to bring back (the person becomes their lead if they are not in them); by
    default the ones they belong to. ``reason`` is one of REASONS. New shares replace the used
    ones. ``address``: by which they sign in from now on, where no lead of theirs is left to agree.
    Raises RecoveryBroken, Refused.
    """
    if reason not in REASONS:
        raise ValueError(reason)
    pair = keys.pair_of(join(share_a, share_b))
    with transaction.atomic(durable=True):
        opened = _open_all(pair)
        wanted = set(teams) if teams is not None else _teams_of(person)
        brought = [team for team in opened if team in wanted]
        if not brought:
            raise RecoveryBroken(
                gettext("These shares don’t hold the key of any team that was asked for.")
            )
        for team in brought:
            _seat(person, team)
            for version, private in opened[team].items():
                keys.seal_team_key(team.holder, version, private, person.holder)
            record(
                "recovery shares used",
                actor=System(),
                subject_kind="team",
                subject_id=team.pk,
                district_id=team.district_id,
                detail={"person": person.pk, "reason": reason},
            )
        if address:
            keep_names(person.pk, person.email)
            with refused_in_words(), connection.cursor() as cursor:
                cursor.execute("SELECT people_change_email(%s, %s)", [person.pk, address])
            record(
                "sign-in address changed",
                actor=System(),
                subject_kind="person",
                subject_id=person.pk,
                detail={"reason": reason},
            )
        holders = list(HolderKey.objects.filter(holder__startswith="recovery:", public=pair.public))
        shares = make_recovery([_place(key.holder) for key in holders], opened)
        for key in holders:
            SealedKey.objects.filter(member=key.holder, member_version=key.version).delete()
    told = _tell(brought, person, reason, address)
    return Recovered(tuple(team.name for team in brought), shares, told)


def _open_all(pair: KeyPair) -> dict[Team, dict[int, bytes]]:
    """Return every team key that is sealed to this recovery key. Raises RecoveryBroken."""
    holders = {
        (key.holder, key.version)
        for key in HolderKey.objects.filter(holder__startswith="recovery:", public=pair.public)
    }
    by_holder = {team.holder: team for team in Team.objects.all()}
    opened: dict[Team, dict[int, bytes]] = {}
    for row in SealedKey.objects.filter(member__in={holder for holder, _ in holders}):
        team = by_holder.get(row.holder)
        if team is None or (row.member, row.member_version) not in holders:
            continue
        opened.setdefault(team, {})[row.version] = open_private(
            bytes(row.blob),
            holder=row.holder,
            version=row.version,
            member=row.member,
            member_version=row.member_version,
            private=pair.private,
        )
    if not opened:
        raise RecoveryBroken(gettext("These shares no longer work: newer ones have replaced them."))
    return opened


def _holder_for(team: Team) -> str:
    return holder_of(team.center or team.district)


def _kind(place: Place) -> str:
    if place is None:
        return "administration"
    return "center" if isinstance(place, Center) else "district"


def _place(holder: str) -> Place:
    if holder == holder_of(None):
        return None
    _, kind, number = holder.split(":")
    if kind == "center":
        return Center.objects.get(pk=int(number))
    return District.objects.get(pk=int(number))


def _teams_of(person: Person) -> set[Team]:
    return set(Team.objects.filter(memberships__person=person))


def _seat(person: Person, team: Team) -> None:
    role = next(iter(roles_in(team.kind, of_school=team.school_id is not None) & LEADING))
    seat, _new = Membership.objects.get_or_create(team=team, person=person, defaults={"role": role})
    if seat.role not in LEADING:
        # Who brings a team's key back must be able to renew it.
        seat.role = role
        seat.save(update_fields=["role"])
    state_members(team.pk, joined={person.pk: seat.role})


def _tell(teams: list[Team], person: Person, reason: str, address: str) -> int:
    """Mail everybody in charge of these teams and all administrators; return how many left.

    And the address by which the person signed in.
    """
    districts = {team.district_id for team in teams if team.district_id is not None}
    in_charge = Person.objects.filter(is_active=True, memberships__role__in=LEADING).filter(
        memberships__team__in=Team.objects.filter(pk__in=[team.pk for team in teams])
        | Team.objects.filter(kind=TeamKind.ADMINISTRATION)
        | Team.objects.filter(kind=TeamKind.DISTRICT, district_id__in=districts)
    )
    names = ", ".join(team.name for team in teams)
    sent = 0
    gone = {person.email} if address else set()
    for email in sorted(gone.union(in_charge.values_list("email", flat=True))):
        sent += send(
            EmailMessage(
                subject=gettext("Upstander: recovery shares were used"),
                body=gettext(
                    "Both recovery shares were combined, and the keys of these teams were given "
                    "to %(who)s: %(teams)s. Reason given: %(reason)s.\n\nIf you did not know about "
                    "this, act now: deactivate that account at %(desk)s/people/ and call the "
                    "people who hold the shares.\n"
                )
                % {
                    "who": f"{person.email} → {address}" if address else person.email,
                    "teams": names,
                    "reason": reason.replace("-", " "),
                    "desk": settings.DESK_URL,
                },
                to=[email],
                headers={"Auto-Submitted": "auto-generated"},
            )
        )
    return sent

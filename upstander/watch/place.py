"""Where synthetic tips go: a center that serves nobody, with one test phone. Made by the owner.

The database's own walls do the rest. A tip there is on no other center's queue, in no count and in
no sound, because no other center may see it; and whom it pages is this center's only member.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import transaction

from upstander.audit.actions import record
from upstander.base.moment import database_second
from upstander.base.phones import NoNumber, e164
from upstander.carriers.addresses import address_mac
from upstander.carriers.models import ContactMethod
from upstander.carriers.texts import SILENT
from upstander.people import keys
from upstander.people.models import Membership, Person, Team
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import System
from upstander.people.statements import state, state_members
from upstander.places.models import Center, District
from upstander.states import laws
from upstander.watch.models import ProbePlace

NAME = "Self-test"
#: The demo's, in its simulator (555-01xx: nobody's).
DEMO_PHONE = "+18605550165"
#: No mail ever goes there: ``.invalid`` is nobody's (RFC 2606).
EMAIL = "self-test@upstander.invalid"


def ensure_from_env(*, demo: bool) -> None:
    """Make the place with the phone that UPSTANDER_TEST_PHONE names. A bad one ends the process."""
    try:
        ensure_place(settings.TEST_PHONE or (DEMO_PHONE if demo else ""))
    except NoNumber:
        raise SystemExit(
            "UPSTANDER_TEST_PHONE is no phone number: write it like +18605550165, or unset it"
        ) from None


def ensure_place(test_phone: str = "") -> ProbePlace | None:
    """Make the place for synthetic tips if there is none, and let them page ``test_phone``.

    Without a phone (E.164) its team has no member: the path is then tested up to the paging.
    Nothing is made before there is a real center. Raises NoNumber. Runs as the database's owner.
    """
    with transaction.atomic(durable=True):
        place = ProbePlace.objects.select_for_update().first()
        if place is None:
            if not Center.objects.exists():
                return None
            place = _make()
        _set_phone(place, e164(test_phone) if test_phone else "")
        record(
            "self-test prepared", actor=System(), subject_kind="center", subject_id=place.center_id
        )
    return place


def _make() -> ProbePlace:
    center = Center.objects.create(name=NAME, slug="self-test")
    # Its slug opens its form: nobody must come upon it.
    slug = f"self-test-{secrets.token_hex(12)}"
    district = District.objects.create(center=center, name=NAME, slug=slug, state=laws()[0].key)
    team = Team.objects.create(kind=TeamKind.CENTER, name=NAME, center=center)
    state(team)
    state(district)
    # Nobody has the key: nobody needs to read what the system writes to itself.
    keys.make_team_key(team, [])
    person = Person(email=EMAIL, name=NAME, language=SILENT)
    person.set_unusable_password()
    person.save()
    return ProbePlace.objects.create(
        center_id=center.pk, district_id=district.pk, team_id=team.pk, person_id=person.pk
    )


def _set_phone(place: ProbePlace, number: str) -> None:
    methods = ContactMethod.objects.filter(person_id=place.person_id)
    if not number:
        Membership.objects.filter(team_id=place.team_id).delete()
        state_members(place.team_id, left=[place.person_id])
        methods.delete()
        return
    Membership.objects.get_or_create(
        team_id=place.team_id,
        person_id=place.person_id,
        defaults={"role": Role.COUNSELOR, "reachable_at_night": True},
    )
    state_members(place.team_id, joined={place.person_id: Role.COUNSELOR})
    mac = address_mac("sms", number)
    methods.exclude(address_mac=mac).delete()
    now = database_second()
    ContactMethod.objects.update_or_create(
        person_id=place.person_id,
        kind="sms",
        address_mac=mac,
        defaults={"address": number, "verified_at": now, "broken_at": None, "created_at": now},
    )

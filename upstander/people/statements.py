"""What is signed of places, teams and their members, and whether the rows say the same.

The rows are what the desk works with and what the database's walls go by. A key is granted by what
was signed: whoever writes the database can make another team the center, or plant a member, and
is granted nothing by it. What verified last counts where a statement is missing, older or forged
(vault.pins), and nobody's tip waits for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, connection
from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.people.models import Membership, Team
from upstander.people.roles import TeamKind
from upstander.places.models import District, School
from upstander.vault.errors import KeySwapped, StatementForged
from upstander.vault.holders import verify_public
from upstander.vault.models import HolderKey, SignedStatement
from upstander.vault.pins import Pin
from upstander.vault.statements import Statement, sign_statement, verify_statement

#: Verified signatures that a process remembers: a State's places and teams.
_REMEMBERED: Final = 16_384
#: What a statement says, as JSON has it.
type Facts = dict[str, Any]


def subject_of(place: Team | District | School) -> str:
    """Return the name under which a place or team is stated."""
    return f"{type(place).__name__.lower()}:{place.pk}"


def facts_of(place: Team | District | School) -> Facts:
    """Return what a row says, as a statement says it; of a team without its members."""
    if isinstance(place, School):
        return {"district": place.district_id, "name": place.name, "slug": place.slug}
    if isinstance(place, District):
        team = Team.objects.filter(kind=TeamKind.CENTER, center_id=place.center_id).first()
        return {
            "center": place.center_id,
            "team": team.pk if team else None,
            "name": place.name,
            "slug": place.slug,
            "catch_all": place.catch_all,
            "state": place.state,
        }
    return {
        "kind": place.kind,
        "center": place.center_id,
        "district": place.district_id,
        "school": place.school_id,
    }


def state(place: Team | District | School) -> None:
    """Sign what a row says now, as whoever makes or changes it; call in the same transaction.

    A team's members stay those who were stated: they come and go by ``state_members``. Raises
    Refused.
    """
    facts = facts_of(place)
    if isinstance(place, Team):
        before = stated([subject_of(place)]).get(subject_of(place))
        facts["members"] = before["members"] if before else {}
    state_as(subject_of(place), facts)


def state_members(
    team_id: int, *, joined: Mapping[int, str] | None = None, left: Iterable[int] = ()
) -> None:
    """Sign who is in a team from now on: who joins, in which role, and who is out. Raises Refused.

    What was stated before is what it is added to, never the rows: who was planted there stays out.
    """
    subject = f"team:{team_id}"
    before = stated([subject]).get(subject)
    if before is None:
        raise Refused(
            gettext(
                "Nothing was changed: this team’s signed record is missing. Ask your "
                "system administrator to run “upstander doctor”."
            )
        )
    members = {**before["members"], **{str(one): role for one, role in (joined or {}).items()}}
    for one in left:
        members.pop(str(one), None)
    if members != before["members"]:
        state_as(subject, {**before, "members": members})


def state_as(subject: str, facts: Facts) -> None:
    """Sign facts of a subject, with the counter after the last that anybody has seen."""
    found = _found([subject]).get(subject)
    pinned = settings.PINS.of(subject)
    valid = [one.counter for one in (found, pinned) if one and verifies(subject, one)]
    one = sign_statement(subject, max(valid, default=0) + 1, facts, settings.SIGNING_KEY)
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT api.state(p_subject => %s, p_over => %s, p_counter => %s, p_text => %s, "
                "p_signature => %s)",
                [subject, found.counter if found else None, one.counter, one.text, one.signature],
            )
    except IntegrityError as error:
        raise Refused(
            gettext("Someone else changed this at the same moment. Reload the page and try again.")
        ) from error


def stated(subjects: Iterable[str]) -> dict[str, Facts]:
    """Return what is signed of these subjects, and was seen last; those without are left out."""
    wanted = list(dict.fromkeys(subjects))
    return standing(wanted, _found(wanted)) if wanted else {}


def standing(subjects: Iterable[str], found: Mapping[str, Pin]) -> dict[str, Facts]:
    """Return what counts of each subject: what was found, if it is the last, or what is pinned."""
    facts = {}
    for subject in subjects:
        pin = settings.PINS.standing(
            subject,
            found.get(subject),
            lambda pin, subject=subject: verifies(subject, pin),  # type: ignore[misc]
        )
        if pin is not None:
            facts[subject] = Statement(subject, pin.counter, pin.text, pin.signature).facts
    return facts


def stated_teams(teams: Iterable[Team]) -> list[Team]:
    """Return those teams whose rows say what is signed of them: kind and place."""
    every = list(teams)
    facts = stated(map(subject_of, every))
    return [
        team
        for team in every
        if (signed := facts.get(subject_of(team))) and facts_of(team).items() <= signed.items()
    ]


def stated_people(people: Iterable[int]) -> set[int]:
    """Return those people who are signed members of every team in which the viewer sees them.

    Call inside ``viewing``. One row that nobody signed is enough: who was planted in a team gets
    nothing by name anywhere, until somebody has looked.
    """
    rows = defaultdict[int, list[Membership]](list)
    for row in Membership.objects.filter(person_id__in=set(people)):
        rows[row.person_id].append(row)
    facts = stated(f"team:{row.team_id}" for some in rows.values() for row in some)
    return {person for person, some in rows.items() if all(is_signed(row, facts) for row in some)}


def is_signed(row: Membership, facts: Mapping[str, Facts]) -> bool:
    """Tell whether a membership is one that was signed, in its role."""
    signed = facts.get(f"team:{row.team_id}")
    return signed is not None and signed["members"].get(str(row.person_id)) == row.role


def key_standing(holder: str, found: HolderKey | None) -> HolderKey | None:
    """Return the key of a holder that counts: the one found, or the one seen last if it is newer.

    A key is signed with its holder and version already; its version is the counter.
    """
    pin = settings.PINS.standing(
        f"key:{holder}",
        pin_of(found) if found else None,
        lambda pin: key_verifies(holder, pin),
    )
    if pin is None:
        return None
    public = bytes.fromhex(pin.text)
    return HolderKey(holder=holder, version=pin.counter, public=public, signature=pin.signature)


def pin_of(key: HolderKey) -> Pin:
    """Return a key as it is pinned."""
    return Pin(key.version, bytes(key.public).hex(), bytes(key.signature))


def _found(subjects: Iterable[str]) -> dict[str, Pin]:
    rows = SignedStatement.objects.filter(subject__in=list(subjects))
    return {row.subject: Pin(row.counter, row.text, bytes(row.signature)) for row in rows}


def verifies(subject: str, pin: Pin) -> bool:
    """Tell whether a statement was signed as it is."""
    return _statement_signed(subject, pin, settings.VERIFY_KEY)


def key_verifies(holder: str, pin: Pin) -> bool:
    """Tell whether a key was signed as it is."""
    return _key_signed(holder, pin, settings.VERIFY_KEY)


# The sites ask for the same ones over and over; a signature takes a hundred times what a look-up
# does, and what was once signed so stays signed so.
@lru_cache(maxsize=_REMEMBERED)
def _statement_signed(subject: str, pin: Pin, verify_key: bytes) -> bool:
    one = Statement(subject, pin.counter, pin.text, pin.signature)
    try:
        verify_statement(one, verify_key)
    except StatementForged:
        return False
    return True


@lru_cache(maxsize=_REMEMBERED)
def _key_signed(holder: str, pin: Pin, verify_key: bytes) -> bool:
    try:
        verify_public(holder, pin.counter, bytes.fromhex(pin.text), pin.signature, verify_key)
    except (KeySwapped, ValueError):
        return False
    return True

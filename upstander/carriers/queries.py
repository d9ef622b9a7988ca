"""Reads of carriers: ways to reach people, what became of what was sent, what came back."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q

from upstander.base.moment import database_now, database_second
from upstander.carriers.addresses import code_mac
from upstander.carriers.models import Channel, ContactMethod, Delivery, Inbound, ProviderHealth
from upstander.people.models import Person
from upstander.plug import silent_now

__all__ = [
    "calls_to",
    "code_for",
    "deliveries_of",
    "inbound_due",
    "methods_of",
    "on_the_phone",
    "provider_states",
    "silent",
    "untold",
    "ways_of",
]

#: Codes of alerts: letters and digits that are told apart on paper and by ear. They begin with a
#: letter, since an answer's digit may stick to them ("1H6K2"), and none is a word.
_LETTERS, _DIGITS = "ACEFHJKLMNPRTUVWXY", "2345679"
_PATTERNS = (
    (_LETTERS, _DIGITS, _LETTERS, _DIGITS),
    (_LETTERS, _DIGITS, _DIGITS, _LETTERS),
    (_LETTERS, _LETTERS, _DIGITS, _DIGITS),
)
#: So long no two alerts share a code.
_APART = timedelta(days=2)


def methods_of(
    person_ids: Iterable[int], *, shut_out: bool = False
) -> dict[int, list[ContactMethod]]:
    """Return by which ways each can be reached: verified and not broken.

    The account's own address is one of them, without a row of its own. For the worker: staff see
    their own ways only (``ways_of`` says which channels colleagues have). Inactive people are left
    out, but for what they are told though they were ``shut_out``. Two queries.
    """
    near = Person.objects.filter(pk__in=list(person_ids))
    people = {p.pk: p for p in (near if shut_out else near.filter(is_active=True))}
    found: dict[int, list[ContactMethod]] = {
        # Nobody's address (RFC 2606): the system's own test phone has no mail.
        pk: [] if person.email.endswith(".invalid") else [account_method(person)]
        for pk, person in people.items()
    }
    for method in ContactMethod.objects.filter(
        person_id__in=people, verified_at__isnull=False, broken_at=None
    ).order_by("pk"):
        found[method.person_id].append(method)
    return found


def account_method(person: Person) -> ContactMethod:
    """Return the account's address as a way to reach somebody. It has no row."""
    return ContactMethod(person=person, kind=Channel.EMAIL, address=person.email)


def ways_of(person_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """Return the channels by which colleagues can be reached beside mail; call in ``viewing``."""
    ids = list(person_ids)
    found: dict[int, set[str]] = {pk: set() for pk in ids}
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, kind FROM api.carrier_ways(%s)", [ids])
        for person_id, kind in cursor.fetchall():
            found[person_id].add(kind)
    return {pk: frozenset(kinds) for pk, kinds in found.items()}


def deliveries_of(for_ids: Iterable[UUID]) -> dict[UUID, list[Delivery]]:
    """Return the attempts for each, oldest first, without what they carried.

    Staff see those for whose alert the app above has a policy.
    """
    found: defaultdict[UUID, list[Delivery]] = defaultdict(list)
    rows = Delivery.objects.filter(for_id__in=list(for_ids)).defer(*_HIDDEN)
    for row in rows.order_by("attempted_at", "id"):
        if row.for_id is not None:
            found[row.for_id].append(row)
    return dict(found)


#: What only the worker may read of a delivery.
_HIDDEN = ("sealed", "digit_mac", "key_tries", "poll_at", "polls")


#: Nothing rings longer (s): a call of which nothing is heard by then is over.
RINGS = 60
#: So long a hang-up may take until it reaches the phone.
_HANG_UP = timedelta(seconds=10)


def on_the_phone(person_ids: Iterable[int], *, but_paged: bool = False) -> set[int]:
    """Return those of the people whose phone rings for us now, or who are listening to us.

    ``but_paged``: without those whose phone only rings for a page, which makes way for a caller.
    """
    now = database_now()
    ringing = Q(state__in=(Delivery.State.TRYING, Delivery.State.ACCEPTED))
    if but_paged:
        paged = Q(state=Delivery.State.ACCEPTED, purpose=Delivery.Purpose.PAGE)
        ringing &= ~(paged & ~Q(provider_ref=""))
    # What a call says is kept until it is over.
    listening = Q(state=Delivery.State.ANSWERED, sealed__isnull=False)
    return set(
        Delivery.objects.filter(
            ringing | listening,
            person_id__in=list(person_ids),
            channel=Channel.VOICE,
            attempted_at__gt=now - timedelta(seconds=RINGS),
            # A clock that went back keeps no phone busy.
            attempted_at__lte=now,
        ).values_list("person_id", flat=True)
    )


def calls_to(
    person_ids: Iterable[int], since: datetime
) -> dict[int, list[tuple[datetime, datetime]]]:
    """Return from when to when we ourselves had these people's phones, since a time.

    Of a call that was picked up nobody keeps the end: it counts as long as one may last. One that
    we hung up may go on ringing a moment longer.
    """
    found: defaultdict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    rows = Delivery.objects.filter(
        person_id__in=list(person_ids),
        channel=Channel.VOICE,
        attempted_at__gt=since - timedelta(seconds=RINGS),
    )
    lasting = (Delivery.State.TRYING, Delivery.State.ACCEPTED, Delivery.State.ANSWERED)
    for person, state, begun, changed in rows.values_list(
        "person_id", "state", "attempted_at", "changed_at"
    ):
        longest = begun + timedelta(seconds=RINGS)
        ended = changed + _HANG_UP if state == Delivery.State.CANCELLED else changed
        found[person].append((begun, longest if state in lasting else ended))
    return dict(found)


def untold(limit: int) -> list[Delivery]:
    """Return deliveries for an alert that ended, of which the app above has not heard yet.

    ``chain`` is what ``deliver`` returned as ``delivery_id``. Hand them to ``sending.mark_told``.
    """
    return list(
        Delivery.objects.filter(told=False, for_id__isnull=False)
        .exclude(state__in=(Delivery.State.TRYING, Delivery.State.ACCEPTED))
        .order_by("changed_at")[:limit]
    )


def inbound_due(limit: int) -> list[Inbound]:
    """Return answers that were not acted on yet, oldest first; set ``done`` when they are."""
    return list(Inbound.objects.filter(done=False).order_by("pk")[:limit])


def provider_states() -> list[ProviderHealth]:
    """Return how each provider does on each channel."""
    return list(ProviderHealth.objects.order_by("channel", "provider"))


def code_for(for_id: UUID) -> str:
    """Return the code by which a reply names an alert, such as ``H6K2``; for the worker.

    The same in each page of the alert, and another's in none that was sent within the last two
    days, however many these are. Whoever does not have a key file of ours can't work it out.
    """
    sent = Delivery.objects.exclude(code="")
    if known := sent.filter(for_id=for_id).values_list("code", flat=True).first():
        return known
    # Its own count for nothing: a text and a call that go out at once look beside each other.
    recent = sent.exclude(for_id=for_id).filter(attempted_at__gt=database_second() - _APART)
    for code in _codes(for_id):
        if not recent.filter(code=code).exists():
            return code
    raise AssertionError  # pragma: no cover - they never end


def _codes(for_id: UUID) -> Iterator[str]:
    """Draw codes for an alert without end: always the same ones, in the same order."""
    for attempt in itertools.count():
        drawn = int.from_bytes(code_mac(for_id, attempt)[:8], "big")
        code = ""
        for letters in _PATTERNS[drawn % len(_PATTERNS)]:
            drawn //= 64
            code += letters[drawn % len(letters)]
        yield code


def silent() -> set[int]:
    """Return whose phones must make no sound now: nothing is sent to them. As the worker."""
    with connection.cursor() as cursor:
        cursor.execute(silent_now())
        return {person for (person,) in cursor.fetchall()}

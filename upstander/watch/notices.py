"""Telling the center's own contacts that something is wrong with the system, or well again.

They are told by the watch itself, not by the worker, since the worker may be what has stopped; and
by addresses kept in memory, since it may be the database.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from uuid import uuid4

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from upstander.carriers.contract import CarrierError
from upstander.carriers.models import Channel, ContactMethod
from upstander.carriers.providers import carriers_for
from upstander.carriers.queries import methods_of
from upstander.carriers.sending import Outgoing, deliver
from upstander.people.models import Membership
from upstander.people.roles import Role
from upstander.rulefiles import RuleFileWrong
from upstander.watch.look import sentences
from upstander.watch.models import ProbePlace, Trouble

log = logging.getLogger("upstander.watch")

#: Not by voice: a machine's trouble is read, and the phones are needed for tips.
CHANNELS = (Channel.SMS, Channel.PUSH, Channel.EMAIL)


def contacts() -> list[ContactMethod]:
    """Return the ways to the centers' supervisors and the system's administrators: 3 queries."""
    probe = ProbePlace.objects.values_list("team_id", flat=True)
    people = (
        Membership.objects.filter(
            Q(role=Role.CENTER_SUPERVISOR) | Q(role=Role.ADMINISTRATOR), person__is_active=True
        )
        .exclude(team_id__in=probe)
        .values_list("person_id", flat=True)
    )
    methods = methods_of(sorted(set(people)))
    return [m for ways in methods.values() for m in ways if m.kind in CHANNELS]


def message(begun: Sequence[str], ended: Sequence[str]) -> Outgoing:
    """Put what is wrong, and what is well again, into one message (English, like the desk)."""
    title = _("Upstander: problem detected") if begun else _("Upstander: resolved")
    lines = [f"{words}." for words in begun] + [
        _("Resolved: %(words)s.") % {"words": words} for words in ended
    ]
    help_ = _("System status: %(address)s") % {"address": f"{settings.DESK_URL}/status"}
    if begun:
        help_ += "\n" + _("On the server: upstander doctor")
    return Outgoing(
        purpose="notice",
        for_id=None,
        title=title,
        short=f"{title}. {' '.join(lines)}"[:300],
        spoken=f"{title}. {' '.join(lines)}",
        long="\n".join([*lines, "", help_, ""]),
        urgent=bool(begun),
        link_path="/status",
    )


def words(troubles: Collection[Trouble]) -> list[str]:
    """Return troubles in words."""
    return sentences([(trouble.kind, trouble.about) for trouble in troubles])


def tell(methods: Collection[ContactMethod], said: Outgoing) -> int:
    """Send it to everybody by every way; returns how many were taken by a provider."""
    return sum(deliver(method, said).state == "accepted" for method in methods)


def tell_without_database(methods: Collection[ContactMethod], said: Outgoing) -> int:
    """Send it while the database is away: nothing is written down; how many were taken."""
    taken = 0
    for method in methods:
        try:
            ways = carriers_for(method.kind)
        except RuleFileWrong:
            log.exception("the providers' file can't be used")
            continue
        for carrier in ways:
            try:
                carrier.send(method.address, said, uuid4())
            except CarrierError as error:
                log.warning("%s did not take a notice: %s", carrier.name, error)
            except Exception:
                # Push and the demo's outbox ask the database too: the other ways don't.
                log.exception("%s broke while it carried a notice", carrier.name)
            else:
                taken += 1
                break
    return taken

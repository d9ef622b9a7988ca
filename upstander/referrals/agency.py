"""The agency's side: a link and four words open what it may read; it answers, and ends nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from django.db import connection

from upstander.people.links import LinkOver
from upstander.people.spoken_links import tried
from upstander.referrals.models import Referral
from upstander.referrals.words import unpack
from upstander.vault.envelopes import bind
from upstander.vault.invitations import unwrap


@dataclass(frozen=True, slots=True)
class Referred:
    """A referral as its link tells of it."""

    id: UUID
    service: str
    #: What the agency answered last, a code.
    said: str
    #: Advocates: they tell nobody without the survivor's yes whether they came.
    privileged: bool
    wrapped: bytes = field(repr=False)


def referred(link: str) -> Referred:
    """Return what a link leads to. Raises LinkOver: consent over, taken back, or closed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.referral(p_link => %s)", [link])
        (found,) = cursor.fetchone() or (None,)
    if found is None:
        raise LinkOver
    told = json.loads(found)
    return Referred(
        UUID(told["id"]),
        told["service"] or "",
        told["said"],
        told["privileged"],
        bytes.fromhex(told["wrapped"]),
    )


def read(link: str, one: Referred, words: str) -> dict[str, str]:
    """Return what the agency may read. Raises as ``tried``, InvitationBroken for wrong words."""
    with tried(partial(_tell, link)):
        plain = unwrap(one.wrapped, link, words, aad=bind("referral", one.id))
    return unpack(plain.decode())


def _tell(link: str, came: str) -> bool | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.try_referral(p_link => %s, p_came => %s)", [link, came])
        (counted,) = cursor.fetchone() or (None,)
    return counted


def answer(link: str, said: str, *, allowed: bool = False) -> None:
    """Keep what the agency says; ``allowed``: by the survivor's yes, without which advocates say
    no more than that they got it. Raises ValueError for no answer of ours, LinkOver; psycopg's
    InsufficientPrivilege where that yes is missing.
    """
    chosen = Referral.Agency(said)
    if chosen is Referral.Agency.NOTHING:
        raise ValueError("an answer says something")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.answer_referral(p_link => %s, p_said => %s, p_allowed => %s)",
            [link, chosen, allowed],
        )
        (kept,) = cursor.fetchone() or (False,)
    if not kept:
        raise LinkOver

"""Whoever works with an advocate there, by the client's yes for each: told who comes, no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.http import Http404
from django.utils.translation import gettext, override

from upstander.audit.actions import record
from upstander.base.languages import ENGLISH
from upstander.base.refused import Refused
from upstander.helplines.actions.accompaniments import TOLD_WHILE, OpenAccompaniment, locked
from upstander.helplines.actions.clients import of_folder
from upstander.helplines.models import Partner
from upstander.helplines.words import pack, unpack
from upstander.people.actions.invitations import send
from upstander.people.links import LinkOver
from upstander.people.models import Person
from upstander.people.scope import viewing
from upstander.people.spoken_links import tried
from upstander.people.turns import turn
from upstander.places.models import District
from upstander.vault.envelopes import bind
from upstander.vault.invitations import new_invitation, unwrap, wrap
from upstander.vault.links import link_hash


@dataclass(frozen=True, slots=True)
class Made:
    """A link that was made, and the words to be spoken, shown once."""

    words: str = field(repr=False)
    #: False: the mail server did not take it.
    mailed: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A partner who is told now."""

    id: UUID
    #: A key of ``words.PARTNERS``.
    who: str
    at: datetime


def tell(opened: OpenAccompaniment, who: str, entrance: str, email: str) -> Made:
    """Let a partner know who comes, when and to which entrance, by a link and four words.

    ``who``: a key of ``words.PARTNERS``, to which the client has said yes. The mail names nobody
    and nothing. Raises Refused unless somebody goes, Busy.
    """
    viewer, folder = opened.client.viewer, opened.client.folder
    with viewing(viewer):
        goes = Person.objects.filter(pk=opened.row.held_by or 0).first()
        place = District.objects.select_related("center").get(pk=opened.row.district_id)
    if goes is None:
        raise Refused(gettext("Nobody goes yet: there is nothing to tell."))
    row, made = Partner(id=uuid4(), accompaniment_id=opened.row.pk), new_invitation()
    told = {
        "name": goes.name.split()[0],
        "phone": place.center.callback_phone,
        "entrance": entrance,
        "at": opened.row.begins_at.isoformat(),
        "zone": place.time_zone,
    }
    with turn():
        row.wrapped = wrap(
            pack(told).encode(), made.link_secret, made.words, aad=bind("partner", row.pk)
        )
    row.link_hash = link_hash(made.link_secret)
    row.sealed = folder.seal("partner", row.pk, who)
    with viewing(viewer) as now, locked(opened.row.pk) as (stands, _):
        if stands.state not in TOLD_WHILE or stands.held_by != goes.pk:
            raise Refused(gettext("This has changed in the meantime: look again."))
        row.at = now
        row.save(force_insert=True)
        record("client partner told", **of_folder(folder))
    # To somebody who chose no language here.
    with override(ENGLISH.code):
        message = EmailMessage(
            subject=gettext("Upstander: a link for you"),
            body=gettext(
                "Open this:\n%(link)s\n\nYou need four words, which you are told by phone or in"
                " person.\n"
            )
            % {"link": f"{settings.DESK_URL}/n/{made.link_secret}"},
            to=[email],
            headers={"Auto-Submitted": "auto-generated"},
        )
    mailed = send(message)
    return Made(made.words, mailed)


def told(opened: OpenAccompaniment) -> list[Told]:
    """Return who is told now, the first first."""
    folder = opened.client.folder
    with viewing(opened.client.viewer):
        rows = list(Partner.objects.filter(accompaniment_id=opened.row.pk).order_by("at", "pk"))
    return [Told(one.pk, folder.read("partner", one.pk, one.sealed), one.at) for one in rows]


def take_back(opened: OpenAccompaniment, partner_id: UUID) -> None:
    """Take a client's yes back: the copy is destroyed now. Raises Http404."""
    with viewing(opened.client.viewer):
        gone, _ = Partner.objects.filter(pk=partner_id, accompaniment_id=opened.row.pk).delete()
        if not gone:
            raise Http404
        record("client partner untold", **of_folder(opened.client.folder))


def opened_by(link: str) -> tuple[UUID, bytes]:
    """Return the id and the wrapped copy of what a link leads to. Raises LinkOver once it ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM api.partner(p_link => %s)", [link])
        found = cursor.fetchone()
    if found is None:
        raise LinkOver
    return found[0], bytes(found[1])


def read(link: str, pk: UUID, wrapped: bytes, words: str) -> Mapping[str, str]:
    """Return what a partner may read. Raises as ``tried``, InvitationBroken for wrong words."""
    with tried(partial(_tell, link)):
        return unpack(unwrap(wrapped, link, words, aad=bind("partner", pk)).decode())


def _tell(link: str, came: str) -> bool | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.try_partner(p_link => %s, p_came => %s)", [link, came])
        (counted,) = cursor.fetchone() or (None,)
    return counted

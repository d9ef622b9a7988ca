"""An intake goes to a legal aid office by the client's yes, and opens there in two steps.

It is sealed under a link and four spoken words, as a referral is (``referrals``): no row says who
sent it and to whom. The office reads both sides' names. "No conflict" gives it the rest and ends
the row, in one statement; "conflict" ends the row.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, NamedTuple
from uuid import UUID, uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.utils.translation import gettext, override

from upstander.audit.actions import record
from upstander.base.languages import ENGLISH
from upstander.base.refused import Refused
from upstander.helplines.actions.clients import (
    KIND,
    OpenClient,
    agency_of,
    keep_legal_here,
    of_folder,
    take_on_here,
)
from upstander.helplines.legal_models import Intake
from upstander.helplines.words import CONTACT, pack, unpack
from upstander.people.actions.invitations import send as send_mail
from upstander.people.links import LinkOver
from upstander.people.scope import Viewer, viewing
from upstander.people.spoken_links import tried
from upstander.people.turns import turn
from upstander.vault.envelopes import bind
from upstander.vault.invitations import new_invitation, unwrap, wrap
from upstander.vault.links import link_hash

#: So many days the office may open it.
DAYS: Final = 14
#: What goes along of what was asked first.
_ASKED: Final = ("court", "problem", "county", "people", "income")


class Sent(NamedTuple):
    """An intake on its way: the words to be spoken, shown once; whether a mail server took it."""

    words: str
    mailed: bool


def send(opened: OpenClient, *, email: str, own: str, other: str, told: str, reach: bool) -> Sent:
    """Send an intake, by the client's yes: both sides' names, what they let tell, what was asked.

    ``reach``: how they may be reached goes too. The folder keeps the link, to take it back by.
    Raises Refused for a closed folder, Busy.
    """
    kept = opened.legal
    rest = {name: kept.get(name, "") for name in _ASKED} | {"told": told}
    rest |= {name: opened.words.get(name, "") for name in ("language", *(CONTACT if reach else ()))}
    link = new_invitation()
    row = Intake(id=uuid4(), link_hash=link_hash(link.link_secret))
    with turn():
        row.names = _wrap(link.link_secret, link.words, "names", {"own": own, "other": other})
        row.rest = _wrap(link.link_secret, link.words, "rest", rest)
    with viewing(opened.viewer) as now:
        if kept.get("link") and _ask(kept["link"], "names") is not None:
            raise Refused(gettext("One is on its way already. Take it back first."))
        keep_legal_here(opened, kept | {"link": link.link_secret, "to": email})
        row.until = now.replace(hour=0, minute=0, second=0) + timedelta(days=DAYS)
        row.save(force_insert=True)
        record("client intake sent", **of_folder(opened.folder))
    # To somebody who chose no language here.
    with override(ENGLISH.code):
        message = EmailMessage(
            subject=gettext("Upstander: an intake waits for you"),
            body=gettext(
                "Somebody asks you for help, with their consent.\n\nSign in and open this:\n"
                "%(link)s\n\nYou need four words, which are told you by phone.\n"
            )
            % {"link": f"{settings.DESK_URL}/legal-intakes?link={link.link_secret}"},
            to=[email],
            headers={"Auto-Submitted": "auto-generated"},
        )
    mailed = send_mail(message)
    return Sent(link.words, mailed)


def waits(opened: OpenClient) -> bool:
    """Tell whether an intake that was sent may still be opened; call inside ``viewing``.

    Once it can't, nothing here says whether it was taken, conflicted or ran out.
    """
    link = opened.legal.get("link", "")
    return bool(link) and _ask(link, "names") is not None


def take_back(opened: OpenClient) -> bool:
    """Take an intake back: it is destroyed. False: it opens no more anyway. Raises Refused."""
    kept = opened.legal
    with viewing(opened.viewer):
        done = _ask(kept.get("link", ""), "back") is not None
        rest = {name: text for name, text in kept.items() if name not in ("link", "to")}
        keep_legal_here(opened, rest)
        record("client intake taken back", **of_folder(opened.folder))
    return done


def names(viewer: Viewer, link: str, words: str) -> dict[str, str]:
    """Return both sides' names. Raises as ``tried``, InvitationBroken for wrong words.

    Past 14 days, ten wrong words, or for who is of no agency it is over.
    """
    with viewing(viewer):
        blob = _ask(link, "names")
    if blob is None:
        raise LinkOver

    def tell(came: str) -> bytes | None:
        with viewing(viewer):
            return _ask(link, came)

    with tried(tell):
        return _unwrap(blob, link, words, "names")


def clear(viewer: Viewer, link: str, words: str) -> UUID:
    """Say that nothing conflicts: take them on with all they sent; returns the client's id.

    Raises as ``names``, Refused.
    """
    known = names(viewer, link, words)
    with turn(), viewing(viewer) as now:
        blob = _ask(link, "clear")
        if blob is None:
            raise LinkOver
        rest = _unwrap(blob, link, words, "rest")
        legal = {name: rest.get(name, "") for name in (*_ASKED, "told")} | known
        own = {name: rest.get(name, "") for name in ("language", *CONTACT)}
        client = {"name": known["own"], "whose": "self", **own}
        return take_on_here(viewer, client, now, legal=legal).id


def conflict(viewer: Viewer, link: str, words: str) -> None:
    """Say that it conflicts: its words are destroyed. Raises as ``names``."""
    names(viewer, link, words)
    with viewing(viewer):
        place = agency_of(viewer)
        if place is None or _ask(link, "conflict") is None:
            raise LinkOver
        record(
            "client conflict found",
            actor=viewer,
            subject_kind=KIND,
            subject_id="",
            district_id=place.pk,
        )


def _ask(link: str, do: str) -> bytes | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.intake(p_link => %s, p_do => %s)", [link, do])
        (told,) = cursor.fetchone() or (None,)
    return None if told is None else bytes(told)


def _wrap(link: str, words: str, part: str, told: Mapping[str, str]) -> bytes:
    return wrap(pack(told).encode(), link, words, aad=bind("intake", part, link_hash(link)))


def _unwrap(blob: bytes, link: str, words: str, part: str) -> dict[str, str]:
    aad = bind("intake", part, link_hash(link))
    return unpack(unwrap(blob, link, words, aad=aad).decode())

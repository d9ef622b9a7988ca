"""What the public site does: it knows who goes out to which towns, and keeps a family's asking.

It runs as the public role, which has two functions of the database here, and no table. A site whose
team or key is not the one that was signed is left out: better none than one sealed to a stranger.
"""

from __future__ import annotations

import base64
import hmac
import json
import logging
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import (
    Error,
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)

from upstander.base.refused import Refused
from upstander.callouts.telling import seal_telling
from upstander.callouts.words import pack
from upstander.matters.folders import seal_folder_to
from upstander.people.public import public_places
from upstander.people.roles import TeamKind
from upstander.people.statements import key_standing, standing
from upstander.tips.reporter import NotKept
from upstander.vault.envelopes import bind, derive
from upstander.vault.links import link_hash
from upstander.vault.models import HolderKey
from upstander.vault.pins import Pin

#: How long a read stands, in seconds.
KEPT_SECONDS: Final = 30

log = logging.getLogger("upstander.callouts")
_lock = threading.Lock()
_kept: list[tuple[float, tuple[PublicSite, ...]]] = []


@dataclass(frozen=True, slots=True)
class PublicSite:
    """A team that goes out, its towns, and the key to which is sealed, its signature checked."""

    team_id: int
    district_id: int
    towns: tuple[str, ...]
    #: The number of its center's desk; empty where none is known.
    phone: str
    key: HolderKey = field(compare=False)

    @property
    def holder(self) -> str:
        """The name under which something is granted to it."""
        return f"team:{self.team_id}"


def public_sites() -> tuple[PublicSite, ...]:
    """Return who goes out, from the last time it could be read if the database is away now.

    Raises django.db.Error, VaultError if it was never read.
    """
    now = time.monotonic()
    with _lock:
        kept = _kept[0] if _kept else None
    if kept is None or now - kept[0] > KEPT_SECONDS:
        try:
            kept = (now, _read())
        except Error:
            if kept is None:
                raise
        else:
            with _lock:
                _kept[:] = [kept]
    return kept[1]


def forget() -> None:
    """Give up what was read (tests)."""
    _kept.clear()


def goes_to(sites: Iterable[PublicSite], towns: Iterable[str]) -> bool:
    """Tell whether somebody goes out to one of these towns."""
    reached = {town.casefold() for site in sites for town in site.towns}
    return any(town.casefold() in reached for town in towns)


def ask(
    site: PublicSite,
    *,
    token: str,
    language: str,
    danger: bool,
    words: Mapping[str, str],
    tell: bool = False,
    crowded: bool = False,
) -> str:
    """Keep a family's asking, sealed to the site's center; return the secret of its link.

    ``tell``: once somebody goes, it is texted to the number in ``words``. ``crowded``: it came from
    a place that has sent a few. Idempotent by all that is sent: a double click and a retry are one
    callout, with one link.
    Raises NotKept: nothing was saved, or nobody knows whether it was.
    """
    packed = pack(words)
    said = bind("callout", token, site.team_id, language, int(danger), int(tell), packed)
    digest = hmac.digest(derive(settings.CODE_KEY, "callout"), said, "sha512")
    folder_id = UUID(bytes=digest[:16], version=4)
    secret = base64.urlsafe_b64encode(digest[16:32]).rstrip(b"=").decode()
    facts = {
        "site_id": site.team_id,
        "way": "web",
        "language": language,
        "danger": danger,
        "crowded": crowded,
        "link_hash": f"\\x{link_hash(secret).hex()}",
    }
    if tell:
        facts["to_tell"] = f"\\x{seal_telling(folder_id, words['phone'], secret).hex()}"
    try:
        beside = [one for one in public_sites() if one.district_id == site.district_id]
        made = seal_folder_to([(one.holder, one.key) for one in beside], folder_id)
        sealed = made.seal("words", folder_id, packed)
        _keep([folder_id, json.dumps(facts), sealed, None, *made.columns])
    except (Error, Refused) as error:
        raise NotKept from error
    return secret


def _keep(values: list[Any]) -> None:
    """Write it, once more on a new connection where the first one broke."""
    try:
        _write(values)
    except (InterfaceError, OperationalError):
        if not connection.in_atomic_block:
            connection.close()
        _write(values)


def _write(values: list[Any]) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT api.ask_callout(p_folder => %s, p_facts => %s, p_sealed => %s, "
                "p_safety => %s, p_shred => %s, p_shred_version => %s, p_shred_mark => %s, "
                "p_holders => %s::text[], p_versions => %s::int[], p_blobs => %s::bytea[])",
                values,
            )
    except IntegrityError as error:
        # The same words of the same form are kept already, with the same link.
        if "matters_folder_pkey" not in str(error):
            raise


def _read() -> tuple[PublicSite, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.callout_sites()")
        (told,) = cursor.fetchone() or ("[]",)
    found = (_site(one) for one in json.loads(told))
    return tuple(one for one in found if one is not None)


def _site(row: Mapping[str, Any]) -> PublicSite | None:
    holder, key, signed = f"team:{row['team_id']}", row["key"], row["signed"]
    pin = Pin(signed["counter"], signed["text"], _bytes(signed["signature"]))
    facts = standing([holder], {holder: pin}).get(holder)
    public, signature = _bytes(key["public"]), _bytes(key["signature"])
    told = HolderKey(holder=holder, version=key["version"], public=public, signature=signature)
    checked, places = key_standing(holder, told), public_places()
    district = places.district(row["district_id"])
    if (
        checked is None
        or facts is None
        or district is None
        or facts["kind"] != TeamKind.CENTER
        or facts["center"] != district.center_id
    ):
        log.error("nobody is asked of %s: rows and what was signed differ", holder)
        return None
    center = places.centers.get(district.center_id)
    return PublicSite(
        row["team_id"],
        district.id,
        tuple(row["towns"]),
        center.phone if center else "",
        checked,
    )


def _bytes(told: str) -> bytes:
    """Return what jsonb tells of bytes."""
    return bytes.fromhex(told.removeprefix("\\x"))

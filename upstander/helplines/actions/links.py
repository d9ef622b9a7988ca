"""Whose loved one somebody is: by the survivor's yes alone, as words in both folders.

No row and no column leads from one to the other: only who opens a folder reads it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.helplines.actions.clients import (
    Listed,
    OpenClient,
    list_clients,
    of_folder,
    open_client,
)
from upstander.helplines.models import Client
from upstander.helplines.words import pack
from upstander.people.scope import viewing

#: Under this word a folder keeps them: the other's id, and the name that they had then.
LINKED: Final = "linked"


def linked(opened: OpenClient) -> dict[str, str]:
    """Return with whom a folder is linked, by id."""
    kept = json.loads(opened.words.get(LINKED, "{}"))
    return {str(pk): str(name) for pk, name in kept.items()}


def may_be_linked(opened: OpenClient) -> list[Listed]:
    """Return who loves a survivor, by name, and is not linked to this one yet. Raises Locked."""
    known = linked(opened)
    return [
        one for one in list_clients(opened.viewer) if one.loved and str(one.row.pk) not in known
    ]


def link(opened: OpenClient, other_id: UUID, *, agreed: bool) -> None:
    """Write in both folders that somebody loves this survivor, who said yes.

    Raises Refused without that yes, from a folder that is no survivor's, and for one that is
    closed; Http404 for another's.
    """
    if not agreed:
        raise Refused(gettext("Not linked: ask the survivor, and tick the box if they said yes."))
    other = open_client(opened.viewer, other_id)
    if opened.words.get("whose") == "loved" or other.words.get("whose") != "loved":
        raise Refused(gettext("Link them from the survivor’s folder."))
    if opened.row.ended_at or other.row.ended_at:
        raise Refused(gettext("This folder is closed. Nothing was changed."))
    for one, to in ((opened, other), (other, opened)):
        _keep(one, linked(one) | {str(to.row.pk): to.words.get("name", "")})


def unlink(opened: OpenClient, other_id: UUID) -> None:
    """Take it out of both folders, at any time: also of one that is closed."""
    _keep(opened, {pk: name for pk, name in linked(opened).items() if pk != str(other_id)})
    try:
        other = open_client(opened.viewer, other_id)
    except Http404:
        return  # it was destroyed, and its words with it
    mine = str(opened.row.pk)
    _keep(other, {pk: name for pk, name in linked(other).items() if pk != mine})


def _keep(opened: OpenClient, to: Mapping[str, str]) -> None:
    words = dict(opened.words) | {LINKED: json.dumps(to, ensure_ascii=False) if to else ""}
    with viewing(opened.viewer):
        Client.objects.filter(pk=opened.row.pk).update(
            sealed=opened.folder.seal("client", opened.row.pk, pack(words))
        )
        # As any other change: the record's text names nobody's other folder.
        record("client changed", **of_folder(opened.folder))

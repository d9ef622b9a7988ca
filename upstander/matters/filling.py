"""Grants that open for nobody, so that the number of a folder's grants tells nothing.

Who is granted a duty follows a public rule: a grant that is missing would name whom it is about.
A duty's folder, and an allegation's, therefore has a multiple of eight grants, whoever was passed
over. Those that fill it up look like the others; who makes people's opaque codes knows them again.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from upstander.people.keys import decoy_code
from upstander.vault.grants import make_grant
from upstander.vault.holders import new_key_pair
from upstander.vault.seeds import Audience, new_secret

#: Of so many grants a folder has a multiple.
ROUND = 8
#: The kinds of folders that are filled up; the database names them too (`api.unfilled_folders`).
FILLED = frozenset({"duty", "register"})


def decoys(folder_id: UUID, many: int = ROUND) -> list[tuple[str, int, bytes]]:
    """Return (holder, key version, grant) of so many that are nobody's."""
    return [
        (
            holder,
            0,
            make_grant(
                new_secret(),
                tip=folder_id,
                audience=Audience.CASE,
                holder=holder,
                version=0,
                public=new_key_pair().public,
            ),
        )
        for holder in (f"mac:{decoy_code(number).hex()}" for number in range(many))
    ]


def filled(folder_id: UUID, made: Sequence[tuple[str, int, bytes]]) -> list[tuple[str, int, bytes]]:
    """Return a new folder's first grants with those that fill it up, in no order that tells."""
    found = [*made, *decoys(folder_id, -len(made) % ROUND)]
    random.SystemRandom().shuffle(found)
    return found


def fill(folder_id: UUID) -> None:
    """Fill a folder up, or take out what is too much; in ``viewing`` of a holder, or the worker."""
    made = decoys(folder_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.fill_folder(p_folder => %s, p_decoys => %s::text[], "
            "p_blobs => %s::bytea[])",
            [folder_id, [holder for holder, _, _ in made], [blob for _, _, blob in made]],
        )

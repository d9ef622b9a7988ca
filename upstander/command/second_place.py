"""`upstander second-place`: fills whichever of the shred key file's two places is empty.

Nothing else fills an empty one: a disk that is only not mounted looks empty too, and the file would
lie beside the first one, on one disk, with everybody thinking that it lies on two.
"""

from __future__ import annotations

from upstander.command.errors import PlainError
from upstander.command.postgres import running_postgres
from upstander.config.database import Role
from upstander.config.home import Home
from upstander.vault.errors import VaultError
from upstander.vault.keyring import SHRED_FOLDER

UNSET = (
    "no second place is set, so the file without which no tip opens lies on this disk alone. Name "
    "a folder on another disk or a mounted machine: UPSTANDER_SECOND_PLACE=/mnt/other/shred-keys"
)


def second_place(home: Home) -> None:
    """Bring the places together, the database saying which file is right. Raises PlainError."""
    if not (home.passwords / Role.OWNER).exists():
        raise PlainError(f"nothing is set up in {home.root}")
    if home.second_place is None:
        raise PlainError(UNSET)
    with running_postgres(home):
        print(_filled(home))


def fill_second_place(home: Home) -> str:
    """Fill it as a system is set up or restored, if it is there; what became of it, in words."""
    if home.second_place is None:
        return f"Second place: {UNSET}, and run `upstander second-place`."
    try:
        return _filled(home)
    except PlainError as error:
        return f"Second place: NOT FILLED, {error}. Then run `upstander second-place`."


def same_disk(home: Home) -> bool:
    """Whether both places lie on one file system. Raises OSError: one of them is not there."""
    place, first = home.second_place, home.keys / SHRED_FOLDER
    # A folder that was lost comes back where the other keys lie.
    there = first if first.exists() else home.keys
    return place is not None and place.stat().st_dev == there.stat().st_dev


def _filled(home: Home) -> str:
    place = home.second_place
    if place is None or not place.is_dir():
        raise PlainError(f"{place} is not there: mount the disk, or make the folder (mode 0700)")
    import django  # noqa: PLC0415 - settings need the data folder to be there

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from upstander.vault.two_places import settle  # noqa: PLC0415

    try:
        versions = ", ".join(map(str, settle(settings.SHRED_PLACES)))
    except (VaultError, OSError) as error:
        raise PlainError(str(error)) from None
    finally:
        connection.close()
    said = f"Second place: {place} and {settings.SHRED_FILES.folder} both hold file {versions}."
    if same_disk(home):
        said += " They lie on ONE disk: losing it loses every word. Choose another one."
    return said

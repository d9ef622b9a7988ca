"""What a file of rules is described with: a type whose fields are its entries, or its columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final

from msgspec import Meta, Struct
from msgspec.structs import force_setattr

#: No blank at either edge: a slip that no editor and no spreadsheet shows.
_TRIMMED: Final = r"\A\S(?s:.*\S)?\Z"

#: A text that may not be empty.
Words = Annotated[str, Meta(pattern=_TRIMMED, description="a text without blanks around it")]
#: What other entries and rows of the database call something by.
Key = Annotated[
    str, Meta(pattern=r"\A[a-z0-9_-]{1,60}\Z", description="a key: small letters, digits, _ and -")
]


class RuleType(Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of a file, or one line of a table.

    An entry that no field names is refused. What one field says of another is checked in
    ``__post_init__``, which raises ValueError with a sentence; the reader adds file and place.
    """


def translated(*key: str, column: str = "en", part: str = "") -> Meta:
    """Say that a field is a text in each language: a mapping from their codes.

    ``column`` has the English one; the others stand in their languages' ``texts.csv`` under the
    table's name and the row's cells of ``key`` (``/`` between them), and ``part`` if it is given.
    """
    return Meta(extra={"translated": key, "column": column, "part": part})


def placed(one: Struct, **said: object) -> None:
    """Give an entry what its place in the file says of it (``[ways.police]``: its key).

    Only for ``__post_init__``, before anybody else has seen it. Raises ValueError where the entry
    says itself something else.
    """
    for name, value in said.items():
        own = getattr(one, name)
        if own not in ("", value):
            raise ValueError(f"{name} is {own!r}, but its place says {value!r}")
        force_setattr(one, name, value)


def key_entries(entries: Mapping[str, Struct]) -> None:
    """Give each entry of ``[group.key]`` its key. Only for ``__post_init__``. Raises ValueError."""
    for key, one in entries.items():
        placed(one, key=key)


def once(keys: Iterable[Any], what: str = "") -> None:
    """Raise ValueError when something stands twice among ``keys``."""
    seen: set[Any] = set()
    for key in keys:
        if key in seen:
            raise ValueError(f"{what} {key!r} stands twice".strip())
        seen.add(key)

"""Reads HSDS JSON as feeds send it: an object, a page of the API, a list, a line for each.

Entries are handed on one by one; memory depends on the longest entry and on how many there are,
not on what they say.
"""

from __future__ import annotations

import codecs
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any, BinaryIO, Final, NoReturn

from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.standards.hsds.shapes import Body, Kind, Problem, Record, checked, kind_of, split

MOST_BYTES: Final = 400_000_000
#: Characters of one entry: an organization with all that it does.
MOST_ENTRY: Final = 20_000_000
MOST_RECORDS: Final = 500_000
_CHUNK: Final = 1 << 16
_BLANK: Final = re.compile(r"[ \t\r\n]*")

#: Fields that a nested object may leave to where it stands.
_TOLD_BY_PLACE: Final = frozenset({"organization_id", "program_id", "service_id", "location_id"})

type _Sign = tuple[frozenset[str], int, int]


def read_json(
    stream: BinaryIO, *, kind: Kind | None = None, most_bytes: int = MOST_BYTES
) -> Iterator[Record | Problem]:
    """Go through a file's records in normal form; ``kind`` says what its entries are, if known.

    A Problem alone is one of no record, or was found only at the end (a circle of parents). Raises
    Refused, also on the way, for what is no JSON, not UTF-8, or too large.
    """
    seen = Seen()
    for where, entry in _Entries(stream, most_bytes).each():
        if not isinstance(entry, dict):
            yield Problem(where, "", gettext("Must be an object."))
            continue
        yield from seen.take(split(kind or kind_of(entry), entry), where)
    yield from seen.circles()


class Seen:
    """Which records have come: each is handed on once, and again where other fields are said of it.

    What is said later adds to the earlier: ``{**earlier, **later}``.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[Kind, str], _Sign] = {}
        self._keys: dict[frozenset[str], frozenset[str]] = {}
        self._parents: dict[tuple[Kind, str], tuple[str, str]] = {}

    def take(
        self,
        found: Sequence[tuple[Kind, Body]],
        where: str,
        problems: tuple[Problem, ...] | None = None,
    ) -> Iterator[Record | Problem]:
        """Hand on what hasn't come, checked unless ``problems`` says what is wrong with it."""
        for kind, body in found:
            key = body.get("id")
            if not isinstance(key, str) or not key:
                yield Problem(where, f"{kind}.id", gettext("Missing: nothing can be kept by it."))
                continue
            known, sign = self._known.get((kind, key)), self._sign(body)
            faults = checked(kind, body, where) if problems is None else problems
            if known is None or (known[1] == sign[1] and not sign[0] <= known[0]):
                keys = sign[0] | known[0] if known else sign[0]
                self._remember(kind, key, body, (keys, *sign[1:]))
            elif known[1] == sign[1] and (sign[0] < known[0] or known[2] == sign[2]):
                continue
            else:
                words = gettext(
                    "This stands in the file twice and says different things. The first one holds."
                )
                faults = (*faults, Problem(where, "", words))
            parent = body.get("parent_id" if kind == "taxonomy_term" else "parent_organization_id")
            if isinstance(parent, str):
                self._parents[kind, key] = (parent, where)
            yield Record(kind, key, body, where, faults)

    def circles(self) -> Iterator[Problem]:
        """Go through records that are above themselves."""
        sound: set[tuple[Kind, str]] = set()
        for start in self._parents:
            road: dict[tuple[Kind, str], None] = {}
            at = start
            while at in self._parents and at not in road and at not in sound:
                road[at] = None
                at = (at[0], self._parents[at][0])
            if at in road:
                field = "parent_id" if at[0] == "taxonomy_term" else "parent_organization_id"
                yield Problem(self._parents[at][1], field, gettext("Is above itself: a circle."))
            sound.update(road)

    def _remember(self, kind: Kind, key: str, body: Body, sign: _Sign) -> None:
        if len(self._known) >= MOST_RECORDS:
            raise Refused(
                gettext("More than %(most)s records in one file.") % {"most": f"{MOST_RECORDS:,}"}
            )
        self._known[kind, key] = sign
        # An organization's programs come with it; a service names one again.
        programs = body.get("programs") if kind == "organization" else None
        for one in programs if isinstance(programs, list) else ():
            if isinstance(one, dict) and isinstance(one.get("id"), str):
                own = {**one, "organization_id": key}
                self._known.setdefault(("program", one["id"]), self._sign(own))

    def _sign(self, body: Body) -> _Sign:
        """Return its fields, and digests of those that every form of it has, and of all."""
        keys = frozenset(body)
        plain = {
            key: one
            for key, one in body.items()
            if not (isinstance(one, dict | list) or key in _TOLD_BY_PLACE)
        }
        return self._keys.setdefault(keys, keys), _digest(plain), _digest(body)


def _digest(value: object) -> int:
    text = json.dumps(value, sort_keys=True)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())


class _Entries:
    """A file's entries with where they stand, decoded a piece at a time."""

    def __init__(self, stream: BinaryIO, most_bytes: int) -> None:
        self._stream, self._most, self._room = stream, most_bytes, most_bytes
        self._utf8 = codecs.getincrementaldecoder("utf-8-sig")()
        self._json = json.JSONDecoder(parse_constant=_refuse_constant)
        self._text, self._at, self._line, self._ended = "", 0, 1, False

    def each(self) -> Iterator[tuple[str, Any]]:
        """Go through them. Raises Refused."""
        if not self._next():
            raise Refused(gettext("The file is empty."))
        place = gettext("entry %(count)s, line %(line)s")
        for count, (line, entry) in enumerate(self._entries(), 1):
            try:
                yield place % {"count": count, "line": line}, _clean(entry)
            except RecursionError as error:
                raise self._refused() from error

    def _entries(self) -> Iterator[tuple[int, Any]]:
        while sign := self._next():
            if sign == "[":
                yield from self._list()
            elif sign == "{":
                yield from self._object()
            else:
                yield self._line, self._value()

    def _list(self) -> Iterator[tuple[int, Any]]:
        self._at += 1
        if self._next() == "]":
            self._at += 1
            return
        while True:
            self._next()
            yield self._line, self._value()
            if self._sign(",]") == "]":
                return

    def _object(self) -> Iterator[tuple[int, Any]]:
        """Go through a page's contents, or hand on an object that is no page."""
        line, page, found = self._line, False, {}
        self._at += 1
        more = self._next() != "}"
        if not more:
            self._at += 1
        while more:
            key = self._value()
            self._sign(":")
            if not isinstance(key, str):
                raise self._refused()
            if key == "contents" and self._next() == "[":
                page = True
                yield from self._list()
            else:
                found[key] = self._value()
            more = self._sign(",}") == ","
        if not page:
            yield line, found

    def _value(self) -> Any:
        self._next()
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._ended:
                    raise self._refused() from error
            except (ValueError, RecursionError) as error:
                raise self._refused() from error
            else:
                # A number may go on in what hasn't been read.
                if end < len(self._text) or self._ended:
                    self._line += self._text.count("\n", self._at, end)
                    self._at = end
                    return value
            if len(self._text) - self._at > MOST_ENTRY:
                raise Refused(gettext("An entry in line %(n)s is too large.") % {"n": self._line})
            self._more()

    def _next(self) -> str:
        """Pass over blanks and return the sign that comes, "" at the end."""
        while True:
            begin, self._at = self._at, _BLANK.match(self._text, self._at).end()  # type: ignore[union-attr]
            self._line += self._text.count("\n", begin, self._at)
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                return ""
            self._more()

    def _sign(self, expected: str) -> str:
        sign = self._next()
        if not sign or sign not in expected:
            raise self._refused()
        self._at += 1
        return sign

    def _more(self) -> None:
        # As much again as there is: an entry is begun anew a few times, however long it is.
        raw = self._stream.read(max(_CHUNK, len(self._text) - self._at))
        self._room -= len(raw)
        if self._room < 0:
            raise Refused(
                gettext("The file is larger than %(size)s MB.") % {"size": self._most // 1_000_000}
            )
        try:
            self._text = self._text[self._at :] + self._utf8.decode(raw, final=not raw)
        except UnicodeDecodeError as error:
            raise Refused(gettext("The file is not text in UTF-8.")) from error
        self._at, self._ended = 0, not raw

    def _refused(self) -> Refused:
        return Refused(gettext("The file is not JSON from line %(n)s on.") % {"n": self._line})


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _clean(value: Any) -> Any:
    """Take out what no database keeps: zeros and halves of signs in texts, endless numbers."""
    if isinstance(value, str):
        if value.isascii() and "\0" not in value:
            return value
        return value.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if isinstance(value, Mapping):
        return {_clean(key): _clean(one) for key, one in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value

"""What a source says, gathered on disk and made safe, before anything of it is kept.

Where a shelter is can stand anywhere in a file, and that it is one somewhere else in it. So all of
it waits in a file without a name (SQLite's) until it is known whom it must not show.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import batched
from typing import IO, Final
from uuid import UUID, uuid5

from django.utils.translation import gettext

from upstander.directory.confidential import guarded, words_mark
from upstander.directory.openness import opening_of
from upstander.directory.records import facts_in
from upstander.directory.terms import COLUMNS, Terms, named_in, of_violence, own_terms
from upstander.standards.csv_tables import read_stream
from upstander.standards.hsds.reading import read_json
from upstander.standards.hsds.shapes import Body, Kind, Problem, Record
from upstander.standards.hsds.tabular import read_tabular

#: All files together, as they come.
MOST_BYTES: Final = 50_000_000
#: Characters of one record: more than that is searched by no database.
_MOST_RECORD: Final = 200_000
_MOST_TERMS: Final = 20_000
_MOST_MISTAKES: Final = 100
_BATCH: Final = 500
#: An organization's programs come within it.
ORDER: Final[tuple[Kind, ...]] = (
    *("taxonomy", "taxonomy_term", "organization", "location", "service", "service_at_location"),
)


@dataclass(frozen=True, slots=True)
class Safe:
    """A record that may be kept as it is; ``struck`` are the fields that lost an address."""

    kind: Kind
    key: UUID
    body: Body
    confidential: bool
    struck: tuple[str, ...]
    where: str


@dataclass(frozen=True, slots=True)
class Hidden:
    """The ids of what is confidential here already: a file doesn't undo that.

    And of which a person said that its words hide nobody, by these words' marks.
    """

    services: frozenset[UUID]
    organizations: frozenset[UUID]
    locations: frozenset[UUID]
    cleared: Mapping[UUID, str]

    def by_words(self, key: str, body: Body) -> bool:
        """Whether the words of a service, or of who runs it, hide it."""
        return of_violence(body) and self.cleared.get(UUID(key)) != words_mark(body)


def records_of(
    source: UUID, name: str, files: Iterable[tuple[str, IO[bytes]]]
) -> Iterator[Record | Problem]:
    """Go through files of whichever form: HSDS as JSON, as tables, or terms of one's own.

    Raises Refused, also on the way.
    """
    tables: list[tuple[str, bytes]] = []
    for called, file in files:
        start = file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
        file.seek(0)
        if start[:1] in (b"[", b"{"):
            yield from read_json(file, most_bytes=MOST_BYTES)  # type: ignore[arg-type]
        elif b"plain need" in re.sub(b"[-_ ]+", b" ", start.split(b"\n", 1)[0].lower()):
            table = read_stream(
                file,  # type: ignore[arg-type]
                columns=COLUMNS,
                needed=("code", "name"),
                most_bytes=MOST_BYTES,
                most_rows=_MOST_TERMS,
            )
            yield from own_terms(source, name, table)
        else:
            tables.append((called, file.read()))
    if tables:
        yield from read_tabular(tables)


class Spool:
    """A source's records, each once. Close it."""

    def __init__(self, source: UUID, records: Iterable[Record | Problem]) -> None:
        """Gather all records. Raises Refused."""
        self.source = source
        self.mistakes: list[tuple[str, str, str]] = []
        self.mistaken = 0
        self._db = sqlite3.connect("", check_same_thread=False)
        self._db.executescript(
            "CREATE TABLE rec (kind TEXT, id TEXT, body TEXT, place TEXT, owner TEXT, house TEXT,"
            " hidden INT DEFAULT 0, kept INT DEFAULT 0, PRIMARY KEY (kind, id));"
            "CREATE TABLE bad (kind TEXT, id TEXT, PRIMARY KEY (kind, id));"
            "CREATE VIEW hiding AS SELECT kind, id, owner, house FROM rec WHERE hidden;"
            "CREATE TABLE at (id TEXT, service TEXT, location TEXT);"
        )
        try:
            for one in records:
                self._take(one)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give the file back."""
        self._db.close()

    def count(self, kind: Kind) -> int:
        """Return how many records of a kind there are."""
        [number] = self._db.execute("SELECT count(*) FROM rec WHERE kind = ?", (kind,)).fetchone()
        return int(number)

    def wrong(self, where: str, field: str, words: str) -> None:
        """Remember what is wrong: the first ones whole, the rest by number."""
        self.mistaken += 1
        if len(self.mistakes) < _MOST_MISTAKES:
            self.mistakes.append((where[:200], field[:200], words))

    def lacks(self, kind: str, keys: Iterable[UUID]) -> list[UUID]:
        """Return those of the ids that the source has no more; what it says wrongly it has."""
        asked = [str(key) for key in keys]
        marks = ",".join("?" * len(asked))
        found = self._db.execute(
            f"SELECT id FROM rec WHERE kind = ? AND id IN ({marks})"  # noqa: S608 - marks alone
            f" UNION SELECT id FROM bad WHERE kind = ? AND id IN ({marks})",
            (kind, *asked, kind, *asked),
        )
        return [UUID(key) for key in sorted({*asked} - {key for (key,) in found})]

    def keep(self, kind: str, keys: Iterable[UUID]) -> None:
        """Note that these are (or stay) the source's own, so that others may name them."""
        self._db.executemany(
            "UPDATE rec SET kept = 1 WHERE kind = ? AND id = ?", ((kind, str(key)) for key in keys)
        )

    def keeps(self, kind: str, key: object) -> bool:
        """Whether a record that others may name is there."""
        found = self._db.execute(
            "SELECT 1 FROM rec WHERE kind = ? AND id = ? AND kept", (kind, str(key))
        )
        return found.fetchone() is not None

    def _take(self, one: Record | Problem) -> None:
        problems = [one] if isinstance(one, Problem) else list(one.problems)
        for problem in problems:
            self.wrong(problem.where, problem.field, problem.words)
        if isinstance(one, Problem):
            return
        old = self._body(one.kind, one.id)
        body = {**old, **one.body} if old else one.body
        if not problems and (words := _refused(one.kind, body)):
            self.wrong(one.where, "", words)
            problems = [Problem(one.where, "", words)]
        if problems:
            # Of two that differ the first holds.
            self._db.execute("INSERT OR IGNORE INTO bad VALUES (?, ?)", (one.kind, one.id))
        else:
            self._put(one.kind, one.id, body, one.where)

    def settle(self, terms: Terms, hidden: Hidden) -> None:
        """Decide what is confidential, before any record is asked for.

        A service of violence, shelter or trafficking, by its terms, its words or those of who runs
        it; who runs such a one; each place of one, whatever else is there, and each place of the
        same street and number; a place that its organization has for itself.
        """
        self._complete()
        for key, body in self._bodies("taxonomy_term"):
            parent = body.get("parent_id")
            terms.add(UUID(key), UUID(parent) if parent else None, body, hides=False)
        for key, body in self._bodies("organization"):
            if hidden.by_words(key, body):
                self._hide("organization", "id = ?", key)
        for key, body in self._bodies("service"):
            by_terms = terms.meant(named_in(body))[1]
            if UUID(key) in hidden.services or by_terms or hidden.by_words(key, body):
                self._hide("service", "id = ?", key)
        for key, body in self._bodies("service_at_location"):
            pair = (body.get("service_id"), body.get("location_id"))
            self._db.execute("INSERT INTO at VALUES (?, ?, ?)", (key, *pair))
        self._db.executescript(
            "CREATE INDEX at_service ON at (service); CREATE INDEX at_location ON at (location);"
            "CREATE INDEX of_owner ON rec (kind, owner); CREATE INDEX of_house ON rec (house);"
        )
        self._hide("service", "owner IN (SELECT id FROM hiding WHERE kind = 'organization')")
        self._hide("organization", "id IN (SELECT owner FROM hiding WHERE kind = 'service')")
        for one in hidden.organizations:
            self._hide("organization", "id = ?", str(one))
        for one in hidden.locations:
            self._hide("location", "id = ?", str(one))
        for which in (
            "id IN (SELECT location FROM at JOIN hiding h ON h.id = service AND kind = 'service')",
            "owner IN (SELECT id FROM hiding WHERE kind = 'organization')"
            " AND NOT EXISTS (SELECT 1 FROM at WHERE location = rec.id)",
            "house <> '' AND house IN (SELECT house FROM hiding WHERE kind = 'location')",
        ):
            self._hide("location", which)
        self._hide(
            "service_at_location",
            "id IN (SELECT at.id FROM at JOIN hiding h ON h.kind = 'service' AND h.id = service"
            " OR h.kind = 'location' AND h.id = location)",
        )

    def each(self, kind: Kind) -> Iterator[list[Safe]]:
        """Go through a kind's records, some hundred at a time."""
        for rows in batched(self._rows(kind), _BATCH):
            yield [self._safe(kind, *row) for row in rows]

    def _safe(self, kind: Kind, key: str, text: str, place: str, hidden: int) -> Safe:
        body, struck = json.loads(text), tuple[str, ...]()
        if hidden and kind == "location":
            struck = tuple(sorted(body.keys() - {"id", "location_type", "organization_id"}))
            body = {"id": key, "location_type": "virtual"}
        elif hidden:
            body, struck = guarded(body)
        return Safe(kind, UUID(key), body, bool(hidden), struck, place)

    def _hide(self, kind: str, which: str, *values: str) -> None:
        self._db.execute(
            f"UPDATE rec SET hidden = 1 WHERE kind = ? AND {which}",  # noqa: S608 - our own words
            (kind, *values),
        )

    def _complete(self) -> None:
        """Put programs into who runs them, and terms that name no list into one of that name."""
        for _, body in self._bodies("program"):
            owner = str(body.pop("organization_id", ""))
            if whole := self._body("organization", owner):
                whole.setdefault("programs", []).append(body)
                self._put("organization", owner, whole)
        codes: set[tuple[str, str]] = set()
        for key, text, place, _ in self._rows("taxonomy_term"):
            body = json.loads(text)
            pair = (
                str(body.get("taxonomy_id") or body.get("taxonomy")),
                str(body.get("code") or key),
            )
            if pair in codes:
                self.wrong(place, "code", gettext("Another term of this list has this code."))
                self._db.execute("DELETE FROM rec WHERE id = ?", (key,))
                continue
            codes.add(pair)
            if not body.get("taxonomy_id"):
                name = str(body.get("taxonomy") or gettext("Terms without a list"))
                whole_id = str(uuid5(self.source, f"taxonomy/{name}"))
                body["taxonomy_id"] = whole_id
                self._put("taxonomy_term", key, body)
                if not self._body("taxonomy", whole_id):
                    said = {"id": whole_id, "name": name, "description": name}
                    self._put("taxonomy", whole_id, said)

    def _body(self, kind: str, key: str) -> Body | None:
        found = self._db.execute(
            "SELECT body FROM rec WHERE kind = ? AND id = ?", (kind, key)
        ).fetchone()
        return json.loads(found[0]) if found else None

    def _put(self, kind: str, key: str, body: Body, place: str = "") -> None:
        owner = body.get("organization_id")
        row = (kind, key, json.dumps(body), place, owner, _house(body))
        self._db.execute(
            "INSERT INTO rec (kind, id, body, place, owner, house) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET body = excluded.body, owner = excluded.owner,"
            " house = excluded.house",
            row,
        )

    def _bodies(self, kind: str) -> Iterator[tuple[str, Body]]:
        return ((key, json.loads(text)) for key, text, _, _ in self._rows(kind))

    def _rows(self, kind: str) -> Iterator[tuple[str, str, str, int]]:
        """Go through rows that may be written to in between."""
        last = 0
        while rows := self._db.execute(
            "SELECT rowid, id, body, place, hidden FROM rec WHERE kind = ? AND rowid > ?"
            " ORDER BY rowid LIMIT ?",
            (kind, last, _BATCH),
        ).fetchall():
            last = rows[-1][0]
            yield from (row[1:] for row in rows)


def _refused(kind: Kind, body: Body) -> str:
    """Return why a sound record can't be kept all the same, or nothing."""
    if len(json.dumps(body)) > _MOST_RECORD:
        return gettext("Says more than 200,000 characters.")
    if kind == "taxonomy_term" and len(str(body.get("code", ""))) > 80:
        return gettext("The code has more than 80 characters.")
    if kind != "service":
        return ""
    if not body.get("organization_id"):
        return gettext("Names no organization that runs it.")
    try:
        _shown(body)
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError):
        return gettext("Its hours, phones or attributes can't be shown: look at them.")
    return ""


def _house(body: Body) -> str:
    """Return street and number as they are compared: a house with two ids is one house."""
    first: Body = next(iter(body.get("addresses", ())), {})
    said = f"{first.get('address_1', '')} {first.get('postal_code') or first.get('city', '')}"
    return "".join(sign for sign in said.casefold() if sign.isalnum()) if first else ""


def _shown(body: Body) -> None:
    """Look at a service as its card would. Raises what a page would raise."""
    facts_in(
        body, slug="", kind="search", agency="", confirmed=False, checked_on=None, by_law=False
    )
    opening_of(body, datetime.now(UTC))

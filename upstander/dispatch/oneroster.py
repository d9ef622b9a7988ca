"""Reads a OneRoster export (1EdTech OneRoster CSV 1.1 and 1.2): its users, orgs, demographics.

Only what is needed at two in the morning is taken: name, grade, school, guardians and how to reach
them, address, language, and what responders must know. Columns on race, sex or birthplace are never
read. The standard has no column for an address; districts add ones of their own under
``metadata.``, and ``data/roster_columns.csv`` says by which names they are known.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Final

from upstander.rulefiles import Key, RuleType, data_file, read_table

#: Bytes of all files together, unpacked; and students of one import.
MOST_BYTES: Final = 60_000_000
MOST_STUDENTS: Final = 120_000
_FILES: Final = ("orgs", "users", "demographics", "roles")
_GUARDIANS: Final = frozenset({"parent", "guardian", "relative"})
_GONE: Final = frozenset({"tobedeleted", "inactive"})


class RosterUnreadable(Exception):
    """The files are no OneRoster export that we understand; the message is for the person."""


@dataclass(frozen=True, slots=True)
class Guardian:
    """Somebody to call about a student."""

    name: str
    relation: str
    phones: str


@dataclass(frozen=True, slots=True)
class Student:
    """One student as the roster keeps them."""

    name: str
    #: Other names they go by; searched as well.
    also: str
    grade: str
    #: The school's name in the export.
    org: str
    address: str
    language: str
    needs: str
    born: str
    phones: str
    guardians: tuple[Guardian, ...] = field(default=())

    def as_data(self) -> dict[str, object]:
        """Return it as JSON takes it."""
        return asdict(self)


class _Known(RuleType, frozen=True):
    field: Key
    columns: tuple[str, ...]


def _load_columns() -> Mapping[str, frozenset[str]]:
    table = read_table(data_file("upstander.dispatch", "roster_columns.csv"), _Known)
    return {name: frozenset(row.columns) for name, row in table.by_key("field").items()}


_COLUMNS: Final = _load_columns()


def read_export(uploads: Iterable[tuple[str, bytes]]) -> list[Student]:
    """Return the students of an export, given as a ZIP or as its CSV files (name, bytes).

    Raises RosterUnreadable.
    """
    files = _unpacked(uploads)
    missing = [f"{name}.csv" for name in ("orgs", "users") if name not in files]
    if missing:
        raise RosterUnreadable(f"The export lacks {' and '.join(missing)}.")
    orgs = {row["sourcedid"]: row.get("name", "") for row in _rows(files["orgs"], "orgs.csv")}
    born = {
        row["sourcedid"]: row.get("birthdate", "")
        for row in _rows(files.get("demographics", ""), "demographics.csv")
    }
    extra = {
        row["sourcedid"]: row
        for row in _rows(files.get("demographics", ""), "demographics.csv")
        if any(column.startswith("metadata.") for column in row)
    }
    roles = _roles(files.get("roles", ""))
    users = {
        row["sourcedid"]: row
        for row in _rows(files["users"], "users.csv")
        if row.get("status", "").lower() not in _GONE
        and row.get("enableduser", "").lower() != "false"
    }
    students = []
    for key, row in users.items():
        role, own_orgs = _role_of(row, roles.get(key))
        if role != "student":
            continue
        school = next((orgs[org] for org in own_orgs if org in orgs), "")
        guardians = [
            _guardian(users[agent], roles.get(agent))
            for agent in _listed(row.get("agentsourcedids", ""))
            if agent in users
        ]
        students.append(_student(row, extra.get(key, {}), school, born.get(key, ""), guardians))
    if not students:
        raise RosterUnreadable("There is no student in users.csv (role “student”).")
    if len(students) > MOST_STUDENTS:
        raise RosterUnreadable(f"More than {MOST_STUDENTS:,} students: import by district.")
    return students


def _unpacked(uploads: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """Return the files we know by their names without ending, as text. Raises RosterUnreadable."""
    found: dict[str, str] = {}
    room = MOST_BYTES
    for name, raw in uploads:
        for inner, content in _files_in(name, raw, room):
            room -= len(content)
            stem = inner.rsplit("/", 1)[-1].lower().removesuffix(".csv")
            if stem in _FILES:
                found[stem] = _text(inner, content)
    return found


def _files_in(name: str, raw: bytes, room: int) -> Iterator[tuple[str, bytes]]:
    if not zipfile.is_zipfile(io.BytesIO(raw)):
        if len(raw) > room:
            raise RosterUnreadable("The files are too big.")
        yield name, raw
        return
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            for entry in packed.infolist():
                stem = entry.filename.rsplit("/", 1)[-1].lower().removesuffix(".csv")
                if entry.is_dir() or stem not in _FILES:
                    continue
                # Read to the end of the room, whatever the archive claims of its sizes.
                with packed.open(entry) as opened:
                    content = opened.read(room + 1)
                if len(content) > room:
                    raise RosterUnreadable("The files are too big once unpacked.")
                room -= len(content)
                yield entry.filename, content
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise RosterUnreadable("The ZIP archive is damaged or locked.") from error


def _text(name: str, raw: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise RosterUnreadable(f"{name} is no text file in UTF-8.")


def _rows(text: str, name: str) -> list[dict[str, str]]:
    """Read a table by its header; column names without regard to case. Raises RosterUnreadable."""
    if not text.strip():
        return []
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise RosterUnreadable(f"{name}: a quotation mark is not closed.") from error
    header = [cell.strip().lower() for cell in lines[0]]
    if "sourcedid" not in header:
        raise RosterUnreadable(f"{name} has no column sourcedId: is it a OneRoster export?")
    return [
        {key: cell.strip() for key, cell in zip(header, line, strict=False)}
        for line in lines[1:]
        if any(cell.strip() for cell in line)
    ]


#: Role and schools of a user by version 1.2, where they stand in a file of their own.
type _Role = tuple[str, list[str]]


def _roles(text: str) -> dict[str, _Role]:
    found: dict[str, _Role] = {}
    for row in _rows(text, "roles.csv"):
        user, org = row.get("usersourcedid", ""), row.get("orgsourcedid", "")
        if row.get("status", "").lower() in _GONE or not user:
            continue
        role, orgs = found.get(user, (row.get("role", "").lower(), []))
        # The primary school comes first.
        primary = row.get("roletype", "").lower() == "primary"
        found[user] = (role, [org, *orgs] if primary else [*orgs, org])
    return found


def _role_of(row: Mapping[str, str], known: _Role | None) -> _Role:
    if known is not None:
        return known
    return row.get("role", "").lower(), _listed(row.get("orgsourcedids", ""))


def _student(
    row: Mapping[str, str],
    extra: Mapping[str, str],
    org: str,
    born: str,
    guardians: list[Guardian],
) -> Student:
    own = {**_added(extra), **{k: v for k, v in _added(row).items() if v}}
    street = " ".join(part for part in (own.get("street", ""), own.get("unit", "")) if part)
    region = " ".join(part for part in (own.get("state", ""), own.get("zip", "")) if part)
    built = ", ".join(part for part in (street, own.get("town", ""), region) if part)
    name = _name(row, "givenname", "middlename", "familyname")
    preferred = _name(
        row,
        "preferredgivenname" if row.get("preferredgivenname") else "givenname",
        "preferredmiddlename",
        "preferredfamilyname" if row.get("preferredfamilyname") else "familyname",
    )
    return Student(
        name=name,
        also=preferred if preferred != name and row.get("preferredgivenname") else "",
        grade=", ".join(_listed(row.get("grades", ""))),
        org=org,
        address=own.get("address", "") or built,
        language=own.get("language", ""),
        needs=own.get("needs", ""),
        born=born,
        phones=_phones(row),
        guardians=tuple(guardians),
    )


def _guardian(row: Mapping[str, str], known: _Role | None) -> Guardian:
    role, _ = _role_of(row, known)
    relation = role if role in _GUARDIANS else "contact"
    return Guardian(_name(row, "givenname", "middlename", "familyname"), relation, _phones(row))


def _added(row: Mapping[str, str]) -> dict[str, str]:
    """Return what a district's own columns (``metadata.…``) say, by our names for it."""
    found: dict[str, str] = {}
    for column, value in row.items():
        if not column.startswith("metadata."):
            continue
        last = column.rsplit(".", 1)[-1]
        for name, known in _COLUMNS.items():
            if last in known and value:
                found.setdefault(name, value)
    return found


def _name(row: Mapping[str, str], *columns: str) -> str:
    return " ".join(part for part in (row.get(column, "") for column in columns) if part)


def _phones(row: Mapping[str, str]) -> str:
    return ", ".join(dict.fromkeys(p for p in (row.get("phone", ""), row.get("sms", "")) if p))


def _listed(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(",") if part.strip()]

"""Reads a OneRoster export (1EdTech OneRoster CSV 1.1 and 1.2): its users, orgs, demographics.

Only what is needed at two in the morning is taken: name, grade, school, guardians and how to reach
them, address, language, and what responders must know. Columns on race, sex or birthplace are never
read. The standard has no column for an address; districts add ones of their own under
``metadata.``, and ``data/roster_columns.csv`` says by which names they are known.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import BinaryIO, Final

from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.rulefiles import Key, RuleType, data_file, read_table
from upstander.standards.csv_tables import Mistakes, TableRow, read_stream

#: Bytes of all files together, unpacked; and students of one import.
MOST_BYTES: Final = 60_000_000
MOST_STUDENTS: Final = 120_000
#: Rows of one file: more than its bytes have room for.
_MOST_ROWS: Final = 10_000_000
_FILES: Final = ("orgs", "users", "demographics", "roles")
_GUARDIANS: Final = frozenset({"parent", "guardian", "relative"})
_GONE: Final = frozenset({"tobedeleted", "inactive"})


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
    table = read_table(data_file("upstander.standards", "roster_columns.csv"), _Known)
    return {name: frozenset(row.columns) for name, row in table.by_key("field").items()}


_COLUMNS: Final = _load_columns()


@dataclass(frozen=True, slots=True)
class Export:
    """What an export holds: its students, and what is wrong in single rows, by file and line."""

    students: list[Student]
    mistakes: Mistakes


#: A file of an export, opened anew each time it is gone through; nothing is unpacked whole.
@dataclass(frozen=True, slots=True)
class _File:
    name: str
    raw: bytes
    #: Where in a ZIP it lies.
    entry: zipfile.ZipInfo | None = None

    def lines(self) -> Iterator[TableRow]:
        """Go through its rows by column names without regard to case. Raises Refused."""
        try:
            with self._opened() as stream:
                yield from read_stream(
                    stream,
                    columns=(),
                    needed=("sourcedid",),
                    most_bytes=MOST_BYTES,
                    most_rows=_MOST_ROWS,
                    plain=_column,
                ).lines
        except Refused as error:
            raise Refused(
                gettext("%(name)s: %(error)s Is it a OneRoster export?")
                % {"name": self.name, "error": error}
            ) from error
        except _DAMAGED as error:
            raise Refused(gettext("The ZIP archive is damaged or locked.")) from error

    def size(self, room: int) -> int:
        """Return its bytes, unpacked piece by piece, at most one more than ``room``."""
        size = 0
        try:
            with self._opened() as stream:
                # Read to the end of the room, whatever the archive claims of its sizes.
                while size <= room and (piece := stream.read(1 << 16)):
                    size += len(piece)
        except _DAMAGED as error:
            raise Refused(gettext("The ZIP archive is damaged or locked.")) from error
        return size

    def _opened(self) -> BinaryIO:
        if self.entry is None:
            return io.BytesIO(self.raw)
        # The entry's own stream closes with the archive's; both live as long as it is read.
        return zipfile.ZipFile(io.BytesIO(self.raw)).open(self.entry)  # type: ignore[return-value]


_DAMAGED: Final = (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError)


def read_export(uploads: Iterable[tuple[str, bytes]]) -> list[Student]:
    """Return the students of an export, given as a ZIP or as its CSV files (name, bytes).

    Raises Refused.
    """
    return look_at(uploads).students


def look_at(uploads: Iterable[tuple[str, bytes]]) -> Export:
    """Return an export's students and the mistakes in its rows. Raises Refused.

    users.csv is gone through twice: whom a student names may stand behind them. Kept are students
    and those who may be named, no row as it stood in the file.
    """
    files = _files_of(uploads)
    missing = [f"{name}.csv" for name in ("orgs", "users") if name not in files]
    if missing:
        raise Refused(
            gettext("The export is missing %(files)s.") % {"files": " and ".join(missing)}
        )
    orgs = {line.cells["sourcedid"]: line.cells.get("name", "") for line in files["orgs"].lines()}
    born: dict[str, str] = {}
    extra: dict[str, dict[str, str]] = {}
    if "demographics" in files:
        for line in files["demographics"].lines():
            born[line.cells["sourcedid"]] = line.cells.get("birthdate", "")
            if own := _added(line.cells):
                extra[line.cells["sourcedid"]] = own
    roles = _roles(files["roles"].lines() if "roles" in files else iter(()))
    agents = {
        line.cells["sourcedid"]: _guardian(line.cells, roles.get(line.cells["sourcedid"]))
        for line in _users(files["users"])
    }
    mistakes = Mistakes()
    # By their key: of two rows for one student the later holds.
    students: dict[str, Student] = {}
    for line in _users(files["users"]):
        row, key = line.cells, line.cells["sourcedid"]
        role, own_orgs = _role_of(row, roles.get(key))
        if role != "student":
            continue
        school = next((orgs[org] for org in own_orgs if org in orgs), "")
        named = _listed(row.get("agentsourcedids", ""))
        _judge(line, mistakes, school, [one for one in named if one not in agents])
        if key in students:
            mistakes.add("users.csv", line.number, "sourcedId", gettext("Duplicate student."))
        guardians = [agents[agent] for agent in named if agent in agents]
        students[key] = _student(row, extra.get(key, {}), school, born.get(key, ""), guardians)
        if len(students) > MOST_STUDENTS:
            raise Refused(
                gettext("More than %(most_students)s students. Import one district at a time.")
                % {"most_students": f"{MOST_STUDENTS:,}"}
            )
    if not students:
        raise Refused(gettext("There are no students in users.csv (role “student”)."))
    return Export(list(students.values()), mistakes)


def _judge(line: TableRow, mistakes: Mistakes, school: str, unknown: list[str]) -> None:
    """Note what is wrong with a student's row. It goes in all the same: half is better than none.

    The words name no student: whoever imports may read no roster back.
    """
    row = line.cells
    for column, name in (("givenname", "givenName"), ("familyname", "familyName")):
        if not row.get(column):
            mistakes.add(
                "users.csv", line.number, name, gettext("Empty: this student can’t be found by it.")
            )
    if not school:
        mistakes.add(
            "users.csv",
            line.number,
            "orgSourcedIds",
            gettext("There is no such school in orgs.csv."),
        )
    if unknown:
        mistakes.add(
            "users.csv",
            line.number,
            "agentSourcedIds",
            gettext("There is no one with that ID in users.csv."),
        )


def _files_of(uploads: Iterable[tuple[str, bytes]]) -> dict[str, _File]:
    """Return the files we know by their names without ending. Raises Refused."""
    found: dict[str, _File] = {}
    room = MOST_BYTES
    for name, raw in uploads:
        for file in _inside(name, raw):
            stem = file.name.rsplit("/", 1)[-1].lower().removesuffix(".csv")
            if stem not in _FILES:
                continue
            size = file.size(room)
            if size > room:
                raise Refused(gettext("The files are too large once unpacked."))
            room -= size
            # An empty file is one that wasn't given, but for the two without which nothing goes.
            if size or stem in ("orgs", "users"):
                found[stem] = file
    return found


def _inside(name: str, raw: bytes) -> list[_File]:
    if not zipfile.is_zipfile(io.BytesIO(raw)):
        return [_File(name, raw)]
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            entries = [entry for entry in packed.infolist() if not entry.is_dir()]
    except _DAMAGED as error:
        raise Refused(gettext("The ZIP archive is damaged or locked.")) from error
    return [_File(entry.filename, raw, entry) for entry in entries]


def _users(file: _File) -> Iterator[TableRow]:
    for line in file.lines():
        row = line.cells
        if (
            row.get("status", "").lower() not in _GONE
            and row.get("enableduser", "").lower() != "false"
        ):
            yield line


def _column(name: str) -> str:
    return name.strip().lower()


#: Role and schools of a user by version 1.2, where they stand in a file of their own.
type _Role = tuple[str, list[str]]


def _roles(lines: Iterator[TableRow]) -> dict[str, _Role]:
    found: dict[str, _Role] = {}
    for row in (line.cells for line in lines):
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
    own = {**extra, **_added(row)}
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

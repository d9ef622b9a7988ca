"""What services are for: a tree of terms, which of them hide a service, and what people call it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID, uuid5

from django.utils.translation import gettext

from upstander.directory.records import id_of
from upstander.directory.vocabulary import NEEDS, folded
from upstander.standards.csv_tables import Table
from upstander.standards.hsds.shapes import Problem, Record

#: The columns of a file of terms of one's own.
COLUMNS: Final = ("code", "name", "parent", "plain_need")
#: The field of a term (none of the standard's) that says in plain words what it is for; and the
#: attribute of a service by which a keeper says so.
PLAIN: Final = "plain_need"
#: Whoever is for these is confidential until a person says otherwise; it errs towards hiding.
_OF_VIOLENCE = re.compile(
    r"violence|shelter|traffick|refuge\b|safe ?(house|home)|batter(ed|er)|stalking|rape\b"
    r"|(domestic|partner|spous\w*|sexual|elder) (abuse|assault)|violencia|albergue|refugio|trata de"
    r"|maltrato|(agresi[oó]n|abuso) sexual|عنف|مأوى|اتجار",
    re.IGNORECASE,
)
_IN_A_TEXT = re.compile(
    r"(domestic|family|partner|dating|sexual|gender)\S* (violence|assault|abuse)|violence shelter"
    r"|traffick|safe ?house|fle(e|eing) (violence|abuse)|confidential (location|address|shelter)"
    r"|violencia (dom[eé]stica|familiar|de pareja|de g[eé]nero|sexual)|trata de personas|العنف",
    re.IGNORECASE,
)


def of_violence(one: Mapping[str, Any]) -> bool:
    """Whether a term, a service or an organization says that it is for those who flee."""
    names = (one.get("name"), one.get("alternate_name"), one.get("code"))
    return bool(
        any(_OF_VIOLENCE.search(str(name)) for name in names if name)
        or _IN_A_TEXT.search(str(one.get("description") or ""))
    )


class Terms:
    """All terms that are known."""

    def __init__(self) -> None:
        self._parents: dict[UUID, UUID | None] = {}
        self._codes: dict[UUID, str] = {}
        #: Our need of each term that says one in plain words.
        self._plain: dict[UUID, UUID] = {}
        self._needs: dict[str, set[UUID]] | None = None
        self._hiding: set[UUID] = set()

    def add(self, own: UUID, parent: UUID | None, body: Mapping[str, Any], hides: bool) -> None:
        """Know a term. One with a plain need says it for all terms of its code."""
        self._parents[own], self._codes[own] = parent, str(body.get("code", ""))
        self._plain.pop(own, None)
        need = NEEDS.get(str(body.get(PLAIN, "")))
        if need and self._codes[own]:
            self._plain[own] = need_id(need.key)
        self._needs = None
        if hides or self.hides(body):
            self._hiding.add(own)

    def drop(self, own: UUID) -> None:
        """Know a term no more. Whom it hid stays hidden: that is on the service."""
        for known in (self._parents, self._codes, self._plain):
            known.pop(own, None)
        self._needs = None

    @staticmethod
    def hides(body: Mapping[str, Any]) -> bool:
        """Whether a term, by its own words or its plain need, hides the services that have it."""
        need = NEEDS.get(str(body.get(PLAIN, "")))
        return of_violence(body) or (need is not None and need.confidential)

    def meant(self, named: Iterable[UUID]) -> tuple[list[UUID], bool]:
        """Return the known ones of the terms named, with our needs, and whether they hide."""
        known = {one for one in named if one in self._parents}
        found, above = set(known), set(known)
        for one in known:
            at: UUID | None = self._parents[one]
            while at is not None and at not in above:
                above.add(at)
                at = self._parents.get(at)
        codes = {self._codes.get(one, "") for one in above}
        found |= {need for code in codes for need in self._by_code().get(code, ())}
        return sorted(found), bool((above | found) & self._hiding)

    def _by_code(self) -> Mapping[str, set[UUID]]:
        if self._needs is None:
            self._needs = {}
            for own, need in self._plain.items():
                self._needs.setdefault(self._codes[own], set()).add(need)
        return self._needs


def need_id(key: str) -> UUID:
    """Return the id of our term for a plain need."""
    return id_of("term", "need", key)


def needs_in(terms: Iterable[UUID]) -> list[str]:
    """Return the plain needs among the terms of a service, in their order."""
    known = set(terms)
    return [key for key in NEEDS if need_id(key) in known]


def named_in(body: Mapping[str, Any]) -> Iterator[UUID]:
    """Go through the terms that a service's attributes name."""
    for one in body.get("attributes", ()):
        if one.get("taxonomy_term_id"):
            yield UUID(one["taxonomy_term_id"])


def own_terms(source: UUID, name: str, table: Table) -> Iterator[Record | Problem]:
    """Go through a file of terms of one's own as records of the standard.

    A parent is named by its code, a plain need by its key or its English words. What stands in a
    circle is named and not kept.
    """
    whole = str(uuid5(source, "taxonomy"))
    yield Record("taxonomy", whole, {"id": whole, "name": name, "description": name})
    rows = {}
    for line in table.lines:
        code, place = line.cells.get("code", ""), gettext("line %(n)s") % {"n": line.number}
        if not code or len(code) > 80:
            yield Problem(place, "code", gettext("Must be 1 to 80 characters."))
        elif code in rows:
            yield Problem(place, "code", gettext("Stands in the file twice. The first one holds."))
        else:
            rows[code] = (place, line.cells)
    parents = {code: cells.get("parent", "") for code, (_, cells) in rows.items()}
    called = {folded(need.label("en")): key for key, need in NEEDS.items()}
    for code, (place, cells) in rows.items():
        parent, plain = cells.get("parent", ""), cells.get(PLAIN, "")
        need = plain if plain in NEEDS else called.get(folded(plain), "")
        if parent and parent not in rows:
            yield Problem(place, "parent", gettext("There is no term with this code."))
        elif circle := _circle(code, parents):
            words = gettext("Is above itself: %(codes)s.") % {"codes": " → ".join(circle)}
            yield Problem(place, "parent", words)
        elif plain and not need:
            words = gettext("Must be one of: %(values)s.") % {"values": ", ".join(NEEDS)}
            yield Problem(place, "plain need", words)
        else:
            body = {
                "id": str(uuid5(source, f"term/{code}")),
                "code": code,
                "name": cells.get("name", "") or code,
                "description": cells.get("name", "") or code,
                "taxonomy_id": whole,
            }
            if parent:
                body["parent_id"] = str(uuid5(source, f"term/{parent}"))
            if need:
                body[PLAIN] = need
            yield Record("taxonomy_term", body["id"], body, place)


def _circle(code: str, parents: Mapping[str, str]) -> list[str]:
    """Return the codes by which a term is above itself; none where it isn't."""
    road: list[str] = []
    while code and code not in road:
        road.append(code)
        code = parents.get(code, "")
    return [*road[road.index(code) :], code] if code else []

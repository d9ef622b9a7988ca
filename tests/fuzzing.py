"""A visitor who sends what the pages ask for: valid forms mostly, and then not quite valid ones.

They know no address but those that pages link to. Each form they meet is filled in by its fields'
kinds, so that what is sent comes past the first check, and changes what the next page shows.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit


class Answer(NamedTuple):
    """What came back."""

    status: int
    #: Where it leads, or empty.
    location: str
    text: str


type Fields = list[tuple[str, str]]
#: Asks a site as one person does: method, path, and what a form holds.
type Ask = Callable[[str, str, Fields | None], Answer]

#: Words as they are typed, and as nobody types them.
TEXTS = (
    "Spoke with her after lunch; she will come back tomorrow.",
    "ok",
    "",
    " ",
    "x" * 4_000,
    "Zoë \u0301\u0489 \u202egnihton\u202c قال 👩‍👩‍👧",
    "a\0b",
    "\ud83d".encode("utf-8", "surrogatepass").decode("latin-1"),
    "'; DROP TABLE tips_tip; -- {{ 7*7 }} %s %(x)s",
    "<script>alert(1)</script>",
    "-1",
    "9" * 30,
    "1e400",
    "2026-11-01T01:30",
    "0001-01-01",
    "9999-12-31",
    "\r\n\r\n",
)
_VALID = {
    "date": ("2026-11-20", "2027-01-05", "2026-02-30", "0001-01-01"),
    "time": ("08:15", "01:30", "25:00"),
    "datetime-local": ("2026-11-20T08:15", "2026-11-01T01:30", "9999-12-31T23:59"),
    "number": ("1", "3", "0", "-1", "99999999999"),
    "email": ("somebody@maple.example", "no address"),
    "tel": ("860-555-0111", "911", "+1"),
    "url": ("https://example.org/", "javascript:alert(1)"),
    "week": ("2026-W47",),
    "month": ("2026-11",),
}
#: What ends the visit itself, or is another test's: signing out, passwords, second factors.
_LEFT_ALONE = re.compile(r"^/(account|static|media)/|logout|sign-?out|/live|/me/sessions")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\b\d+\b|[A-Za-z0-9_-]{24,}")


@dataclass
class Control:
    """One field of a form."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form that is sent by POST."""

    action: str
    controls: list[Control] = field(default_factory=list)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select: Control | None = None
        self._area: Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            posts = given.get("method", "get").lower() == "post"
            self._form = Form(given.get("action", "")) if posts else None
            if self._form is not None:
                self.forms.append(self._form)
        elif self._form is None or "disabled" in given:
            return
        elif tag == "select" and name:
            self._select = Control(name, "select")
            self._form.controls.append(self._select)
        elif tag == "option" and self._select is not None:
            self._select.options.append(value)
        elif tag == "textarea" and name:
            self._area = Control(name, "textarea")
            self._form.controls.append(self._area)
        elif tag == "button" and name:
            self._form.controls.append(Control(name, "submit", value))
        elif tag == "input" and name and given.get("type") != "file":
            self._form.controls.append(
                Control(name, given.get("type", "text"), given.get("value", "on"))
            )

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None


@dataclass
class Visitor:
    """One person, what they have seen, and how their requests ended."""

    name: str
    ask: Ask
    chance: random.Random
    known: dict[str, set[str]] = field(default_factory=dict)
    visits: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    #: (address without ids, status) of what must not be.
    broken: Counter[tuple[str, int]] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)
    #: Addresses without ids that are not for them, or no pages.
    shut: set[str] = field(default_factory=set)

    def know(self, path: str) -> None:
        """Remember an address of this site."""
        parts = urlsplit(path)
        if parts.scheme or parts.netloc or not path.startswith("/") or _LEFT_ALONE.search(path):
            return
        kind = _ID.sub("*", parts.path)
        if kind in self.shut:
            return
        there = self.known.setdefault(kind, set())
        if len(there) < 40:
            there.add(path.partition("#")[0])

    def visit(self) -> int:
        """Open what was opened least, and send the forms that stand there; how many requests."""
        # Some of the least seen: the very least alone would never come back to a list that grew.
        kinds = sorted(self.known, key=lambda kind: (self.visits[kind], self.chance.random()))
        kind = self.chance.choice(kinds[: max(3, len(kinds) // 4)])
        self.visits[kind] += 1
        path = self.chance.choice(sorted(self.known[kind]))
        answer = self._count("GET", path, None)
        if answer.status in (403, 405):
            # No page of theirs, whichever of these it is.
            self.known.pop(kind, None)
            self.shut.add(kind)
        page = self._read(path, answer)
        sent = 1
        for form in self.chance.sample(page.forms, min(2, len(page.forms))):
            action = urljoin(path, form.action) if form.action else path
            if _LEFT_ALONE.search(action):
                continue
            self.forms[_ID.sub("*", urlsplit(action).path)] += 1
            answer = self._count("POST", action.partition("#")[0], self._filled(form))
            self._read(action, answer)
            sent += 1
            if answer.location:
                self.know(answer.location)
        return sent

    def _read(self, path: str, answer: Answer) -> _Page:
        page = _Page()
        if "<" in answer.text:
            page.feed(answer.text)
        for link in page.links:
            self.know(urljoin(path, link))
        return page

    def _count(self, method: str, path: str, fields: Fields | None) -> Answer:
        answer = self.ask(method, path, fields)
        self.answers[answer.status] += 1
        if answer.status >= 500 and answer.status != 503:
            self.broken[f"{method} {_ID.sub('*', path)}", answer.status] += 1
        return answer

    def _filled(self, form: Form) -> Fields:
        by_name: dict[str, list[Control]] = {}
        for control in form.controls:
            by_name.setdefault(control.name, []).append(control)
        fields = [pair for controls in by_name.values() for pair in self._values(controls)]
        presses = [one for one in form.controls if one.kind == "submit"]
        if presses:
            pressed = self.chance.choice(presses)
            fields.append((pressed.name, pressed.value))
        return self._spoilt(fields) if self.chance.random() < 0.25 else fields

    def _values(self, controls: list[Control]) -> Iterator[tuple[str, str]]:
        first, chance = controls[0], self.chance
        match first.kind:
            case "submit":
                return
            case "hidden":
                yield from ((one.name, one.value) for one in controls)
            case "radio":
                if chance.random() < 0.9:
                    yield first.name, chance.choice(controls).value
            case "checkbox":
                yield from ((one.name, one.value) for one in controls if chance.random() < 0.5)
            case "select":
                if first.options:
                    yield first.name, chance.choice(first.options)
            case kind:
                for one in controls:
                    if one.value and one.value != "on" and chance.random() < 0.3:
                        yield one.name, one.value
                    else:
                        yield one.name, chance.choice(_VALID.get(kind, TEXTS[:1] * 8 + TEXTS))

    def _spoilt(self, fields: Fields) -> Fields:
        """Return a form that no page of ours sends."""
        fields = list(fields)
        if not fields:
            return [("what", "ever")]
        at = self.chance.randrange(len(fields))
        name, value = fields[at]
        match self.chance.randrange(5):
            case 0:
                del fields[at]
            case 1:
                fields.append((name, value))
            case 2:
                fields[at] = (name, self.chance.choice(TEXTS))
            case 3:
                fields[at] = (self.chance.choice(TEXTS) or "x", value)
            case _:
                fields += [(f"{name}{n}", value) for n in range(300)]
        return fields


def summary(visitors: Mapping[str, Visitor]) -> str:
    """Return in a line for each visitor what they did."""
    return "\n".join(
        f"  {name:14}{sum(one.answers.values()):8,} requests, {len(one.known):4} kinds of pages,"
        f" {len(one.forms):4} of forms; {dict(sorted(one.answers.items()))}"
        for name, one in visitors.items()
    )

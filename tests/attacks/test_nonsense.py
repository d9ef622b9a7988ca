"""Nonsense typed into every form of the staff's pages: refused in plain words, and kept to mend."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import Any, Final
from urllib.parse import urljoin

import pytest

from conftest import Cast
from tests.access.test_every_url import own_pages
from tests.access.things import make_sides
from tests.attacks.test_forms_fuzzed import through
from tests.fuzzing import _ID, _LEFT_ALONE, Answer, Form, Visitor, _Page

pytestmark = pytest.mark.slow

#: Kind of a control → what nobody means.
NONSENSE: Final = {
    "text": ("%%%", "Cedar \u202eloohcS"),
    "tel": ("banana", "%%%", "911"),
    "email": ("banana", "%%%@"),
    "url": ("banana", "javascript:alert(1)"),
    "number": ("-1", "banana"),
    "date": ("0026-01-01", "2226-01-01", "banana"),
}
#: Fields that are more than a line of prose: what turns their writing around may mean another.
NAMES: Final = frozenset({"name", "label", "who", "made_with", "clinician", "town", "address"})
#: Address → fields that take whatever is typed, since a life may hang on it or it is somebody's
#: own words: a call that was made, what a dispatcher is told, what a reporter says or is answered.
TAKES_ALL: Final = {
    "/tips/*/*/sheet": {"*"},
    "/tips/*/*/call": {"why", "dispatcher", "incident"},
    "/tips/*/*/arrived": {"words"},
    # Read only with a no; a yes to police waits for no words.
    "/tips/*/*/decide/*": {"why"},
    "/team/*/words": {"text"},
    "/take-down": {"*"},
    # Without a link there is nothing that words would open.
    "/legal-intakes": {"words"},
}
#: Address → a field whose refusal is said above the page that follows: what was typed
#: there is a line at most.
SAID_ABOVE: Final = {
    "/tips/*/*/place": "street",
    "/tips/*/subjects": "name",
    "/me/contact/*/verify": "code",
    "/equity/divisions": "name",
    "/team/*/back": "text",
    "/cases/joined": "why",
    "/retention/years": "years",
}
PEOPLE: Final = ("alice", "sam", "tara", "tom", "dee", "ada", "otto")


def test_each_field_refuses_nonsense_in_words_and_keeps_it(cast: Cast, settings: Any) -> None:
    """Every field of every form that these people meet, one after the other, in one story."""
    side = make_sides(cast, settings)["maple"]
    tried: set[tuple[str, str, str]] = set()
    taken: list[str] = []
    for name in PEOPLE:
        visitor = through(cast.client(name), name)
        for path in own_pages(cast, name, side):
            for action, form in forms_on(visitor, path):
                kind = _ID.sub("*", action)
                for field, typed in nonsense_for(kind, form):
                    if (kind, field, typed) in tried:
                        continue
                    tried.add((kind, field, typed))
                    answer = visitor.ask("POST", action, list(filled(visitor, form, field, typed)))
                    if answer.status in (403, 404, 405) or refused(
                        visitor, kind, field, typed, answer
                    ):
                        continue
                    taken.append(f"{name} {kind} {field}={typed!r}: {answer.status}")
    assert taken == [], "\n".join(taken)
    assert len(tried) > 150


def forms_on(visitor: Visitor, path: str) -> Iterator[tuple[str, Form]]:
    """Yield the forms of a page with their addresses; none where it is not theirs."""
    if _LEFT_ALONE.search(path):
        return
    answer = visitor.ask("GET", path, None)
    if answer.status != 200 or "<form" not in answer.text:
        return
    page = _Page()
    page.feed(answer.text)
    for form in page.forms:
        action = urljoin(path, form.action) if form.action else path
        if not _LEFT_ALONE.search(action):
            yield action.partition("#")[0], form


def nonsense_for(kind: str, form: Form) -> Iterator[tuple[str, str]]:
    """Yield each field of a form with what nobody means by it."""
    for control in form.controls:
        if {control.name, "*"} & TAKES_ALL.get(kind, set()):
            continue
        for typed in NONSENSE.get(control.kind, ()):
            if typed.isascii() or control.name in NAMES:
                yield control.name, typed


def refused(visitor: Visitor, kind: str, field: str, typed: str, answer: Answer) -> bool:
    """Tell whether it was refused with what was typed, or where that is enough, said above."""
    if SAID_ABOVE.get(kind) == field and answer.location:
        return "notice-error" in visitor.ask("GET", answer.location, None).text
    return answer.status in (200, 409, 422) and typed in unescape(answer.text)


def filled(visitor: Visitor, form: Form, field: str, typed: str) -> Iterator[tuple[str, str]]:
    """Fill a form in as a visitor does, but for one field."""
    names = {one.name: [c for c in form.controls if c.name == one.name] for one in form.controls}
    for name, controls in names.items():
        if name == field:
            yield name, typed
        else:
            yield from visitor._values(controls)
    presses = [one for one in form.controls if one.kind == "submit"]
    if presses:
        yield presses[0].name, presses[0].value

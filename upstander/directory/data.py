"""Reads and checks the data file of services. A mistake in it stops the load, with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from upstander.directory.facts import TEXT_KEYS, Hours, Line, ServiceFacts
from upstander.directory.models import HolidayRule, Kind, Known, LineKind
from upstander.places.tables import LANGUAGES

FILE = "connecticut.json"
#: Besides codes of languages: any other one by interpreter; American Sign Language.
LANGUAGE_KEYS = frozenset({"en", "es", "ar", "interpreter", "asl"})
_NUMBER = re.compile(r"^\+?[0-9][0-9 -]{1,20}$")
_ADDRESS = re.compile(r"^https://[a-z0-9.-]+(/\S*)?$")


class DataError(ValueError):
    """The file is wrong; the message names the service and the field."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One service of the file and its place in the list."""

    position: int
    facts: ServiceFacts


def _check(ok: object, slug: str, problem: str) -> None:
    if not ok:
        raise DataError(f"{slug}: {problem}")


def _line(slug: str, raw: Mapping[str, str]) -> Line:
    line = Line(**raw)
    _check(line.kind in LineKind.values, slug, f"no such kind of line: {line.kind!r}")
    pattern = _ADDRESS if line.kind in ("chat", "web") else _NUMBER
    _check(pattern.match(line.value), slug, f"{line.kind} can't be {line.value!r}")
    _check(line.language in ("", *LANGUAGES), slug, f"no such language: {line.language!r}")
    return line


def _hours(slug: str, raw: Mapping[str, Any]) -> Hours:
    rule = Hours(
        always=raw.get("always", False),
        weekday=raw.get("weekday"),
        opens=time.fromisoformat(raw["opens"]) if "opens" in raw else None,
        closes=time.fromisoformat(raw["closes"]) if "closes" in raw else None,
        effective_from=date.fromisoformat(raw["effective_from"])
        if "effective_from" in raw
        else None,
        effective_to=date.fromisoformat(raw["effective_to"]) if "effective_to" in raw else None,
        time_zone=raw.get("time_zone", "America/New_York"),
        on_holidays=raw.get("on_holidays", HolidayRule.UNKNOWN.value),
    )
    timed = (rule.weekday, rule.opens, rule.closes)
    if rule.always:
        _check(timed == (None, None, None), slug, "always open, so no days and times")
    else:
        _check(None not in timed and rule.weekday in range(7), slug, "day and times are missing")
        _check(rule.opens != rule.closes, slug, "opens and closes at the same time")
    _check(rule.on_holidays in HolidayRule.values, slug, f"holidays: {rule.on_holidays!r}")
    ZoneInfo(rule.time_zone)
    return rule


def _entry(raw: Mapping[str, Any]) -> Entry:
    slug = str(raw["slug"])
    _check(raw["kind"] in Kind.values, slug, f"no such kind: {raw['kind']!r}")
    for language in LANGUAGES:
        texts = raw["texts"].get(language, {})
        _check(set(texts) == set(TEXT_KEYS), slug, f"texts of {language!r}: {sorted(texts)}")
        for key in TEXT_KEYS:
            needed = key in ("name", "description") or raw["texts"]["en"][key]
            _check(bool(texts[key]) == bool(needed), slug, f"{key!r} in {language!r} is missing")
    _check(set(raw["languages"]) <= LANGUAGE_KEYS, slug, f"languages: {raw['languages']}")
    for column in ("mandated_reporter", "police"):
        _check(raw[column] in Known.values, slug, f"{column}: {raw[column]!r}")
    _check(_ADDRESS.match(raw["source_url"]), slug, "every fact needs a source (https)")
    checked_on = date.fromisoformat(raw["checked_on"]) if raw["checked_on"] else None
    _check(checked_on or not raw["confirmed"], slug, "confirmed on which day?")
    _check(raw["lines"], slug, "there is no way to reach it")
    return Entry(
        position=int(raw["position"]),
        facts=ServiceFacts(
            slug=slug,
            kind=raw["kind"],
            agency=raw["agency"],
            texts=raw["texts"],
            languages=tuple(raw["languages"]),
            mandated_reporter=raw["mandated_reporter"],
            police=raw["police"],
            source_url=raw["source_url"],
            confirmed=raw["confirmed"],
            checked_on=checked_on,
            listed=True,
            lines=tuple(_line(slug, line) for line in raw["lines"]),
            hours=tuple(_hours(slug, rule) for rule in raw["hours"]),
        ),
    )


def read_services(name: str = FILE) -> tuple[Entry, ...]:
    """The services of ``directory/data/<name>``. Raises DataError, KeyError for a missing field."""
    text = files("upstander.directory").joinpath("data", name).read_text(encoding="utf-8")
    entries = tuple(_entry(raw) for raw in json.loads(text))
    slugs = [entry.facts.slug for entry in entries]
    if len(set(slugs)) != len(slugs):
        raise DataError("a slug stands twice")
    return entries

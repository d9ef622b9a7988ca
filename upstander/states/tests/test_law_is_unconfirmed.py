"""Nothing about the law ships as confirmed, in any file; what lets something go waits for that."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from upstander.config.checking import faults
from upstander.plug import law_files
from upstander.rulefiles import OfLaw, Permits, Protects, RuleType, laws_in

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for kind in ("toml", "csv", "json")
    for path in ROOT.rglob(f"*.{kind}")
    if "/tests/" not in str(path)
)
#: Services and no rules of law: these two numbers are set by federal law for the whole country.
SET_BY_FEDERAL_LAW = {"911", "988"}
#: All that lets something go, by file; whoever adds one says so here.
PERMITS = {
    "us-ct": {"ways.electronic", "register.keep"},
    "word-us-ct": {"minor", "visit"},
    "legal-us-ct": {"income"},
    "keep-us-ct": {
        "tip_staff",
        "tip_sexual",
        "tip_abuse",
        "tip_not_actionable",
        "tip_closed",
        "tip_life_safety",
        "case_staff",
        "case_sexual",
        "case_abuse",
        "case_closed",
        "case_life_safety",
        "duty",
        "register",
    },
}


def confirmed_in(data: Any) -> Iterator[object]:
    """Give what a file says of `confirmed`, wherever it stands."""
    if isinstance(data, dict):
        if "confirmed" in data and data.get("slug") not in SET_BY_FEDERAL_LAW:
            yield data["confirmed"]
        data = list(data.values())
    if isinstance(data, list):
        for one in data:
            yield from confirmed_in(one)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_shipped_file_confirms_anything(path: Path) -> None:
    text = path.read_text("utf-8")
    data: Any
    if path.suffix == ".toml":
        data = tomllib.loads(text)
    elif path.suffix == ".json":
        data = json.loads(text)
    else:
        data = list(csv.DictReader(text.splitlines()))
    assert all(said in (False, "no") for said in confirmed_in(data))


def test_the_files_that_are_looked_at_are_all_there_are() -> None:
    names = {path.name for path in FILES}
    assert {
        "duties.toml",
        "dcf-136.toml",
        "bullying.toml",
        "threat.toml",
        "services.json",
    } <= names
    services = json.loads((ROOT / "states/us_ct/services.json").read_text("utf-8"))
    listed = services["services"] if isinstance(services, dict) else services
    assert {one["slug"] for one in listed if one["confirmed"]} == SET_BY_FEDERAL_LAW


def test_every_rule_of_law_is_read_as_unconfirmed_and_has_a_source() -> None:
    assert not faults()
    for file in law_files():
        found = list(laws_in(file.root))
        assert found, file.key
        assert len(file.key) <= 20, "confirmations are kept under it"
        assert len({one.place for one in found}) == len(found), "two facts have one place"
        for one in found:
            assert not one.law.confirmed, one.place
            assert one.law.source, one.place
            assert one.law.says, f"{one.place} says nothing that could be compared with the law"
            assert one.law.runs is not one.law.permits, one.place


def test_what_lets_something_go_is_named() -> None:
    found = {
        file.key: {one.place for one in laws_in(file.root) if one.law.permits}
        for file in law_files()
    }
    assert {key: places for key, places in found.items() if places} == PERMITS


def _all(kind: type[RuleType]) -> set[type[RuleType]]:
    found = {kind}
    for one in kind.__subclasses__():
        found |= _all(one)
    return found


def test_nothing_else_has_a_word_on_being_confirmed() -> None:
    shipped = {one for one in _all(RuleType) if one.__module__.startswith("upstander.")}
    shipped = {one for one in shipped if ".tests." not in one.__module__}
    words = {one for one in shipped if "confirmed" in one.__struct_fields__}
    outside = {one.__name__ for one in words if not issubclass(one, OfLaw)}
    assert outside <= {"_Service"}, "a helping service is no rule of law"
    in_files = {type(one.law) for file in law_files() for one in laws_in(file.root)}
    kinds = {one for one in words if issubclass(one, OfLaw)} - {OfLaw, Permits, Protects}
    assert kinds == in_files, "no manifest names the file of this (laws)"


def test_pages_ask_the_rule_and_say_its_mark() -> None:
    """`confirmed` itself is read where facts are confirmed, and nowhere else."""
    allowed = {
        "rulefiles/law.py",
        "rulefiles/reading.py",
        "mandated/actions/confirming.py",
        "mandated/rules_views.py",
        "mandated/templates/mandated/rules.html",
    }
    for path in [*ROOT.rglob("*.py"), *ROOT.rglob("*.html")]:
        name = str(path.relative_to(ROOT))
        if name in allowed or name.startswith("directory/") or "/tests/" in name:
            continue
        assert not re.search(r"\.confirmed\b", path.read_text("utf-8")), name

"""The data file: every service has a source, and nothing that nobody checked poses as a fact."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest

from upstander.directory import data, faults
from upstander.directory.cards import card_for
from upstander.directory.data import _Service, read_services
from upstander.directory.facts import OF_SHELTERS, TEXT_KEYS
from upstander.directory.models import OF_VIOLENCE, Kind, Known
from upstander.intake.tables import LANGUAGES
from upstander.rulefiles import RuleFileWrong, as_rules
from upstander.states import law

ENTRIES = read_services(law("us-ct").services)
NOON = datetime(2026, 3, 4, 17, tzinfo=UTC)


def test_the_services_of_the_first_district_are_there() -> None:
    slugs = {entry.facts.slug for entry in ENTRIES}
    assert {"911", "988", "careline", "youth-mobile-crisis", "2-1-1", "safe-connect"} <= slugs
    assert {"sexual-assault-line", "statewide-legal-services", "say-something"} <= slugs


def test_only_numbers_set_by_federal_law_ship_as_confirmed() -> None:
    # 47 U.S.C. 251(e)(3) and (4). Everything else waits for an administrator.
    assert {e.facts.slug for e in ENTRIES if e.facts.confirmed} == {"911", "988"}
    for entry in ENTRIES:
        assert entry.facts.checked_on is None or entry.facts.confirmed


def test_an_emergency_stands_first() -> None:
    order = [e.facts.slug for e in sorted(ENTRIES, key=lambda e: e.position)]
    assert order[:4] == ["911", "988", "youth-mobile-crisis", "careline"]


def test_no_domestic_violence_service_has_a_street_address() -> None:
    for entry in ENTRIES:
        if entry.facts.kind == "domestic_violence":
            text = json.dumps([dict(t) for t in entry.facts.texts.values()])
            assert not re.search(r"\d+ \w+ (Street|Avenue|Road|Ave|St|Rd)\b", text)


def test_what_could_tell_where_a_shelter_is_has_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that is new, and that nobody has said to be harmless, stands for "parking"."""
    monkeypatch.setattr(faults, "OF_SHELTERS", OF_SHELTERS - {"area"})
    texts = {code: dict.fromkeys(TEXT_KEYS, "Behind the mill.") for code in LANGUAGES}
    as_rules(broken(kind="crisis", texts=texts), "services.json", _Service)
    with pytest.raises(RuleFileWrong, match="area: This could tell where a shelter is"):
        as_rules(broken(kind="domestic_violence", texts=texts), "services.json", _Service)
    for one in texts.values():
        one["area"] = ""
    as_rules(broken(kind="domestic_violence", texts=texts), "services.json", _Service)


@pytest.mark.parametrize("kind", OF_VIOLENCE)
def test_a_shelters_address_is_refused_where_the_file_is_read(kind: Kind) -> None:
    texts = {code: dict.fromkeys(TEXT_KEYS, "Come to us.") for code in LANGUAGES}
    as_rules(broken(kind=kind.value, texts=texts), "services.json", _Service)
    texts["es"]["cost"] = "Gratis, en la Calle Inventada 12"
    as_rules(broken(kind="crisis", texts=texts), "services.json", _Service)
    with pytest.raises(RuleFileWrong, match="cost: This looks like an address"):
        as_rules(broken(kind=kind.value, texts=texts), "services.json", _Service)


def test_all_that_a_file_can_say_is_looked_at() -> None:
    assert set(data._Texts.__struct_fields__) == set(TEXT_KEYS)


def test_counselors_of_violence_say_that_they_must_report() -> None:
    # CGS 17a-101(b) names them; a young person must know before speaking.
    for slug in ("safe-connect", "sexual-assault-line", "interval-house", "careline"):
        (facts,) = (e.facts for e in ENTRIES if e.facts.slug == slug)
        assert facts.mandated_reporter == Known.YES


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_card_can_be_shown_in_each_language(language: str) -> None:
    for entry in ENTRIES:
        card = card_for(entry.facts, language, NOON)
        assert card.name
        assert card.lines
        assert card.state_words
        assert card.source_name


def test_phones_can_be_tapped() -> None:
    for entry in ENTRIES:
        for line in entry.facts.lines:
            assert re.match(r"^(tel:\+?\d{3,11}|sms:\+?\d{3,11}|https://)", line.href), line


def broken(**changes: object) -> dict[str, object]:
    raw: dict[str, object] = {
        "slug": "x",
        "kind": "crisis",
        "position": 1,
        "agency": "An agency",
        "texts": {
            language: {
                "name": "n",
                "description": "d",
                "what_happens": "",
                "ages": "",
                "cost": "",
                "area": "",
            }
            for language in LANGUAGES
        },
        "languages": ["en"],
        "mandated_reporter": "unknown",
        "police": "unknown",
        "source_url": "https://example.org/",
        "confirmed": False,
        "checked_on": None,
        "lines": [{"kind": "call", "value": "860-555-0100"}],
        "hours": [],
    }
    return raw | changes


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"kind": "party"}, "kind is 'party'"),
        ({"texts": {"en": {}}}, "texts, en: name is missing"),
        ({"languages": ["xx"]}, "languages"),
        ({"police": "maybe"}, "police"),
        ({"source_url": "http://example.org/"}, "source"),
        ({"confirmed": True}, "on which day"),
        ({"lines": []}, "no way to reach"),
        ({"lines": [{"kind": "call", "value": "javascript:alert(1)"}]}, "call can't be"),
        ({"lines": [{"kind": "web", "value": "http://example.org/"}]}, "web can't be"),
        ({"hours": [{"weekday": 1, "opens": "09:00"}]}, "day and times"),
        ({"hours": [{"weekday": 1, "opens": "09:00", "closes": "09:00"}]}, "same time"),
        ({"hours": [{"always": True, "weekday": 1}]}, "always open"),
    ],
)
def test_a_careless_entry_is_refused(changes: dict[str, object], says: str) -> None:
    as_rules(broken(), "services.json", _Service).facts()
    with pytest.raises(RuleFileWrong, match=says):
        as_rules(broken(**changes), "services.json", _Service)


def test_a_states_file_says_all_in_each_language() -> None:
    texts = broken()["texts"]
    assert isinstance(texts, dict)
    alone = as_rules(broken(texts={"en": texts["en"]}), "services.json", _Service)
    assert set(alone.facts().texts) == {"en"}
    with pytest.raises(ValueError, match="texts of es, ar are missing"):
        alone.whole()
    priced = {code: one | ({} if code == "ar" else {"cost": "$5"}) for code, one in texts.items()}
    with pytest.raises(ValueError, match="texts of ar: cost is missing"):
        as_rules(broken(texts=priced), "services.json", _Service).whole()

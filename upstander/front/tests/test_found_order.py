"""In which order services are found: by their known hours, with a mark where these are in doubt."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from upstander.directory.finding import find
from upstander.directory.models import Service
from upstander.directory.why import results
from upstander.doors.tests.site import Site, text_of
from upstander.front.tests.test_finding import (
    HERE,
    asked,
    loaded,  # noqa: F401 - what that needs
    neighborhood,  # noqa: F401 - a fixture that all of these use
)
from upstander.front.tests.test_hsds import NOON


def test_what_nobody_checked_of_late_counts_by_its_known_hours_and_says_so() -> None:
    """On a Wednesday at ten at night: what is closed stands with the closed, checked or not."""
    night = datetime(2026, 9, 17, 2, 0, tzinfo=UTC)
    seen = set()
    for at in (NOON, night):
        wanted = asked(needs=("food",))
        found = find(wanted, at).found
        ranks = [{"open": 0, "unknown": 1}.get(one.standing, 2) for one in found]
        assert ranks == sorted(ranks)
        doubts = [one.doubted for one in found if one.standing == "open"]
        assert doubts == sorted(doubts)
        for one, shown in zip(found, results(found, wanted, at), strict=True):
            old, new = one.facts.is_stale(at.date()), not one.facts.confirmed
            assert one.doubted == (old or new)
            said = shown.why[0]
            assert ("Not yet confirmed" in said, "Last checked on" in said) == (new, old)
            known = one.standing != "unknown"
            assert said.startswith("By what we know: ") == (one.doubted and known)
            assert ("Opening hours not known" in said) == (not known)
            assert one.standing not in ("later", "closed") or "Closed now" in said
            assert not old or shown.card.state_tone == "closed"
            assert shown.instead is None or shown.instead.why[0].startswith("Open")
            seen.add((one.standing, old, new))
    assert {("open", False, True), ("later", False, True), ("later", True, False)} <= seen


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("", "None of these is known to be open now."),
        ("/es", "esté abierto ahora"),
        ("/ar", "مفتوح الآن."),
    ],
)
def test_where_nothing_is_known_to_be_open_the_page_says_so(
    site: Site, prefix: str, words: str
) -> None:
    food = {**HERE, "need": "food"}
    assert words not in text_of(site.post(f"{prefix}/find", food))
    Service.objects.update(confirmed=False)
    page = text_of(site.post(f"{prefix}/find", food))
    assert words in page
    assert page.index(words) < page.index('<ol class="found">')
    assert words not in text_of(site.post(f"{prefix}/find", food | {"when": "week"}))


def test_hunger_comes_before_money(site: Site) -> None:
    """Whatever is open: who says both is hungry now."""
    answer = find(asked("Tengo hambre y no tengo dinero", language="es"), NOON)
    assert [need.key for need in answer.needs] == ["food", "money"]
    ranks = [one.answers for one in answer.found]
    assert ranks == sorted(ranks)
    assert set(ranks) == {0, 1}
    page = text_of(site.post("/find", {**HERE, "words": "hungry and no money"}))
    assert "First who helps with: Food." in page


def test_what_closes_within_the_half_hour_comes_after_what_stays_open(site: Site) -> None:
    """At 6:26 in the evening: a kitchen that closes at 6:30 is no help any more."""
    evening = datetime(2026, 9, 16, 22, 26, tzinfo=UTC)
    wanted = asked(needs=("food",))
    found = find(wanted, evening).found
    soon = [one.soon for one in found if one.standing == "open"]
    assert soon == sorted(soon)
    assert set(soon) == {False, True}
    for one, shown in zip(found, results(found, wanted, evening), strict=True):
        assert ("closes at 6:30 p.m." in shown.why[0]) == (one.standing == "open" and one.soon)
        assert "Open until 6:30" not in shown.why[0]


@pytest.mark.parametrize(
    ("prefix", "paper"), [("/es", "Contrato de renta"), ("/ar", "عقد الإيجار")]
)
def test_what_to_bring_is_in_the_readers_language_or_marked_as_english(
    site: Site, prefix: str, paper: str
) -> None:
    housing = {**HERE, "need": "housing", "print": "1"}
    page = text_of(site.post(f"{prefix}/find", housing))
    assert paper in page
    assert "Lease" not in page
    for row in Service.objects.filter(record__has_key="required_documents"):
        for one in row.record["required_documents"]:
            one.pop("attributes", None)
        row.save(update_fields=("record",))
    page = text_of(site.post(f"{prefix}/find", housing))
    assert '<span lang="en" dir="ltr">Lease</span>' in page
    assert ">Lease<" not in page.replace('<span lang="en" dir="ltr">Lease</span>', "")

"""Finding a service: words, places, what is known and what is not; and that nothing is kept."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.db.models import TextField
from django.db.models.functions import MD5, Cast
from django.test.utils import CaptureQueriesContext

from upstander.base.languages import ENGLISH, LANGUAGES
from upstander.directory.actions.neighborhood import load_neighborhood
from upstander.directory.actions.towns import load_towns
from upstander.directory.finding import Asked, find
from upstander.directory.models import Entry, Location, Organization, Service, ServiceAtLocation
from upstander.directory.vocabulary import NEEDS
from upstander.directory.why import results
from upstander.doors.tests.site import Site, text_of
from upstander.front.tests import test_hsds
from upstander.front.tests.test_hsds import NOON, TABLES
from upstander.rulefiles import RuleFileWrong

PREFIXES = ["" if code == ENGLISH.code else f"/{code}" for code in LANGUAGES]
MOST_BYTES = 20_000
HERE = {"d": "maple-valley"}
loaded, neighborhood = test_hsds.loaded, test_hsds._neighborhood


def asked(words: str = "", **more: Any) -> Asked:
    needs = tuple(NEEDS[key] for key in more.pop("needs", ()))
    return Asked("maple-valley", more.pop("language", "en"), needs=needs, words=words, **more)


def names(page: str) -> list[str]:
    return [one.get_text(strip=True) for one in BeautifulSoup(page, "html.parser").select("ol h2")]


def golden() -> Iterator[dict[str, str]]:
    with (Path(__file__).parent / "matching.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def test_who_is_found_first_and_why() -> None:
    wrong = []
    for case in golden():
        wanted = asked(
            case["words"],
            language=case["reads"],
            place=case["place"],
            when=case["when"],
            spoken=case["speaks"],
            age=int(case["age"]) if case["age"] else None,
            free=case["free"] == "yes",
            tty=case["tty"] == "yes",
            asl=case["asl"] == "yes",
        )
        at = datetime.fromisoformat(case["moment"])
        answer = find(wanted, at)
        first = results(answer.found, wanted, at)[0]
        why = " · ".join(first.why).replace("\xa0", " ")
        said = (" ".join(need.key for need in answer.needs), first.card.name, why)
        if said != (case["needs"], case["first"], case["why"]):
            wrong.append((case["case"], *said))
    assert wrong == []


def test_nothing_of_a_search_is_kept(site: Site) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked_of:
        answer = site.post("/find", {**HERE, "words": "zimtstern", "place": "zimtstadt"})
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert "Content-Encoding" not in answer
    ours = [one["sql"] for one in asked_of if "ROLE" not in one["sql"]]
    assert all(re.match(r"SELECT (api\.|\w+\(|1)", sql) for sql in ours), ours
    assert sum("api.find_services" in sql for sql in ours) == 1
    # Sent by POST alone: an address lies in histories and logs.
    page = text_of(site.get("/find?d=maple-valley&words=zimtstern&place=zimtstadt"))
    assert "zimt" not in page
    assert 'method="post"' in page
    assert 'method="get"' not in page


def test_from_another_site_nothing_is_looked_up(site: Site) -> None:
    answer = site.post("/find", {**HERE, "words": "food"}, **{"sec-fetch-site": "cross-site"})
    assert names(text_of(answer)) == []


def test_whatever_is_sent_is_answered(site: Site) -> None:
    for fields in (
        {"words": "\x00\ud800food".encode("utf-8", "replace").decode(), "place": "\x00"},
        {"words": "x" * 5000, "age": "9" * 400, "from": "-1", "when": "ever", "spoken": "xx"},
        {"need": "nothing", "words": "% _ ' \" & | !"},
        {"need": "food", "age": "١٢", "from": "190"},
        {"words": "the of a"},
    ):
        assert site.post("/find", {**HERE, **fields}).status_code == 200
    assert "Write what you need" in text_of(site.post("/find", HERE))


def test_as_many_queries_for_one_as_for_all(site: Site) -> None:
    counts = []
    site.get("/find")
    for fields in ({"words": "Peaceful nothing"}, {"need": "food"}, {"words": "help"}):
        with CaptureQueriesContext(connection) as taken:
            site.post("/find", {**HERE, **fields})
        counts.append(len(taken))
    assert len(set(counts)) == 1, counts


@pytest.mark.parametrize("need", ["domestic_violence", "sexual_assault", "trafficking"])
def test_who_flees_is_found_by_no_list(site: Site, need: str) -> None:
    page = text_of(site.post("/find", {**HERE, "need": need, "place": "maple valley"}))
    assert names(page)
    assert "miles" not in page
    assert "Where it is stays secret" in page
    assert 'href="/leave"' in page
    assert not Entry.objects.filter(service__confidential=True, east__isnull=False).exists()


def test_what_nobody_has_read_is_not_found_by_its_words(site: Site) -> None:
    service = Service.objects.filter(kind="search", confidential=True)[0]
    name = service.record["name"]
    assert name in names(text_of(site.post("/find", {**HERE, "words": name})))
    service.record["description"] = "Behind the marzipanfabrik."
    service.save()
    for words in (name, "marzipanfabrik", "marzipanfabrk"):
        assert name not in text_of(site.post("/find", {**HERE, "words": words})).split("<form")[0]
    assert not Entry.objects.filter(service=service).exists()
    Service.objects.filter(pk=service.pk).update(read_mark=MD5(Cast("record", TextField())))
    assert name in names(text_of(site.post("/find", {**HERE, "words": "marzipanfabrik"})))


def test_what_becomes_confidential_has_no_place(site: Site) -> None:
    entry = Entry.objects.filter(east__isnull=False).select_related("service")[0]
    service = entry.service
    ServiceAtLocation.objects.filter(service=service).delete()
    assert Entry.objects.get(service=service).east is None
    service.confidential = True
    service.save()
    assert not Entry.objects.filter(service=service).exists()
    Organization.objects.filter(pk=service.organization_id).update(
        read_mark=MD5(Cast("record", TextField()))
    )
    Service.objects.filter(pk=service.pk).update(read_mark=MD5(Cast("record", TextField())))
    assert Entry.objects.get(service=service).north is None


def test_an_entry_follows_its_service() -> None:
    service = Service.objects.filter(kind="search", confidential=False, entries__east__gt=-90)[0]
    Service.objects.filter(pk=service.pk).update(listed=False)
    assert not Entry.objects.filter(service=service).exists()
    Service.objects.filter(pk=service.pk).update(listed=True)
    location = Location.objects.get(services__service=service)
    location.latitude = None
    location.save()
    assert Entry.objects.get(service=service).east is None


def test_another_districts_own_is_not_found(site: Site) -> None:
    service = Service.objects.filter(slug__contains="pantry")[0]
    name = service.record["name"]
    Service.objects.filter(pk=service.pk).update(district=site.cast.harbor)
    assert name not in names(text_of(site.post("/find", {**HERE, "words": name})))
    assert name in names(text_of(site.post("/find", {"d": "harbor", "words": name})))


def test_a_misspelt_name_is_found() -> None:
    name = Service.objects.filter(slug__contains="lantern")[0].record["name"]
    for wrong in ("Lantren", "Lanten", "Lanternn", "Lamtern"):
        answer = find(asked(wrong), NOON)
        assert answer.nearly
        assert name in {one.facts.record["name"] for one in answer.found}, wrong
    assert not find(asked("Lantern"), NOON).nearly


def test_what_is_not_known_is_no_no() -> None:
    wanted = asked(needs=("health",), age=30, free=True, spoken="ar", tty=True)
    answer = find(wanted, NOON)
    assert all(one.free is not False for one in answer.found)
    assert {fit for one in answer.found for fit in one.fits.values()} >= {"yes", "unknown"}
    for one in answer.found:
        young, old = (
            one.facts.record.get("minimum_age", 0),
            one.facts.record.get("maximum_age", 200),
        )
        assert young <= 30 <= old
    wanted = asked(needs=("food",), free=True)
    found = find(wanted, NOON).found
    told = " ".join(why for one in results(found, wanted, NOON) for why in one.why)
    assert "Cost: not known, ask" in told


def test_of_what_is_closed_something_open_is_named(site: Site) -> None:
    page = text_of(site.post("/find", {**HERE, "need": "food", "print": "1"}))
    assert "Closed now, opens" in page
    assert "Open now instead:" in page


@pytest.mark.parametrize("words", ["suicide", "I want to kill myself", "morir", "rape", "الانتحار"])
def test_danger_stands_first(site: Site, words: str) -> None:
    page = BeautifulSoup(site.post("/find", {**HERE, "words": words}).content, "html.parser")
    links = [a["href"] for a in page.select("main a")]
    assert links[:4] == ["tel:911", "sms:911", "tel:988", "sms:988"]


def test_all_that_was_found_is_a_press_away(site: Site) -> None:
    seen: list[str] = []
    fields = {**HERE, "need": "food"}
    for _ in range(20):
        page = text_of(site.post("/find", fields))
        seen += names(page)
        more = re.search(r'name="from" value="(\d+)"', page)
        if more is None:
            break
        fields["from"] = more[1]
    assert len(seen) == len(set(seen)) > 20
    assert names(text_of(site.post("/find", {**HERE, "need": "food", "print": "1"}))) == seen


def test_changing_what_is_looked_for_keeps_what_was_written(site: Site) -> None:
    fields = {**HERE, "words": "food", "place": "Fernbrook", "age": "7", "when": "week"}
    page = BeautifulSoup(site.post("/find", {**fields, "change": "1"}).content, "html.parser")
    assert [page.select_one(f"#{name}")["value"] for name in ("words", "place", "age")] == [  # type: ignore[index]
        "food",
        "Fernbrook",
        "7",
    ]
    assert page.select_one("#when option[selected]")["value"] == "week"  # type: ignore[index]


def test_loading_again_adds_nothing_and_takes_no_time() -> None:
    assert load_neighborhood(*TABLES, state="us-ct", today=NOON.date()) == 0
    assert Service.objects.filter(kind="search").count() == 150


def test_the_neighborhood_has_every_kind_of_everything() -> None:
    records = [s.record for s in Service.objects.filter(kind="search")]
    schedules = [one for r in records for one in r.get("schedules", ())]
    assert {one["freq"] for one in schedules} == {"WEEKLY", "MONTHLY"}
    assert any(one["closes_at"] < one["opens_at"] for one in schedules)
    assert any(one["closes_at"] == "24:00" for one in schedules)
    assert any("valid_from" in one for one in schedules)
    assert any("schedules" not in record for record in records)
    assert {"en", "es", "ar", "ase", "ht"} <= {
        one["code"] for r in records for one in r.get("languages", ())
    }
    told = str(records)
    numbers = set(re.findall(r"'number': '([^']+)'", told))
    assert numbers
    assert all(re.fullmatch(r"860-555-01\d\d", number) for number in numbers)
    assert {need for s in Service.objects.filter(kind="search") for need in s.terms}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("name,latitude,longitude\nX,91,0\n", "beyond the map"),
        ("name,latitude,longitude\nX,1e3,0\n", "degrees"),
        ("name,latitude\nX,1\n", "longitude"),
    ],
)
def test_a_wrong_file_of_towns_changes_nothing(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "towns.csv").write_text(line)
    with pytest.raises(RuleFileWrong, match=said):
        load_towns(tmp_path / "towns.csv")
    assert find(asked("food", place="fernbrook"), NOON).place_known
    assert find(asked("food", place="nowhere"), NOON).place_known is False


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Fernbrok", "Fernbrook"),
        ("fernbroko", "Fernbrook"),
        ("Maple Vally", "Maple Valley"),
        ("Mapel Valley", "Maple Valley"),
    ],
)
def test_a_misspelled_town_is_asked_about_and_never_taken_for_granted(
    site: Site, typed: str, meant: str
) -> None:
    answer = find(asked("food", place=typed), NOON)
    assert answer.towns[0] == meant
    assert answer.place_known is False
    assert {one.miles for one in answer.found} == {None}
    said = {**HERE, "need": "food", "place": typed}
    page = BeautifulSoup(text_of(site.post("/find", said)), "html.parser")
    assert "Did you mean" in page.get_text()
    assert "miles" not in page.get_text()
    button = page.select_one('button[name="town"]')
    assert button is not None
    again = {str(one["name"]): one["value"] for one in page.select("form#again input[name]")}
    assert button["form"] == "again"
    told = text_of(site.post("/find", again | {"town": str(button["value"])}))
    assert "miles" in told
    assert "Did you mean" not in told
    # What was pressed stands from then on, also on the next page and in the form.
    assert f'name="place" value="{meant}"' in told


@pytest.mark.parametrize("typed", ["Nowhereville", "00099", "0001", "Oak", "Valley", "Fern"])
def test_a_town_that_is_like_none_is_no_other(typed: str) -> None:
    answer = find(asked("food", place=typed), NOON)
    assert (answer.towns, answer.place_known) == ((), False)
    assert find(asked("food"), NOON).towns == ()


@pytest.mark.parametrize("prefix", PREFIXES)
def test_pages_are_light(site: Site, prefix: str) -> None:
    assert len(site.get(f"{prefix}/find?d=maple-valley").content) <= MOST_BYTES
    for need in ("food", "suicide"):
        assert len(site.post(f"{prefix}/find", {**HERE, "need": need}).content) <= MOST_BYTES


def test_it_is_one_line_on_the_safety_page(site: Site) -> None:
    assert text_of(site.get("/d/maple-valley")).count('href="/find?d=maple-valley"') == 1
    assert 'href="/find"' in text_of(site.get("/"))

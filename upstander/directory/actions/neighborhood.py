"""Services of a neighborhood from one compact table, such as the demo's invented one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import MD5, Cast
from django.utils.text import slugify

from upstander.audit.actions import record
from upstander.directory.facts import ContactFact, Item, ServiceFacts
from upstander.directory.models import (
    Kind,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    Town,
)
from upstander.directory.records import WEEK, Record, attribute, id_of, record_of
from upstander.directory.vocabulary import NEEDS, folded
from upstander.intake.tables import InEach
from upstander.people.scope import System
from upstander.rulefiles import Key, RuleType, Words, read_table

_SPAN = re.compile(
    r"(?P<days>[-\w,]+) (?P<opens>\d+:\d\d)-(?P<closes>\d+:\d\d)"
    r"(?: from (?P<first>\d\d-\d\d) to (?P<last>\d\d-\d\d))?"
)
_NATIONS_ZONE = "America/New_York"


class _Text(RuleType, frozen=True):
    """What a service for a need says of itself, or a paper to bring, in each language."""

    key: Key
    texts: InEach


class _Line(RuleType, frozen=True, kw_only=True):
    """One service.

    Hours: ``MO-FR 9:00-17:00; 1SA 10:00-12:00 from 06-01 to 08-31``, ``always``, ``?``. Closed:
    days from today (``-1/+3``). Ways: ``call 860-555-0100; text …``. Cost: 0, $10, or nothing: not
    known. Checked: so many days ago, or nothing: not yet.
    """

    name: Words
    needs: tuple[Key, ...]
    town: str = ""
    street: str = ""
    hours: Words
    holidays: Literal["open", "closed", "unknown"]
    closed: str = ""
    languages: tuple[str, ...] = ()
    ways: Words
    cost: str = ""
    ages: str = ""
    bring: str = ""
    checked: str = ""

    def __post_init__(self) -> None:
        for span in self.spans:
            if span != "always" and not _SPAN.fullmatch(span):
                raise ValueError(f"hours can't be {span!r}")

    @property
    def spans(self) -> tuple[str, ...]:
        """The hours one by one; none: not known."""
        return () if self.hours == "?" else tuple(one.strip() for one in self.hours.split(";"))

    @property
    def papers(self) -> tuple[str, ...]:
        """What to bring, in English."""
        return tuple(one.strip() for one in self.bring.split(";") if one.strip())


def load_neighborhood(services: Path, texts: Path, *, state: str, today: date) -> int:
    """Bring a table's services into the directory, as the owner; return how many are new.

    They are found by searching and stand on no safety page. One that is there stays as it is.
    Raises RuleFileWrong before any write.
    """
    table = read_table(services, _Line)
    said = {one.key: one.texts for one in read_table(texts, _Text)}
    papers = {one["en"] for one in said.values()}
    for one in table:
        if unknown := [need for need in one.needs if need not in NEEDS or need not in said]:
            raise table.wrong(one, f"nobody needs {unknown[0]}")
        if unknown := [paper for paper in one.papers if paper not in papers]:
            raise table.wrong(one, f"what to bring has no texts: {unknown[0]}")
    with transaction.atomic():
        there = set(Service.objects.values_list("slug", flat=True))
        towns = {town.name: town for town in Town.objects.all()}
        codes = {(at.latitude, at.longitude): at for at in towns.values() if at.name.isdecimal()}
        wanted = [
            (one, _service(one, said, state, today, number))
            for number, one in enumerate(table)
            if slugify(one.name) not in there
        ]
        read = MD5(Cast("record", TextField()))
        Organization.objects.bulk_create(
            Organization(
                id=service.organization_id,
                name=one.name,
                record={
                    "id": str(service.organization_id),
                    "name": one.name,
                    "description": one.name,
                },
            )
            for one, service in wanted
        )
        Service.objects.bulk_create(service for _, service in wanted)
        placed = [
            _place(one, service, at, codes.get((at.latitude, at.longitude)))
            for one, service in wanted
            if one.town
            for at in (towns[folded(one.town)],)
        ]
        Location.objects.bulk_create(at.location for at in placed)
        ServiceAtLocation.objects.bulk_create(placed)
        # Whoever wrote the table has read each word of it.
        ids = [service.organization_id for _, service in wanted]
        Organization.objects.filter(id__in=ids, confidential=True).update(read_mark=read)
        Service.objects.filter(organization_id__in=ids, confidential=True).update(read_mark=read)
        record(
            "load services",
            actor=System(),
            subject_kind="directory",
            subject_id="services",
            detail={"created": [service.slug for _, service in wanted]},
        )
    return len(wanted)


def _service(
    line: _Line, said: Mapping[str, Mapping[str, str]], state: str, today: date, number: int
) -> Service:
    slug = slugify(line.name)
    own, who = id_of(state, "service", slug), id_of(state, "organization", slug)
    checked = today - timedelta(days=int(line.checked)) if line.checked else None
    confidential = any(NEEDS[need].confidential for need in line.needs)
    return Service(
        id=own,
        slug=slug,
        state=state,
        organization_id=who,
        kind=Kind.SEARCH,
        position=1000 + number,
        record=_record(line, said, own, who, today, checked),
        confidential=confidential,
        terms=[id_of("term", "need", need) for need in line.needs],
        confirmed=checked is not None,
        assured_on=checked,
        # Somebody's word, so that it ages: by nobody is what federal law sets.
        assured_by=0 if checked else None,
    )


def _record(
    line: _Line,
    said: Mapping[str, Mapping[str, str]],
    own: UUID,
    who: UUID,
    today: date,
    checked: date | None,
) -> Record:
    texts = {
        code: {
            "name": line.name,
            "description": words,
            "what_happens": words,
            "ages": line.ages,
            "cost": "" if line.cost == "0" else line.cost,
            "area": line.town,
        }
        for code, words in said[line.needs[0]].items()
    }
    youngest, _, oldest = line.ages.partition("-")
    ways = (one.strip().split(" ", 1) for one in line.ways.split(";"))
    facts = ServiceFacts(
        slug=slugify(line.name),
        kind=Kind.SEARCH,
        agency=line.name,
        texts=texts,
        languages=line.languages,
        mandated_reporter="unknown",
        police="unknown",
        source_url="",
        confirmed=checked is not None,
        checked_on=checked,
        listed=True,
        lines=tuple(ContactFact(kind, number) for kind, number in ways),
        hours=(),
        youngest=int(youngest) if youngest else None,
        oldest=int(oldest) if oldest else None,
        costs=(Item("", float(line.cost.lstrip("$")), "USD"),) if line.cost else (),
        documents=tuple(
            Item(paper, texts={code: words for code, words in in_each.items() if code != "en"})
            for paper in line.papers
            for in_each in said.values()
            if in_each["en"] == paper
        ),
    )
    made = record_of(facts, service=own, organization=who)
    made["schedules"] = list(_schedules(line, own, today))
    if line.closed:
        days = (today + timedelta(days=int(part)) for part in line.closed.split("/"))
        attribute(made, "closure", "/".join(day.isoformat() for day in days))
    return {key: value for key, value in made.items() if value != []}


def _schedules(line: _Line, own: UUID, today: date) -> Iterator[Record]:
    for number, span in enumerate(line.spans):
        schedule: dict[str, Any] = {"id": str(id_of(own, "schedule", number)), "timezone": -5.0}
        if span == "always":
            whole = {"byday": ",".join(WEEK), "opens_at": "00:00", "closes_at": "24:00"}
            schedule |= {"freq": "WEEKLY"} | whole
        elif found := _SPAN.fullmatch(span):
            schedule |= _span(found, today)
        attribute(schedule, "time_zone", _NATIONS_ZONE)
        attribute(schedule, "holidays", line.holidays)
        yield schedule


def _span(found: re.Match[str], today: date) -> dict[str, str]:
    days, opens, closes = found["days"], found["opens"].zfill(5), found["closes"].zfill(5)
    first, to, last = days.partition("-") if re.fullmatch(r"\w\w-\w\w", days) else (days, "", "")
    if to:
        days = ",".join(WEEK[WEEK.index(first) : WEEK.index(last) + 1])
    freq = "MONTHLY" if re.match(r"-?\d", days) else "WEEKLY"
    said = {"freq": freq, "byday": days, "opens_at": opens, "closes_at": closes}
    if found["first"]:
        begins = date.fromisoformat(f"{today.year}-{found['first']}")
        ends = date.fromisoformat(f"{today.year}-{found['last']}")
        if ends < begins:  # over the turn of the year: the winter that is now, or comes next
            years = (-1, 0) if today <= ends else (0, 1)
            begins, ends = (
                day.replace(year=today.year + n)
                for day, n in zip((begins, ends), years, strict=True)
            )
        said |= {"valid_from": begins.isoformat(), "valid_to": ends.isoformat()}
    return said


def _place(line: _Line, service: Service, town: Town, code: Town | None) -> ServiceAtLocation:
    """Put it into its town, some hundred yards from the middle, always the same ones."""
    own = id_of(service.id, "location")
    off = [(own.bytes[n] - 128) / 6000 for n in (0, 1)]
    address = {"id": str(id_of(own, "address")), "address_1": line.street, "city": line.town}
    said = {
        "state_province": "CT",
        "postal_code": code.name if code else "",
        "country": "US",
        "address_type": "physical",
    }
    location = Location(
        id=own,
        organization_id=service.organization_id,
        latitude=town.latitude + off[0],
        longitude=town.longitude + off[1],
    )
    location.record = {
        "id": str(own),
        "location_type": "physical",
        "name": line.name,
        "latitude": location.latitude,
        "longitude": location.longitude,
        "addresses": [address | {key: value for key, value in said.items() if value}],
    }
    at = id_of(service.id, "at_location")
    return ServiceAtLocation(
        id=at,
        service=service,
        location=location,
        record={"id": str(at), "service_id": str(service.id), "location_id": str(own)},
    )

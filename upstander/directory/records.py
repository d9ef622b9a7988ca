"""What a card shows, written into HSDS records and read out of them again.

What the standard has no field for stands as attributes of the object it is about: ``link_type``
says which of ``KEYS`` it is, ``label`` in which language, ``value`` what. An object within another
doesn't repeat whose it is (``standards.hsds`` writes that where it goes out).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from upstander.base.languages import language_of
from upstander.directory.facts import (
    TEXT_KEYS,
    Closure,
    ContactFact,
    Hours,
    Item,
    Places,
    ServiceFacts,
)
from upstander.standards.hsds.recurrence import DAY, FIRST, LAST, rule_of

#: All ids that we give are made of this one, so that an installation gives the same ones again.
NAMESPACE = UUID("7c0f4f6e-5f0b-4a53-9a1e-3b7a0c2f6d11")
#: Our attributes, and what each says.
KEYS: Mapping[str, str] = {
    "chat": "The address is a chat.",
    "closure": "The first and last day on which it is closed (ISO 8601, a slash between).",
    "holidays": "Whether it is open on federal holidays: open, closed or unknown.",
    "language": "An address is for speakers of this language.",
    "mandated_reporter": "Whether those who answer must report when a child is being hurt.",
    "need": "What somebody needs who calls.",
    "police": "Whether police may come because of a call.",
    "safe_to_text": "Whether a text to it is safe from others' eyes.",
    "source": "Where the facts were read; of a schedule: another source, which disputes the first.",
    "then": "What to press after calling, or which word to text or say.",
    "time_zone": "The zone of the times (IANA); the number beside it knows no summer.",
    "what_happens": "What will happen when you call.",
    "translated.document": "What to bring in another language.",
    **{f"translated.{key}": f"The {key} in another language." for key in TEXT_KEYS},
}
WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
#: RFC 6350's words for phones, by ours.
_PHONES = {"call": "voice", "text": "text", "tty": "textphone"}
PHONE_KINDS = {name: kind for kind, name in _PHONES.items()}
#: Where the standard has a field for a text; ``area`` is a service area, the rest an attribute.
FIELDS = {
    "name": "name",
    "description": "description",
    "ages": "eligibility_description",
    "cost": "fees_description",
}
_BY_INTERPRETER = "Other languages by interpreter"
#: ISO 639-3 has a code for American Sign Language.
ASL = "ase"
_DAY_AND_NIGHT = ("00:00", "24:00")

type Record = dict[str, Any]


def id_of(*path: object) -> UUID:
    """Return the id of what stands at ``path`` (a State, "service", its slug)."""
    return uuid5(NAMESPACE, "/".join(map(str, path)))


def attribute(
    owner: Record, key: str, value: str, label: str = "", *, term: UUID | None = None
) -> None:
    """Say something of ``owner``, an HSDS object, that HSDS has no field for."""
    one = {
        "id": str(id_of(owner["id"], key, label, len(owner.get("attributes", ())))),
        "link_type": key,
        "taxonomy_term_id": str(term or id_of("term", "fact", key)),
        "value": value,
    }
    owner.setdefault("attributes", []).append(one | ({"label": label} if label else {}))


def said(owner: Mapping[str, Any], key: str, label: str = "", default: str = "") -> str:
    """Return what our attribute ``key`` says of an object."""
    return next(
        (
            str(one.get("value", ""))
            for one in owner.get("attributes", ())
            if one.get("link_type") == key and one.get("label", "") == label
        ),
        default,
    )


def record_of(facts: ServiceFacts, *, service: UUID, organization: UUID) -> Record:
    """Return the HSDS service that says all of ``facts`` but who confirmed them."""
    english = dict.fromkeys(TEXT_KEYS, "") | dict(facts.texts["en"])
    record: Record = {
        "id": str(service),
        "organization_id": str(organization),
        "status": "active",
        **{field: english[key] for key, field in FIELDS.items() if english[key]},
    }
    if "interpreter" in facts.languages:
        record["interpretation_services"] = _BY_INTERPRETER
    within = _Within(record)
    record["languages"] = [
        _spoken(within, ASL if one == "asl" else one)
        for one in facts.languages
        if one != "interpreter"
    ]
    record["phones"] = [_phone(within, line) for line in facts.lines if line.kind in _PHONES]
    record["additional_urls"] = [
        _url(within, line) for line in facts.lines if line.kind not in _PHONES
    ]
    record["schedules"] = [
        _schedule(within, hours, days)
        for some in (facts.hours, facts.disputed)
        for hours, days in _alike(some)
    ]
    record["cost_options"] = [_price(within, one) for one in facts.costs]
    record["required_documents"] = [_paper(within, one) for one in facts.documents]
    for key, years in (("minimum_age", facts.youngest), ("maximum_age", facts.oldest)):
        if years is not None:
            record[key] = years
    if english["area"]:
        record["service_areas"] = [within.made("service_area", name=english["area"])]
    for key in TEXT_KEYS:
        for code, texts in facts.texts.items():
            if texts.get(key) and key == "what_happens":
                attribute(record, key, texts[key], "" if code == "en" else code)
            elif texts.get(key) and code != "en":
                attribute(record, f"translated.{key}", texts[key], code)
    attribute(record, "need", facts.kind, term=id_of("term", "need", facts.kind))
    attribute(record, "mandated_reporter", facts.mandated_reporter)
    attribute(record, "police", facts.police)
    attribute(record, "source", facts.source_url)
    if facts.safe_to_text != "unknown":
        attribute(record, "safe_to_text", facts.safe_to_text)
    for one in facts.closures:
        attribute(record, "closure", f"{one.first.isoformat()}/{one.last.isoformat()}")
    return {key: value for key, value in record.items() if value != []}


class _Within:
    """Makes what lies within a service, each with an id of its own that stays the same."""

    def __init__(self, service: Record) -> None:
        self.service = service["id"]
        self.made_so_far = Counter[str]()

    def made(self, entity: str, stays: str = "", /, **fields: object) -> Record:
        self.made_so_far[entity] += 1
        own = stays or str(id_of(self.service, entity, self.made_so_far[entity]))
        return {"id": own, **fields}


def _spoken(within: _Within, code: str) -> Record:
    own = id_of(within.service, "language", code)
    return within.made("language", str(own), **_language(code))


def _language(code: str) -> dict[str, str]:
    name = "American Sign Language" if code == ASL else language_of(code).english
    return {"code": code, "name": name}


def _phone(within: _Within, line: ContactFact) -> Record:
    phone = within.made("phone", line.id, number=line.value, type=_PHONES[line.kind])
    if line.language:
        phone["languages"] = [
            {"id": str(id_of(phone["id"], "language"))} | _language(line.language)
        ]
    if line.then:
        attribute(phone, "then", line.then)
    return phone


def _url(within: _Within, line: ContactFact) -> Record:
    url = within.made("url", line.id, url=line.value)
    if line.kind == "chat":
        attribute(url, "chat", "yes")
    if line.language:
        attribute(url, "language", line.language)
    return url


def _price(within: _Within, one: Item) -> Record:
    price = within.made("cost_option", one.id)
    says = {"option": one.words, "amount": one.amount, "currency": one.currency}
    return price | {key: value for key, value in says.items() if value not in ("", None)}


def _paper(within: _Within, one: Item) -> Record:
    paper = within.made("required_document", one.id, document=one.words)
    for code, words in one.texts.items():
        attribute(paper, "translated.document", words, code)
    return paper


def _alike(hours: Iterable[Hours]) -> Iterator[tuple[Hours, list[str]]]:
    """Give each rule once, with all days on which it holds."""
    found: dict[tuple[object, ...], tuple[Hours, list[str]]] = {}
    for one in hours:
        key = tuple(getattr(one, f) for f in Hours.__slots__ if f != "weekday")
        _, days = found.setdefault(key, (one, []))
        days.extend(WEEK if one.weekday is None else (WEEK[one.weekday],))
    yield from found.values()


def _schedule(within: _Within, hours: Hours, days: Sequence[str]) -> Record:
    opens, closes = _DAY_AND_NIGHT
    if not hours.always and hours.opens and hours.closes:
        opens, closes = (one.isoformat("minutes") for one in (hours.opens, hours.closes))
    # A day in winter: summer time is what the zone beside it is for.
    offset = datetime(2026, 1, 1, tzinfo=ZoneInfo(hours.time_zone)).utcoffset()
    schedule = within.made(
        "schedule",
        freq="WEEKLY",
        byday=",".join(days),
        opens_at=opens,
        closes_at=closes,
        timezone=offset.total_seconds() / 3600 if offset else 0,
    )
    for key, day in (("valid_from", hours.effective_from), ("valid_to", hours.effective_to)):
        if day:
            schedule[key] = day.isoformat()
    attribute(schedule, "time_zone", hours.time_zone)
    attribute(schedule, "holidays", hours.on_holidays)
    if hours.source:
        attribute(schedule, "source", hours.source)
    return schedule


def facts_in(
    record: Mapping[str, Any],
    *,
    slug: str,
    kind: str,
    agency: str,
    confirmed: bool,
    checked_on: date | None,
    by_law: bool,
    listed: bool = True,
) -> ServiceFacts:
    """Return what a card shows of a record, and of what its row says beside it."""
    spoken = [one.get("code", "") for one in record.get("languages", ())]
    languages = ["asl" if code == ASL else code for code in spoken]
    if record.get("interpretation_services"):
        languages.append("interpreter")
    rules = [rule for one in record.get("schedules", ()) for rule in rules_of(one)]
    return ServiceFacts(
        slug=slug,
        kind=kind,
        agency=agency,
        texts={
            code: texts for code, texts in _texts(record) if code == "en" or any(texts.values())
        },
        languages=tuple(languages),
        mandated_reporter=said(record, "mandated_reporter", default="unknown"),
        police=said(record, "police", default="unknown"),
        source_url=said(record, "source"),
        confirmed=confirmed,
        checked_on=checked_on,
        listed=listed,
        by_law=by_law,
        lines=(
            *(_line(phone) for phone in record.get("phones", ()) if phone_kind(phone)),
            *(_address(url) for url in record.get("additional_urls", ())),
        ),
        hours=tuple(rule for rule in rules if not rule.source),
        disputed=tuple(rule for rule in rules if rule.source),
        safe_to_text=said(record, "safe_to_text", default="unknown"),
        closures=tuple(closures_in(record)),
        places=_places(record),
        youngest=_number(record.get("minimum_age")),
        oldest=_number(record.get("maximum_age")),
        costs=tuple(
            Item(
                one.get("option") or "",
                _number(one.get("amount")),
                one.get("currency") or "",
                one["id"],
            )
            for one in record.get("cost_options", ())
        ),
        documents=tuple(
            Item(
                one.get("document") or "",
                id=one["id"],
                texts={
                    said_of_it["label"]: said_of_it["value"]
                    for said_of_it in one.get("attributes", ())
                    if said_of_it.get("link_type") == "translated.document"
                    and said_of_it.get("label")
                },
            )
            for one in record.get("required_documents", ())
        ),
        record=record,
    )


def _texts(record: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    areas = record.get("service_areas", ())
    english = {
        **{key: record.get(field) or "" for key, field in FIELDS.items()},
        "area": areas[0].get("name", "") if areas else "",
        "what_happens": said(record, "what_happens"),
    }
    yield "en", {key: english[key] for key in TEXT_KEYS}
    labels = (one.get("label", "") for one in record.get("attributes", ()))
    for code in dict.fromkeys(label for label in labels if label):
        own = {key: said(record, f"translated.{key}", code) for key in TEXT_KEYS}
        yield code, own | {"what_happens": said(record, "what_happens", code)}


def phone_kind(phone: Mapping[str, Any]) -> str:
    """Return our word for a phone, none for a fax. What nobody says of one: somebody answers it."""
    return PHONE_KINDS.get(phone.get("type", "voice"), "")


def _line(phone: Mapping[str, Any]) -> ContactFact:
    spoken = phone.get("languages") or [{}]
    language = str(spoken[0].get("code", ""))
    return ContactFact(
        phone_kind(phone), phone["number"], said(phone, "then"), language, id=phone["id"]
    )


def _address(url: Mapping[str, Any]) -> ContactFact:
    kind = "chat" if said(url, "chat") else "web"
    return ContactFact(kind, url["url"], "", said(url, "language"), id=url["id"])


def rules_of(schedule: Mapping[str, Any]) -> Iterator[Hours]:
    """Give the rules of a schedule that is alike each week; of another none."""
    rule = rule_of(schedule)
    if not rule.weekly:
        return
    days = sorted({day for _, day in rule.byday} or range(len(WEEK)))
    common: dict[str, Any] = {
        "effective_from": date.fromordinal(rule.first) if rule.first != FIRST else None,
        "effective_to": date.fromordinal(rule.last) if rule.last != LAST else None,
        "time_zone": said(schedule, "time_zone", default="America/New_York"),
        "on_holidays": said(schedule, "holidays", default="unknown"),
        "source": said(schedule, "source"),
    }
    if (rule.opens, rule.closes) == (0, DAY) and len(days) == len(WEEK):
        yield Hours(always=True, **common)
        return
    opens, closes = (time(*divmod(minute % DAY, 60)) for minute in (rule.opens, rule.closes))
    for day in days:
        yield Hours(weekday=day, opens=opens, closes=closes, **common)


def with_places(record: Record, places: Places) -> Record:
    """Return a record that says how many places are free; what it said of that before goes."""
    unit = {"id": str(id_of("unit", "places")), "name": "places"}
    capacity = {
        "id": str(id_of(record["id"], "service_capacity")),
        "unit": unit,
        "available": places.free,
        "updated": places.told_at.isoformat(),
    }
    return record | {"capacities": [capacity]}


def _places(record: Mapping[str, Any]) -> Places | None:
    found = [
        Places(int(one["available"]), datetime.fromisoformat(one["updated"]))
        for one in record.get("capacities", ())
        if one.get("unit", {}).get("name") == "places"
    ]
    return max(found, key=lambda one: one.told_at, default=None)


def closures_in(record: Mapping[str, Any]) -> Iterator[Closure]:
    """Give the days on which a service says that it is closed."""
    for one in record.get("attributes", ()):
        if one.get("link_type") == "closure":
            first, _, last = str(one["value"]).partition("/")
            yield Closure(date.fromisoformat(first), date.fromisoformat(last))


def _number(value: object) -> float | None:
    """Return what a record says as a number, 5 rather than 5.0; None where it says none."""
    try:
        number = float(str(value))
    except ValueError:
        return None
    return int(number) if number.is_integer() else number

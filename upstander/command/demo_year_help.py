"""People who asked the center for help in the demo's year, and whether it helped them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from typing import Final

from upstander.command.demo_stage import Stage
from upstander.command.demo_year_plan import ZONE
from upstander.directory.models import Kind, Service
from upstander.editions.halves import halves
from upstander.people.scope import viewing
from upstander.places.models import District
from upstander.referrals import actions
from upstander.referrals.models import Referral
from upstander.referrals.queries import suggested

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One contact: so many days before the year's end, and the family's word after 7 days."""

    days: int
    way: str
    language: str
    need: str
    story: str
    #: What an agency is told; empty: numbers only.
    told: str
    outcome: str = ""
    barrier: str = ""


_ASKED: Final = (
    _Asked(
        72,
        "call",
        "es",
        "housing",
        "The rent is two months late, and the landlord wants them out.",
        "A family of four asks for help with rent. They speak Spanish.",
        "met",
    ),
    _Asked(
        51,
        "school",
        "en",
        "clothing",
        "Two children have no winter coats.",
        "",
        "partly",
        "no_place",
    ),
    _Asked(33, "text", "en", "transport", "No way to the clinic.", "", "not_met", "hours"),
    _Asked(8, "call", "ar", "food", "The money ends before the month does.", ""),
    _Asked(
        3,
        "in_person",
        "en",
        "legal",
        "A letter about custody that nobody explained.",
        "A mother asks what a letter from a court means.",
    ),
)


#: Of the last half-year whose figures are published, so many that they can be shown: need, story,
#: and what kept it from being met; each was met as often as not.
_OF_HALF: Final = (
    ("housing", "The rent went up, and the family looks for a smaller flat.", "no_place"),
    ("food", "The food pantry is open only while they work.", "hours"),
    ("transport", "No bus goes to the clinic in the evening.", "transport"),
    ("clothing", "A child has outgrown every pair of shoes.", "no_place"),
)
_TIMES: Final = 3


def contacts(stage: Stage, ends: datetime) -> Iterator[Iterator[datetime]]:
    """Give those who asked, each with what became of it."""
    for number, asked in enumerate(_ASKED):
        yield _contact(stage, asked, ends - asked.days * _DAY + timedelta(hours=number))
    first, last = halves(ends, ZONE)[0].span(ZONE)
    every = [*product(_OF_HALF, ("met", "not_met"))] * _TIMES
    apart = (last - 10 * _DAY - first) / len(every)
    for number, ((need, story, barrier), outcome) in enumerate(every):
        why = "" if outcome == "met" else barrier
        asked = _Asked(0, "call", "en", need, story, "", outcome, why)
        yield _contact(stage, asked, first + number * apart + timedelta(hours=number % 24))


def _contact(stage: Stage, asked: _Asked, at: datetime) -> Iterator[datetime]:
    yield at
    with stage.desk():
        viewer = stage.signed_in("nadia@lakeside.example")
        with viewing(viewer) as now:
            district = District.objects.get(name="Maple Valley Schools")
            found = suggested(
                asked.need, district=district, language=asked.language, town="", now=now
            )
        contact = actions.take_contact(
            viewer,
            district.pk,
            {
                "way": asked.way,
                "language": asked.language,
                "interpreter": asked.language != "en",
                "needs": [asked.need],
            },
            {"story": asked.story},
        )
        # A real helpline is told of nobody who was made up, and never stands there as silent.
        with viewing(viewer):
            own = set(Service.objects.filter(kind=Kind.SEARCH).values_list("pk", flat=True))
        chosen = [one for one in found if not asked.told or one.service_id in own]
        if not chosen:
            return
        made = actions.refer(
            actions.open_contact(viewer, contact, purpose="refer"),
            service_id=chosen[0].service_id,
            need=asked.need,
            consent=Referral.Consent.ADULT if asked.told else Referral.Consent.NUMBERS,
            words={"told": asked.told, "channel": "call", "reach": "860-555-0177"},
            email="intake@services.example" if asked.told else "",
        )
    if not asked.outcome:
        return
    yield at + 7 * _DAY + timedelta(hours=2)
    with stage.desk():
        opened = actions.open_contact(
            stage.signed_in("ben@lakeside.example"), contact, purpose="work"
        )
        actions.family_said(opened, made.id, asked.outcome, barrier=asked.barrier)
        actions.end_contact(opened)

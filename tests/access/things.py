"""One of everything that an address can name, in two districts with nothing in common.

The story is told here; what an app's addresses name is made by the app itself (``walk`` of its
manifest, tests/story.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from conftest import Cast
from tests.access.offices import add_offices
from tests.story import BRIEF, WORDS, Owners, Story
from upstander.cleaning.tests.samples import jpeg
from upstander.people import factories
from upstander.people.roles import Role, TeamKind
from upstander.plug import manifests
from upstander.tips import reporter
from upstander.tips.files import store_upload
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import claim_tip

__all__ = ["BRIEF", "WORDS", "Side", "make_sides", "owners"]

#: Told of a side beside what the apps made, for who owns what.
_PEOPLE = ("sees_tip", "asked", "center", "leads", "prints", "briefed", "owes")


@dataclass
class Side:
    """One district's things, by the names that addresses have for them; and whose they are."""

    values: dict[str, Any]
    sees_tip: set[str]
    reads_tip: set[str]
    asked: set[str]
    center: set[str]
    leads: set[str]
    prints: set[str]
    briefed: set[str]
    owes: str


def make_sides(cast: Cast, settings: Any) -> dict[str, Side]:
    """The same story in two districts whose people have nothing to do with each other."""
    settings.DEMO = True  # the outbox is a page of the demo only
    for team, kind in (("harbor", TeamKind.DISTRICT), ("harbor_police", TeamKind.POLICE)):
        cast.teams[team] = factories.make_team(kind, team, cast.keys, district=cast.harbor)
    for name, team, role in (
        ("quinn", "quay", Role.TEAM_LEAD),
        ("hal", "harbor", Role.DISTRICT_LEAD),
        ("hugo", "harbor_police", Role.OFFICER),
    ):
        cast.people[name] = factories.make_person(name.capitalize(), cast.keys)
        factories.join(cast.people[name], cast.teams[team], role, cast.keys)
    found = {
        "maple": Side(
            {},
            sees_tip={"alice", "bea", "sam", "tara", "tom", "uma", "dee"},
            reads_tip={"alice", "bea", "sam", "tara", "tom", "uma"},
            asked={"tara", "tom", "uma"},
            center={"alice", "bea", "sam"},
            leads={"tara", "ada"},
            prints={"tara", "tom", "uma", "dee", "ada"},
            briefed={"otto"},
            owes="tom",
        ),
        "harbor": Side(
            {},
            sees_tip={"cora", "charlie", "quinn", "hal"},
            reads_tip={"cora", "charlie", "quinn"},
            asked={"charlie", "quinn"},
            center={"cora"},
            leads={"quinn", "ada"},
            prints={"charlie", "quinn", "hal", "ada"},
            briefed={"hugo"},
            owes="charlie",
        ),
    }
    stories = {
        "maple": tell(cast, "maple", "cedar", counselor="alice", lead="tara", member="tom"),
        "harbor": tell(cast, "harbor", "quay", counselor="cora", lead="quinn", member="charlie"),
    }
    for where, story in stories.items():
        story.values.update({name: getattr(found[where], name) for name in _PEOPLE})
        for walk in walks():
            if made := getattr(walk, "things", None):
                story.values.update(made(story))
    # After the duties were begun: they hold none of them.
    add_offices(cast)
    for where, story in stories.items():
        for walk in walks():
            if made := getattr(walk, "later", None):
                story.values.update(made(story))
        found[where].values = story.values
    return found


def walks() -> Iterator[ModuleType]:
    """Give each app's part of the walk, the lowest layer first."""
    for brought in manifests():
        if brought.manifest.walk:
            yield brought.module(brought.manifest.walk)


def owners() -> dict[str, Owners]:
    """Return whose a thing is that an address names: its own name decides, or the first in it."""
    found: dict[str, Owners] = {}
    for walk in walks():
        for name, whose in getattr(walk, "WHOSE", {}).items():
            assert name not in found, f"{name}: two apps say whose it is"
            found[name] = whose
    # A tip's wall stands before what is within it.
    return {"tip_id": found.pop("tip_id"), **found}


def tell(
    cast: Cast, district: str, school: str, *, counselor: str, lead: str, member: str
) -> Story:
    """File a life-safety tip with a file, have it claimed, and hand it to the school's team."""
    place = getattr(cast, school)
    filed = reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text=WORDS,
            language="en",
            tile="attack",
            answers={"when": "now"},
            school_id=place.pk,
        )
    )
    file_id = store_upload(filed.session_token, "a.jpg", [jpeg()]).id
    viewer = cast.viewer(counselor)
    claim_tip(viewer, filed.tip_id)
    hand_off(open_tip(viewer, filed.tip_id), [cast.teams[school].pk], BRIEF)
    values: dict[str, Any] = {
        "tip_id": filed.tip_id,
        "file_id": file_id,
        "number": 1,
        "link": "no-such-link",
        "pk": 0,
    }
    return Story(cast, district, school, counselor, lead, member, filed.tip_id, values)

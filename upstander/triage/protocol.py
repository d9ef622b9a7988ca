"""The counselor's protocol: what to ask in the first minute and in the next five, one key each.

The wording is the project's own (sources stand in the domain notes) and needs a clinician's and a
native reader's agreement before a release. Nothing here reads what a reporter wrote: which group's
questions are offered follows from the tile or from the category that a person chose. The lists
never ask "why" and never promise secrecy; a test keeps it so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from upstander.places.tables import LANGUAGES, TableError, Texts, in_language, read_table
from upstander.places.taxonomy import CATEGORIES, TILE_OF_CATEGORY, TILES, TILES_BY_KEY

PACKAGE = "upstander.triage"

#: A reporter who is silent this long is offered a yes or a no by one letter.
SILENT_AFTER = timedelta(seconds=90)
#: By then the counselor records: 911 now, not now, or one more fact is needed.
DECIDE_911_BY = timedelta(seconds=60)

Stage = Literal["first", "next", "closing"]
STAGES: tuple[Stage, ...] = ("first", "next", "closing")
#: Whom a question is about: the one who writes, somebody else, or either.
About = Literal["self", "other", "any"]


class Group(StrEnum):
    """Categories that share the first questions. ``general`` holds what fits every tip."""

    GENERAL = "general"
    THREAT = "threat"
    SUICIDE = "suicide"
    ABUSE = "abuse"
    BULLYING = "bullying"
    SEXUAL = "sexual"
    DRUGS = "drugs"
    MISSING = "missing"


@dataclass(frozen=True)
class ReplyPrompt:
    """One reply that a counselor sends, or changes and then sends, with one key."""

    key: str
    group: Group
    stage: Stage
    about: str
    texts: Texts = field(compare=False)

    def text(self, language: str) -> str:
        """The reply in the reporter's language, else in English."""
        return in_language(self.texts, language)


def _load_groups() -> tuple[dict[str, Group], dict[str, Group]]:
    of_tile: dict[str, Group] = {}
    of_category: dict[str, Group] = {}
    for row in read_table(PACKAGE, "groups.csv", ("group", "tiles", "categories")):
        group = Group(row.one_of("group", list(Group)))
        for column, found in (("tiles", of_tile), ("categories", of_category)):
            for key in row.words(column):
                if key in found:
                    raise row.error(f"{key!r} is in two groups")
                found[key] = group
    if set(of_tile) != set(TILES_BY_KEY):
        raise TableError(f"groups.csv: tiles: {sorted(set(of_tile) ^ set(TILES_BY_KEY))}")
    if set(of_category) != set(CATEGORIES):
        raise TableError(f"groups.csv: categories: {sorted(set(of_category) ^ set(CATEGORIES))}")
    for category, group in of_category.items():
        if of_tile[TILE_OF_CATEGORY[category].key] is not group:
            raise TableError(f"groups.csv: {category!r} is not in the group of its tile")
    for tile in TILES:
        if tile.ask_in_dialog and tile.ask_in_dialog not in list(Group):
            raise TableError(f"tiles.csv: {tile.key!r}: no such group {tile.ask_in_dialog!r}")
    return of_tile, of_category


def _load_replies() -> tuple[ReplyPrompt, ...]:
    prompts: list[ReplyPrompt] = []
    taken: set[tuple[str, str, str]] = set()
    columns = ("group", "stage", "key", "about", *LANGUAGES)
    for row in read_table(PACKAGE, "replies.csv", columns):
        stage = next(s for s in STAGES if s == row.one_of("stage", STAGES))
        prompt = ReplyPrompt(
            key=row.one_of("key", "123456789"),
            group=Group(row.one_of("group", list(Group))),
            stage=stage,
            about=row.one_of("about", ("self", "other", "any")),
            texts=row.texts(),
        )
        place = (prompt.group, stage, prompt.key)
        # A group's closing replies are shown below the general ones, so they share the keys.
        general = (Group.GENERAL.value, stage, prompt.key)
        if place in taken or (stage == "closing" and general in taken):
            raise row.error(f"the key {prompt.key} is taken in this list")
        taken.add(place)
        prompts.append(prompt)
    for group in Group:
        if missing := {"first", "next"} - {p.stage for p in prompts if p.group is group}:
            raise TableError(f"replies.csv: {group}: nothing for {', '.join(sorted(missing))}")
    return tuple(prompts)


def _load_911() -> dict[Group, tuple[str, ...]]:
    said: dict[Group, tuple[str, ...]] = {}
    for row in read_table(PACKAGE, "call_911.csv", ("group", "say")):
        group = Group(row.one_of("group", list(Group)))
        said[group] = (*said.get(group, ()), row.need("say"))
    if missing := set(Group) - set(said):
        raise TableError(f"call_911.csv: nothing for {', '.join(sorted(missing))}")
    return said


_GROUP_OF_TILE, _GROUP_OF_CATEGORY = _load_groups()
REPLIES: tuple[ReplyPrompt, ...] = _load_replies()
_CALL_911: Mapping[Group, tuple[str, ...]] = MappingProxyType(_load_911())


def group_of(*, category: str = "", tile: str = "") -> Group:
    """The group whose questions to offer: by the counselor's category, else by the tile.

    Unknown or empty keys give ``general``; this never raises.
    """
    return _GROUP_OF_CATEGORY.get(category) or _GROUP_OF_TILE.get(tile) or Group.GENERAL


def groups_to_offer(*, category: str = "", tile: str = "") -> tuple[Group, ...]:
    """All groups for a tip, the closest first, ``general`` last.

    A tile may ask for a second one: a child who is bullied is asked about suicide as well.
    """
    own = group_of(category=category, tile=tile)
    shown = TILE_OF_CATEGORY.get(category) or TILES_BY_KEY.get(tile)
    also = (Group(shown.ask_in_dialog),) if shown and shown.ask_in_dialog else ()
    return tuple(dict.fromkeys((own, *also, Group.GENERAL)))


def about_whom(answers: Mapping[str, str]) -> About:
    """Whether a tip is about its reporter, going by what was ticked; ``any`` if it isn't sure."""
    if answers.get("who") == "me" or answers.get("source") == "self":
        return "self"
    return "other" if answers.get("who") in ("someone", "group") else "any"


def replies_for(group: Group, stage: Stage, *, about: About = "any") -> tuple[ReplyPrompt, ...]:
    """The replies of one list in the order of their keys.

    Keys don't move when ``about`` leaves some out, so that a hand learns them. The closing list
    of a group includes the general one.
    """
    groups = {group, Group.GENERAL} if stage == "closing" else {group}
    found: Iterable[ReplyPrompt] = (
        p
        for p in REPLIES
        if p.group in groups and p.stage == stage and (about == "any" or p.about in (about, "any"))
    )
    return tuple(sorted(found, key=lambda p: p.key))


def call_911_sheet(group: Group) -> tuple[str, ...]:
    """What the dispatcher needs to hear, in the order to say it: for every call, then the group's.

    In English: it is read aloud on a call that the center makes.
    """
    general = _CALL_911[Group.GENERAL]
    return general if group is Group.GENERAL else (*general, *_CALL_911[group])

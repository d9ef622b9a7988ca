"""The counselor's protocol: what to ask in the first minute and in the next five, one key each.

The wording is the project's own (sources stand in the domain notes) and needs a clinician's and a
native reader's agreement before a release (docs/danger-lines.csv says whose is missing). Nothing
here reads what a reporter wrote: which group's questions are offered follows from the tile or from
the category that a person chose. The lists never ask "why" and never promise secrecy; a test keeps
it so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Literal

from upstander.intake.tables import in_language
from upstander.intake.taxonomy import TILE_OF_CATEGORY, TILES, TILES_BY_KEY
from upstander.rulefiles import RuleFileWrong, RuleType, Words, data_file, read_table, translated

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
    #: For whoever came to talk, whatever it is about.
    TALK = "talk"


class ReplyPrompt(RuleType, frozen=True):
    """One reply that a counselor sends, or changes and then sends, with one key."""

    key: Literal["1", "2", "3", "4", "5", "6", "7", "8", "9"]
    group: Group
    stage: Stage
    about: About
    texts: Annotated[Mapping[str, Words], translated("group", "stage", "key")]

    def text(self, language: str) -> str:
        """The reply in the reporter's language, else in English."""
        return in_language(self.texts, language)


class _Said(RuleType, frozen=True):
    group: Group
    say: Words


def _group_of_tile() -> dict[str, Group]:
    for tile in TILES:
        for name in {tile.group, tile.ask_in_dialog} - {""}:
            if name not in list(Group):
                raise RuleFileWrong("tiles.csv", tile.key, f"no group {name!r}")
    return {tile.key: Group(tile.group) for tile in TILES}


def _load_replies() -> tuple[ReplyPrompt, ...]:
    table = read_table(data_file(PACKAGE, "replies.csv"), ReplyPrompt)
    taken: set[tuple[str, str, str]] = set()
    for prompt in table:
        place = (prompt.group.value, prompt.stage, prompt.key)
        # A group's closing replies are shown below the general ones, so they share the keys.
        general = (Group.GENERAL.value, prompt.stage, prompt.key)
        if place in taken or (prompt.stage == "closing" and general in taken):
            raise table.wrong(prompt, f"the key {prompt.key} is taken in this list")
        taken.add(place)
    for group in Group:
        if missing := {"first", "next"} - {p.stage for p in table if p.group is group}:
            raise table.wrong(None, f"{group}: nothing for {', '.join(sorted(missing))}")
    return table.rows


def _load_911() -> dict[Group, tuple[str, ...]]:
    table = read_table(data_file(PACKAGE, "call_911.csv"), _Said)
    said = {group: tuple(row.say for row in table if row.group is group) for group in Group}
    # A talk is called about for what it is about.
    if missing := [group for group, lines in said.items() if not lines and group != Group.TALK]:
        raise table.wrong(None, f"nothing for {', '.join(sorted(missing))}")
    return said


_GROUP_OF_TILE = _group_of_tile()
_GROUP_OF_CATEGORY = {
    category: _GROUP_OF_TILE[tile.key] for category, tile in TILE_OF_CATEGORY.items()
}
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


#: What would be wrong in a talk: nobody at the school has it.
_OF_REPORTS = frozenset({(Group.GENERAL, "closing", "2")})


#: What speaks of a page or of the seven words: whoever came by a phone has neither.
_OF_WEB = frozenset(
    {
        (Group.GENERAL, "first", "6"),
        (Group.GENERAL, "next", "2"),
        (Group.GENERAL, "closing", "3"),
        (Group.ABUSE, "first", "5"),
        (Group.TALK, "closing", "7"),
    }
)


def replies_for(
    group: Group, stage: Stage, *, about: About = "any", talk: bool = False, web: bool = True
) -> tuple[ReplyPrompt, ...]:
    """The replies of one list in the order of their keys; ``talk``: in a talk.
    ``web``: they came by the website.

    Each keeps its own key, by which a page names it, also where ``about`` leaves some out: a
    shown list counts its own from 1. The closing list of a group includes the general one.
    """
    groups = {group, Group.GENERAL} if stage == "closing" else {group}
    found: Iterable[ReplyPrompt] = (
        p
        for p in REPLIES
        if p.group in groups
        and p.stage == stage
        and (about == "any" or p.about in (about, "any"))
        and not (talk and (p.group, p.stage, p.key) in _OF_REPORTS)
        and (web or (p.group, p.stage, p.key) not in _OF_WEB)
    )
    return tuple(sorted(found, key=lambda p: p.key))


def call_911_sheet(group: Group) -> tuple[str, ...]:
    """What the dispatcher needs to hear, in the order to say it: for every call, then the group's.

    In English: it is read aloud on a call that the center makes.
    """
    general = _CALL_911[Group.GENERAL]
    return general if group is Group.GENERAL else (*general, *_CALL_911[group])

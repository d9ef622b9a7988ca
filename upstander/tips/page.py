"""The tip's page at the center, as its panels see it: what was opened, and whom they name.

Each app brings its panels (``manifest.py``); the desk puts them together (``desk/tip_page.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from upstander.people.scope import Viewer
from upstander.tips.models import Tip
from upstander.tips.opening import Contents, OpenTip

#: What a draft is called where a colleague left one.
DRAFT_WORDS: Mapping[str, str | Promise] = {
    "reply": gettext_lazy("a reply"),
    "note": gettext_lazy("a note"),
    "brief": gettext_lazy("a brief"),
    "assessment": "",
}


@dataclass(slots=True)
class TipPage:
    """An opened tip with what is known of it while its page is made. Times are UTC."""

    opened: OpenTip
    contents: Contents
    #: Kind → what was begun: (person, words).
    drafts: Mapping[str, Sequence[tuple[int, str]]]
    #: Read anew: an action may have changed it since it was opened.
    tip: Tip
    #: The database's time at which all was read.
    now: datetime
    #: What each panel's ``read`` found, by the panel's name.
    found: dict[str, Any] = field(default_factory=dict)
    #: Names of those whom the panels asked for; empty until all have read.
    names: Mapping[int, str] = field(default_factory=dict)
    wanted: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Ask for the names of those who left drafts."""
        self.want(person for begun in self.drafts.values() for person, _ in begun)

    @property
    def viewer(self) -> Viewer:
        """Who looks at it."""
        return self.opened.viewer

    @property
    def me(self) -> int:
        """The viewer's id."""
        return self.opened.viewer.person_id

    @property
    def tip_id(self) -> UUID:
        """The tip's id."""
        return self.tip.pk

    def want(self, people: Iterable[int | None]) -> None:
        """Ask for people's names; only while panels read."""
        self.wanted |= {person for person in people if person is not None}

    @property
    def own_drafts(self) -> dict[str, str]:
        """What the viewer has begun to write, by kind."""
        return {
            kind: next((words for author, words in begun if author == self.me), "")
            for kind, begun in self.drafts.items()
        }

    @property
    def others_drafts(self) -> list[dict[str, str]]:
        """What colleagues have begun to write, with their names: a new owner goes on from it."""
        return [
            {
                "kind": kind,
                "what": str(DRAFT_WORDS[kind]),
                "name": self.names.get(author, gettext("A colleague")),
                "text": words,
            }
            for kind, begun in self.drafts.items()
            if DRAFT_WORDS.get(kind)
            for author, words in begun
            if author != self.me
        ]

"""What an app's part of the access walk is told: one district's side of a story that both have.

An app's ``walk`` (its manifest) is a module of its tests with any of

* ``things(story)``: make what the app's addresses name; returns it by the names they have for it,
* ``later(story)``: the same, once both districts have all of the first,
* ``WHOSE``: a name in an address → those of the cast whose it is, of a side (tests/access/things);
  or an address's own name, where what it names is somebody else's business than elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from conftest import Cast
from upstander.people.scope import Viewer

#: What a reporter wrote, and what police were told: neither may be where it is not meant to be.
WORDS, BRIEF = "Nobody but those who were asked.", "A brief of one school."

#: Gives those of the cast whose something is, from a side's values.
type Owners = Callable[[dict[str, Any]], set[str]]


@dataclass
class Story:
    """A life-safety tip of one school, claimed by a counselor, handed to the school's team."""

    cast: Cast
    #: Names of the cast's places, and of its people there.
    district: str
    school: str
    counselor: str
    lead: str
    member: str
    tip_id: UUID
    #: What apps below have made, by the names that addresses have for it.
    values: dict[str, Any] = field(default_factory=dict)

    def viewer(self, name: str) -> Viewer:
        """Sign one of the cast in."""
        return self.cast.viewer(name)

    @property
    def team_id(self) -> int:
        """The school's team."""
        return int(self.cast.teams[self.school].pk)

    @property
    def place(self) -> Any:
        """The district."""
        return getattr(self.cast, self.district)

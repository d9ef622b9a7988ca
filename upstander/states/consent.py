"""Whose word is enough, to refer somebody or to come: what a State says of a minor's own."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext
from msgspec import Meta

from upstander.rulefiles import Key, Permits, RuleType, Words


class MinorsWord(Permits, frozen=True, kw_only=True):
    """For which needs a minor may be referred by their own word alone, and from which age.

    Until it is confirmed a minor alone gets numbers, and a call together.
    """

    words: Words
    youngest: Annotated[int, Meta(ge=1, le=17, description="an age from 1 to 17")]
    #: Needs of the directory (``directory/data/needs.csv``).
    needs: Annotated[tuple[Key, ...], Meta(min_length=1)]

    @property
    def says(self) -> str:
        """From which age, for which needs."""
        return gettext("from %(age)s years on, for: %(needs)s") % {
            "age": self.youngest,
            "needs": ", ".join(self.needs),
        }


class MinorsVisit(Permits, frozen=True, kw_only=True):
    """From which age a minor's own word is enough for a visit of mobile crisis.

    Until it is confirmed a guardian is asked; danger waits for nobody's word.
    """

    words: Words
    youngest: Annotated[int, Meta(ge=1, le=17, description="an age from 1 to 17")]

    @property
    def says(self) -> str:
        """From which age."""
        return gettext("from %(age)s years on") % {"age": self.youngest}


class ConsentRules(RuleType, frozen=True, kw_only=True):
    """One State's file."""

    key: str = ""
    minor: MinorsWord
    visit: MinorsVisit | None = None

    @property
    def file(self) -> str:
        """The name under which its rule is confirmed."""
        return f"word-{self.key}"

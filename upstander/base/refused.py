"""The one way to say no in words: what was asked is not done, and this is why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

#: What is wrong: the form's field ("" where it is of none), and the words about it.
type Problem = tuple[str, str]


class Refused(Exception):
    """What was asked is not done, or not now; the message is for the person who asked.

    An action raises it before it has written anything, or in a transaction that then rolls back.
    A page turns it into an answer (``ui/press.py``); nobody else looks into it. Derive from it only
    where a caller must do something else about one refusal than about all others.
    """

    #: The HTTP status of an answer that shows the page again. Whoever asked can mend it: 422.
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(
        self,
        words: str,
        *,
        kept: str = "",
        status: int | None = None,
        problems: Mapping[str, str] | Sequence[Problem] = (),
    ) -> None:
        """Say why in ``words`` and, where it isn't plain, what was ``kept`` of what was typed.

        ``problems`` are said beside a form's fields instead, where the page shows a form.
        """
        super().__init__(words)
        self.words, self.kept = str(words), str(kept)
        self.status = status or type(self).status
        pairs = problems.items() if isinstance(problems, Mapping) else problems
        self.problems: tuple[Problem, ...] = tuple((field, str(said)) for field, said in pairs)

    def __str__(self) -> str:
        """Return all that the person is told, in one line."""
        return f"{self.words} {self.kept}".rstrip()

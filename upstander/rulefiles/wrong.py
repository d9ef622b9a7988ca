"""The one error of a file that says what must not be so."""

from __future__ import annotations


class RuleFileWrong(ValueError):
    """A file of rules is wrong. The message is for whoever owns the file, who is no programmer:
    which file, where in it, what stands there, and what was expected."""

    def __init__(self, file: str, place: str, problem: str) -> None:
        self.file, self.place, self.problem = file, place, problem
        apart = ", " if place.startswith("line ") else ": "
        super().__init__(f"{file}{apart}{place}: {problem}" if place else f"{file}: {problem}")

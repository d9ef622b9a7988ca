"""What an adult is asked who takes down what a child said: the same on the desk and by a link.

The child's exact words are the tip's text, as if they had sent it: they alone are shown to whoever
comes back with the seven words. What the adult adds lies apart, among the answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from upstander.doors.web.forms import (
    MOST_OWN,
    MOST_REACHED,
    Field,
    Option,
    Sent,
    fields_for,
    read_report,
)
from upstander.doors.web.snapshot import Door, school_names
from upstander.doors.web.words import size_of
from upstander.intake.served import PublicPlaces
from upstander.intake.taxonomy import QUESTIONS
from upstander.tips.adult_words import ADULT, ADULT_WORDS, SIGNED_IN, SUSPECTS, TAKEN_FROM, Source
from upstander.tips.reporter import MAX_TEXT, NewTip

#: Asked of a child about themselves, and of nobody who writes for them.
_NOT_ASKED: Final = frozenset({"source", "trusted_adult"})
#: What decides how soon help comes is asked at once: nobody may be there to answer later.
_AT_ONCE: Final = frozenset({"text", "who", "when", "tile", "place", "school", "subject"})


@dataclass(frozen=True, slots=True)
class Taken:
    """What a form sent: the child's part, as any tip's, and the adult's own."""

    sent: Sent
    problems: Mapping[str, str]

    @property
    def typed(self) -> dict[str, str]:
        """All that was typed, so that a page shows it again."""
        return {**self.sent.typed, **self.sent.adult}

    @property
    def suspects(self) -> bool:
        """Whether the adult suspects that a child is being hurt: a duty of their own."""
        return self.sent.adult.get(SUSPECTS) == "yes"

    def tip(self, link: str, language: str, *, signed_in: bool) -> NewTip:
        """Return what is handed in; only the desk's own link says that its adult is signed in."""
        answers = {k: v for k, v in self.sent.answers.items() if k not in _NOT_ASKED}
        own = {**self.sent.adult, **({SIGNED_IN: "yes"} if signed_in else {})}
        return NewTip(
            token=self.sent.token,
            text=self.sent.text,
            language=language,
            tile=self.sent.tile,
            answers=answers | own,
            school_id=self.sent.school_id,
            district_id=self.sent.district_id,
            channel="staff",
            link=link,
        )


@dataclass(frozen=True, slots=True)
class Form:
    """The form's fields, in the parts in which they stand."""

    source: Field
    text: Field
    own_words: Field
    #: Asked at once, and what else helps.
    first: tuple[Field, ...]
    more: tuple[Field, ...]
    adult: Field
    suspects: Field

    def __iter__(self) -> Iterator[Field]:
        """Give every field in its order."""
        yield from (self.source, self.text, self.own_words, *self.first, *self.more)
        yield from (self.adult, self.suspects)

    @property
    def wrong(self) -> list[Field]:
        """The fields that are to be mended before it can be sent."""
        return [field for field in self if field.problem]


def form_of(
    places: PublicPlaces,
    door: Door,
    language: str,
    *,
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
    name: str = "",
) -> Form:
    """Return the form, with what was typed before and what is wrong with it.

    ``name``: who fills it in, where the desk knows it.
    """
    if typed is None:
        typed = {"school": door.school.name} if door.school else {}
    wrong = problems or {}
    asked = {
        field.key: field
        for field in fields_for(
            [one for one in QUESTIONS if one.key not in _NOT_ASKED],
            language,
            door=door,
            schools=school_names(places, door),
            typed=typed,
            problems=wrong,
        )
    }
    who = asked["who"]
    child = tuple(
        replace(one, label=_("The child who said it")) if one.value == "me" else one
        for one in who.options
    )
    asked["who"] = replace(who, options=child)
    text = replace(
        asked.pop("text"),
        label=_("The exact words, as they were said or written"),
        hint=_("Only these, and nothing of your own. Do not ask the child for more."),
    )
    value = typed.get
    return Form(
        source=_choice(
            TAKEN_FROM,
            _("Where do the words come from?"),
            [
                (Source.CHILD, _("A child told me")),
                (Source.PAPER, _("A slip of paper")),
                (Source.LINE, _("Another line’s report")),
            ],
            value(TAKEN_FROM, ""),
        ),
        text=text,
        own_words=Field(
            ADULT_WORDS,
            "lines",
            _("In your own words: what you saw, when and where"),
            "",
            required=False,
            value=value(ADULT_WORDS, ""),
            problem=wrong.get(ADULT_WORDS, ""),
            max_length=MOST_OWN,
        ),
        first=tuple(field for key, field in asked.items() if key in _AT_ONCE),
        more=tuple(field for key, field in asked.items() if key not in _AT_ONCE),
        adult=Field(
            ADULT,
            "line",
            _("How the crisis center reaches you")
            if name
            else _("Your name, and how the crisis center reaches you"),
            _("So that it can call you back."),
            required=False,
            value=value(ADULT, ""),
            problem="",
            max_length=MOST_REACHED,
        ),
        suspects=replace(
            _choice(
                SUSPECTS,
                _("Do you suspect that a child is abused or neglected?"),
                [("yes", _("Yes")), ("no", _("No")), ("unsure", _("I don’t know"))],
                value(SUSPECTS, ""),
            ),
            required=True,
            problem=wrong.get(SUSPECTS, ""),
        ),
    )


def _choice(key: str, label: str, options: list[tuple[str, str]], value: str) -> Field:
    shown = tuple(Option(one, words, one == value) for one, words in options)
    return Field(key, "choice", label, "", required=False, value=value, problem="", options=shown)


def read_taken(post: QueryDict, places: PublicPlaces, door: Door) -> Taken:
    """Read a sent form. Never raises; asks for the exact words, and whether they suspect abuse."""
    sent = read_report(post, places, door)
    problems = dict(sent.problems)
    if "text" in problems and size_of(sent.text) <= MAX_TEXT:
        problems["text"] = _("Please write down the words. A few are enough.")
    if size_of(sent.adult.get(ADULT_WORDS, "")) > MOST_OWN:
        problems[ADULT_WORDS] = _("This is too long. Please shorten it.")
    if SUSPECTS not in sent.adult:
        problems[SUSPECTS] = _("Please answer: this form does not replace your own report.")
    return Taken(sent, problems)

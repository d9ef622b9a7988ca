"""The form's questions as a page shows them, and what a POST says, cleaned and kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from upstander.doors.web.snapshot import Door, school_meant, school_names
from upstander.doors.web.words import clean, size_of
from upstander.intake.served import PublicPlaces
from upstander.intake.taxonomy import (
    OF_UNKNOWN,
    QUESTIONS,
    QUESTIONS_BY_KEY,
    Question,
    known_answers,
    questions_for,
)
from upstander.tips.adult_words import ADULT, ADULT_WORDS, SUSPECTS, TAKEN_FROM, Source
from upstander.tips.reporter import MAX_TEXT, new_form_token

#: Bytes of all answers beside the text. What needs more room belongs into the text.
MAX_ANSWERS = 20_000
#: Characters that a one-line field takes (its ``maxlength``).
LINE_LENGTH = 300
#: Bytes of what an adult adds to a child's words, and characters of how they are reached.
MOST_OWN, MOST_REACHED = 20_000, 300
#: Tile to its drawing, for those who don't read; the words beside it are its name.
PICTURES = {
    "attack": "stop",
    "threat": "said",
    "suicide": "heart",
    "sad": "sad",
    "home": "home",
    "adult": "adult",
    "sexual": "hand",
    "images": "camera",
    "partner": "eye",
    "bullying": "apart",
    "fight": "against",
    "drugs": "pill",
    "missing": "search",
    "other": "more",
}
SUSPECTS_ANSWERS = ("yes", "no", "unsure")
#: A token of ours has 24 letters; one that somebody made up may not grow without end.
MAX_TOKEN = 200


@dataclass(frozen=True, slots=True)
class Option:
    """One radio button."""

    value: str
    label: str
    checked: bool
    #: One of the drawings in ``ui.icons``; empty: none.
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One question as the page shows it, in the reader's language."""

    key: str
    kind: str
    label: str
    hint: str
    required: bool
    value: str
    problem: str
    options: tuple[Option, ...] = ()
    suggestions: tuple[str, ...] = ()
    max_length: int = LINE_LENGTH

    @property
    def skipped(self) -> bool:
        """Whether "Skip" is the choice that stands."""
        return not any(option.checked for option in self.options)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form sent, after cleaning. ``problems`` maps a question's key to words about it."""

    token: str
    text: str
    answers: Mapping[str, str]
    door: Door
    #: As it was typed, so that a page with an error shows it again.
    typed: Mapping[str, str] = field(repr=False)
    problems: Mapping[str, str]
    school_id: int | None
    #: Of an adult who took a child's words down, by the names under which it is kept.
    adult: Mapping[str, str]
    #: From the form of whoever wants to talk, not report.
    to_talk: bool = False
    #: From the form that can be heard.
    hear: bool = False

    @property
    def tile(self) -> str | None:
        """The tile's key, or None if none was picked."""
        return self.answers.get("tile")

    @property
    def district_id(self) -> int | None:
        """The district whose page this was, or that of the school that was named."""
        return self.door.district.id if self.door.district else None


def fields_for(
    questions: Iterable[Question],
    language: str,
    *,
    door: Door,
    schools: tuple[str, ...] = (),
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
    me: bool = False,
    place_me: bool = False,
    talk: bool = False,
) -> tuple[Field, ...]:
    """Return the questions as fields, with what was typed before and what is wrong with it.

    ``me``: they are asked of the one in danger (``speaks_of_self``). ``place_me``: they ask for
    help for themselves, so where is where they are, whatever it is about. ``talk``: they want to
    talk, not report.
    """
    values, wrong = typed or {}, problems or {}
    fields = []
    for question in questions:
        value = values.get(question.key, "")
        kind, options = question.kind, ()  # type: str, tuple[Option, ...]
        if question.key == "tile":
            kind = "tiles"
            options = tuple(
                Option(tile.key, tile.text(language), tile.key == value, PICTURES[tile.key])
                for tile in door.tiles
            )
        elif question.kind == "choice":
            options = tuple(
                Option(key, question.option_text(key, language), key == value)
                for key in question.options
            )
        elif question.many_lines:
            kind = "lines"
        else:
            kind = "line"
        fields.append(
            Field(
                key=question.key,
                kind=kind,
                label=question.text(
                    language, me=me or (place_me and question.key == "place"), talk=talk
                ),
                # Of a talk what can't stay there is said above the box: it leaves no room for more.
                hint="" if talk and question.required else question.hint(language),
                required=question.required,
                value=value,
                problem=wrong.get(question.key, ""),
                options=options,
                suggestions=schools if question.key == "school" else (),
                # The text has its own limit, in bytes and far above what a field should refuse.
                max_length=0 if question.required else LINE_LENGTH * (10 if kind == "lines" else 1),
            )
        )
    return tuple(fields)


def first_fields(
    places: PublicPlaces,
    door: Door,
    language: str,
    *,
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
    talk: bool = False,
) -> tuple[Field, ...]:
    """Return the form's fields: the same for everybody who comes through one door."""
    if typed is None and door.school:
        typed = {"school": door.school.name}
    return fields_for(
        questions_for("", {}, step="first", talk=talk),
        language,
        door=door,
        schools=school_names(places, door),
        typed=typed,
        problems=problems,
        talk=talk,
    )


def follow_up_questions(
    tile: str, answers: Mapping[str, str], *, talk: bool = False
) -> tuple[Question, ...]:
    """Return what is asked after sending: what this tile and this urgency make worth asking."""
    return questions_for(tile, answers, step="follow_up", talk=talk)


def typed_in(post: QueryDict) -> dict[str, str]:
    """Return what stands in our fields, cleaned. Fields that we don't have are passed over."""
    return {key: clean(str(post.get(key) or "")) for key in QUESTIONS_BY_KEY if key in post}


def in_another_language(post: QueryDict) -> bool:
    """Tell whether a button of the language switch was pressed: then nothing is to be done yet."""
    return "language" in post


def token_in(post: QueryDict) -> str:
    """Return the form's token; a new one for a form that came without, since its tip counts too."""
    return clean(post.get("token", "")).strip()[:MAX_TOKEN] or new_form_token()


def text_problem(text: str) -> str:
    """Say what is wrong with a text, in words for the reporter; empty if nothing is."""
    if not text.strip():
        return _("Please write what happened. A few words are enough.")
    if size_of(text) > MAX_TEXT:
        return _("This is too long for one message. Send the first part now and the rest after it.")
    return ""


def read_report(post: QueryDict, places: PublicPlaces, door: Door) -> Sent:
    """Read a sent form. Never raises, and refuses only a text that is missing or far too long."""
    typed = typed_in(post)
    text = typed.get("text", "")
    answers = known_answers(typed)
    problems = {"text": wrong} if (wrong := text_problem(text)) else {}
    if sum(size_of(answer) for answer in answers.values()) > MAX_ANSWERS:
        longest = max(answers, key=lambda key: len(answers[key]))
        problems[longest] = _("This is too long. Please write it under “What happened?” instead.")
    school = school_meant(places, door, answers.get("school", ""))
    if school is not None and (district := places.districts.get(school.district_id)):
        door = Door(district, school)
    return Sent(
        token=token_in(post),
        text=text,
        answers=answers,
        door=door,
        typed=typed,
        problems=problems,
        school_id=school.id if school else None,
        adult=_adult(post),
        to_talk=post.get("to_talk") == "yes",
        hear=post.get("hear") == "yes",
    )


def _adult(post: QueryDict) -> dict[str, str]:
    """Read what an adult adds; of a form that has no such fields nothing."""
    keys = (TAKEN_FROM, ADULT_WORDS, ADULT, SUSPECTS)
    said = {key: clean(post.get(key, "")).strip() for key in keys}
    # Their fields have this maxlength, as those below have theirs.
    said[ADULT_WORDS] = said[ADULT_WORDS][:MOST_OWN]
    said[ADULT] = said[ADULT][:MOST_REACHED]
    if said[TAKEN_FROM] not in set(Source):
        said[TAKEN_FROM] = ""
    if said[SUSPECTS] not in SUSPECTS_ANSWERS:
        said[SUSPECTS] = ""
    return {key: value for key, value in said.items() if value}


def read_follow_up(post: QueryDict) -> dict[str, str]:
    """Read the answers of the second step: only questions that are asked there."""
    answers = known_answers(typed_in(post))
    asked = OF_UNKNOWN.union(q.key for q in QUESTIONS if q.step in ("follow_up", "both"))
    kept = {key: value for key, value in answers.items() if key in asked}
    # A field of a page has its own maxlength; what comes longer was not typed into it.
    return {key: value[: LINE_LENGTH * 10] for key, value in kept.items()}

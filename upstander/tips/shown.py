"""What a tip shows of itself on a page: its dialog, notes, files and history, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upstander.audit.models import Entry
from upstander.intake.taxonomy import QUESTIONS, TILES_BY_KEY, Question
from upstander.plug import act_of
from upstander.tips.adult_words import TakenDown
from upstander.tips.models import Attachment, Channel, Message, Note, Tip
from upstander.tips.opening import FileSeen, Jotting, Turn

#: Questions whose answers the page shows elsewhere, or whose value is no answer to read.
_NOT_LISTED = ("text", "tile")
_AUTHORS = {Message.Author.CENTER: _("Center"), Message.Author.SCHOOL: _("School's team")}


@dataclass(frozen=True, slots=True)
class TurnShown:
    """One turn of the dialog: ``voice`` is the component's, ``mine`` that a colleague wrote it."""

    id: UUID
    voice: str
    name: str
    text: str
    at: datetime
    hidden: str
    mine: bool

    @property
    def anchor(self) -> str:
        """The id under which a page can point to it."""
        return f"turn-{self.id}"


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """One answer to the form in words. ``own_words``: the reporter typed it."""

    question: str
    answer: str
    own_words: bool


@dataclass(frozen=True, slots=True)
class NoteShown:
    """One internal note."""

    id: UUID
    kind: str
    name: str
    text: str
    at: datetime

    @property
    def label(self) -> str:
        """Who wrote it, and what it is if it is more than a note."""
        return f"{self.kind}, {self.name}" if self.kind and self.name else self.kind or self.name


@dataclass(frozen=True, slots=True)
class FileShown:
    """One file as listed; ``looks`` says whether a picture of it can be shown."""

    id: UUID
    name: str
    size: str
    kind: str
    at: datetime
    quarantined: bool
    #: Shut to everybody, but its bytes are not sealed anew yet: it must be pressed again.
    unfinished: bool
    looks: bool
    as_it_came: bool


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the history."""

    at: datetime
    text: str
    who: str
    detail: str
    icon: str
    #: Whose act it is; None: nobody's of the staff.
    by: int | None = None


def tile_words(tip: Tip) -> str:
    """Return what a tip is about by its reporter's choice, or that there was none."""
    if not tip.tile:
        return (
            gettext("Text message, no topic chosen")
            if tip.channel == Channel.SMS
            else gettext("No topic chosen")
        )
    return TILES_BY_KEY[tip.tile].text("en") if tip.tile in TILES_BY_KEY else tip.tile


def people_in(
    turns: Iterable[Turn], notes: Iterable[Jotting], history: Iterable[Entry]
) -> set[int]:
    """Return everybody whose name the panels will show."""
    found = {turn.person_id for turn in turns} | {note.person_id for note in notes}
    found |= {entry.actor_id for entry in history}
    return {person for person in found if person is not None}


def dialog_panel(
    turns: Iterable[Turn], names: Mapping[int, str], taken: TakenDown | None = None
) -> list[TurnShown]:
    """Return the dialog as bubbles, oldest first; after the first what an adult added to it."""
    shown = [
        TurnShown(
            turn.id,
            "reporter" if turn.author == Message.Author.REPORTER else "staff",
            _speaker(turn, names),
            turn.text,
            turn.at,
            gettext("The reporter hid this on their side. Someone may have made them do it.")
            if turn.hidden
            else "",
            turn.author == Message.Author.CENTER,
        )
        for turn in turns
    ]
    if taken is not None and shown:
        first = shown[0]
        who = gettext("Exact words, taken down by an adult")
        shown[:1] = [
            replace(first, name=who),
            TurnShown(uuid5(first.id, "adult"), "note", taken.who, taken.text, first.at, "", False),
        ]
    return shown


def _speaker(turn: Turn, names: Mapping[int, str]) -> str:
    if turn.author == Message.Author.REPORTER:
        return ""
    side = str(_AUTHORS[Message.Author(turn.author)])
    name = names.get(turn.person_id or 0, "")
    return (
        f"{name}, {side.lower()}" if name and turn.author == Message.Author.SCHOOL else name or side
    )


def answers_panel(answers: Mapping[str, str]) -> list[AnswerShown]:
    """Return the answers to the form in words, in the form's order; skipped ones are left out."""
    return [
        AnswerShown(question.text("en"), _answer(question, value), question.kind == "text")
        for question in QUESTIONS
        if question.key not in _NOT_LISTED and (value := answers.get(question.key, "").strip())
    ]


def _answer(question: Question, value: str) -> str:
    if question.kind == "choice" and value in question.options:
        return question.option_text(value, "en")
    return value


_NOTE_KINDS: dict[str, str | Promise] = {
    Note.Kind.BRIEF: _("Brief for the school's team"),
    Note.Kind.UPDATE: _("Update for the school's team"),
    Note.Kind.NEXT_STEP: _("Next step"),
    Note.Kind.RETURNED: _("Sent back by the school's team"),
    Note.Kind.HELP: "911",
}


def notes_panel(notes: Iterable[Jotting], names: Mapping[int, str]) -> list[NoteShown]:
    """Return the internal notes, newest first."""
    shown = [
        NoteShown(
            note.id,
            str(_NOTE_KINDS.get(note.kind, "")),
            names.get(note.person_id, ""),
            note.text,
            note.at,
        )
        for note in notes
    ]
    return shown[::-1]


def files_panel(files: Iterable[FileSeen]) -> list[FileShown]:
    """Return the files, oldest first."""
    return [
        FileShown(
            file.id,
            str(file.about.get("name", "")),
            filesizeformat(int(str(file.about.get("size") or 0))),
            str(file.about.get("kind", "other")),
            file.at,
            file.state != Attachment.State.READY,
            file.state == Attachment.State.SHUTTING,
            bool(file.about.get("thumbnail")),
            file.about.get("kind") == "other",
        )
        for file in files
    ]


PURPOSES: dict[str, str | Promise] = {
    "read": _("to read it"),
    "reply": _("to reply"),
    "note": _("to write a note"),
    "draft": _("while writing"),
    "refresh": _("on an open page"),
    "assess": _("to assess it"),
    "hand off": _("to hand it off"),
    "close": _("to close it"),
    "file": _("to see a file"),
    "shut a file away": _("to quarantine a file"),
    "name a person": _("to add a person"),
    "take a person out": _("to remove a person"),
    "dispatch sheet": _("for the dispatch sheet"),
    "decide about 911": _("to decide about 911"),
    "ask for police": _("to ask for police"),
    "brief for police": _("for a brief to police"),
    "help arrived": _("to say whether help arrived"),
    "home address": _("for a home address"),
    "sheet written or taken": _("to write or take the dispatch sheet"),
    "whom words about 911 mean": _("to say whom words about 911 mean"),
    "ask for own words": _("to ask for the reporter's own words"),
    "ask somebody": _("to ask someone by hand"),
    "next step": _("to record a next step"),
    "send back": _("to send it back"),
    "take over": _("to take it over"),
    "case": _("for a case"),
    "restrict": _("to exclude someone"),
    "who joined": _("to check who joined"),
    "written report": _("for a written report"),
}
_PRIORITIES = {"life_safety": _("life safety"), "urgent": _("urgent"), "routine": _("routine")}
#: Openings by one person within this time are one line: an open page refreshes again and again.
_ONE_VISIT = timedelta(minutes=15)


def history_panel(entries: Iterable[Entry], names: Mapping[int, str]) -> list[Happened]:
    """Return what happened to a tip, oldest first, with a visit's many openings as one line.

    So with a file's: a film is asked for in parts.
    """
    lines: list[Happened] = []
    visits: dict[tuple[int | None, object], datetime] = {}
    for entry in entries:
        if entry.action in ("tip opened", "file opened"):
            visit = entry.actor_id, entry.detail.get("attachment")
            last = visits.get(visit)
            visits[visit] = entry.at
            if last is not None and entry.at - last <= _ONE_VISIT:
                continue
        act = act_of(entry.action)
        who = _actor(entry, names)
        lines.append(Happened(entry.at, act.title, who, _detail(entry), act.icon, entry.actor_id))
    return lines


def _actor(entry: Entry, names: Mapping[int, str]) -> str:
    if entry.actor_kind == "reporter":
        return gettext("Reporter")
    if entry.actor_id is None:
        return gettext("System")
    return names.get(entry.actor_id, gettext("Someone who is no longer here"))


def _detail(entry: Entry) -> str:
    """Say what an entry's codes mean; codes that say nothing to a reader are left out."""
    detail = entry.detail
    if entry.action == "tip opened":
        return str(PURPOSES.get(detail.get("purpose", ""), ""))
    if priority := detail.get("priority") or detail.get("to"):
        return str(_PRIORITIES.get(priority, ""))
    if detail.get("words") is True:
        return gettext("with the reporter's own words")
    if kind := detail.get("kind"):
        return str(_NOTE_KINDS.get(kind, "")) if entry.action == "note written" else ""
    return ""

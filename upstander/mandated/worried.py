""" "Should I be worried? Should I report?": short questions, each of whose answers names a way.

No answer is sent, kept or weighed: whoever asks opens what fits and reads it. So no software
decides that nothing is to be reported, and an answer only ever adds to what stands below all of
them.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from upstander.states import RuleSet


class Answer(NamedTuple):
    """What somebody may answer, and what they read then; ``%(whom)s`` is the State's hotline."""

    key: str
    words: Promise
    says: Promise
    #: 911 stands before the hotline.
    emergency: bool = False
    #: Somebody at the center stands after it.
    center: bool = False
    #: It says what the law asks: marked while nobody has compared that with it.
    law: bool = False


class Question(NamedTuple):
    """One of the questions, in their order."""

    key: str
    words: Promise
    answers: tuple[Answer, ...]


QUESTIONS: Final = (
    Question(
        "danger",
        _("Is a child in danger right now?"),
        (
            Answer(
                "yes",
                _("Yes, now"),
                _("Get help first. Then report it to the %(whom)s."),
                emergency=True,
            ),
            Answer(
                "unknown",
                _("I can’t tell"),
                _("Then act as if it were a yes. Then report it to the %(whom)s."),
                emergency=True,
            ),
            Answer(
                "no",
                _("Not at this moment"),
                _("That can change quickly. Report what you suspect now, while you know it."),
            ),
        ),
    ),
    Question(
        "what",
        _("What worries you?"),
        (
            Answer(
                "hurt",
                _("Someone hurts, threatens or touches a child"),
                _(
                    "Report it. You need no proof. Listen if the child talks, and leave further "
                    "questions to those whose work it is."
                ),
            ),
            Answer(
                "neglect",
                _("A child is not cared for"),
                _("No food, no doctor, nobody who looks after the child: that is reported too."),
            ),
            Answer(
                "adult",
                _("An adult at school, on a team or in a club"),
                _("Report it to the %(whom)s, not only to their boss. Don’t warn the adult."),
            ),
            Answer(
                "feeling",
                _("Something feels wrong, and I can’t say what"),
                _("That is reason enough to call the %(whom)s and ask. Say what you saw or heard."),
                center=True,
            ),
        ),
    ),
    Question(
        "who",
        _("Who are you to the child?"),
        (
            Answer(
                "work",
                _("I work with children"),
                _(
                    "School staff, coaches, nurses, child care and many others must report what "
                    "they suspect: each their own report, even if somebody else has made one."
                ),
                law=True,
            ),
            Answer(
                "other",
                _("Family, neighbor, volunteer, or somebody else"),
                _("Anyone may report. If you work with children too, the law may say you must."),
                law=True,
            ),
            Answer(
                "young",
                _("I am under 18 myself"),
                _("You can report too, for yourself or for a friend. You can also tell us here."),
                center=True,
            ),
            Answer(
                "unknown",
                _("I don’t know if I must report"),
                _("Then do as if you must: report it to the %(whom)s."),
            ),
        ),
    ),
    Question(
        "told",
        _("Whom have you told?"),
        (
            Answer(
                "nobody",
                _("Nobody yet"),
                _("Call the %(whom)s now. Nobody has to allow it."),
                center=True,
            ),
            Answer(
                "inside",
                _("A boss, a principal or a colleague"),
                _("Telling them is not your report. If you must report, it is yours until made."),
                law=True,
            ),
            Answer(
                "reported",
                _("The State’s line, or the police"),
                _("Call the %(whom)s again with anything new, or if it goes on."),
            ),
        ),
    ),
)


class Shown(NamedTuple):
    """An answer as a page shows it."""

    words: str
    says: str
    emergency: bool
    center: bool
    law: bool


def asked_by(rules: RuleSet) -> list[tuple[str, str, list[Shown]]]:
    """Return the questions (key, words, answers) in the language in force, by a State's rules."""
    whom = {"whom": rules.phoned.name}
    return [
        (
            question.key,
            str(question.words),
            [
                Shown(str(one.words), str(one.says) % whom, one.emergency, one.center, one.law)
                for one in question.answers
            ],
        )
        for question in QUESTIONS
    ]

"""What is said in a call by itself, in English and Spanish: short, and the truth.

A voice says some fifteen letters in a second. Nobody's number, name or word is ever among them.
"""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from upstander.base.languages import LANGUAGES, language_of

type Line = str | Promise

#: The languages that the line speaks by itself; whoever says nothing hears them one after another.
SPOKEN: Final = tuple(code for code in LANGUAGES if language_of(code).voice)

#: What is asked of who can't speak, in this order: 1 is yes, 2 is no.
QUESTIONS: Final[tuple[str | Promise, ...]] = (
    _("Is somebody in danger right now?"),
    _("Is it about yourself?"),
    _("Is it happening at school?"),
)
#: What each answer says, as the website's form would have it.
ANSWERS: Final[tuple[dict[str, dict[str, Line]], ...]] = (
    {"1": {"when": "now", "danger": "yes"}, "2": {"when": "unknown", "danger": "no"}},
    {"1": {"who": "me"}, "2": {"who": "someone"}},
    {
        "1": {"place": _("At school (answered by keys)")},
        "2": {"place": _("Not at school (answered by keys)")},
    },
)

WHO: Final = _("%(center)s. In danger now? Call 911. We are ringing a counselor.")
NOT_KEPT: Final = _("Nothing is recorded. Counselors don’t see your number. Star: what is kept.")
MENU: Final = _("With a code: 3.")
#: The first two keys choose these; each is said in its language, to who needs it.
CHOOSE: Final[tuple[Line, ...]] = (_("English: 1."), _("Spanish: 2."))
KEPT: Final = _(
    "This is the truth about what is kept. Your phone company keeps that you called us, and it may "
    "show on the phone bill. The company that connects this line keeps it too, and learns the keys "
    "you press and the code; some minutes after the call we ask it to delete that. We keep no "
    "number, unless you ask to be called back. Nobody records what is said, except a 911 center if "
    "a counselor brings one in. Our website leaves less."
)
WAIT: Final = _("Please stay on the line. We are ringing a counselor. You are not alone.")
BY_KEYS: Final = _("If you can’t speak, answer with keys: 1 is yes, 2 is no.")
THANKS: Final = _("Thank you. Your answers are with the center now.")
TEXT: Final = _("You can also send a text to this number.")
CALL_BACK: Final = _(
    "If you would rather be called back, press 5. Only then do we keep your number, for a day."
)
WISHED: Final = _("We will call you back. You can stay on the line, or hang up.")
NO_NUMBER: Final = _("We can’t call this number back. Please stay on the line.")
FALLBACK: Final = _("We are ringing another phone of the center for you now.")
JOINED: Final = _("A counselor is here now.")
HELD: Final = _(
    "You are on hold, and somebody is still there. The counselor is coming right back. To talk "
    "with whoever is free instead, press 1."
)
OFFERED: Final = _("We are ringing whoever is free. Please stay on the line.")
CODE: Final = _(
    "Before you go: this is a code to come back with, on our website or by calling this number. "
    "You can write it down. It names nobody."
)
CODE_AGAIN: Final = _("To hear it again, press star. To talk with somebody again, press 1.")
#: Where there is none to be read.
AGAIN: Final = _("The counselor has left the call. To talk with somebody again, press 1.")
BYE: Final = _("Thank you for calling. If you are in danger, call 911.")
TYPE_CODE: Final = _(
    "Please type the 16 digits of your code. Or of each of your seven words the first four letters "
    "on the keys. Then press the pound key."
)
CODE_OPENED: Final = _("Thank you. Your call goes on in your earlier report.")
CODE_TAKEN: Final = _("Thank you. Please tell the counselor that you have called before.")
MISTYPED: Final = _("That is no code: a digit is wrong or missing. Please try again.")
UNKNOWN: Final = _("That code opens nothing. Please try again.")
ON_WEBSITE: Final = _("These words open on our website only. Please stay on the line.")
TYPE_AGAIN: Final = _("That could not be tried just now. Please type it once more.")
NO_CODES_NOW: Final = _("No code can be tried right now. Please stay on the line.")
NO_MORE_CODES: Final = _("No more codes can be tried in this call. Please stay on the line.")

#: What ears hear.
EAR: Final = _("A caller is on the line. Press 1 to take the call.")
EAR_BACK: Final = _("You asked to call a reporter back. Press 1, and we ring them.")
LATE: Final = _("Somebody else has the call. Thank you.")
GONE: Final = _("The caller has hung up.")
NOT_REACHED: Final = _("Nobody answered. Nothing was said to anybody. You can try again later.")
OFF_HOLD: Final = _("The caller is not on hold any more: they wait for whoever is free.")
MOVED: Final = _("The call is with your colleague now. Thank you.")
RINGING_THEM: Final = _("We are ringing them now. Please stay on the line.")
#: What somebody hears who is called back: whoever picks up learns nothing.
HELLO: Final = _("Hello. Somebody asked for a call from this number. If it was you, press 1.")
INTERPRETER: Final = _("You are being connected to a call.")


def said(words: str | Promise, language: str, **values: str) -> str:
    """Return words in a language, with what stands in them."""
    with override(language):
        return str(words) % values if values else str(words)

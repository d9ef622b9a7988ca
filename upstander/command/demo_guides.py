"""The demo's threat assessment: said in the moment, put right, looked at again, finished.

Told through the guide's own actions by whoever leads the case. Nobody in it is real.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from upstander.cases.actions.homes import MAKER, AboutHome
from upstander.cases.actions.opening import open_the_case
from upstander.cases.actions.support import finish_action
from upstander.cases.guides.actions import go_on, settle_threat
from upstander.cases.guides.steps import Chosen, Wanted
from upstander.people.scope import Viewer

#: How each step went; the rest is left out, with why.
_DONE = {
    "right": "Both came. He said it was a stupid thing to say, and to whom he had said it.",
    "aimed_at": "He feels safe at school. He will come to us if anything is said again.",
    "week": "Looked again with both homeroom teachers: nothing like it was said.",
}
_LEFT = {"parents": "Both asked to tell it at home themselves, and did. The mothers called us."}


def assess(signed_in: Callable[[str], Viewer], case: UUID) -> None:
    """Have Miriam take the case's threat through the whole path."""
    miriam = signed_in("miriam@maple.example")
    opened = open_the_case(miriam, case)
    go_on(opened, {"did": "begin", "answer": "no", "why": "Both are in class, apart."})
    go_on(
        opened,
        {
            "did": "words",
            "exact": "“Say that again and you will be sorry.”",
            "context": "Student B to student A, in the locker room, after A had laughed at him. "
            "Three others heard it and took it for talk. Told by A when Tomás asked.",
        },
    )
    path = go_on(
        opened,
        {
            "did": "answer",
            "fork": "lasting",
            "answer": "transient",
            "why": "B says so himself and was sorry before anybody asked. A and the three others "
            "tell it alike. Against it: they have fought before, so we look again.",
        },
    )
    steps = {key: Wanted() for key in _DONE}
    steps |= {key: Wanted(left=True, why=why) for key, why in _LEFT.items()}
    safe = AboutHome("yes", "He says so himself; his mother called us.")
    path = settle_threat(opened, path.outcome, Chosen(steps, {MAKER.key: [safe]}))
    for key, words in _DONE.items():
        finish_action(opened, path.settled.taken[key], words)
    go_on(
        opened,
        {
            "did": "finish",
            "words": "Put right between the two. The case goes on for what lies under it.",
        },
    )

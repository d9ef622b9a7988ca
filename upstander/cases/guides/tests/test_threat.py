"""The path of a threat assessment, attacked: no outcome without reasons, no end without steps."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import settings as budget
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from upstander.base.refused import Refused
from upstander.cases.actions.timeline import Entry
from upstander.cases.guides.loading import levels, read_threat, threat_guide
from upstander.cases.guides.steps import Settled
from upstander.cases.guides.threat import Path, Paths, Stage, after, paths_of
from upstander.rulefiles import RuleFileWrong

GUIDE = threat_guide()
REASONS = st.sampled_from(["", "  ", "They said so and put it right."])
KEYS = st.sampled_from(
    ["yes", "no", "transient", "substantive", "unsure", "serious", "very_serious", "nothing", ""]
)


class AnyTeam(RuleBasedStateMachine):
    """A team that tries anything in any order, with or without reasons."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: Paths = ()
        self.kept: list[Entry] = []
        self.ended: set[UUID] = set()
        self.frozen: list[Path] = []

    def say(self, said: dict[str, Any]) -> None:
        """Say something as the page would; what is refused changes nothing."""
        entry = uuid4()
        try:
            moved = after(self.paths, said, GUIDE, entry=entry, ended=self.ended)
        except Refused:
            return
        last = moved[-1].answers[-1]
        if said["did"] in ("begin", "answer"):
            said = said | {
                "fork": last.fork,
                "asked": last.asked,
                "answered": last.answered,
                "leads_to": last.leads_to,
                "why": last.why,
            }
        for before, now in zip(self.paths[:-1], moved, strict=False):
            assert before == now, "an earlier assessment was edited"
        if self.paths and not self.paths[-1].live:
            assert moved[len(self.paths) - 1] == self.paths[-1], "what had ended was edited"
        self.paths = moved
        self.kept.append(Entry(entry, len(self.kept), "threat", None, 1, None, said, inner=False))  # type: ignore[arg-type]

    @rule(answer=KEYS, why=REASONS, replaces=st.booleans(), because=REASONS)
    def begin(self, answer: str, why: str, replaces: bool, because: str) -> None:
        of = str(self.paths[-1].id) if self.paths and replaces else ""
        self.say({"did": "begin", "answer": answer, "why": why, "replaces": of, "because": because})

    @rule(exact=REASONS, context=REASONS)
    def write(self, exact: str, context: str) -> None:
        self.say({"did": "words", "exact": exact, "context": context})

    @rule(fork=st.sampled_from([*GUIDE.forks, "danger", ""]), answer=KEYS, why=REASONS)
    def answer(self, fork: str, answer: str, why: str) -> None:
        self.say({"did": "answer", "fork": fork, "answer": answer, "why": why})

    @rule(outcome=st.sampled_from([*GUIDE.outcomes, ""]), data=st.data())
    def settle(self, outcome: str, data: st.DataObject) -> None:
        steps = GUIDE.outcomes[outcome].steps if outcome else ()
        how = {one.key: data.draw(st.sampled_from(["take", "leave", "bare", ""])) for one in steps}
        settled = Settled(
            {key: uuid4() for key, chosen in how.items() if chosen == "take"},
            {
                key: "R" if chosen == "leave" else " "
                for key, chosen in how.items()
                if chosen in ("leave", "bare")
            },
        )
        self.say({"did": "steps", "outcome": outcome, **settled.words()})

    @precondition(lambda self: bool(self.paths))
    @rule()
    def right_way(self) -> None:
        """Go on as one should, so that the machine also reaches the far end."""
        path = self.paths[-1]
        if path.stage is Stage.WORDS:
            self.write("x", "y")
        elif path.stage is Stage.FORK:
            first = GUIDE.forks[path.fork].answers[-1]
            self.say({"did": "answer", "fork": path.fork, "answer": first.key, "why": "R"})
        elif path.stage is Stage.STEPS:
            taken = {one.key: uuid4() for one in GUIDE.outcomes[path.outcome].steps}
            said = {"did": "steps", "outcome": path.outcome, **Settled(taken, {}).words()}
            self.say(said)

    @precondition(lambda self: bool(self.paths))
    @rule(every=st.booleans())
    def end_steps(self, every: bool) -> None:
        taken = sorted(self.paths[-1].settled.taken.values())
        self.ended |= set(taken if every else taken[:1])

    @rule(words=REASONS)
    def finish(self, words: str) -> None:
        self.say({"did": "finish", "words": words})

    @invariant()
    def no_outcome_without_its_reasons(self) -> None:
        for path in self.paths:
            if path.outcome and path.outcome != "danger":
                assert path.exact.strip()
                assert path.context.strip()
                assert all(one.why.strip() for one in path.answers[1:])
                assert len(path.answers) > 1

    @invariant()
    def danger_is_no_path(self) -> None:
        for path in self.paths:
            if path.answers[0].leads_to == "outcome:danger":
                assert len(path.answers) == 1
                assert path.outcome == "danger"

    @invariant()
    def in_doubt_the_graver(self) -> None:
        for path in self.paths:
            said = {one.fork: one.answered for one in path.answers}
            unsure = "We are not sure"
            if said.get("lasting") == unsure:
                assert path.outcome != "transient"
            if said.get("gravity") == unsure:
                assert path.outcome == "very_serious"

    @invariant()
    def no_end_without_each_step_or_its_reason(self) -> None:
        for path in self.paths:
            if path.stage is Stage.FINISHED:
                for step in GUIDE.outcomes[path.outcome].steps:
                    action = path.settled.taken.get(step.key)
                    done = action is not None and action in self.ended
                    assert done or path.settled.left.get(step.key, "").strip()
                assert path.finish.strip()

    @invariant()
    def one_at_a_time_and_told_again_the_same(self) -> None:
        assert sum(path.live for path in self.paths) <= 1
        assert paths_of(self.kept, GUIDE) == self.paths


AnyTeam.TestCase.settings = budget(max_examples=60, stateful_step_count=25, deadline=None)
TestAnyTeam = AnyTeam.TestCase


def test_an_entry_that_does_not_open_stops_the_path_and_is_not_passed_over() -> None:
    broken = Entry(uuid4(), 1, "threat", None, 1, None, {"words": "?"}, inner=False)  # type: ignore[arg-type]
    assert [path.stage for path in paths_of([broken], GUIDE)] == [Stage.OUTDATED]


def test_every_fork_has_a_way_for_doubt_and_it_is_the_graver() -> None:
    for fork in GUIDE.forks.values():
        unsure = fork.answer("unsure")
        assert unsure is not None
        assert unsure.leads_to != "outcome:transient"
        assert unsure.leads_to == fork.answers[-2].leads_to, "as the gravest certain answer"


def test_every_outcome_is_looked_at_again_and_the_gravest_can_not_go_unmarked() -> None:
    for outcome in GUIDE.outcomes.values():
        assert any(step.review for step in outcome.steps), outcome.key
    for key in ("danger", "very_serious"):
        assert GUIDE.outcomes[key].life_safety
    high = levels()["high"]
    assert high.life_safety
    assert {"stays", "crisis", "evaluation"} == {s.key for s in high.steps if s.leave == "never"}
    assert all(step.ask for step in high.steps if step.leave == "never")


@pytest.mark.parametrize(
    ("from_text", "to_text", "says"),
    [
        ('leads_to = "outcome:transient"', 'leads_to = "outcome:other"', "leads to nothing"),
        ('leads_to = "outcome:serious"', 'leads_to = "fork:lasting"', "leads back"),
        ('kind = "police"', 'kind = "sheriff"', "no entry of a case"),
        ('leave = "reason"', 'leave = "always"', "leave must be"),
        ("within = 24", 'within = "soon"', "number of hours"),
        ('key = "serious"', 'key = "very_serious"', "twice|leads to nothing"),
    ],
)
def test_a_careless_path_is_refused(from_text: str, to_text: str, says: str) -> None:
    from importlib.resources import files  # noqa: PLC0415

    text = files("upstander.cases.guides").joinpath("data", "threat.toml").read_text("utf-8")
    assert from_text in text
    with pytest.raises(RuleFileWrong, match=says):
        read_threat(text.replace(from_text, to_text).encode(), "threat.toml")

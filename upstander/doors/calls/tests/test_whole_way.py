"""A call over real requests in both directions: a student's phone, two ears, a room, the code."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from conftest import Cast
from tests import waiting
from tests.phones import Phones, Talk, phones
from tests.waiting import PATIENCE
from upstander.carriers.models import Channel
from upstander.carriers.tests.lines import Site, a_way, as_worker, entry, write_providers
from upstander.carriers.tests.test_whole_way import served
from upstander.desk.tests.tips import a_tip
from upstander.doors.actions import calls
from upstander.doors.call_models import Call, CallBack, Leg
from upstander.doors.calls import sweeps
from upstander.doors.calls.tests.conftest import EARS
from upstander.doors.calls.tests.lines import INTERPRETER, LINE, OWN_PHONE, PHONE
from upstander.doors.calls.wishes import line_that_calls, wish_call
from upstander.doors.texts import numbers
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip

__all__ = ["phones"]


@pytest.fixture
def cast(committed_cast: Cast) -> Cast:
    """The cast in a database of its own: the server's threads must see what is committed."""
    return committed_cast


@dataclass
class Worker:
    """The worker's lane of calls, on a thread, as fast as it can."""

    stop: threading.Event

    def run(self) -> None:
        """Turn until it is stopped."""
        try:
            while not self.stop.wait(0.05):
                with as_worker():
                    sweeps.sweep_orders()
                    sweeps.sweep_rings()
                    sweeps.sweep_taken()
                    sweeps.sweep_silence()
        finally:
            connection.close()


@pytest.fixture
def line(
    cast: Cast, site: Site, phones: Phones, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Phones]:
    """North's line, the public site behind it, the worker, and three counselors' phones."""
    numbers.forget()
    with served() as base:
        write_providers(
            tmp_path,
            monkeypatch,
            entry(phones, "north", 1, callback_url=base, from_number="+18605550198"),
        )
        (tmp_path / "interpreter.keys").write_text("ww4321#")
        (tmp_path / "interpreter.keys").chmod(0o600)
        with (tmp_path / "providers.toml").open("a") as file:
            file.write(
                f'[[line]]\nnumber = "{LINE}"\nprovider = "north"\ndistrict = "maple-valley"\n'
                f'calls = true\nfallback = "{OWN_PHONE}"\ninterpreter = "{INTERPRETER}"\n'
                'interpreter_keys_file = "interpreter.keys"\n'
            )
        at = f"{base}/carriers/north/door/call"
        phones.line(LINE, url=at, status=f"{at}/status")
        for name, number in EARS.items():
            a_way(cast.people[name], Channel.VOICE, number)
        stop = threading.Event()
        worker = threading.Thread(target=Worker(stop).run, daemon=True)
        worker.start()
        try:
            yield phones
        finally:
            stop.set()
            worker.join(PATIENCE)


def until(check: Callable[[], Any]) -> None:
    """Wait until something holds in the database."""
    assert waiting.until(check), "it never came"


def taken(line: Phones, cast: Cast) -> tuple[Talk, Talk]:
    """Let a student call and alice take it; return both phones' calls."""
    cast.client("alice")
    caller = line.call(PHONE, LINE)
    caller.hears("911")
    ear = line.takes(EARS["alice"], "1")
    caller.in_room()
    return caller, ear


def test_they_hear_each_other_and_the_caller_alone_hears_the_code(cast: Cast, line: Phones) -> None:
    caller, ear = taken(line, cast)
    ear.say("I am here. Are you safe?")
    caller.hears("Are you safe?")
    caller.say("No.")
    ear.hears("No.")
    tip = Tip.objects.get(channel="voice")
    assert (tip.state, tip.claimed_by) == ("claimed", cast.people["alice"].pk)
    ear.hang_up()
    caller.hears("code to come back with")
    code = re.findall(r"(?:\d ){3}\d", " ".join(caller.heard()))
    assert len(code) == 8
    assert not any(code[0] in said for said in ear.heard())
    caller.nothing()
    caller.ended()
    until(lambda: Call.objects.get().state == "over")


def test_a_caller_who_hangs_up_is_told_to_the_counselor(cast: Cast, line: Phones) -> None:
    caller, ear = taken(line, cast)
    caller.hang_up()
    ear.hears("hung up")
    ear.ended()
    until(lambda: not Leg.objects.exclude(state="over").exists())


def test_hold_a_colleague_and_an_interpreter(cast: Cast, line: Phones) -> None:
    caller, ear = taken(line, cast)
    viewer, call = cast.viewer("alice"), Call.objects.get().pk
    calls.hold(viewer, call)
    caller.hears("right back")
    ear.say("Nobody hears this.")
    calls.resume(viewer, call)
    caller.in_room()
    ear.say("Here I am again.")
    caller.hears("Here I am again.")
    assert not any("Nobody hears" in said for said in caller.heard())
    calls.join_interpreter(viewer, call)
    interpreter = line.takes(INTERPRETER)
    interpreter.in_room()
    interpreter.say("Interpreter here.")
    caller.hears("Interpreter here.")
    calls.move(viewer, call, cast.people["bea"].pk)
    other = line.takes(EARS["bea"], "1")
    ear.hears("colleague")
    ear.ended()
    other.in_room()
    line.wait(lambda: len(other.rooms()[0].parts) == 3)
    other.say("I am Bea.")
    caller.hears("I am Bea.")
    interpreter.hears("I am Bea.")


def test_two_ears_ring_one_is_in_the_other_is_told_or_stops(cast: Cast, line: Phones) -> None:
    cast.client("alice")
    cast.client("bea")
    caller = line.call(PHONE, LINE)
    first, second = line.takes(EARS["alice"]), line.takes(EARS["bea"])
    first.hears("Press 1")
    second.hears("Press 1")
    first.press("1")
    caller.in_room()
    second.ended()
    assert Call.objects.get().taken_by == cast.people["alice"].pk


def test_a_mailbox_never_gets_a_caller(cast: Cast, line: Phones) -> None:
    cast.client("alice")
    line.behave(EARS["alice"], calls="machine", after=0.1)
    caller = line.call(PHONE, LINE)
    line.wait(lambda: any(call.over for call in line.calls(EARS["alice"])))
    assert Call.objects.get().state == "waiting"
    assert caller.status == "in-progress"


def test_who_is_called_back_presses_1_and_has_their_counselor(cast: Cast, line: Phones) -> None:
    caller = line.call(PHONE, LINE)
    caller.asked()
    Call.objects.update(waits_since=Call.objects.get().begun_at.replace(year=2025))
    caller.press("1")
    caller.hears("press 5")
    caller.press("5")
    caller.hears("call you back")
    caller.hang_up()
    until(lambda: Call.objects.get().state == "over")
    # What rang for the call before is no longer to be picked up.
    line.wait(lambda: all(call.over for call in line.calls(EARS["alice"])))
    calls.call_back(open_tip(cast.viewer("alice"), Tip.objects.get(channel="voice").pk))
    ear = line.takes(EARS["alice"], "1")
    theirs = line.takes(PHONE)
    theirs.hears("Somebody asked for a call")
    theirs.press("1")
    theirs.in_room()
    ear.say("Hello, it is me.")
    theirs.hears("Hello, it is me.")


def test_who_asks_on_the_website_is_rung_again_when_a_phone_dropped(
    cast: Cast, line: Phones
) -> None:
    filed = a_tip(cast)
    known = line_that_calls("maple-valley")
    assert known
    wish_call(filed.session_token, known, PHONE, "now", once=uuid4())
    for drops in (True, False):
        calls.call_back(open_tip(cast.viewer("alice"), filed.tip_id))
        ear = line.takes(EARS["alice"], "1")
        theirs = line.takes(PHONE)
        theirs.hears("Somebody asked for a call")
        theirs.press("1")
        theirs.in_room()
        ear.say("Hello, it is me.")
        theirs.hears("Hello, it is me.")
        if drops:
            theirs.hang_up()
            ear.hears("hung up")
            until(lambda: not Call.objects.filter(ended_at=None).exists())
            until(lambda: not Leg.objects.exclude(state="over").exists())
    assert CallBack.objects.get().rung == 2
    calls.hold(cast.viewer("alice"), Call.objects.get(ended_at=None).pk)
    theirs.hears("still there")
    theirs.press("1")
    theirs.hears("whoever is free")
    ear.hears("not on hold any more")
    ear.ended()
    assert Tip.objects.count() == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"copies": 2},
        {"reorder": True},
        {"late": 0.3},
        {"silent": True},
        {"stranger": True},
        {"lose": "completed"},
        {"drop": True},
    ],
    ids=lambda fault: next(iter(fault)),
)
def test_a_provider_that_repeats_mixes_up_is_late_or_silent_changes_nothing(
    cast: Cast, line: Phones, fault: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeps, "SILENT", 1)
    line.provider("north").behave(**fault)
    caller, ear = taken(line, cast)
    ear.say("I am here.")
    caller.hears("I am here.")
    caller.hang_up()
    ear.hears("hung up")
    until(lambda: not Leg.objects.exclude(state="over").exists())
    assert Tip.objects.filter(channel="voice").count() == 1


def test_where_no_leg_can_be_moved_the_caller_comes_by_their_own_next_question(
    cast: Cast, line: Phones
) -> None:
    line.provider("north").behave(unwilling=503)
    cast.client("alice")
    caller = line.call(PHONE, LINE)
    caller.asked()
    ear = line.takes(EARS["alice"], "1")
    until(lambda: Call.objects.get().state == "talking")
    caller.nothing()
    caller.in_room()
    ear.say("I am here.")
    caller.hears("I am here.")


def test_a_forger_gets_nowhere_and_the_document_at_the_provider_is_heard(
    cast: Cast, line: Phones
) -> None:
    line.provider("north").behave(forge=True)
    caller = line.call(PHONE, LINE)
    caller.ended()
    assert not Tip.objects.filter(channel="voice").exists()
    assert not Call.objects.exists()

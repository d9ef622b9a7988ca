"""Texts attacked: what is lost, sent to nobody's use, paid for by us, or kept too long."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection

from upstander.base.refused import Refused
from upstander.carriers.simulator.things import FINAL_TEXT
from upstander.carriers.tests.lines import as_worker, call_in
from upstander.doors.actions.texts import send_bridge
from upstander.doors.models import Bridge, Picture, ProviderCopy, Season, TextOrder, Thread
from upstander.doors.texts import numbers, receive, sweeps
from upstander.doors.texts.tests.lines import OTHER_LINE, PHONE, Door
from upstander.doors.texts.tests.test_around import a_picture, with_pictures
from upstander.escalations.tests.alerts import Clock
from upstander.intake.routing import NoCenter
from upstander.tips import files
from upstander.tips.actions.writing import add_reply
from upstander.tips.models import Message
from upstander.tips.opening import UNREADABLE
from upstander.vault.envelopes import bind
from upstander.vault.seeds import seal_to_inbox

pytestmark = pytest.mark.django_db

LONG = "All of us here read what you write, and nobody is in trouble for it. " * 9


def test_no_copy_is_deleted_while_its_picture_is_not_here(door: Door, clock: Clock) -> None:
    with_pictures(door, a_picture())
    clock.move(61)
    with as_worker():
        assert sweeps.sweep_copies() == 0
    door.work()
    [file] = door.contents().files
    assert file.about["kind"] == "image"
    with as_worker():
        assert sweeps.sweep_copies() == 2


def test_a_part_that_did_not_arrive_takes_the_rest_along(door: Door) -> None:
    door.text("There is a boy.")
    add_reply(door.opened(), LONG)
    with as_worker():
        assert sweeps.sweep_texts() == 1
    first = TextOrder.objects.order_by("id")[0]
    door.receipt(first.key, first.ref, "undelivered", "30003")
    door.work()
    assert {order.state for order in TextOrder.objects.all()} == {"failed"}
    assert not TextOrder.objects.exclude(sealed=None).exists()


def test_what_waited_when_stop_came_is_not_sent_after_start(door: Door) -> None:
    door.text("There is a boy.")
    add_reply(door.opened(), "Where is he?")
    door.text("stop")
    door.text("start")
    door.work()
    assert door.arrived() == []
    assert TextOrder.objects.get().state == "stopped"


def test_a_machine_that_asks_for_help_is_not_answered_without_end(door: Door) -> None:
    answers = [door.text("help") for _ in range(40)]
    assert answers[:3].count("") == 0
    assert answers[-15:] == [""] * 15
    assert len(door.said()) == 40, "and each is kept"


def test_a_word_that_a_provider_says_twice_is_answered_once(door: Door) -> None:
    door.text("There is a boy.")
    assert door.text("help", ref="SMhelp")
    assert door.text("help", ref="SMhelp") == ""


def test_a_flood_of_words_is_answered_by_nothing_either(door: Door) -> None:
    answers = [door.text("help", f"+1860555{3000 + number}") for number in range(43)]
    assert answers[40:] == ["", "", ""]


@pytest.mark.parametrize("number", ["+18765550123", "+18095550123", "+19005550123"])
def test_what_is_dear_to_text_is_heard_and_answered_by_nothing(door: Door, number: str) -> None:
    assert door.text("Hello", number) == ""
    assert door.text("help", number) == ""
    assert door.said() == ["Hello", "help"]


def test_a_tip_that_is_forgotten_leaves_no_phone_and_nothing_on_its_way(door: Door) -> None:
    with_pictures(door, a_picture())
    add_reply(door.opened(), "Where is he?")
    send_bridge(door.opened())
    tip = door.tip().pk
    with connection.cursor() as cursor:
        cursor.execute("SELECT retention_forget(p_subject => %s)", [tip])
    for model in (Thread, TextOrder, Picture, Bridge):
        assert not model.objects.exists(), model
    assert door.text("Are you there?")
    assert len(door.tips()) == 2


def test_an_answer_to_the_line_that_carried_a_reply_is_the_same_conversation(door: Door) -> None:
    door.text("There is a boy.")
    form = {"MessageSid": "SMo", "From": PHONE, "To": OTHER_LINE, "Body": "B.", "NumMedia": "0"}
    token = door.phones.provider("south").account.token
    door.phones.provider("north").behave(refuse=503)
    add_reply(door.opened(), "Where is he?")
    door.work()
    assert TextOrder.objects.get().provider == "south"
    call_in(door.site, "/carriers/south/door/text", {**form, "Body": "Gym."}, token=token)
    assert door.said() == ["There is a boy.", "Where is he?", "Gym."]


def test_a_phone_of_which_two_processes_began_a_thread_each_is_still_heard(
    door: Door, clock: Clock
) -> None:
    door.text("One.")
    older = Thread.objects.get()
    season = Season.objects.get()
    mark = bytes(older.pseudonym)
    Thread.objects.update(pseudonym=b"x" * 32)
    door.text("Two.")
    # The first began under the season before, which its process still took for the newest.
    before = Season.objects.create(salt=b"s" * 32, begun_at=season.begun_at - timedelta(days=20))
    marks = numbers.marks_of(PHONE, fresh=True)
    assert marks.newest == mark
    clock.move(20)
    now = season.begun_at + timedelta(seconds=20)
    Thread.objects.filter(pk=older.pk).update(
        pseudonym=marks.all[1], season_id=before.pk, last_at=now
    )
    assert door.send("Three.").status_code == 200
    assert door.send("Four.").status_code == 200
    assert len(door.tips()) == 2


def test_one_text_that_can_not_be_opened_holds_up_no_other(door: Door) -> None:
    door.text("There is a boy.")
    add_reply(door.opened(), "Where is he?")
    TextOrder.objects.update(sealed=b"\0" * 80)
    add_reply(door.opened(), "Are you safe?")
    door.work()
    door.phones.wait(lambda: bool(door.arrived()))
    assert door.arrived() == ["Are you safe?"]


def test_what_a_restored_backup_would_say_days_later_is_not_said(door: Door, clock: Clock) -> None:
    door.text("There is a boy.")
    add_reply(door.opened(), "Can you get out now?")
    clock.move(3 * 86_400)
    door.work()
    assert door.arrived() == []
    assert TextOrder.objects.get().state == "failed", "and whoever wrote it sees that"


def test_our_text_is_deleted_though_its_arrival_was_not_told(door: Door, clock: Clock) -> None:
    door.text("There is a boy.")
    ProviderCopy.objects.all().delete()
    add_reply(door.opened(), "Where is he?")
    door.work()
    sent = next(one for one in door.phones.world.texts.values() if not one.inbound)
    # On its way still, no provider deletes it.
    door.phones.wait(lambda: sent.status in FINAL_TEXT)
    clock.move(3_700)
    with as_worker():
        sweeps.sweep_over()
    order = TextOrder.objects.get()
    assert ProviderCopy.objects.count() == 1
    clock.move(90)
    with as_worker():
        assert sweeps.sweep_copies() == 1
        sweeps.sweep_over()
    assert not ProviderCopy.objects.exists()
    assert order.state == "sent"


def test_ten_thousands_of_pictographs_are_kept(door: Door) -> None:
    door.text("🫶" * 20_000)
    door.text("🫶" * 20_000)
    assert [len(said) for said in door.said()] == [15_000, 15_000]


def test_a_reply_outlives_ten_minutes_without_any_provider(door: Door, clock: Clock) -> None:
    door.text("There is a boy.")
    for name in ("north", "south"):
        door.phones.provider(name).behave(refuse=503)
    add_reply(door.opened(), "Where is he?")
    for _ in range(20):
        door.work()
        clock.move(31)
    assert TextOrder.objects.get().state == "due"
    door.phones.provider("north").behave(refuse=0)
    clock.move(120)
    door.work()
    door.phones.wait(lambda: bool(door.arrived()))
    assert door.arrived() == ["Where is he?"]


def test_where_no_center_can_take_it_the_provider_is_told_to_try_again(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_args: object) -> None:
        raise NoCenter

    monkeypatch.setattr(receive, "route_now", none)
    assert door.send("There is a boy.").status_code == 503


def test_the_picture_that_finds_no_room_is_said_to_be_missing_and_leaves_no_file(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored: set[object] = set()
    monkeypatch.setattr(files, "put_file", lambda _s, name, *_r: stored.add(name))
    monkeypatch.setattr(files, "remove_file", stored.discard)
    for _ in range(4):
        with_pictures(door, *[a_picture()] * 10)
        door.work()
    kept = set(stored)
    assert len(kept) >= 40
    with_pictures(door, a_picture(), a_picture(), body="These too.")
    door.work()
    assert not Picture.objects.exists()
    assert stored == kept
    contents = door.contents()
    assert len(contents.files) == 40
    # Once, since they are told at once of all that comes.
    assert door.said()[-2:] == [
        "These too.",
        "(A picture) File limit reached. Please tell us in words.",
    ]
    with_pictures(door, a_picture(), body="And this.")
    door.work()
    assert door.said()[-1] == "And this."


def test_no_reply_goes_out_by_another_district_s_line(door: Door, tmp_path: Path) -> None:
    file = tmp_path / "providers.toml"
    mine = 'provider = "south"\n'
    door.text("There is a boy.")
    door.phones.provider("north").behave(refuse=503)
    file.write_text(f'{file.read_text()}district = "pine-hills"\n')
    assert mine in file.read_text()
    add_reply(door.opened(), "Where is he?")
    door.work()
    order = TextOrder.objects.get()
    assert (order.state, order.provider) == ("due", "north")
    assert door.arrived() == []
    file.write_text(file.read_text().replace("pine-hills", "maple-valley"))
    TextOrder.objects.update(due_at=order.at)
    door.work()
    assert TextOrder.objects.get().provider == "south"


def test_nobody_is_texted_ways_to_the_website_without_end(door: Door, clock: Clock) -> None:
    door.text("There is a boy.")
    for _ in range(3):
        send_bridge(door.opened())
    newest = bytes(Bridge.objects.get().lookup_id)
    with pytest.raises(Refused, match="in the last half hour"):
        send_bridge(door.opened())
    assert TextOrder.objects.count() == 3
    assert bytes(Bridge.objects.get().lookup_id) == newest, "what was sent last still works"
    clock.move(1801)
    send_bridge(door.opened())
    assert TextOrder.objects.count() == 4


def test_who_writes_the_database_alone_plants_no_word_and_no_number(door: Door) -> None:
    door.text("There is a boy.")
    tip, thread = door.tip(), door.thread()
    inbox, row = bytes(tip.inbox_public), uuid4()
    # All that an owner without keys can make: a box to a public key, bound to its row.
    planted = seal_to_inbox(inbox, b"I made it up.", aad=bind(tip.pk, row, "message"))
    Message.objects.create(
        id=row,
        tip_id=tip.pk,
        district_id=tip.district_id,
        author="reporter",
        sealed=planted,
        to_inbox=True,
        at=tip.received_at,
        turn=9,
    )
    assert "I made it up." not in door.said()
    assert door.said()[-1] == UNREADABLE
    stranger = seal_to_inbox(inbox, b"+18605550199", aad=bind(tip.pk, thread.pk, "number"))
    Thread.objects.filter(pk=thread.pk).update(number=stranger)
    with pytest.raises(Refused, match="exchanged"):
        add_reply(door.opened(), "Where is he?")
    assert not TextOrder.objects.exists()


def test_what_we_sent_ourselves_is_no_childs_text(door: Door) -> None:
    """A number for reporters that was given as a phone of staff, or of the self-test."""
    own = door.phones.provider("north").account.number
    assert door.text("LIFE SAFETY LJ59: a tip needs someone. http://desk.example/a/x", own) == ""
    assert door.tips() == []

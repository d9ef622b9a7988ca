"""Texts of reporters: each kept once, in one conversation, and no number anywhere."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.http import Http404
from django.utils.html import strip_tags

from upstander.carriers.tests.lines import as_worker
from upstander.doors.models import Season, TextOrder, Thread
from upstander.doors.texts import numbers, sweeps
from upstander.doors.texts.tests.lines import LINE, PHONE, SECOND, Door, at_desk
from upstander.doors.texts.words import (
    MOST,
    STOP_WORDS,
    first_answer,
    help_answer,
    in_parts,
    start_answer,
    stop_answer,
)
from upstander.escalations.models import Alert, News
from upstander.escalations.tests.alerts import Clock
from upstander.tips.actions.writing import add_reply
from upstander.tips.models import Message
from upstander.tips.reporter import open_with_code
from upstander.vault.codes import code_for

pytestmark = pytest.mark.django_db


def everything() -> str:
    """Return all rows of all tables as the owner reads them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n"
            " ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname = 'public'"
        )
        tables = [row[0] for row in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} t")
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def test_a_phones_first_text_is_a_tip_and_later_ones_are_turns_of_it(door: Door) -> None:
    answer = door.text("There is a boy with a knife in his bag.")
    assert "Lakeside" in answer
    assert "911" in answer
    assert "STOP" in answer
    assert len(answer) <= 320
    assert door.text("He is in grade 8.") == "", "only a first text is answered by itself"
    tip = door.tip()
    assert (tip.channel, tip.priority) == ("sms", "urgent")
    assert tip.district_id == door.cast.maple.pk
    assert door.said() == ["There is a boy with a knife in his bag.", "He is in grade 8."]
    assert door.text("I am somebody else.", SECOND)
    assert len(door.tips()) == 2


def test_a_text_wakes_who_is_asked_and_brings_back_what_was_closed(door: Door) -> None:
    door.text("Something is wrong.")
    News.objects.all().delete()
    door.text("It is worse now.")
    assert News.objects.filter(kind="wrote").exists()
    assert Alert.objects.filter(subject_id=door.tip().pk).exists()


def test_what_a_provider_says_twice_is_heard_once(door: Door) -> None:
    for _ in range(3):
        door.text("First.", ref="SMfirst")
    for _ in range(3):
        door.text("Second.", ref="SMsecond")
    door.text("First.", ref="SMfirst")
    assert door.said() == ["First.", "Second."]


def test_unsigned_and_on_a_wrong_line_nothing_is_written(door: Door) -> None:
    response = door.site.post(
        "/carriers/north/door/text", {"MessageSid": "SM1", "From": PHONE, "To": LINE, "Body": "x"}
    )
    assert response.status_code == 403
    assert door.send("x", To="+18605550199").status_code == 403
    assert door.send("x", To="+18605550171").status_code == 403, "that one is south's"
    assert not Message.objects.exists()
    assert not Thread.objects.exists()


def test_no_number_stands_anywhere_in_clear(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    door.text("There is a boy.")
    door.text("And a knife.")
    add_reply(door.opened(), "Thank you. Where is he?")
    assert TextOrder.objects.get().sealed is not None
    rows = everything()
    digits = PHONE[2:]
    for form in (PHONE, digits, PHONE.encode().hex(), digits.encode().hex()):
        assert form not in rows
    assert digits not in caplog.text
    page = door.page()
    assert digits not in page
    assert digits[-4:] not in strip_tags(page), "an address may hold these digits by chance"


def test_who_has_the_keys_of_codes_and_the_first_text_opens_nothing(door: Door) -> None:
    door.text("First.", ref="SMfirst")
    door.text("Later.")
    token = numbers.token_of("north", "SMfirst")
    made = code_for(token, "First.", language="en", code_key=settings.CODE_KEY)
    assert open_with_code(made) is None
    late = Message.objects.get(to_inbox=True)
    assert b"Later." not in bytes(late.sealed)


def test_a_reply_goes_to_the_phone_and_its_envelope_is_gone(door: Door) -> None:
    door.text("There is a boy.")
    sent = add_reply(door.opened(), "Thank you. Where is he now?")
    door.work()
    door.phones.wait(lambda: bool(door.arrived()))
    assert door.arrived() == ["Thank you. Where is he now?"]
    order = TextOrder.objects.get()
    assert (order.message_id, order.state, order.sealed) == (sent.pk, "sent", None)
    assert door.receipt(order.key, order.ref, "delivered").status_code == 204
    assert TextOrder.objects.get().state == "delivered"
    assert door.receipt(order.key, order.ref, "failed").status_code == 204
    assert TextOrder.objects.get().state == "delivered", "what is final stays"
    assert door.receipt(uuid4(), order.ref, "delivered").status_code == 404


def test_a_worker_that_dies_between_loses_nothing(door: Door, clock: Clock) -> None:
    door.text("There is a boy.")
    add_reply(door.opened(), "Where is he?")
    with as_worker():
        claimed = sweeps._claimed(sweeps._CLAIM_TEXTS, sweeps.LEASE, 5)
        assert len(claimed) == 1
        assert sweeps.sweep_texts() == 0, "somebody holds it"
    clock.move(sweeps.LEASE + 1)
    door.work()
    door.phones.wait(lambda: bool(door.arrived()))
    assert door.arrived() == ["Where is he?"]


def test_where_one_provider_refuses_the_other_carries_it(door: Door) -> None:
    door.text("There is a boy.")
    door.phones.provider("north").behave(refuse=503)
    add_reply(door.opened(), "Where is he?")
    door.work()
    door.phones.wait(lambda: bool(door.arrived()))
    assert TextOrder.objects.get().provider == "south"


def test_long_words_go_in_parts_each_after_the_one_before(door: Door, clock: Clock) -> None:
    door.text("There is a boy.")
    words = "All of us here read what you write, and nobody is in trouble for it. " * 9
    add_reply(door.opened(), words)
    parts = in_parts(words)
    assert len(parts) == 2
    assert all(len(part) <= 320 for part in parts)
    assert " ".join(part.split(" ", 1)[1] for part in parts) == words.strip()
    with as_worker():
        assert sweeps.sweep_texts() == 1
        assert sweeps.sweep_texts() == 0, "the second waits for the first"
    first = TextOrder.objects.order_by("id")[0]
    door.receipt(first.key, first.ref, "delivered")
    door.work()
    door.phones.wait(lambda: len(door.arrived()) == 2)
    assert door.arrived() == parts


def test_arabic_of_1600_letters_is_one_turn(door: Door) -> None:
    words = ("صديقتي تبكي كل يوم ولا تريد أن تتكلم " * 50)[:1600].strip()
    answer = door.text(words)
    assert door.said() == [words]
    assert door.tip().language == "ar"
    assert "911" in answer


@pytest.mark.parametrize("word", sorted(STOP_WORDS))
def test_each_word_that_stops_is_obeyed_and_shown(door: Door, word: str) -> None:
    door.text("There is a boy.")
    News.objects.all().delete()
    answer = door.text(word.upper())
    assert "START" in answer
    assert door.thread().stopped_at is not None
    assert News.objects.filter(kind="wrote").exists(), "whoever has it is told"
    page = door.page()
    assert "They sent STOP" in page
    add_reply(door.opened(), "Are you safe?")
    assert not TextOrder.objects.exists(), "nothing goes to that phone"
    assert door.said()[-1] == "Are you safe?"
    door.text("start")
    assert door.thread().stopped_at is None
    add_reply(door.opened(), "Hello again.")
    door.work()
    door.phones.wait(lambda: bool(door.arrived()))
    assert door.arrived() == ["Hello again."], "old words are never sent later"


def test_a_word_that_stops_within_a_sentence_stops_nothing(door: Door) -> None:
    door.text("please make it stop")
    door.text("the end")
    assert door.thread().stopped_at is None


def test_stop_that_a_provider_took_itself_is_answered_by_it_alone(door: Door) -> None:
    door.text("There is a boy.")
    assert door.text("Stop", OptOutType="STOP") == ""
    assert door.thread().stopped_at is not None


def test_help_that_a_provider_answers_itself_is_answered_by_it_alone(door: Door) -> None:
    # Whoever's first text it is learns all the same that a person reads it.
    assert "we have your text" in door.text("Help", OptOutType="HELP")
    assert door.text("Help", OptOutType="HELP") == ""
    assert door.text("Help")
    assert door.said() == ["Help"] * 3


def test_a_refusal_for_stop_is_noted_where_nobody_told_us(door: Door) -> None:
    door.text("There is a boy.")
    door.phones.provider("north").account.stopped.add((LINE, PHONE))
    add_reply(door.opened(), "Where is he?")
    door.work()
    assert TextOrder.objects.get().state == "stopped"
    assert door.thread().stopped_at is not None


def test_after_30_days_of_silence_the_number_is_gone_and_after_60_its_key(
    door: Door, clock: Clock
) -> None:
    door.text("There is a boy.")
    mark = bytes(door.thread().pseudonym)
    [salt] = [bytes(season.salt) for season in Season.objects.all()]
    clock.move(29 * 86_400)
    with as_worker():
        sweeps.sweep_over()
    assert Thread.objects.exists()
    clock.move(2 * 86_400)
    with as_worker():
        sweeps.sweep_over()
    assert not Thread.objects.exists()
    numbers.marks_of(SECOND, fresh=True)
    clock.move(30 * 86_400)
    with as_worker():
        sweeps.sweep_over()
    assert salt not in [bytes(season.salt) for season in Season.objects.all()]
    assert mark not in numbers.marks_of(PHONE, fresh=True).all
    door.text("Hello?")
    assert len(door.tips()) == 2, "whoever has that number now finds nothing of before"


def test_whoever_writes_every_month_stays_one_conversation(door: Door, clock: Clock) -> None:
    door.text("One.")
    for number in range(4):
        clock.move(25 * 86_400)
        numbers.marks_of(PHONE, fresh=True)
        with as_worker():
            sweeps.sweep_over()
        door.text(f"And {number}.")
    assert len(door.tips()) == 1


def test_a_stranger_reads_nothing_of_it(door: Door) -> None:
    door.text("There is a boy.")
    for name in ("charlie", "cora"):
        with pytest.raises(Http404):
            door.opened(name)
        with at_desk():
            sent = door.desk(name).post(f"/tips/{door.tip().pk}/bridge")
        assert sent.status_code in (403, 404)
    assert not TextOrder.objects.exists()


def test_a_flood_is_marked_and_none_is_refused(door: Door) -> None:
    for number in range(44):
        answer = door.text(f"Words {number}", f"+1860555{2000 + number}")
    assert answer == "", "a flood is answered by people alone"
    tips = door.tips()
    assert len(tips) == 44
    assert [tip.similarity is not None for tip in tips].count(True) == 4


def test_a_foreign_number_is_heard_and_answered_by_nothing(door: Door) -> None:
    assert door.text("Hola", "+447911123456") == ""
    assert door.said() == ["Hola"]


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_what_is_answered_by_itself_names_911_and_988_in_few_segments(language: str) -> None:
    center = "Lakeside Tip Center"
    for words in (
        first_answer(center, 12, language),
        stop_answer(language),
        start_answer(language),
        help_answer(center, language),
    ):
        assert "911" in words
        assert "988" in words
        assert len(words) <= MOST

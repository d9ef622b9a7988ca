"""Limits that know nobody: by a hash that means nothing tomorrow."""

from __future__ import annotations

import ipaddress

import pytest

from upstander.front.flood import BURST, DAY, Flood

#: What is believed where the proxy runs on the same machine (config/proxies.py).
LOOPBACK = [ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128")]


class Clock:
    """A clock to set."""

    now = 1000.0

    def __call__(self) -> float:
        """Return seconds."""
        return self.now


def test_thirty_tips_in_a_minute_from_one_address_pass() -> None:
    clock = Clock()
    flood = Flood(clock=clock)
    for _ in range(30):
        clock.now += 2
        assert not flood.is_slow(flood.source("192.0.2.1", ""))


def test_a_school_hall_at_once_passes_and_a_machine_does_not() -> None:
    flood = Flood(clock=Clock())
    source = flood.source("192.0.2.1", "")
    slow = [flood.is_slow(source) for _ in range(BURST + 50)]
    assert slow == [False] * BURST + [True] * 50
    assert not flood.is_slow(flood.source("192.0.2.2", "")), "others are not touched"


def test_a_place_recovers_by_waiting() -> None:
    clock = Clock()
    flood = Flood(clock=clock, burst=2)
    source = flood.source("192.0.2.1", "")
    assert [flood.is_slow(source) for _ in range(3)] == [False, False, True]
    clock.now += 1.5
    assert [flood.is_slow(source) for _ in range(2)] == [False, True]


def test_a_source_is_no_address_and_another_tomorrow() -> None:
    clock = Clock()
    flood = Flood(clock=clock)
    today = flood.source("192.0.2.1", "")
    assert today == flood.source("192.0.2.1", "")
    assert today != Flood(clock=clock).source("192.0.2.1", ""), "another process, another salt"
    assert b"192" not in today
    similarity = flood.similarity("text")
    clock.now += DAY + 1
    assert today != flood.source("192.0.2.1", "")
    assert similarity != flood.similarity("text")
    assert not flood._buckets


def test_one_household_of_ipv6_is_one_place() -> None:
    flood = Flood()
    assert flood.source("2001:db8:1:2::1", "") == flood.source("2001:db8:1:2:ffff::9", "")
    assert flood.source("2001:db8:1:2::1", "") != flood.source("2001:db8:1:3::1", "")
    assert flood.source("::ffff:192.0.2.1", "") == flood.source("192.0.2.1", "")


@pytest.mark.parametrize(
    ("peer", "forwarded", "meant"),
    [
        ("10.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("10.0.0.1", "1.2.3.4, 203.0.113.5", "203.0.113.5"),
        ("10.0.0.1", "203.0.113.5, 10.0.0.2", "203.0.113.5"),
        ("192.0.2.9", "203.0.113.5", "192.0.2.9"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "nonsense"),
    ],
)
def test_a_forwarded_address_is_believed_only_from_a_trusted_proxy(
    peer: str, forwarded: str, meant: str
) -> None:
    flood = Flood(trusted=[ipaddress.ip_network("10.0.0.0/8")])
    assert flood.source(peer, forwarded) == flood.source(meant, "")


def test_without_a_trusted_proxy_the_header_says_nothing() -> None:
    flood = Flood()
    assert flood.source("10.0.0.1", "203.0.113.5") == flood.source("10.0.0.1", "")


@pytest.mark.parametrize(
    ("proxy", "forwarded"),
    [
        ("127.0.0.1", "203.0.113.5"),
        ("::1", "203.0.113.5"),
        ("::ffff:127.0.0.1", "203.0.113.5"),
        ("127.0.0.1", "203.0.113.5:50412"),
        ("127.0.0.1", "[::ffff:203.0.113.5]:50412"),
        ("127.0.0.1", "198.51.100.1, 127.0.0.1,203.0.113.5 ,"),
    ],
)
def test_behind_a_proxy_of_this_machine_each_place_is_its_own_and_chosen_by_nobody(
    proxy: str, forwarded: str
) -> None:
    flood = Flood(trusted=LOOPBACK)
    assert flood.source(proxy, forwarded) == flood.source("203.0.113.5", "")
    assert flood.is_named(proxy, forwarded)


@pytest.mark.parametrize(
    ("peer", "forwarded"),
    [("127.0.0.1", ""), ("127.0.0.1", " , "), ("198.51.100.7", "203.0.113.5"), ("", "127.0.0.1")],
)
def test_who_is_brought_by_nobody_we_trust_is_not_named(peer: str, forwarded: str) -> None:
    flood = Flood(trusted=LOOPBACK)
    assert not flood.is_named(peer, forwarded)
    assert flood.source(peer, forwarded) == flood.source(peer, "")


def test_what_is_written_in_conversations_takes_nothing_from_new_tips() -> None:
    flood = Flood(clock=Clock())
    source = flood.source("192.0.2.1", "")
    assert [flood.is_slow(source, tip=False) for _ in range(BURST + 5)][-5:] == [True] * 5
    assert [flood.is_slow(source) for _ in range(BURST + 1)] == [False] * BURST + [True]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("upstander.front.flood.MOST_SOURCES", 100)
    flood = Flood()
    for n in range(1000):
        flood.is_slow(n.to_bytes(16))
    assert len(flood._buckets) <= 100


def test_junk_that_is_varied_a_little_is_alike() -> None:
    flood = Flood()
    alike = {
        flood.similarity(t)
        for t in ("LOL this is junk!!! 12", "lol  thís is junk 77", "Loool this is junk")
    }
    assert len(alike) == 1
    assert flood.similarity("He has a knife") not in alike
    assert len(alike.pop()) == 8


def test_what_is_said_again_is_counted_whatever_it_is_varied_in() -> None:
    flood = Flood()
    texts = ("A gun in room 12", "a GUN in  room 12!!", "A gún in roooom 12", "A gun in room 13")
    said = [flood.same_words(text, text) for text in texts]
    assert [before for _mark, before in said] == [0, 1, 2, 0]
    assert len({mark for mark, _before in said}) == 4, "equal is what is quite equal"
    mark, before = flood.same_words(texts[0], texts[0])
    assert (mark, before, len(mark)) == (said[0][0], 3, 8)
    assert flood.similarity(texts[0]) != mark, "two marks tell nothing of each other"


def test_what_was_said_is_forgotten_after_a_day_and_where_very_many_say_something_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock()
    flood = Flood(clock=clock)
    same = ("the same", "the same")
    first = [flood.same_words(*same) for _ in range(3)][-1]
    clock.now += DAY + 1
    flood.source("192.0.2.1", "")
    again = flood.same_words(*same)
    assert again[0] != first[0]
    assert again[1] == 0
    monkeypatch.setattr("upstander.front.flood.MOST_TEXTS", 100)
    for n in range(1000):
        flood.same_words(f"text {n}", "")
    assert len(flood._texts) <= 100
    assert flood.same_words(*same)[1] == 0

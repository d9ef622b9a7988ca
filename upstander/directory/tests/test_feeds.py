"""Feeds: where they may lead, and what a night's reading does."""

from __future__ import annotations

import http.client
import io
import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from conftest import Cast
from upstander.base.moment import database_second
from upstander.base.refused import Refused
from upstander.carriers.models import Notice
from upstander.directory import fetching, sweeps
from upstander.directory.actions.importing import add_feed, read_feed
from upstander.directory.fetching import Fetched, fetch, host_of, is_public
from upstander.directory.models import Service
from upstander.directory.sources import Source
from upstander.directory.sweeps import next_night, sweep_feeds
from upstander.directory.tests.feeds import feed, imported, service, waits

PRIVATE = (
    *("127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0"),  # noqa: S104
    *("100.64.0.1", "::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"),
    *("2002:7f00:1::", "2001:0:1::", "224.0.0.1", "255.255.255.255", "fec0::1", "::", "nothing"),
)
PUBLIC = "93.184.216.34"


@pytest.mark.parametrize("address", PRIVATE)
def test_no_address_of_a_private_network_is_public(address: str) -> None:
    assert not is_public(address)


def test_others_are() -> None:
    assert is_public(PUBLIC)
    assert is_public("2606:4700::1111")


@pytest.mark.parametrize(
    "url",
    [
        "http://feeds.example/",
        "https://who:secret@feeds.example/",
        "https://feeds.example:8443/",
        "file:///etc/passwd",
        "https:///feed",
        "https://feeds.example/a b",
        "https://feeds.example/\r\nHost: other",
        "https://[::1/",
        "",
    ],
)
def test_what_is_no_plain_https_address_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        host_of(url)


@pytest.mark.parametrize(
    "url", ["http://[::1]/", "https://127.0.0.1/", "https://[fe80::1]/", "http://10.0.0.1:8080/"]
)
def test_an_address_of_a_private_network_is_called_so_however_it_is_written(url: str) -> None:
    with pytest.raises(Refused, match="private network"):
        host_of(url)


class Answers:
    """Another's servers: what names resolve to, and what is answered by address."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: dict[str, list[str]] = {}
        self.raw: dict[str, bytes] = {}
        self.asked: list[tuple[str, bytes]] = []
        self.peer = ""
        monkeypatch.setattr(socket, "getaddrinfo", self._resolve)
        monkeypatch.setattr(socket, "create_connection", self._connect)
        monkeypatch.setattr("ssl.create_default_context", lambda: self)

    def _resolve(self, host: str, *_: Any, **__: Any) -> list[Any]:
        return [(0, 0, 0, "", (one, 443)) for one in self.names[host]]

    def _connect(self, address: tuple[str, int], **_: Any) -> Any:
        return _Socket(self, address[0])

    def wrap_socket(self, plain: Any, *, server_hostname: str) -> Any:
        return plain


class _Socket:
    def __init__(self, of: Answers, address: str) -> None:
        self.of, self.address = of, address

    def getpeername(self) -> tuple[str, int]:
        return (self.of.peer or self.address, 443)

    def sendall(self, sent: bytes) -> None:
        self.of.asked.append((self.address, sent))

    def makefile(self, _mode: str) -> io.BytesIO:
        host = http.client.parse_headers(io.BytesIO(self.of.asked[-1][1].split(b"\r\n", 1)[1])).get(
            "Host", ""
        )
        return io.BytesIO(self.of.raw[host])

    def close(self) -> None:
        pass

    shutdown = close


def answer(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    fields = {"Content-Length": str(len(body)), **headers}
    lines = "".join(f"{key.replace('_', '-')}: {value}\r\n" for key, value in fields.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Answers:
    found = Answers(monkeypatch)
    found.names = {"feeds.example": [PUBLIC], "inside.example": ["10.0.0.1"]}
    return found


def test_a_feed_is_read_from_the_address_that_was_looked_at(server: Answers) -> None:
    server.raw["feeds.example"] = answer(b"[]", ETag='"1"')
    found = fetch("https://feeds.example/feed?all=1")
    assert found is not None
    with found.file as file:
        assert (file.read(), found.etag) == (b"[]", '"1"')
    [(address, sent)] = server.asked
    assert (address, sent.split(b"\r\n")[0]) == (PUBLIC, b"GET /feed?all=1 HTTP/1.1")
    server.raw["feeds.example"] = answer(b"", "304 Not Modified")
    assert fetch("https://feeds.example/feed", etag='"1"') is None
    assert b'If-None-Match: "1"' in server.asked[-1][1]


def test_a_name_that_leads_inside_is_not_asked_anything(server: Answers) -> None:
    server.names["both.example"] = [PUBLIC, "127.0.0.1"]
    for host in ("inside.example", "both.example"):
        with pytest.raises(Refused, match="private network"):
            fetch(f"https://{host}/")
    server.peer = "127.0.0.1"
    with pytest.raises(Refused, match="private network"):
        fetch("https://feeds.example/")
    assert server.asked == []


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("https://inside.example/", "private network"),
        ("http://feeds.example/", "must begin with https"),
        ("https://feeds.example/again", "more than once|answers 302"),
    ],
)
def test_a_redirect_is_looked_at_as_the_first_address_was(
    server: Answers, location: str, words: str
) -> None:
    server.raw["feeds.example"] = answer(b"", "302 Found", Location=location)
    with pytest.raises(Refused, match=words):
        fetch("https://feeds.example/")
    assert len(server.asked) <= 2


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (answer(b"x" * 200), "larger than"),
        (answer(b"x", Content_Encoding="gzip"), "compressed"),
        (answer(b"x", "500 Oh"), "answers 500"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf", "reached"),
        (b"nonsense", "reached"),
    ],
)
def test_what_is_no_answer_is_refused(server: Answers, raw: bytes, words: str) -> None:
    server.raw["feeds.example"] = raw
    with pytest.raises(Refused, match=words):
        fetch("https://feeds.example/", most_bytes=100)


def test_what_takes_too_long_ends(server: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MOST_SECONDS", -1.0)
    server.raw["feeds.example"] = answer(b"[]")
    with pytest.raises(Refused, match="too long"):
        fetch("https://feeds.example/")


@contextmanager
def said(monkeypatch: pytest.MonkeyPatch, what: Any) -> Iterator[list[Mapping[str, str]]]:
    """Let each feed say something."""
    asked: list[Mapping[str, str]] = []

    def _fetch(url: str, *, etag: str = "") -> Fetched | None:
        asked.append({"url": url, "etag": etag})
        if isinstance(what, BaseException):
            raise what
        return what and Fetched(io.BytesIO(json.dumps(what).encode()), '"2"')

    with monkeypatch.context() as patch:
        patch.setattr(sweeps, "fetch", _fetch)
        yield asked


@pytest.mark.django_db
def test_a_night_prepares_tells_and_lets_nothing_in(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = cast.viewer("ada")
    key = add_feed(ada, "A feed", "https://feeds.example/")
    with said(monkeypatch, feed(service(1))):
        assert sweep_feeds() == 1
        assert sweep_feeds() == 0, "it is due again in the night"
    source = Source.objects.get(pk=key)
    assert waits(source)["service", "new"] == 1
    assert not Service.objects.exists()
    assert Notice.objects.filter(person_id=ada.person_id, kind="services_came").count() == 1
    now = database_second()
    assert source.due_at == next_night(now)
    read_feed(ada, key, on=True)
    with said(monkeypatch, None) as asked:
        sweep_feeds()
    assert asked == [{"url": "https://feeds.example/", "etag": ""}]
    assert waits(source)["service", "new"] == 1, "what waits stays"


@pytest.mark.django_db
def test_what_fails_says_why_and_is_tried_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = cast.viewer("ada")
    key = add_feed(ada, "A feed", "https://feeds.example/")
    with said(monkeypatch, Refused("Its server answers 500.")):
        assert sweep_feeds() == 1
    source = Source.objects.get(pk=key)
    assert (source.trouble, source.due_at) == (
        "Its server answers 500.",
        next_night(database_second()),
    )
    assert "answers 500" in cast.client("ada").get(f"/services/import/{key}").content.decode()
    read_feed(ada, key, on=False)
    assert sweep_feeds() == 0


@pytest.mark.django_db
def test_a_worker_that_dies_while_it_reads_leaves_it_to_another(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_feed(cast.viewer("ada"), "A feed", "https://feeds.example/")
    with said(monkeypatch, KeyboardInterrupt()), pytest.raises(KeyboardInterrupt):
        sweep_feeds()
    source = Source.objects.get()
    assert source.due_at is not None
    assert timedelta(0) < source.due_at - database_second() <= timedelta(minutes=20)


@pytest.mark.django_db
def test_a_files_source_is_never_due(cast: Cast) -> None:
    imported(cast.viewer("ada"), feed(service(1)))
    assert sweep_feeds() == 0


def test_a_night_is_the_next_one() -> None:
    assert next_night(datetime(2026, 1, 1, 7, 59, tzinfo=UTC)) == datetime(
        2026, 1, 1, 8, tzinfo=UTC
    )
    assert next_night(datetime(2026, 1, 1, 8, tzinfo=UTC)) == datetime(2026, 1, 2, 8, tzinfo=UTC)

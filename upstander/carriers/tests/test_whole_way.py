"""Out to a phone and back, over real requests in both directions, as the real roles."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from conftest import Cast
from tests.phones import Phones
from upstander.carriers.models import Channel, Delivery, Inbound
from upstander.carriers.tests.lines import (
    NUMBER,
    OTHER,
    Site,
    a_way,
    entry,
    send,
    site,
    write_providers,
)

__all__ = ["site"]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *given: object) -> None:
        """Say nothing."""


@pytest.fixture
def cast(committed_cast: Cast) -> Cast:
    """The cast in a database of its own: the server's threads must see what is committed."""
    return committed_cast


@contextmanager
def served() -> Iterator[str]:
    """Serve the public site to whoever calls it; gives its address."""
    handler = WSGIHandler()

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        response = handler(environ, start_response)
        try:
            return [b"".join(response)]
        finally:
            response.close()
            connection.close()

    server = make_server("127.0.0.1", 0, answer, _Server, _Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def carried(
    cast: Cast, site: Site, phones: Phones, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Phones]:
    """Two providers that reach the public site by the network, and the other way round."""
    with served() as base:
        write_providers(
            tmp_path,
            monkeypatch,
            entry(phones, "north", 1, callback_url=base),
            entry(phones, "south", 2, callback_url=base),
        )
        for name in ("north", "south"):
            phones.provider(name).account.sms_url = f"{base}/carriers/{name}/sms"
        yield phones


def ended(row: Delivery) -> bool:
    return Delivery.objects.get(pk=row.pk).state not in ("trying", "accepted")


def test_a_text_is_received_and_answered(cast: Cast, carried: Phones) -> None:
    row = send(a_way(cast.people["tara"]))
    carried.wait(lambda: bool(carried.texts(NUMBER)))
    carried.wait(lambda: ended(row))
    assert Delivery.objects.get(pk=row.pk).state == "delivered"
    carried.reply(OTHER, "1 H6K2", row.provider)
    carried.reply(NUMBER, "1 H6K2", row.provider)
    carried.wait(lambda: len(carried.texts(NUMBER)) == 2)
    assert carried.texts(NUMBER)[1].startswith("Noted for H6K2: you have it")
    inbound = Inbound.objects.get()
    assert (inbound.person_id, inbound.for_id) == (cast.people["tara"].pk, row.for_id)
    assert carried.texts(OTHER) == []


def test_a_call_is_taken_by_ones_own_digit(cast: Cast, carried: Phones) -> None:
    row = send(a_way(cast.people["tara"], Channel.VOICE))
    call = carried.ringing(NUMBER)
    carried.answer(call)
    carried.press(call, "3")
    carried.press(call, "7")
    carried.wait(Inbound.objects.exists)
    inbound = Inbound.objects.get()
    assert (inbound.answer, inbound.kind, inbound.for_id) == ("have_it", "key", row.for_id)
    carried.wait(lambda: ended(row))


@pytest.mark.parametrize(
    ("how", "state"), [("busy", "busy"), ("machine", "machine"), ("unreachable", "failed")]
)
def test_nobody_on_the_phone_is_told_apart(
    cast: Cast, carried: Phones, how: str, state: str
) -> None:
    carried.behave(NUMBER, calls=how)
    row = send(a_way(cast.people["tara"], Channel.VOICE))
    carried.wait(lambda: ended(row))
    assert Delivery.objects.get(pk=row.pk).state == state
    assert not Inbound.objects.exists()


@pytest.mark.parametrize(
    "fault", [{"copies": 3}, {"reorder": True}, {"reorder": True, "copies": 2}, {"stranger": True}]
)
def test_a_provider_that_repeats_mixes_up_or_invents_changes_nothing(
    cast: Cast, carried: Phones, fault: dict[str, Any]
) -> None:
    carried.provider("north").behave(**fault)
    row = send(a_way(cast.people["tara"]))
    carried.wait(lambda: ended(row))
    assert Delivery.objects.get(pk=row.pk).state == "delivered"


def test_a_forged_receipt_changes_nothing(cast: Cast, carried: Phones) -> None:
    carried.provider("north").behave(forge=True)
    row = send(a_way(cast.people["tara"]))
    carried.wait(lambda: bool(carried.callbacks("/status/")))
    assert {one.status for one in carried.callbacks("/status/")} == {403}
    assert not ended(row)

"""What the phones page may ask, and who may not ask."""

from __future__ import annotations

import http.client
import json
from typing import Any

import requests

from tests.phones import Phones
from tests.waiting import PATIENCE
from upstander.carriers.simulator.tests.customer import Customer

MIRIAM = "+18605550101"


def test_the_page_presses_writes_and_sets(customer: Customer, phones: Phones) -> None:
    named: dict[str, Any] = {"name": "Miriam", "about": "lead", "behaviour": {"calls": "ring"}}
    requests.post(f"{phones.url}/control/phones/{MIRIAM}", json=named, timeout=PATIENCE)
    customer.documents["/voice"] = "<Response><Gather numDigits='1'/></Response>"
    customer.call(MIRIAM)
    call = phones.ringing(MIRIAM)
    at = f"{phones.url}/control/calls/{call.sid}"
    assert requests.post(at, json={"do": "press", "keys": "x"}, timeout=PATIENCE).status_code == 400
    requests.post(at, json={"do": "answer"}, timeout=PATIENCE)
    phones.wait(lambda: call.asking)
    (shown,) = requests.get(f"{phones.url}/control/state", timeout=PATIENCE).json()["phones"]
    assert (shown["name"], shown["feed"][0]["asking"]) == ("Miriam", True)
    requests.post(at, json={"do": "hang_up"}, timeout=PATIENCE)
    phones.wait(lambda: call.status == "completed")

    texts = f"{phones.url}/control/phones/{MIRIAM}/texts"
    assert requests.post(texts, json={"body": " "}, timeout=PATIENCE).status_code == 400
    customer.text(MIRIAM, account="south")
    customer.wait("Message", "delivered")
    # It goes back to whoever wrote last.
    assert requests.post(texts, json={"body": "1"}, timeout=PATIENCE).json()["account"] == "south"
    assert (
        requests.post(f"{phones.url}/control/calls/CA0", json={}, timeout=PATIENCE).status_code
        == 404
    )


def test_the_page_calls_a_line_and_says_something(customer: Customer, phones: Phones) -> None:
    line, student = "+18605550170", "+18605550121"
    dial = f"{phones.url}/control/phones/{student}/calls"
    assert requests.post(dial, json={"line": line}, timeout=PATIENCE).status_code == 404
    setup = {"voice": {line: {"url": f"{customer.url}/door", "fallback": "<Response/>"}}}
    requests.post(f"{phones.url}/control/accounts/north", json=setup, timeout=PATIENCE)
    customer.documents["/door"] = f"<Response><Dial><Number>{MIRIAM}</Number></Dial></Response>"
    sid = requests.post(dial, json={"line": line}, timeout=PATIENCE).json()["sid"]
    miriam = phones.takes(MIRIAM)
    phones.wait(lambda: miriam.call.bridged is not None)
    at = f"{phones.url}/control/calls/{sid}"
    assert requests.post(at, json={"do": "say", "words": " "}, timeout=PATIENCE).status_code == 400
    assert requests.post(at, json={"do": "say", "words": "Hello?"}, timeout=PATIENCE).json()["with"]
    miriam.hears("Hello?")
    requests.post(at, json={"do": "hang_up"}, timeout=PATIENCE)
    miriam.ended()


def test_the_stream_tells_of_a_change(phones: Phones) -> None:
    with requests.get(f"{phones.url}/control/stream", stream=True, timeout=PATIENCE) as stream:
        told = (line[6:] for line in stream.iter_lines(chunk_size=1) if line[:6] == b"data: ")
        first = json.loads(next(told))
        phones.behave(MIRIAM, texts="held")
        second = json.loads(next(told))
    assert (len(first["phones"]), len(second["phones"])) == (0, 1)


def test_no_other_site_may_press_keys(phones: Phones) -> None:
    target = f"{phones.url}/control/phones/{MIRIAM}"
    form = requests.post(target, data={"name": "x"}, timeout=PATIENCE)
    text = requests.post(
        target, data="{}", headers={"Content-Type": "text/plain"}, timeout=PATIENCE
    )
    asked = http.client.HTTPConnection("127.0.0.1", phones.simulator.port, timeout=PATIENCE)
    asked.request("GET", "/control/state", headers={"Host": "evil.example"})
    rebound = asked.getresponse()
    assert (form.status_code, text.status_code, rebound.status) == (403, 403, 403)
    assert phones.world.phones == {}
    asked.close()


def test_only_its_own_files_are_given(phones: Phones) -> None:
    for path in ("/../server.py", "/%2e%2e/server.py", "/server.py", "//etc/passwd"):
        asked = http.client.HTTPConnection("127.0.0.1", phones.simulator.port, timeout=PATIENCE)
        asked.request("GET", path)
        assert asked.getresponse().status == 404
        asked.close()

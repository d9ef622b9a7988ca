"""The gate: what gets through it, what does not, and who waits for whom."""

from __future__ import annotations

import asyncio
import ipaddress
import os
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest
from django.http.request import HttpHeaders

from tests.waiting import PATIENCE
from upstander.carriers.providers import signature_headers
from upstander.doors.web.report import SIMILARITY
from upstander.front import bodies, pages
from upstander.front.bodies import Allowance
from upstander.front.flood import Flood
from upstander.front.lanes import Lanes
from upstander.front.static import StaticFile
from upstander.front.tests.wire import Behind, ask, gate, parts, post
from upstander.tips.tests.loops import apart

MARKED = {
    "user-agent": "MARK-agent",
    "referer": "https://mark.example/MARK-page",
    "x-forwarded-for": "203.0.113.99",
    "x-real-ip": "203.0.113.98",
    "forwarded": "for=203.0.113.97",
    "accept-language": "MARK-language",
    "sec-ch-ua": "MARK-hints",
    "origin": "MARK-origin",
}


#: Seconds after which something that must not wait is said to have waited.


@pytest.fixture(autouse=True)
def _public_site(settings: Any) -> None:
    settings.ROOT_URLCONF = "upstander.config.urls_public"


def test_nothing_that_names_a_reader_reaches_a_view(tmp_path: Path) -> None:
    behind = Behind()
    apart(post(gate(behind, tmp_path), body=b"text=x", peer="203.0.113.77", headers=MARKED))
    environ = {key: value for key, value in behind.seen[0].items() if isinstance(value, str)}
    for value in environ.values():
        assert "MARK" not in value
        assert "203.0.113" not in value
    assert environ["REMOTE_ADDR"] == ""


def test_cookie_host_and_the_browsers_word_on_its_origin_get_through(tmp_path: Path) -> None:
    behind = Behind()
    given = {"cookie": "talk=abc", "sec-fetch-site": "cross-site", "accept-encoding": "gzip"}
    apart(ask(gate(behind, tmp_path), "/es/caf\u00e9", headers=given))
    environ = behind.seen[0]
    assert environ["HTTP_COOKIE"] == "talk=abc"
    assert environ["HTTP_SEC_FETCH_SITE"] == "cross-site"
    assert environ["PATH_INFO"] == "/es/caf\u00e9".encode().decode("latin-1")


def test_a_providers_signature_gets_through_and_its_burst_is_no_flood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Receipts of a whole night come from one address; a page's receipt must not wait in line."""
    behind = Behind()
    at = gate(behind, tmp_path)
    monkeypatch.setattr(at.flood, "is_slow", lambda _source, **_more: True)
    signed = {"x-twilio-signature": "c2lnbmVk"}
    apart(post(at, path="/carriers/north/sms", body=b"Body=1", headers=signed))
    apart(post(at, path="/report", body=b"text=x", headers=signed))
    receipt, tip = behind.seen
    assert receipt["HTTP_X_TWILIO_SIGNATURE"] == "c2lnbmVk"
    assert "HTTP_X_TWILIO_SIGNATURE" not in tip
    assert SIMILARITY not in receipt
    assert SIMILARITY in tip


def test_every_kind_of_provider_gets_its_signature_through(tmp_path: Path) -> None:
    behind = Behind()
    names = sorted(signature_headers())
    assert len(names) >= 4
    marked = {name.lower(): f"said-{number}" for number, name in enumerate(names)}
    apart(post(gate(behind, tmp_path), path="/carriers/north/sms", body=b"Body=1", headers=marked))
    seen = HttpHeaders(behind.seen[0])
    assert [seen[name] for name in names] == [marked[name.lower()] for name in names]


def test_the_server_names_itself_no_more_than_it_must(tmp_path: Path) -> None:
    assert apart(ask(gate(Behind(), tmp_path), "/")).headers["server"] == "web"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "TRACE", "OPTIONS", "PATCH", "X"])
def test_other_methods_get_a_page_in_plain_words(tmp_path: Path, method: str) -> None:
    got = apart(ask(gate(Behind(), tmp_path), "/es/report", method=method))
    assert got.status == 405
    assert b'lang="es"' in got.body


def test_a_body_over_the_cap_is_refused_before_a_thread_is_taken(tmp_path: Path) -> None:
    behind = Behind()
    at = gate(behind, tmp_path)
    declared = apart(post(at, headers={"content-length": "1000000"}))
    undeclared = apart(post(at, body=parts([b"x" * 100_000] * 10)))
    assert (declared.status, undeclared.status) == (413, 413)
    assert not behind.seen


def test_a_file_may_be_big_where_files_are_taken_and_nowhere_else(tmp_path: Path) -> None:
    behind = Behind()
    at = gate(behind, tmp_path)
    kind = b"multipart/form-data; boundary=x"
    big = b"y" * 2_000_000
    assert apart(post(at, "/talk/file", body=big, kind=kind)).status == 200
    assert behind.bodies == [big]
    assert apart(post(at, "/talk/message", body=big, kind=kind)).status == 413


def test_a_big_body_lies_on_the_disk_encrypted_and_without_a_name(tmp_path: Path) -> None:
    found: list[bytes] = []

    class Looking(Behind):
        def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
            assert not list(tmp_path.iterdir())
            for handle in Path("/proc/self/fd").iterdir():
                if str(tmp_path) in os.path.realpath(handle):
                    found.append(handle.read_bytes())  # noqa: PERF401 - plainer so
            return super().__call__(environ, start_response)

    body = b"The clear words. " * 50_000
    at = gate(Looking(), tmp_path)

    async def run() -> bytes:
        got = await post(at, "/talk/file", body=body, kind=b"multipart/form-data")
        await asyncio.sleep(0.05)  # what is tidied up comes after the answer
        return got.body

    assert apart(run()) == b"got %d" % len(body)
    assert len(found) == 1
    assert len(found[0]) >= len(body) - 2**16, "all but the last record"
    assert b"clear words" not in found[0]
    assert at.reader._held == 0, "the room is given back"


def test_when_there_is_no_room_for_more_big_bodies_small_ones_still_come(tmp_path: Path) -> None:
    behind = Behind()
    at = gate(behind, tmp_path, room=1_000_000)
    kind = b"multipart/form-data; boundary=x"
    assert apart(post(at, "/talk/file", body=b"z" * 3_000_000, kind=kind)).status == 503
    assert apart(post(at, body=b"text=x")).status == 200
    assert at.reader._held == 0


def test_a_body_that_never_ends_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "upstander.front.gate.FORM", Allowance(most=10**9, seconds=0.2, bytes_per_second=10**9)
    )
    behind = Behind()
    endless = post(gate(behind, tmp_path), body=parts(repeat(b"x"), pause=0.05))
    assert apart(asyncio.wait_for(endless, PATIENCE)).status == 400
    assert not behind.seen


def test_a_slow_line_that_keeps_coming_is_waited_for() -> None:
    form = bodies.FORM
    assert form.seconds + form.most / form.bytes_per_second > 300
    assert form.seconds >= 20


def test_who_hangs_up_in_the_middle_costs_nothing(tmp_path: Path) -> None:
    behind = Behind()
    assert apart(post(gate(behind, tmp_path), body=b"text=ha", hang_up=True)).status == 400
    assert not behind.seen


def test_two_hundred_slow_senders_do_not_delay_a_tip(tmp_path: Path) -> None:
    behind = Behind()

    async def run() -> None:
        at = gate(behind, tmp_path)
        slow = [
            asyncio.create_task(post(at, body=parts(repeat(b"t"), pause=0.5), peer=f"10.0.0.{n}"))
            for n in range(200)
        ]
        await asyncio.sleep(0)
        got = await asyncio.wait_for(
            post(at, body=b"text=help", peer="198.51.100.1"), bodies.FORM.seconds
        )
        assert got.status == 200
        assert not any(task.done() for task in slow)
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)

    apart(run())


def test_a_whole_school_behind_one_address_reports_at_once(tmp_path: Path) -> None:
    behind = Behind(seconds=0.002)

    async def run() -> list[int]:
        at = gate(behind, tmp_path)
        return [
            g.status for g in await asyncio.gather(*(post(at, body=b"text=x") for _ in range(60)))
        ]

    assert apart(run()) == [200] * 60
    assert not any(SIMILARITY in environ for environ in behind.seen), "none of them is marked"


def test_junk_from_one_place_is_marked_and_does_not_hold_up_the_others(tmp_path: Path) -> None:
    behind = Behind(seconds=0.002)

    async def run() -> list[int]:
        # What is slow of it takes 40 seconds at this pace.
        at = gate(
            behind, tmp_path, flood=Flood(burst=20), lanes=Lanes(threads=4, slow_per_second=5)
        )
        junk = [
            asyncio.create_task(post(at, body=b"text=junk+%d&tile=fight" % n, peer="198.51.100.66"))
            for n in range(1500)
        ]
        for n in range(20):
            got = await post(at, body=b"text=real", peer=f"192.0.2.{n}")
            assert got.status == 200
            await asyncio.sleep(0.02)
        assert not all(task.done() for task in junk), "all of the junk was first"
        statuses = [task.result().status for task in junk if task.done()]
        for task in junk:
            task.cancel()
        await asyncio.gather(*junk, return_exceptions=True)
        return statuses

    statuses = apart(run())
    assert 503 in statuses
    real = [e for e, body in zip(behind.seen, behind.bodies, strict=True) if body == b"text=real"]
    assert len(real) == 20
    assert not any(SIMILARITY in environ for environ in real)
    marked = [environ for environ in behind.seen if SIMILARITY in environ]
    assert marked
    assert marked[0][SIMILARITY]("Junk 1!") == marked[0][SIMILARITY]("junk   22")


def test_a_school_that_talks_a_lot_sends_new_tips_as_ever(tmp_path: Path) -> None:
    behind = Behind()

    async def run() -> None:
        at = gate(behind, tmp_path, flood=Flood(burst=20), lanes=Lanes(slow_per_second=1000))
        for path in ("/talk/message", "/es/talk/answers", "/back", "/ar/talk/hide") * 10:
            await post(at, path, body=b"text=talk")
        for path in ("/report", "/es/report", "/ar/report"):
            await post(at, path, body=b"text=tip")

    apart(run())
    marked = [SIMILARITY in environ for environ in behind.seen]
    assert any(marked[:40]), "talk has its own measure"
    assert marked[40:] == [False] * 3


def test_a_proxy_that_says_nothing_of_whom_it_brings_leaves_a_mark_and_no_address(
    tmp_path: Path, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.PUBLIC_URL = "https://tell.example"
    mark = tmp_path / "public.unnamed"
    loopback = [ipaddress.ip_network("127.0.0.0/8")]
    named = {"host": "tell.example", "x-forwarded-for": "203.0.113.9"}

    async def run() -> None:
        at = gate(Behind(), tmp_path, flood=Flood(trusted=loopback), unnamed=mark)
        await ask(at, "/", peer="127.0.0.1", headers=named)
        await ask(at, "/", peer="127.0.0.1", headers={"host": "127.0.0.1:8000"})
        assert not mark.exists(), "what the supervisor asks past the proxy is no fault of it"
        await ask(at, "/", peer="203.0.113.77", headers=named)
        assert mark.read_bytes() == b""
        mark.unlink()
        await ask(at, "/", peer="127.0.0.1", headers={"host": "tell.example"})
        assert not mark.exists(), "once a minute is enough"

    apart(run())
    assert len(caplog.records) == 1
    assert "203.0.113" not in caplog.text


def test_who_is_turned_away_keeps_every_word_in_the_page(tmp_path: Path) -> None:
    behind = Behind(seconds=0.5)

    async def run() -> bytes:
        lanes = Lanes(threads=2)
        lanes.slow.most = 0
        at = gate(behind, tmp_path, flood=Flood(burst=0), lanes=lanes)
        body = b"token=t1&text=He+said+%22now%22+%3Cb%3E%0D%0A+%D8%B4&place=Gym%22%3E&place2=%00"
        got = await post(at, "/ar/report", body=body)
        assert got.status == 503
        assert got.headers["retry-after"]
        assert got.headers["cache-control"] == "no-store"
        return got.body

    page = apart(run()).decode()
    assert 'dir="rtl"' in page
    assert "He said &quot;now&quot; &lt;b&gt;\n ش</textarea>" in page
    assert 'name="token" value="t1"' in page
    assert 'name="place" value="Gym&quot;&gt;"' in page
    assert 'action="/ar/report"' in page
    assert not behind.seen


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_who_is_turned_away_is_given_no_form_that_another_website_filled(
    tmp_path: Path, site: str
) -> None:
    async def run() -> bytes:
        lanes = Lanes(threads=2)
        lanes.slow.most = 0
        at = gate(Behind(), tmp_path, flood=Flood(burst=0), lanes=lanes)
        body = b"code=the+seven+words+of+the+attacker&text=&place=14+Wrong+Street"
        got = await post(at, "/back", body=body, headers={"sec-fetch-site": site})
        assert got.status == 503
        return got.body

    page = apart(run()).decode()
    assert "attacker" not in page
    assert "Wrong Street" not in page
    assert "tel:911" in page


def test_a_fault_behind_the_gate_is_a_page_in_plain_words(tmp_path: Path) -> None:
    class Broken(Behind):
        def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
            raise RuntimeError("inside")

    got = apart(post(gate(Broken(), tmp_path), "/es/report", body=b"text=x"))
    assert got.status == 500
    assert b"tel:911" in got.body
    assert b"inside" not in got.body


def test_when_even_the_error_page_breaks_the_numbers_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(Behind):
        def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
            raise RuntimeError("inside")

    def no_page(_request: object, _status: int) -> None:
        raise RuntimeError("no templates either")

    monkeypatch.setattr(pages, "public_page", no_page)
    monkeypatch.setattr(pages, "_errors", {})
    got = apart(post(gate(Broken(), tmp_path), body=b"text=x"))
    assert got.status == 500
    for number in (b"tel:911", b"tel:988", b"tel:211"):
        assert number in got.body


def test_static_files_come_from_memory_in_the_size_the_browser_takes(tmp_path: Path) -> None:
    file = StaticFile(b"text/css; charset=utf-8", b"plain", {"br": b"b", "gzip": b"gz"})
    at = gate(Behind(), tmp_path, static={"/static/a.1.css": file})
    for accepted, body in (("gzip, br", b"b"), ("gzip", b"gz"), ("", b"plain")):
        got = apart(ask(at, "/static/a.1.css", headers={"accept-encoding": accepted}))
        assert (got.status, got.body) == (200, body)
        assert got.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert apart(ask(at, "/static/a.1.css", method="HEAD")).body == b""


def test_a_change_of_language_is_no_tip_of_its_place(tmp_path: Path) -> None:
    """After an assembly a whole school presses "Español"; its next tip is no part of a flood."""
    behind = Behind()

    async def run() -> None:
        at = gate(behind, tmp_path, flood=Flood(burst=20), lanes=Lanes(slow_per_second=1000))
        for _ in range(20):
            await post(at, "/es/report/language", body=b"language=es&text=")
        await post(at, "/es/report", body=b"text=tip")

    apart(run())
    assert SIMILARITY not in behind.seen[-1]

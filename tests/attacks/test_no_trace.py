"""Promise 4: we cannot tell who you are. Marked requests, then a search of everything on disk.

Every public address is asked in every language and every way, errors included, by a browser whose
address, name, referrer, languages, cookies, queries and headers occur nowhere else in the world.
Then the whole data folder (write-ahead log, PostgreSQL's log, files), all that any process printed,
and a dump of the database in plain SQL are searched for any of them.
"""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest

from tests.addresses import walk
from tests.phone import Phone, an_address, multipart, raw
from tests.servers import System
from upstander.command.postgres import program
from upstander.config import urls_public
from upstander.config.database import DATABASE, Role, password_of
from upstander.directory.cards import mark_of

pytestmark = [pytest.mark.servers, pytest.mark.slow]

#: Occurs in no text of ours, nor by chance in random bytes.
MARK = f"zimtstern{uuid4().hex}"
FORWARDED = ("203.0.113.87", "2001:db8:cafe:4711::99")
ADDRESS = an_address()
VALUES = {
    "link": "a-link-of-a-driver-of-bus-4",
    "district": "maple-valley",
    "look": "plain",
    "school": "cedar-middle",
    # A need's page: of what did not work there a press leaves nothing of who pressed.
    "mark": mark_of("crisis"),
    # A provider's calls back: nobody's, and what comes with them is dropped like all else.
    "provider": "twilio",
    "delivery": uuid4(),
    "order": uuid4(),
    "call": uuid4(),
    "leg": uuid4(),
    # The directory for machines: its one list that takes every kind of question.
    "rest": "service_at_locations",
}
LANGUAGES = ("", "/es", "/ar")
#: A phone that a child asks to be called on; drawn, since numbers of examples stand in many files.
#: Its exchange is never one like 811, which no phone has.
NUMBER = f"860{secrets.randbelow(8) + 2}2{secrets.randbelow(10**5):05}"
#: A line that takes calls, so that this is offered; nobody listens at its provider.
LINE = """
[[provider]]
name = "north"
base_url = "http://127.0.0.1:9"
account = "AC1"
token_file = "north.token"
from_number = "+18605550199"

[[line]]
number = "+18605550170"
provider = "north"
calls = true
"""


def marked() -> Phone:
    """Return a marked browser that knows nothing yet. The port is set by the caller."""
    return Phone(
        0,
        address=ADDRESS,
        cookies={f"{MARK}name": f"{MARK}value"},
        headers={
            "User-Agent": f"Mozilla/5.0 ({MARK}; Android)",
            "Referer": f"https://{MARK}.example/class?{MARK}",
            "Accept-Language": f"en-{MARK[:8]},{MARK};q=0.5",
            "X-Forwarded-For": f"{FORWARDED[0]}, {FORWARDED[1]}",
            "X-Real-Ip": FORWARDED[0],
            "Forwarded": f"for={FORWARDED[0]};by={MARK}",
            "True-Client-Ip": FORWARDED[1],
            "X-Request-Id": MARK,
            "Traceparent": MARK,
            "Authorization": f"Basic {MARK}",
            "Origin": f"https://{MARK}.example",
            "Sec-Ch-Ua-Model": f'"{MARK}"',
            "Sec-Ch-Ua-Platform-Version": MARK,
            "Dnt": MARK,
        },
    )


def an_adults_link(system: System) -> None:
    """Let somebody have made the link that VALUES name: its page is one of all that there is."""
    with system.sign_in(Role.OWNER) as owner:
        owner.execute(
            "INSERT INTO tips_adultlink (id, district_id, made_by, made_at, note, own, matter_id,"
            " expires_at, link_hash, misses) SELECT gen_random_uuid(), min(d.id),"
            " (SELECT min(person_id) FROM people_membership), now(), '', false, gen_random_uuid(),"
            " now() + interval '1 day', sha256(convert_to(%s, 'UTF8')), 0 FROM places_district d",
            [VALUES["link"]],
        )


def every_address_in_every_way(phone: Phone) -> set[int]:
    """Ask for all that there is and for what there is not; the statuses that came."""
    seen = set()
    for address in walk(urls_public.urlpatterns):
        for language in LANGUAGES:
            path = f"{language}{address.path(VALUES)}"
            query = f"?{MARK}={MARK}&d={MARK}&since={MARK}&message={MARK}&said={MARK}"
            seen.add(phone.get(path).status)
            seen.add(phone.get(path + query).status)
            seen.add(phone.get(f"{path}/{MARK}").status)
            seen.add(phone.ask("PUT", path + query).status)
            sent = {MARK: MARK, "code": MARK, "words": MARK, "place": MARK, "need": "food"}
            seen.add(phone.post(path + query, sent).status)
    return seen


def errors(phone: Phone, port: int) -> set[int]:
    """Make errors of all kinds; the statuses that came."""
    # Too big, cut off, of a kind that nobody takes, from another site, of no known host.
    seen = {phone.post("/report", f"{MARK}=".encode() + b"x" * 400_000).status}
    body, kind = multipart([(f'name="{MARK}"; filename="{MARK}"', MARK.encode())], boundary=MARK)
    seen.add(phone.post("/report", body[:-50], kind).status)
    seen.add(phone.post("/report", MARK.encode(), f"text/{MARK}").status)
    seen.add(phone.post("/report", b"%00%ff" + MARK.encode(), "multipart/form-data").status)
    phone.headers["Sec-Fetch-Site"] = "cross-site"
    seen.add(phone.post("/talk/message", {"text": MARK}).status)
    del phone.headers["Sec-Fetch-Site"]
    head = f"GET /{MARK} HTTP/1.1\r\nUser-Agent: {MARK}\r\nHost: "
    for rest in (f"{MARK}.example\r\n", "127.0.0.1\r\nNo colon here\r\n", f"x\r\nHost: {MARK}\r\n"):
        raw(port, f"{head}{rest}Connection: close\r\n\r\n".encode(), address=ADDRESS)
    for broken in (f"{MARK}\r\n\r\n", f"GET /{MARK} HTTP/9.{MARK}\r\n\r\n", f"GET /%{MARK}\0 \xff"):
        raw(port, broken.encode("latin-1"), address=ADDRESS, timeout=1)
    return seen


def breaks_inside(phone: Phone, system: System) -> int:
    """Have a page break in the middle of its work; the status. Its conversation is damaged."""
    with system.sign_in(Role.OWNER) as owner:
        owner.execute(
            "UPDATE tips_message SET sealed = decode('00', 'hex') WHERE tip_id ="
            " (SELECT id FROM tips_tip WHERE tile = 'drugs' ORDER BY received_at DESC LIMIT 1)"
        )
    return phone.get(f"/talk/live?{MARK}").status


def everything(system: System) -> Iterator[tuple[str, bytes]]:
    """Give all that is kept or was said anywhere, as (where, bytes)."""
    yield "what the processes printed", system.output()
    for folder, _folders, files in os.walk(system.home.root):
        for name in files:
            path = Path(folder) / name
            with suppress(FileNotFoundError):
                if path.is_file() and not path.is_symlink():
                    yield str(path), path.read_bytes()
    dump = subprocess.run(
        [program("pg_dump"), "--inserts", DATABASE],
        env={
            "PATH": os.environ["PATH"],
            "PGHOST": str(system.home.socket),
            "PGUSER": Role.OWNER.login,
            "PGPASSWORD": password_of(Role.OWNER, system.home),
        },
        capture_output=True,
        check=True,
    ).stdout
    assert b"INSERT INTO public.tips_tip " in dump
    yield "the dump", dump


def nothing_is_kept_or_said(system: System) -> None:
    """Send a tip, come back, do all that there is to do; then search."""
    phone = marked()
    phone.port = system.public_port
    # What a reporter writes is kept (sealed: tests/attacks/test_stolen_database.py looks for it).
    # Here all else is marked.
    sent = phone.send_tip("Somebody sells pills behind the gym.", tile="drugs", **{MARK: MARK})
    assert sent.code is not None
    body, kind = multipart([('name="file"; filename="a.txt"', b"A list."), (f'name="{MARK}"', b"")])
    assert phone.post("/talk/file", body, kind).status == 303

    (system.home.root / "north.token").write_text("a token")
    (system.home.root / "north.token").chmod(0o600)
    (system.home.root / "providers.toml").write_text(LINE)
    assert phone.post("/talk/call", {"number": NUMBER, MARK: MARK}).status == 303
    assert b"You asked to be called" in phone.get("/talk/live").body

    asked = f"/hsds/service_at_locations?search={MARK}&modified_after=2000-01-01"
    assert phone.get(asked).status == 200
    assert phone.post("/hsds/services", {"search": MARK}).status == 200
    assert phone.get(f"{asked}&postcode={MARK[:12]}&proximity=9").status == 400

    an_adults_link(system)
    statuses = every_address_in_every_way(phone)
    assert {200, 302, 303, 404, 405, 422} <= statuses
    assert not {status for status in statuses if status >= 500}
    assert {400, 403, 413} <= errors(phone, system.public_port)
    assert phone.post("/back", {"code": sent.code}).status == 303, "it was ended above"
    assert breaks_inside(phone, system) == 500
    assert b"SealBroken" in system.output(), "that it broke is logged, without for whom"

    packed = bytes(int(part) for part in ADDRESS.split("."))
    words = [MARK[:20], MARK.encode().hex()[:40], ADDRESS, *FORWARDED, "cafe:4711", NUMBER]
    needles = [word.encode() for word in words]
    searched = 0
    for where, content in everything(system):
        searched += len(content)
        for needle in (*needles, *([packed.hex().encode()] if where == "the dump" else [])):
            assert needle not in content, where
    assert searched > 30_000_000, "the database and its log were among it"


def test_nothing_of_a_request_is_kept_or_said_anywhere(system: System) -> None:
    nothing_is_kept_or_said(system)


def test_the_search_would_find_a_mark(system: System) -> None:
    """A search that can't find anything proves nothing."""
    with system.sign_in(Role.OWNER) as owner:
        owner.execute(f"COMMENT ON TABLE tips_tip IS '{MARK[::-1]}'")
    found = [where for where, content in everything(system) if MARK[::-1].encode() in content]
    assert "the dump" in found
    assert any(b"Cedar Middle" in content for _, content in everything(system))


def test_nor_is_it_where_the_intake_is_plain(demo_home: Path, tmp_path: Path) -> None:
    system = System(tmp_path / "home", plain=True)
    try:
        system.start(like=demo_home)
        nothing_is_kept_or_said(system)
    finally:
        system.stop()

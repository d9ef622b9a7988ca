"""Whatever a browser, or something that is none, sends: never a 500, and never a lost text."""

from __future__ import annotations

import gzip
import html
import re
import socket
import time
import zlib
from collections.abc import Iterator
from urllib.parse import quote_from_bytes

import brotli  # type: ignore[import-untyped]
import pytest

from tests.addresses import walk
from tests.phone import FORM, Phone, multipart, raw
from tests.servers import System
from tests.waiting import PATIENCE
from upstander.config import urls_desk, urls_public

pytestmark = [pytest.mark.servers, pytest.mark.slow]

#: Each text begins and ends with a word that the reporter must find again.
FIRST, LAST = "Zuallererst", "zuallerletzt"
TEXTS: dict[str, bytes] = {
    "NUL": b"a\0b\0\0",
    "every control character": bytes(range(1, 32)) + bytes(range(127, 160)),
    "C1 controls in UTF-8": "".join(map(chr, range(0x80, 0xA0))).encode(),
    "every byte": bytes(range(256)),
    "broken UTF-8": b"\xff\xfe\xc3\x28\xf0\x9f\x98",
    "overlong slash": b"\xc0\xaf\xe0\x80\xaf",
    "lone surrogates": b"\xed\xa0\x80 \xed\xbf\xbf",
    "beyond Unicode": b"\xf4\x90\x80\x80\xf8\x88\x80\x80\x80",
    "overrides": "\u202e\u202d\u2066\u2067\u2068\u2069\u200f\u200e".encode() * 200,
    "never closed isolates": "\u2067\u2066\u2068".encode() * 3000,
    "marks on marks": b"e" + "\u0301\u0489\u20dd".encode() * 4000,
    "zero width": "\u200b\u200c\u200d\ufeff\u2060".encode() * 2000,
    "non-characters": "\ufffe\uffff\U0001fffe\U0010ffff".encode(),
    "line ends of all kinds": "\r\n\n\r\u2028\u2029\x85\x0b\x0c".encode(),
    "one endless word": b"x" * 50_000,
    "families": "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿".encode() * 500,
    "Arabic with Latin": "قال لي \u202eabc\u202c شيئا".encode() * 300,
    "markup": b"</textarea></p><script>alert(1)</script><!-- ]]> \" ' `",
    "template": b"{{ settings.SECRET_KEY }}{% debug %}${7*7}#{7*7}%(token)s{0.__class__}%s%n",
    "slots of kept pages": b"\0token\0 <!--token--> {token} [[token]] \x01token\x02",
    "SQL": b"'; DROP TABLE tips_tip; -- \\' $$ $1 %(x)s E'\\x00'",
    "JSON": rb'"}],"kind":"answers","sealed":"00"},{"x":"\u0000\ud800"}',
    "mail header": b"\r\nBcc: everybody@example.org\r\n\r\n.\r\n",
}


def sends(system: System, body: bytes, kind: str = FORM) -> tuple[Phone, int]:
    """Send a tip's body; the browser and the status."""
    phone = Phone(system.public_port)
    return phone, phone.post("/report", body, kind).status


def read_back(phone: Phone) -> str:
    """Return what the reporter reads of the own text."""
    page = phone.get("/talk/live?still=1")
    assert page.status == 200
    return html.unescape(re.sub(r"<[^>]*>", "", page.text))


@pytest.mark.parametrize("name", TEXTS)
def test_any_text_is_kept_and_read_again(system: System, name: str) -> None:
    text = FIRST.encode() + b" " + TEXTS[name] + b" " + LAST.encode()
    encoded = f"text={quote_from_bytes(text)}&token={name}".encode()
    phone, status = sends(system, encoded)
    assert status == 200
    shown = read_back(phone)
    assert FIRST in shown
    assert LAST in shown
    assert "alert(1)" not in phone.get("/talk/live").text.replace("&lt;script&gt;alert(1)", "")
    # The same as multipart, with the bytes as they are.
    body, kind = multipart([('name="text"', text), ('name="token"', name.encode())])
    phone, status = sends(system, body, kind)
    assert status == 200
    assert LAST in read_back(phone)
    # … and into each other field, with a plain text: what is odd there costs nothing.
    odd = quote_from_bytes(TEXTS[name][:2000])
    fields = "&".join(
        f"{field}={odd}"
        for field in (
            "token",
            "who",
            "when",
            "tile",
            "school",
            "place",
            "means",
            "not_see",
            "home_safe",
            "trusted_adult",
            "subject",
            "district",
            "source",
        )
    )
    phone, status = sends(system, f"text={FIRST}+{LAST}&{fields}".encode())
    assert status == 200
    assert phone.post("/talk/answers", f"awake={odd}&again={odd}&place={odd}".encode()).status < 400
    assert phone.post("/talk/message", f"once={odd}&text={LAST}{odd}".encode()).status == 303
    assert LAST in read_back(phone)
    assert Phone(system.public_port).post("/back", f"code={odd}&text={odd}".encode()).status == 422
    for path in ("/talk/hide", "/talk/live", "/talk", "/report", "/"):
        assert phone.get(f"{path}?message={odd}&since={odd}&said={odd}&d={odd}").status < 400
    assert phone.get(f"/{odd}").status in (200, 301, 400, 404)
    assert phone.get(f"/d/{odd}").status in (400, 404)


def test_a_text_that_is_too_long_comes_back_whole_and_a_huge_one_stays_in_the_browser(
    system: System,
) -> None:
    phone = Phone(system.public_port)
    long = f"{FIRST} {'word ' * 20_000}{LAST}"
    answer = phone.post("/report", {"text": long, "token": "t" * 24})
    assert answer.status == 422
    assert answer.field("text") == long
    huge = f"{FIRST} {'x' * 1_000_000} {LAST}"
    refused = phone.post("/report", {"text": huge, "token": "t" * 24})
    assert refused.status == 413
    assert "Your words matter more" in refused.text
    body, kind = multipart([('name="text"', huge.encode()), ('name="token"', b"t" * 24)])
    assert phone.post("/report", body, kind).status == 413
    assert phone.post("/report", {"text": FIRST, "token": "t" * 24}).code is not None


def forms() -> Iterator[tuple[str, bytes, str]]:
    """Give bodies that no browser sends: what they are, themselves, and their content type."""
    text = f"text={FIRST}".encode()
    yield "ten thousand fields", text + b"".join(b"&f%d=1" % n for n in range(10_000)), FORM
    yield "one field ten thousand times", b"&".join([text] * 10_000), FORM
    yield "only separators", b"&=" * 50_000, FORM
    yield "half an escape", text + b"%&%e%zz=%", FORM
    for charset in ("utf-16", "utf-7", "cp037", "zlib", "rot13", "undefined", "idna", "x" * 5000):
        yield f"charset {charset[:9]}", text, f"{FORM}; charset={charset}"
        body, kind = multipart([('name="text"', text)])
        yield f"multipart charset {charset[:9]}", body, f"{kind}; charset={charset}"
    for kind in ("application/json", "text/plain", "text/xml", "message/rfc822", ";", "\xff/\xfe"):
        yield kind, b'{"text": "' + text + b'"}', kind
    kinds = "multipart/form-data"
    for boundary in (
        "",
        "; boundary=",
        '; boundary=""',
        f"; boundary={'b' * 5000}",
        "; boundary=\xff",
    ):
        yield f"boundary {boundary[:14]}", b"--\r\n\r\n" + text + b"\r\n----", kinds + boundary
    body, kind = multipart([('name="text"', FIRST.encode())])
    for cut in (1, 10, 30, len(body) // 2, len(body) - 3):
        yield f"cut at {cut}", body[:cut], kind
    yield "a part without a name", *multipart([("", text), ('name=""', text), ("name", text)])
    yield "a name without end", *multipart([('name="' + "n" * 100_000, text)])
    yield "a thousand parts", *multipart([('name="text"', FIRST.encode())] * 1000)
    yield "a thousand files", *multipart([('name="file"; filename="a"', b"a")] * 1000)
    yield "a file as the text", *multipart([('name="text"; filename="a.txt"', FIRST.encode())])
    inner, nested = b"x", "multipart/mixed; boundary=b0"
    for depth in range(200):
        inner = b"--b%d\r\nContent-Type: %s\r\n\r\n%s\r\n--b%d--\r\n" % (
            depth,
            nested.encode(),
            inner,
            depth,
        )
        nested = f"multipart/mixed; boundary=b{depth}"
    yield "two hundred deep", *multipart([(f'name="text"\r\nContent-Type: {nested}', inner)])
    for how in ("base64", "quoted-printable", "x-uuencode", "7bit", "\0"):
        about = f'name="text"\r\nContent-Transfer-Encoding: {how}'
        yield f"transfer encoding {how!r}", *multipart([(about, b"=ZZ=\xff!" * 100)])
    for star in ("UTF-8''%ff%00", "bogus''x", "'", "utf-8'en'%e2%82", "zlib''x"):
        about = f'name="file"; filename*={star}'
        yield f"filename* {star}", *multipart([(about, b"x"), ('name="text"', FIRST.encode())])
    yield "a header without end", b"--b\r\n" + b"X: y" * 20_000, f"{kinds}; boundary=b"
    yield (
        "thousands of headers",
        *multipart([('name="text"' + "".join(f"\r\nX-{n}: {n}" for n in range(3000)), text)]),
    )
    for squeeze in (gzip.compress, zlib.compress, brotli.compress):
        yield f"squeezed by {squeeze.__name__}", squeeze(text + b"0" * 10**7)[:200_000], FORM


def test_no_form_of_any_shape_breaks_a_page(system: System) -> None:
    paths = ["/report", "/back", "/talk/message", "/talk/answers", "/talk/file", "/talk/hide"]
    for name, body, kind in forms():
        phone = Phone(system.public_port)
        assert phone.send_tip("A conversation.").code is not None
        for path in paths:
            status = phone.post(path, body, kind).status
            assert status in (200, 303, 400, 413, 422), (name, path, status)
        phone.hang_up()


#: Headers beside Host, Content-Type and Content-Length, which are right; none costs the tip.
HARMLESS: dict[str, list[bytes]] = {
    "cookies twice": [b"Cookie: talk=a", b"Cookie: talk=b; ;=;\xff"],
    "languages without end": [b"Accept-Language: " + b"en," * 5000],
    "encodings of all kinds": [b"Accept-Encoding: gzip;q=0, \xff, *"],
    "fetch site twice": [b"Sec-Fetch-Site: none", b"Sec-Fetch-Site: none"],
    "from a proxy in a loop": [b"X-Forwarded-For: " + b"1.2.3.4, " * 1000],
}
#: Host, Content-Type or Content-Length are wrong themselves: refused, or the line is closed.
REFUSED: dict[str, list[bytes]] = {
    "lengths that differ": [b"Host: 127.0.0.1", b"Content-Length: 40", b"Content-Length: 5"],
    "length and chunked": [b"Host: 127.0.0.1", b"Content-Length: 9", b"Transfer-Encoding: chunked"],
    "length no number": [b"Host: 127.0.0.1", b"Content-Length: 1e3"],
    "length below zero": [b"Host: 127.0.0.1", b"Content-Length: -1"],
    "length beyond all": [b"Host: 127.0.0.1", b"Content-Length: " + b"9" * 18],
    "two hosts": [b"Host: 127.0.0.1", b"Host: evil.example", b"Content-Length: 9"],
    "host of somebody else": [b"Host: evil.example", b"Content-Length: 9"],
    "host with odd letters": [b'Host: 127.0.0.1:1/\xff"', b"Content-Length: 9"],
    "no host": [b"Content-Length: 9"],
    "five hundred headers": [b"Host: 127.0.0.1", *[b"X-%d: y" % n for n in range(500)]],
    "a header of 2 MB": [b"Host: 127.0.0.1", b"Content-Length: 9", b"X: " + b"y" * 2_000_000],
}


def test_doubled_missing_and_lying_headers_break_nothing(system: System) -> None:
    post = b"POST /report HTTP/1.1\r\nConnection: close\r\nContent-Type: " + FORM.encode() + b"\r\n"
    body = b"token=" + b"h" * 24 + b"&text=" + FIRST.encode()
    right = [b"Host: 127.0.0.1", b"Content-Length: %d" % len(body)]
    for name, headers in HARMLESS.items():
        sent = post + b"\r\n".join([*right, *headers]) + b"\r\n\r\n" + body
        got = raw(system.public_port, sent, timeout=PATIENCE)
        assert b'id="return-code"' in got, (name, got[:200])
    for name, headers in REFUSED.items():
        sent = post + b"\r\n".join(headers) + b"\r\n\r\n" + body
        got = raw(system.public_port, sent, timeout=1)
        assert not got or got.split(b" ", 2)[1] in (b"400", b"413", b"431"), (name, got[:200])
    # A second request hidden behind the first is not taken for somebody else's.
    hidden = b"0\r\n\r\nGET /talk HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    smuggled = raw(
        system.public_port,
        b"POST /report HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n%s" % (len(hidden), hidden),
        timeout=1,
    )
    assert smuggled.count(b"HTTP/1.1 ") <= 1


def test_a_chunked_body_is_read_and_one_that_stalls_costs_others_nothing(system: System) -> None:
    head = (
        f"POST /report HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {FORM}\r\n"
        "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    ).encode()
    body = f"token={'c' * 24}&text={FIRST}".encode()
    pieces = b"".join(b"1\r\n%c\r\n" % byte for byte in body)
    assert b'id="return-code"' in raw(system.public_port, head + pieces + b"0\r\n\r\n")
    for broken in (b"zz\r\nxx\r\n", b"-5\r\nabcde\r\n", b"ffffffffffffffffff\r\nx", b"5\r\nabc"):
        got = raw(system.public_port, head + broken, timeout=0.5)
        assert got == b"" or got.split(b" ", 2)[1] in (b"400", b"413"), got[:100]


def test_hostile_requests_to_the_desk_end_at_its_door(system: System) -> None:
    phone = Phone(system.desk_port)
    phone.headers["Host"] = f"localhost:{system.desk_port}"
    values = {"tip_id": "0", "pk": 2**70, "team_id": 2**70, "person_id": 2**70, "link": "%00"}
    cookies = ("%00", "\x7f", "x" * 3000, "a=b; =; ;")
    for number, address in enumerate(walk(urls_desk.urlpatterns)):
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(values.get(m[1], "%00%ff")), address.route)
        path = re.sub(r"\(\?P<\w+>[^)]*\)", "%00", path)
        # Cookies are read before the address is: each meets some addresses, not each meets all.
        for cookie in cookies if number < 12 else cookies[number % 4 :][:1]:
            phone.cookies = {
                "desk": cookie,
                "unlock": cookie,
                "csrftoken": cookie,
                "messages": cookie,
            }
            assert phone.get(path).status < 500, path
            assert phone.get(f"{path}?next=%00%0d%0a&page=-1&q=%ff").status < 500, path
            assert phone.post(path, b"\xff\0=%00&email=%00", FORM).status < 500, path
    login = "/account/login/"
    for name, text in TEXTS.items():
        phone.cookies = {}
        page = phone.get(login)
        form = {"csrfmiddlewaretoken": page.field("csrfmiddlewaretoken"), "remember": ""}
        odd = quote_from_bytes(text[:2000])
        sent = "&".join(f"{key}={value}" for key, value in form.items())
        got = phone.post(f"{login}?next={odd}", f"{sent}&login={odd}&password={odd}".encode())
        assert got.status == 200, name
    assert {a.name for a in walk(urls_public.urlpatterns)}.isdisjoint({"account_login", "queue"})


def test_browsers_that_leave_at_once_break_nothing_of_the_desk(system: System) -> None:
    body = b"login=nobody&password=nothing"
    head = f"Host: localhost:{system.desk_port}\r\nContent-Type: {FORM}\r\n".encode()
    asked = (
        b"GET /account/login/ HTTP/1.1\r\n" + head + b"\r\n",
        b"POST /account/login/ HTTP/1.1\r\n" + head + b"Content-Length: 29\r\n\r\n" + body,
        # … and in the middle of what they send.
        b"POST /account/login/ HTTP/1.1\r\n" + head + b"Content-Length: 290\r\n\r\n" + body,
    )
    for number in range(90):
        with socket.create_connection(("127.0.0.1", system.desk_port)) as leaver:
            leaver.sendall(asked[number % 3])
            # From "at once" to "just before the answer": some leave while a view is at work.
            time.sleep(number / 6_000)
    phone = Phone(system.desk_port)
    phone.headers["Host"] = f"localhost:{system.desk_port}"
    assert phone.get("/account/login/").status == 200
    assert b"Traceback" not in system.output()
    assert b"already quit" not in system.output()

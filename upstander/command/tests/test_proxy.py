"""Behind the TLS proxy that the guide asks for, each place is a place: or it is said that not."""

from __future__ import annotations

import ipaddress
import os
import time
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from upstander.command import web
from upstander.command.doctor_proxy import MARK_STANDS, check_proxy
from upstander.command.serve import serve
from upstander.config.home import Home
from upstander.config.proxies import LOOPBACK, trusted_proxies, unnamed_mark
from upstander.front.flood import Flood

#: docs/how-to/production.md, as it is followed; nothing listens there.
GUIDE = {
    "UPSTANDER_PUBLIC_URL": "https://127.0.0.1:9",
    "UPSTANDER_DESK_URL": "https://desk.example.org",
}
NAME = "UPSTANDER_TRUSTED_PROXIES"


@pytest.fixture
def guided(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Home:
    """Give a system that was set up by the guide."""
    for name in (NAME, "UPSTANDER_LISTEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in GUIDE.items():
        monkeypatch.setenv(name, value)
    home = Home(tmp_path / "home").ensure()
    (home.passwords / "owner").write_text("set up", "utf-8")
    return home


def test_by_the_guide_two_schools_are_two_places(guided: Home) -> None:
    trusted = trusted_proxies(os.environ, tls=True)
    flood = Flood(trusted=trusted)
    places = {flood.source("127.0.0.1", f"203.0.113.{n}") for n in range(5)}
    assert len(places) == 5
    forged = {flood.source("127.0.0.1", f"198.51.100.{n}, 203.0.113.1") for n in range(5)}
    assert len(forged) == 1, "nobody chooses their own place"
    past = {flood.source("203.0.113.1", f"198.51.100.{n}") for n in range(5)}
    assert len(past) == 1, "nor does who reaches the port past the proxy"


def test_on_ones_own_machine_nobody_is_believed() -> None:
    assert trusted_proxies({}, tls=False) == ()
    assert trusted_proxies({"UPSTANDER_LISTEN": "0.0.0.0"}, tls=False) == ()  # noqa: S104


@pytest.mark.parametrize("listen", ["127.0.0.1", "127.0.0.9", "::1", "localhost"])
def test_a_proxy_on_this_machine_is_believed(listen: str) -> None:
    assert trusted_proxies({"UPSTANDER_LISTEN": listen}, tls=True) == LOOPBACK


def test_what_is_named_is_believed_and_nothing_else() -> None:
    named = {NAME: " 10.0.0.5, 2001:db8::/32 ,"}
    wanted = (ipaddress.ip_network("10.0.0.5/32"), ipaddress.ip_network("2001:db8::/32"))
    assert trusted_proxies(named, tls=True) == wanted
    assert trusted_proxies(named | {"UPSTANDER_LISTEN": "0.0.0.0"}, tls=True) == wanted  # noqa: S104


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("UPSTANDER_LISTEN", "0.0.0.0"),  # noqa: S104
        ("UPSTANDER_LISTEN", "::"),
        ("UPSTANDER_LISTEN", "10.0.0.7"),
        (NAME, "the proxy"),
        (NAME, "10.0.0.1/8"),
    ],
)
def test_what_would_make_everybody_one_place_does_not_start(
    guided: Home, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=NAME):
        trusted_proxies(os.environ, tls=True)
    with pytest.raises(web.ProxyNotNamed, match=NAME):
        serve(guided)
    with pytest.raises(web.ProxyNotNamed, match=NAME):
        web.main("public")
    (finding,) = check_proxy(guided)
    assert NAME in finding.says
    assert finding.mend


def test_the_doctor_sees_a_proxy_that_does_not_say_whom_it_brings(guided: Home) -> None:
    (finding,) = check_proxy(guided)
    assert not finding.mend
    mark = unnamed_mark(guided)
    mark.touch()
    (finding,) = check_proxy(guided)
    assert "one place" in finding.says
    assert "X-Forwarded-For" in finding.mend
    long_ago = time.time() - MARK_STANDS - 1
    os.utime(mark, (long_ago, long_ago))
    (finding,) = check_proxy(guided)
    assert not finding.mend, "it has been mended"


def test_without_a_proxy_there_is_nothing_to_see(
    guided: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in GUIDE:
        monkeypatch.delenv(name)
    assert not list(check_proxy(guided))

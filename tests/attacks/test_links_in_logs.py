"""A link's path is half of what opens what stands behind it: no log of ours holds one."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from io import StringIO
from uuid import uuid4

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.log import log_response

from conftest import Cast
from tests.access.every import FOR_STRANGERS, desk_addresses
from tests.addresses import Address, walk
from tests.phone import Phone
from tests.servers import System
from upstander.config import urls_public
from upstander.config.logs import NoRequest
from upstander.doors.tests.site import Site, site
from upstander.referrals.tests import setup as referrals

__all__ = ["site"]
#: No number, so that no kind of link takes it apart.
SECRET = f"Zimtstern{uuid4().hex}"
#: What stands in a link's address: our own, a calendar's, an answer's, and a new password's.
HALVES = {"link", "secret", "token", "key", "uidb36"}
#: Whatever else stands in one of them.
REST = {"school": "cedar", "district": "maple-valley", "look": "plain"}


def paths_of(addresses: Iterable[Address]) -> list[str]:
    """Return every kind of link address, filled in; each also as a mail program mistypes it."""
    found = []
    for address in addresses:
        if HALVES & set(address.converters):
            path = address.path(REST | dict.fromkeys(HALVES, SECRET))
        elif "(?P<uidb36>" in address.route:
            path = f"/account/password/reset/key/1a-{SECRET}/"
        else:
            continue
        found += [path, f"{path}/", f"{path}/{SECRET}", f"{path}?link={SECRET}"]
    return found


def desk_paths() -> list[str]:
    """Return those of the desk, and the page that takes a link by hand."""
    return [*paths_of(desk_addresses()), f"/legal-intakes?link={SECRET}"]


def ask_each(paths: Iterable[str]) -> set[int]:
    """Ask for each in every way, as a stranger, with and without a form's own secret."""
    seen = set()
    for browser in (Client(HTTP_HOST="localhost"), Client(True, HTTP_HOST="localhost")):
        browser.raise_request_exception = False
        for path in paths:
            for method in ("GET", "POST", "PUT"):
                seen.add(browser.generic(method, path, f"words={SECRET}").status_code)
    return seen


def test_link_addresses_of_both_sites_are_walked() -> None:
    """What no walk names would be looked at by no test."""
    routes = {one.name for one in desk_addresses() if HALVES & set(one.converters)}
    assert routes >= {"people:join", "people:way_in", "callouts:family", "referrals:agency"}
    assert routes >= {"helplines:partner", "escalations:link", "oncall:feed"}
    assert routes <= FOR_STRANGERS
    assert any("/key/1a-" in path for path in desk_paths())
    assert any(path.startswith("/adult/") for path in paths_of(walk(urls_public.urlpatterns)))


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """Whatever is logged, as the processes' own handler writes it; none is left out for number."""
    handler = logging.StreamHandler(StringIO())
    handler.setFormatter(logging.Formatter(settings.LOGGING["formatters"]["plain"]["format"]))
    handler.addFilter(NoRequest())
    loggers = [logging.getLogger(name) for name in ("", *settings.LOGGING["loggers"])]
    held = {one: one.handlers for one in loggers}
    for one in loggers:
        one.handlers = [handler]
    yield handler.stream
    for one, before in held.items():
        one.handlers = before


@pytest.mark.django_db
def test_desk_logs_hold_no_link(cast: Cast, logged: StringIO) -> None:
    seen = ask_each(desk_paths())
    assert {403, 404, 405} <= seen
    made = referrals.told(cast, referrals.contact(cast))
    link = referrals.link()
    assert made.words
    wrong = Client(HTTP_HOST="localhost").post(f"/r/{link}", {"words": "a wrong word here"})
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Unprocessable Content: /r/<str:link>" in logged.getvalue()
    assert SECRET not in logged.getvalue()
    assert link not in logged.getvalue()


def test_public_logs_hold_no_link(
    site: Site, logged: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UPSTANDER_PROCESS", "public")
    seen = ask_each(paths_of(walk(urls_public.urlpatterns)))
    assert 404 in seen
    assert max(seen) < HTTPStatus.INTERNAL_SERVER_ERROR
    assert "django.request" in logged.getvalue()
    assert SECRET not in logged.getvalue()


@pytest.mark.parametrize("after", ["", "”", "\\n"])
def test_line_of_a_request_names_its_address_alone(after: str, logged: StringIO) -> None:
    """Django writes what is not ASCII with escapes, as when a link came with a quotation mark."""
    asked = RequestFactory(HTTP_HOST="localhost").get(f"/r/{SECRET}{after}")
    refused = HttpResponse(status=HTTPStatus.FORBIDDEN)
    asked.resolver_match = None
    log_response("Not 100 %%: %s (%s)", "no", asked.path, response=refused, request=asked)
    assert "Not 100 %: no (an address that there isn't)" in logged.getvalue()
    assert SECRET not in logged.getvalue()


@pytest.mark.servers
@pytest.mark.slow
def test_no_log_of_any_process_holds_a_link(system: System) -> None:
    """What the servers before and beneath Django say, too: all that was printed, and each log."""
    for port, paths in (
        (system.desk_port, desk_paths()),
        (system.public_port, paths_of(walk(urls_public.urlpatterns))),
    ):
        phone = Phone(port, headers={"Host": f"localhost:{port}"})
        for path in paths:
            for method in ("GET", "POST", "PUT"):
                phone.ask(method, path)
    logs = [one.read_bytes() for one in system.home.root.rglob("*.log") if one.is_file()]
    assert logs
    for said in (system.output(), *logs):
        assert SECRET.encode() not in said

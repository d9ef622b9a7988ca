"""Providers, numbers and signed requests for the tests of carriers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from typing import cast as cast_to
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client

from conftest import Cast
from tests.phones import Phones
from upstander.base.moment import database_second
from upstander.carriers import texts
from upstander.carriers.addresses import address_mac
from upstander.carriers.contract import Outgoing
from upstander.carriers.models import Channel, ContactMethod, Delivery
from upstander.carriers.sending import deliver
from upstander.carriers.signatures import twilio
from upstander.people.models import Person

NUMBER, OTHER = "+18605550111", "+18605550112"
TOKEN = "a-token-of-north"
#: What north is called, and what it signs.
BASE = "http://127.0.0.1:8000"


class AsPublic:
    """Take on ``upstander_public`` for a request, as the public process would have signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer as the public role."""
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE upstander_public")
        try:
            return self.get_response(request)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")


class Site:
    """The public site, as a provider calls it."""

    def __init__(self) -> None:
        self.client = Client(headers={"host": "127.0.0.1"})

    def get(self, path: str) -> HttpResponse:
        """Open an address."""
        return cast_to("HttpResponse", self.client.get(path))

    def post(self, path: str, fields: dict[str, str], **headers: str) -> HttpResponse:
        """Send a form."""
        body = urlencode(fields)
        kind = "application/x-www-form-urlencoded"
        return cast_to(
            "HttpResponse", self.client.post(path, body, content_type=kind, headers=headers)
        )


@pytest.fixture
def site(cast: Cast, settings: Any) -> Site:
    """The public site with the cast behind it."""
    settings.ROOT_URLCONF = "upstander.config.urls_public"
    settings.MIDDLEWARE = [
        "upstander.carriers.tests.lines.AsPublic",
        "upstander.front.middleware.PublicHeaders",
        "upstander.front.middleware.PathLanguage",
        "django.middleware.common.CommonMiddleware",
    ]
    return Site()


def write_providers(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *entries: dict[str, Any]
) -> None:
    """Write a providers' file and have it used."""
    lines = []
    for given in entries:
        secret = folder / f"{given['name']}.token"
        secret.write_text(str(given.pop("token", TOKEN)))
        secret.chmod(0o600)
        whole = {"token_file": secret.name, "callback_url": BASE, **given}
        lines += ["[[provider]]", *(f"{key} = {_toml(value)}" for key, value in whole.items()), ""]
    (folder / "providers.toml").write_text("\n".join(lines))
    monkeypatch.setattr(settings, "PROVIDERS", str(folder / "providers.toml"))


def _toml(value: object) -> str:
    return str(value) if isinstance(value, int) else repr(value).replace("'", '"')


def entry(phones: Phones, name: str, order: int, **more: Any) -> dict[str, Any]:
    """Return one of the simulator's providers as the file has it."""
    account = phones.provider(name).account
    return {
        "name": name,
        "kind": "twilio",
        "base_url": f"{phones.url}/2010-04-01",
        "account": account.sid,
        "token": account.token,
        "from_number": account.number,
        "order": order,
        **more,
    }


@pytest.fixture
def two(phones: Phones, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Phones:
    """Two providers, north first."""
    write_providers(tmp_path, monkeypatch, entry(phones, "north", 1), entry(phones, "south", 2))
    return phones


@pytest.fixture
def north(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider that is never called: it calls us."""
    write_providers(
        tmp_path,
        monkeypatch,
        {
            "name": "north",
            "kind": "twilio",
            "base_url": "http://127.0.0.1:9",
            "account": "AC1",
            "from_number": "+18605550199",
        },
        {
            "name": "south",
            "kind": "twilio",
            "base_url": "http://127.0.0.1:9",
            "account": "AC2",
            "from_number": "+18605550198",
            "token": "a-token-of-south",
        },
    )


def a_way(
    person: Person, kind: str = Channel.SMS, address: str = NUMBER, digit: str = ""
) -> ContactMethod:
    """Give somebody a proved way."""
    return ContactMethod.objects.create(
        person=person,
        kind=kind,
        address=address,
        address_mac=address_mac(kind, address),
        digit=digit or ("7" if kind == Channel.VOICE else ""),
        verified_at=database_second(),
        created_at=database_second(),
    )


def a_page(person: Person, **more: Any) -> Outgoing:
    """Write a page about some tip."""
    return texts.page(
        person,
        **{
            "for_id": uuid4(),
            "reference": "AB3F-K9QX",
            "priority": "life_safety",
            "subject_id": uuid4(),
            "code": "H6K2",
            **more,
        },
    )


def sent(method: ContactMethod, ref: str = "", **more: Any) -> Delivery:
    """Write down a page as north has taken it, without sending one."""
    outgoing = a_page(method.person, **more)
    from upstander.carriers import sending  # noqa: PLC0415

    class North:
        name, reports = "north", True

    row = sending._written(North(), method, outgoing, None)  # type: ignore[arg-type]
    sending._accepted(row, ref or f"SM{uuid4().hex}", reports=True)
    return Delivery.objects.get(pk=row.pk)


def call_in(
    site: Site, path: str, form: dict[str, str], *, token: str = TOKEN, base: str = BASE
) -> HttpResponse:
    """Call as a provider does, signed."""
    signature = twilio(token, base + path, {name: [value] for name, value in form.items()})
    return site.post(path, form, **{"X-Twilio-Signature": signature})


def state_of(delivery: Delivery | UUID) -> str:
    """Return a delivery's state as the database has it."""
    pk = delivery.pk if isinstance(delivery, Delivery) else delivery
    return Delivery.objects.get(pk=pk).state


@contextmanager
def as_worker() -> Iterator[None]:
    """Take on the worker's role."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE upstander_worker")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


def send(method: ContactMethod, **more: Any) -> Delivery:
    """Carry a page as the worker does, and return its last attempt."""
    with as_worker():
        outcome = deliver(method, a_page(method.person, **more))
    assert outcome.delivery_id is not None
    return Delivery.objects.filter(chain=outcome.delivery_id).order_by("attempted_at", "state")[0]
